"""The command ``course grade``."""

from __future__ import annotations

import os
import secrets
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course_utils.errors import GradingError
from course_utils.language import gettext as _

if TYPE_CHECKING:
    from course_utils.grading.grade import Runner, Terms
    from course_utils.grading.model import Graded, Submission
    from course_utils.grading.people import Roster
    from course_utils.grading.store import Store

_KEPT = ("submissions", "roster", "deadline", "late", "exercise")


@click.command()
@click.argument("submissions", required=False, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder of the grades.")
@click.option("--roster", type=click.Path(path_type=Path), help="The class's list, as CSV.")
@click.option("--deadline", help="What comes later is late, such as 2026-11-20T23:59.")
@click.option("--late", help='What that costs: "10%", "10%/day, max 50%, grace 15m"; "mark".')
@click.option("--exercise", multiple=True, help="Grade this exercise only: its number or name.")
@click.option("--only", multiple=True, help="Grade this student only: key, or part of the name.")
@click.option("--seed", type=int, help="Seed of the checks' inputs; the same gives the same marks.")
@click.option("--jobs", type=click.IntRange(1, 256), help="How many run side by side.")
@click.option("--resume", is_flag=True, help="Go on with what the last run into --out was told.")
@click.option("--again", is_flag=True, help="Run what is unchanged, too.")
@click.option(
    "--require-sandbox", is_flag=True, help="Refuse if a layer of the sandbox is missing."
)
def grade(
    submissions: Path | None,
    out: Path,
    only: tuple[str, ...],
    jobs: int | None,
    resume: bool,
    again: bool,
    require_sandbox: bool,
    **told: Any,
) -> None:
    """Grade a class: SUBMISSIONS is a folder or a zip file, as a learning platform gives it.

    What is graded already and unchanged is not run again. Ctrl-C ends it; the same command, or
    `course grade --resume --out GRADES`, goes on.
    """
    from course_utils.grading.publish import not_applied, publish
    from course_utils.grading.store import Store

    if not sys.platform.startswith("linux"):
        raise GradingError(_("Notebooks are graded on Linux; elsewhere, use a container."))
    if submissions and out.resolve().is_relative_to(submissions.resolve()):
        raise GradingError(_("The grades must not be inside SUBMISSIONS: name another --out."))
    store = Store(out)
    settings = _settings(store, {**told, "submissions": submissions}, resume)
    roster, found, terms = _class(settings, only)
    store.set(settings)
    counts: Counter[str] = Counter()
    with _running(require_sandbox) as run:
        try:
            for result in _shown(found, store, run, terms, jobs or _processors(), again):
                counts[result.state] += 1
        except KeyboardInterrupt:
            _stopped(counts, found, out)
    rows = publish(store, roster)
    for student in not_applied(rows, store):
        click.echo(_("An adjustment fits no result: {student}.").format(student=student), err=True)
    click.echo(
        _("{graded} graded, {unreadable} unreadable, {broken} to be looked at.").format(
            graded=counts["graded"], unreadable=counts["unreadable"], broken=counts["broken"]
        )
    )
    click.echo(
        _("Open {page}. The tables to import are beside it.").format(page=out / "class.html")
    )


def _settings(store: Store, told: dict[str, Any], resume: bool) -> dict[str, Any]:
    """What this run is told; what is left out with ``--resume``, as the last one was."""
    last = store.settings
    if resume and not last:
        raise GradingError(_("There is nothing to go on with in {out}.").format(out=store.folder))
    told = {name: value for name, value in told.items() if value not in (None, ())}
    settings = {name: last[name] for name in _KEPT if resume and name in last} | told
    if "submissions" not in settings:
        raise GradingError(_("Say which SUBMISSIONS to grade."))
    seed = settings.get("seed", last.get("seed", secrets.randbits(128)))
    for name in ("submissions", "roster"):
        if name in settings:
            settings[name] = str(Path(settings[name]).resolve())
    return {**settings, "exercise": list(settings.get("exercise", ())), "seed": seed}


def _class(
    settings: dict[str, Any], only: tuple[str, ...]
) -> tuple[Roster, list[Submission], Terms]:
    """Read the roster and what was handed in."""
    from course_utils.exercises.task import exercises, tasks
    from course_utils.grading.grade import Terms
    from course_utils.grading.late import deadline, late_policy
    from course_utils.grading.limits import Limits
    from course_utils.grading.people import Roster, read_roster
    from course_utils.grading.submissions import collect

    policy = late_policy(settings.get("late", "mark"))
    until = deadline(settings["deadline"]) if "deadline" in settings else None
    numbers = [tasks(str(name))[0].number[:2] for name in settings["exercise"]]
    wanted = [name for name in exercises() if name[:2] in numbers]
    roster = read_roster(Path(settings["roster"])) if "roster" in settings else Roster()
    found = collect(
        Path(settings["submissions"]),
        roster,
        exercise=wanted[0] if len(wanted) == 1 else "",
        deadline=until + policy.grace if until else None,
    )
    found = [each for each in found if not wanted or each.exercise in wanted]
    found = [each for each in found if not only or any(_is(each, name) for name in only)]
    if not found:
        raise GradingError(_("There is nothing to grade in it."))
    return roster, found, Terms(settings["seed"], until, policy, str(Limits()))


def _is(submission: Submission, name: str) -> bool:
    person = submission.person
    return name == person.key or name.casefold() in person.name.casefold()


@contextmanager
def _running(require_sandbox: bool) -> Iterator[Runner]:
    """Start what runs notebooks, say which layers its sandbox lacks, and end all of it."""
    from course_utils.grading.run import Grader

    with Grader(require_sandbox=require_sandbox) as grader:
        missing = {name: why for name, why in grader.layers.items() if why}
        for name, why in missing.items():
            click.echo(
                _("The sandbox lacks a layer here: {name} ({why}).").format(name=name, why=why),
                err=True,
            )
        if not missing:
            click.echo(_("The sandbox is whole: {layers}.").format(layers=", ".join(grader.layers)))
        yield grader


def _shown(
    found: list[Submission], store: Store, run: Runner, terms: Terms, jobs: int, again: bool
) -> Iterator[Graded]:
    """Grade, with a bar that tells the time left where there is a terminal."""
    from course_utils.grading.grade import grade as graded

    results = graded(found, store, run, terms, jobs=jobs, again=again)
    bar = click.progressbar(length=len(found), label=_("Grading"), file=sys.stderr, show_pos=True)
    with closing(results), bar:
        for result in results:
            bar.update(1)
            yield result


def _stopped(counts: Counter[str], found: list[Submission], out: Path) -> None:
    """Say how far it came, and end as a command does that Ctrl-C ended."""
    click.echo(
        "\n"
        + _("Stopped: {done} of {all} have a result. Go on with: {command}").format(
            done=counts.total(),
            all=len(found),
            command=f"course grade --resume --out {out}",
        ),
        err=True,
    )
    raise SystemExit(130)


def _processors() -> int:
    available = getattr(os, "sched_getaffinity", None)
    return len(available(0)) if available else os.cpu_count() or 1
