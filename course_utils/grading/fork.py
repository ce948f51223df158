"""One kernel in its sandbox, seen from the grader: cells and calls go in, messages come out."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course_utils.errors import GradingError
from course_utils.grading.frames import BadFrameError, Frames, pack
from course_utils.grading.limits import Limits
from course_utils.language import gettext as _

_FORK = 20.0  # seconds that it may take to start
_END = 10.0

Message = Callable[[dict[str, Any]], None]


class KernelGoneError(Exception):
    """The kernel took too long, died, or was ended.

    Attributes:
        why: ``"time"``, ``"died"``, ``"output"`` or ``"memory"``.
        cpu: the seconds of processor time that it took.
    """

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(detail or why)
        self.why = why
        self.detail = detail


@dataclass(frozen=True)
class End:
    """How a kernel ended.

    Attributes:
        status: the exit status; negative for a signal.
        cpu: the seconds of processor time that it took, and what it waited for.
        peak: the most bytes that it had in memory.
        why: why the warm parent ended it, if it did.
    """

    status: int = 0
    cpu: float = 0.0
    peak: int = 0
    why: str = ""


class Fork:
    """A kernel in its sandbox.

    Args:
        wire: the socket to it.
        end: where it is told how it ended.
        limits: what it may use.
        kill: ends it.
        free: gives its slot back.

    Attributes:
        missing: the layers that are not on, each with the reason.
        listener: where it sends requests to the practice server: accept from there.

    Raises:
        GradingError: it did not come to be.
    """

    def __init__(
        self,
        wire: socket.socket,
        end: socket.socket,
        limits: Limits,
        kill: Callable[[], None],
        free: Callable[[], None],
    ) -> None:
        self._wire, self._end = wire, end
        self._limits = limits
        self._kill, self._free = kill, free
        self._ended: End | None = None
        self.missing, self.listener = self._began()
        self._frames = Frames(wire, (limits.output + 3) << 20)

    def execute(self, code: str, seconds: float, message: Message) -> dict[str, Any]:
        """Run a cell; ``message`` takes what it shows, as messages of Jupyter's protocol.

        Raises:
            KernelGoneError: it took too long, died, or showed much too much.
        """
        return self._ask({"do": "execute", "code": code}, seconds, message)

    def perform(
        self, task: str, request: dict[str, Any], seconds: float, seen: Callable[[str], None]
    ) -> dict[str, Any]:
        """Let the hands in it do something; see :mod:`course_utils.exercises.hands`.

        Raises:
            KernelGoneError: it took too long, died, or printed much too much.
        """

        def message(each: dict[str, Any]) -> None:
            if each.get("type") == "seen" and isinstance(each.get("content"), str):
                seen(each["content"])

        return self._ask({"do": "perform", "task": task, "request": request}, seconds, message)

    def end(self) -> End:
        """End it and all that it started, and return how it ended; the listener stays open."""
        if self._ended is None:
            self._kill()
            self._wire.close()
            self._ended = self._told()
            self._free()
        return self._ended

    def __enter__(self) -> Fork:
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def _ask(self, request: dict[str, Any], seconds: float, message: Message) -> dict[str, Any]:
        until = time.monotonic() + seconds
        before = self._frames.taken
        most = (self._limits.output + 3) << 20
        try:
            self._wire.settimeout(max(seconds, 0.001))
            self._wire.sendall(pack(request))
            while True:
                found = self._frames.next(until)
                if self._frames.taken - before > most:
                    raise BadFrameError("too much")
                if isinstance(reply := found.get("reply"), dict):
                    return reply
                message(found)
        except TimeoutError:
            raise KernelGoneError("time") from None
        except BadFrameError as error:
            raise KernelGoneError("output", str(error)) from None
        except (EOFError, OSError):
            ended = self.end()
            raise KernelGoneError(ended.why or "died", str(ended.status)) from None

    def _began(self) -> tuple[dict[str, str], socket.socket]:
        self._wire.settimeout(_FORK)
        try:
            data, handed, _flags, _address = socket.recv_fds(self._wire, 1 << 16, 1)
            told: dict[str, Any] = json.loads(data[4:]) if data else {"failed": "it ended at once"}
        except OSError as error:
            told, handed = {"failed": str(error)}, []
        if "failed" in told or not handed:
            self._kill()
            self._wire.close()
            self._told()
            self._free()
            raise GradingError(
                _("A kernel could not be put into its sandbox: {error}").format(
                    error=told.get("failed")
                )
            )
        return told["missing"], socket.socket(fileno=handed[0])

    def _told(self) -> End:
        with self._end:
            self._end.settimeout(_END)
            try:
                return End(**json.loads(self._end.recv(4096)))
            except (OSError, ValueError):
                return End()
