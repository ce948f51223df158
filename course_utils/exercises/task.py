"""A task: what it asks, what its parts are worth, and the check that runs outside the student's."""

from __future__ import annotations

import pkgutil
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import course_utils.exercises
from course_utils.errors import ExerciseError
from course_utils.exercises.fresh import Fresh
from course_utils.exercises.marks import Criterion, Marks, NotStartedError, Unmet, Verdict, shown
from course_utils.exercises.student import Channel, Student
from course_utils.exercises.wire import Wire
from course_utils.language import gettext as _
from course_utils.language import speaking
from course_utils.practice import PracticeServer

Check = Callable[[Student, Wire, Fresh, Marks], None]


@dataclass(frozen=True)
class Task:
    """One task of an exercise.

    Attributes:
        number: the lesson's and its own, such as ``"03.2"``.
        title: what it is called, in English, marked by ``N_`` for translation.
        asks: the name of the function or variable that the student is to define.
        criteria: its parts; a criterion is met or not.
        check: gives the student's code fresh inputs, and looks at what comes of it.
    """

    number: str
    title: str
    asks: str
    criteria: tuple[Criterion, ...]
    check: Check

    @property
    def points(self) -> int:
        """All points that can be earned."""
        return sum(criterion.points for criterion in self.criteria)


def task(
    number: str, title: str, *, asks: str, criteria: Sequence[Criterion]
) -> Callable[[Check], Task]:
    """Make the function below it the check of a task."""

    def made(check: Check) -> Task:
        return Task(number, title, asks, tuple(criteria), check)

    return made


def exercises() -> list[str]:
    """Return the names of all exercises in order: those of their lessons, ``"03_history"``."""
    modules = pkgutil.iter_modules(course_utils.exercises.__path__)
    return sorted(module.name[1:] for module in modules if module.name[1:3].isdecimal())


def tasks(exercise: str) -> list[Task]:
    """Return the tasks of an exercise, given by its name or number, in order.

    Raises:
        ExerciseError: there is no such exercise.
    """
    found = [name for name in exercises() if name == exercise or name[:2] == exercise]
    if not found:
        raise ExerciseError(
            _("There is no exercise {name}: they are {found}.").format(
                name=exercise, found=", ".join(exercises())
            )
        )
    return sorted(_tasks_in(import_module(f"{__package__}.e{found[0]}")), key=lambda it: it.number)


def find(number: str) -> Task:
    """Return the task with this number, such as ``"03.2"``.

    Raises:
        ExerciseError: there is none.
    """
    of_exercise = tasks(str(number).partition(".")[0])
    for each in of_exercise:
        if each.number == number:
            return each
    raise ExerciseError(
        _("There is no task {number}: they are {found}.").format(
            number=number, found=", ".join(each.number for each in of_exercise)
        )
    )


def run(
    what: Task, channel: Channel, server: PracticeServer, *, seed: int, language: str
) -> Verdict:
    """Check a task, and return the verdict in ``language``; nothing is raised.

    Args:
        what: the task.
        channel: the way to the student's process.
        server: the practice server that their clients ask. A key is let in for this run alone, so
            that its wire log holds nothing else.
        seed: the seed of the fresh inputs.
        language: ``"ko"`` or ``"en"``.
    """
    key = f"sk-practice-{secrets.token_hex(12)}"
    server.keys.add(key)
    marks = Marks(what.criteria)
    state, note = "checked", ""
    with speaking(language):
        try:
            fresh = Fresh(seed, what.number, language)
            what.check(Student(channel, key), Wire(server, key), fresh, marks)
        except NotStartedError as missing:
            marks = Marks(what.criteria)
            state = "not started"
            note = _("Not started yet: fill in {name}, run its cell, then check again.").format(
                name=shown(str(missing))  # it comes from the student's process
            )
        except Unmet as unmet:  # outside a block: no criterion after it could be looked at
            marks.miss(unmet)
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # a panic of tiktoken's is no Exception
            state = "broken"
            note = _("The check itself failed ({error}): tell your instructor.").format(
                error=shown(f"{type(error).__name__}: {error}")
            )
        finally:
            server.keys.discard(key)
            server.script.forget(key)
        return Verdict(what.number, _(what.title), state, marks.all(), note)


def _tasks_in(module: ModuleType) -> list[Task]:
    return [value for value in vars(module).values() if isinstance(value, Task)]
