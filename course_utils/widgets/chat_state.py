"""What can be read of a chat at any time, as plain data and as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import openai

from course_utils import catalog
from course_utils.budget import Budget
from course_utils.conversation import Conversation, Turn
from course_utils.cost import dollars
from course_utils.errors import BudgetError, WidgetError
from course_utils.language import gettext as _
from course_utils.meter import Meter
from course_utils.terminal import visible
from course_utils.widgets.attempt import Attempt, Status

__all__ = ["ChatState", "speaker", "text_of"]


class ChatState:
    """The settings of a chat, its history, and how its last turn stands."""

    client: openai.OpenAI
    model: str
    system: str
    temperature: float | None
    max_completion_tokens: int | None
    options: dict[str, Any]
    _conversation: Conversation
    last: Attempt | None = None  # before the first turn, and after a chat was loaded
    _replaced: list[Turn]  # what was paid for, and then regenerated or edited

    @property
    def status(self) -> Status:
        """How the last turn stands: ready, waiting, streaming, stopped or failed."""
        return self.last.status if self.last else "ready"

    @property
    def busy(self) -> bool:
        """Whether a reply is coming."""
        return self.status in ("waiting", "streaming")

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The history as it is sent, without a turn that is under way."""
        return self._conversation.messages

    @property
    def turns(self) -> list[Turn]:
        """Tokens and cost of each reply in the history."""
        return list(self._conversation.turns)

    @property
    def reply(self) -> str:
        """The text of the last reply, as far as it came."""
        if self.last is not None:
            return self.last.so_far
        return text_of(_last_of("assistant", self.messages))

    @property
    def last_message(self) -> str:
        """The user's last message; raises :class:`WidgetError` if there is none."""
        if self.last is not None:
            return self.last.text
        message = _last_of("user", self.messages)
        if not message:
            raise WidgetError(_("There is no message yet: send one first."))
        return text_of(message)

    @property
    def problem(self) -> str:
        """What went wrong with the last turn, and what to do; empty if nothing did."""
        return self.last.problem if self.last else ""

    @property
    def request(self) -> dict[str, Any] | None:
        """The JSON of the last turn's request; None before the first turn."""
        return self.last.request if self.last else None

    @property
    def chunks(self) -> list[dict[str, Any]]:
        """The chunks of the last turn as they came."""
        return list(self.last.chunks) if self.last else []

    @property
    def tokens(self) -> int:
        """Prompt and completion tokens of the whole chat, replaced replies included."""
        return sum(turn.prompt_tokens + turn.completion_tokens for turn in self._paid)

    @property
    def cost(self) -> Decimal:
        """What the whole chat cost in dollars, replaced replies included."""
        return sum((turn.cost for turn in self._paid), Decimal(0))

    @property
    def remaining(self) -> Decimal | None:
        """What the client's spending cap leaves, in dollars; None where there is no cap."""
        try:
            budget: Budget = Meter.of(self.client).budget
        except BudgetError:
            return None
        return None if budget.cap is None else budget.cap - budget.tally.total

    @property
    def state(self) -> dict[str, Any]:
        """All of this as plain data."""
        names = ("status", "problem", "model", "system", "temperature", "max_completion_tokens")
        more = ("messages", "turns", "reply", "tokens", "cost", "remaining")
        return {name: getattr(self, name) for name in (*names, *more)}

    @property
    def takes_temperature(self) -> bool:
        """Whether the model takes a temperature, as far as the catalogue knows."""
        known = catalog.find(self.model)
        effort = self.options.get("reasoning_effort")
        return known is None or known.takes("temperature", reasoning_effort=effort)

    def __repr__(self) -> str:
        said = [f"{speaker(message['role'])}: {text_of(message)}" for message in self.messages]
        lines = [f"ChatWidget · {self.model}", *said]
        lines += filter(None, [self.problem, self.summary()])
        return visible("\n".join(lines))

    def summary(self) -> str:
        """Tokens and cost of the last turn and of the chat, and what the cap leaves, in a line."""
        if not self._paid:
            return _("Nothing was sent yet.")
        turn = self._paid[-1]
        words = [
            _("This turn: {sent} + {received} tokens, {cost}").format(
                sent=turn.prompt_tokens, received=turn.completion_tokens, cost=dollars(turn.cost)
            ),
            _("the chat: {tokens} tokens, {cost}").format(
                tokens=self.tokens, cost=dollars(self.cost)
            ),
        ]
        if self.remaining is not None:
            words.append(_("left to spend: {amount}").format(amount=dollars(self.remaining)))
        return " · ".join(words)

    @property
    def settled(self) -> list[dict[str, Any]]:
        """The messages that stand before the last turn, or all of them if nothing came of it."""
        last = self.last
        if last is not None and (self.busy or last.kept):
            return list(last.parameters["messages"][:-1])
        return self.messages

    @property
    def _paid(self) -> list[Turn]:
        return [*self._replaced, *self._conversation.turns]


def speaker(role: str) -> str:
    """Give the name under which a role's messages are shown."""
    return {"user": _("You"), "assistant": "AI"}.get(role, role)


def text_of(message: Mapping[str, Any]) -> str:
    """Give the text of a message: its content or refusal, or the texts among its parts."""
    content = message.get("content") or message.get("refusal") or ""
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text", "")) for part in content)


def _last_of(role: str, messages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return next((message for message in reversed(messages) if message["role"] == role), {})
