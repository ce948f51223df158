"""Which exercise a notebook is, and what its students got."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import nbformat

from course_utils.exercises.task import exercises, tasks
from course_utils.grading.decode import Cell
from course_utils.notebooks import checkout
from course_utils.notebooks import read as read_notebook

CHECK = re.compile(
    r"^[ \t]*(?:\w+ *= *)?check\(\s*[\"'](\d\d\.\d+)[\"']\s*\)[ \t;]*$", re.MULTILINE
)
"""A line that is nothing but ``check("03.1")``."""

_TITLE = re.compile(r"^# (\d\d) · ", re.MULTILINE)

_BEGINNING = 4_000  # characters of a cell that a title is looked for in


def exercise_of(cells: Sequence[Cell], name: str = "") -> tuple[str, bool]:
    """Tell which exercise this is, from its cells, or else from the file's name.

    Returns its name, such as ``"03_history"``, or ``""`` if nothing tells; and whether there is
    something of its tasks in it: a lesson bears the same number as its exercise.
    """
    votes: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    for cell in cells:
        if cell.kind == "code":
            votes.update(number[:2] for number in CHECK.findall(cell.source))
        else:
            titles.update(_TITLE.findall(cell.source[:_BEGINNING]))
        votes[cell.task[:2]] += bool(cell.task)
    for each in exercises() if not +votes else ():
        asked = [task.asks for task in tasks(each)]
        defined = sum(any(defines(cell, ask) for cell in cells) for ask in asked)
        votes[each[:2]] = defined if defined > len(asked) / 2 else 0  # a lesson defines some, too
    for counted in (votes, titles):
        known = [each for each in exercises() if counted[each[:2]]]
        if known:
            return max(known, key=lambda each: counted[each[:2]]), counted is votes
    return exercise_named(name), False


def exercise_named(name: str) -> str:
    """Tell which exercise a file's name means: by the exercise's name, or its number alone."""
    plain = name.casefold().replace("-", "_").replace(" ", "_")
    for each in exercises():
        if each in plain or each[3:] in plain.split("."):
            return each
    numbers = re.findall(r"(?<!\d)\d\d(?!\d)", plain)
    found = [each for each in exercises() if each[:2] in numbers]
    return found[0] if len(found) == 1 else ""


@cache
def _release(exercise: str, language: str) -> nbformat.NotebookNode:
    return read_notebook(checkout() / "notebooks" / language / "exercises" / f"{exercise}.ipynb")


def release(exercise: str, language: str) -> nbformat.NotebookNode:
    """Return the notebook that students got.

    Raises:
        OSError: it was not made yet (``course release``).
        NotebookError: it is damaged, or this is no checkout of the repository.
    """
    return copy.deepcopy(_release(exercise, language))


def defines(cell: Cell, name: str) -> bool:
    """Whether a cell defines a function, a class or a variable, and does more than the stub."""
    name = re.escape(name)
    made = rf"(?:async[ \t]+)?def[ \t]+{name}\b|class[ \t]+{name}\b|{name}[ \t]*(?::[^=\n]*)?=(?!=)"
    defined = re.search(rf"^(?:{made})", cell.source, re.MULTILINE)
    return bool(defined) and cell.kind != "raw" and not _is_stub(cell.source)


def _is_stub(source: str) -> bool:
    """Whether nothing but a head, its docstring and what the release says for "to do" is there."""
    todo = re.compile(r"^(?:#.*|(?:async )?def .*|[\"']{3}.*|raise NotImplementedError.*|)$")
    lines = [line.strip() for line in source.splitlines()]
    return "raise NotImplementedError" in lines and all(todo.match(line) for line in lines)
