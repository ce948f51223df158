"""Criteria, what a check found for each, and the verdict on a task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from course_utils.language import gettext as _
from course_utils.terminal import visible

_LONGEST = 300


@dataclass(frozen=True)
class Criterion:
    """A named part of a task that is worth points by itself.

    Attributes:
        name: a short name, the same in every language.
        points: what it is worth.
        title: what is asked, in English, marked by ``N_`` for translation.
    """

    name: str
    points: int
    title: str


class Unmet(Exception):
    """What a student's code did is not what a criterion asks.

    Args:
        hint: what helps to find the trouble, in the student's language.
        expected: what should have come: a text, or data; ``...`` to say nothing about it.
        got: what came, likewise.
    """

    def __init__(self, hint: str, *, expected: Any = ..., got: Any = ...) -> None:
        super().__init__(hint)
        self.hint = hint
        self.expected = shown(expected)
        self.got = shown(got)
        if self.expected == self.got != "":  # "7" and 7
            self.expected, self.got = _cut(repr(expected)), _cut(repr(got))


class NotStartedError(Exception):
    """The task is untouched: its function or variable is missing, or still the stub."""


def expect(met: object, hint: str, *, expected: Any = ..., got: Any = ...) -> None:
    """Raise :class:`Unmet` unless ``met`` is true."""
    if not met:
        raise Unmet(hint, expected=expected, got=got)


def equal(got: Any, expected: Any, hint: str) -> None:
    """Raise :class:`Unmet` unless two values are equal and of one type (``1`` is not ``True``)."""
    expect(type(got) is type(expected) and got == expected, hint, expected=expected, got=got)


def shown(value: Any) -> str:
    """Show data to a reader in about 300 characters: texts as they are, turns as lines."""
    if value is ...:
        return ""
    if isinstance(value, str) and value:
        return _cut(value)
    if value and isinstance(value, list) and all(isinstance(each, tuple) for each in value):
        return _cut("\n".join(": ".join(map(str, each)) for each in value))
    return _cut(repr(value))


def _cut(text: str) -> str:
    text = visible(text)  # no escape sequence, and no half of a surrogate pair
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


@dataclass(frozen=True)
class Mark:
    """What a check found for one criterion; the texts are in the student's language.

    Attributes:
        name: the criterion's name.
        title: what was asked.
        points: what it is worth.
        earned: 0, or all of its points.
        expected: what should have come.
        got: what came.
        hint: what helps to find the trouble; empty when the points were earned.
    """

    name: str
    title: str
    points: int
    earned: int
    expected: str = ""
    got: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Verdict:
    """The marks of one task.

    Attributes:
        number: the task's, such as ``"03.2"``.
        title: the task's, in the student's language.
        state: ``"checked"``; ``"not started"``; or ``"broken"`` when the check itself failed.
        marks: one for each criterion, in order.
        note: what is said besides, in the student's language.
    """

    number: str
    title: str
    state: str
    marks: tuple[Mark, ...]
    note: str = ""

    @property
    def earned(self) -> int:
        """All points that were earned."""
        return sum(mark.earned for mark in self.marks)

    @property
    def points(self) -> int:
        """All points that can be earned."""
        return sum(mark.points for mark in self.marks)

    @property
    def unmet(self) -> tuple[str, ...]:
        """The names of the criteria that were not met."""
        return tuple(mark.name for mark in self.marks if mark.earned < mark.points)

    def as_data(self) -> dict[str, Any]:
        """Return everything as JSON data, with the sums ``earned`` and ``points``."""
        marks = [asdict(mark) for mark in self.marks]
        return {**asdict(self), "marks": marks, "earned": self.earned, "points": self.points}


class Marks:
    """Collects what a check finds: ``with met("returns"): expect(…)``.

    A criterion is met when its block ends without an exception; one block never stops another.
    """

    def __init__(self, criteria: Sequence[Criterion]) -> None:
        self._criteria = {criterion.name: criterion for criterion in criteria}
        self._found: dict[str, Unmet | None] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Open the block of a criterion; raises KeyError for a name that is none."""
        self._criteria[name]
        try:
            yield
        except Unmet as unmet:
            self._found[name] = self._found.get(name) or unmet
        except (NotStartedError, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        # A list where a dict is due, and the like; tiktoken's panic at a million spaces, which
        # comes from the student as well, is no Exception.
        except BaseException as error:
            hint = _("What came has another form than was asked for: look at the example again.")
            self._found[name] = self._found.get(name) or Unmet(hint, got=f"{error}")
        else:
            self._found.setdefault(name, None)

    def miss(self, unmet: Unmet) -> None:
        """Say of every criterion without a block that this is why it is not met."""
        for name in self.unseen:
            self._found[name] = unmet

    @property
    def unseen(self) -> list[str]:
        """The criteria that have had no block yet."""
        return [name for name in self._criteria if name not in self._found]

    def all(self) -> tuple[Mark, ...]:
        """Return the mark of every criterion; one without a block is not met."""
        return tuple(self._mark(criterion) for criterion in self._criteria.values())

    def _mark(self, criterion: Criterion) -> Mark:
        name, points, title = criterion.name, criterion.points, _(criterion.title)
        if name not in self._found:
            return Mark(name, title, points, 0)
        unmet = self._found[name]
        if unmet is None:
            return Mark(name, title, points, points)
        return Mark(name, title, points, 0, unmet.expected, unmet.got, unmet.hint)
