"""Answers only those who ask for this machine by name.

A page on the web can have its own name lead to 127.0.0.1, and its scripts then read what they find
there; but a browser says in ``Host`` which name it asked for.
"""

from __future__ import annotations

import re

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from course_utils.practice import errors
from course_utils.practice.responses import indented, new_id

_LOCAL = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)


class LocalOnly:
    """An ASGI application that passes requests for 127.0.0.1, localhost or [::1] on to another.

    All others get a 403.

    Args:
        app: who answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        local = len(hosts) == 1 and _LOCAL.fullmatch(hosts[0])
        await (self._app if local else _refusal())(scope, receive, send)


def _refusal() -> Response:
    error = errors.wrong_host()
    headers = {"x-request-id": new_id("req_", 32)}
    return Response(indented(error.body()), error.status, headers, "application/json")
