"""What the next replies to a key are to be: made-up words, trouble, or a stream that is held."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass

from course_utils.practice.faults import Fault
from course_utils.practice.reply import Answer
from course_utils.practice.wirelog import digest


class Gate:
    """Holds the rest of a stream until it is opened from another thread.

    Args:
        pieces: how many pieces of text go out before the gate.
        patience: after so many seconds the rest goes out all the same.

    Attributes:
        head: the text before the gate; empty until the stream begins.
        opened: whether it was opened while the stream waited there, or before.
    """

    def __init__(self, pieces: int = 1, patience: float = 2.0) -> None:
        self.pieces = pieces
        self.patience = patience
        self.head = ""
        self._opened: Future[None] = Future()

    @property
    def opened(self) -> bool:
        """Whether it was opened in time."""
        return self._opened.done() and not self._opened.cancelled()

    def open(self) -> None:
        """Let the rest through; too late is no error."""
        with suppress(InvalidStateError):
            self._opened.set_result(None)

    async def wait(self) -> None:
        """Wait until it is opened, or patience ends."""
        with suppress(asyncio.TimeoutError):  # which cancels the future: open() is then too late
            await asyncio.wait_for(asyncio.wrap_future(self._opened), self.patience)


@dataclass(frozen=True)
class Step:
    """What one request meets.

    Attributes:
        answer: what is said in the practice model's place; None leaves it to the model.
        fault: what goes wrong.
        gate: what holds the rest of a stream.
    """

    answer: Answer | None = None
    fault: Fault | None = None
    gate: Gate | None = None


class Script:
    """The steps that wait for the next requests, each key its own; a wrong request takes none."""

    def __init__(self) -> None:
        self._steps: dict[str, deque[Step]] = {}
        self._lock = threading.Lock()

    def add(self, key: str, step: Step) -> None:
        """Let one request that uses ``key`` meet ``step``, after those that wait already."""
        with self._lock:
            self._steps.setdefault(digest(key), deque()).append(step)

    def next(self, name: str) -> Step:
        """Take the next step for a key, given by its digest; an empty one if none waits."""
        with self._lock:
            steps = self._steps.get(name)
            return steps.popleft() if steps else Step()

    def put_back(self, name: str, step: Step) -> None:
        """Let ``step`` wait again, as the first."""
        with self._lock:
            if step != Step():
                self._steps[name].appendleft(step)

    def forget(self, key: str) -> None:
        """Drop all steps of a key."""
        with self._lock:
            self._steps.pop(digest(key), None)
