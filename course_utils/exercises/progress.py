"""What a student has done so far: tries and best marks, in a file on their own machine.

It is theirs to look at, and nothing is graded by it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from course_utils.exercises.marks import Verdict
from course_utils.exercises.task import exercises, tasks
from course_utils.files import write_whole
from course_utils.language import gettext as _

_BAR = 20


@dataclass(frozen=True)
class Done:
    """How far a task is: how often it was checked, and the most points that it got."""

    tries: int = 0
    best: int = 0


def note(verdict: Verdict) -> None:
    """Count a try; one of a task that is not started is none. Never raises."""
    if verdict.state != "checked":
        return
    done = read()
    before = done.get(verdict.number, Done())
    done[verdict.number] = Done(before.tries + 1, max(before.best, verdict.earned))
    data = {number: vars(each) for number, each in sorted(done.items())}
    with suppress(OSError):  # a folder that cannot be written to must not stop a notebook
        _file().parent.mkdir(parents=True, exist_ok=True)
        write_whole(_file(), json.dumps(data, indent=1) + "\n")


def read() -> dict[str, Done]:
    """Read what was noted, by the tasks' numbers; nothing if the file is not there or not ours."""
    try:
        data = json.loads(_file().read_text("utf-8"))
        return {
            str(number): Done(int(each["tries"]), int(each["best"]))
            for number, each in data.items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def page() -> str:
    """Return a text with a line for each exercise and task, and what comes next."""
    done, lines, following = read(), [], ""
    earned = points = 0
    for name in exercises():
        of_exercise = tasks(name)
        best = sum(done.get(task.number, Done()).best for task in of_exercise)
        most = sum(task.points for task in of_exercise)
        lines.append(f"{name:24} {_bar(best, most)} {best}/{most}")
        for task in of_exercise:
            one = done.get(task.number, Done())
            tries = _("{count} tries").format(count=one.tries) if one.tries else ""
            row = f"   {task.number}  {one.best}/{task.points}  {_(task.title)}  {tries}"
            lines.append(row.rstrip())
            if one.best < task.points and not following:
                following = _("Next: {number} · {title}").format(
                    number=task.number, title=_(task.title)
                )
        earned, points = earned + best, points + most
    total = _("Together: {earned} of {points} points").format(earned=earned, points=points)
    return "\n".join(filter(None, [*lines, total, following]))


def _bar(best: int, most: int) -> str:
    full = _BAR * best // most if most else 0
    return "█" * full + "░" * (_BAR - full)


def _file() -> Path:
    return platformdirs.user_data_path("chat-completions-course") / "progress.json"
