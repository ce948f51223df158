"""What crossed the wire, as it crossed it; keys are masked before anything is kept."""

from __future__ import annotations

import hashlib
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from threading import RLock

from course_utils.practice.errors import mask

_MOST_BYTES = 64 << 20
_SECRETS = frozenset({"api-key", "x-api-key", "cookie", "proxy-authorization"})


@dataclass
class Exchange:
    """One request and its response.

    Attributes:
        method: the HTTP method.
        path: the path that was asked for.
        headers: the request's headers, the key masked.
        body: the request's body as text.
        status: the response's status; 0 while there is none.
        key: a digest of the key that was used.
        size: bytes of memory, about.
        log: where it is kept; None when it is not, or no longer.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: str
    key: str
    status: int = 0
    size: int = field(default=0, repr=False)
    log: WireLog | None = field(default=None, repr=False, compare=False)
    _sent: list[tuple[float, bytes]] = field(default_factory=list, repr=False)
    _since: float = field(default_factory=time.monotonic, repr=False)

    def __post_init__(self) -> None:
        said = sum(len(name) + len(value) for name, value in self.headers.items())
        self.size = sys.getsizeof(self.body) + len(self.path) + said

    @property
    def seconds(self) -> float:
        """How long ago the exchange began."""
        return time.monotonic() - self._since

    def sent(self, data: bytes) -> None:
        """Note a piece of the response's body."""
        self._sent.append((self.seconds, data))
        if self.log is not None:
            self.log.grow(self, sys.getsizeof(data))

    @property
    def began(self) -> float:
        """When the request had come, in seconds of the monotonic clock."""
        return self._since

    @property
    def chunks(self) -> list[tuple[float, str]]:
        """The response's body in the pieces that were sent, each with the seconds it took."""
        return [(seconds, data.decode("utf-8", "replace")) for seconds, data in self._sent]

    @property
    def response(self) -> str:
        """The whole body of the response."""
        return b"".join(data for _, data in self._sent).decode("utf-8", "replace")


class WireLog:
    """The last exchanges, oldest first; older ones are forgotten.

    Args:
        limit: how many exchanges are kept.
        most: how many bytes they may be together; the last one is kept whatever its size.
    """

    def __init__(self, limit: int = 1000, most: int = _MOST_BYTES) -> None:
        self._exchanges: deque[Exchange] = deque()
        self._limit = limit
        self._most = most
        self._size = 0
        self._lock = RLock()

    def open(
        self, method: str, path: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> Exchange:
        """Begin an exchange and keep it; of headers that come twice, the first."""
        kept: dict[str, str] = {}
        for name, value in headers:
            kept.setdefault(name, value)
        key = kept.get("authorization", "").removeprefix("Bearer ")
        if "authorization" in kept:
            kept["authorization"] = f"Bearer {mask(key)}"
        for name in kept.keys() & _SECRETS:
            kept[name] = mask(kept[name])
        text = body.decode("utf-8", "replace")
        exchange = Exchange(method, path, kept, text, digest(key), log=self)
        with self._lock:
            self._exchanges.append(exchange)
            self._size += exchange.size
            self._make_room()
        return exchange

    def grow(self, exchange: Exchange, size: int) -> None:
        """Count so many bytes more of an exchange, unless it is forgotten."""
        with self._lock:
            if exchange.log is not None:
                exchange.size += size
                self._size += size
                self._make_room()

    def _make_room(self) -> None:
        while len(self) > self._limit or (self._size > self._most and len(self) > 1):
            self._forget()

    def _forget(self) -> None:
        oldest = self._exchanges.popleft()
        oldest.log = None
        self._size -= oldest.size

    def of(self, key: str) -> list[Exchange]:
        """Return the exchanges that used ``key``."""
        return [each for each in self if each.key == digest(key)]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            while self._exchanges:
                self._forget()

    def __iter__(self) -> Iterator[Exchange]:
        return iter(list(self._exchanges))

    def __len__(self) -> int:
        return len(self._exchanges)

    def __getitem__(self, index: int) -> Exchange:
        return self._exchanges[index]


def digest(key: str) -> str:
    """Return what stands for a key wherever it must not stand itself."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
