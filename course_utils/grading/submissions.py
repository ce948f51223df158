"""From the files that came to one submission for each student and exercise."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from course_utils.grading.decode import read
from course_utils.grading.entries import Entry, UnreadableError, entries
from course_utils.grading.model import Person, Submission
from course_utils.grading.people import Roster, Sender, sender, shape_of
from course_utils.grading.which import exercise_named, exercise_of
from course_utils.language import gettext as _

_MOST_TRIES = 50  # files of one student that are looked into, the newest first
_AT_ONCE = timedelta(minutes=2)  # nobody's class hands in within this: it is when it was downloaded
_COPY = re.compile(r"(?i)(?:-| \(|\(|-copy|_)(\d{1,3})\)?$")
_NOT_A_NAME = re.compile(
    r"(?i)\.ipynb.*$|\.zip$|copy of |의 사본|[ _-]*복사본|[ _-]*copy\d*|\s*\(\d+\)|-\d{1,2}$"
)
_WRAPPERS = re.compile(r"(?i)^(submissions?|submitted|assignments?|handed[ _-]?in|제출.*|과제.*)$")
_MOODLE_TIME = "%A, %d %B %Y, %I:%M %p"


@dataclass(frozen=True)
class _Try:
    """A file of a student's, looked into."""

    submission: Submission
    order: tuple[float, int, str]
    sure: bool = False


def collect(
    source: Path,
    roster: Roster,
    *,
    exercise: str = "",
    deadline: datetime | None = None,
) -> list[Submission]:
    """Read what a class handed in; nothing that is in it raises.

    Args:
        source: a folder or a zip file, as a learning platform gives it.
        roster: the class; may be empty.
        exercise: the exercise that all of it is meant for, if a file itself does not tell.
        deadline: what came later is late; of several tries the last one before it counts.

    Returns:
        One for each student and exercise, in order of student and exercise.

    Raises:
        GradingError: there is nothing at ``source``.
    """
    senders = list(_sent(entries(source)))
    dated = _dated([entry for entry, _who in senders])
    tries: dict[str, list[_Try]] = {}
    for person, files in _by_person(senders, roster).items():
        tries[person.key] = [
            each for each in _tries(person, files, deadline, dated) if each is not None
        ]
    _guess(tries, exercise)
    chosen = [each for of_person in tries.values() for each in _of_each_exercise(of_person)]
    return sorted(chosen, key=lambda each: (each.student, each.exercise))


def _sent(found: Sequence[Entry]) -> Iterator[tuple[Entry, Sender]]:
    """Tell for each file who sent it, by the first part of its path."""
    found = _unwrapped(found)
    shape = shape_of({entry.path.parts[0] for entry in found})
    for entry in found:
        top = entry.path.parts[0]
        known = sender(top, "moodle") or (sender(top, shape) if shape else None)
        yield entry, known or Sender(_name_in(top) if len(entry.path.parts) == 1 else _folder(top))


def _unwrapped(found: Sequence[Entry]) -> list[Entry]:
    """Leave out folders and zip files around a whole class."""
    whole: dict[str, bool] = {}
    tops: dict[str, set[str]] = {}
    for entry in found:
        tops.setdefault(entry.path.parts[0], set()).update(entry.path.parts[1:2])
    for top, inner in tops.items():
        several = len(inner) > 1 and bool(shape_of(inner))
        named = bool(inner) and len(tops) == 1 and bool(_WRAPPERS.match(top.removesuffix(".zip")))
        whole[top] = several or named
    made = [
        replace(entry, path=PurePosixPath(*entry.path.parts[1:]))
        if whole[entry.path.parts[0]] and len(entry.path.parts) > 1
        else entry
        for entry in found
    ]
    return _unwrapped(made) if len(tops) == 1 and any(whole.values()) else made


def _folder(top: str) -> str:
    return top[:-4] if top.lower().endswith(".zip") else top


def _name_in(file: str) -> str:
    """The part of a file's name that is not the exercise's: ``kim`` of ``kim_03_history.ipynb``."""
    stem = _NOT_A_NAME.sub("", file)
    exercise = exercise_named(stem)
    if exercise:
        number, _, title = exercise.partition("_")
        words = rf"(?i)(?<![^\W_]){number}[ _-]*(?:{re.escape(title).replace('_', '[ _-]')})?"
        stem = re.sub(rf"{words}(?![^\W_])", " ", stem)
    return stem.strip(" _-.") or _NOT_A_NAME.sub("", file) or file


def _dated(found: Iterable[Entry]) -> bool:
    """Whether the times of the files can be those when they were handed in."""
    times = [entry.time for entry in found if entry.time is not None]
    return len(times) < 5 or max(times) - min(times) > _AT_ONCE


