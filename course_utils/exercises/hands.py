"""What runs in the student's process: it calls their functions, and says as data what came of it.

Nothing here knows what is expected. A request and its reply are JSON::

    {"do": "call", "name": "say", "args": [{"$": "client", "key": "sk-…"}, "Hi"], "kwargs": {},
     "typed": ["exit"], "keep": null}
    {"value": …, "error": null, "called": [], "output": [[0.012, "AI: "], …]}

    {"do": "read", "name": "answer"}
    {"value": …}                          or {"missing": "answer"}, also for a call

    {"do": "keep", "name": "history", "value": […]}
    {"do": "folder", "name": "articles", "value": {"a.txt": "…"}}    kept is the folder's path
    {}

    {"do": "files", "name": "articles"}
    {"value": {"a.txt": "…"}}             the texts in a folder that was kept

A name may have dots: attributes, and where they are numbers places in a list.

Besides the forms of :mod:`course_utils.exercises.plain`, arguments can be

    {"$": "client", "key": "sk-…", "async": false, "options": {"max_retries": 0}}
    {"$": "name", "value": "chat"}        what was kept before, or the student's own
    {"$": "function", "value": "weather", "returns": …}    a function that notes its calls

An error is ``{"type", "kinds", "message", "line"}``; ``kinds`` are the names of its class's bases.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openai

from course_utils.exercises.output import Output, Seen
from course_utils.exercises.plain import decode, encode

_MOST_ITEMS = 10_000
_LONGEST = 500
_PATIENCE = 30.0  # seconds that a client waits for a reply
_COURSE = str(Path(__file__).parents[1])


class Hands:
    """Calls and reads what a student defined.

    Args:
        namespace: the student's global names, as they are now.
        base_url: where the clients that are handed to the student's functions ask.
        http: makes the HTTP client of one of them, for example over a Unix socket; called with
            whether it is to be asynchronous. None: over TCP, with no proxy.
    """

    def __init__(
        self,
        namespace: MutableMapping[str, Any],
        base_url: str,
        http: Callable[[bool], Any] | None = None,
    ) -> None:
        self._namespace = namespace
        self._base_url = base_url
        self._http = http or _plain_http
        self._kept: dict[str, Any] = {}
        self._folders: dict[str, TemporaryDirectory[str]] = {}

    def perform(self, request: dict[str, Any], seen: Seen = lambda text: None) -> dict[str, Any]:
        """Do what a request asks, and return the reply; both are JSON data.

        ``seen`` is called with each piece of output as it becomes visible.
        """
        name = request["name"]
        if request["do"] == "keep":
            self._kept[name] = decode(request["value"])
            return {}
        if request["do"] == "folder":
            self._kept[name] = self._folder(name, request["value"])
            return {}
        if request["do"] == "files":
            return {"value": _texts(Path(self._folders[name].name))}
        try:
            found = self._find(name)
        except LookupError as error:
            return {"missing": str(error.args[0])}
        if request["do"] == "read":
            return {"value": encode(found)}
        return self._call(found, request, seen)

    def _folder(self, name: str, files: dict[str, str]) -> str:
        self._folders[name] = TemporaryDirectory()
        for file, text in files.items():
            Path(self._folders[name].name, file).write_text(text, encoding="utf-8", newline="\n")
        return self._folders[name].name

    def _call(self, function: Any, request: dict[str, Any], seen: Seen) -> dict[str, Any]:
        called: list[Any] = []
        args = [self._argument(each, called) for each in request.get("args", ())]
        kwargs = {
            name: self._argument(each, called) for name, each in request.get("kwargs", {}).items()
        }
        reply: dict[str, Any] = {"value": None, "error": None}
        with Output(seen, request.get("typed", ())) as output:
            try:
                value = _finished(function(*args, **kwargs), output)
                if keep := request.get("keep"):
                    self._kept[keep] = value
                else:
                    reply["value"] = encode(value)
            except (Exception, SystemExit) as error:
                reply["error"] = _error(error)
        return {**reply, "called": called, "output": output.pieces}

    def _find(self, name: str) -> Any:
        first, *rest = name.split(".")
        found = self._kept[first] if first in self._kept else self._namespace.get(first, _NOTHING)
        for part in rest:
            found = _at(found, int(part)) if part.isdecimal() else getattr(found, part, _NOTHING)
        if found is _NOTHING or found is ...:
            raise LookupError(name)
        return found

    def _argument(self, data: Any, called: list[Any]) -> Any:
        if not (isinstance(data, dict) and data.get("$") in ("client", "name", "function")):
            return decode(data)
        if data["$"] == "name":
            return self._find(data["value"])
        if data["$"] == "function":
            return _noting(data["value"], decode(data.get("returns")), called)
        return self._client(data)

    def _client(self, data: dict[str, Any]) -> Any:
        options = {"api_key": data["key"], "base_url": self._base_url, "timeout": _PATIENCE}
        options |= data.get("options", {})
        is_async = bool(data.get("async"))
        made: Any = openai.AsyncOpenAI if is_async else openai.OpenAI
        return made(**options, http_client=self._http(is_async))


_NOTHING = object()


def _at(values: Any, place: int) -> Any:
    try:
        return values[place]
    except (LookupError, TypeError):
        return _NOTHING


def _plain_http(is_async: bool) -> Any:
    # The practice server speaks plain HTTP: to load certificates takes longer than a call.
    made: Any = openai.DefaultAsyncHttpxClient if is_async else openai.DefaultHttpxClient
    return made(trust_env=False, verify=False)


def _texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8", "replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _noting(name: str, returns: Any, called: list[Any]) -> Callable[..., Any]:
    def function(*args: Any, **kwargs: Any) -> Any:
        called.append({"name": name, "args": encode(args), "kwargs": encode(kwargs)})
        return returns

    function.__name__ = name
    return function


def _finished(value: Any, output: Output) -> Any:
    """Wait for what is awaited, and take all that an iterator gives, showing each text of it."""
    if inspect.isawaitable(value) or isinstance(value, AsyncIterator):
        value = _waited_for(value, output)
    if isinstance(value, Iterator):
        items = []
        for item in value:
            output.give(item)
            items.append(item)
            if len(items) == _MOST_ITEMS:
                break
        return items
    return value


def _waited_for(value: Any, output: Output) -> Any:
    """Run a coroutine to its end, in a thread of its own: a notebook's event loop is busy."""

    async def run() -> Any:
        if not isinstance(value, AsyncIterator):
            return await value
        items = []
        async for item in value:
            output.give(item)
            items.append(item)
        return items

    result: list[Any] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            result.append(asyncio.run(run()))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return result[0]


def _error(error: BaseException) -> dict[str, Any]:
    kinds = [kind.__name__ for kind in type(error).__mro__]
    lines = [
        frame.line or ""
        for frame in traceback.extract_tb(error.__traceback__)
        if "site-packages" not in frame.filename and not frame.filename.startswith(_COURSE)
    ]
    try:
        message = str(error)
    except Exception:
        message = ""
    return {
        "type": type(error).__name__,
        "kinds": kinds,
        "message": message[:_LONGEST],
        "line": lines[-1][:_LONGEST] if lines else "",
    }
