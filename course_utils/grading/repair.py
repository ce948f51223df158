"""A student's answers, put back into the exercise as it was released.

Every cell of the release finds its partner by id, then by the task in the metadata, then by
likeness: for an answer, that it defines what the task asks for. The rest of what the student wrote
stays between them, so that it runs where it ran before.
"""

from __future__ import annotations

import copy
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat

from course_utils.exercises.task import tasks
from course_utils.grading.decode import Cell, Read
from course_utils.grading.which import CHECK, defines, release
from course_utils.language import LANGUAGES
from course_utils.language import gettext as _

_ALIKE = 0.6
_COMPARED = 4_000  # characters of a cell
_LINES = 60
_ANSWERED_ELSEWHERE = "# …"


@dataclass(frozen=True)
class Fitted:
    """A notebook that can be run.

    Attributes:
        notebook: the released cells with the student's answers in place, and the student's other
            cells (ids ``extra-1`` …, ``{"course": {"extra": true}}``) where they stood.
        language: that of the release that it was made from.
        notes: what had to be repaired, for the instructor.
    """

    notebook: nbformat.NotebookNode
    language: str
    notes: tuple[str, ...] = ()


def fit(read: Read, exercise: str) -> Fitted:
    """Put the answers of a notebook that came into the exercise as it was released."""
    language = _language(read.cells, exercise)
    fitting = _Fitting(list(read.cells), release(exercise, language), exercise)
    fitting.match()
    return Fitted(fitting.made(), language, (*read.notes, *fitting.notes))


def _language(cells: Sequence[Cell], exercise: str) -> str:
    """The language of the release that most cells are from; of two alike, the one written in."""
    texts = {_plain(cell.source) for cell in cells}
    votes = {
        language: sum(_plain(cell.source) in texts for cell in release(exercise, language).cells)
        for language in LANGUAGES
    }
    if votes["ko"] != votes["en"]:
        return max(votes, key=lambda language: votes[language])
    written = "".join(cell.source[:_COMPARED] for cell in cells)
    return "ko" if re.search("[가-힣]", written) else "en"


