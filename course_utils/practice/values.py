"""Values for the fields of a schema: what the user said where it fits, else what is allowed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from course_utils.practice import facts
from course_utils.practice.errors import ApiError
from course_utils.practice.prompt import Prompt
from course_utils.practice.topics.names import told_name

MOST = 200_000
"""The size that no honest request asks for."""

_SAID = 100_000.0  # how much likelier an allowed value is that the user named
_FORMATS = {
    "date": "2026-01-31",
    "time": "09:30:00Z",
    "date-time": "2026-01-31T09:30:00Z",
    "duration": "P1D",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "https://example.com/",
}


@dataclass
class Values:
    """Finds values in what the user said last.

    Attributes:
        prompt: where values are looked for.
        used: the values that stand somewhere already; others come first.
        thing: the one thing that all of this is about, as in one line of an order.
    """

    prompt: Prompt
    used: set[Any] = field(default_factory=set)
    thing: str | None = None

    def weights(self, allowed: Iterable[Any]) -> list[float]:
        """Return how likely each allowed value is: the ones that the user named, far more."""
        said = self.prompt.text.lower()
        return [
            _SAID if one and one.lower() in said and one not in self.used else 1.0
            for one in map(str, allowed)
        ]

    def number(self, schema: Mapping[str, Any], kind: str) -> float:
        """Return a number that the user said if one fits the schema, else the least that does.

        Raises:
            ApiError: no number lies between the schema's bounds.
        """
        try:
            return _plain(self._number(schema, kind))
        except (ArithmeticError, ValueError):  # bounds that no arithmetic reaches
            raise _no_number() from None

    def _number(self, schema: Mapping[str, Any], kind: str) -> float:
        step = schema.get("multipleOf") or (1 if kind == "integer" else None)
        low, high = _bounds(schema, step)
        text = self.prompt.text
        said = (*facts.numbers(text), *(count for _, count in facts.counted(text)))
        for number in filter(math.isfinite, said):  # 400 digits are infinity
            fits = low <= number <= high and (not step or math.isclose(number % step, 0))
            if fits and number not in self.used:
                self.used.add(number)
                return number
        number = low if low > -math.inf else min(high, 0.0)
        return math.ceil(number / step) * step if step else number

    def formatted(self, name: str) -> str:
        """Return a text of a JSON schema's ``format``, the user's own where there is one."""
        text = self.prompt.text
        found = {"date": facts.dates, "email": facts.emails, "uri": facts.urls}
        said = found[name](text) if name in found else []
        return said[0] if said else _FORMATS.get(name, text)

    def take(self, about: str) -> str | None:
        """Return what :meth:`find` does, so that it comes last from now on."""
        found = self.find(about)
        if found is not None:
            self.used.add(found)
        return found

    def find(self, about: str) -> str | None:
        """Return what the user said for a field whose name and description are ``about``."""
        if self.thing is not None:
            return self.thing
        text = self.prompt.text
        finders: list[tuple[str, list[str]]] = [
            (r"city|location|place|country|도시|장소|위치|지역|나라", facts.places(text)),
            (r"date|\bday\b|날짜|일자", facts.dates(text)),
            (r"mail|메일", facts.emails(text)),
            (r"\burl|link|address|주소|링크", facts.urls(text)),
            (r"name|person|who|이름|사람", [name] if (name := told_name(text)) else []),
            (r"item|menu|product|메뉴|품목|상품", [what for what, _ in facts.counted(text)]),
        ]
        for pattern, found in finders:
            if found and re.search(pattern, about):
                return next((each for each in found if each not in self.used), found[0])
        asked = {*self.prompt.keys, *self.used}
        quoted = next((each for each in facts.quoted(text) if each not in asked), None)
        asks = re.search(r"query|question|prompt|input|질문|검색", about)
        return quoted or (text if asks else None)


def named_in(schema: Mapping[str, Any], text: str) -> list[str]:
    """Return the values of a property that ``text`` names, for the first that lists its values."""
    for each in (schema.get("properties") or {}).values():
        allowed = each.get("enum") if isinstance(each, Mapping) else None
        if allowed and all(isinstance(one, str) for one in allowed):
            return [one for one in allowed if one and one.lower() in text.lower()]
    return []


def fit(text: str, schema: Mapping[str, Any]) -> str:
    """Cut or fill a text to the schema's length, counted in characters.

    Raises:
        ApiError: the least length is too large.
    """
    low, high = schema.get("minLength", 0), schema.get("maxLength", 400)
    if low > MOST:
        raise too_large()
    return text[:high].ljust(low, ".")


def too_large() -> ApiError:
    """Return the 400 for a schema that would fill the memory."""
    return ApiError("Invalid schema: what it asks for is too large for the practice server.")


def dumped(value: Any) -> str:
    """Return a value as compact JSON, Hangul as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(number: float) -> float:
    return int(number) if number == int(number) else number


def _bounds(schema: Mapping[str, Any], step: float | None) -> tuple[float, float]:
    nudge = step or 1e-6
    low = schema.get("minimum", -math.inf)
    high = schema.get("maximum", math.inf)
    if "exclusiveMinimum" in schema:
        low = max(low, schema["exclusiveMinimum"] + nudge)
    if "exclusiveMaximum" in schema:
        high = min(high, schema["exclusiveMaximum"] - nudge)
    if low > high:
        raise _no_number()
    return low, high


def _no_number() -> ApiError:
    return ApiError("Invalid schema: no number lies between its bounds.", param="schema")
