"""A check's hand on the student's code: calls it with fresh inputs, and gets plain data back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from course_utils.exercises.marks import NotStartedError, Unmet, shown
from course_utils.exercises.plain import decode, encode
from course_utils.language import gettext as _

_LONGEST_CALL = 86_400  # seconds; what says that it took longer is made up


class Channel(Protocol):
    """The way to the student's process, where a :class:`~course_utils.exercises.hands.Hands` is."""

    def ask(self, request: dict[str, Any], seen: Callable[[str], None]) -> dict[str, Any]:
        """Send a request, and return the reply; both are JSON data.

        ``seen`` is to be called with each piece of the student's output as it comes. When the
        student's process is gone or takes too long, the reply is ``{"error": {"type": …,
        "message": …}}``; nothing is raised.
        """


class Object(dict[str, Any]):
    """What stands for an object in the student's process, among the arguments of a call."""


@dataclass(frozen=True)
class Failure:
    """An exception that came out of the student's code.

    Attributes:
        type: the name of its class.
        kinds: the names of its class and all bases, such as ``"APIStatusError"``.
        message: what it says.
        line: the student's line where it happened, if it is known.
    """

    type: str
    kinds: tuple[str, ...] = ()
    message: str = ""
    line: str = ""

    def __repr__(self) -> str:
        text = f"{self.type}: {self.message}" if self.message else self.type
        return f"{text}  ({self.line})" if self.line else text


@dataclass(frozen=True)
class Outcome:
    """What came of a call.

    Attributes:
        error: what it raised, None if nothing.
        output: all that was printed; a prompt of ``input()`` and what was typed are part of it.
        pieces: the same in the pieces that became visible, each with its seconds since the call.
        called: the calls of functions made by :meth:`Student.function`, as dicts.
    """

    returned: Any = None
    error: Failure | None = None
    output: str = ""
    pieces: list[tuple[float, str]] = field(default_factory=list)
    called: list[dict[str, Any]] = field(default_factory=list)

    @property
    def value(self) -> Any:
        """What it returned, an iterator as a list; a criterion that asks is unmet if it raised."""
        if self.error is not None:
            raise Unmet(
                _("The call raised an error. Read its last line first, then look at that place."),
                expected=_("a result"),
                got=self.error,
            )
        return self.returned

    def part(self, place: int) -> Any:
        """One of several values that it returned; what is no list counts as the first of them."""
        values = self.value if isinstance(self.value, list) else [self.value]
        return values[place] if place < len(values) else None


class Student:
    """The student's side of one check.

    Args:
        channel: the way to their process.
        key: the key that the clients of this check use.
    """

    def __init__(self, channel: Channel, key: str) -> None:
        self._channel = channel
        self._key = key

    def client(self, **options: Any) -> Object:
        """Stand for an ``openai.OpenAI`` on the practice server; ``options`` are its own."""
        return Object({"$": "client", "key": self._key, "options": options})

    def async_client(self, **options: Any) -> Object:
        """Stand for an ``openai.AsyncOpenAI`` on the practice server."""
        return Object({"$": "client", "key": self._key, "async": True, "options": options})

    def function(self, name: str, returns: Any = None) -> Object:
        """Stand for a function that notes its calls (:attr:`Outcome.called`) and returns data."""
        return Object({"$": "function", "value": name, "returns": encode(returns)})

    def keep(self, name: str, value: Any) -> Object:
        """Put data into the student's process, such as a list that calls may change.

        Returns what stands for it in a call; :meth:`read` tells what became of it.
        """
        self._ask({"do": "keep", "name": name, "value": encode(value)}, lambda text: None)
        return self.named(name)

    def folder(self, name: str, files: dict[str, str]) -> Object:
        """Make a folder of text files in the student's process.

        Returns what stands for its path (a text) in a call; :meth:`files` tells what is in it.
        """
        self._ask({"do": "folder", "name": name, "value": files}, lambda text: None)
        return self.named(name)

    def files(self, name: str) -> dict[str, str]:
        """Read all files of a folder that :meth:`folder` made: names and texts."""
        found = decode(self._ask({"do": "files", "name": name}, lambda text: None).get("value"))
        return found if isinstance(found, dict) else {}

    def named(self, name: str) -> Object:
        """Stand for what was kept, or for something of the student's own."""
        return Object({"$": "name", "value": name})

    def call(
        self,
        name: str,
        *args: Any,
        typed: Iterable[str] = (),
        keep: str | None = None,
        seen: Callable[[str], None] | None = None,
        **kwargs: Any,
    ) -> Outcome:
        """Call the student's function (``"say"``, ``"chat.say"``) with these inputs.

        A coroutine is awaited, an iterator taken to its end.

        Args:
            name: the function's name.
            args: its arguments: data, and what the methods above stand for.
            typed: what ``input()`` gets, line by line.
            keep: a name under which the result stays in the student's process, for later calls.
            seen: called with each piece of output as it comes, such as ``held.seen``.
            kwargs: its arguments by name.

        Raises:
            NotStartedError: there is no such function, or it raises NotImplementedError.
        """
        request = {
            "do": "call",
            "name": name,
            "args": [_sent(each) for each in args],
            "kwargs": {key: _sent(each) for key, each in kwargs.items()},
            "typed": list(typed),
            "keep": keep,
        }
        reply = self._ask(request, seen or (lambda text: None))
        error = _failure(reply.get("error"))
        if error is not None and "NotImplementedError" in error.kinds:
            raise NotStartedError(name)
        pieces = _pieces(reply.get("output"))
        return Outcome(
            decode(reply.get("value")),
            error,
            "".join(text for _seconds, text in pieces),
            pieces,
            [each for each in _listed(decode(reply.get("called"))) if _is_call(each)],
        )

    def read(self, name: str) -> Any:
        """Read a variable as data.

        Raises:
            NotStartedError: there is no such variable, or it is still ``...``.
        """
        return decode(self._ask({"do": "read", "name": name}, lambda text: None).get("value"))

    def _ask(self, request: dict[str, Any], seen: Callable[[str], None]) -> dict[str, Any]:
        reply = self._channel.ask(request, seen)
        if not isinstance(reply, dict):
            reply = {"error": {"type": "Error", "message": shown(reply)}}
        if "missing" in reply:
            raise NotStartedError(str(reply["missing"]))
        return reply


def _sent(argument: Any) -> Any:
    return dict(argument) if isinstance(argument, Object) else encode(argument)


def _listed(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _is_call(data: Any) -> bool:
    # What comes from the student's process may have any form, here and below.
    forms = {"name": str, "args": list, "kwargs": dict}
    return isinstance(data, dict) and all(isinstance(data.get(k), v) for k, v in forms.items())


def _pieces(data: Any) -> list[tuple[float, str]]:
    return [
        (float(each[0]), str(each[1]))
        for each in _listed(data)
        if isinstance(each, list | tuple)
        and len(each) == 2
        and isinstance(each[0], int | float)
        and abs(each[0]) < _LONGEST_CALL
    ]


def _failure(data: Any) -> Failure | None:
    if not isinstance(data, dict):
        return None
    kinds = tuple(str(kind) for kind in _listed(data.get("kinds")))
    texts = [str(data.get(name) or "") for name in ("type", "message", "line")]
    return Failure(texts[0] or "Error", kinds, *texts[1:])
