"""The practice server's HTTP face: routes, keys, headers, errors and pace."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from course_utils import catalog
from course_utils.practice import errors, faults, request
from course_utils.practice.engine import complete
from course_utils.practice.errors import ApiError
from course_utils.practice.faults import Fault, Faults, Pace
from course_utils.practice.responses import Rendering, new_id
from course_utils.practice.wirelog import Exchange, WireLog

KEY = "sk-practice"
"""The key that the practice server accepts."""

_CHAT = "/v1/chat/completions"
_LIMITS = {"requests": 10_000, "tokens": 2_000_000}


class ConnectionCutError(Exception):
    """Raised into the server to break a connection on purpose."""


class Practice:
    """The state behind one server: who may ask, how fast it answers, what went wrong and crossed.

    Args:
        keys: the keys that are accepted.
        pace: how fast replies come unless a request says otherwise.
    """

    def __init__(self, keys: set[str] | None = None, pace: Pace = faults.FAST) -> None:
        self.keys = keys or {KEY}
        self.pace = pace
        self.faults = Faults()
        self.log = WireLog()

    def app(self) -> Starlette:
        """Return the ASGI application."""
        return Starlette(
            routes=[
                Route(_CHAT, self._chat, methods=["POST"]),
                Route("/v1/models", self._models, methods=["GET"]),
                Route("/v1/models/{name}", self._model, methods=["GET"]),
            ],
            exception_handlers={
                ApiError: self._refuse,
                404: self._no_such_url,
                405: self._wrong_method,
            },
        )

    async def _chat(self, http: Request) -> Response:
        started = time.monotonic()
        raw = await http.body()
        exchange = self.log.open(http.method, http.url.path, dict(http.headers), raw)
        http.state.exchange = exchange
        self._admit(http)
        fault = self.faults.next(http.headers.get(faults.FAULT_HEADER))
        if error := fault.error():
            raise error
        pace = faults.pace_of(http.headers.get(faults.PACE_HEADER), self.pace)
        chat = request.parse(raw)
        rendering = Rendering(chat, complete(chat))
        exchange.status = 200
        if chat.stream:
            events = self._events(rendering, pace, fault, exchange)
            return StreamingResponse(
                events, headers=self._headers(started), media_type="text/event-stream"
            )
        completion = rendering.completion
        visible = completion.completion_tokens - completion.reasoning_tokens
        await asyncio.sleep(pace.seconds(visible))
        return self._answer(rendering.whole(), exchange, self._headers(started))

    async def _events(
        self, rendering: Rendering, pace: Pace, fault: Fault, exchange: Exchange
    ) -> AsyncIterator[bytes]:
        begun, tokens = time.monotonic(), 0
        for number, (made, event) in enumerate(rendering.chunks()):
            if number == fault.cut_after:
                raise ConnectionCutError
            tokens += made
            wait = begun + pace.seconds(tokens) - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            exchange.sent(event)
            yield event

    async def _models(self, http: Request) -> Response:
        self._admit(http)
        listed = [_model_object(model) for model in catalog.models()]
        return self._answer({"object": "list", "data": listed})

    async def _model(self, http: Request) -> Response:
        self._admit(http)
        model = catalog.find(http.path_params["name"])
        if model is None:
            raise errors.unknown_model(http.path_params["name"])
        return self._answer(_model_object(model))

    def _admit(self, http: Request) -> None:
        scheme, _, key = http.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise errors.missing_key()
        if key.strip() not in self.keys:
            raise errors.wrong_key(key.strip())

    async def _refuse(self, http: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)
        headers = {"x-request-id": new_id("req_", 32), **error.headers}
        exchange = getattr(http.state, "exchange", None)
        return self._answer(error.body(), exchange, headers, error.status)

    async def _no_such_url(self, http: Request, error: Exception) -> Response:
        message = f"Invalid URL ({http.method} {http.url.path})"
        return await self._refuse(http, ApiError(message, status=404))

    async def _wrong_method(self, http: Request, error: Exception) -> Response:
        refusal = ApiError(
            f"Not allowed to {http.method} on {http.url.path}. (HINT: Perhaps you meant to use a "
            "different HTTP method?)",
            status=405,
            code="method_not_supported",
            headers=dict(error.headers or {}) if isinstance(error, HTTPException) else {},
        )
        return await self._refuse(http, refusal)

    def _answer(
        self,
        body: dict[str, Any],
        exchange: Exchange | None = None,
        headers: dict[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
        data = text.encode("utf-8", "replace")
        if exchange is not None:
            exchange.status = status
            exchange.sent(data)
        return Response(data, status, headers, media_type="application/json")

    def _headers(self, started: float) -> dict[str, str]:
        headers = {
            "x-request-id": new_id("req_", 32),
            "openai-version": "2020-10-01",
            "openai-organization": "practice",
            "openai-project": "proj_practice",
            "openai-processing-ms": str(round((time.monotonic() - started) * 1000)),
        }
        for what, limit in _LIMITS.items():
            headers[f"x-ratelimit-limit-{what}"] = str(limit)
            headers[f"x-ratelimit-remaining-{what}"] = str(limit - 1)
            headers[f"x-ratelimit-reset-{what}"] = "6ms"
        return headers


def _model_object(model: catalog.Model) -> dict[str, Any]:
    created = 1_700_000_000  # the catalogue keeps no birthdays; the field is required
    return {"id": model.name, "object": "model", "created": created, "owned_by": "practice"}
