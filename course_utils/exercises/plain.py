"""Values as plain JSON data, on their way between a student's process and the checks outside it.

JSON has no Decimal, no bytes and no objects; a dict with the key ``$`` stands for each::

    {"$": "decimal", "value": "0.15"}
    {"$": "bytes", "value": "ec9584"}
    {"$": "pairs", "value": [[1, "a"]]}                      a dict whose keys are not all texts
    {"$": "model", "type": "Recipe", "value": {"name": …}}   a pydantic object
    {"$": "other", "type": "Stream", "value": "<openai…>"}   what is no data

What comes back is never an object that a student made: it is built anew from the JSON.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

_DEEPEST = 30
_LONGEST_REPR = 300


@dataclass(frozen=True)
class Model:
    """A pydantic object that came back: the name of its class, and its fields as data."""

    type: str
    fields: Any

    def __repr__(self) -> str:
        return f"{self.type}: {self.fields!r}"


@dataclass(frozen=True)
class Other:
    """Something that came back and is no data: the name of its class, and its ``repr()``."""

    type: str
    text: str

    def __repr__(self) -> str:
        return f"{self.type}: {self.text}"


def encode(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON data."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, Decimal):
        return {"$": "decimal", "value": str(value)}
    if isinstance(value, bytes):
        return {"$": "bytes", "value": value.hex()}
    if depth < _DEEPEST:
        if isinstance(value, list | tuple):
            return [encode(each, depth + 1) for each in value]
        if isinstance(value, Mapping):
            return _mapping(value, depth + 1)
        if hasattr(type(value), "model_dump"):
            fields = encode(value.model_dump(), depth + 1)
            return {"$": "model", "type": type(value).__name__, "value": fields}
    return {"$": "other", "type": type(value).__name__, "value": _repr(value)}


def decode(data: Any, depth: int = 0) -> Any:
    """Return what JSON data stands for; data of no known form becomes an :class:`Other`."""
    if depth > 2 * _DEEPEST:  # encode() stops before: this is not its work
        return Other("object", "…")
    if isinstance(data, list):
        return [decode(each, depth + 1) for each in data]
    if not isinstance(data, dict):
        return data
    if "$" not in data:
        return {name: decode(each, depth + 1) for name, each in data.items()}
    kind, name = data["$"], str(data.get("type"))
    value: Any = data.get("value")
    try:
        if kind == "decimal" and Decimal(value).is_finite():
            return Decimal(value)
        if kind == "bytes":
            return bytes.fromhex(value)
        if kind == "pairs":
            return {decode(key, depth + 1): decode(each, depth + 1) for key, each in value}
        if kind == "model":
            return Model(name, decode(value, depth + 1))
    except (TypeError, ValueError, InvalidOperation):
        pass
    return Other(name, str(value)[:_LONGEST_REPR])


def _mapping(value: Mapping[Any, Any], depth: int) -> Any:
    items: Iterable[tuple[Any, Any]] = value.items()
    if all(isinstance(key, str) for key in value) and "$" not in value:
        return {str.__str__(key): encode(each, depth) for key, each in items}
    pairs = [[encode(key, depth), encode(each, depth)] for key, each in items]
    return {"$": "pairs", "value": pairs}


def _repr(value: Any) -> str:
    try:
        return repr(value)[:_LONGEST_REPR]
    except Exception as error:
        return f"<{type(error).__name__}>"
