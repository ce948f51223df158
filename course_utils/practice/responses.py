"""Completions as the JSON that crosses the wire: whole, or as server-sent events.

The fields, their order and what is absent for which family follow recorded exchanges with the API.
"""

from __future__ import annotations

import json
import random
import string
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from course_utils.practice.engine import Choice, Completion, SpokenCall
from course_utils.practice.lattice import Piece, Step
from course_utils.practice.request import ChatRequest

FINGERPRINT = "fp_practice"
"""Says in every reply that no model made it."""

_ALPHABET = string.ascii_letters + string.digits
_ids = random.Random()  # seeded by the system: ids differ, whatever a lesson seeds
_PADDING = "".join(_ids.choices(_ALPHABET, k=4096))
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_quote = json.encoder.encode_basestring  # what a JSONEncoder that leaves Unicode alone does to text
# A letter or digit for every byte: one look-up makes an id; that some come oftener is no matter.
_LETTERS = (_ALPHABET * 5)[:256].encode()
DONE = b"data: [DONE]\n\n"


def new_id(prefix: str = "chatcmpl-", length: int = 29) -> str:
    """Return a fresh id as the API forms them: a prefix and random letters and digits."""
    return prefix + _ids.randbytes(length).translate(_LETTERS).decode()


def indented(value: Any) -> bytes:
    """Return a value as JSON indented by two spaces, in UTF-8, with a newline behind it.

    A text that is no UTF-8 (half of a surrogate pair, as a client may send and a reply may quote)
    is escaped.
    """
    try:
        return to_json(value, indent=2) + b"\n"
    except PydanticSerializationError:
        return json.dumps(value, indent=2).encode() + b"\n"


