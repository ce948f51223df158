"""The lessons as files: finding them, reading them, storing them.

This works in a checkout of the course's repository only: the installed package has no lessons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import metadata
from pathlib import Path

import nbformat

from course_utils.errors import NotebookError
from course_utils.files import write_whole
from course_utils.language import LANGUAGES
from course_utils.language import gettext as _


@dataclass(frozen=True)
class Lesson:
    """A notebook in one language: ``notebooks/ko/03_history.ipynb``, or an exercise of it.

    An exercise has the lesson's name, in the folder ``exercises`` or ``solutions`` beside it.
    """

    path: Path

    @property
    def language(self) -> str:
        """The language it is written in: ``"ko"`` or ``"en"``."""
        return self._place[0]

    @property
    def name(self) -> str:
        """Its name, the same in every language: ``03_history``."""
        return self.path.stem

    @property
    def label(self) -> str:
        """Language and name: ``ko/03_history``, ``ko/exercises/03_history``."""
        return "/".join((*self._place, self.name))

    @property
    def _place(self) -> tuple[str, ...]:
        """Its folders, from the language's."""
        folders = self.path.parent.parts
        return folders[-2:] if folders[-1] in ("exercises", "solutions") else folders[-1:]


def checkout() -> Path:
    """Return the root of the checkout that this package runs from.

    Raises :class:`NotebookError` when the package was installed without its repository.
    """
    root = Path(__file__).parents[2]
    if (root / "notebooks").is_dir() and (root / "pyproject.toml").is_file():
        return root
    raise NotebookError(
        _(
            "The lessons are in the course's repository, not in the installed package: "
            "clone {address}, and follow its README."
        ).format(address=_address())
    )


def lessons(root: Path, names: Sequence[str] = ()) -> list[Lesson]:
    """Find the lessons under ``root/notebooks``, each language's in order.

    ``names`` keeps those whose label contains one of them: ``"03"``, ``"ko/"``, ``"en/04"``.
    Raises :class:`NotebookError` when there are none.
    """
    folders = [root / "notebooks" / language for language in LANGUAGES]
    found = [Lesson(path) for folder in folders for path in sorted(folder.glob("[0-9]*.ipynb"))]
    kept = [one for one in found if not names or any(name in one.label for name in names)]
    if not kept:
        raise NotebookError(
            _("No lesson matches {names}: they are {found}.").format(
                names=", ".join(names) or "*",
                found=", ".join(one.label for one in found) or _("none at all"),
            )
        )
    return kept


def solutions(root: Path, names: Sequence[str] = ()) -> list[Lesson]:
    """Find the exercises with their solutions, as :func:`lessons` does; there may be none."""
    found = [
        Lesson(path)
        for language in LANGUAGES
        for path in sorted((root / "notebooks" / language / "solutions").glob("[0-9]*.ipynb"))
    ]
    return [one for one in found if not names or any(name in one.label for name in names)]


# What reading anything but a notebook raises: a list, a folder, brackets without an end.
_NO_NOTEBOOK = (
    ValueError,
    nbformat.ValidationError,
    LookupError,
    AttributeError,
    TypeError,
    RecursionError,
    IsADirectoryError,
    PermissionError,
)


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook, in the newest format.

    Raises :class:`NotebookError` when the file is not one, and FileNotFoundError when there is
    none.
    """
    try:
        notebook: nbformat.NotebookNode = nbformat.convert(
            nbformat.reader.reads(path.read_text("utf-8")), 4
        )
        # nbformat.read() does no more than log what it finds. What is there besides may stay.
        nbformat.validate(notebook, relax_add_props=True)
    except _NO_NOTEBOOK as error:
        raise NotebookError(
            _("{file} is not a notebook ({error}): restore it with git.").format(
                file=path.name, error=str(error).partition("\n")[0] or type(error).__name__
            )
        ) from error
    return notebook


def heading(notebook: nbformat.NotebookNode) -> str:
    """Return the first line of a notebook, which is its heading, without the marks of Markdown."""
    return str(notebook.cells[0].source).partition("\n")[0].lstrip("# ")


def store(path: Path, notebook: nbformat.NotebookNode) -> None:
    """Write a notebook, whole or not at all."""
    write_whole(path, nbformat.writes(notebook).rstrip("\n") + "\n")


def _address() -> str:
    urls = metadata("chat-completions-course").get_all("Project-URL") or []
    return next(str(url).partition(", ")[2] for url in urls if str(url).startswith("Repository, "))
