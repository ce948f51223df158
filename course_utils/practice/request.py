"""One Chat Completions request, checked in the order in which the API finds faults."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from course_utils import catalog
from course_utils.practice import errors, faults, schema, structure, tools
from course_utils.practice.errors import ApiError

# What does not change a reply: who asks, and how the reply travels.
_NOT_SAMPLED = frozenset(
    {
        "metadata",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "safety_identifier",
        "service_tier",
        "store",
        "stream",
        "stream_options",
        "user",
    }
)
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


@dataclass(frozen=True)
class ChatRequest:
    """A request that passed every check.

    Attributes:
        body: the JSON object as it was sent.
        model: the catalogue's entry for the model asked for.
    """

    body: dict[str, Any]
    model: catalog.Model

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The array of messages."""
        messages: list[dict[str, Any]] = self.body["messages"]
        return messages

    @property
    def n(self) -> int:
        """How many choices to make."""
        return self.body.get("n") or 1

    @property
    def stream(self) -> bool:
        """Whether the reply goes out as server-sent events."""
        return bool(self.body.get("stream"))

    def stream_option(self, name: str, default: bool) -> bool:
        """Return one of ``stream_options``."""
        value = (self.body.get("stream_options") or {}).get(name)
        return default if value is None else bool(value)

    @property
    def max_tokens(self) -> int | None:
        """The token limit, under either of its names; None when there is none."""
        return self.body.get("max_completion_tokens") or self.body.get("max_tokens")

    @property
    def stop(self) -> list[str]:
        """The stop strings, empty ones left out."""
        stop = self.body.get("stop") or []
        return [text for text in ([stop] if isinstance(stop, str) else stop) if text]

    @property
    def reasoning_effort(self) -> str:
        """How hard a reasoning model thinks; ``"none"`` for a classic model."""
        return self.body.get("reasoning_effort") or self.model.default_reasoning_effort or "none"

    @cached_property
    def tools(self) -> tools.Choice:
        """The tools that may be called."""
        return tools.of(self.body)

    def number(self, name: str, default: float) -> float:
        """Return a sampling parameter, or ``default`` when it is absent or null."""
        value = self.body.get(name)
        return default if value is None else float(value)

    def sampling_key(self) -> str:
        """Return a digest of all that can change a reply: the seed of its random numbers."""
        sampled = {name: value for name, value in self.body.items() if name not in _NOT_SAMPLED}
        text = json.dumps(sampled, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def parse(raw: bytes) -> ChatRequest:
    """Read and check a request body.

    Raises:
        ApiError: the first fault, in the API's order: JSON, model missing, messages missing,
            unknown parameter, types, values, the model, what the model takes.
    """
    body = read_json(raw)
    if "model" in body:
        body["model"], _ = faults.of_model(body["model"])
    if not body.get("model"):
        raise ApiError("you must provide a model parameter")
    if "messages" not in body:
        raise errors.missing("messages")
    for name in body:
        if name not in schema.PARAMETERS:
            raise errors.unknown_parameter(name)
    _check_types(body)
    model = catalog.find(body["model"])
    if model is None:
        raise errors.unknown_model(body["model"])
    for fault in _value_faults(body, model):
        raise fault
    for fault in _family_faults(body, model):
        raise fault
    structure.check(body)
    return ChatRequest(body, model)


def fault_of(raw: bytes) -> str | None:
    """Return the fault that the model's name asks for, as in ``gpt-4o@status=429``."""
    if b"@" not in raw:
        return None
    try:
        return faults.of_model(read_json(raw).get("model"))[1]
    except ApiError:
        return None


def read_json(raw: bytes) -> dict[str, Any]:
    """Read a body that must be a JSON object in UTF-8; raises :class:`ApiError` (400)."""
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise errors.not_json() from None
    if not isinstance(body, dict):
        raise errors.not_json()
    return body


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _check_types(body: dict[str, Any]) -> None:
    model, messages = body["model"], body["messages"]
    if not isinstance(model, str):
        raise ApiError("invalid model ID", param="model")
    if not isinstance(messages, list):
        raise schema.wrong_type("messages", "an array of objects", messages)
    if not messages:
        raise ApiError(
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got "
            "an empty array instead.",
            param="messages",
            code="empty_array",
        )
    for index, message in enumerate(messages):
        schema.check_message(message, f"messages[{index}]")
    for name, value in body.items():
        if name not in ("model", "messages"):
            schema.check(name, value)


def _value_faults(body: dict[str, Any], model: catalog.Model) -> Iterator[ApiError]:
    ranges = _RANGES | {"n": (1, model.max_n), "top_logprobs": (0, model.max_top_logprobs)}
    for name, (low, high) in ranges.items():
        if body.get(name) is not None:
            yield from _range_faults(name, body[name], low, high)
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
    yield from _combination_faults(body)


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
