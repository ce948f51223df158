"""What crossed the wire, as it crossed it; keys are masked before anything is kept."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from course_utils.practice.errors import mask


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
    """

    method: str
    path: str
    headers: dict[str, str]
    body: str
    key: str
    status: int = 0
    _sent: list[tuple[float, bytes]] = field(default_factory=list, repr=False)
    _since: float = field(default_factory=time.monotonic, repr=False)

    @property
    def seconds(self) -> float:
        """How long ago the exchange began."""
        return time.monotonic() - self._since

    def sent(self, data: bytes) -> None:
        """Note a piece of the response's body."""
        self._sent.append((self.seconds, data))

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
    """

    def __init__(self, limit: int = 1000) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=limit)

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
        text = body.decode("utf-8", "replace")
        exchange = Exchange(method, path, kept, text, digest(key))
        self._exchanges.append(exchange)
        return exchange

    def of(self, key: str) -> list[Exchange]:
        """Return the exchanges that used ``key``."""
        return [each for each in self if each.key == digest(key)]

    def clear(self) -> None:
        """Forget everything."""
        self._exchanges.clear()

    def __iter__(self) -> Iterator[Exchange]:
        return iter(list(self._exchanges))

    def __len__(self) -> int:
        return len(self._exchanges)

    def __getitem__(self, index: int) -> Exchange:
        return self._exchanges[index]


def digest(key: str) -> str:
    """Return what stands for a key wherever it must not stand itself."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