@dataclass
class _Fitting:
    """Finds for each released cell the one that came."""

    given: list[Cell]
    released: nbformat.NotebookNode
    exercise: str
    notes: list[str] = field(default_factory=list)
    partner: dict[int, int] = field(default_factory=dict)  # released: given
    dropped: set[int] = field(default_factory=set)
    elsewhere: set[int] = field(default_factory=set)

    def match(self) -> None:
        asks = {task.number: task.asks for task in tasks(self.exercise)}
        answers = {
            at: (cell.metadata["course"]["task"], asks[cell.metadata["course"]["task"]])
            for at, cell in enumerate(self.released.cells)
            if cell.metadata.get("course", {}).get("task") in asks
        }
        for at, (number, asked) in answers.items():
            self._by_name(at, number, asked)
        for at, (number, asked) in answers.items():
            self._by_likeness(at, number, asked)
        for at in range(len(self.released.cells)):
            if at not in answers:
                self._other(at)
        order = [self.partner[at] for at in answers if at in self.partner]
        if order != sorted(order):
            self.notes.append(_("The cells were in another order."))

    def made(self) -> nbformat.NotebookNode:
        """Build the notebook."""
        notebook: nbformat.NotebookNode = nbformat.v4.new_notebook(metadata=self.released.metadata)
        extras = self._extras()
        for at in range(-1, len(self.released.cells)):
            if at >= 0:
                notebook.cells.append(self._filled(at))
            notebook.cells += extras.get(at, [])
        for number, cell in enumerate(
            (cell for cell in notebook.cells if cell.metadata.get("course", {}).get("extra")), 1
        ):
            cell["id"] = f"extra-{number}"
        return notebook

    def _by_name(self, at: int, number: str, asked: str) -> None:
        """Take the cells with the answer's id or task; the last that was filled in counts."""
        stub = self.released.cells[at]
        found = [i for i, cell in self._free() if cell.id == stub.id or cell.task == number]
        named = [i for i in found if self.given[i].task == number]
        defining = [i for i in found if defines(self.given[i], asked)]
        if len(found) > 1:  # ids that several cells bear tell nothing by themselves
            found = named or defining or found[:1]
        if not found:
            return
        filled = [i for i in found if not self._untouched(i, at)]
        chosen = ([i for i in filled if defines(self.given[i], asked)] or filled or found)[-1]
        self.partner[at] = chosen
        if len(found) > 1:
            self.notes.append(
                _(
                    "Task {number}: its cell is there {count} times; the last one filled in counts."
                ).format(number=number, count=len(found))
            )
        for i in found:
            same = _plain(self.given[i].source) == _plain(self.given[chosen].source)
            if i != chosen and (same or self._untouched(i, at)):
                self.dropped.add(i)

    def _by_likeness(self, at: int, number: str, asked: str) -> None:
        """Look for an answer that has lost its name, or was written into another cell."""
        if at in self.partner and not self._untouched(self.partner[at], at):
            return
        free = [i for i, cell in self._free() if defines(cell, asked)]
        free = [i for i in free if not self._untouched(i, at)] or free[:1]
        if not free and at not in self.partner:
            stub = self.released.cells[at].source
            free = [i for i, cell in self._free() if cell.kind == "code" and _like(cell, stub)][:1]
        if free:
            if at in self.partner:
                self.dropped.add(self.partner[at])
            self.partner[at] = free[-1]
            self.notes.append(_("Task {number}: found by what it says.").format(number=number))
        elif any(
            defines(self.given[i], asked)
            for where, i in self.partner.items()
            if where != at and i not in self.dropped
        ):
            self.elsewhere.add(at)  # the stub would undo what another task's cell defines
        elif at not in self.partner:
            self.notes.append(_("Task {number}: its cell is missing.").format(number=number))

    def _other(self, at: int) -> None:
        """Find the partner of a cell that is no answer: it is not run, but marks a place."""
        cell = self.released.cells[at]
        check = CHECK.search(cell.source) if cell.cell_type == "code" else None
        free = self._free()
        if check is not None:
            found = [i for i, one in free if check[1] in CHECK.findall(one.source)]
        else:
            plain = _plain(cell.source)
            found = [i for i, one in free if one.id == cell.id and one.kind == cell.cell_type]
            found = found or [i for i, one in free if _plain(one.source) == plain]
            if not found and cell.cell_type == "code":
                found = [i for i, one in free if one.kind == "code" and _like(one, cell.source)]
        if found:
            self.partner[at] = found[0]

    def _extras(self) -> dict[int, list[Any]]:
        """Make the student's own cells, each behind the released cell that it stood behind."""
        place = {given: at for at, given in self.partner.items()}
        anchor = -1
        extras: dict[int, list[Any]] = {}
        for i, cell in enumerate(self.given):
            source = cell.source
            if i in place:
                anchor = place[i]
                source = self._added(anchor, cell)
            if i in self.dropped or not source.strip():
                continue
            if cell.kind == "code":
                source = _without_checks(source)
                if not source.strip():
                    continue
            new: Any = getattr(nbformat.v4, f"new_{cell.kind}_cell")
            made = new(source, metadata={"course": {"extra": True}})
            extras.setdefault(anchor, []).append(made)
        return extras

    def _added(self, at: int, cell: Cell) -> str:
        """What a student added to a cell that is not an answer, such as an import in the setup."""
        released = self.released.cells[at]
        if released.cell_type != "code" or "task" in released.metadata.get("course", {}):
            return ""
        known = {line.strip() for line in released.source.splitlines()}
        lines = [line for line in cell.source.splitlines() if line.strip() not in known]
        if "parameters" in released.metadata.get("tags", ()):
            lines = [line for line in lines if not re.match(r"(language|model|seed)\b", line)]
        if not any(line.strip() and not line.lstrip().startswith("#") for line in lines):
            return ""
        whole = any(line[:1].isspace() for line in lines)
        return cell.source if whole else "\n".join(lines)

    def _filled(self, at: int) -> nbformat.NotebookNode:
        cell: nbformat.NotebookNode = copy.deepcopy(self.released.cells[at])
        if at in self.elsewhere:
            cell["source"] = _ANSWERED_ELSEWHERE
        elif at in self.partner and "task" in cell.metadata.get("course", {}):
            cell["source"] = self.given[self.partner[at]].source
        return cell

    def _free(self) -> list[tuple[int, Cell]]:
        taken = {*self.partner.values(), *self.dropped}
        return [(i, cell) for i, cell in enumerate(self.given) if i not in taken]

    def _untouched(self, given: int, at: int) -> bool:
        source = _plain(self.given[given].source)
        return not source or source == _plain(self.released.cells[at].source)


def _like(cell: Cell, source: str) -> bool:
    """Whether most lines are the same; lines, because difflib's time grows with their square."""
    ours, theirs = (text[:_COMPARED].splitlines()[:_LINES] for text in (source, cell.source))
    return difflib.SequenceMatcher(None, ours, theirs, autojunk=False).ratio() >= _ALIKE


def _without_checks(source: str) -> str:
    """Leave out calls of ``check``: the grader checks by itself."""
    return CHECK.sub("", source) if CHECK.search(source) else source


def _plain(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())
