"""What is generated in a lesson: badge, links to its neighbours, Colab's install line, its cost.

The cost is what the last run of the lesson spent at list prices, as its cell ``spent`` printed it;
it stands between ``<!-- cost -->`` and ``<!-- /cost -->`` in the cell ``title``.

The rest is made from the repository's address, which stands once, in ``pyproject.toml``, and from
the lessons that exist. It stands between ``<!-- links -->`` and ``<!-- /links -->`` in the cells
``title`` and ``next``, and behind ``git+`` in the cell ``setup``. The README has such a place for
the table of lessons, and for what the whole course costs; there and in ``docs/`` the address stands
behind ``git clone`` too. A solution has the links of the exercise that is made from it.
"""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from pathlib import Path

import nbformat

from course_utils.errors import NotebookError
from course_utils.files import write_whole
from course_utils.language import LANGUAGES
from course_utils.language import gettext as _
from course_utils.notebooks import Lesson, heading, lessons, read, solutions, store
from course_utils.notebooks.bill import rounded_up, spent, totals

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MARKED = re.compile(r"(?<=<!-- links -->).*?(?=<!-- /links -->)", re.DOTALL)
"""What stands between the markers of generated links."""

_COST = re.compile(r"(?<=<!-- cost -->).*?(?=<!-- /cost -->)")
_INSTALLED_FROM = re.compile(r'(?<=git\+)[^"\s]+')
_CLONED_FROM = re.compile(r"(git clone (?:--depth 1 )?)https://[^\s<>]+")
_BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
_LABELS = {
    "ko": {
        "name": "한국어",
        "lesson": "수업",
        "before": "이전",
        "after": "다음",
        "exercise": "연습 문제",
        "glossary": "용어집",
    },
    "en": {
        "name": "English",
        "lesson": "Lesson",
        "before": "Previous",
        "after": "Next",
        "exercise": "Exercise",
        "glossary": "Glossary",
    },
}


