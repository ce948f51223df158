"""One turn under way: what was sent, and what has come of its reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from course_utils.conversation import Conversation
from course_utils.messages import user
from course_utils.reply import Reply
from course_utils.widgets.pending import Pending

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionChunk

__all__ = ["Attempt", "Status"]

_NO_BODY = ("extra_headers", "extra_query", "extra_body", "timeout")

Status = Literal["ready", "waiting", "streaming", "stopped", "failed"]


class Attempt:
    """A user's text, the history that it goes on from, the request, and the reply so far.

    ``before`` stays as it is until :meth:`keep`: a turn that brings nothing never was.
    """

    def __init__(
        self, text: str, before: Conversation, options: dict[str, Any], *, replaces: bool
    ) -> None:
        self.text = text
        self.before = before
        self.replaces = replaces  # the turn that came last until then
        self.kept = False
        self.pending: Pending[str] = Pending()
        self.status: Status = "waiting"
        self.problem = ""
        self.parameters: dict[str, Any] = {
            "model": before.model,
            "messages": [*before.messages, user(text)],
            "stream": True,
            "stream_options": {"include_usage": True},
            **options,
        }
        self.chunks: list[dict[str, Any]] = []
        self._reply = Reply()
        self.so_far = ""

    @property
    def request(self) -> dict[str, Any]:
        """The JSON of the request: the parameters without what the SDK keeps out of the body."""
        body = {name: self.parameters[name] for name in self.parameters if name not in _NO_BODY}
        return body | (self.parameters.get("extra_body") or {})

    @property
    def complete(self) -> bool:
        """Whether the reply came to its end."""
        return self._reply.complete

    @property
    def cut(self) -> bool:
        """Whether a token limit ended the reply."""
        last = [choice for chunk in self.chunks[-2:] for choice in chunk["choices"]]
        return any(choice.get("finish_reason") == "length" for choice in last)

    def take(self, chunk: ChatCompletionChunk) -> None:
        """Add a chunk to the reply."""
        self.chunks.append(chunk.to_dict(mode="json"))
        self.so_far += self._reply.take(chunk)
        if self.so_far:
            self.status = "streaming"

    def keep(self) -> None:
        """Add the turn to the history that it goes on from, unless nothing came of it."""
        if self.complete or self.so_far:
            self.before.add(user(self.text))
            self.before.keep(self._reply.message(), self._reply.usage, self.complete)
            self.kept = True
