"""Checks what reaches over several parts of a request: tools, their answers, and schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from course_utils.practice import errors
from course_utils.practice.errors import ApiError
from course_utils.practice.prompt import text_of
from course_utils.practice.strict import check_schema, check_strict
from course_utils.practice.tools import has_pattern

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def check(body: Mapping[str, Any]) -> None:
    """Check tools, tool answers, tool_choice and response_format.

    Raises:
        ApiError: the first fault.
    """
    for fault in _tool_faults(body):
        raise fault
    for fault in _answer_faults(body["messages"], bool(body.get("functions"))):
        raise fault
    for fault in _format_faults(body):
        raise fault


def _tool_faults(body: Mapping[str, Any]) -> Iterator[ApiError]:
    tools = body.get("tools")
    if tools and body.get("functions"):
        yield ApiError(
            "Invalid request: 'functions' and 'tools' cannot both be provided. 'functions' are "
            "deprecated; use the 'tools' parameter instead."
        )
    if tools is not None and not tools:
        yield errors.empty_array("tools")
    for index, tool in enumerate(tools or ()):
        yield from _one_tool_faults(tool, f"tools[{index}]")
    for index, function in enumerate(body.get("functions") or ()):
        where = f"function '{function['name']}'"
        _check(function, "parameters", where=where, param=f"functions[{index}].parameters")
    if not tools:
        for name in ("tool_choice", "parallel_tool_calls"):
            if body.get(name) is not None and body.get(name) != "none":
                yield _only_with(name, "tools")
    yield from _choice_faults(body.get("tool_choice"), tools or ())
    yield from _legacy_faults(body.get("function_call"), body.get("functions") or ())


def _one_tool_faults(tool: Mapping[str, Any], path: str) -> Iterator[ApiError]:
    inner = tool[tool["type"]]
    place = f"{path}.{tool['type']}"
    if not _NAME.fullmatch(inner["name"]):
        yield ApiError(
            f"Invalid '{place}.name': string does not match pattern. Expected a string that "
            "matches the pattern '^[a-zA-Z0-9_-]+$'.",
            param=f"{place}.name",
            code="invalid_value",
        )
    if tool["type"] == "function":
        where = f"function '{inner['name']}'"
        _check(inner, "parameters", where=where, param=f"{place}.parameters")
    elif has_pattern(inner):
        yield from _pattern_faults(inner["format"]["grammar"]["definition"], place)


def _pattern_faults(pattern: str, place: str) -> Iterator[ApiError]:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as wrong:
        yield ApiError(
            f"Invalid '{place}.format.grammar.definition': not a regular expression: {wrong}.",
            param=f"{place}.format.grammar.definition",
            code="invalid_value",
        )


def _choice_faults(choice: Any, tools: Any) -> Iterator[ApiError]:
    if not isinstance(choice, Mapping) or choice["type"] not in ("function", "custom"):
        return
    wanted = choice[choice["type"]]["name"]
    if wanted not in [tool[tool["type"]]["name"] for tool in tools]:
        yield ApiError(
            f"Tool choice '{wanted}' not found in 'tools' parameter.", param="tool_choice"
        )


def _legacy_faults(choice: Any, functions: Any) -> Iterator[ApiError]:
    if choice is not None and choice != "none" and not functions:
        yield _only_with("function_call", "functions")
    if isinstance(choice, Mapping) and choice["name"] not in [each["name"] for each in functions]:
        yield ApiError(
            f"Invalid value for 'function_call': no function named '{choice['name']}' was "
            "specified in the 'functions' parameter.",
            param="function_call",
        )


def _only_with(name: str, owner: str) -> ApiError:
    return ApiError(
        f"Invalid value for '{name}': '{name}' is only allowed when '{owner}' are specified.",
        param=name,
    )


def _answer_faults(messages: list[dict[str, Any]], legacy: bool) -> Iterator[ApiError]:
    """Each tool answer belongs to a call before it, and each call gets its answer."""
    waiting: list[str] = []
    called_at = 0
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                yield ApiError(
                    "Invalid parameter: messages with role 'tool' must be a response to a "
                    "preceeding message with 'tool_calls'.",
                    param=f"messages.[{index}].role",
                )
            waiting.remove(message["tool_call_id"])
            continue
        if waiting:
            yield _unanswered(waiting, called_at)
        calls = message.get("tool_calls")
        if calls and legacy:
            yield ApiError(
                "Invalid parameter: 'tool_calls' cannot be used when 'functions' are present. "
                "Please use 'tools' instead of 'functions'.",
                param=f"messages.[{index}].tool_calls",
            )
        if calls == []:
            yield errors.empty_array(f"messages[{index}].tool_calls")
        waiting = [call["id"] for call in calls or ()]
        called_at = index
    if waiting:
        yield _unanswered(waiting, called_at)


def _unanswered(waiting: list[str], index: int) -> ApiError:
    return ApiError(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to "
        "each 'tool_call_id'. The following tool_call_ids did not have response messages: "
        f"{', '.join(waiting)}",
        param=f"messages.[{index}].role",
    )


def _format_faults(body: Mapping[str, Any]) -> Iterator[ApiError]:
    response_format = body.get("response_format") or {}
    if response_format.get("type") == "json_object":
        texts = (text_of(message.get("content")) for message in body["messages"])
        if not any("json" in text.lower() for text in texts):
            yield ApiError(
                "'messages' must contain the word 'json' in some form, to use 'response_format' "
                "of type 'json_object'.",
                param="messages",
            )
    if response_format.get("type") == "json_schema":
        wanted = response_format["json_schema"]
        if not _NAME.fullmatch(wanted["name"]):
            yield ApiError(
                "Invalid 'response_format.json_schema.name': string does not match pattern. "
                "Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
                param="response_format.json_schema.name",
                code="invalid_value",
            )
        where = f"response_format '{wanted['name']}'"
        _check(wanted, "schema", where=where, param="response_format")


def _check(owner: Mapping[str, Any], field: str, *, where: str, param: str) -> None:
    schema = owner.get(field) or {}
    check_schema(schema, where=where, param=param)
    if schema.get("type", "object") != "object":
        raise ApiError(
            f"Invalid schema for {where}: schema must be a JSON Schema of 'type: \"object\"', got "
            f"'type: \"{schema['type']}\"'.",
            param=param,
        )
    if owner.get("strict"):
        check_strict(schema, where=where, param=param)