def repository(root: Path) -> str:
    """Read the repository's address from ``pyproject.toml``."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["urls"]["Repository"]).removesuffix("/")


def update(root: Path, *, write: bool) -> list[str]:
    """Find what has generated parts that are out of date, and mend them if ``write``.

    Returns the labels of those lessons, and the names of such pages (``README.md``).
    Raises :class:`NotebookError` when one has no place for its links.
    """
    address = repository(root)
    found = lessons(root)
    exercises = solutions(root)
    outdated = []
    for lesson in [*found, *exercises]:
        notebook = read(lesson.path)
        before = [cell.source for cell in notebook.cells]
        if lesson in exercises:
            _generate_exercise(notebook, lesson, exercises, address)
        else:
            _generate(notebook, lesson, found, address)
        if before != [cell.source for cell in notebook.cells]:
            outdated.append(lesson.label)
            if write:
                store(lesson.path, notebook)
    for page in (root / "README.md", *sorted(root.glob("docs/*.md"))):
        text = page.read_text("utf-8")
        generated = _CLONED_FROM.sub(rf"\g<1>{address}", text)
        if page.name == "README.md":
            generated = _replace(generated, MARKED, _table(found, address), page.name)
            generated = _COST.sub(rounded_up(max(totals(found).values())), generated)
        if text != generated:
            outdated.append(page.name)
            if write:
                write_whole(page, generated)
    return outdated


def _generate(
    notebook: nbformat.NotebookNode, lesson: Lesson, found: list[Lesson], address: str
) -> None:
    _fill(
        notebook,
        lesson,
        ("title", MARKED, _header(lesson, found, address)),
        ("title", _COST, _cost(spent(notebook))),
        ("setup", _INSTALLED_FROM, address),
        ("next", MARKED, _footer(lesson, found, address)),
    )


def _generate_exercise(
    notebook: nbformat.NotebookNode, solution: Lesson, found: list[Lesson], address: str
) -> None:
    made = [_exercise_of(one) for one in found]
    exercise = _exercise_of(solution)
    _fill(
        notebook,
        solution,
        ("title", MARKED, _header(exercise, made, address)),
        ("setup", _INSTALLED_FROM, address),
        ("next", MARKED, _exercise_footer(exercise, made, address)),
    )


def _fill(
    notebook: nbformat.NotebookNode, lesson: Lesson, *places: tuple[str, re.Pattern[str], str]
) -> None:
    """Put each text where its pattern is, in the cell with that id."""
    cells = {cell.get("id"): cell for cell in notebook.cells}
    for cell_id, pattern, text in places:
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
    parts = [f"[![Open in Colab]({_BADGE})]({colab_page(lesson, address)})"]
    depth = lesson.label.count("/")
    for language in LANGUAGES:
        twin = _in(language, lesson)
        if twin != lesson and twin in found:
            target = f"{'../' * depth}{twin.label}.ipynb"
            parts.append(_link(_LABELS[language]["name"], target, twin, address))
    glossary = "glossary.ipynb"
    if (lesson.path.parents[depth] / glossary).is_file():
        page = f"{colab(address)}/blob/main/notebooks/{glossary}"
        name = _LABELS[lesson.language]["glossary"]
        parts.append(f"[{name}]({'../' * depth}{glossary}) ([Colab]({page}))")
    return _block(parts)


def _footer(lesson: Lesson, found: list[Lesson], address: str) -> str:
    labels = _LABELS[lesson.language]
    row = [one for one in found if one.language == lesson.language]
    here = row.index(lesson)
    parts = [
        f"{labels[label]}: {_link(title(other), other.path.name, other, address)}"
        for label, neighbours in (("before", row[:here][-1:]), ("after", row[here + 1 :][:1]))
        for other in neighbours
    ]
    exercise = _exercise_of(lesson)
    if exercise.path.is_file():
        link = _link(title(exercise), f"exercises/{exercise.path.name}", exercise, address)
        parts.append(f"{labels['exercise']}: {link}")
    return _block(parts)


def _exercise_footer(exercise: Lesson, found: list[Lesson], address: str) -> str:
    """Lead back to the lesson, and on to the next exercise."""
    labels = _LABELS[exercise.language]
    lesson = Lesson(exercise.path.parents[1] / exercise.path.name)
    parts = []
    if lesson.path.is_file():
        parts.append(
            f"{labels['lesson']}: {_link(title(lesson), f'../{lesson.path.name}', lesson, address)}"
        )
    row = [one for one in found if one.language == exercise.language]
    for after in row[row.index(exercise) + 1 :][:1]:
        if after.path.is_file():
            parts.append(
                f"{labels['after']}: {_link(title(after), after.path.name, after, address)}"
            )
    return _block(parts)


def _exercise_of(lesson: Lesson) -> Lesson:
    """The exercise of a lesson, or the one that is made from a solution."""
    folder = lesson.path.parent
    folder = folder.parent if folder.name == "solutions" else folder
    return Lesson(folder / "exercises" / lesson.path.name)


def _in(language: str, lesson: Lesson) -> Lesson:
    """The same notebook in another language."""
    place = [language, *lesson.label.split("/")[1:-1], lesson.path.name]
    return Lesson(lesson.path.parents[len(place) - 1].joinpath(*place))


def _cost(amount: Decimal | None) -> str:
    return "" if amount is None else rounded_up(amount)


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
    return _link(title(lesson), f"notebooks/{lesson.label}.ipynb", lesson, address)


def _block(parts: list[str]) -> str:
    # A comment begins an HTML block in Markdown; the empty lines end it, so that the links render.
    return "\n\n" + " · ".join(parts) + "\n\n"


def _link(text: str, target: str, lesson: Lesson, address: str) -> str:
    return f"[{text}]({target}) ([Colab]({colab_page(lesson, address)}))"


def colab(address: str) -> str:
    """Return where Colab opens what is in a repository on GitHub, given by its address."""
    return address.replace("https://github.com/", "https://colab.research.google.com/github/")


def colab_page(lesson: Lesson, address: str) -> str:
    """Return where Colab opens a lesson; there, no relative link leads to another notebook."""
    return f"{colab(address)}/blob/main/notebooks/{lesson.label}.ipynb"


def title(lesson: Lesson) -> str:
    """Return the first heading of a lesson."""
    return heading(read(lesson.path))
