"""One submission's time with a kernel: when the kernel dies, a fresh one takes its place."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

from course_utils.grading.fork import End, Fork, KernelGoneError
from course_utils.grading.limits import Limits
from course_utils.grading.ration import Ration
from course_utils.grading.warm import Warm
from course_utils.language import gettext as _
from course_utils.practice import PracticeServer

Message = Callable[[dict[str, Any]], None]

_MOST_FORKS = 12


@dataclass(frozen=True)
class Ran:
    """What came of a cell.

    Attributes:
        ok: whether it ended without an error.
        count: its number, as the kernel counts.
        gone: the output that says that it took too long or ended the kernel; None if it did not.
    """

    ok: bool
    count: int | None = None
    gone: NotebookNode | None = None


class Sitting:
    """Runs a submission's cells and calls; use it as a context manager.

    A cell that hangs or ends the kernel is left out from then on: the fresh kernel runs those that
    ran before, and goes on with the next.

    Args:
        warm: makes the kernels.
        limits: what the submission may use.

    Attributes:
        notes: what the instructor should know: what took too long, what died.
        cpu: the processor seconds that its kernels took, when they have ended.
        peak: the most bytes that one of them had in memory.
    """

    def __init__(self, warm: Warm, limits: Limits) -> None:
        self.notes: list[str] = []
        self.cpu = 0.0
        self.peak = 0
        self._warm = warm
        self._limits = limits
        self._until = time.monotonic() + limits.submission
        self._done: list[NotebookNode] = []
        self._fork: Fork | None = None
        self._server: PracticeServer | None = None
        self._forks = 0

    @property
    def left(self) -> float:
        """The seconds that the submission still has."""
        return max(0.0, self._until - time.monotonic())

    def execute(self, cell: NotebookNode, message: Message) -> Ran:
        """Run a cell; nothing is raised for what it does."""
        try:
            ran = self._execute(cell, message)
        except KernelGoneError as gone:
            self.drop(gone, _("cell {name}").format(name=cell.id))
            return Ran(False, gone=_told(gone))
        self._done.append(cell)
        return ran

    def perform(
        self, task: str, request: dict[str, Any], seconds: float, seen: Callable[[str], None]
    ) -> dict[str, Any]:
        """Let the hands in the kernel do something.

        Raises:
            KernelGoneError: it took too long, or the kernel died: :meth:`drop` it then.
        """
        if self.left <= 0:
            raise KernelGoneError("time")
        return self._kernel().perform(task, request, min(seconds, self.left), seen)

    def server(self) -> PracticeServer:
        """The practice server that the kernel of now asks; it is this submission's alone.

        Raises:
            KernelGoneError: there is no kernel, and no time for one.
        """
        self._kernel()
        if self._server is None:
            raise KernelGoneError("died")
        return self._server

    def drop(self, gone: KernelGoneError, what: str) -> None:
        """End the kernel that hangs or is gone, and note why."""
        note = f"{what}: {reason(gone)}"
        if note not in self.notes:
            self.notes.append(note)
        self._end()

    def _execute(self, cell: NotebookNode, message: Message) -> Ran:
        if self.left <= 0:
            raise KernelGoneError("time")
        seconds = min(self._limits.cell, self.left)
        reply = self._kernel().execute(cell.source, seconds, message)
        count = reply.get("count")
        return Ran(reply.get("ok") is True, count if type(count) is int else None)

    def _kernel(self) -> Fork:
        while self._fork is None:
            self._forks += 1
            if self._forks > _MOST_FORKS:
                raise KernelGoneError("died", "too often")
            self._start()
            self._replay()
        return self._fork

    def _start(self) -> None:
        self._fork = self._warm.fork(self._limits)
        requests = self._limits.requests
        self._server = PracticeServer(
            listener=self._fork.listener, guard=lambda app: Ration(app, requests)
        ).start()

    def _replay(self) -> None:
        """Run the cells that ran before; one that now fails to end is left out as well."""
        for cell in list(self._done):
            try:
                self._execute_again(cell)
            except KernelGoneError as gone:
                self._done.remove(cell)
                self.drop(gone, _("cell {name}").format(name=cell.id))
                return

    def _execute_again(self, cell: NotebookNode) -> None:
        if self._fork is None or self.left <= 0:
            raise KernelGoneError("time")
        seconds = min(self._limits.cell, self.left)
        self._fork.execute(cell.source, seconds, lambda message: None)

    def _end(self) -> End:
        ended = End()
        if self._fork is not None:
            ended = self._fork.end()
            self.cpu += ended.cpu
            self.peak = max(self.peak, ended.peak)
        if self._server is not None:
            self._server.stop()
        self._fork = self._server = None
        return ended

    def __enter__(self) -> Sitting:
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()


def reason(gone: KernelGoneError) -> str:
    """Say in the reader's language why a kernel is gone."""
    return {
        "time": _("it took too long and was ended"),
        "output": _("it showed more than is taken and was ended"),
        "memory": _("it took more memory than there is for it and was ended"),
    }.get(gone.why, _("it ended the kernel"))


def _told(gone: KernelGoneError) -> NotebookNode:
    name = "TimeoutError" if gone.why == "time" else "KernelDied"
    output: NotebookNode = nbformat.v4.new_output(
        "error", ename=name, evalue=reason(gone), traceback=[f"{name}: {reason(gone)}"]
    )
    return output
