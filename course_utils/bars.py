"""Bars that a notebook draws with Vega-Lite, and a terminal with blocks and numbers."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib import import_module
from itertools import product
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
    """One row: the place of its bar, its part of that bar or its group there, and how much."""

    label: str
    part: str
    amount: Any  # int, float or Decimal: a bar's total is as exact as its rows


class Bars:
    """A bar chart; made by :func:`course_utils.show.bars`, which says what it takes."""

    def __init__(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        title: str,
        x: str,
        y: str,
        stack: str | None = None,
        group: str | None = None,
        y_max: float | None = None,
    ) -> None:
        if stack is not None and group is not None:
            raise LessonError(_("show.bars() takes a stack or a group, not both."))
        if y_max is not None and not (_is_amount(y_max) and y_max > 0):
            raise LessonError(
                _("y_max of show.bars() is {value!r}: it must be a number above 0.").format(
                    value=y_max
                )
            )
        self.title, self.x, self.y, self.y_max = title, x, y, y_max
        self.by, self.grouped = stack or group, group is not None
        self.pieces = [_piece(row, x, y, self.by) for row in rows]
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
        x = alt.X("x:O", title=self.x, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
        y = alt.Y("y:Q", title=self.y)
        if self.y_max is not None:
            y = y.scale(domain=[0, self.y_max], clamp=True)
        if self.by is None:
            return chart.encode(x=x, y=y)
        color = alt.Color("part:N", title=self.by, sort=self.parts)
        if self.grouped:
            beside = alt.XOffset("part:N", sort=self.parts)
            return chart.encode(x=x, y=y, color=color, xOffset=beside)
        return chart.encode(x=x, y=y, color=color, order="order:Q")

    def __repr__(self) -> str:
        bars = self._bars()
        unit = float(self.y_max or max(map(_total, bars.values())) or 1) / _LONGEST
        width = max(columns(label) for label, _part in bars)
        lines = [self.title]
        if self.by is not None:
            lines.append(f"{self.by}: " + "  ".join(f"{self._block(p)} {p}" for p in self.parts))
        above = None
        for (label, _part), pieces in bars.items():
            name = f"{self.x} {label}" + " " * (width - columns(label))
            if self.grouped and label == above:  # the label stands at the first bar of its group
                name = " " * columns(name)
            lines.append(f"{name}  {self._blocks(pieces, unit)} {_numbers(pieces)}")
            above = label
        return visible("\n".join(lines))

    def _bars(self) -> dict[tuple[str, str], list[Piece]]:
        """The pieces of each bar: of a label, or of a label's group, which stand together."""
        bars: dict[tuple[str, str], list[Piece]] = {}
        labels = list(dict.fromkeys(piece.label for piece in self.pieces))
        for label, part in product(labels, self.parts if self.grouped else [""]):
            its = [
                piece
                for piece in self.pieces
                if piece.label == label and (piece.part == part or not self.grouped)
            ]
            if its:
                bars[label, part] = its
        return bars

    def _block(self, part: str) -> str:
        return _BLOCKS[self.parts.index(part) % len(_BLOCKS)]

    def _blocks(self, pieces: list[Piece], unit: float) -> str:
        drawn = ""
        for number, piece in enumerate(pieces, 1):
            # The running total is rounded, so that bars of the same total are equally long.
            so_far = min(round(float(_total(pieces[:number])) / unit), _LONGEST)
            drawn += self._block(piece.part) * (so_far - len(drawn))
        return drawn


def _piece(row: Mapping[str, Any], x: str, y: str, by: str | None) -> Piece:
    for key in filter(None, (x, y, by)):
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
    return Piece(str(row[x]), "" if by is None else str(row[by]), row[y])


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
