"""What a student's function prints, when that could be seen, and what it gets to read."""

from __future__ import annotations

import builtins
import contextlib
import io
import time
from collections.abc import Callable, Iterable
from typing import Any

Seen = Callable[[str], None]


class Output(io.TextIOBase):
    """Standard output and input while a student's function runs: use it in a ``with`` block.

    What is printed becomes visible, as in a terminal, when its line ends or when it is flushed.

    Args:
        seen: called with each piece as it becomes visible.
        typed: the lines that ``input()`` gets.

    Attributes:
        pieces: what became visible, each with its seconds since the beginning.
    """

    def __init__(self, seen: Seen, typed: Iterable[str]) -> None:
        self.pieces: list[tuple[float, str]] = []
        self._seen = seen
        self._typed = iter(typed)
        self._held = ""
        self._began = time.monotonic()
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Output:
        self._stack.enter_context(contextlib.redirect_stdout(self))
        self._stack.callback(setattr, builtins, "input", builtins.input)
        builtins.input = self._input
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()
        self.flush()

    def write(self, text: str) -> int:
        """Take a text; its whole lines become visible."""
        self._held += text
        whole, end, rest = self._held.rpartition("\n")
        if end:
            self._held = rest
            self._show(whole + end)
        return len(text)

    def flush(self) -> None:
        """Let what is held become visible."""
        held, self._held = self._held, ""
        if held:
            self._show(held)

    def give(self, item: Any) -> None:
        """Show an item of an iterator, as one who prints each would."""
        if isinstance(item, str):
            self._seen(item)

    def _show(self, text: str) -> None:
        self.pieces.append((round(time.monotonic() - self._began, 4), text))
        self._seen(text)

    def _input(self, prompt: object = "") -> str:
        self.write(str(prompt))
        try:
            line = next(self._typed)
        except StopIteration:
            raise EOFError("there is no more input") from None
        self.write(f"{line}\n")
        return str(line)
