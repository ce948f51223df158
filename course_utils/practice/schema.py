"""Checks values against the SDK's own types and words the faults as the API does.

The types are ``openai.types.chat.completion_create_params`` of the installed SDK, so a parameter
that a newer SDK adds is known here without a change.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

from openai.types.chat import ChatCompletionMessageParam
from openai.types.chat import completion_create_params as params
from pydantic import TypeAdapter
from pydantic_core import SchemaValidator, ValidationError

# typing's own leaves Required in place on Python 3.10.
from typing_extensions import get_type_hints

from course_utils.practice import errors
from course_utils.practice.errors import ApiError

_HINTS = get_type_hints(params.CompletionCreateParamsNonStreaming, include_extras=True)
PARAMETERS = frozenset(_HINTS) | {"stream"}

_KINDS = {
    "string_type": "a string",
    "list_type": "an array",
    "dict_type": "an object",
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a decimal",
    "bool_type": "a boolean",
}


def check(name: str, value: Any) -> None:
    """Check one top-level parameter; ``None`` always passes.

    Raises:
        ApiError: the value is not of the type the SDK gives for ``name``.
    """
    if value is None or name == "model":
        return
    _run(_validator_of(name), value, name)


def check_message(value: Any, path: str) -> None:
    """Check one message against the type of its role.

    Raises:
        ApiError: not an object, no role, an unknown role, or a field that is wrong.
    """
    if not isinstance(value, Mapping):
        raise wrong_type(path, "an object", value)
    if "role" not in value:
        raise errors.missing(f"{path}.role")
    by_role = _message_validators()
    role = value["role"]
    if not isinstance(role, str):
        raise wrong_type(f"{path}.role", "a string", role)
    if role not in by_role:
        raise _invalid_value(f"{path}.role", role, list(by_role))
    may_be_null = role in ("assistant", "function")
    if "content" in value and value["content"] is None and not may_be_null:
        raise ApiError(
            "Invalid value for 'content': expected a string, got null.", param=f"{path}.content"
        )
    _run(by_role[role], _as_came(value) if role == "assistant" else value, path)


def _as_came(message: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what a reply has and a request has not: replies are often appended as they came.

    The API takes back what it has sent, and what the SDK's parse() and stream() have added to it.
    """
    kept = {key: value for key, value in message.items() if key not in ("annotations", "parsed")}
    calls = kept.get("tool_calls", ())
    if calls is None:
        del kept["tool_calls"]
    elif isinstance(calls, list):
        kept["tool_calls"] = [_call_as_came(call) for call in calls]
    return kept


def _call_as_came(call: Any) -> Any:
    if not isinstance(call, Mapping):
        return call
    kept = {key: value for key, value in call.items() if key != "index"}
    if isinstance(function := kept.get("function"), Mapping):
        kept["function"] = {k: v for k, v in function.items() if k != "parsed_arguments"}
    return kept


@cache
def _validator_of(name: str) -> SchemaValidator:
    return _strict(bool if name == "stream" else _HINTS[name])


@cache
def _message_validators() -> dict[str, SchemaValidator]:
    validators = {}
    for message_type in get_args(ChatCompletionMessageParam):
        role = get_type_hints(message_type)["role"]
        validators[get_args(role)[0]] = _strict(message_type)
    order = ("system", "assistant", "user", "function", "tool", "developer")
    return {role: validators[role] for role in order}


def _strict(hint: Any) -> SchemaValidator:
    """Build a validator that takes lists where the SDK says Iterable, and no unknown keys."""

    def tighten(node: Any) -> Any:
        if isinstance(node, dict):
            node = {key: tighten(value) for key, value in node.items()}
            if node.get("type") == "generator":
                node["type"] = "list"
            if node.get("type") == "typed-dict":
                node["extra_behavior"] = "forbid"
            return node
        return type(node)(map(tighten, node)) if isinstance(node, list | tuple) else node

    return SchemaValidator(tighten(TypeAdapter(hint).core_schema))


