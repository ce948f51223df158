"""Spending caps, against a real server: what is refused, what is counted, what is let go."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import openai
import pytest
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from course_utils import budget, connect, connect_async, set_cap, spent, user
from course_utils.budget import SpendingCapError
from course_utils.catalog import DEFAULT_MODEL
from course_utils.cost import cost, dollars, estimate
from course_utils.errors import BudgetError, CourseError
from course_utils.practice import PracticeServer
from course_utils.tokens import count_message_tokens, count_tokens

KEY = "sk-not-play-money"
HELLO = [user("안녕하세요")]
OPENAI_KEY = "sk-" + "a1B2c3D4" * 6


@pytest.fixture(autouse=True)
def _fresh_budget(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("COURSE_CAP", raising=False)
    monkeypatch.setattr(budget.PROCESS, "tally", budget.Tally())
    yield
    budget.PROCESS.set_cap(...)


@pytest.fixture
def server(practice: PracticeServer) -> PracticeServer:
    """A server that takes real money as far as the budget can tell."""
    practice.keys.add(KEY)
    return practice


@pytest.fixture
def paid(server: PracticeServer) -> Callable[..., openai.OpenAI]:
    def make(**arguments: Any) -> openai.OpenAI:
        arguments = {"base_url": server.url, "api_key": KEY, "max_retries": 0, **arguments}
        made = connect(quiet=True, **arguments)
        server.log.clear()
        return made

    return make


def ask(client: openai.OpenAI, **options: Any) -> Any:
    request = {"model": DEFAULT_MODEL, "messages": HELLO, **options}
    return client.chat.completions.create(**request)


def worst(limit: int) -> Decimal:
    """Just more than a greeting with that token limit can cost."""
    return estimate(200, limit, model=DEFAULT_MODEL, cache_write_tokens=200)


def test_a_request_that_could_exceed_the_cap_is_not_sent(paid, server) -> None:
    client = paid(cap="0.10")
    with pytest.raises(SpendingCapError) as refused:
        ask(client)
    assert len(server.log) == 0
    assert isinstance(refused.value, openai.OpenAIError)
    assert isinstance(refused.value, CourseError)
    for part in ("$0.10", "$0.00", "max_completion_tokens", "cap=…"):
        assert part in str(refused.value)
    assert spent(client) == 0


def test_the_same_holds_for_a_stream_and_for_the_async_client(paid, server) -> None:
    with pytest.raises(SpendingCapError):
        ask(paid(cap="0.10"), stream=True)

    async def run() -> None:
        arguments = {"base_url": server.url, "api_key": KEY, "quiet": True}
        async with connect_async(cap="0.10", **arguments) as client:
            server.log.clear()
            for stream in (False, True):
                with pytest.raises(SpendingCapError):
                    await client.chat.completions.create(
                        model=DEFAULT_MODEL, messages=HELLO, stream=stream
                    )

    asyncio.run(run())
    assert len(server.log) == 0


def test_a_token_limit_lets_it_through(paid) -> None:
    client = paid(cap="0.10")
    assert ask(client, max_completion_tokens=100).choices
    for too_many in (8000, 10**25):
        with pytest.raises(SpendingCapError):
            ask(client, max_completion_tokens=100, n=too_many)


def test_the_process_has_one_dollar_unless_it_is_told_otherwise(paid, monkeypatch) -> None:
    client = paid()
    tokens = 128_000  # of the default model: 0.15 dollars
    assert ask(client).choices
    with pytest.raises(SpendingCapError, match="set_cap"):
        ask(client, max_completion_tokens=tokens, n=8)
    set_cap(2)
    assert ask(client, n=8).choices
    set_cap(None)
    assert ask(client, max_completion_tokens=tokens, n=8).choices


def test_the_environment_may_set_the_cap(paid, monkeypatch) -> None:
    client = paid()
    monkeypatch.setenv("COURSE_CAP", "0.05")
    with pytest.raises(SpendingCapError, match=r"\$0\.05"):
        ask(client)
    monkeypatch.setenv("COURSE_CAP", "None")
    assert ask(client).choices
    monkeypatch.setenv("COURSE_CAP", "a lot")
    with pytest.raises(BudgetError, match="a lot"):
        paid()


@pytest.mark.parametrize("amount", ["much", -1, "nan", float("inf"), ""])
def test_a_cap_that_is_no_amount_is_refused(paid, amount: Any) -> None:
    with pytest.raises(BudgetError, match="dollars"):
        set_cap(amount)
    with pytest.raises(BudgetError, match="dollars"):
        paid(cap=amount)


def test_a_long_prompt_is_counted_exactly_before_it_is_refused(paid) -> None:
    text = "hello " * 20_000
    tokens = count_message_tokens([user(text)], model=DEFAULT_MODEL) + 200
    enough = estimate(tokens, 100, model=DEFAULT_MODEL, cache_write_tokens=tokens)
    by_bytes = estimate(len(text), 100, model=DEFAULT_MODEL, cache_write_tokens=len(text))
    assert enough < by_bytes
    options = {"messages": [user(text)], "max_completion_tokens": 100}
    assert ask(paid(cap=enough), **options).choices
    never_cached = estimate(tokens, 100, model=DEFAULT_MODEL)
    with pytest.raises(SpendingCapError):
        ask(paid(cap=never_cached), **options)


def test_an_image_may_cost_a_whole_context_window(paid) -> None:
    image = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    with pytest.raises(SpendingCapError):
        ask(paid(cap="0.02"), messages=[user([image])], max_completion_tokens=10)


def test_usage_is_priced_exactly(paid) -> None:
    client = paid()
    before = spent()
    usages = [ask(client).usage, ask(client, n=3).usage]
    expected = sum(cost(usage, model=DEFAULT_MODEL) for usage in usages)
    assert spent(client) == expected > 0
    assert spent() - before == expected


def test_the_usage_of_a_stream_is_priced_exactly_and_nothing_is_consumed(paid) -> None:
    client = paid()
    chunks = list(ask(client, stream=True, stream_options={"include_usage": True}, seed=1))
    assert spent(client) == cost(chunks[-1].usage, model=DEFAULT_MODEL) > 0
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == ask(client, seed=1).choices[0].message.content


def test_a_stream_without_usage_is_counted(paid) -> None:
    told, counted = paid(), paid()
    for client, asked in ((told, True), (counted, False)):
        options = {"model": "gpt-4.1-mini", "seed": 1, "n": 2}  # a model that does not reason
        list(ask(client, stream=True, stream_options={"include_usage": asked}, **options))
    assert spent(counted) == spent(told) > 0


def test_a_stream_that_is_left_early_costs_what_came(paid) -> None:
    client = paid()
    with ask(client, stream=True, seed=1) as stream:
        came = [next(stream).choices[0].delta.content or "" for _ in range(4)]
    prompt = count_message_tokens(HELLO, model=DEFAULT_MODEL)
    least = estimate(prompt, count_tokens("".join(came), model=DEFAULT_MODEL), model=DEFAULT_MODEL)
    assert spent(client) >= least > 0


def test_a_stream_that_nobody_reads_is_paid_for(paid) -> None:
    client = paid()
    stream = ask(client, stream=True)
    assert spent(client) == 0
    del stream
    set_cap(0)
    with pytest.raises(SpendingCapError):  # looks for dropped streams before it refuses
        ask(client)
    assert spent(client) > 0


def test_async_calls_and_streams_are_counted(server) -> None:
    async def run() -> tuple[Decimal, Decimal]:
        arguments = {"base_url": server.url, "api_key": KEY, "quiet": True}
        async with connect_async(**arguments) as client:
            request: Any = {"model": DEFAULT_MODEL, "messages": HELLO}
            reply = await client.chat.completions.create(**request)
            asked = {"include_usage": True}
            stream = await client.chat.completions.create(
                **request, stream=True, stream_options=asked
            )
            usages = [reply.usage, [chunk async for chunk in stream][-1].usage]
            return spent(client), sum(cost(usage, model=DEFAULT_MODEL) for usage in usages)

    counted, expected = asyncio.run(run())
    assert counted == expected > 0


def test_errors_cost_nothing_and_hold_nothing(paid) -> None:
    client = paid(cap=worst(1000))
    for _ in range(3):
        with pytest.raises(openai.RateLimitError):
            ask(
                client, max_completion_tokens=1000, extra_headers={"x-practice-fault": "status=429"}
            )
    assert spent(client) == 0
    assert ask(client, max_completion_tokens=1000).choices


def test_each_attempt_of_a_retried_call_is_counted_once(paid, server) -> None:
    client = paid(cap=worst(1000), max_retries=2)
    server.faults.add("status=500; retry-after=0.01")
    usage = ask(client, max_completion_tokens=1000).usage
    assert [exchange.status for exchange in server.log] == [500, 200]
    assert spent(client) == cost(usage, model=DEFAULT_MODEL)


def test_requests_that_died_hold_nothing_even_while_their_errors_are_kept(paid, server) -> None:
    set_cap(worst(1000))
    with PracticeServer(keys={KEY}) as doomed:
        client = paid(base_url=doomed.url)
    errors = []
    for _ in range(3):
        with pytest.raises(openai.APIConnectionError) as died:
            ask(client, max_completion_tokens=1000)
        errors.append(died)
    assert ask(paid(), max_completion_tokens=1000).choices


def test_requests_that_died_side_by_side_hold_nothing_either(paid, server) -> None:
    set_cap(worst(1000) * 4)
    with PracticeServer(keys={KEY}) as doomed:
        url = doomed.url

    async def run() -> list[Any]:
        options: Any = {"model": DEFAULT_MODEL, "messages": HELLO, "max_completion_tokens": 1000}
        async with connect_async(api_key=KEY, base_url=server.url, quiet=True) as client:
            dead = client.with_options(base_url=url, max_retries=0)
            calls = [dead.chat.completions.create(**options) for _ in range(4)]
            return await asyncio.gather(*calls, return_exceptions=True)

    errors = asyncio.run(run())
    assert [type(error) for error in errors] == [openai.APIConnectionError] * 4
    with ThreadPoolExecutor(4) as pool:
        dead = paid().with_options(base_url=url, max_retries=0)
        calls = [pool.submit(ask, dead, max_completion_tokens=1000) for _ in range(4)]
    assert [type(call.exception()) for call in calls] == [openai.APIConnectionError] * 4
    assert ask(paid(), max_completion_tokens=1000 * 4).choices


def test_a_redirected_request_arrives_and_is_counted_once() -> None:
    def moved(app: ASGIApp) -> ASGIApp:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            there = scope["path"].replace("/old/", "/v1/")
            here = app if there == scope["path"] else RedirectResponse(there, 308)
            await here(scope, receive, send)

        return answer

    with PracticeServer(keys={KEY}, guard=moved) as server:
        arguments: Any = {"api_key": KEY, "base_url": server.url.replace("/v1", "/old")}
        client = connect(quiet=True, **arguments)
        assert spent(client) == 0
        usage = ask(client).usage
        assert spent(client) == cost(usage, model=DEFAULT_MODEL) > 0

        async def run() -> Any:
            async with connect_async(quiet=True, **arguments) as client:
                return await client.chat.completions.create(model=DEFAULT_MODEL, messages=HELLO)

        assert asyncio.run(run()).choices


def test_open_streams_hold_their_worst_case_until_they_are_closed(paid) -> None:
    client = paid(cap=worst(1000) * 2)
    options: Any = {"max_completion_tokens": 1000, "stream": True}
    first, _second = ask(client, **options), ask(client, **options)
    with pytest.raises(SpendingCapError, match="still running"):
        ask(client, **options)
    list(first)
    assert ask(client, **options | {"max_completion_tokens": 500})


def test_parallel_requests_cannot_overshoot_together(paid) -> None:
    client = paid(cap=worst(1000) * 3)
    everyone = threading.Barrier(10)

    def call(_number: int) -> int:
        everyone.wait()
        try:
            stream = ask(client, max_completion_tokens=1000, stream=True)
        except SpendingCapError:
            stream = []
        everyone.wait()  # nobody closes a stream before everybody has tried
        return bool(list(stream))

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(call, range(10))) == 3
    assert 0 < spent(client) < worst(1000) * 3


def test_what_has_no_price_is_refused_at_openai_and_free_elsewhere(paid) -> None:
    client = connect("openai", api_key=OPENAI_KEY, quiet=True)
    with pytest.raises(SpendingCapError, match=r"no price for some-new-model.*cap=None"):
        ask(client, model="some-new-model")
    with pytest.raises(SpendingCapError, match="/v1/embeddings"):
        client.embeddings.create(model="text-embedding-3-small", input="x")
    with pytest.raises(openai.NotFoundError):
        ask(paid(), model="some-new-model")


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"service_tier": "priority"}, "service_tier=priority"),
        ({"audio": {"voice": "alloy", "format": "wav"}}, "audio"),
        ({"web_search_options": {"search_context_size": "low"}}, "web_search_options"),
        ({"model": "gpt-4o-search-preview"}, "search"),
        ({"model": "gpt-audio-mini"}, "audio"),
    ],
)
def test_what_costs_more_than_its_tokens_has_no_price(options, what) -> None:
    client = connect("openai", api_key=OPENAI_KEY, quiet=True)
    with pytest.raises(SpendingCapError, match=f"no price for .*{what}"):
        ask(client, max_completion_tokens=10, **options)


@pytest.mark.parametrize("tier", ["auto", "default", "flex"])
def test_the_standard_tiers_have_the_standard_price(paid, tier) -> None:
    client = paid()
    usage = ask(client, service_tier=tier).usage
    assert spent(client) == cost(usage, model=DEFAULT_MODEL) > 0


def test_a_client_of_the_practice_server_spends_nothing_at_openai() -> None:
    client = connect("practice", quiet=True)
    real = client.with_options(base_url="https://api.openai.com/v1", api_key=OPENAI_KEY)
    with pytest.raises(SpendingCapError, match=r'connect\("openai"\)'):
        ask(real, max_completion_tokens=10)


def test_what_is_free_at_openai_is_not_refused(monkeypatch) -> None:
    sent = []

    def answer(client: Any, request: Any, **_options: Any) -> Any:
        for hook in client.event_hooks["request"]:
            hook(request)
        sent.append(request.url.path)
        raise KeyboardInterrupt

    monkeypatch.setattr(openai.DefaultHttpxClient, "send", answer)
    client = connect("openai", api_key=OPENAI_KEY, quiet=True)
    for call in (
        lambda: client.moderations.create(input="x"),
        lambda: client.chat.completions.update("chatcmpl-1", metadata={}),
        lambda: client.uploads.complete("upload_1", part_ids=[]),
    ):
        with pytest.raises(KeyboardInterrupt):
            call()
    assert len(sent) == 3


def test_openai_itself_is_under_the_cap() -> None:
    client = connect("openai", api_key=OPENAI_KEY, quiet=True)
    with pytest.raises(SpendingCapError, match=r"\$1\.00"):
        ask(client, n=8)


@pytest.mark.parametrize(
    "options",
    [
        {"messages": "hello"},
        {"messages": ["hello"]},
        {"messages": [{"role": "user", "content": [1]}]},
        {"n": "two"},
        {"max_completion_tokens": "many"},
    ],
)
def test_a_faulty_request_gets_its_answer_from_the_server(paid, options) -> None:
    with pytest.raises(openai.BadRequestError):
        ask(paid(), **options)


def test_play_money_is_counted_apart_and_has_no_cap(practice) -> None:
    before = spent()
    client = connect("practice", quiet=True)
    fast = {"x-practice-pace": "fast"}
    usage = ask(client, n=8, extra_headers=fast).usage
    assert spent(client) == cost(usage, model=DEFAULT_MODEL) > 0
    assert spent() == before
    with pytest.raises(SpendingCapError):
        ask(connect("practice", cap="0.01", quiet=True))


def test_a_copy_of_a_client_shares_its_money(paid) -> None:
    client = paid()
    ask(client.with_options(timeout=30))
    assert spent(client) > 0


def test_a_client_that_connect_did_not_make_is_not_counted(client) -> None:
    with pytest.raises(BudgetError, match="connect"):
        spent(client)


EVENTS = [
    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "반가"}}]},
    {"choices": [{"index": 0, "delta": {"content": "워요"}, "finish_reason": "stop"}]},
    {"choices": [], "usage": {"prompt_tokens": 1000, "completion_tokens": 500}},
]


@contextmanager
def serving(body: bytes, headers: dict[str, str]) -> Iterator[str]:
    """A server that answers everything with the same bytes."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_an_answer_that_nobody_read_counts_as_the_worst_case(paid) -> None:
    client = paid()
    request: Any = {"model": DEFAULT_MODEL, "messages": HELLO, "max_completion_tokens": 1000}
    with client.chat.completions.with_streaming_response.create(**request):
        pass
    assert estimate(0, 1000, model=DEFAULT_MODEL) < spent(client) < worst(1000)


