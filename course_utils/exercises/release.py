"""Student notebooks, made from the solutions; and a bundle of them for a class.

An answer stands between ``### BEGIN SOLUTION what is to be done`` and ``### END SOLUTION``
(nbgrader's markers). The student gets a comment with those words in its place, and inside a
function ``raise NotImplementedError``. A cell tagged ``solution`` is left out as a whole.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from course_utils.errors import ExerciseError
from course_utils.files import write_whole
from course_utils.language import gettext as _
from course_utils.notebooks import Lesson, lessons, links, read, solutions, store

_REGION = re.compile(
    r"^(?P<indent>[ \t]*)### BEGIN SOLUTION\b(?P<words>[^\n]*)\n(?P<answer>.*?)"
    r"^[ \t]*### END SOLUTION\b[^\n]*\n?",
    re.DOTALL | re.MULTILINE,
)
_TAG = "solution"
_TODO = {"ko": "여기를 채우세요", "en": "Fill this in"}
_BUNDLE = {
    "ko": """## 수업과 연습

아래에서 Colab을 누르면 설치 없이 열려요. 내 컴퓨터에서 하려면 파이썬 3.10–3.13이 필요해요:""",
    "en": """## Lessons and exercises

Press Colab below: there is nothing to install. On your own machine, with Python 3.10 to 3.13:""",
}
_INSTALL = """```sh
pip install -r requirements.txt
jupyter lab notebooks
```"""


def released(solution: nbformat.NotebookNode, language: str) -> nbformat.NotebookNode:
    """Make the student's notebook: no answer is left in a cell, an output or its metadata.

    Raises:
        ExerciseError: a marker without its partner, or no answer at all.
    """
    made: nbformat.NotebookNode = nbformat.v4.new_notebook(
        metadata=_metadata(solution.metadata, "kernelspec", "language_info")
    )
    for cell in solution.cells:
        if _TAG not in cell.metadata.get("tags", []):
            made.cells.append(_released_cell(cell, language))
    if not any(_stub(cell.source, language) != cell.source for cell in solution.cells):
        raise ExerciseError(_("There is no ### BEGIN SOLUTION in it: see CONTRIBUTING.md."))
    return made


def release(root: Path, *, write: bool) -> list[str]:
    """Find the student notebooks that are not what would be made, and make them if ``write``.

    Returns their labels, and those of student notebooks without a solution (which stay).
    Raises :class:`ExerciseError` for a solution that cannot be released.
    """
    outdated, made = [], set()
    for solution, path in _pairs(root):
        made.add(path)
        try:
            notebook = released(read(solution.path), solution.language)
        except ExerciseError as error:
            raise ExerciseError(f"{solution.label}: {error}") from None
        if not path.is_file() or read(path) != notebook:
            outdated.append(Lesson(path).label)
            if write:
                path.parent.mkdir(exist_ok=True)
                store(path, notebook)
    left = {path for _solution, made_at in _pairs(root) for path in made_at.parent.glob("*.ipynb")}
    return outdated + sorted(Lesson(path).label for path in left - made)


def refresh(root: Path) -> list[str]:
    """Make the student notebooks and generate all links; the one needs the other.

    Returns the labels of the student notebooks that changed.
    """
    outdated = release(root, write=True)
    links.update(root, write=True)
    return sorted({*outdated, *release(root, write=True)})


def bundle(root: Path, folder: Path, repository: str) -> list[str]:
    """Write what a class gets into ``folder``: notebooks, README and set-up, but no solution.

    Args:
        root: the course's checkout.
        folder: where to write; files of the same names are replaced.
        repository: the address of the repository that the class opens in Colab. The package is
            still installed from the course's own.

    Returns the labels of the notebooks. Raises :class:`ExerciseError` if the folder holds
    solutions, or if the exercises are not up to date.
    """
    if outdated := release(root, write=False):
        raise ExerciseError(
            _("{files} are out of date: run `course release`.").format(files=", ".join(outdated))
        )
    if any(folder.rglob("solutions/*.ipynb")):
        raise ExerciseError(
            _("There are solutions in {folder}: choose an empty folder.").format(folder=folder.name)
        )
    paths = [*(one.path for one in lessons(root)), *(path for _one, path in _pairs(root))]
    for path in [*paths, *sorted((root / "notebooks").glob("*.ipynb"))]:
        notebook = read(path)
        _point_to(notebook, links.repository(root), repository)
        target = folder / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        store(target, notebook)
    write_whole(folder / "README.md", _readme(root, paths, repository))
    install = f"chat-completions-course[lab] @ git+{links.repository(root)}\n"
    write_whole(folder / "requirements.txt", install)
    return [Lesson(path).label for path in paths]


def _pairs(root: Path) -> Iterator[tuple[Lesson, Path]]:
    """Yield each solution with the path of its student notebook."""
    for solution in solutions(root):
        yield solution, solution.path.parents[1] / "exercises" / solution.path.name


def _metadata(metadata: nbformat.NotebookNode, *names: str) -> dict[str, Any]:
    """Copy what is kept of the metadata of a notebook or a cell."""
    return {name: copy.deepcopy(metadata[name]) for name in names if name in metadata}


def _released_cell(cell: nbformat.NotebookNode, language: str) -> nbformat.NotebookNode:
    """Make a cell of source, tags and its task alone: no output, attachment or other metadata."""
    code = cell.cell_type == "code"
    make: Any = nbformat.v4.new_code_cell if code else nbformat.v4.new_markdown_cell
    made: nbformat.NotebookNode = make(
        _stub(cell.source, language) if code else cell.source,
        id=cell.id,
        metadata=_metadata(cell.metadata, "tags", "course"),
    )
    return made


def _stub(source: str, language: str) -> str:
    def empty(region: re.Match[str]) -> str:
        indent, words = region["indent"], region["words"].strip()
        lines = [f"{indent}# {_TODO[language]}{f': {words}' if words else ''}"]
        if indent:
            lines.append(f"{indent}raise NotImplementedError")
        return "\n".join(lines) + "\n"

    made = _REGION.sub(empty, f"{source}\n").rstrip("\n")
    if "### BEGIN SOLUTION" in made or "### END SOLUTION" in made:
        raise ExerciseError(_("A ### BEGIN SOLUTION or ### END SOLUTION stands alone."))
    return made if made != source.rstrip("\n") else source


def _point_to(notebook: nbformat.NotebookNode, address: str, repository: str) -> None:
    """Let the badges and links of a notebook lead to another repository's."""
    ours, theirs = links.colab(address), links.colab(repository)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace(ours, theirs)


def _readme(root: Path, paths: list[Path], repository: str) -> str:
    parts = ["# Chat Completions"]
    for language in ("ko", "en"):
        rows = [
            f"- [{links.title(one)}]({path.relative_to(root).as_posix()}) "
            f"([Colab]({links.colab_page(one, repository)}))"
            for path in sorted(paths)
            if (one := Lesson(path)).language == language
        ]
        parts += [_BUNDLE[language], _INSTALL, "\n".join(rows)]
    return "\n\n".join(parts) + "\n"
