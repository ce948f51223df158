"""Completions as the JSON that crosses the wire: whole, or as server-sent events.

The fields, their order and what is absent for which family follow recorded exchanges with the API.
"""

from __future__ import annotations

import json
import random
import secrets
import string
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from course_utils.practice.engine import Choice, Completion, Piece, Step
from course_utils.practice.request import ChatRequest

FINGERPRINT = "fp_practice"
"""Says in every reply that no model made it."""

_ALPHABET = string.ascii_letters + string.digits
DONE = b"data: [DONE]\n\n"


def new_id(prefix: str = "chatcmpl-", length: int = 29) -> str:
    """Return a fresh id as the API forms them: a prefix and random letters and digits."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


@dataclass(frozen=True)
class Rendering:
    """One reply on its way into JSON; the id and the time are the same in all its parts."""

    request: ChatRequest
    completion: Completion
    id: str = field(default_factory=new_id)
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self) -> dict[str, Any]:
        """Return the ``chat.completion`` object."""
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.request.model.snapshot,
            "choices": [self._choice(choice) for choice in self.completion.choices],
            "usage": self._usage(),
            "service_tier": self._service_tier(),
            "system_fingerprint": FINGERPRINT,
        }

    def chunks(self) -> Iterator[tuple[int, bytes]]:
        """Yield each server-sent event with the number of tokens it took to make.

        Choices are interleaved. The last event is ``[DONE]``.
        """
        for choice in self.completion.choices:
            yield 0, self._event(choice, {"role": "assistant", "content": "", "refusal": None})
        rounds = zip_longest(*(choice.pieces for choice in self.completion.choices))
        for pieces in rounds:
            for choice, piece in zip(self.completion.choices, pieces, strict=True):
                if piece is not None:
                    event = self._event(choice, {"content": piece.text}, piece)
                    yield len(piece.steps), event
        for choice in self.completion.choices:
            yield 0, self._event(choice, {}, finish_reason=choice.finish_reason)
        if self.request.stream_option("include_usage", False):
            yield 0, self._frame([], self._usage())
        yield 0, DONE

    def _choice(self, choice: Choice) -> dict[str, Any]:
        message: dict[str, Any] = {
            "role": "assistant",
            "content": choice.text,
            "refusal": None,
            "annotations": [],
        }
        steps = [step for piece in choice.pieces for step in piece.steps]
        return {
            "index": choice.index,
            "message": message,
            **self._logprobs(steps),
            "finish_reason": choice.finish_reason,
        }

    def _event(
        self,
        choice: Choice,
        delta: dict[str, Any],
        piece: Piece | None = None,
        finish_reason: str | None = None,
    ) -> bytes:
        logprobs = self._logprobs(list(piece.steps) if piece else None)
        part = {
            "index": choice.index,
            "delta": delta,
            **logprobs,
            "finish_reason": finish_reason,
        }
        return self._frame([part], None)

    def _frame(self, choices: list[dict[str, Any]], usage: dict[str, Any] | None) -> bytes:
        chunk: dict[str, Any] = {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.request.model.snapshot,
            "service_tier": self._service_tier(),
            "system_fingerprint": FINGERPRINT,
            "choices": choices,
        }
        if self.request.stream_option("include_usage", False):
            chunk["usage"] = usage
        if self.request.stream_option("include_obfuscation", True):
            padding = random.randrange(1, 16)
            chunk["obfuscation"] = "".join(random.choices(_ALPHABET, k=padding))
        return event(chunk)

    def _logprobs(self, steps: list[Step] | None) -> dict[str, Any]:
        if self.request.body.get("logprobs") and steps is not None:
            return {"logprobs": {"content": list(map(_logprob, steps)), "refusal": None}}
        # Recorded: the reasoning family leaves the field out where the classic one says null.
        return {} if self.request.model.family == "reasoning" else {"logprobs": None}

    def _service_tier(self) -> str:
        asked = self.request.body.get("service_tier")
        return asked if asked not in (None, "auto") else "default"

    def _usage(self) -> dict[str, Any]:
        made = self.completion
        return {
            "prompt_tokens": made.prompt_tokens,
            "completion_tokens": made.completion_tokens,
            "total_tokens": made.prompt_tokens + made.completion_tokens,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": made.reasoning_tokens,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }


def event(data: Any) -> bytes:
    """Return ``data`` as one server-sent event."""
    return f"data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


def _logprob(step: Step) -> dict[str, Any]:
    top = [_token(data, logprob) for data, logprob in step.top]
    return {**_token(step.data, step.logprob), "top_logprobs": top}


def _token(data: bytes, logprob: float) -> dict[str, Any]:
    # A token that is part of a character has no text of its own: the API shows it escaped too.
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "bytes:" + "".join(f"\\x{byte:02x}" for byte in data)
    return {"token": text, "logprob": logprob, "bytes": list(data)}
