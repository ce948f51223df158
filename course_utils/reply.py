"""A reply as it comes: the deltas of a stream, added up to the assistant's message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletionChunk, ChatCompletionMessage


class Reply:
    """The first choice of a streamed reply, as far as it came.

    ``complete`` is True once a ``finish_reason`` has come; ``usage`` comes after it.
    """

    def __init__(self) -> None:
        self.usage: CompletionUsage | None = None
        self.complete = False
        self._texts: dict[str, list[str]] = {"content": [], "refusal": []}
        self._calls: dict[int, dict[str, Any]] = {}

    def take(self, chunk: ChatCompletionChunk) -> str:
        """Add a chunk, and return the text that it brought; empty for most first and last ones."""
        self.usage = chunk.usage or self.usage
        choice = next((choice for choice in chunk.choices if choice.index == 0), None)
        if choice is None:
            return ""
        self.complete = self.complete or choice.finish_reason is not None
        delta = choice.delta
        self._texts["content"].append(delta.content or "")
        self._texts["refusal"].append(delta.refusal or "")
        for piece in delta.tool_calls or ():
            self._take_call(piece)
        return delta.content or delta.refusal or ""

    def message(self) -> dict[str, Any]:
        """Give the assistant's message; without its tool calls while those may be cut off."""
        message: dict[str, Any] = {name: "".join(texts) for name, texts in self._texts.items()}
        if self.complete:
            message["tool_calls"] = [self._calls[index] for index in sorted(self._calls)]
        return sendable(message)

    def _take_call(self, piece: Any) -> None:
        empty = {"id": piece.id, "type": "function", "function": {"name": "", "arguments": ""}}
        function = self._calls.setdefault(piece.index, empty)["function"]
        if piece.function is not None:
            function["name"] += piece.function.name or ""
            function["arguments"] += piece.function.arguments or ""


def sendable(message: ChatCompletionMessage | Mapping[str, Any]) -> dict[str, Any]:
    """Make of a reply's message what the API takes back in the next request.

    That is its role, content, refusal and tool calls, each only where there is something in it;
    ``annotations`` and the like are for reading only. A message with none of them has the content
    ``""``.
    """
    fields = message if isinstance(message, Mapping) else message.model_dump(exclude_none=True)
    kept = {name: fields[name] for name in ("content", "refusal", "tool_calls") if fields.get(name)}
    return {"role": "assistant", **(kept or {"content": ""})}
