"""Fills a JSON schema with what the user said, so that every path is valid against the schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from course_utils.practice import facts
from course_utils.practice.errors import ApiError
from course_utils.practice.patterns import matching
from course_utils.practice.prompt import Prompt, Turn
from course_utils.practice.reply import Reply, Slot
from course_utils.practice.values import MOST, Values, dumped, fit, too_large

_DEEP = 4
_PRESCRIBED = frozenset({"enum", "const", "format", "pattern"})
_IN_WORDS = re.compile(
    r"answer|reply|response|text|message|content|explanation|reason|summary|답|설명|이유|요약|내용"
)


def fill(
    schema: Mapping[str, Any],
    prompt: Prompt,
    text: Reply | None = None,
    used: Iterable[str] = (),
) -> Reply:
    """Return JSON that is valid against ``schema``, as a reply in slots.

    Args:
        schema: a JSON schema, with ``$defs`` for its ``$ref``.
        prompt: where values are looked for.
        text: what the model would say in words; it goes into fields such as ``answer``, and into
            the first field for which the user said nothing.
        used: what the user named for another call, so that it is not taken for this one.

    Raises:
        ApiError: no value can satisfy the schema, as when it requires itself without an end.
    """
    filler = _Filler(schema, Values(prompt, set(used)), text)
    return Reply(tuple(_joined(_bounded(filler.value(schema, "", 0)))))


def _bounded(slots: Iterator[Slot]) -> Iterator[Slot]:
    """Stop at a size that no honest request has, before it fills the memory."""
    size = 0
    for slot in slots:
        size += 1 + sum(len(text) for text, _ in slot)
        if size > MOST:
            raise too_large()
        yield slot


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


@dataclass
class _Filler:
    root: Mapping[str, Any]
    values: Values
    text: Reply | None
    spoken: bool = False

    def value(self, schema: Any, name: str, depth: int) -> Iterator[Slot]:
        """Yield the slots of one value."""
        schema = self._resolve(schema)
        if depth > 64:
            raise ApiError("Invalid schema: it requires itself without an end.", param="schema")
        if "const" in schema:
            yield _fixed(dumped(schema["const"]))
        elif schema.get("enum"):
            yield from self._enum(schema["enum"])
        elif branches := schema.get("anyOf") or schema.get("oneOf"):
            yield from self.value(self._branch(branches, name, depth), name, depth + 1)
        else:
            yield from self._typed(schema, name, depth)

    def _typed(self, schema: Mapping[str, Any], name: str, depth: int) -> Iterator[Slot]:
        kind = self._kind(schema, name, depth)
        if kind == "object":
            yield from self._object(schema, depth)
        elif kind == "array":
            yield from self._array(schema, name, depth)
        elif kind == "string":
            yield from self._string(schema, name)
        elif kind in ("integer", "number"):
            yield _fixed(dumped(self.values.number(schema, kind)))
        elif kind == "boolean":
            yield (("true", 2.0), ("false", 1.0))
        else:
            yield _fixed("null")

    def _kind(self, schema: Mapping[str, Any], name: str, depth: int) -> str:
        kinds = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kinds, str):
            return kinds
        kind = next((kind for kind in kinds if kind != "null"), "null")
        unknown = depth > _DEEP or self._is_unknown({**schema, "type": kind}, name)
        return "null" if "null" in kinds and unknown else kind

    def _is_unknown(self, schema: Mapping[str, Any], name: str) -> bool:
        """Whether nobody said the text that a field is for; null is then the honest value."""
        if schema.get("type") != "string" or schema.keys() & _PRESCRIBED:
            return False
        about = _about(schema, name)
        in_words = self.text is not None and _IN_WORDS.search(about)
        return not in_words and self.values.find(about) is None

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

    def _branch(self, branches: list[Any], name: str, depth: int) -> Any:
        """Prefer the first branch that is not null and that is known; deep down, one that ends."""
        resolved = [self._resolve(branch) for branch in branches]
        wanted = [
            branch
            for branch in resolved
            if (
                branch.get("type") not in ("object", "array")
                if depth > _DEEP
                else branch.get("type") != "null"
            )
        ]
        chosen = (wanted or resolved)[0]
        nulls = [branch for branch in resolved if branch.get("type") == "null"]
        return nulls[0] if nulls and self._is_unknown(chosen, name) else chosen

    def _enum(self, allowed: list[Any]) -> Iterator[Slot]:
        weights = self.values.weights(allowed)
        if not all(isinstance(value, str) for value in allowed):
            yield tuple((dumped(value), w) for value, w in zip(allowed, weights, strict=True))
            return
        # The quotation marks stand outside: inside, they would share a token with their neighbours.
        yield _fixed('"')
        yield tuple((dumped(value)[1:-1], w) for value, w in zip(allowed, weights, strict=True))
        yield _fixed('"')

    def _object(self, schema: Mapping[str, Any], depth: int) -> Iterator[Slot]:
        properties = schema.get("properties") or {}
        wanted = schema.get("required")
        names = [name for name in properties if wanted is None or name in wanted]
        yield _fixed("{")
        for position, name in enumerate(names):
            yield _fixed(("," if position else "") + dumped(name) + ":")
            yield from self.value(properties[name], name, depth + 1)
        yield _fixed("}")

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> Iterator[Slot]:
        low, high = schema.get("minItems", 0), schema.get("maxItems", 1_000)
        item = self._resolve(schema.get("items", {}))
        makers = [*self._listed(item)] if depth <= _DEEP else []
        wanted = len(makers) or (0 if depth > _DEEP else 2)
        yield _fixed("[")
        for position in range(max(low, min(high, wanted))):
            yield _fixed("," if position else "")
            maker = makers[position] if position < len(makers) else self
            yield from maker.value(item, name, depth + 1)
        yield _fixed("]")

    def _listed(self, item: Mapping[str, Any]) -> Iterator[_Filler]:
        """Yield a filler for each thing that the user listed and that may be such an item."""
        text = self.values.prompt.text
        if _has_number(item):
            for what, count in facts.counted(text):
                yield self._about(f"{what} {count}", what)
        if item.get("type") == "string" and not item.keys() & _PRESCRIBED:
            for each in facts.items(text):
                yield self._about(each, each)

    def _about(self, text: str, thing: str) -> _Filler:
        """Return a filler to which the user said this text only, about one thing."""
        prompt = replace(self.values.prompt, turns=(Turn("user", text),))
        return _Filler(self.root, Values(prompt, thing=thing), None)

    def _string(self, schema: Mapping[str, Any], name: str) -> Iterator[Slot]:
        said = self.values.prompt.text
        if "pattern" in schema:
            yield _fixed(dumped(matching(schema["pattern"], said)))
            return
        if "format" in schema:
            yield _fixed(dumped(self.values.formatted(schema["format"])))
            return
        value = self.values.take(_about(schema, name))
        if value is None and not schema.keys() & {"minLength", "maxLength"}:
            yield from self._words(_about(schema, name))
            return
        yield _fixed(dumped(fit(said if value is None else value, schema)))

    def _words(self, about: str) -> Iterator[Slot]:
        """Yield the words that a reply would have, once, and then say that nothing is known."""
        if self.text is None or (self.spoken and not _IN_WORDS.search(about)):
            korean = self.values.prompt.language == "ko"
            yield _fixed('"알 수 없음"' if korean else '"unknown"')
            return
        self.spoken = True
        yield _fixed('"')
        for slot in self.text.slots:
            yield tuple((dumped(text)[1:-1], weight) for text, weight in slot)
        yield _fixed('"')


def _about(schema: Mapping[str, Any], name: str) -> str:
    return f"{name} {schema.get('description', '')}".lower()


def _has_number(item: Mapping[str, Any]) -> bool:
    kinds = [each.get("type") for each in (item.get("properties") or {}).values()]
    return "integer" in kinds or "number" in kinds
