"""Everything that is made from the results: pages, tables, and what learning platforms import."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import quote

from course_utils.grading.adjust import read_adjustments
from course_utils.grading.classpage import class_page
from course_utils.grading.model import GRADED
from course_utils.grading.pages import gradescope, student_page
from course_utils.grading.people import Roster
from course_utils.grading.report import Row, rows
from course_utils.grading.store import Store, slug
from course_utils.grading.tables import canvas_table, grades_table, moodle_table, tasks_table

_UNKNOWN = "unknown"


def publish(store: Store, roster: Roster) -> list[Row]:
    """Write all that is made from the results of a class, and return what it was made from.

    ::

        class.html                          for you
        grades.csv, tasks.csv               one row a submission, one row a task
        canvas/03_history.csv, moodle/…     to import
        students/kim/03_history/            to give back: index.html, the notebook as it ran,
                                            and Gradescope's results.json

    Raises:
        GradingError: the table of adjustments is wrong; nothing was written then.
    """
    found = rows(store.all(), roster, read_adjustments(store))
    links = {}
    for row in found:
        links[row.graded.student, row.graded.exercise] = _give_back(store, row)
    store.write("grades.csv", grades_table(found))
    store.write("tasks.csv", tasks_table(found))
    for exercise in sorted({row.graded.exercise for row in found} - {""}):
        of_it = [row for row in found if row.graded.exercise == exercise]
        store.write(f"canvas/{exercise}.csv", canvas_table(of_it, exercise, roster.columns))
        store.write(f"moodle/{exercise}.csv", moodle_table(of_it, roster.columns))
    store.write("class.html", class_page(found, links))
    _tidy(store, {folder_of(row) for row in found})
    return found


def folder_of(row: Row) -> str:
    """Name the folder of what goes back to a student for an exercise, in the folder of grades."""
    student, name = row.graded.student, row.graded.name
    called = student if name in ("", student) else f"{name} {student}"
    return f"students/{slug(called)}/{slug(row.graded.exercise or _UNKNOWN)}"


def _tidy(store: Store, folders: set[str]) -> None:
    """Take away what was made for results that are no more; what else lies there stays."""
    for path in (store.folder / "students").glob("*/*"):
        if path.is_dir() and path.relative_to(store.folder).as_posix() not in folders:
            for file in ("index.html", "results.json", f"{path.name}.ipynb"):
                (path / file).unlink(missing_ok=True)
            with suppress(OSError):  # not empty: somebody put a file there
                path.rmdir()
                path.parent.rmdir()


def _give_back(store: Store, row: Row) -> str:
    """Write a student's files, and return the address of the page, as seen from the class's."""
    folder = folder_of(row)
    store.write(f"{folder}/index.html", student_page(row))
    store.write(f"{folder}/results.json", gradescope(row))
    if row.graded.state == GRADED and row.graded.notebook:
        text = json.dumps(row.graded.notebook, ensure_ascii=False, indent=1) + "\n"
        store.write(f"{folder}/{row.graded.exercise}.ipynb", text)
    return quote(f"{folder}/index.html")


def not_applied(found: Sequence[Row], store: Store) -> list[str]:
    """Name the students of adjustments that fit no result."""
    used = {each for row in found for each in row.changes}
    return sorted({each.student for each in read_adjustments(store) if each not in used})