def test_a_compressed_stream_is_read_too(paid) -> None:
    lines = [f"data: {json.dumps(event)}\r\n\r\n" for event in EVENTS]
    body = gzip.compress((": hello\n\n" + "".join(lines) + "data: [DONE]\r\n\r\n").encode())
    headers = {"content-type": "text/event-stream", "content-encoding": "gzip"}
    with serving(body, headers) as url:
        client = paid(base_url=url)
        assert len(list(ask(client, stream=True))) == 3
        assert spent(client) == estimate(1000, 500, model=DEFAULT_MODEL)


def test_an_answer_that_is_not_whole_counts_as_the_worst_case(paid) -> None:
    with serving(b'{"choices": [', {"content-type": "application/json"}) as url:
        client = paid(base_url=url)
        with pytest.raises(Exception, match=r"JSON|delimiter|Expecting"):
            ask(client, max_completion_tokens=1000)
        assert estimate(0, 1000, model=DEFAULT_MODEL) < spent(client) < worst(1000)


def test_a_tool_call_in_a_stream_without_usage_is_counted(paid) -> None:
    def delta(**function: str) -> dict[str, Any]:
        return {
            "choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0, "function": function}]}}]
        }

    events = [
        delta(name="weather", arguments=""),
        delta(arguments='{"city":'),
        delta(arguments='"서울"}'),
    ]
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode()
    with serving(body, {"content-type": "text/event-stream"}) as url:
        client = paid(base_url=url)
        list(ask(client, stream=True))
    written = count_tokens('weather{"city":"서울"}', model=DEFAULT_MODEL)
    prompt = count_message_tokens(HELLO, model=DEFAULT_MODEL)
    assert spent(client) == estimate(prompt, written, model=DEFAULT_MODEL)


def test_amounts_in_messages_are_dollars(paid) -> None:
    client = paid(cap="0.01")
    usage = ask(client, max_completion_tokens=100).usage
    with pytest.raises(SpendingCapError) as refused:
        ask(client)
    assert dollars(cost(usage, model=DEFAULT_MODEL)) in str(refused.value)
