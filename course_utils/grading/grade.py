"""Grading a class: what has a result already is left alone, everything else runs, side by side."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from nbformat import NotebookNode

import course_utils
from course_utils.exercises.task import exercises
from course_utils.grading.decode import read
from course_utils.grading.entries import UnreadableError
from course_utils.grading.late import LatePolicy
from course_utils.grading.model import BROKEN, GRADED, UNREADABLE, Graded, Submission
from course_utils.grading.repair import fit
from course_utils.grading.store import Store
from course_utils.grading.which import release
from course_utils.language import LANGUAGES
from course_utils.language import gettext as _

_TIMES = ("start_time", "end_time", "duration", "input_path", "output_path")


class Ran(Protocol):
    """What came of running a submission and checking it."""

    @property
    def notebook(self) -> NotebookNode:
        """The executed notebook."""

    @property
    def verdicts(self) -> Sequence[dict[str, Any]]:
        """One for each task, as ``Verdict.as_data()`` gives them."""

    @property
    def notes(self) -> Sequence[str]:
        """What timed out, what died."""


Runner = Callable[[NotebookNode, str, int, str], Ran]
"""Runs a notebook of an exercise with a seed and in a language; called from several threads."""


@dataclass(frozen=True)
class Terms:
    """On which terms a class is graded.

    Attributes:
        seed: what the seeds of all submissions' checks come from.
        deadline: None if there is none.
        late: what being late costs.
        limits: what a submission may use, in words: other limits are another result.
    """

    seed: int
    deadline: datetime | None = None
    late: LatePolicy = field(default_factory=LatePolicy)
    limits: str = ""


def grade(
    submissions: Sequence[Submission],
    store: Store,
    run: Runner,
    terms: Terms,
    *,
    jobs: int = 1,
    again: bool = False,
) -> Generator[Graded, None, None]:
    """Grade submissions, keep each result as soon as it is there, and yield it.

    A result whose submission, checks and terms are unchanged is kept as it is, but for what being
    late costs now. To stop, close the iterator or raise in the loop: what is running is not kept.

    Args:
        submissions: what :func:`~course_utils.grading.submissions.collect` found.
        store: where the results are kept.
        run: what runs a notebook.
        terms: seed, deadline, limits.
        jobs: how many run side by side.
        again: whether to run what is unchanged, too.
    """
    _forget_renamed(submissions, store)
    checks = {name: fingerprint(name, terms) for name in {each.exercise for each in submissions}}
    left: list[tuple[Submission, str]] = []
    for each in submissions:
        digest = hashlib.sha256(f"{checks[each.exercise]}{each.sha}".encode()).hexdigest()
        old = store.get(each.student, each.exercise)
        known = old is not None and old.digest == digest and old.state == GRADED
        if old is not None and known and not again:
            yield _kept(store, _about(old, each, terms))
        else:
            left.append((each, digest))
    yield from _run_all(left, store, run, terms, jobs)


def fingerprint(exercise: str, terms: Terms) -> str:
    """Return the SHA-256 of all that decides a mark besides the submission itself."""
    package = Path(course_utils.__file__).parent
    checks = (package / "exercises").glob("*.py")
    parts = [path for path in checks if not re.match(r"e\d\d_", path.name)]
    parts += (package / "exercises").glob(f"e{exercise or '-'}.py")
    parts += (package / "practice").rglob("*.py")
    parts += [package / "grading" / name for name in ("decode.py", "repair.py", "which.py")]
    digest = hashlib.sha256(f"{terms.seed}\0{terms.limits}".encode())
    for path in sorted(parts):
        digest.update(path.read_bytes())
    for language in LANGUAGES if exercise in exercises() else ():
        digest.update(repr(release(exercise, language)).encode())
    return digest.hexdigest()


def seed_of(submission: Submission, terms: Terms) -> int:
    """Return the seed of the inputs that a submission's checks make up.

    It comes from the class's seed and the file itself: who has seen what was expected of one file
    knows nothing of what will be expected of another, such as the next try.
    """
    digest = hashlib.sha256(f"{terms.seed} {submission.sha}".encode()).digest()
    return int.from_bytes(digest[:16], "big")  # too many to be tried out


def _run_all(
    left: Sequence[tuple[Submission, str]], store: Store, run: Runner, terms: Terms, jobs: int
) -> Generator[Graded, None, None]:
    stopped = threading.Event()

    def work(submission: Submission, digest: str) -> Graded:
        if stopped.is_set():
            raise RuntimeError("stopped")
        return _graded(submission, digest, run, terms)

    pool = ThreadPoolExecutor(jobs, thread_name_prefix="grade")
    waiting: set[Future[Graded]] = set()
    todo = iter(left)
    try:
        while True:
            # A few ahead and not all, so that a class's notebooks are not in memory at once.
            for submission, digest in todo:
                waiting.add(pool.submit(work, submission, digest))
                if len(waiting) >= 2 * jobs:
                    break
            if not waiting:
                return
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield _kept(store, future.result())
    finally:
        stopped.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _graded(submission: Submission, digest: str, run: Runner, terms: Terms) -> Graded:
    """Grade one submission, whatever is in it."""
    began = time.monotonic()
    seed = seed_of(submission, terms)
    made = Graded(submission.student, submission.exercise, UNREADABLE, digest=digest, seed=seed)
    language = submission.person.language or "ko"
    try:
        if submission.problem or submission.read is None:
            raise UnreadableError(submission.problem)
        if not submission.exercise:
            raise UnreadableError(_("nothing in it tells which exercise it is"))
        fitted = fit(read(submission.read()), submission.exercise)
        language = submission.person.language or fitted.language
        ran = run(fitted.notebook, submission.exercise, seed, language)
        verdicts = [dict(each) for each in ran.verdicts]
        broken = any(each["state"] == "broken" for each in verdicts)
        made = replace(
            made,
            state=BROKEN if broken else GRADED,
            verdicts=verdicts,
            notes=[*fitted.notes, *ran.notes],
            notebook=_timeless(ran.notebook),
        )
    except UnreadableError as error:
        made = replace(made, notes=[str(error)])
    except BaseException as error:  # the grader's own fault must not cost the others their marks
        told = _("the grader failed ({error})").format(error=f"{type(error).__name__}: {error}")
        made = replace(made, state=BROKEN, notes=[told])
    made = replace(made, language=language, seconds=round(time.monotonic() - began, 3))
    return _about(made, submission, terms)


def _about(graded: Graded, submission: Submission, terms: Terms) -> Graded:
    """Add what does not come from running it, and may change from one run to the next."""
    by = None
    late = submission.late
    if submission.submitted and terms.deadline:
        by = submission.submitted - terms.deadline
        late = late and by > terms.late.grace
    penalty = terms.late.taken(graded.earned, by) if late else 0
    return replace(
        graded,
        name=submission.person.name or submission.student,
        person=vars(submission.person),
        path=str(submission.path),
        handed_in=submission.sha,
        submitted=submission.submitted.isoformat() if submission.submitted else "",
        late=late,
        penalty=str(penalty),
        remarks=list(submission.notes),
    )


def _forget_renamed(submissions: Sequence[Submission], store: Store) -> None:
    """Drop results of files that now count for another student or exercise.

    So it is when a roster comes later: what was ``kimseoyeon_4711`` then is 김서연.
    """
    now = {(str(one.path), one.sha): (one.student, one.exercise) for one in submissions}
    for old in store.all():
        owner = now.get((old.path, old.handed_in))
        if owner is not None and owner != (old.student, old.exercise):
            store.drop(old)


def _kept(store: Store, graded: Graded) -> Graded:
    store.put(graded)
    return graded


def _timeless(notebook: NotebookNode) -> dict[str, Any]:
    """The executed notebook without its times: the same run gives the same file."""
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell["id"] = "injected-parameters"  # papermill draws one
    for part in (notebook, *notebook.cells):
        part["metadata"].pop("execution", None)
        for name in _TIMES:
            part["metadata"].get("papermill", {}).pop(name, None)
    return dict(notebook)
