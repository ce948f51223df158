"""Runs a submission in a sandbox, and checks it from outside."""

from __future__ import annotations

import copy
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode

from course_utils.errors import GradingError
from course_utils.exercises import card
from course_utils.exercises.marks import Verdict
from course_utils.exercises.task import Task, tasks
from course_utils.exercises.task import run as check
from course_utils.grading import engine
from course_utils.grading.fork import KernelGoneError
from course_utils.grading.limits import Limits
from course_utils.grading.sandbox import LAYERS
from course_utils.grading.sitting import Sitting, reason
from course_utils.grading.warm import Warm
from course_utils.language import gettext as _
from course_utils.language import speaking

_CHECK = re.compile(r"check\(\s*[\"'](\d\d\.\d+)[\"']\s*\)")


@dataclass(frozen=True)
class Run:
    """What came of a submission.

    Attributes:
        notebook: the executed notebook; its check cells show what the grader found.
        verdicts: one for each task, as ``Verdict.as_data()``.
        notes: what took too long, what died.
        cpu: the processor seconds that its kernels took.
        peak: the most bytes that a kernel had in memory.
    """

    notebook: NotebookNode
    verdicts: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)
    cpu: float = 0.0
    peak: int = 0


class Grader:
    """Runs submissions; one serves a whole class, from several threads at once.

    Use it as a context manager, or :meth:`close` it.

    Args:
        limits: what each submission may use.
        require_sandbox: whether a missing layer is an error.

    Raises:
        GradingError: kernels cannot be started here, or a layer is missing that is required.
    """

    def __init__(self, limits: Limits | None = None, *, require_sandbox: bool = False) -> None:
        self.limits = limits or Limits()
        engine.register()
        self._warm = Warm()
        if require_sandbox:
            self.require_sandbox()

    @property
    def layers(self) -> dict[str, str]:
        """Every layer of the sandbox, with the reason why it is missing; empty if it is on."""
        return {name: self._warm.missing.get(name, "") for name in LAYERS}

    def require_sandbox(self) -> None:
        """Make sure that the sandbox is whole; if it is not, nothing more is run.

        Raises:
            GradingError: a layer is missing; it names them.
        """
        if self._warm.missing:
            self.close()
            raise GradingError(
                _("The sandbox is not whole here: {missing}.").format(missing=self._named())
            )

    def __call__(self, notebook: NotebookNode, exercise: str, seed: int, language: str) -> Run:
        """Run a notebook and check its tasks; see :func:`run_submission`."""
        return run_submission(
            notebook, exercise, seed=seed, language=language, limits=self.limits, warm=self._warm
        )

    def close(self) -> None:
        """End everything that was started."""
        self._warm.close()

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _named(self) -> str:
        return "; ".join(f"{name} ({why})" for name, why in self._warm.missing.items())


def run_submission(
    notebook: NotebookNode,
    exercise: str,
    *,
    seed: int,
    language: str,
    limits: Limits,
    warm: Warm,
) -> Run:
    """Run a notebook in a kernel of its own, and check every task of the exercise.

    Args:
        notebook: a clean notebook; it is left as it is.
        exercise: the exercise's name or number.
        seed: the seed of the checks' inputs. The notebook's own parameter ``seed`` is another:
            who knows the seed could know the inputs.
        language: ``"ko"`` or ``"en"``, for what the student reads.
        limits: what it may use.
        warm: makes the kernels.

    Raises:
        GradingError: no kernel can be started; nothing that the notebook does raises.
    """
    with speaking(language), Sitting(warm, limits) as sitting:
        ran = _executed(notebook, language, sitting)
        verdicts = []
        for each in tasks(exercise):
            verdict = _checked(each, sitting, limits, seed, language)
            verdicts.append(verdict)
            _show(ran, verdict)
    data = [verdict.as_data() for verdict in verdicts]
    return Run(ran, data, sitting.notes, sitting.cpu, sitting.peak)


class TaskChannel:
    """The way of one task's check to the student's process; when that is gone it stays closed.

    Args:
        sitting: where the kernel is.
        task: the task's number.
        limits: how long a call, and all calls together, may take.
    """

    def __init__(self, sitting: Sitting, task: str, limits: Limits) -> None:
        self._sitting = sitting
        self._task = task
        self._limits = limits
        self._until = time.monotonic() + limits.task
        self._closed: dict[str, Any] | None = None

    def ask(self, request: dict[str, Any], seen: Callable[[str], None]) -> dict[str, Any]:
        """Send a request, and return the reply; nothing is raised."""
        if self._closed is not None:
            return self._closed
        seconds = min(self._limits.call, max(0.0, self._until - time.monotonic()))
        try:
            return self._sitting.perform(self._task, request, seconds, seen)
        except KernelGoneError as gone:
            self._sitting.drop(gone, _("task {name}").format(name=self._task))
            kind = "TimeoutError" if gone.why == "time" else "KernelDied"
            self._closed = {"error": {"type": kind, "kinds": [kind], "message": reason(gone)}}
            return self._closed


def _executed(notebook: NotebookNode, language: str, sitting: Sitting) -> NotebookNode:
    from papermill.engines import papermill_engines
    from papermill.execute import prepare_notebook_metadata
    from papermill.parameterize import parameterize_notebook

    made = copy.deepcopy(notebook)
    made.metadata["papermill"] = {"environment_variables": {}}
    for cell in made.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata["papermill"] = {}
    given = {"language": language}
    made = parameterize_notebook(
        made, given, kernel_name="python3", language="python", engine_name=engine.NAME
    )
    made = prepare_notebook_metadata(made, None, None)
    skip = frozenset(cell.id for cell in made.cells if _checks(cell))
    executed: NotebookNode = papermill_engines.execute_notebook_with_engine(
        engine.NAME, made, kernel_name="python3", progress_bar=False, sitting=sitting, skip=skip
    )
    return executed


def _checked(task: Task, sitting: Sitting, limits: Limits, seed: int, language: str) -> Verdict:
    try:
        server = sitting.server()
    except KernelGoneError as gone:
        note = f"{reason(gone)}"
        marks = tuple(_unmet(task))
        return Verdict(task.number, _(task.title), "checked", marks, note)
    channel = TaskChannel(sitting, task.number, limits)
    return check(task, channel, server, seed=seed, language=language)


def _unmet(task: Task) -> Any:
    from course_utils.exercises.marks import Mark

    for each in task.criteria:
        yield Mark(each.name, _(each.title), each.points, 0)


def _checks(cell: NotebookNode) -> str:
    """The task that a cell checks; empty if it is no check cell as it was released."""
    found = _CHECK.fullmatch(cell.source.strip()) if cell.cell_type == "code" else None
    return found[1] if found else ""


def _show(notebook: NotebookNode, verdict: Verdict) -> None:
    """Show a verdict where the notebook checks that task."""
    data = {"text/plain": card.text(verdict), "text/html": card.html(verdict)}
    for cell in notebook.cells:
        if _checks(cell) == verdict.number:
            cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
