"""From the bytes of a file to the cells of a notebook, whatever wrote them."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import Any

import nbformat

from course_utils.grading.entries import UnreadableError
from course_utils.language import gettext as _

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins like it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MOST_PARTS = 1_000_000  # lists and objects in the JSON: each takes memory
_MOST_CELLS = 2_000
_LONGEST_CELL = 1_000_000  # characters


@dataclass(frozen=True)
class Cell:
    """A cell that came, reduced to what matters.

    Attributes:
        kind: ``"code"``, ``"markdown"`` or ``"raw"``.
        source: its text.
        id: its id, or the one that Colab keeps in the metadata; may be empty, or not be unique.
        task: the number of the task that its metadata names; may be empty.
        tags: its tags.
    """

    kind: str
    source: str
    id: str = ""
    task: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Read:
    """A notebook that came.

    Attributes:
        cells: its cells, in order.
        notes: what was unusual about the file, for the instructor.
    """

    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()


def read(content: bytes) -> Read:
    """Read a notebook of any version and encoding, and forgive what can be forgiven.

    Raises:
        UnreadableError: it is empty, cut off, no JSON, no notebook, or made to burst.
    """
    if not content.strip(b"\x00\t\n\r "):
        raise UnreadableError(_("it is empty"))
    notes = []
    text, encoding = _decoded(content)
    if encoding != "utf-8":
        notes.append(_("It was read as {encoding}.").format(encoding=encoding))
    data = _parsed(text)
    if not isinstance(data, dict) or not ("cells" in data or "worksheets" in data):
        raise UnreadableError(_("it is JSON, but no notebook"))
    if data.get("nbformat") != 4 or "worksheets" in data:
        data = _upgraded(data)
        notes.append(_("It was in an old or unknown notebook format."))
    kernel = _dict(_dict(data.get("metadata")).get("kernelspec"))
    language = _text(kernel.get("language")) or "python"
    if language.casefold() not in ("python", "python3", "ipython"):
        notes.append(_("It names a kernel that is not Python's; it was run with Python."))
    given = data.get("cells")
    cells = [_cell(each) for each in given] if isinstance(given, list) else []
    kept = [cell for cell in cells if cell is not None]
    if len(kept) > _MOST_CELLS:
        raise UnreadableError(_("it has more than {count} cells").format(count=_MOST_CELLS))
    if len(kept) < len(cells):
        notes.append(_("Damaged cells were left out."))
    if not kept:
        raise UnreadableError(_("it has no cell"))
    return Read(tuple(kept), tuple(notes))


def text_of(content: bytes) -> tuple[str, str]:
    """Decode a text file, and say in which encoding it is.

    Its byte order mark decides; without one it is UTF-16 if every second byte is 0, else the first
    of UTF-8, cp949 (Korean Windows) and latin-1 that fits.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), encoding
            except UnicodeDecodeError:
                break
    start = content[:200]
    for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) >= 4 and start[at::2].count(0) > 0.4 * len(start[at::2]):
            try:
                return content.decode(encoding), encoding
            except UnicodeDecodeError:
                continue
    for encoding in ("utf-8", "cp949"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def _decoded(content: bytes) -> tuple[str, str]:
    """As :func:`text_of`; but a file with a broken byte or two stays what it nearly is."""
    text, encoding = text_of(content)
    if encoding == "latin-1":
        for likely in ("utf-8", "cp949"):
            mended = content.decode(likely, "replace")
            if mended.count("\ufffd") * 100 < len(re.findall(r"[^\x00-\x7f]", mended)):
                return mended, _("{encoding}, with broken characters").format(encoding=likely)
    return text, encoding


def _parsed(text: str) -> Any:
    if text.count("[") + text.count("{") > _MOST_PARTS:
        raise UnreadableError(_("it has too many parts"))
    try:
        return json.loads(text)
    except RecursionError:
        raise UnreadableError(_("it is nested too deeply")) from None
    except MemoryError:
        raise UnreadableError(_("it is too large")) from None
    except ValueError as error:
        cut = isinstance(error, json.JSONDecodeError) and error.pos >= len(text.rstrip()) - 2
        if text.lstrip()[:1] == "{" and (cut or "Unterminated" in str(error)):
            raise UnreadableError(_("it is cut off: its end is missing")) from None
        raise UnreadableError(_("it is not JSON, so no notebook")) from None


def _upgraded(data: dict[str, Any]) -> dict[str, Any]:
    """Bring a notebook of another format to the current one; nbformat knows how."""
    if "worksheets" not in data:
        return data  # a later format, or none named: its cells are read as they are
    data = {**data, "nbformat": 3, "nbformat_minor": 0}
    try:
        made: dict[str, Any] = nbformat.convert(nbformat.from_dict(data), 4)
    except Exception:  # it raises whatever a damaged cell makes it stumble over
        raise UnreadableError(_("it is a damaged notebook of an old format")) from None
    return made


def _cell(data: Any) -> Cell | None:
    if not isinstance(data, dict):
        return None
    source = data.get("source", "")
    if isinstance(source, list):
        source = "".join(each for each in source if isinstance(each, str))
    kind = data.get("cell_type")
    if not isinstance(source, str) or kind not in ("code", "markdown", "raw"):
        return None
    if len(source) > _LONGEST_CELL:
        raise UnreadableError(_("a cell is too long"))
    metadata = _dict(data.get("metadata"))
    tags = metadata.get("tags")
    return Cell(
        kind,
        # A lone surrogate cannot be sent to a kernel, nor written to a file.
        source.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n"),
        _text(data.get("id")) or _text(metadata.get("id")),
        _text(_dict(metadata.get("course")).get("task")),
        tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _dict(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def _text(data: Any) -> str:
    return data if isinstance(data, str) else ""
