"""Tokens as boxes in a notebook and as a table in a terminal, with the same facts in both.

Nothing is lost and nothing acts: every token shows its id and its bytes, characters that cannot
be seen are written as escapes, and text never reaches the page as HTML.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from course_utils.errors import LessonError
from course_utils.language import gettext as _
from course_utils.terminal import columns
from course_utils.tokens import Piece, chosen_encoding, pieces

if TYPE_CHECKING:
    from tiktoken import Encoding

_MOST = 500  # tokens: more boxes than that nobody looks at, and a page gets slow
_ESCAPES = {" ": "␣", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
_MARKS = {"Mc", "Me", "Mn"}

# Dark ink on light paper, always both, and a frame that stands out from white and from black: so
# the boxes are legible in every theme, and without the colours too.
_INK, _WHITE, _FRAME = "#111111", "#ffffff", "#767676"
_PAPERS = ("#cfe8ff", "#ffe3b3", "#d5f0d0", "#f9d4e6", "#e4dcff")
_BOX = (
    f"display:inline-block;vertical-align:top;max-width:100%;margin:2px;padding:1px 5px;"
    f"border-width:2px;border-color:{_FRAME};border-radius:4px;color:{_INK};text-align:center;"
)
_CELL = (
    f"display:inline-block;vertical-align:top;max-width:14em;padding:0 3px;color:{_INK};"
    "font-size:80%;"
)
# In <code>, because MathJax leaves that alone: two tokens "$" are no formula. With colours of its
# own, because themes give it theirs, and JupyterLab cuts "inherit" out of a notebook not trusted.
_CODE = f"color:{_INK};font-size:120%;padding:0;overflow-wrap:anywhere;"


class Unit(NamedTuple):
    """The fewest tokens that are whole characters: one, unless a character is split."""

    text: str
    tokens: list[Piece]


class TokenBoxes:
    """The tokens of a text; made by :func:`course_utils.show.tokens`, which says what it takes."""

    def __init__(self, text: str, *, model: str | None, encoding: str | Encoding | None) -> None:
        if not isinstance(text, str):
            raise LessonError(
                _("show.tokens() takes a text, not a {kind}.").format(kind=type(text).__name__)
            )
        chosen = chosen_encoding(model, encoding)
        found = pieces(text, encoding=chosen)
        self.title = _(
            "{encoding} · tokens: {tokens} · characters: {characters} · bytes: {bytes}"
        ).format(
            encoding=chosen.name,
            tokens=len(found),
            characters=len(text),
            bytes=sum(len(piece.bytes) for piece in found),
        )
        self.units = _units(found, _MOST)
        self.left_out = len(found) - sum(len(unit.tokens) for unit in self.units)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/html": self._html(), "text/plain": repr(self)}

    def _html(self) -> str:
        boxes, number = [], 0
        for unit in self.units:
            boxes.append(_box(unit, number))
            number += len(unit.tokens)
        # The spaces between the boxes let a line break, and keep them apart where styles are cut.
        lines = [escape(self.title), " ".join(boxes), *map(escape, self._notes("+"))]
        return "".join(f"<div>{line}</div>" for line in lines)

    def __repr__(self) -> str:
        rows = [("#", "id", _("bytes"), _("text")), *self._rows()]
        widths = [max(columns(row[at]) for row in rows) for at in range(3)]
        lines = [_line(row, widths) for row in rows]
        return "\n".join([self.title, *lines, *self._notes("┐┘")])

    def _rows(self) -> Iterable[tuple[str, str, str, str]]:
        number = 0
        for unit in self.units:
            last = len(unit.tokens) - 1
            for at, token in enumerate(unit.tokens):
                number += 1
                # The text stands last: writing from right to left cannot move what is before it.
                joint = "" if last == 0 else "┘ " if at == last else "┤" if at else "┐"
                text = joint + _visible(unit.text) if at == last else joint
                yield str(number), str(token.id), _hex(token), text

    def _notes(self, sign: str) -> list[str]:
        notes = []
        if any(len(unit.tokens) > 1 for unit in self.units):
            note = _(
                "{sign} joins tokens that are cut inside a character: only together are they text."
            )
            notes.append(note.format(sign=sign))
        if self.left_out:
            notes.append(_("… and {count} more tokens").format(count=self.left_out))
        return notes


def _units(found: Iterable[Piece], most: int) -> list[Unit]:
    """Tokens that share a character put together, and at most so many tokens (or the first)."""
    groups: list[list[Piece]] = []
    for number, piece in enumerate(found):
        starts = piece.bytes[0] & 0xC0 != 0x80  # in UTF-8, 10xxxxxx goes on with a character
        if starts and number >= most:
            break
        if starts:
            groups.append([])
        groups[-1].append(piece)
    return [Unit(b"".join(piece.bytes for piece in group).decode(), group) for group in groups]


def _box(unit: Unit, number: int) -> str:
    """One box: the text, and below it id and bytes of each of its tokens."""
    split = len(unit.tokens) > 1
    paper = _WHITE if split else _paper(number)
    style = f"{_BOX}border-style:{'dashed' if split else 'solid'};background-color:{paper}"
    code = f'<code style="{_CODE}background-color:{paper}">{escape(_visible(unit.text))}</code>'
    cells = [
        f'<span style="{_CELL}background-color:{_paper(number + at)}">'
        f"{token.id}<br>{_hex(token)}</span>"
        for at, token in enumerate(unit.tokens)
    ]
    return f'<span style="{style}"><bdi>{code}</bdi><br>{" + ".join(cells)}</span>'


def _paper(number: int) -> str:
    return _PAPERS[number % len(_PAPERS)]


def _hex(token: Piece) -> str:
    return token.bytes.hex(" ").upper()


def _visible(text: str) -> str:
    """``text`` with what cannot be seen, or would act, written as an escape.

    A mark is one when it has no letter before it to stand on. The bytes beside it tell an escape
    from a text that looks like one.
    """
    shown = ""
    for at, character in enumerate(text):
        category = unicodedata.category(character)
        hidden = category in _HIDDEN or (category in _MARKS and at == 0) or character == "\ufffd"
        shown += _ESCAPES.get(character) or (_code(character) if hidden else character)
    return shown


def _code(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def _line(row: tuple[str, str, str, str], widths: list[int]) -> str:
    number, token_id, data, text = row
    data += " " * (widths[2] - columns(data))
    return f"{number:>{widths[0]}}  {token_id:>{widths[1]}}  {data}  {text}".rstrip()
