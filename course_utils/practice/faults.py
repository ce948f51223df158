"""Trouble on request, and the pace of a reply: what a header or a call asks the server to do."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from course_utils.practice.errors import ApiError

FAULT_HEADER = "x-practice-fault"
PACE_HEADER = "x-practice-pace"


@dataclass(frozen=True)
class Pace:
    """How fast a reply comes.

    Attributes:
        tokens_per_second: 0 for as fast as it goes.
        first_token: seconds until the first token.
    """

    tokens_per_second: float = 0.0
    first_token: float = 0.0

    def seconds(self, tokens: int) -> float:
        """Return how long the first ``tokens`` tokens of a reply take, in seconds."""
        if not self.tokens_per_second:
            return self.first_token
        return self.first_token + tokens / self.tokens_per_second


FAST = Pace()
LIFELIKE = Pace(tokens_per_second=80, first_token=0.1)
SLOW = Pace(tokens_per_second=12, first_token=0.4)
_PACES = {"fast": FAST, "lifelike": LIFELIKE, "slow": SLOW}


def pace_of(header: str | None, default: Pace) -> Pace:
    """Read ``x-practice-pace``: ``fast``, ``lifelike``, ``slow``, or a number of tokens a second.

    Raises:
        ApiError: it is none of these.
    """
    if header is None:
        return default
    if header in _PACES:
        return _PACES[header]
    try:
        tokens_per_second = float(header)
    except ValueError:
        tokens_per_second = -1
    if not 0 < tokens_per_second < float("inf"):
        raise ApiError(
            f"{PACE_HEADER} takes {', '.join(_PACES)} or tokens per second, not '{header}'."
        )
    return Pace(tokens_per_second)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        status: answer with this HTTP error instead of a completion.
        retry_after: seconds for the error's Retry-After header.
        cut_after: break the connection after this many events of a stream.
    """

    status: int | None = None
    retry_after: float | None = None
    cut_after: int | None = None

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read ``"status=429; retry-after=1"`` or ``"cut-after=5"``.

        Raises:
            ApiError: a part that is not one of these.
        """
        values: dict[str, float] = {}
        for part in text.split(";"):
            name, _, value = part.strip().partition("=")
            if name not in ("status", "retry-after", "cut-after") or not _is_number(value):
                raise ApiError(
                    f"{FAULT_HEADER} takes status=…, retry-after=… and cut-after=…, not '{part}'."
                )
            values[name] = float(value)
        status, cut = values.get("status"), values.get("cut-after")
        return cls(
            None if status is None else int(status),
            values.get("retry-after"),
            None if cut is None else int(cut),
        )

    def error(self) -> ApiError | None:
        """Return the error to answer with, or None when the fault comes later."""
        if self.status is None:
            return None
        message, kind, code = _ERRORS.get(self.status, _SERVER_ERROR)
        after = self.retry_after
        headers = {} if after is None else {"retry-after": f"{after:g}"}
        return ApiError(message, status=self.status, type=kind, code=code, headers=headers)


_SERVER_ERROR = (
    "The server had an error while processing your request. Sorry about that!",
    "server_error",
    None,
)
_ERRORS: dict[int, tuple[str, str, str | None]] = {
    429: (
        "Rate limit reached for requests. Please try again later.",
        "requests",
        "rate_limit_exceeded",
    ),
    503: (
        "The engine is currently overloaded, please try again later.",
        "server_error",
        None,
    ),
}


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


class Faults:
    """The faults that wait for the next requests, oldest first."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()
        self._lock = threading.Lock()

    def add(self, fault: str, times: int = 1) -> None:
        """Let the next ``times`` requests meet ``fault``, written as in the header.

        Raises:
            ApiError: the fault is not written as :meth:`Fault.parse` reads it.
        """
        with self._lock:
            self._waiting.extend([Fault.parse(fault)] * times)

    def next(self, header: str | None) -> Fault:
        """Return the fault for this request: its header's, else the next that waits, else none."""
        if header is not None:
            return Fault.parse(header)
        with self._lock:
            return self._waiting.popleft() if self._waiting else Fault()