def _by_person(
    senders: Iterable[tuple[Entry, Sender]], roster: Roster
) -> dict[Person, list[tuple[Entry, Sender]]]:
    found: dict[str, Person] = {}
    files: dict[str, list[tuple[Entry, Sender]]] = {}
    for entry, who in senders:
        person = roster.find(who) or who.person
        if (who.canvas and not person.canvas) or (who.moodle and not person.moodle):
            person = replace(
                person, canvas=person.canvas or who.canvas, moodle=person.moodle or who.moodle
            )
        found.setdefault(person.key, person)
        files.setdefault(person.key, []).append((entry, who))
    return {found[key]: of_person for key, of_person in files.items()}


def _tries(
    person: Person,
    files: list[tuple[Entry, Sender]],
    deadline: datetime | None,
    dated: bool,
) -> Iterator[_Try | None]:
    notebooks = [each for each in files if ".ipynb" in each[0].path.name.lower()]
    notebooks.sort(key=lambda each: _order(each[0].path, each[0].time), reverse=True)
    bad = [each for each in files if each[0].problem and each not in notebooks]
    for entry, who in notebooks[:_MOST_TRIES] or bad[:1]:
        yield _try(person, entry, _when(person, entry, who, dated), who, deadline)
    if not notebooks and not bad:
        entry, who = files[0]
        problem = _("there is no notebook, but {file}").format(file=entry.path.name)
        missing = replace(entry, problem=problem)
        yield _try(person, missing, _when(person, entry, who, dated), who, deadline)


def _when(person: Person, entry: Entry, who: Sender, dated: bool) -> datetime | None:
    """When it was handed in: as the roster says, or else by the file's own time."""
    told = person.submitted
    for parse in (datetime.fromisoformat, lambda text: datetime.strptime(text, _MOODLE_TIME)):
        try:
            return parse(told).astimezone()
        except (ValueError, OverflowError, OSError):
            continue
    return entry.time if dated and who.dated else None


def _order(path: PurePosixPath, time: datetime | None) -> tuple[float, int, str]:
    """What makes a later try: its time, then the number that a copy bears, then its name."""
    number = _COPY.search(re.sub(r"(?i)\.ipynb.*$", "", path.name))
    return (time.timestamp() if time else 0.0, int(number[1]) if number else 0, str(path))


def _try(
    person: Person,
    entry: Entry,
    time: datetime | None,
    who: Sender,
    deadline: datetime | None,
) -> _Try:
    late = who.late or bool(deadline and time and time > deadline)
    made = Submission(
        person, exercise_named(entry.path.name), entry.path, submitted=time, late=late
    )
    order = _order(entry.path, time)
    try:
        if entry.problem:
            raise UnreadableError(entry.problem)
        content = entry.read()
        exercise, sure = exercise_of(read(content).cells, entry.path.name)
    except UnreadableError as error:
        return _Try(replace(made, problem=str(error)), order)
    sha = hashlib.sha256(content).hexdigest()
    return _Try(replace(made, exercise=exercise, read=entry.read, sha=sha), order, sure)


def _guess(tries: dict[str, list[_Try]], exercise: str) -> None:
    """Give what does not tell its exercise the one that was named, or the only one of the class.

    A further file of somebody who handed in that exercise is left alone: it is something else.
    """
    known = {each.submission.exercise for found in tries.values() for each in found} - {""}
    exercise = exercise or (known.pop() if len(known) == 1 else "")
    for found in tries.values():
        if any(each.submission.exercise == exercise for each in found):
            continue
        found[:] = [
            replace(each, submission=replace(each.submission, exercise=exercise))
            if not each.submission.exercise
            else each
            for each in found
        ]


def _of_each_exercise(tries: list[_Try]) -> list[Submission]:
    """Choose what counts for each exercise; a file of no exercise is named beside the others."""
    names = sorted({each.submission.exercise for each in tries})
    made = [_chosen([one for one in tries if one.submission.exercise == name]) for name in names]
    if len(made) == 1 or made[0].exercise:
        return made
    other, first, *rest = made
    note = _("{file} was left out: it is none of the exercises.").format(file=other.path.name)
    return [replace(first, notes=(*first.notes, note)), *rest]


def _chosen(tries: list[_Try]) -> Submission:
    """Choose the last try before the deadline that can be read, or else the last that can be."""
    tries.sort(key=lambda each: each.order)
    readable = [each for each in tries if not each.submission.problem]
    readable = [each for each in readable if each.sure] or readable
    in_time = [each for each in readable if not each.submission.late]
    chosen = (in_time or readable or tries)[-1]
    notes = list(chosen.submission.notes)
    if len(tries) > 1:
        name = chosen.submission.path.name
        notes.append(_("{count} tries: {file} counts.").format(count=len(tries), file=name))
    notes += [
        _("{file} cannot be read: {problem}.").format(
            file=each.submission.path.name, problem=each.submission.problem
        )
        for each in tries
        if each.submission.problem and each is not chosen
    ]
    return replace(chosen.submission, notes=tuple(notes))
