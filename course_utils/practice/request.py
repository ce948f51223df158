"""One Chat Completions request, checked in the order in which the API finds faults."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from course_utils import catalog
from course_utils.practice import errors, faults, rules, schema, structure, tools
from course_utils.practice.errors import ApiError

# What does not change a reply: who asks, how the reply travels, and what is taken without effect.
_NOT_SAMPLED = frozenset(
    {
        "metadata",
        "modalities",
        "moderation",
        "prediction",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "safety_identifier",
        "service_tier",
        "store",
        "stream",
        "stream_options",
        "user",
        "verbosity",
    }
)

# Each call gets a new id, and its answer repeats it; it links the two, and says nothing.
_CALL_ID = re.compile(r'"call_[A-Za-z0-9]{24}"')

_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


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

    @cached_property
    def sampling_key(self) -> str:
        """A digest of all that can change a reply: the seed of its random numbers."""
        sampled = {name: value for name, value in self.body.items() if name not in _NOT_SAMPLED}
        text = _CALL_ID.sub('"call"', _encode(sampled))
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
    rules.check(body, model)
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
        body = _decode(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise errors.not_json() from None
    if not isinstance(body, dict):
        raise errors.not_json()
    return body


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_decode = json.JSONDecoder(parse_constant=_no_constant).decode


def _check_types(body: dict[str, Any]) -> None:
    model, messages = body["model"], body["messages"]
    if not isinstance(model, str):
        raise ApiError("invalid model ID", param="model")
    if not isinstance(messages, list):
        raise schema.wrong_type("messages", "an array of objects", messages)
    if not messages:
        raise errors.empty_array("messages")
    for index, message in enumerate(messages):
        schema.check_message(message, f"messages[{index}]")
    for name, value in body.items():
        if name not in ("model", "messages"):
            schema.check(name, value)
