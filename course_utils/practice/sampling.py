"""Draws one token at a time, reshaped by the request's sampling parameters.

The order is the one OpenAI documents for its own parameters: bias and penalties are added to the
logits, temperature divides them, top_p then keeps the smallest set of tokens that holds that much
probability.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from course_utils.practice.request import ChatRequest


@dataclass(frozen=True)
class Sampler:
    """The sampling parameters of a request.

    Attributes:
        bias: what is added to a token's logit, by token.
        presence: taken from the logit of every token that has appeared.
        frequency: taken from a token's logit once for each time it has appeared.
        temperature: 0 takes the most probable token; 1 leaves the probabilities as they are.
        top_p: the probability that the kept tokens hold together.
    """

    bias: dict[int, float]
    presence: float
    frequency: float
    temperature: float
    top_p: float

    @classmethod
    def of(cls, request: ChatRequest) -> Sampler:
        """Read the parameters of a request, with the API's defaults."""
        bias = request.body.get("logit_bias") or {}
        return cls(
            bias={int(token): float(value) for token, value in bias.items()},
            presence=request.number("presence_penalty", 0),
            frequency=request.number("frequency_penalty", 0),
            temperature=request.number("temperature", 1),
            top_p=request.number("top_p", 1),
        )

    @cached_property
    def banned(self) -> frozenset[int]:
        """The tokens that may not appear: those with a bias of -100."""
        return frozenset(token for token, bias in self.bias.items() if bias <= -100)

    @property
    def plain(self) -> bool:
        """Whether the probabilities stay as they are."""
        neutral = self.temperature == 1 and self.top_p == 1 and not self.bias
        return neutral and not self.counts

    @property
    def counts(self) -> bool:
        """Whether it matters which tokens have appeared."""
        return bool(self.presence or self.frequency)

    def reshape(self, tokens: dict[int, float], seen: Counter[int]) -> dict[int, float]:
        """Return the distribution to draw from, likeliest first; it sums to 1."""
        free = {token: share for token, share in tokens.items() if token not in self.banned}
        logits = {token: self._logit(token, share, seen) for token, share in free.items()}
        best = max(logits.values())
        if self.temperature == 0:
            winner = min(token for token, logit in logits.items() if logit == best)
            return {winner: 1.0}
        odds = {t: math.exp((logit - best) / self.temperature) for t, logit in logits.items()}
        possible = [(token, odd) for token, odd in odds.items() if odd > 0]
        ranked = sorted(possible, key=lambda item: (-item[1], item[0]))
        return self._nucleus(ranked, sum(odds.values()))

    def _logit(self, token: int, share: float, seen: Counter[int]) -> float:
        times = seen[token]
        penalty = self.frequency * times + (self.presence if times else 0.0)
        return math.log(share) + self.bias.get(token, 0.0) - penalty

    def _nucleus(self, ranked: list[tuple[int, float]], total: float) -> dict[int, float]:
        kept: dict[int, float] = {}
        mass = 0.0
        for token, odds in ranked:
            kept[token] = odds
            mass += odds
            # The tolerance keeps rounding from adding a token that top_p has already paid for.
            if mass >= self.top_p * total * (1 - 1e-12):
                break
        return {token: odds / mass for token, odds in kept.items()}


def draw(distribution: dict[int, float], generator: random.Random) -> int:
    """Draw one token; the same generator state gives the same token on every machine."""
    point = generator.random()
    for token, share in distribution.items():
        point -= share
        if point < 0:
            return token
    return next(reversed(distribution))
