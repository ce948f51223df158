"""What is generated in a lesson: badge, links to its neighbours, Colab's install line, its cost.

The cost is what the last run of the lesson spent at list prices, as its cell ``spent`` printed it;
it stands between ``<!-- cost -->`` and ``<!-- /cost -->`` in the cell ``title``.

The rest is made from the repository's address, which stands once, in ``pyproject.toml``, and from
the lessons that exist. It stands between ``<!-- links -->`` and ``<!-- /links -->`` in the cells
``title`` and ``next``, and behind ``git+`` in the cell ``setup``. The README has such a place for
the table of lessons.
"""

from __future__ import annotations

import re
import sys
from decimal import ROUND_UP, Decimal
from pathlib import Path

import nbformat

from course_utils.errors import NotebookError
from course_utils.files import write_whole
from course_utils.language import LANGUAGES
from course_utils.language import gettext as _
from course_utils.notebooks import Lesson, lessons, read, store

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_MARKED = re.compile(r"(?<=<!-- links -->).*?(?=<!-- /links -->)", re.DOTALL)
_COST = re.compile(r"(?<=<!-- cost -->).*?(?=<!-- /cost -->)")
_SPENT = re.compile(r"\$(\d+\.\d+)")
_INSTALLED_FROM = re.compile(r'(?<=git\+)[^"\s]+')
_BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
_LABELS = {
    "ko": {"name": "한국어", "before": "이전", "after": "다음", "exercise": "연습 문제"},
    "en": {"name": "English", "before": "Previous", "after": "Next", "exercise": "Exercise"},
}


def repository(root: Path) -> str:
    """Read the repository's address from ``pyproject.toml``."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["urls"]["Repository"]).removesuffix("/")


def update(root: Path, *, write: bool) -> list[str]:
    """Find what has generated parts that are out of date, and mend them if ``write``.

    Returns the labels of those lessons, and ``README.md`` when its table of lessons is one of them.
    Raises :class:`NotebookError` when one has no place for its links.
    """
    address = repository(root)
    found = lessons(root)
    outdated = []
    for lesson in found:
        notebook = read(lesson.path)
        before = [cell.source for cell in notebook.cells]
        _generate(notebook, lesson, found, address)
        if before != [cell.source for cell in notebook.cells]:
            outdated.append(lesson.label)
            if write:
                store(lesson.path, notebook)
    readme = root / "README.md"
    text = readme.read_text("utf-8")
    if text != (generated := _replace(text, _MARKED, _table(found, address), readme.name)):
        outdated.append(readme.name)
        if write:
            write_whole(readme, generated)
    return outdated


def _generate(
    notebook: nbformat.NotebookNode, lesson: Lesson, found: list[Lesson], address: str
) -> None:
    cells = {cell.get("id"): cell for cell in notebook.cells}
    for cell_id, pattern, text in (
        ("title", _MARKED, _header(lesson, found, address)),
        ("title", _COST, _cost(cells.get("spent"))),
        ("setup", _INSTALLED_FROM, address),
        ("next", _MARKED, _footer(lesson, found, address)),
    ):
        cell = cells.get(cell_id, nbformat.NotebookNode(source=""))
        cell.source = _replace(cell.source, pattern, text, f"{lesson.label} ({cell_id})")


def _replace(source: str, pattern: re.Pattern[str], text: str, where: str) -> str:
    place = pattern.search(source)
    if place is None:
        raise NotebookError(
            _("{where} has no place for its links: see CONTRIBUTING.md.").format(where=where)
        )
    return source[: place.start()] + text + source[place.end() :]


def _header(lesson: Lesson, found: list[Lesson], address: str) -> str:
    parts = [f"[![Open in Colab]({_BADGE})]({_colab(lesson, address)})"]
    for language in LANGUAGES:
        twin = Lesson(lesson.path.parents[1] / language / lesson.path.name)
        if twin != lesson and twin in found:
            parts.append(_link(_LABELS[language]["name"], f"../{twin.label}.ipynb", twin, address))
    return _block(parts)


def _footer(lesson: Lesson, found: list[Lesson], address: str) -> str:
    labels = _LABELS[lesson.language]
    row = [one for one in found if one.language == lesson.language]
    here = row.index(lesson)
    parts = [
        f"{labels[label]}: {_link(_title(other), other.path.name, other, address)}"
        for label, neighbours in (("before", row[:here][-1:]), ("after", row[here + 1 :][:1]))
        for other in neighbours
    ]
    exercise = Lesson(lesson.path.parent / "exercises" / lesson.path.name)
    if exercise.path.is_file():
        parts.append(f"{labels['exercise']}: [{_title(exercise)}](exercises/{exercise.path.name})")
    return _block(parts)


def _cost(cell: nbformat.NotebookNode | None) -> str:
    """What the lesson spent, rounded up to one digit: a reader's run costs about as much."""
    printed = "".join(out.get("text", "") for out in cell.outputs) if cell else ""
    amount = _SPENT.search(printed)
    if amount is None:
        return ""
    spent = Decimal(amount[1])
    return f"${spent.quantize(Decimal(1).scaleb(spent.adjusted()), ROUND_UP):f}"


def _table(found: list[Lesson], address: str) -> str:
    """The README's table of lessons: a row for each, a column for each language."""
    rows = [[_LABELS[language]["name"] for language in LANGUAGES], ["---"] * len(LANGUAGES)]
    for name in sorted({lesson.name for lesson in found}):
        twins = {lesson.language: lesson for lesson in found if lesson.name == name}
        rows.append([_entry(twins.get(language), address) for language in LANGUAGES])
    return "\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n\n"


def _entry(lesson: Lesson | None, address: str) -> str:
    if lesson is None:
        return ""
    return _link(_title(lesson), f"notebooks/{lesson.label}.ipynb", lesson, address)


def _block(parts: list[str]) -> str:
    # A comment begins an HTML block in Markdown; the empty lines end it, so that the links render.
    return "\n\n" + " · ".join(parts) + "\n\n"


def _link(text: str, target: str, lesson: Lesson, address: str) -> str:
    return f"[{text}]({target}) ([Colab]({_colab(lesson, address)}))"


def _colab(lesson: Lesson, address: str) -> str:
    """Where Colab opens the lesson; there, a relative link does not lead to another notebook."""
    colab = address.replace("https://github.com/", "https://colab.research.google.com/github/")
    return f"{colab}/blob/main/notebooks/{lesson.label}.ipynb"


def _title(lesson: Lesson) -> str:
    first = read(lesson.path).cells[0].source.partition("\n")[0]
    return str(first).lstrip("# ")
