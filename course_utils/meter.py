"""Reading what a request costs off the wire, through the hooks of the SDK's own HTTP client.

Before a request is sent, the most that it can cost is held in a budget, which may refuse it. When
its response has been read to the end, or was given up, what it did cost is counted. The response
is watched while its reader reads it; nothing is consumed, delayed or changed.
"""

from __future__ import annotations

import re
import threading
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import anyio
import openai

from course_utils.budget import PAID, PROCESS, Amount, Budget, SpendingCapError, Tally
from course_utils.call import Call
from course_utils.errors import BudgetError
from course_utils.language import gettext as _
from course_utils.servers import is_openai

if TYPE_CHECKING:
    from types import EllipsisType

    import httpx2 as httpx
else:  # httpx in openai 2.x, httpx2 in 3.x: whichever the SDK's own client is made of
    httpx = import_module(openai.DefaultHttpxClient.__mro__[1].__module__.partition(".")[0])

FREE = re.compile(
    r"/(moderations|files|uploads(/[^/]+/(parts|complete|cancel))?|responses/input_tokens"
    r"|chat/completions/[^/]+)$"
)
"""The paths of requests that OpenAI takes no money for."""


class Meter:
    """What counts one client's money: its tally, the budget it draws on, and its hooks.

    ``practice`` says that its money is play money. ``cap`` gives it a budget of its own;
    ``...`` lets it share the process's (for play money: no cap).
    """

    def __init__(self, cap: Amount | EllipsisType | None = ..., *, practice: bool = False) -> None:
        self.practice = practice
        self.tally = Tally()
        shared = Budget(None) if practice else PROCESS
        self.budget = shared if cap is ... else Budget(cap)
        self._tallies = {self.tally, self.budget.tally} | (set() if practice else {PAID})
        self._calls: WeakKeyDictionary[object, Call] = WeakKeyDictionary()

    @classmethod
    def of(cls, client: openai.OpenAI | openai.AsyncOpenAI) -> Meter:
        """Find the meter of a client, or of a copy of it; raises :class:`BudgetError` if none."""
        for hook in client._client.event_hooks["request"]:
            meter = getattr(hook, "__self__", None)
            if isinstance(meter, cls):
                return meter
        raise BudgetError(
            _("This client was not made by connect(), so nobody counts what it spends.")
        )

    def hooks(self) -> dict[str, list[Any]]:
        """Give the ``event_hooks`` of a ``DefaultHttpxClient``."""
        return {"request": [self._sending], "response": [self._answered]}

    def async_hooks(self) -> dict[str, list[Any]]:
        """Give the ``event_hooks`` of a ``DefaultAsyncHttpxClient``."""
        return {"request": [self._sending_async], "response": [self._answered_async]}

    def _sending(self, request: httpx.Request) -> None:
        request.read()  # one that was redirected has not been read yet
        self._hold(request, _thread())

    async def _sending_async(self, request: httpx.Request) -> None:
        await request.aread()
        self._hold(request, _task())

    def _answered(self, response: httpx.Response) -> None:
        self._follow(response, _Watch)

    async def _answered_async(self, response: httpx.Response) -> None:
        self._follow(response, _AsyncWatch)

    def _hold(self, request: httpx.Request, owner: Hashable) -> None:
        """Hold the most that a request can cost, or refuse it."""
        path, paid = request.url.path, is_openai(str(request.url))
        if request.method != "POST" or FREE.search(path):
            return
        if paid and self.practice:
            raise SpendingCapError(
                _(
                    "This request was not sent: its client was made for the practice server, so "
                    'nobody would count what it spends at OpenAI. Make one with connect("openai").'
                )
            )
        call = None
        if path.endswith("/chat/completions"):
            call = Call.read(request.content)
            if call is None:
                return
        if call and call.has_price():
            self.budget.hold(request, owner, call.bound, partial(call.bound, exactly=True))
            self._calls[request] = call
        elif paid and self.budget.cap is not None:
            raise SpendingCapError(
                _(
                    "This request was not sent: the course knows no price for {what}, so the "
                    "spending cap could not hold. To send it all the same, take the cap away with "
                    "set_cap(None) or connect(cap=None)."
                ).format(what=call.what if call else path)
            )

    def _follow(self, response: httpx.Response, watch: type[_Watch] | type[_AsyncWatch]) -> None:
        """Watch a response to its end; one that reports a failure costs nothing."""
        call = self._calls.pop(response.request, None)
        if call is None:
            return
        if not response.is_success:
            self.budget.release(response.request)
            return
        encoding = response.headers.get("content-encoding", "identity")
        settle = partial(self._settle, call, encoding)
        watched = watch(response.stream, settle, self.budget.release)
        self.budget.keep(response.request, watched)
        response.stream = watched

    def _settle(self, call: Call, encoding: str, body: bytes) -> None:
        """Count what a call did cost."""
        try:
            headers = {"content-encoding": encoding}
            text = httpx.Response(200, headers=headers, content=body).content.decode(
                errors="replace"
            )
            amount = call.cost(text)
        except Exception:  # whatever a server sends must break neither the reader nor the cap
            amount = call.bound(exactly=True)
        for tally in self._tallies:
            tally.add(amount)


class MeteredClient(openai.DefaultHttpxClient):
    """The SDK's own HTTP client with a meter on it; ``options`` are those of ``httpx.Client``."""

    def __init__(self, meter: Meter, **options: Any) -> None:
        super().__init__(event_hooks=meter.hooks(), **options)
        self._meter = meter

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send a request; for one that dies without a response, nothing stays held."""
        try:
            return super().send(request, **options)
        except BaseException:
            self._meter.budget.forget(_thread())
            raise


class AsyncMeteredClient(openai.DefaultAsyncHttpxClient):
    """The same as :class:`MeteredClient`, for ``openai.AsyncOpenAI``."""

    def __init__(self, meter: Meter, **options: Any) -> None:
        super().__init__(event_hooks=meter.async_hooks(), **options)
        self._meter = meter

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send a request; for one that dies without a response, nothing stays held."""
        try:
            return await super().send(request, **options)
        except BaseException:
            self._meter.budget.forget(_task())
            raise


def _thread() -> Hashable:
    return "thread", threading.get_ident()


def _task() -> Hashable:
    return "task", anyio.get_current_task().id


class _Watching:
    """The bytes of a response that have come so far, and what to do with them in the end."""

    def __init__(
        self, stream: Any, settle: Callable[[bytes], None], release: Callable[[object], None]
    ) -> None:
        self._stream = stream
        self._settle: Callable[[bytes], None] | None = settle
        self._release = release
        self._seen: list[bytes] = []

    def _end(self) -> None:
        settle, self._settle = self._settle, None
        if settle:
            settle(b"".join(self._seen))

    def __del__(self) -> None:  # a stream that was dropped without being closed was paid for too
        self._end()


class _Watch(_Watching, httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            self._seen.append(piece)
            yield piece

    def close(self) -> None:
        self._stream.close()
        self._end()
        self._release(self)


class _AsyncWatch(_Watching, httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            self._seen.append(piece)
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
        self._end()
        self._release(self)
