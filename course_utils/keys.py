"""Finding a key that the reader has set up, and telling early that it cannot be one.

A key is never printed: a message shows its first and last characters at most.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.errors import ConnectError
from course_utils.language import gettext as _

KEY, BASE_URL = "OPENAI_API_KEY", "OPENAI_BASE_URL"

# What Colab raises for a secret that is not there, or that this notebook may not read.
_NO_SECRET = {"SecretNotFoundError", "NotebookAccessError", "TimeoutException"}

# What stands in tutorials and templates where the key belongs. A real key is longer than 40
# characters, so that none of these words can come up in one by chance.
_PLACEHOLDER = re.compile(r"\.\.\.|[<>{}\[\]$]|x{3}|\*{3}|your|key|here|change|replace|todo", re.I)
_SHORTEST = 40

# A line that is meant to set a name but that dotenv passes over: ``set NAME=…``, ``$env:NAME=…``,
# ``setx NAME …``, ``NAME: …``, each also in small letters, or a key alone. Comments and longer
# names are not.
_LINE = r"^[^#=\n]*(?<![\w.-]){name}(?![\w.-])"
_MEANT = {
    KEY: re.compile(_LINE.format(name=KEY) + r"|^[^\w#\n]*sk-[\w-]{20,}", re.M | re.I),
    BASE_URL: re.compile(_LINE.format(name=BASE_URL), re.M | re.I),
}


@dataclass(frozen=True)
class Found:
    """What one place holds: a key, the address that it belongs to (None: OpenAI), or both."""

    key: str | None = field(repr=False)
    base_url: str | None


def found() -> Iterator[Found]:
    """Look into Colab's secrets, the environment and ``.env``, each only when it is reached.

    Raises :class:`ConnectError` for a ``.env`` that cannot be read.
    """
    yield Found(_colab_secret(), None)
    yield _in(os.environ)
    yield _in(_dotenv())


def checked(key: str, *, for_openai: bool) -> str:
    """Give the key back, or raise :class:`ConnectError` if it cannot be one."""
    if not isinstance(key, str):
        raise ConnectError(
            _("A key is a text, not {kind}: give the text itself.").format(kind=type(key).__name__)
        )
    if not key.strip():
        raise ConnectError(_("The key is empty: paste your key in its place."))
    why = _fault(key)
    if why is None and for_openai and len(key) < _SHORTEST and _PLACEHOLDER.search(key):
        why = _("it is the placeholder of a template: put your own key in its place")
    if why is not None:
        raise ConnectError(_("The key {key} cannot work: {why}.").format(key=_masked(key), why=why))
    return key


def _fault(key: str) -> str | None:
    if key[0] in "\"'“”‘’" or key[-1] in "\"'“”‘’":
        return _("it has quotation marks around it: take them away")
    if re.search(r"\s", key):
        return _("it has a space or a line break in it: copy it again without")
    if not key.isascii() or not key.isprintable():
        return _("it has a character that no key has: copy it again")
    return None


def _masked(key: str) -> str:
    key = key.strip()
    return f"{key[:3]}…{key[-2:]}" if len(key) > 12 else "…"


def _colab_secret() -> str | None:
    if "google.colab" not in sys.modules:
        return None
    from google.colab import userdata  # type: ignore[import-not-found,unused-ignore]

    try:
        return userdata.get(KEY) or None
    except Exception as error:
        if type(error).__name__ not in _NO_SECRET:
            raise
        return None


def _in(place: Mapping[str, str | None]) -> Found:
    return Found(place.get(KEY) or None, place.get(BASE_URL) or None)


def _dotenv() -> Mapping[str, str | None]:
    """Read the nearest ``.env`` from the working folder upwards, and leave the environment be."""
    from dotenv import dotenv_values, find_dotenv

    path = ""
    with suppress(OSError):  # a working folder that was deleted, or that may not be searched
        path = find_dotenv(usecwd=True)
    if not path:
        return {}
    text = _text(Path(path))
    values = dotenv_values(stream=io.StringIO(text), interpolate=False)
    for name, example in ((KEY, "sk-…"), (BASE_URL, "https://…")):
        if values.get(name) is None and _MEANT[name].search(text):
            words = _("The line of {name} in .env cannot be read. Write it as {name}={example}")
            raise ConnectError(words.format(name=name, example=example))
    return values


def _text(path: Path) -> str:
    """Read a ``.env`` that any editor may have written: UTF-8, UTF-16 with a mark, or cp949."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConnectError(
            _("The file .env cannot be opened: {why}. Let your user read it, or remove it.").format(
                why=why
            )
        ) from None
    has_mark = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if has_mark else ("utf-8-sig", "cp949"):
        with suppress(UnicodeDecodeError):
            text = raw.decode(encoding)
            if "\0" not in text:  # as UTF-16 without a mark would give it
                return text
    raise ConnectError(
        _("The file .env is in no encoding that the course knows. Save it again as UTF-8.")
    )
