"""Bars that a notebook draws with Vega-Lite, and a terminal with blocks and numbers."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib import import_module
from typing import Any, NamedTuple

from course_utils.errors import LessonError
from course_utils.language import gettext as _
from course_utils.terminal import columns, visible

# JupyterLab 4.6 draws Vega-Lite up to 5, while Altair 6 announces 6: these bars are valid in both,
# and a stored output does not change with the Altair that made it.
VEGA_LITE = "application/vnd.vegalite.v5+json"
VEGA_LITE_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.20.1.json"

_BLOCKS = "█▒░▓"
_LONGEST = 40


class Piece(NamedTuple):
    """One row: the bar that it belongs to, its part of that bar, and how much it is."""

    label: str
    part: str
    amount: Any  # int, float or Decimal: a bar's total is as exact as its rows


class Bars:
    """A bar chart; made by :func:`course_utils.show.bars`, which says what it takes."""

    def __init__(
        self, rows: Iterable[Mapping[str, Any]], *, title: str, x: str, y: str, stack: str | None
    ) -> None:
        self.title, self.x, self.y, self.stack = title, x, y, stack
        self.pieces = [_piece(row, x, y, stack) for row in rows]
        if not self.pieces:
            raise LessonError(_("show.bars() has no rows to draw: give it at least one."))
        self.parts = list(dict.fromkeys(piece.part for piece in self.pieces))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        chart = self._chart().to_dict() | {"$schema": VEGA_LITE_SCHEMA}
        chart.pop("config", None)  # Altair's default sizes, which depend on its version
        bundle = {VEGA_LITE: chart, "text/plain": repr(self)}
        if "google.colab" in sys.modules:  # Colab draws charts from HTML only
            bundle |= self._chart()._repr_mimebundle_()
        return bundle

    def _chart(self) -> Any:
        alt = import_module("altair")
        # Fixed field names, because a label may hold dots, colons or brackets.
        values = [
            {"x": label, "part": part, "y": float(amount), "order": self.parts.index(part)}
            for label, part, amount in self.pieces
        ]
        size = {"width": 480, "height": 240}
        chart = alt.Chart(alt.Data(values=values), title=self.title, **size).mark_bar()
        x = alt.X("x:O", title=self.x, sort=None, axis=alt.Axis(labelAngle=0))
        y = alt.Y("y:Q", title=self.y)
        if self.stack is None:
            return chart.encode(x=x, y=y)
        color = alt.Color("part:N", title=self.stack, sort=self.parts)
        return chart.encode(x=x, y=y, color=color, order="order:Q")

    def __repr__(self) -> str:
        bars: dict[str, list[Piece]] = {}
        for piece in self.pieces:
            bars.setdefault(piece.label, []).append(piece)
        unit = float(max(map(_total, bars.values())) or 1) / _LONGEST
        width = max(map(columns, bars))
        lines = [self.title]
        if self.stack is not None:
            lines.append(f"{self.stack}: " + "  ".join(f"{self._block(p)} {p}" for p in self.parts))
        for label, pieces in bars.items():
            name = label + " " * (width - columns(label))
            lines.append(f"{self.x} {name}  {self._blocks(pieces, unit)} {_numbers(pieces)}")
        return visible("\n".join(lines))

    def _block(self, part: str) -> str:
        return _BLOCKS[self.parts.index(part) % len(_BLOCKS)]

    def _blocks(self, pieces: list[Piece], unit: float) -> str:
        drawn = ""
        for number, piece in enumerate(pieces, 1):
            # The running total is rounded, so that bars of the same total are equally long.
            so_far = round(float(_total(pieces[:number])) / unit)
            drawn += self._block(piece.part) * (so_far - len(drawn))
        return drawn


def _piece(row: Mapping[str, Any], x: str, y: str, stack: str | None) -> Piece:
    for key in filter(None, (x, y, stack)):
        if key not in row:
            raise LessonError(
                _("A row of show.bars() has no {key!r}: it has {keys}.").format(
                    key=key, keys=", ".join(map(repr, row))
                )
            )
    if not _is_amount(row[y]):
        raise LessonError(
            _("{key!r} of a row of show.bars() is {value!r}: it must be a number from 0.").format(
                key=y, value=row[y]
            )
        )
    return Piece(str(row[x]), "" if stack is None else str(row[stack]), row[y])


def _is_amount(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return False
    return math.isfinite(value) and value >= 0


def _total(pieces: list[Piece]) -> Any:
    return sum(piece.amount for piece in pieces)


def _numbers(pieces: list[Piece]) -> str:
    """The total, and what it is the sum of."""
    total = _written(_total(pieces))
    parts = " + ".join(_written(piece.amount) for piece in pieces)
    return f"{total} ({parts})" if len(pieces) > 1 else total


def _written(amount: Any) -> str:
    return f"{amount:,.6g}" if isinstance(amount, float) else f"{amount:,}"
