"""What is handed in, and what comes of it: plain data that every part of the grader shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

GRADED = "graded"
"""It ran, and the marks are what it earned; they may be 0."""

UNREADABLE = "unreadable"
"""What was handed in holds no notebook to run: a note says why. No mark was earned or lost."""

MISSING = "missing"
"""The roster has the student, and nothing was handed in."""

BROKEN = "broken"
"""The grader or a check failed: a person must look. It is tried again with the next run."""

STATES = (GRADED, UNREADABLE, MISSING, BROKEN)


@dataclass(frozen=True)
class Person:
    """A student, as a roster or the name of what was handed in tells.

    Attributes:
        key: what names the student in results: an id, an e-mail address or a name.
        name: as it is shown.
        email: the e-mail address, if known.
        canvas: the ID that Canvas gives, if known.
        moodle: the number of Moodle's ``Participant 12345``, if known.
        login: the name to log in with, if known.
        submitted: when it was handed in, if the roster says.
        language: ``"ko"`` or ``"en"``, if the roster says; otherwise the notebook decides.
        row: the roster's own row, by column.
    """

    key: str
    name: str = ""
    email: str = ""
    canvas: str = ""
    moodle: str = ""
    login: str = ""
    submitted: str = ""
    language: str = ""
    row: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Submission:
    """The try of a student that counts for an exercise.

    Attributes:
        person: who handed it in.
        exercise: its name, ``"03_history"``; empty if nothing in it tells.
        path: what it is called in the folder or zip file that came.
        read: gives the notebook's bytes, which are not kept: a class's would fill the memory.
        sha: SHA-256 of these bytes; empty if they cannot be read.
        submitted: when, if the file's time tells.
        late: whether it came after the deadline.
        problem: why it cannot be read; empty if it can.
        notes: what the instructor should know about it.
    """

    person: Person
    exercise: str
    path: PurePosixPath
    read: Callable[[], bytes] | None = field(default=None, repr=False)
    sha: str = ""
    submitted: datetime | None = None
    late: bool = False
    problem: str = ""
    notes: tuple[str, ...] = ()

    @property
    def student(self) -> str:
        """The key of who handed it in."""
        return self.person.key


@dataclass(frozen=True)
class Graded:
    """The result for one student and exercise, as it is stored.

    Attributes:
        student: the key of a :class:`Person`.
        name: as it is shown.
        exercise: ``"03_history"``; empty if nothing told which.
        state: one of :data:`STATES`.
        verdicts: one for each task, as ``Verdict.as_data()`` gives them.
        penalty: points taken for being late.
        notes: what repairing and running it told the instructor; the first says why it is not
            graded.
        remarks: what reading the folder told, such as which of several tries counts.
        path: what was handed in is called.
        submitted: when, in ISO 8601; empty if not known.
        late: whether it came after the deadline.
        language: that of the verdicts.
        handed_in: SHA-256 of the file.
        digest: SHA-256 of the file, of the checks, and of what they were given.
        seed: the seed of the inputs of its checks.
        seconds: how long it took.
        notebook: the executed notebook, as nbformat's JSON data; None if nothing ran.
        person: the fields of the :class:`Person`, for the files that go back to an LMS.
    """

    student: str
    exercise: str
    state: str
    name: str = ""
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    penalty: str = "0"
    notes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    path: str = ""
    submitted: str = ""
    late: bool = False
    language: str = "ko"
    handed_in: str = ""
    digest: str = ""
    seed: int = 0
    seconds: float = 0.0
    notebook: dict[str, Any] | None = field(default=None, repr=False)
    person: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def earned(self) -> int:
        """All points that the checks gave."""
        return sum(verdict["earned"] for verdict in self.verdicts)

    @property
    def points(self) -> int:
        """All points that the tasks are worth."""
        return sum(verdict["points"] for verdict in self.verdicts)

    @property
    def taken(self) -> Decimal:
        """The penalty as a number."""
        return Decimal(self.penalty)

    def as_data(self) -> dict[str, Any]:
        """Return everything as JSON data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Graded:
        """Read back what :meth:`as_data` gave; what a later version added is left out."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})
