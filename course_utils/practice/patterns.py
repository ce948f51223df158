"""Texts that a regular expression matches: the user's own words where they do, else made up.

Whoever sends a pattern may ask for more than any memory holds, so its size is known before it is
followed.
"""

from __future__ import annotations

import random
import re
import string
import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

import regex  # type: ignore[import-untyped]  # of all engines the one with a time limit
import rstr
from rstr.xeger import STAR_PLUS_LIMIT

from course_utils.practice.errors import ApiError
from course_utils.practice.values import MOST, too_large

_sre: Any = import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

_LONGEST = 10_000  # characters of a pattern; reading one takes time for each
_STEPS = 4 * MOST  # what putting together a text of that size takes
_SEARCH_SECONDS = 0.05  # a pattern that somebody sent may need years


def matching(pattern: str, text: str) -> str:
    """Return what matches a regular expression from end to end, out of ``text`` if that has it.

    Raises:
        ApiError: a pattern that Python cannot follow, or one whose text would be too large.
    """
    if len(pattern) > _LONGEST:
        raise too_large()
    try:
        least = _least(_sre.parse(pattern))
        if least > MOST:
            raise too_large()
        # regex takes memory for each repetition that must be; a text has no room for so many.
        said = _found(pattern, text) if least <= _LONGEST else None
        made = said or _Maker(pattern).xeger(pattern)
    except (re.error, ValueError, LookupError, ArithmeticError, RuntimeError, MemoryError):
        raise ApiError(f"Invalid schema: the pattern '{pattern}' cannot be followed.") from None
    if len(made) > MOST:
        raise too_large()
    return made


def _least(part: Any) -> int:
    """Count the states of a parsed pattern, each as often as it must come, in all branches."""
    if isinstance(part, _sre.SubPattern):
        return sum(_times(op, value) * max(1, _least(value)) for op, value in part)
    return sum(map(_least, part)) if isinstance(part, tuple | list) else 0


def _times(op: Any, value: Any) -> int:
    return max(1, value[0]) if str(op).endswith("_REPEAT") else 1


def _found(pattern: str, text: str) -> str | None:
    """Return the first part of a text that a pattern matches by itself."""
    try:
        inner = _compiled(pattern.removeprefix("^").removesuffix("$"))
        for match in inner.finditer(text[:2_000], timeout=_SEARCH_SECONDS):
            one: str = match.group()
            if one and _compiled(pattern).fullmatch(one, timeout=_SEARCH_SECONDS):
                return one
    except (regex.error, TimeoutError):
        pass
    return None


@lru_cache(maxsize=32)
def _compiled(pattern: str) -> Any:
    return regex.compile(pattern, cache_pattern=False)  # its own cache holds 500, however large


class _Maker(rstr.Rstr):
    """Makes a text; unlike rstr's own it repeats as often as it must, and ends before it is huge.

    Seeded by the pattern, so the same schema is filled the same way everywhere.
    """

    def __init__(self, pattern: str) -> None:
        super().__init__(random.Random(pattern))
        self._left = _STEPS

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise too_large()

    def _handle_state(self, state: Any) -> Any:
        made = super()._handle_state(state)
        self._spend(1 + len(made))
        return made

    def _handle_repeat(self, start_range: int, end_range: int, value: Any) -> str:
        most = max(start_range, min(end_range, STAR_PLUS_LIMIT))
        times = self._random.randint(start_range, most)
        self._spend(times)
        return "".join(self._handle_state(each) for _ in range(times) for each in value)

    def _handle_in(self, value: Any) -> str:
        negated = str(value[0][0]) == "NEGATE"
        spans = [self._span(*each) for each in value[negated:]]
        if negated:
            others = map(ord, string.printable)
            spans = [[one for one in others if not any(one in span for span in spans)]]
        index = self._random.randrange(sum(map(len, spans)))
        while index >= len(spans[0]):
            index -= len(spans.pop(0))
        return chr(spans[0][index])

    def _span(self, op: Any, value: Any) -> Sequence[int]:
        """Return characters of a set by their numbers; a range, which may be long, unlisted."""
        if str(op) == "RANGE":
            return range(value[0], value[1] + 1)
        return [ord(one) for one in self._handle_state((op, value))]
