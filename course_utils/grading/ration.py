"""A ration of requests: what one submission may ask of the practice server."""

from __future__ import annotations

import json

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST_BYTES = 32 << 20
_MOST_AT_ONCE = 32


class Ration:
    """Counts the requests of a kernel and their bytes; beyond the ration they are refused.

    Args:
        app: the practice server's application.
        requests: how many requests may come.
    """

    def __init__(self, app: ASGIApp, requests: int) -> None:
        self._app = app
        self._left = requests
        self._bytes = _MOST_BYTES
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        self._left -= 1
        if scope["type"] != "http" or self._left < 0 or self._open >= _MOST_AT_ONCE:
            await _refuse(send)
            return

        async def counted() -> Message:
            message = await receive()
            self._bytes -= len(message.get("body", b""))
            if self._bytes < 0:
                return {"type": "http.disconnect"}
            return message

        self._open += 1
        try:
            await self._app(scope, counted, send)
        finally:
            self._open -= 1


async def _refuse(send: Send) -> None:
    error = {"message": "More requests than a graded notebook may make.", "type": "requests"}
    body = json.dumps({"error": {**error, "param": None, "code": "ration_exceeded"}}).encode()
    headers = [(b"content-type", b"application/json"), (b"x-should-retry", b"false")]
    headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": body})
