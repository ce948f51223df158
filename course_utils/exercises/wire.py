"""A check's hand on the practice server: says what it answers next, and sees what was sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from course_utils.exercises.marks import Unmet
from course_utils.language import gettext as _
from course_utils.practice import PracticeServer
from course_utils.practice.faults import Fault
from course_utils.practice.reply import Answer, Call, reply
from course_utils.practice.script import Gate, Step
from course_utils.practice.wirelog import Exchange

_PATIENCE = 2.0  # seconds that a stream waits to be seen; only a wrong answer takes that long


@dataclass(frozen=True)
class Crossed:
    """One request of this check, and its response.

    Attributes:
        request: the request's body; empty if it was no JSON object.
        status: the response's status.
        headers: the request's headers, in lower case; the key is masked.
        response: the response's whole body as text.
        began: seconds on the server's clock when the request had come.
        ended: the same for the last piece of the response.
    """

    request: dict[str, Any]
    status: int
    headers: dict[str, str]
    response: str
    began: float
    ended: float

    @property
    def messages(self) -> list[Any]:
        """The messages as they were sent."""
        messages = self.request.get("messages")
        return messages if isinstance(messages, list) else []

    @property
    def turns(self) -> list[tuple[str, str]]:
        """The messages as pairs of role and text.

        A developer message counts as ``"system"``, and the texts of several parts are joined: what
        is the same to the model is the same here.
        """
        return [turn(message) for message in self.messages]

    @property
    def usage(self) -> dict[str, Any] | None:
        """The tokens that the response reported; None if it did not."""
        found = [body["usage"] for body in self._bodies if body.get("usage")]
        return found[-1] if found else None

    @property
    def reply(self) -> str:
        """The text of the first choice, whole, whether it was streamed or not."""
        return "".join(self.replies[:1])

    @property
    def replies(self) -> list[str]:
        """The texts of all choices, in order, whole, whether they were streamed or not."""
        said: dict[int, str] = {}
        for choice in self._choices:
            part = choice.get("message") or choice.get("delta") or {}
            said[choice["index"]] = said.get(choice["index"], "") + (part.get("content") or "")
        return [said[index] for index in sorted(said)]

    @property
    def finish_reason(self) -> str | None:
        """Why the first choice ended, streamed or not; None for an error or a stream cut off."""
        first = [choice for choice in self._choices if choice["index"] == 0]
        return first[-1]["finish_reason"] if first else None

    @property
    def _choices(self) -> list[dict[str, Any]]:
        """The choices of the response's JSON; a streamed one comes many times, a piece each."""
        return [choice for body in self._bodies for choice in body.get("choices") or []]

    @property
    def _bodies(self) -> list[dict[str, Any]]:
        """The response's JSON: one body, or that of every event."""
        texts = [self.response]
        if self.response.startswith("data: "):
            texts = [event.removeprefix("data: ") for event in self.response.split("\n\n")]
        bodies = map(_object, texts)
        return [body for body in bodies if body]


class Held:
    """A reply whose stream waits, after its first words, until they were seen.

    Attributes:
        text: the whole reply.
    """

    def __init__(self, text: str, gate: Gate) -> None:
        self.text = text
        self._gate = gate
        self._output = ""

    def seen(self, text: str) -> None:
        """Take a piece of the student's output; the first words in it let the rest go.

        How they are spaced and broken into lines does not matter.
        """
        self._output += "".join(text.split())
        head = "".join(self._gate.head.split())
        if head and head in self._output:
            self._gate.open()

    @property
    def head(self) -> str:
        """The words before the wait; empty if nothing was streamed."""
        return self._gate.head

    @property
    def was_seen(self) -> bool:
        """Whether the first words were on the output while the rest was still held back."""
        return self._gate.opened


class Wire:
    """The practice server's side of one check.

    Args:
        server: the practice server.
        key: the key that this check's clients use, and nobody else.
    """

    def __init__(self, server: PracticeServer, key: str) -> None:
        self._server = server
        self._key = key

    def says(self, text: str) -> str:
        """Let the next request be answered with ``text``; returns it."""
        self._add(Step(Answer(text=reply(text, kept="all"))))
        return text

    def holds(self, text: str, pieces: int = 3, patience: float = _PATIENCE) -> Held:
        """Let the next request be answered with ``text``, held back after its first pieces."""
        gate = Gate(pieces, patience)
        self._add(Step(Answer(text=reply(text, kept="all")), gate=gate))
        return Held(text, gate)

    def calls(self, *calls: tuple[str, Mapping[str, Any]]) -> None:
        """Let the next request be answered with calls of tools: names and arguments."""
        made = tuple(
            Call(name, reply(json.dumps(arguments, ensure_ascii=False), kept="all"))
            for name, arguments in calls
        )
        self._add(Step(Answer(calls=made)))

    def refuses(self, text: str) -> str:
        """Let the next request be answered with a refusal; returns it."""
        self._add(Step(Answer(refusal=reply(text, kept="all"))))
        return text

    def fails(self, fault: str, text: str | None = None) -> None:
        """Let the next request meet a fault, written as in ``x-practice-fault``.

        ``text`` is what the reply would say, for a fault in the middle of one (``cut-after=5``).
        """
        answer = None if text is None else Answer(text=reply(text, kept="all"))
        self._add(Step(answer, Fault.parse(fault)))

    def clear(self) -> None:
        """Drop what still waits for the next requests, so that one mistake spoils no other part."""
        self._server.script.forget(self._key)

    @property
    def crossed(self) -> list[Crossed]:
        """The completions that were asked for in this check so far, oldest first."""
        return [
            _crossed(exchange)
            for exchange in self._server.log.of(self._key)
            if exchange.method == "POST" and exchange.path.endswith("/chat/completions")
        ]

    def __getitem__(self, index: int) -> Crossed:
        """Return a request by its number; a criterion that asks is unmet if there is none."""
        crossed = self.crossed
        try:
            return crossed[index]
        except IndexError:
            raise Unmet(
                _(
                    "Too few requests were sent: look at where create() is called, how often, and "
                    "on which client: it must be the one that your function is given."
                ),
                expected=_("at least {count} requests").format(
                    count=index + 1 if index >= 0 else -index
                ),
                got=len(crossed),
            ) from None

    def __len__(self) -> int:
        return len(self.crossed)

    def _add(self, step: Step) -> None:
        self._server.script.add(self._key, step)


def turn(message: Any) -> tuple[str, str]:
    """Return a message as a pair of role and text; what is no message becomes a pair as well."""
    if not isinstance(message, Mapping):
        return ("", str(message))
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text", "") for part in content if isinstance(part, Mapping)]
        content = "".join(str(part) for part in parts)
    role = str(message.get("role"))
    return ("system" if role == "developer" else role, "" if content is None else str(content))


def _crossed(exchange: Exchange) -> Crossed:
    last = exchange.chunks[-1][0] if exchange.chunks else 0.0
    return Crossed(
        _object(exchange.body),
        exchange.status,
        dict(exchange.headers),
        exchange.response,
        exchange.began,
        exchange.began + last,
    )


def _object(text: str) -> dict[str, Any]:
    """Read a JSON object; an empty one if the text is something else, cut off, or too deep."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
