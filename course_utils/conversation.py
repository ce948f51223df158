"""A conversation: the API remembers nothing, so the history is sent again with every turn.

:meth:`Conversation.say` is what one writes by hand::

    messages.append(user(text))
    response = client.chat.completions.create(model=model, messages=messages)
    messages.append(assistant(response.choices[0].message.content))
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openai
from openai.types.chat import ChatCompletionMessage

from course_utils import catalog
from course_utils.client import default_model
from course_utils.conversation_file import Saved, not_a_conversation, read, write
from course_utils.errors import ConversationError, MessageError
from course_utils.language import gettext as _
from course_utils.messages import ROLES, Content, developer, refuse_halves, user
from course_utils.messages import system as system_message
from course_utils.reply import Reply, first, sendable
from course_utils.tokens import REPLY_PRIMING, message_tokens
from course_utils.turn import Turn, encoding_of, taken

if TYPE_CHECKING:
    from openai.types import CompletionUsage

__all__ = ["Conversation", "Turn"]


class Conversation:
    """A history and the client that answers it.

    Args:
        client: an ``openai.OpenAI``.
        model: None asks :func:`course_utils.default_model`.
        system: instructions, put first in the role that the model wants.
        max_tokens: the most tokens that a prompt may have; older turns are dropped to keep it.

    Attributes:
        turns: one :class:`Turn` for each reply: its tokens and what it cost.
        usage: the ``usage`` of the last reply, None if the server reported none.

    Raises :class:`ConversationError` for an ``openai.AsyncOpenAI``, or for ``max_tokens`` that are
    no whole number.
    """

    def __init__(
        self,
        client: openai.OpenAI,
        *,
        model: str | None = None,
        system: Content | None = None,
        max_tokens: int | None = None,
    ) -> None:
        if isinstance(client, openai.AsyncOpenAI):
            raise ConversationError(
                _("A conversation takes the client of connect(), not the one of connect_async().")
            )
        self.client = client
        self.model = model or default_model(client)
        self.max_tokens = None if max_tokens is None else _whole_number(max_tokens)
        self.turns: list[Turn] = []
        self.usage: CompletionUsage | None = None
        self._history: list[tuple[dict[str, Any], int]] = []  # each message and its tokens
        self._tokens = REPLY_PRIMING
        self._open = False  # a turn is under way
        if system is not None:
            known = catalog.find(self.model)
            role = developer if known and known.instruction_role == "developer" else system_message
            self.add(role(system))

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The history as a list of dicts: a copy, since :meth:`add` and :meth:`trim` keep count."""
        return [dict(message) for message, _tokens in self._history]

    @property
    def tokens(self) -> int:
        """How many tokens the history is as a prompt, counted as it grew (without ``tools``)."""
        return self._tokens

    @property
    def cost(self) -> Decimal:
        """What all replies cost in dollars; a model without a known price counts as free."""
        return sum((turn.cost for turn in self.turns), Decimal(0))

    def add(self, message: Mapping[str, Any] | ChatCompletionMessage) -> None:
        """Append a message, such as a tool's answer or an example; only this one is counted.

        A reply's own object, ``response.choices[0].message``, becomes what can be sent back.
        Raises :class:`MessageError` for what is no message.
        """
        fields = sendable(message) if isinstance(message, ChatCompletionMessage) else message
        if not isinstance(fields, Mapping) or fields.get("role") not in ROLES:
            raise MessageError(
                _(
                    "Conversation.add() takes one message: user(…) and the like, a dict with a "
                    "role, or response.choices[0].message."
                )
            )
        refuse_halves(dict(fields), fields["role"])
        tokens = message_tokens(fields, encoding_of(self.model))
        self._history.append((dict(fields), tokens))
        self._tokens += tokens

    def say(self, content: Content | None = None, **options: Any) -> str:
        """Send the user's turn with the whole history, keep the reply, and return its text.

        Without ``content`` the history is sent as it is, as after a tool's answer. ``options`` are
        further parameters of ``create()``. If the call fails, its error passes on and the history
        is as it was before. Raises :class:`ConversationError` while a :meth:`stream` is being read,
        and when the server sent no reply.
        """
        if options.get("stream"):
            raise ConversationError(
                _("say() gives the whole reply at once: for one in pieces, use stream().")
            )
        with self._turn(content) as request:
            request |= options
            response = self.client.chat.completions.create(**request)
            message = sendable(first(response))
            self.keep(message, response.usage, model=request["model"])
            return message.get("content") or message.get("refusal") or ""

    def stream(self, content: Content | None = None, **options: Any) -> Iterator[str]:
        """Do the same as :meth:`say`, and yield the reply's text piece by piece as it comes.

        If the reader stops early or the stream breaks, the text that came is kept as the
        assistant's turn, and its :class:`Turn` is not ``complete``. If none came, the history is
        as it was before.
        """
        asked = {"include_usage": True, **(options.pop("stream_options", None) or {})}
        with self._turn(content) as request:
            request |= {**options, "stream": True, "stream_options": asked}
            reply = Reply()
            try:
                with self.client.chat.completions.create(**request) as stream:
                    for chunk in stream:
                        if text := reply.take(chunk):
                            yield text
            finally:
                message = reply.message()
                if reply.complete or any(message.get(name) for name in ("content", "refusal")):
                    self.keep(message, reply.usage, reply.complete, request["model"])

    def keep(
        self,
        message: dict[str, Any],
        usage: CompletionUsage | None,
        complete: bool = True,
        model: str | None = None,
    ) -> None:
        """Append a reply's message to the user's that it answers, and note what its turn took.

        For a request that was sent without :meth:`say` and :meth:`stream`. ``usage`` None, or one
        that cannot be, lets the tokens be counted here. ``model`` is the one that answered, None
        for the conversation's own.
        """
        before = self._tokens
        self.add(message)
        self.usage = usage
        turn = taken(
            before, self._tokens - before, usage, complete=complete, model=model or self.model
        )
        self.turns.append(turn)

    def trim(self, max_tokens: int) -> list[dict[str, Any]]:
        """Drop the oldest turns until the history fits, and return the messages that went.

        A turn goes as a whole: a user's message and all that follows it up to the next one, so
        that no tool's answer loses its call. System and developer messages stay, and so does the
        last turn: if it does not fit, :class:`ConversationError` is raised and nothing changes.
        """
        cut = self._cut(_whole_number(max_tokens))
        gone = [entry for entry in self._history[:cut] if not _instructs(entry)]
        self._history = [*filter(_instructs, self._history[:cut]), *self._history[cut:]]
        self._tokens -= sum(tokens for _message, tokens in gone)
        return [message for message, _tokens in gone]

    def save(self, path: str | PathLike[str]) -> None:
        """Write the conversation to a file as UTF-8 JSON, whole or not at all; never a key.

        Raises :class:`ConversationFileError` if the file cannot be written.
        """
        write(Path(path), Saved(self.model, self.messages, self.turns, self.max_tokens))

    @classmethod
    def load(cls, path: str | PathLike[str], client: openai.OpenAI) -> Conversation:
        """Read back what :meth:`save` wrote.

        Raises :class:`ConversationFileError`, and leaves the file alone, if it is something else.
        """
        saved = read(Path(path))
        made = cls(client, model=saved.model, max_tokens=saved.max_tokens)
        try:
            for message in saved.messages:
                made.add(message)
        except Exception:  # a field of a message that no API would have sent
            raise not_a_conversation(Path(path)) from None
        made.turns = saved.turns
        return made

    @contextmanager
    def _turn(self, content: Content | None) -> Iterator[dict[str, Any]]:
        """Give the request of a turn; unless a reply is kept, the turn never was."""
        if self._open:
            raise ConversationError(
                _(
                    "The reply before is still coming: read its stream() to the end, or close() "
                    "the stream, and then go on."
                )
            )
        self._open = True
        before = (self._history[:], self._tokens, len(self.turns))
        try:
            if content is not None:
                self.add(user(content))
            if self.max_tokens is not None:
                self.trim(self.max_tokens)
            messages = [message for message, _tokens in self._history]
            yield {"model": self.model, "messages": messages}
        finally:
            self._open = False
            if len(self.turns) == before[2]:
                self._history, self._tokens, _count = before

    def _cut(self, max_tokens: int) -> int:
        """Find where the history must begin, instructions aside, to be that short."""
        over = self._tokens - max_tokens
        if over <= 0:
            return 0
        freed = 0
        for index, entry in enumerate(self._history):
            if entry[0]["role"] == "user" and freed >= over:
                return index
            freed += 0 if _instructs(entry) else entry[1]
        raise ConversationError(
            _(
                "The last turn does not fit: with the instructions it needs more than {max_tokens} "
                "tokens. Allow more, or make it shorter."
            ).format(max_tokens=max_tokens)
        )


def _instructs(entry: tuple[dict[str, Any], int]) -> bool:
    return entry[0]["role"] in ("system", "developer")


def _whole_number(max_tokens: int) -> int:
    if not isinstance(max_tokens, int):
        raise ConversationError(
            _("max_tokens is a whole number such as 1000, not {value!r}.").format(value=max_tokens)
        )
    return max_tokens
