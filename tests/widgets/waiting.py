"""Waiting for what a thread does."""

from __future__ import annotations

import time
from collections.abc import Callable

LONGEST = 30


def until(is_so: Callable[[], object]) -> None:
    """Wait for it, and fail if it never comes."""
    deadline = time.monotonic() + LONGEST
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)
