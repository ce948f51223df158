"""Marks as tables: one row a task, one row a submission, and what Canvas and Moodle import."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from course_utils.grading.model import GRADED
from course_utils.grading.report import Row
from course_utils.language import gettext as _
from course_utils.language import speaking

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_MOODLE = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"),
    *("Last modified (submission)", "Last modified (grade)", "Feedback comments"),
)
_EXCEL = "\ufeff"  # without it, Excel reads Hangul as something else; Canvas and Moodle need none


def cell(value: object) -> str:
    """Make a value the text of a cell that no spreadsheet takes for a formula.

    Numbers stay; a text that begins like a formula gets an apostrophe, and control characters go.
    """
    if isinstance(value, int | float | Decimal):
        return number(value)
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "", re.sub("\r\n?", "\n", str(value)))
    acts = text.lstrip(" \u3000").startswith(_FORMULA) and text != "-"  # Moodle's "never"
    return f"'{text}" if acts else text


def number(value: int | float | Decimal) -> str:
    """Write a number of points: ``7``, ``7.5``."""
    text = format(Decimal(str(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def tasks_table(rows: Iterable[Row]) -> str:
    """One row for each task of each submission: all that there is."""
    columns = ["student", "name", "exercise", "state", "task", "title", "task_state"]
    columns += ["earned", "points", "change", "unmet", "hints", "note"]
    made = []
    for row in rows:
        for verdict in row.graded.verdicts or [{}]:
            unmet = [one for one in verdict.get("marks", ()) if one["earned"] < one["points"]]
            task = verdict.get("number", "")
            change = sum((one.change for one in row.changes if one.task == task), Decimal(0))
            made.append(
                [
                    *(row.graded.student, row.graded.name, row.graded.exercise, row.graded.state),
                    *(task, verdict.get("title", ""), verdict.get("state", "")),
                    *(verdict.get("earned", ""), verdict.get("points", "")),
                    change if change else "",
                    " ".join(one["name"] for one in unmet),
                    " | ".join(one["hint"] for one in unmet if one["hint"]),
                    verdict.get("note", ""),
                ]
            )
    return _EXCEL + _table(columns, made)


def grades_table(rows: Iterable[Row]) -> str:
    """One row for each submission."""
    columns = ["student", "name", "exercise", "state", "earned", "penalty", "change", "final"]
    columns += ["points", "late", "submitted", "file", "reasons", "notes"]
    made = []
    for row in rows:
        one = row.graded
        marks: list[Any] = [""] * 5
        if one.state == GRADED:
            marks = [one.earned, one.taken, row.change, row.final, row.points]
        made.append(
            [
                *(one.student, one.name, one.exercise, one.state),
                *marks,
                "late" if one.late else "",
                *(one.submitted, one.path),
                " | ".join(each.reason for each in row.changes),
                " | ".join([*one.notes, *one.remarks]),
            ]
        )
    return _EXCEL + _table(columns, made)


def canvas_table(rows: Sequence[Row], exercise: str, columns: Sequence[str] = ()) -> str:
    """What Canvas's gradebook imports for one exercise.

    Who is not graded is left out: an empty cell would take a mark away that stands there.

    Args:
        rows: of that exercise.
        exercise: its name; the assignment's, unless the roster has a column for it.
        columns: the roster's, if it is Canvas's exported gradebook.
    """
    assignment = assignment_of(exercise, columns) or exercise
    points = rows[0].points if rows else 0
    made: list[list[object]] = [["    Points Possible", "", "", "", "", points]]
    for row in rows:
        if row.graded.state == GRADED:
            person = row.person
            own = [person.row.get(name, "") for name in _CANVAS]
            own[0] = own[0] or person.name
            own[1] = person.canvas
            made.append([*own, row.final])
    return _table([*_CANVAS, assignment], made)


def assignment_of(exercise: str, columns: Sequence[str]) -> str:
    """Find the column of an exercise in Canvas's gradebook, ``03 · History (4711)``."""
    for column in columns:
        title = column.casefold().replace(" ", "_")
        if re.search(r" \(\d+\)$", column) and (
            exercise in title or re.match(rf"\D*{exercise[:2]}(?!\d)", title)
        ):
            return column
    return ""


def moodle_table(rows: Sequence[Row], columns: Sequence[str] = ()) -> str:
    """A grading worksheet for one exercise, as Moodle's "Upload grading worksheet" takes it.

    With a worksheet as the roster it is that one, filled in; its column "Last modified (grade)"
    must come back as it was. Who is not graded has no grade there.
    """
    own = "Identifier" in columns and "Grade" in columns
    made = []
    for row in rows:
        person = row.person
        values = dict(person.row) if own else {}
        values.setdefault("Identifier", f"Participant {person.moodle}" if person.moodle else "")
        values.setdefault("Full name", person.name)
        values.setdefault("Email address", person.email)
        values.setdefault("Maximum Grade", number(row.points))
        if row.graded.state == GRADED:
            values["Grade"] = number(row.final)
            values["Feedback comments"] = _feedback(row)
        elif not own:
            continue
        names = list(columns) if own else list(_MOODLE)
        made.append([values.get(name, "") for name in names])
    return _table(list(columns) if own else list(_MOODLE), made)


def _feedback(row: Row) -> str:
    """A few words for the student: points by task, and why points were changed."""
    with speaking(row.graded.language):
        parts = [
            f"{verdict['number']} {verdict['title']}: {verdict['earned']}/{verdict['points']}"
            for verdict in row.graded.verdicts
        ]
        if row.graded.taken:
            parts.append(_("late: {points}").format(points=f"-{number(row.graded.taken)}"))
        parts += [f"{number(each.change)}: {each.reason}" for each in row.changes]
    return "; ".join(parts)


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(cell, columns))
    writer.writerows([*map(cell, row)] for row in rows)
    return file.getvalue()
