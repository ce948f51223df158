"""A chat in a notebook: streaming bubbles for a person, the same as methods for code."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

import openai

from course_utils.client import default_model
from course_utils.conversation import Conversation, Turn
from course_utils.errors import WidgetError
from course_utils.language import gettext as _
from course_utils.widgets.attempt import Attempt, Status
from course_utils.widgets.chat_state import ChatState, text_of
from course_utils.widgets.pending import Pending, in_background
from course_utils.widgets.problems import broke_off, explain
from course_utils.widgets.shown import Shown

if TYPE_CHECKING:
    from course_utils.widgets.chat_view import ChatView

__all__ = ["ChatWidget"]


class ChatWidget(ChatState, Shown):
    """A chat with a model; put it on the last line of a cell.

    A person types, and the reply streams in while the kernel is free for other cells. Code does the
    same: ``await chat.send("…")``. When a machine runs the cell, the chat prints what was said.

    Args:
        client: an ``openai.OpenAI``, as :func:`course_utils.connect` makes it.
        model: None asks :func:`course_utils.default_model`.
        system: instructions, sent first in the role that the model wants.
        temperature: None leaves it to the model.
        max_completion_tokens: the most tokens of a reply; None for no limit.
        options: further parameters of ``create()`` for every turn.

    ``model``, ``system``, ``temperature`` and ``max_completion_tokens`` can be set at any time, and
    hold from the next turn on.
    """

    def __init__(
        self,
        client: openai.OpenAI,
        *,
        model: str | None = None,
        system: str = "",
        temperature: float | None = None,
        max_completion_tokens: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        self.client = client
        self.model = model or default_model(client)
        self.system = system
        self.temperature = temperature
        self.max_completion_tokens = max_completion_tokens
        self.options = options
        self._view: ChatView | None = None
        self._replace(self._rebuilt([], []))

    def send(self, text: str) -> Pending[str]:
        """Send a message; ``await`` it (or call ``.result()``) for the text of the reply.

        What stops the reply halfway leaves what came. An error of the API is shown in the chat, and
        raised where it is awaited; the history is then as before. Raises :class:`WidgetError` for
        an empty text, and while a reply is coming.
        """
        return self._start(text, self._up_to_date())

    def edit(self, text: str) -> Pending[str]:
        """Send ``text`` in place of the last message, and get a new reply; as :meth:`send`."""
        return self._start(text, self._without_last_turn(), replaces=True)

    def regenerate(self) -> Pending[str]:
        """Send the last message again, for another reply in place of the last; as :meth:`send`."""
        return self.edit(self.last_message)

    def stop(self) -> None:
        """End the reply that is coming, and keep what came of it; without one, do nothing."""
        if self.last is not None:
            self._finish(self.last, "stopped")

    def new(self) -> None:
        """Begin a new chat, with the same settings; a reply that is coming is stopped."""
        self._replace(self._rebuilt([], []))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the chat to a file that :meth:`load` and ``Conversation.load`` read; never a key.

        Raises :class:`ConversationFileError` when it cannot be written.
        """
        self._conversation.save(path)

    def load(self, path: str | PathLike[str]) -> None:
        """Go on with a chat that :meth:`save` or ``Conversation.save`` wrote, and with its model.

        Raises :class:`ConversationFileError`, and changes nothing, if the file is something else.
        """
        loaded = Conversation.load(path, self.client)
        self.model, self.system = loaded.model, _instructions(loaded)
        self._replace(loaded)

    def close(self) -> None:
        """Stop, and take the chat off the page; what was said can still be read."""
        self.stop()
        super().close()

    def _start(self, text: str, before: Conversation, *, replaces: bool = False) -> Pending[str]:
        if not text.strip():
            raise WidgetError(_("There is nothing to send: write a message first."))
        with self._lock:
            if self.busy:
                raise WidgetError(_("A reply is still coming: wait for it, or stop it first."))
            attempt = self.last = Attempt(text, before, self._options(), replaces=replaces)
        self._show(at_once=True)
        in_background(lambda: self._receive(attempt))
        return attempt.pending

    def _options(self) -> dict[str, Any]:
        chosen: dict[str, Any] = {"max_completion_tokens": self.max_completion_tokens}
        if self.takes_temperature:
            chosen["temperature"] = self.temperature
        given = {name: value for name, value in chosen.items() if value is not None}
        return {**given, **self.options}

    def _receive(self, attempt: Attempt) -> None:
        """Read the reply, in a thread; leaving the ``with`` closes the stream."""
        try:
            with self.client.chat.completions.create(**attempt.parameters) as stream:
                for chunk in stream:
                    with self._lock:
                        if attempt is not self.last or not self.busy:
                            return
                        attempt.take(chunk)
                    self._show()
        except Exception as error:
            self._finish(attempt, "failed", error)
        else:
            self._finish(attempt, "ready")

    def _finish(self, attempt: Attempt, status: Status, error: Exception | None = None) -> None:
        with self._lock:
            if attempt is not self.last or not self.busy:
                return  # it is over already, or another one goes on in its place
            attempt.status = status
            replaced = self._conversation.turns[len(attempt.before.turns) :]
            attempt.keep()
            if attempt.kept:
                self._conversation = attempt.before
                self._replaced += replaced
            if error is not None:
                attempt.problem = explain(error, self.client, came=bool(attempt.so_far))
            elif status == "ready" and not attempt.complete:
                attempt.problem = broke_off()
        self._show(at_once=True)
        if error is None:
            attempt.pending.set_result(attempt.so_far)
        else:
            attempt.pending.set_exception(error)

    def _up_to_date(self) -> Conversation:
        """The history under the settings of now."""
        now = self._conversation
        if now.model == self.model and _instructions(now) == self.system:
            return now
        return self._rebuilt(now.messages, now.turns)

    def _without_last_turn(self) -> Conversation:
        if self.last is not None and not self.last.kept and not self.last.replaces:
            return self._up_to_date()  # nothing came of the last turn: it is not in the history
        messages = self._conversation.messages
        asked = [at for at, message in enumerate(messages) if message["role"] == "user"]
        if not asked:
            raise WidgetError(_("There is no message yet: send one first."))
        return self._rebuilt(messages[: asked[-1]], self._conversation.turns[:-1])

    def _rebuilt(self, messages: Sequence[dict[str, Any]], turns: Sequence[Turn]) -> Conversation:
        made = Conversation(self.client, model=self.model, system=self.system or None)
        instructed = bool(messages) and messages[0]["role"] in ("system", "developer")
        for message in messages[instructed:]:
            made.add(message)
        made.turns = list(turns)
        return made

    def _replace(self, conversation: Conversation) -> None:
        self.stop()
        with self._lock:
            self._conversation, self._replaced, self.last = conversation, [], None
        self._show(at_once=True)

    def _show(self, *, at_once: bool = False) -> None:
        if (view := self._view) is not None:
            view.show.now() if at_once else view.show()

    def _make_widget(self) -> Any:
        from course_utils.widgets.chat_view import ChatView

        self._view = ChatView(self)
        return self._view.root


def _instructions(conversation: Conversation) -> str:
    first = next(iter(conversation.messages), {})
    return text_of(first) if first.get("role") in ("system", "developer") else ""
