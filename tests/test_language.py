"""The course's own messages: which language they come in, and that the Korean ones are whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import course_utils
from course_utils.errors import LanguageError
from course_utils.language import LOCALE_DIR, gettext, language, set_language

PACKAGE = Path(course_utils.__file__).parent
KOREAN = LOCALE_DIR / "ko" / "LC_MESSAGES"
LOCALE_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
KNOWN = 'The course speaks "ko" and "en", not {language!r}.'


@pytest.fixture(autouse=True)
def _no_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("COURSE_LANGUAGE", *LOCALE_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    set_language(None)
    yield
    set_language(None)


@pytest.fixture(scope="module")
def korean() -> Catalog:
    with (KOREAN / "course_utils.po").open("rb") as file:
        return read_po(file, locale="ko")


def extracted() -> dict[str, str]:
    """Each message of the code, and where it stands."""
    found = extract_from_dir(PACKAGE, [("**.py", "python")], strip_comment_tags=True)
    return {message: f"{name}:{line}" for name, line, message, *_rest in found}


def translated(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def test_what_was_chosen_comes_before_the_environment_and_that_before_the_locale(monkeypatch):
    assert language() == "en"
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    assert language() == "ko"
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert language() == "en"
    monkeypatch.setenv("COURSE_LANGUAGE", "ko")
    assert language() == "ko"
    set_language("en")
    assert language() == "en"


def test_messages_follow_the_language_at_the_time_they_are_shown() -> None:
    set_language("ko")
    assert re.search("[가-힣]", gettext(KNOWN))
    set_language("en")
    assert gettext(KNOWN) == KNOWN
    assert gettext("not in the catalogue") == "not in the catalogue"


@pytest.mark.parametrize("name", ["fr", "KO", "", "korean"])
def test_a_language_that_the_course_does_not_speak_is_refused(name: str) -> None:
    set_language("en")
    with pytest.raises(LanguageError, match='"ko" and "en"'):
        set_language(name)
    assert language() == "en"


def test_every_message_has_a_korean_translation(korean: Catalog) -> None:
    messages = {message.id: message for message in translated(korean)}
    missing = {text: place for text, place in extracted().items() if text not in messages}
    assert not missing
    unused = set(messages) - set(extracted())
    assert not unused
    empty = [text for text, message in messages.items() if not message.string]
    assert not empty


def test_no_translation_is_a_guess(korean: Catalog) -> None:
    assert [message.id for message in translated(korean) if message.fuzzy] == []
    assert not korean.obsolete


def test_translations_fill_in_the_same_values(korean: Catalog) -> None:
    def fields(text: str) -> list[tuple[str, str | None, str | None]]:
        parts = Formatter().parse(text)
        return sorted((name, spec, how) for _text, name, spec, how in parts if name is not None)

    for message in translated(korean):
        assert fields(message.id) == fields(message.string), message.id


def test_translations_are_korean_and_polite(korean: Catalog) -> None:
    for message in translated(korean):
        assert re.search("[가-힣]", message.string), message.id
        assert "니다." not in message.string, message.id


def test_the_compiled_messages_are_those_of_the_source(korean: Catalog) -> None:
    with (KOREAN / "course_utils.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in translated(korean):
        assert compiled.gettext(message.id) == message.string
