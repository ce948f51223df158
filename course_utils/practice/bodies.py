"""The bodies of requests and responses, as bytes: read, logged, cut short."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from course_utils.practice.errors import ApiError
from course_utils.practice.wirelog import Exchange

_MOST_BYTES = 32 << 20


def cut_short(answer: Response, count: int) -> Response:
    """Leave out the last bytes of an answer, as a proxy that loses them would."""
    body = bytes(answer.body)[:-count]
    headers = {name: answer.headers[name] for name in answer.headers if name != "content-length"}
    return Response(body, answer.status_code, headers)


async def logged(pieces: AsyncIterable[Any], exchange: Exchange) -> AsyncIterator[Any]:
    """Pass a body on, piece by piece, and note each in the log."""
    async for piece in pieces:
        exchange.sent(piece.encode() if isinstance(piece, str) else piece)
        yield piece


async def read(http: Request) -> bytes:
    """Read a request's body; raises :class:`ApiError` (413) for more than fits."""
    pieces, size, more = [], 0, True
    while more:  # Request.body() does the same by way of a generator, which costs more than this
        message = await http.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        more = message.get("more_body", False)
        if size > _MOST_BYTES:
            raise ApiError(
                f"Request body too large: more than {_MOST_BYTES >> 20} MiB.",
                status=413,
                code="request_too_large",
            )
    return b"".join(pieces)


def check_type(header: str) -> None:
    """Check a request's content type; raises :class:`ApiError` (415)."""
    kind = header.partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ApiError(
            f"Unsupported content type: '{kind}'. This API method only accepts 'application/json' "
            f"requests, but you specified the header 'Content-Type: {kind}'. Please try again with "
            "a supported content type.",
            status=415,
            code="unsupported_content_type",
        )
