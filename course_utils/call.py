"""One Chat Completions call seen as money: the most that it can cost, and what it did cost."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from course_utils import catalog, cost
from course_utils.errors import UnknownPriceError
from course_utils.tokens import count_message_tokens, count_tokens

# With the project's own setting, auto may be priority, so the account's limit must hold that.
_TIERS = (None, "auto", "default", "flex")


@dataclass(frozen=True)
class Call:
    """The body of a request, parsed, and its size in bytes.

    A body may be anything that a reader tries: what the API would refuse must arrive there to be
    refused, so nothing here raises because of it.
    """

    model: str
    body: dict[str, Any]
    size: int

    @classmethod
    def read(cls, content: bytes) -> Call | None:
        """Read a request's body; None for one that names no model, which no server answers."""
        try:
            body = json.loads(content)
            return cls(str(body["model"]), body, len(content))
        except (ValueError, TypeError, KeyError):
            return None

    def has_price(self) -> bool:
        """Tell whether it can be priced: by tokens of text, at the standard tier or a cheaper one.

        Sound, searches and faster tiers cost more than that, and not all of it by tokens.
        """
        return _has_price(self.model) and not self._extras()

    @property
    def what(self) -> str:
        """What is called, for a message about its price: the model, and what makes it dearer."""
        return " + ".join([self.model, *self._extras()])

    def bound(self, *, exactly: bool = False) -> Decimal:
        """Tell the most that the call can cost in dollars, at the standard tier's prices.

        The prompt has at most as many tokens as the body has bytes, since a token is at least a
        byte, and all of it may be written to the cache. ``exactly`` counts the messages instead,
        which is slower.
        """
        prompt = self._prompt_bound(exactly)
        reply = self._reply_bound()
        return cost.estimate(prompt, reply, model=self.model, cache_write_tokens=prompt)

    def cost(self, text: str) -> Decimal:
        """Tell what the call cost in dollars, by the body of its response as far as it came.

        Exact where that has ``usage``. Otherwise the prompt and the text that came are counted
        here; reasoning tokens that nobody reported are then missing. Raises :class:`ValueError`
        for a body that is neither JSON nor server-sent events.
        """
        payloads = []
        for payload in _from_the_end(text):
            if payload.get("usage"):
                return cost.cost(payload["usage"], model=self.model)
            payloads.append(payload)
        if not payloads and not self.body.get("stream"):
            raise ValueError("no JSON")
        completion = sum(count_tokens(t, model=self.model) for t in _texts(reversed(payloads)))
        messages, tools = self.body["messages"], self.body.get("tools")
        prompt = count_message_tokens(messages, tools, model=self.model)
        return cost.estimate(prompt, completion, model=self.model)

    def _extras(self) -> list[str]:
        extras = [name for name in ("audio", "web_search_options") if self.body.get(name)]
        extras += re.findall("audio|search", self.model)
        tier = self.body.get("service_tier")
        return extras if tier in _TIERS else [*extras, f"service_tier={tier}"]

    def _prompt_bound(self, exactly: bool) -> int:
        window = self._limit("context_window")
        if self._has_media():  # an image's address is short, but its tokens are many
            return window
        size = min(self.size, window)
        if not exactly:
            return size
        rest = {key: value for key, value in self.body.items() if key != "messages"}
        try:
            messages = count_message_tokens(self.body["messages"], model=self.model)
        except Exception:  # messages that the API will refuse
            return size
        return min(size, messages + len(json.dumps(rest)))

    def _reply_bound(self) -> int:
        limit = self._number("max_completion_tokens", "max_tokens")
        if limit is None:
            limit = self._limit("max_output")
        # The tokens of a prediction that the model rejects are paid like those of the reply.
        predicted = len(json.dumps(self.body["prediction"])) if "prediction" in self.body else 0
        return max(limit, 0) * max(self._number("n") or 1, 1) + predicted

    def _number(self, *names: str) -> int | None:
        values = (self.body.get(name) for name in names)
        return next((value for value in values if isinstance(value, int)), None)

    def _limit(self, name: str) -> int:
        """Give a limit of the model, or the largest of all for one that is not in the catalogue."""
        known = catalog.find(self.model)
        models = [known] if known else catalog.models()
        return int(max(getattr(model, name) for model in models))

    def _has_media(self) -> bool:
        messages = _dicts(self.body.get("messages"))
        parts = [part for message in messages for part in _dicts(message.get("content"))]
        return any(part.get("type") not in ("text", "refusal") for part in parts)


@cache
def _has_price(model: str) -> bool:
    try:
        cost.estimate(1, 1, model=model)
    except UnknownPriceError:
        return False
    return True


def _from_the_end(text: str) -> Iterator[dict[str, Any]]:
    """Yield a response's JSON objects, the last first: one, or each server-sent event's."""
    if text.lstrip().startswith("{"):
        yield json.loads(text)
        return
    for line in reversed(re.split(r"\r\n|\r|\n", text)):
        if line.startswith("data:"):
            with suppress(ValueError):  # [DONE], or an event that was cut off
                yield from _dicts([json.loads(line.removeprefix("data:"))])


def _texts(payloads: Iterable[dict[str, Any]]) -> list[str]:
    """Put together every text that a model wrote, out of whole messages or of deltas."""
    texts: dict[tuple[Any, ...], str] = defaultdict(str)
    for payload in payloads:
        for choice in _dicts(payload.get("choices")):
            part = choice.get("delta") or choice.get("message") or {}
            for name in ("content", "refusal"):
                texts[choice.get("index"), name] += part.get(name) or ""
            for call in _dicts(part.get("tool_calls")):
                for piece in (call.get("function") or call.get("custom") or {}).values():
                    texts[choice.get("index"), "call", call.get("index")] += piece or ""
    return list(texts.values())


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
