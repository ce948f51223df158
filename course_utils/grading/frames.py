"""JSON messages over a socket, each behind its length; what comes in is not trusted."""

from __future__ import annotations

import json
import re
import socket
import struct
import time
from typing import Any

_HEAD = struct.Struct("!I")
_DEEPEST = 60
_DECIMAL = re.compile(r"[-+]?[0-9.]{1,100}(E[-+]?[0-9]{1,3})?|-?(NaN|Infinity)", re.ASCII)


class BadFrameError(ValueError):
    """What came is no message, or none that may come."""


def pack(data: Any) -> bytes:
    """Return a message as bytes; all of ASCII, so that half a character is no trouble."""
    body = json.dumps(data, default=str).encode("ascii")
    return _HEAD.pack(len(body)) + body


class Frames:
    """Reads messages from a socket.

    Args:
        source: a stream socket.
        longest: the most bytes that a message may have.

    Attributes:
        taken: all bytes that came so far.
    """

    def __init__(self, source: socket.socket, longest: int) -> None:
        self._source = source
        self._longest = longest
        self._held = bytearray()
        self.taken = 0

    def next(self, until: float) -> dict[str, Any]:
        """Return the next message; ``until`` is a time of the monotonic clock.

        Raises:
            TimeoutError: none came in time.
            EOFError: the other end is gone.
            BadFrameError: it is too long, or no JSON object.
        """
        body = self._body(until)
        try:
            found = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadFrameError(str(error)) from None
        if not isinstance(found, dict):
            raise BadFrameError("no object")
        made: dict[str, Any] = _clean(found, 0)
        return made

    def _body(self, until: float) -> bytes:
        self._fill(_HEAD.size, until)
        (length,) = _HEAD.unpack_from(self._held)
        if length > self._longest:
            raise BadFrameError("too long")
        self._fill(_HEAD.size + length, until)
        body = bytes(self._held[_HEAD.size : _HEAD.size + length])
        del self._held[: _HEAD.size + length]
        return body

    def _fill(self, count: int, until: float) -> None:
        while len(self._held) < count:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._source.settimeout(left)
            try:
                data = self._source.recv(1 << 16)
            except ConnectionError:
                raise EOFError from None
            if not data:
                raise EOFError
            self.taken += len(data)
            self._held += data


def _clean(data: Any, depth: int) -> Any:
    """Copy JSON data without what could harm who reads it: depth, huge numbers, half characters."""
    if depth > _DEEPEST:
        raise BadFrameError("too deep")
    if isinstance(data, str):
        return data if data.isascii() else data.encode("utf-8", "replace").decode("utf-8")
    if isinstance(data, list):
        return [_clean(each, depth + 1) for each in data]
    if isinstance(data, dict):
        if data.get("$") == "decimal" and not _DECIMAL.fullmatch(str(data.get("value"))):
            raise BadFrameError("no decimal")
        return {_clean(key, depth): _clean(each, depth + 1) for key, each in data.items()}
    if isinstance(data, int) and data.bit_length() > 4096:
        raise BadFrameError("too large")
    return data
