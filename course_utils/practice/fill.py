"""Fills a JSON schema with what the user said, so that every path is valid against the schema."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import rstr

from course_utils.practice import facts
from course_utils.practice.errors import ApiError
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, Slot
from course_utils.practice.topics.names import told_name

_DEEP = 4
_MOST = 200_000
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


def fill(schema: Mapping[str, Any], prompt: Prompt, text: Reply | None = None) -> Reply:
    """Return JSON that is valid against ``schema``, as a reply in slots.

    Args:
        schema: a JSON schema, with ``$defs`` for its ``$ref``.
        prompt: where values are looked for.
        text: what the model would say in words; it goes into fields such as ``answer``.

    Raises:
        ApiError: no value can satisfy the schema, as when it requires itself without an end.
    """
    filler = _Filler(schema, prompt, text)
    return Reply(tuple(_joined(_bounded(filler.value(schema, "", 0)))))


def _bounded(slots: Iterator[Slot]) -> Iterator[Slot]:
    """Stop at a size that no honest request has, before it fills the memory."""
    size = 0
    for slot in slots:
        size += 1 + sum(len(text) for text, _ in slot)
        if size > _MOST:
            raise _too_large()
        yield slot


def _too_large() -> ApiError:
    return ApiError("Invalid schema: what it asks for is too large for the practice server.")


def _joined(slots: Iterator[Slot]) -> Iterator[Slot]:
    """Join fixed texts that follow each other."""
    held = ""
    for slot in slots:
        if len(slot) == 1:
            held += slot[0][0]
            continue
        if held:
            yield ((held, 1.0),)
        held = ""
        yield slot
    if held:
        yield ((held, 1.0),)


def _fixed(text: str) -> Slot:
    return ((text, 1.0),)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass
class _Filler:
    root: Mapping[str, Any]
    prompt: Prompt
    text: Reply | None
    used: set[Any] = field(default_factory=set)

    def value(self, schema: Any, name: str, depth: int) -> Iterator[Slot]:
        """Yield the slots of one value."""
        schema = self._resolve(schema)
        if depth > 64:
            raise ApiError("Invalid schema: it requires itself without an end.", param="schema")
        if "const" in schema:
            yield _fixed(_json(schema["const"]))
        elif schema.get("enum"):
            yield from self._enum(schema["enum"])
        elif branches := schema.get("anyOf") or schema.get("oneOf"):
            yield from self.value(self._branch(branches, depth), name, depth + 1)
        else:
            yield from self._typed(schema, name, depth)

    def _typed(self, schema: Mapping[str, Any], name: str, depth: int) -> Iterator[Slot]:
        kind = self._kind(schema, depth)
        if kind == "object":
            yield from self._object(schema, depth)
        elif kind == "array":
            yield from self._array(schema, name, depth)
        elif kind == "string":
            yield from self._string(schema, name)
        elif kind in ("integer", "number"):
            yield _fixed(_json(self._number(schema, kind)))
        elif kind == "boolean":
            yield (("true", 2.0), ("false", 1.0))
        else:
            yield _fixed("null")

    def _kind(self, schema: Mapping[str, Any], depth: int) -> str:
        kinds = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kinds, str):
            return kinds
        if depth > _DEEP and "null" in kinds:
            return "null"
        return next((kind for kind in kinds if kind != "null"), "null")

    def _resolve(self, schema: Any) -> Mapping[str, Any]:
        seen = 0
        while isinstance(schema, Mapping) and "$ref" in schema:
            schema, seen = self._at(schema["$ref"]), seen + 1
            if seen > 32:
                raise ApiError("Invalid schema: a $ref that leads to itself.", param="schema")
        return schema if isinstance(schema, Mapping) else {}

    def _at(self, reference: str) -> Any:
        found: Any = self.root
        for key in reference.removeprefix("#").strip("/").split("/") if reference != "#" else ():
            found = found.get(key) if isinstance(found, Mapping) else None
        return found

    def _branch(self, branches: list[Any], depth: int) -> Any:
        """Prefer the first branch that is not null; deep down, one that ends."""
        kinds = [self._resolve(branch).get("type") for branch in branches]
        wanted = [
            branch
            for branch, kind in zip(branches, kinds, strict=True)
            if (kind not in ("object", "array") if depth > _DEEP else kind != "null")
        ]
        return (wanted or branches)[0]

    def _enum(self, values: list[Any]) -> Iterator[Slot]:
        said = self.prompt.text.lower()
        weights = [50.0 if str(value) and str(value).lower() in said else 1.0 for value in values]
        if not all(isinstance(value, str) for value in values):
            yield tuple((_json(value), w) for value, w in zip(values, weights, strict=True))
            return
        # The quotation marks stand outside: inside, they would share a token with their neighbours.
        yield _fixed('"')
        yield tuple((_json(value)[1:-1], w) for value, w in zip(values, weights, strict=True))
        yield _fixed('"')

    def _object(self, schema: Mapping[str, Any], depth: int) -> Iterator[Slot]:
        properties = schema.get("properties") or {}
        wanted = schema.get("required")
        names = [name for name in properties if wanted is None or name in wanted]
        yield _fixed("{")
        for position, name in enumerate(names):
            yield _fixed(("," if position else "") + _json(name) + ":")
            yield from self.value(properties[name], name, depth + 1)
        yield _fixed("}")

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> Iterator[Slot]:
        low, high = schema.get("minItems", 0), schema.get("maxItems", 1_000)
        item = self._resolve(schema.get("items", {}))
        said = facts.items(self.prompt.text) if item.get("type") == "string" else []
        plain = bool(said) and not item.keys() & {"enum", "const", "format", "pattern"}
        wanted = len(said) if plain else (0 if depth > _DEEP else 2)
        count = max(low, min(high, wanted))
        yield _fixed("[")
        for position in range(count):
            yield _fixed("," if position else "")
            if plain and position < len(said):
                yield _fixed(_json(_fit(said[position], item)))
            else:
                yield from self.value(item, name, depth + 1)
        yield _fixed("]")

    def _number(self, schema: Mapping[str, Any], kind: str) -> float:
        step = schema.get("multipleOf") or (1 if kind == "integer" else None)
        low, high = _bounds(schema, step)
        said = [each for each in facts.numbers(self.prompt.text) if each not in self.used]
        for number in said:
            fits = low <= number <= high and (not step or math.isclose(number % step, 0))
            if fits:
                self.used.add(number)
                return int(number) if number == int(number) else number
        number = low if low > -math.inf else min(high, 0.0)
        if step:
            number = math.ceil(number / step) * step
        return int(number) if number == int(number) else number

    def _string(self, schema: Mapping[str, Any], name: str) -> Iterator[Slot]:
        if "pattern" in schema:
            yield _fixed(_json(_matching(schema["pattern"])))
            return
        if "format" in schema:
            yield _fixed(_json(self._formatted(schema["format"])))
            return
        about = f"{name} {schema.get('description', '')}".lower()
        value = self._said(about)
        limits = schema.keys() & {"minLength", "maxLength"}
        if value is None and self.text is not None and not limits:
            yield _fixed('"')
            for slot in self.text.slots:
                yield tuple((_json(text)[1:-1], weight) for text, weight in slot)
            yield _fixed('"')
            return
        yield _fixed(_json(_fit(value if value is not None else self.prompt.text, schema)))

    def _formatted(self, name: str) -> str:
        text = self.prompt.text
        found = {"date": facts.dates, "email": facts.emails, "uri": facts.urls}
        said = found[name](text) if name in found else []
        return said[0] if said else _FORMATS.get(name, text)

    def _said(self, about: str) -> str | None:
        """Return what the user said for a field whose name and description are ``about``."""
        text = self.prompt.text
        finders: list[tuple[str, list[str]]] = [
            (r"city|location|place|country|도시|장소|위치|지역|나라", facts.places(text)),
            (r"date|\bday\b|날짜|일자", facts.dates(text)),
            (r"mail|메일", facts.emails(text)),
            (r"\burl|link|address|주소|링크", facts.urls(text)),
            (r"name|person|who|이름|사람", [name] if (name := told_name(text)) else []),
        ]
        for pattern, found in finders:
            fresh = [each for each in found if each not in self.used] or found
            if re.search(pattern, about) and fresh:
                self.used.add(fresh[0])
                return fresh[0]
        quoted = [each for each in facts.quoted(text) if each not in self.used]
        if quoted:
            self.used.add(quoted[0])
            return quoted[0]
        return text if re.search(r"query|question|prompt|input|질문|검색", about) else None


def _bounds(schema: Mapping[str, Any], step: float | None) -> tuple[float, float]:
    nudge = step or 1e-6
    low = schema.get("minimum", -math.inf)
    high = schema.get("maximum", math.inf)
    if "exclusiveMinimum" in schema:
        low = max(low, schema["exclusiveMinimum"] + nudge)
    if "exclusiveMaximum" in schema:
        high = min(high, schema["exclusiveMaximum"] - nudge)
    if low > high:
        raise ApiError("Invalid schema: no number lies between its bounds.", param="schema")
    return low, high


def _fit(text: str, schema: Mapping[str, Any]) -> str:
    """Cut or fill a text to the schema's length, counted in characters."""
    low, high = schema.get("minLength", 0), schema.get("maxLength", 400)
    if low > _MOST:
        raise _too_large()
    return text[:high].ljust(low, ".")


def _matching(pattern: str) -> str:
    if any(int(count) > _MOST for count in re.findall(r"\d{5,}", pattern)):
        raise _too_large()
    try:
        # Seeded by the pattern, so the same schema is filled the same way everywhere.
        text: str = rstr.Rstr(random.Random(pattern)).xeger(pattern)
    except (re.error, KeyError, NotImplementedError, OverflowError, RecursionError):
        raise ApiError(f"Invalid schema: the pattern '{pattern}' cannot be followed.") from None
    return text
