"""What the lessons cost on the real API: read off what each one's cell ``spent`` printed.

Usage is counted as the API counts it, so what a lesson spends against the practice server is what
its requests cost at list price on the default model; a real model's replies are longer or shorter.
"""

from __future__ import annotations

import re
from decimal import ROUND_UP, Decimal

from nbformat import NotebookNode

from course_utils.notebooks import Lesson, read

_SPENT = re.compile(r"\$(\d+\.\d+)")


def spent(notebook: NotebookNode) -> Decimal | None:
    """Return the dollars that the last run of a lesson spent at list price; None if not told."""
    for cell in notebook.cells:
        if cell.get("id") == "spent":
            printed = "".join(out.get("text", "") for out in cell.outputs)
            amount = _SPENT.search(printed)
            return Decimal(amount[1]) if amount else None
    return None


def totals(found: list[Lesson]) -> dict[str, Decimal]:
    """Return for each language the dollars that its lessons spend together."""
    sums: dict[str, Decimal] = {}
    for lesson in found:
        amount = spent(read(lesson.path)) or Decimal(0)
        sums[lesson.language] = sums.get(lesson.language, Decimal(0)) + amount
    return sums


def rounded_up(amount: Decimal) -> str:
    """Write dollars with one digit that counts, rounded up: a reader's run costs about as much."""
    if not amount:
        return "$0"
    return f"${amount.quantize(Decimal(1).scaleb(amount.adjusted()), ROUND_UP):f}"
