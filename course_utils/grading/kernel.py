"""What runs in a fork of the warm parent: IPython as in Jupyter, and the hands of the checks.

It speaks over one socket. What the grader sends::

    {"do": "execute", "code": "…"}
    {"do": "perform", "task": "03.2", "request": {…}}      see course_utils.exercises.hands

What comes back are the messages of Jupyter's protocol, ``{"type": "stream", "content": {…}}``, then
``{"reply": {…}}``; ``{"type": "seen", "content": "…"}`` is a piece of a function's output.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import ssl
import struct
import sys
import threading
from types import SimpleNamespace
from typing import Any

from IPython.core.error import StdinNotImplementedError

from course_utils.exercises.hands import Hands
from course_utils.grading.frames import pack
from course_utils.grading.shell import Stream


class Kernel:
    """Serves one socket until it closes.

    Args:
        shell: the shell of this process.
        wire: the socket to the grader.
        base_url: where the practice server is.
        most: how many characters of a cell's output go out.
    """

    def __init__(self, shell: Any, wire: socket.socket, base_url: str, most: int) -> None:
        self._shell = shell
        self._wire = wire
        self._lock = threading.Lock()
        self._base_url = base_url
        self._hands: tuple[str, Hands] | None = None
        self._streams = Stream("stdout", self.post, most), Stream("stderr", self.post, most)
        sys.stdout, sys.stderr = self._streams
        shell.display_pub.session.post = self.post
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def post(self, message: dict[str, Any]) -> None:
        """Send a message."""
        data = pack(message)
        with self._lock:
            self._wire.setblocking(True)
            self._wire.sendall(data)

    def run(self) -> None:
        """Serve; there is an event loop, as in every notebook."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        reader, _writer = await asyncio.open_connection(sock=self._wire.dup())
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                (length,) = struct.unpack("!I", await reader.readexactly(4))
                request = json.loads(await reader.readexactly(length))
                for stream in self._streams:
                    stream.begin()
                reply = await self._answer(request)
                for stream in self._streams:
                    stream.flush()
                self.post({"reply": reply})

    async def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            if request["do"] == "execute":
                return await self._execute(request["code"])
            return self._perform(request["task"], request["request"])
        except BaseException as error:
            kinds = [kind.__name__ for kind in type(error).__mro__]
            return {"error": {"type": kinds[0], "kinds": kinds, "message": _text(error)}}

    async def _execute(self, code: str) -> dict[str, Any]:
        shell = self._shell
        with _no_input():
            if shell.should_run_async(code, transformed_cell=_transformed(shell, code)):
                result = await shell.run_cell_async(
                    code, store_history=True, transformed_cell=shell.transform_cell(code)
                )
                shell.events.trigger("post_execute")
                shell.events.trigger("post_run_cell", result)
            else:
                result = shell.run_cell(code, store_history=True)
        return {"ok": bool(result.success), "count": shell.execution_count - 1}

    def _perform(self, task: str, request: dict[str, Any]) -> dict[str, Any]:
        if self._hands is None or self._hands[0] != task:
            self._hands = task, Hands(self._shell.user_ns, self._base_url, http)
        return self._hands[1].perform(request, self._seen)

    def _seen(self, text: str) -> None:
        self.post({"type": "seen", "content": text})


def _transformed(shell: Any, code: str) -> str:
    try:
        return str(shell.transform_cell(code))
    except Exception:
        return code  # run_cell says what is wrong with it


@contextlib.contextmanager
def _no_input() -> Any:
    """Let input() fail at once, as everywhere that no person sits."""
    import builtins

    def refuse(prompt: object = "") -> str:
        raise StdinNotImplementedError("input() has nobody to ask here")

    before = builtins.input
    builtins.input = refuse
    try:
        yield
    finally:
        builtins.input = before


def http(is_async: bool) -> Any:
    """Make a client for the practice server; it needs no certificates, which are slow to load."""
    import openai

    made: Any = openai.DefaultAsyncHttpxClient if is_async else openai.DefaultHttpxClient
    return made(trust_env=False, verify=False)


def _text(error: BaseException) -> str:
    try:
        return str(error)[:500]
    except Exception:
        return ""


def put_in_place(base_url: str) -> None:
    """Let ``connect()`` find the practice server outside, and a notebook's own checks be silent."""
    from course_utils import exercises, practice
    from course_utils.practice import server

    outside = SimpleNamespace(url=base_url)
    for module in (practice, server):
        module.shared_server = lambda: outside  # type: ignore[attr-defined]
    exercises.Checks = Unchecked  # type: ignore[misc, assignment]
    os.environ["COURSE_SERVER"] = "practice"
    # Every client loads the certificates anew, which takes longer than all else in a notebook;
    # there is nobody to trust where nobody can be reached.
    ssl.SSLContext.load_verify_locations = lambda *_, **__: None  # type: ignore[method-assign]


class Unchecked:
    """Stands where a notebook makes its own checks: those of the grader come later."""

    def __init__(self, seed: int = 0) -> None:
        pass

    def __call__(self, number: str) -> None:
        """Check nothing here."""
