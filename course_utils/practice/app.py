"""The practice server's HTTP face: routes, keys, headers, errors and pace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from course_utils import catalog
from course_utils.practice import bodies, errors, faults, request
from course_utils.practice.engine import complete
from course_utils.practice.errors import ApiError
from course_utils.practice.faults import Fault, Faults, Pace
from course_utils.practice.limits import RateLimits
from course_utils.practice.recording import Source
from course_utils.practice.responses import Rendering, indented, new_id
from course_utils.practice.script import Gate, Script
from course_utils.practice.stored import StoredCompletions
from course_utils.practice.wirelog import Exchange, WireLog

KEY = "sk-practice"
"""The key that the practice server accepts."""

_CHAT = "/v1/chat/completions"

Handler = Callable[[Request, bytes, Exchange], Awaitable[Response]]


class ConnectionCutError(Exception):
    """Raised into the server to break a connection on purpose."""


class Practice:
    """The state behind one server: who may ask, how fast it answers, what went wrong and crossed.

    Args:
        keys: the keys that are accepted.
        pace: how fast replies come unless a request says otherwise.
        source: who answers in the practice model's place, where it can.
    """

    def __init__(
        self,
        keys: set[str] | None = None,
        pace: Pace = faults.FAST,
        source: Source | None = None,
    ) -> None:
        self._source = source
        self.keys = keys or {KEY}
        self.pace = pace
        self.faults = Faults()
        self.limits = RateLimits()
        self.script = Script()
        self.log = WireLog()
        self.stored = StoredCompletions()

    def app(self) -> Starlette:
        """Return the ASGI application."""
        stored = f"{_CHAT}/{{name}}"
        return Starlette(
            routes=[
                Route(_CHAT, self._served(self._chat), methods=["POST"]),
                Route(_CHAT, self._served(self._list_stored), methods=["GET"]),
                Route(stored, self._served(self._get_stored), methods=["GET"]),
                Route(stored, self._served(self._update_stored), methods=["POST"]),
                Route(stored, self._served(self._delete_stored), methods=["DELETE"]),
                Route(f"{stored}/messages", self._served(self._stored_messages), methods=["GET"]),
                Route("/v1/models", self._served(self._models), methods=["GET"]),
                Route("/v1/models/{name}", self._served(self._model), methods=["GET"]),
            ],
            # A page on the web can have its own name lead to 127.0.0.1, and its scripts then read
            # what they find there; but a browser says in Host which name it asked for.
            middleware=[Middleware(TrustedHostMiddleware, ["127.0.0.1", "localhost"])],
            exception_handlers={
                ApiError: self._refuse,
                404: self._no_such_url,
                405: self._wrong_method,
                Exception: self._own_fault,
            },
        )

    def _served(self, answer: Handler) -> Callable[[Request], Awaitable[Response]]:
        """Wrap a handler in what every request goes through: the log, and the key."""

        async def serve(http: Request) -> Response:
            body = await bodies.read(http)
            exchange = self.log.open(http.method, http.scope["path"], http.headers.items(), body)
            http.state.exchange = exchange
            self._admit(http)
            return await answer(http, body, exchange)

        return serve

    async def _chat(self, http: Request, body: bytes, exchange: Exchange) -> Response:
        bodies.check_type(exchange.headers.get("content-type", ""))
        asked = exchange.headers.get(faults.FAULT_HEADER) or request.fault_of(body)
        step = self.script.next(exchange.key)
        fault = step.fault or self.faults.next(asked)
        if fault.hang:
            await asyncio.sleep(fault.hang)
        if error := fault.error():
            raise error
        if self._source and (response := await self._source.answer(body)):
            exchange.status = response.status_code
            response.body_iterator = bodies.logged(response.body_iterator, exchange)
            return response
        pace = faults.pace_of(exchange.headers.get(faults.PACE_HEADER), self.pace)
        pace = fault.slowed(pace)
        try:
            chat = request.parse(body)
        except ApiError:
            self.script.put_back(exchange.key, step)
            raise
        rendering = Rendering(chat, complete(chat, step.answer))
        if chat.body.get("store"):
            self.stored.add(exchange.key, chat, rendering.whole())
        if chat.stream:
            exchange.status = 200
            events = self._events(rendering, pace, fault, exchange, step.gate)
            return StreamingResponse(
                events, headers=self._headers(http), media_type="text/event-stream"
            )
        completion = rendering.completion
        visible = completion.completion_tokens - completion.reasoning_tokens
        if seconds := pace.seconds(visible):  # a sleep of no time still waits for the event loop
            await asyncio.sleep(seconds + fault.hang - exchange.seconds)
        answer = self._answer(http, rendering.whole(), self._headers(http))
        return bodies.cut_short(answer, fault.malformed) if fault.malformed else answer

    async def _events(
        self,
        rendering: Rendering,
        pace: Pace,
        fault: Fault,
        exchange: Exchange,
        gate: Gate | None,
    ) -> AsyncIterator[bytes]:
        # From when the request came, so that what the server did until now (the first time, load
        # the tokens) is part of the pace.
        begun, tokens = exchange.began + fault.hang, 0
        paced = pace != faults.FAST
        if gate:
            gate.head = rendering.head(gate.pieces)
        for number, (made, event) in enumerate(rendering.chunks()):
            if number == fault.cut_after:
                raise ConnectionCutError
            if number == fault.error_after:
                exchange.sent(faults.error_event())
                yield faults.error_event()
                return
            tokens += made
            if gate and number == 1 + gate.pieces:  # the first event has the role, and no text
                await gate.wait()
            if paced:
                await asyncio.sleep(max(0.0, begun + pace.seconds(tokens) - time.monotonic()))
            exchange.sent(event)
            yield event

    async def _list_stored(self, http: Request, body: bytes, exchange: Exchange) -> Response:
        return self._answer(http, self.stored.list(exchange.key, http.query_params))

    async def _get_stored(self, http: Request, body: bytes, exchange: Exchange) -> Response:
        return self._answer(http, self.stored.get(exchange.key, http.path_params["name"]))

    async def _update_stored(self, http: Request, body: bytes, exchange: Exchange) -> Response:
        changes = request.read_json(body)
        name = http.path_params["name"]
        return self._answer(http, self.stored.update(exchange.key, name, changes))

    async def _delete_stored(self, http: Request, body: bytes, exchange: Exchange) -> Response:
        return self._answer(http, self.stored.delete(exchange.key, http.path_params["name"]))

    async def _stored_messages(self, http: Request, body: bytes, exchange: Exchange) -> Response:
        name = http.path_params["name"]
        return self._answer(http, self.stored.messages(exchange.key, name, http.query_params))

    async def _models(self, http: Request, body: bytes, exchange: Exchange) -> Response:
        listed = [_model_object(model) for model in catalog.models()]
        return self._answer(http, {"object": "list", "data": listed}, self._headers(http))

    async def _model(self, http: Request, body: bytes, exchange: Exchange) -> Response:
        model = catalog.find(http.path_params["name"])
        if model is None:
            raise errors.unknown_model(http.path_params["name"])
        return self._answer(http, _model_object(model), self._headers(http))

    def _admit(self, http: Request) -> None:
        scheme, _, key = http.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise errors.missing_key()
        if key.strip() not in self.keys:
            raise errors.wrong_key(key.strip())

    async def _refuse(self, http: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)
        headers = {"x-request-id": new_id("req_", 32), **error.headers}
        return self._answer(http, error.body(), headers, error.status)

    async def _own_fault(self, http: Request, error: Exception) -> Response:
        """Answer for a mistake in the practice server itself, as the API answers for its own."""
        return await self._refuse(http, Fault(status=500).error() or error)

    async def _no_such_url(self, http: Request, error: Exception) -> Response:
        message = f"Invalid URL ({http.method} {http.url.path})"
        return await self._refuse(http, ApiError(message, status=404))

    async def _wrong_method(self, http: Request, error: Exception) -> Response:
        return await self._refuse(http, errors.wrong_method(http))

    def _answer(
        self,
        http: Request,
        body: dict[str, Any],
        headers: dict[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        data = indented(body)
        exchange = getattr(http.state, "exchange", None)
        if exchange is not None:
            exchange.status = status
            exchange.sent(data)
        headers = headers or {"x-request-id": new_id("req_", 32)}
        return Response(data, status, headers, media_type="application/json")

    def _headers(self, http: Request) -> dict[str, str]:
        exchange: Exchange = http.state.exchange
        return {
            "x-request-id": new_id("req_", 32),
            "openai-version": "2020-10-01",
            "openai-organization": "practice",
            "openai-project": "proj_practice",
            "openai-processing-ms": str(round(exchange.seconds * 1000)),
            **self.limits.headers(exchange),
        }


def _model_object(model: catalog.Model) -> dict[str, Any]:
    created = 1_700_000_000  # the catalogue keeps no birthdays; the field is required
    return {"id": model.name, "object": "model", "created": created, "owned_by": "practice"}
