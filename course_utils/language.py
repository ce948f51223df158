"""The language of the course's own messages: Korean or English, changeable at any time.

Messages are written in English in the code and looked up by standard ``gettext`` when they are
shown. The Korean ones live in ``locale/ko/LC_MESSAGES/course_utils.po``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from course_utils.errors import LanguageError

LANGUAGES = ("ko", "en")
DOMAIN = "course_utils"
LOCALE_DIR = Path(__file__).parent / "locale"

_chosen: str | None = None
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def set_language(language: str | None) -> None:
    """Choose the language of the course's messages: ``"ko"``, ``"en"``, or None for automatic.

    Raises :class:`LanguageError` for any other value.
    """
    global _chosen
    if language is not None and language not in LANGUAGES:
        raise LanguageError(
            gettext('The course speaks "ko" and "en", not {language!r}.').format(language=language)
        )
    _chosen = language


def language() -> str:
    """Tell the language in use: ``"ko"`` or ``"en"``.

    What :func:`speaking` says comes first, then what :func:`set_language` chose, then the
    environment's ``COURSE_LANGUAGE``, then the locale (``LC_ALL``, ``LC_MESSAGES``, ``LANG``; on
    Windows, the system's).
    """
    if (spoken := _spoken.get()) is not None:
        return spoken
    if _chosen is not None:
        return _chosen
    name = os.environ.get("COURSE_LANGUAGE") or _locale_name()
    return "ko" if name.casefold().startswith("ko") else "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let messages come in ``language`` inside a ``with`` block, in this thread or task alone."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def gettext(message: str) -> str:
    """Translate an English message into the language in use; one without a translation stays."""
    return _translations(language()).gettext(message)


def N_(message: str) -> str:
    """Mark a message for translation where it is written; :func:`gettext` it where it shows."""
    return message


def _locale_name() -> str:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if name := os.environ.get(variable):
            return name
    if os.name == "nt":  # Windows sets none of these: "Korean_Korea" comes from the system
        import locale

        return locale.getlocale()[0] or ""
    return ""


@cache
def _translations(language: str) -> NullTranslations:
    return translation(DOMAIN, localedir=LOCALE_DIR, languages=[language], fallback=True)
