"""The rate-limit headers: what they would say if the practice server limited anybody."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from time import monotonic

from course_utils.practice.wirelog import Exchange

PER_MINUTE = {"requests": 500, "tokens": 500_000}
"""How much each key may do in a minute, or would, if anybody were limited."""


class RateLimits:
    """What is left of each key's minute.

    As at the API, a limit is a vessel that fills up again evenly: of 500 requests a minute one
    comes back every 120 ms. Nothing is refused; at zero it stays zero.
    """

    def __init__(self) -> None:
        self._levels: dict[tuple[str, str], _Level] = defaultdict(_Level)

    def headers(self, exchange: Exchange) -> dict[str, str]:
        """Count a request for a completion, and return its ``x-ratelimit-…`` headers.

        Its tokens are estimated from its length, four characters each: the API, too, counts before
        it knows. Other requests have no such headers.
        """
        if exchange.method != "POST" or not exchange.path.endswith("/chat/completions"):
            return {}
        amounts = {"requests": 1, "tokens": max(1, len(exchange.body) // 4)}
        headers = {}
        for what, limit in PER_MINUTE.items():
            used = self._levels[exchange.key, what].use(amounts[what], limit)
            headers[f"x-ratelimit-limit-{what}"] = f"{limit}"
            headers[f"x-ratelimit-remaining-{what}"] = f"{math.floor(limit - used)}"
            headers[f"x-ratelimit-reset-{what}"] = _duration(used * 60 / limit)
        return headers


@dataclass
class _Level:
    """How much is used at a moment."""

    used: float = 0.0
    at: float = 0.0

    def use(self, amount: int, limit: int) -> float:
        """Let come back what has come back, use ``amount``, and return how much is used now."""
        now = monotonic()
        left = max(0.0, self.used - (now - self.at) * limit / 60)
        self.used, self.at = min(left + amount, float(limit)), now
        return self.used


def _duration(seconds: float) -> str:
    """Write a duration as the API does: ``120ms``, ``1.5s``, ``1m0s``."""
    milliseconds = math.ceil(seconds * 1000 - 1e-6)  # rounding must not add one
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds / 1000, 60)
    return f"{minutes:.0f}m{rest:g}s" if minutes else f"{rest:g}s"
