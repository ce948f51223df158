"""A result that is on its way: await it in a notebook, or wait for it anywhere else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any, TypeVar

__all__ = ["Pending", "in_background"]

T = TypeVar("T")


class Pending(Future[T]):
    """What a thread will give: ``await pending``, or ``pending.result()``.

    The work goes on whether somebody waits or not, so a kernel is free for other cells meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self.set_running_or_notify_cancel()  # who gives up waiting does not cancel the work

    def __await__(self) -> Generator[Any, None, T]:
        return asyncio.wrap_future(self).__await__()


def in_background(work: Callable[[], None]) -> None:
    """Run ``work`` in a thread that does not keep the process alive."""
    threading.Thread(target=work, daemon=True).start()
