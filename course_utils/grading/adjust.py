"""Points given or taken by hand: a table that the instructor writes and no run touches."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from course_utils.errors import ExerciseError, GradingError
from course_utils.exercises.task import exercises, find
from course_utils.grading.decode import text_of
from course_utils.grading.model import Graded
from course_utils.grading.store import Store
from course_utils.language import gettext as _

FILE = "adjustments.csv"
_COLUMNS = ("student", "exercise", "task", "change", "reason")


@dataclass(frozen=True)
class Adjustment:
    """A row of the table.

    Attributes:
        student: the key of the student.
        exercise: its name.
        task: the number of the task; empty for the exercise as a whole.
        change: points given, or taken if negative.
        reason: why; the student reads it.
    """

    student: str
    exercise: str
    task: str
    change: Decimal
    reason: str


def read_adjustments(store: Store) -> list[Adjustment]:
    """Read the table of a folder of grades; write an empty one if there is none.

    Raises:
        GradingError: a row without a reason, or one that is not understood; it names the line.
    """
    path = store.folder / FILE
    if not path.is_file():
        store.write(FILE, "\ufeff" + ",".join(_COLUMNS) + "\n")
        return []
    try:
        text, _encoding = text_of(path.read_bytes())
    except OSError as error:
        raise _wrong(path, 1, error.strerror or "") from None
    first = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    if missing := [name for name in _COLUMNS if name not in (rows.fieldnames or ())]:
        raise _wrong(path, 1, _("there is no column {names}").format(names=", ".join(missing)))
    made = []
    for row in rows:
        values = {name: (row.get(name) or "").strip() for name in _COLUMNS}
        if any(values.values()):
            made.append(_adjustment(values, path, rows.line_num))
    return made


def applied(adjustments: Iterable[Adjustment], graded: Graded) -> list[Adjustment]:
    """Return those that are meant for a result."""
    return [
        each
        for each in adjustments
        if each.exercise == graded.exercise
        and each.student.casefold() in (graded.student.casefold(), graded.name.casefold())
    ]


def final(graded: Graded, adjustments: Iterable[Adjustment]) -> Decimal:
    """Return the points in the end: earned, less the penalty, and then changed by hand."""
    changed = sum((each.change for each in adjustments), Decimal(0))
    return max(Decimal(0), graded.earned - graded.taken + changed)


def _adjustment(values: dict[str, str], path: Path, line: int) -> Adjustment:
    if not values["reason"]:
        raise _wrong(path, line, _("there is no reason"))
    try:
        change = Decimal(values["change"].replace("\u2212", "-").replace(",", "."))
        if not change.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise _wrong(
            path, line, _("{text!r} is no number of points").format(text=values["change"])
        ) from None
    number = values["exercise"].zfill(2) if values["exercise"].isdecimal() else values["exercise"]
    known = [name for name in exercises() if number in (name, name[:2])]
    if not known:
        raise _wrong(path, line, _("there is no exercise {name!r}").format(name=number))
    task = values["task"]
    try:
        if task and find(task).number[:2] != known[0][:2]:
            raise _wrong(path, line, _("task {number} is another exercise's").format(number=task))
    except ExerciseError as error:
        raise _wrong(path, line, str(error)) from None
    return Adjustment(values["student"], known[0], task, change, values["reason"])


def _wrong(path: Path, line: int, why: str) -> GradingError:
    return GradingError(_("{file}, line {line}: {why}.").format(file=path.name, line=line, why=why))
