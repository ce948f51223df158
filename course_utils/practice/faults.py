"""Trouble on request, and the pace of a reply: what a header or a call asks the server to do."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, replace
from typing import Any

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


_NUMBERS = ("status", "retry-after", "cut-after", "error-after", "hang", "first-token", "malformed")
_FIELDS = (*_NUMBERS, "code")


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        status: answer with this HTTP error instead of a completion.
        retry_after: seconds for the error's Retry-After header.
        cut_after: break the connection after this many events of a stream.
        error_after: send an error event after this many events of a stream, and end it.
        hang: say nothing for this many seconds, then go on.
        first_token: seconds until the first token, instead of the pace's own.
        malformed: how many bytes to leave out at the end of the JSON of a whole reply.
        code: which of a status's errors: ``insufficient_quota`` (429); None is the usual one.
    """

    status: int | None = None
    retry_after: float | None = None
    cut_after: int | None = None
    error_after: int | None = None
    hang: float = 0.0
    first_token: float | None = None
    malformed: int = 0
    code: str | None = None

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read ``"status=429; retry-after=1"`` or ``"cut-after=5"``: a field and its value each.

        Raises:
            ApiError: a part that is not one of these.
        """
        values: dict[str, Any] = {}
        for part in text.split(";"):
            name, _, value = part.strip().partition("=")
            if name == "code" and value in _CODES:
                values[name] = value
                continue
            if name not in _NUMBERS or not _is_number(value):
                raise ApiError(
                    f"{FAULT_HEADER} takes {', '.join(f'{each}=…' for each in _FIELDS)}, with "
                    f"semicolons between, not '{part}'."
                )
            values[name.replace("-", "_")] = float(value)
        for name in ("status", "cut_after", "error_after", "malformed"):
            if name in values:
                values[name] = int(values[name])
        return cls(**values)

    def slowed(self, pace: Pace) -> Pace:
        """Return ``pace`` with this fault's time to the first token."""
        return pace if self.first_token is None else replace(pace, first_token=self.first_token)

    def error(self) -> ApiError | None:
        """Return the error to answer with, or None when the fault comes later."""
        if self.status is None:
            return None
        message, kind, code = _ERRORS.get(self.status, _SERVER_ERROR)
        if self.code:
            message, kind, code = _CODES[self.code]
        elif self.status < 500 and self.status not in _ERRORS:
            message, kind = "The request was refused.", "invalid_request_error"
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
_CODES = {
    "insufficient_quota": (
        "You exceeded your current quota, please check your plan and billing details. For more "
        "information on this error, read the docs: "
        "https://platform.openai.com/docs/guides/error-codes/api-errors.",
        "insufficient_quota",
        "insufficient_quota",
    ),
}


def error_event() -> bytes:
    """Return the server-sent event of an error that comes when the stream has already begun."""
    message, kind, code = _SERVER_ERROR
    body = ApiError(message, type=kind, code=code).body()
    return f"data: {json.dumps(body, separators=(',', ':'))}\n\n".encode()


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def of_model(name: object) -> tuple[object, str | None]:
    """Split a model's name from the fault behind its ``@``: for clients that cannot set headers.

    ``"gpt-4o@status=429"`` gives ``("gpt-4o", "status=429")``; a plain name gives itself and None.
    """
    if not isinstance(name, str) or "@" not in name:
        return name, None
    model, _, fault = name.partition("@")
    return model, fault


_NONE = Fault()


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

    def next(self, asked: str | None) -> Fault:
        """Return the fault a request asked for, else the next that waits, else none."""
        if asked is not None:
            return Fault.parse(asked)
        with self._lock:
            return self._waiting.popleft() if self._waiting else _NONE
