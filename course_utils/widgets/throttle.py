"""Doing something often enough for the eye, and not more often than a page can bear."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, RLock, Timer
from time import monotonic

__all__ = ["Throttle"]


class Throttle:
    """Calls ``work`` when called, but at most once in ``every`` seconds; the last call counts.

    What comes too early is done when its time has come, so the last state is always seen. Thread
    safe: ``work`` never runs twice at the same time.
    """

    def __init__(self, work: Callable[[], None], every: float) -> None:
        self._work, self._every = work, every
        self._waiting: Timer | None = None
        self._done_at = 0.0
        self._lock, self._working = Lock(), RLock()

    def __call__(self) -> None:
        """Do it now, or as soon as it is time."""
        with self._lock:
            wait = self._done_at + self._every - monotonic()
            if wait > 0 and self._waiting is None:
                self._waiting = Timer(wait, self.now)
                self._waiting.daemon = True
                self._waiting.start()
        if wait <= 0:
            self.now()

    def now(self) -> None:
        """Do it at once."""
        with self._lock:
            if self._waiting is not None:
                self._waiting.cancel()
                self._waiting = None
            self._done_at = monotonic()
        with self._working:
            self._work()
