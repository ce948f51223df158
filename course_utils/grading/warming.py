"""What the warm parent does once, so that no kernel has to: first uses, which load the most."""

from __future__ import annotations

import contextlib
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

_CELLS = (
    "import json, math, os, re, sys, time, random, asyncio, decimal, collections, textwrap, typing",
    "print('warm')\n{'a': [1, 2.5, None]}",
    "def f(x):\n    return 1 / x\nf(0)",
    "await asyncio.sleep(0)",
    "%time 1",
    "import openai, tiktoken, pydantic, httpx",
)
_CHOICE = {"index": 0, "finish_reason": "stop"}
_REPLY = {"id": "chatcmpl-0", "created": 0, "model": "gpt"}
_USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
_SAID = {"role": "assistant", "content": "x"}
_WHOLE = {**_REPLY, "object": "chat.completion", "usage": _USAGE}
_WHOLE["choices"] = [{**_CHOICE, "message": {**_SAID, "refusal": None}}]
_CHUNK = {**_REPLY, "object": "chat.completion.chunk", "choices": [{**_CHOICE, "delta": _SAID}]}


def warm_up(shell: Any) -> None:
    """Run cells, clients and requests to a server of its own, then forget it all."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        shell.display_pub.session.post = lambda message: None
        _connect()
        _ask()
        for cell in _CELLS:
            shell.run_cell(cell, store_history=True)
        shell.reset(new_session=True)
    shell.execution_count = 1


def _connect() -> None:
    from course_utils import connect, connect_async, count_message_tokens, set_language
    from course_utils.exercises import notebook, task  # noqa: F401
    from course_utils.grading.kernel import put_in_place

    put_in_place("http://127.0.0.1:1/v1")
    for language in ("ko", "en"):
        connect(language=language).close()
        connect_async(language=language)
    set_language(None)
    for model in ("gpt-4o", "gpt-3.5-turbo"):
        count_message_tokens([{"role": "user", "content": "안녕 hello"}], model=model)


def _ask() -> None:
    """Let the hands of a check call a function that asks, whole and streamed."""
    from course_utils.exercises.hands import Hands
    from course_utils.grading.kernel import http

    def say(client: Any) -> str:
        messages: Any = [{"role": "user", "content": "x"}]
        client.chat.completions.create(model="gpt", messages=messages)
        stream = client.chat.completions.create(model="gpt", messages=messages, stream=True)
        return "".join(chunk.choices[0].delta.content for chunk in stream)

    with HTTPServer(("127.0.0.1", 0), _Server) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        hands = Hands({"say": say}, f"http://127.0.0.1:{server.server_port}/v1", http)
        client = {"$": "client", "key": "none", "options": {"max_retries": 0}}
        hands.perform({"do": "call", "name": "say", "args": [client], "typed": []})
        del hands
        thread.join(10)


class _Server(BaseHTTPRequestHandler):
    """Answers every request, all on one connection."""

    protocol_version = "HTTP/1.1"
    timeout = 1

    def do_POST(self) -> None:
        """Answer whole, or as a stream of one piece, after which the connection ends."""
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        streams = bool(asked.get("stream"))
        body = json.dumps(_WHOLE)
        if streams:
            body = f"data: {json.dumps(_CHUNK)}\n\ndata: [DONE]\n\n"
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if streams else "application/json")
        self.send_header("content-length", str(len(body)))
        self.send_header("connection", "close" if streams else "keep-alive")
        self.end_headers()
        self.wfile.write(body.encode())
        self.close_connection = streams

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
