"""What is made of the results: everything that goes back to students and into an LMS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal

from course_utils.exercises.task import tasks
from course_utils.grading.adjust import Adjustment, applied, final
from course_utils.grading.model import MISSING, Graded, Person
from course_utils.grading.people import Roster


@dataclass(frozen=True)
class Row:
    """A result with what was changed by hand.

    Attributes:
        graded: the result.
        changes: what was changed by hand.
    """

    graded: Graded
    changes: tuple[Adjustment, ...] = field(default=())

    @property
    def change(self) -> Decimal:
        """All points given or taken by hand."""
        return sum((each.change for each in self.changes), Decimal(0))

    @property
    def final(self) -> Decimal:
        """The points in the end."""
        return final(self.graded, self.changes)

    @property
    def points(self) -> int:
        """All points that the exercise is worth."""
        known = self.graded.exercise
        return self.graded.points or (sum(one.points for one in tasks(known)) if known else 0)

    @property
    def person(self) -> Person:
        """The student."""
        known = {each.name for each in fields(Person)}
        data = {name: value for name, value in self.graded.person.items() if name in known}
        return Person(**{"key": self.graded.student, "name": self.graded.name, **data})


def rows(results: Iterable[Graded], roster: Roster, adjustments: Sequence[Adjustment]) -> list[Row]:
    """Bring results and changes together; who handed in nothing gets a row, too."""
    found = list(results)
    there = {(one.student, one.exercise) for one in found}
    for exercise in sorted({one.exercise for one in found} - {""}):
        found += [
            Graded(person.key, exercise, MISSING, person.name, person=vars(person))
            for person in roster.people
            if (person.key, exercise) not in there
        ]
    found.sort(key=lambda one: (one.exercise, one.student))
    return [Row(one, tuple(applied(adjustments, one))) for one in found]
