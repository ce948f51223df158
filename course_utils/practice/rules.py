"""Which values a request's parameters may have, together and with which model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from course_utils import catalog
from course_utils.practice import errors
from course_utils.practice.errors import ApiError

_REASONING_ONLY_DEFAULT = {"temperature": 1, "top_p": 1}
_DECIMALS = frozenset({"temperature", "top_p", "presence_penalty", "frequency_penalty"})
_RANGES: dict[str, tuple[float | None, float | None]] = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
    "max_tokens": (1, None),
    "max_completion_tokens": (1, None),
}


def check(body: dict[str, Any], model: catalog.Model) -> None:
    """Check values, combinations, and what the model's family takes.

    Raises:
        ApiError: the first fault.
    """
    for fault in _value_faults(body, model):
        raise fault
    for fault in _family_faults(body, model):
        raise fault


def _value_faults(body: dict[str, Any], model: catalog.Model) -> Iterator[ApiError]:
    ranges = _RANGES | {"n": (1, model.max_n), "top_logprobs": (0, model.max_top_logprobs)}
    for name, (low, high) in ranges.items():
        if body.get(name) is not None:
            yield from _range_faults(name, body[name], low, high)
    for name in ("max_tokens", "max_completion_tokens"):
        if (body.get(name) or 0) > model.max_output:
            yield ApiError(
                f"{name} is too large: {body[name]}. This model supports at most "
                f"{model.max_output} completion tokens, whereas you provided {body[name]}.",
                param=name,
                code="invalid_value",
            )
    if "audio" in (body.get("modalities") or ()):
        yield errors.unsupported_value(
            "modalities",
            "does not support 'audio' with this model. Supported values are: 'text'.",
        )
    for token, bias in (body.get("logit_bias") or {}).items():
        if not token.isdecimal():
            yield ApiError(
                f"Invalid key in 'logit_bias': {token}. You should only be submitting "
                "non-negative integers.",
                param="logit_bias",
            )
        yield from _range_faults(f"logit_bias.{token}", bias, -100, 100)
    stop = body.get("stop")
    if isinstance(stop, list) and len(stop) > 4:
        yield ApiError(
            f"Invalid 'stop': array too long. Expected an array with maximum length 4, but got an "
            f"array with length {len(stop)} instead.",
            param="stop",
            code="array_above_max_length",
        )
    yield from _metadata_faults(body.get("metadata") or {})
    yield from _combination_faults(body)


def _metadata_faults(metadata: dict[str, str]) -> Iterator[ApiError]:
    """The SDK's docstring: 16 pairs, keys up to 64 characters, values up to 512."""
    if len(metadata) > 16:
        yield _too_much("metadata", "object with too many properties", 16, len(metadata))
    for key, value in metadata.items():
        if len(key) > 64:
            yield _too_much(f"metadata.{key[:20]}…", "string too long", 64, len(key))
        if len(value) > 512:
            yield _too_much(f"metadata.{key}", "string too long", 512, len(value))


def _too_much(name: str, what: str, most: int, length: int) -> ApiError:
    kind = "string" if "string" in what else "object"
    return ApiError(
        f"Invalid '{name}': {what}. Expected {'a' if kind == 'string' else 'an'} {kind} with "
        f"maximum length {most}, but got one with length {length} instead.",
        param=name,
        code=f"{kind}_above_max_length",
    )


def _range_faults(
    name: str, value: float, low: float | None, high: float | None
) -> Iterator[ApiError]:
    kind = "decimal" if name in _DECIMALS else "integer"
    if low is not None and value < low:
        yield _out_of_range(name, kind, "below minimum", f">= {low}", value)
    if high is not None and value > high:
        yield _out_of_range(name, kind, "above maximum", f"<= {high}", value)


def _out_of_range(name: str, kind: str, where: str, expected: str, value: float) -> ApiError:
    return ApiError(
        f"Invalid '{name}': {kind} {where} value. Expected a value {expected}, but got {value} "
        "instead.",
        param=name,
        code=f"{kind}_{where.replace(' minimum', '_min').replace(' maximum', '_max')}_value",
    )


def _combination_faults(body: dict[str, Any]) -> Iterator[ApiError]:
    if body.get("max_tokens") is not None and body.get("max_completion_tokens") is not None:
        yield ApiError(
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
            param="max_tokens",
            code="invalid_parameter_combination",
        )
    if body.get("stream_options") is not None and not body.get("stream"):
        yield ApiError(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            param="stream_options",
        )
    if body.get("top_logprobs") is not None and not body.get("logprobs"):
        yield ApiError(
            "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
            param="top_logprobs",
        )


def _tools_faults(tools: list[dict[str, Any]], model: catalog.Model) -> Iterator[ApiError]:
    if any(tool["type"] == "function" for tool in tools):
        yield ApiError(
            f"Function tools with reasoning_effort are not supported for {model.name} in "
            "/v1/chat/completions. To use function tools, use /v1/responses or set "
            "reasoning_effort to 'none'.",
            param="reasoning_effort",
        )


def _family_faults(body: dict[str, Any], model: catalog.Model) -> Iterator[ApiError]:
    effort = body.get("reasoning_effort")
    if effort is not None and effort not in model.reasoning_efforts:
        if not model.reasoning_efforts:
            yield ApiError(
                "Unrecognized request argument supplied: reasoning_effort",
                param="reasoning_effort",
            )
        supported = ", ".join(f"'{each}'" for each in model.reasoning_efforts)
        yield errors.unsupported_value(
            "reasoning_effort",
            f"does not support '{effort}' with this model. Supported values are: {supported}.",
        )
    for name, value in body.items():
        if value is None or model.takes(name, reasoning_effort=effort):
            continue
        if name == "tools":
            yield from _tools_faults(value, model)
            continue
        default = _REASONING_ONLY_DEFAULT.get(name)
        if default is not None and value == default:
            continue
        if default is not None:
            yield errors.unsupported_value(
                name,
                f"does not support {value} with this model. Only the default ({default}) value "
                "is supported.",
            )
        instead = "max_completion_tokens" if name == "max_tokens" else None
        yield errors.unsupported_parameter(name, instead)
