"""A reply as it comes: the deltas of a stream, added up to the assistant's message."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from course_utils.errors import ConversationError
from course_utils.language import gettext as _
from course_utils.messages import whole

if TYPE_CHECKING:
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessage


class Reply:
    """The first choice of a streamed reply, as far as it came.

    ``complete`` is True once a ``finish_reason`` has come; ``usage`` comes after it.
    """

    def __init__(self) -> None:
        self.usage: CompletionUsage | None = None
        self.complete = False
        self._texts: dict[str, list[str]] = {"content": [], "refusal": []}
        self._calls: dict[int, dict[str, Any]] = {}
        # Half a character, which some servers send, waits here for its other half.
        self._halves = getincrementaldecoder("utf-16-le")("replace")

    def take(self, chunk: ChatCompletionChunk) -> str:
        """Add a chunk, and return the text that it brought; empty for most first and last ones."""
        self.usage = chunk.usage or self.usage
        choice = next((choice for choice in chunk.choices or () if choice.index == 0), None)
        if choice is None:
            return ""
        self.complete = self.complete or choice.finish_reason is not None
        delta = choice.delta
        self._texts["content"].append(delta.content or "")
        self._texts["refusal"].append(delta.refusal or "")
        for piece in delta.tool_calls or ():
            self._take_call(piece)
        text = delta.content or delta.refusal or ""
        return self._halves.decode(text.encode("utf-16-le", "surrogatepass"))

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


def first(response: ChatCompletion) -> ChatCompletionMessage:
    """Give the message of the first choice; raises :class:`ConversationError` if there is none."""
    if not response.choices:
        raise ConversationError(
            _(
                "The server sent no reply (choices is empty), as some do when a filter stops it: "
                "say it in other words."
            )
        )
    return response.choices[0].message


def sendable(message: ChatCompletionMessage | Mapping[str, Any]) -> dict[str, Any]:
    """Make of a reply's message what the API takes back in the next request.

    That is its role, content, refusal and tool calls, each only where there is something in it;
    ``annotations`` and the like are for reading only. A message with none of them has the content
    ``""``. Half a character, which could be neither sent nor saved, becomes ``�``.
    """
    fields = message if isinstance(message, Mapping) else message.model_dump(exclude_none=True)
    kept = {name: fields[name] for name in ("content", "refusal", "tool_calls") if fields.get(name)}
    return {"role": "assistant", **whole(kept or {"content": ""})}
