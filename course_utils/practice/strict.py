"""What OpenAI asks of a schema in strict mode, with its wording.

Source: "Structured model outputs", section "Supported schemas", in OpenAI's API guides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from course_utils.practice.errors import ApiError

_REFUSED = (
    "allOf",
    "not",
    "dependentRequired",
    "dependentSchemas",
    "if",
    "then",
    "else",
    "patternProperties",
)
_MAX_DEPTH = 10
_MAX_PROPERTIES = 5_000


def check_schema(schema: Any, *, where: str, param: str) -> None:
    """Check that a schema is one: an object that JSON Schema's own rules allow.

    Raises:
        ApiError: what is wrong with it; arguments as in :func:`check_strict`.
    """
    if fault := _schema_fault(json.dumps(schema)):
        raise ApiError(f"Invalid schema for {where}: {fault}", param=param, code=_code(param))


@lru_cache(maxsize=256)
def _schema_fault(schema: str) -> str | None:
    from jsonschema import Draft202012Validator, SchemaError  # slow to import, seldom needed

    # By text, because checking a schema against its meta-schema takes milliseconds.
    try:
        Draft202012Validator.check_schema(json.loads(schema))
    except SchemaError as error:
        return error.message[:200]
    except (ValueError, ArithmeticError, RecursionError):  # as out of a pattern of 4,000 brackets
        return "it cannot be followed."
    return None


def _code(param: str) -> str:
    kind = "json_schema" if param == "response_format" else "function_parameters"
    return f"invalid_{kind}"


def check_strict(schema: Any, *, where: str, param: str) -> None:
    """Check a schema that is to be followed strictly.

    Args:
        schema: the JSON schema.
        where: what it belongs to, such as ``response_format 'weather'``.
        param: the path of the parameter, such as ``response_format``.

    Raises:
        ApiError: what strict mode does not allow, with the place in the schema.
    """
    for place, fault in _faults(schema, (), root=True):
        inside = ", ".join(repr(key) for key in place)
        inside = f"({inside},)" if len(place) == 1 else f"({inside})"
        raise ApiError(
            f"Invalid schema for {where}: In context={inside}, {fault}",
            param=param,
            code="invalid_json_schema"
            if param == "response_format"
            else "invalid_function_parameters",
        )
    if _count(schema) > _MAX_PROPERTIES:
        raise ApiError(
            f"Invalid schema for {where}: more than {_MAX_PROPERTIES} object properties.",
            param=param,
        )


def _faults(
    schema: Any, place: tuple[str, ...], *, root: bool = False, depth: int = 1
) -> Iterator[tuple[tuple[str, ...], str]]:
    if not isinstance(schema, Mapping):
        yield place, f"schema must be an object, not {type(schema).__name__}."
        return
    if depth > _MAX_DEPTH:
        yield place, f"more than {_MAX_DEPTH} levels of nesting."
        return
    if root and schema.get("type") != "object":
        yield place, f"schema must have type 'object' and not have '{schema.get('type')}'."
    for keyword in _REFUSED:
        if keyword in schema:
            yield place, f"'{keyword}' is not permitted."
    if root and "anyOf" in schema:
        yield place, "schema must not have 'anyOf' at the top level."
    if not schema.keys() & {"type", "$ref", "anyOf", "enum", "const"}:
        yield place, "schema must have a 'type' key."
    yield from _object_faults(schema, place)
    yield from _nested_faults(schema, place, depth)


def _object_faults(
    schema: Mapping[str, Any], place: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    if schema.get("type") != "object":
        return
    if schema.get("additionalProperties") is not False:
        yield place, "'additionalProperties' is required to be supplied and to be false."
    for name in schema.get("properties") or {}:
        if name not in (schema.get("required") or []):
            yield (
                place,
                "'required' is required to be supplied and to be an array including every key in "
                f"properties. Missing '{name}'.",
            )


def _nested_faults(
    schema: Mapping[str, Any], place: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[str, ...], str]]:
    for keyword in ("properties", "$defs", "definitions"):
        for name, nested in (schema.get(keyword) or {}).items():
            yield from _faults(nested, (*place, keyword, name), depth=depth + 1)
    if "items" in schema:
        yield from _faults(schema["items"], (*place, "items"), depth=depth + 1)
    elif schema.get("type") == "array":
        yield place, "array schema missing items."
    for number, nested in enumerate(schema.get("anyOf") or []):
        yield from _faults(nested, (*place, "anyOf", str(number)), depth=depth)


def _count(schema: Any) -> int:
    if isinstance(schema, Mapping):
        own = len(schema["properties"]) if isinstance(schema.get("properties"), Mapping) else 0
        return own + sum(map(_count, schema.values()))
    return sum(map(_count, schema)) if isinstance(schema, list) else 0