def _run(validator: SchemaValidator, value: Any, path: str) -> None:
    try:
        validator.validate_python(value, strict=True)
    except ValidationError as invalid:
        raise _translate(invalid, value, path) from None


def _translate(invalid: ValidationError, value: Any, root: str) -> ApiError:
    faults = _live_branches(invalid.errors(include_url=False))
    deepest = max(len(_keys(fault, value)) for fault in faults)
    faults = [fault for fault in faults if len(_keys(fault, value)) == deepest]
    fault = faults[0]
    path = root + "".join(_keys(fault, value))
    if fault["type"] == "missing":
        return errors.missing(path)
    if fault["type"] == "extra_forbidden":
        return errors.unknown_parameter(path)
    literals = [each["ctx"]["expected"] for each in faults if each["type"] == "literal_error"]
    if literals and isinstance(fault["input"], str):
        supported = [text.strip("'") for each in literals for text in each.split(" or ")]
        supported = [text.strip("'") for each in supported for text in each.split("', '")]
        return _invalid_value(path, fault["input"], supported)
    kinds = list(dict.fromkeys(_KINDS.get(each["type"], "a string") for each in faults))
    if len(kinds) == 1:
        return wrong_type(path, kinds[0], fault["input"])
    names = " or ".join(kind.split(" ", 1)[1] for kind in kinds)
    if path.endswith(".content"):
        names = names.replace("array", "array of objects")
    return wrong_type(path, f"one of {'an' if names[0] in 'aio' else 'a'} {names}", fault["input"])


def _live_branches(faults: list[Any]) -> list[Any]:
    """Leave out the branches of a union that the value's own ``type`` rules out."""
    dead = [
        fault["loc"][:-1]
        for fault in faults
        if fault["type"] == "literal_error" and fault["loc"] and fault["loc"][-1] == "type"
    ]
    live = [f for f in faults if not any(f["loc"][: len(d)] == d for d in dead)]
    return live or [f for f in faults if f["loc"] and f["loc"][-1] == "type"]


def _keys(fault: Any, value: Any) -> list[str]:
    """Return the parts of a fault's location that are real keys, as ``.name`` or ``[0]``.

    What is left out are the labels pydantic adds for the branches of a union.
    """
    absent = fault["type"] in ("missing", "extra_forbidden")
    keys: list[str] = []
    for position, part in enumerate(fault["loc"]):
        if isinstance(value, list) and isinstance(part, int) and part < len(value):
            keys.append(f"[{part}]")
            value = value[part]
        elif isinstance(value, dict) and part in value:
            keys.append(f".{part}")
            value = value[part]
        elif absent and position == len(fault["loc"]) - 1:
            keys.append(f".{part}")
    return keys


def wrong_type(path: str, expected: str, value: Any) -> ApiError:
    """Return the 400 for a value that is not of the ``expected`` type."""
    return ApiError(
        f"Invalid type for '{path}': expected {expected}, but got {_kind(value)} instead.",
        param=path,
        code="invalid_type",
    )


def _invalid_value(path: str, value: str, supported: list[str]) -> ApiError:
    *head, last = [f"'{each}'" for each in dict.fromkeys(supported)]
    listed = f"{', '.join(head)}, and {last}" if len(head) > 1 else " and ".join([*head, last])
    return ApiError(
        f"Invalid value: '{value}'. Supported values are: {listed}.",
        param=path,
        code="invalid_value",
    )


def _kind(value: Any) -> str:
    kinds: list[tuple[type | tuple[type, ...], str]] = [
        (bool, "a boolean"),
        (int, "an integer"),
        (float, "a decimal"),
        (str, "a string"),
        (list, "an array"),
        (dict, "an object"),
    ]
    return next((name for kind, name in kinds if isinstance(value, kind)), "null")