def _call(spoken: SpokenCall) -> dict[str, Any]:
    name, text = spoken.call.name, spoken.arguments.text
    if spoken.call.kind == "custom":
        return {"type": "custom", "custom": {"name": name, "input": text}}
    return {"type": "function", "function": {"name": name, "arguments": text}}


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

    def head(self, pieces: int) -> str:
        """Return the text of the first pieces of the first choice, as a stream sends them."""
        text = self.completion.choices[0].text
        return "".join(piece.text for piece in text.pieces[:pieces]) if text else ""

    def chunks(self) -> Iterator[tuple[int, bytes]]:
        """Yield each server-sent event with the number of tokens it took to make.

        Choices are interleaved. The last event is ``[DONE]``.
        """
        parts = [list(self._parts(choice)) for choice in self.completion.choices]
        for choice, each in zip(self.completion.choices, parts, strict=True):
            yield self._event(choice, *each[0])
        for following in zip_longest(*(each[1:] for each in parts)):
            for choice, part in zip(self.completion.choices, following, strict=True):
                if part is not None:
                    yield self._event(choice, *part)
        for choice in self.completion.choices:
            yield self._event(choice, "{}", finish_reason=self._finish_reason(choice))
        if self._with_usage:
            yield 0, self._frame("", self._usage())
        yield 0, DONE

    def _choice(self, choice: Choice) -> dict[str, Any]:
        message: dict[str, Any] = {
            "role": "assistant",
            "content": choice.text.text if choice.text is not None else None,
            "refusal": choice.refusal.text if choice.refusal is not None else None,
            "annotations": [],
        }
        if choice.calls and self.request.tools.legacy:
            message["function_call"] = _call(choice.calls[0])["function"]
        elif choice.calls:
            ids = self._call_ids[choice.index]
            calls = zip(ids, choice.calls, strict=True)
            message["tool_calls"] = [{"id": name, **_call(each)} for name, each in calls]
        return {
            "index": choice.index,
            "message": message,
            **self._logprobs(choice.text.steps if choice.text else []),
            "finish_reason": self._finish_reason(choice),
        }

    def _finish_reason(self, choice: Choice) -> str:
        legacy = choice.finish_reason == "tool_calls" and self.request.tools.legacy
        return "function_call" if legacy else choice.finish_reason

    def _parts(self, choice: Choice) -> Iterator[tuple[str, Piece | None]]:
        """Yield each delta of a choice but the last, as JSON, with the piece of text it carries."""
        role = {"role": "assistant", "content": None if choice.calls else "", "refusal": None}
        yield _encode(role), None
        for piece in choice.text.pieces if choice.text else ():
            yield f'{{"content":{_quote(piece.text)}}}', piece
        for piece in choice.refusal.pieces if choice.refusal else ():
            yield f'{{"refusal":{_quote(piece.text)}}}', piece
        for number, spoken in enumerate(choice.calls):
            yield from self._call_parts(choice.index, number, spoken)

    def _call_parts(
        self, index: int, number: int, spoken: SpokenCall
    ) -> Iterator[tuple[str, Piece | None]]:
        kind, text = spoken.call.kind, "input" if spoken.call.kind == "custom" else "arguments"
        head = {"name": spoken.call.name, text: ""}
        if self.request.tools.legacy:
            yield _encode({"function_call": head}), None
            for piece in spoken.arguments.pieces:
                yield _encode({"function_call": {text: piece.text}}), piece
            return
        first = {"index": number, "id": self._call_ids[index][number], "type": kind, kind: head}
        yield _encode({"tool_calls": [first]}), None
        for piece in spoken.arguments.pieces:
            part = {"index": number, kind: {text: piece.text}}
            yield _encode({"tool_calls": [part]}), piece

    def _event(
        self,
        choice: Choice,
        delta: str,
        piece: Piece | None = None,
        finish_reason: str | None = None,
    ) -> tuple[int, bytes]:
        steps = piece.steps if piece is not None else ()
        end = self._open_end
        if finish_reason or (self._with_logprobs and piece):
            said = piece is not None and choice.text is not None
            rest = {**self._logprobs(steps if said else None), "finish_reason": finish_reason}
            end = _encode(rest)[1:]
        return len(steps), self._frame(f'{{"index":{choice.index},"delta":{delta},{end}')

    def _frame(self, choice: str, usage: dict[str, Any] | None = None) -> bytes:
        tail = f',"usage":{_encode(usage)}' if self._with_usage else ""
        if self._with_obfuscation:
            start = int(_ids.random() * (len(_PADDING) - 16))
            tail += f',"obfuscation":"{_PADDING[start : start + 1 + start % 15]}"'
        return f"{self._head}[{choice}]{tail}}}\n\n".encode()

    @cached_property
    def _call_ids(self) -> list[list[str]]:
        # Made once: what is stored and what is sent must name a call alike.
        return [[new_id("call_", 24) for _ in each.calls] for each in self.completion.choices]

    # What all chunks of a stream share is put into JSON once.

    @cached_property
    def _head(self) -> str:
        shared = {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.request.model.snapshot,
            "service_tier": self._service_tier(),
            "system_fingerprint": FINGERPRINT,
        }
        return f'data: {_encode(shared)[:-1]},"choices":'

    @cached_property
    def _open_end(self) -> str:
        """How a choice's part ends in every chunk without log probabilities but the last."""
        return _encode({**self._logprobs(None), "finish_reason": None})[1:]

    @cached_property
    def _with_logprobs(self) -> bool:
        return bool(self.request.body.get("logprobs"))

    @cached_property
    def _with_usage(self) -> bool:
        return self.request.stream_option("include_usage", False)

    @cached_property
    def _with_obfuscation(self) -> bool:
        return self.request.stream_option("include_obfuscation", True)

    def _logprobs(self, steps: Sequence[Step] | None) -> dict[str, Any]:
        if self._with_logprobs and steps is not None:
            top = int(self.request.number("top_logprobs", 0))
            content = [_logprob(step, top) for step in steps]
            return {"logprobs": {"content": content, "refusal": None}}
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


def _logprob(step: Step, top: int) -> dict[str, Any]:
    likeliest = [_token(data, logprob) for data, logprob in step.top[:top]]
    return {**_token(step.data, step.logprob), "top_logprobs": likeliest}


def _token(data: bytes, logprob: float) -> dict[str, Any]:
    # A token that is part of a character has no text of its own: the API shows it escaped too.
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "bytes:" + "".join(f"\\x{byte:02x}" for byte in data)
    return {"token": text, "logprob": logprob, "bytes": list(data)}
