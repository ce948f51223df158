"""The headers that say what is left, and the ones that every answer has."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable

import openai
import pytest

from course_utils.practice import KEY, PracticeServer, limits

LUNA = "gpt-5.6-luna"
HELLO: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": "hello"}]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """A clock for the limits that stands still until it is told how many seconds have passed."""
    now = [1000.0]
    monkeypatch.setattr(limits, "monotonic", lambda: now[0])

    def passes(seconds: float) -> None:
        now[0] += seconds

    return passes


def left(
    client: openai.OpenAI, messages: list[openai.types.chat.ChatCompletionMessageParam]
) -> tuple[int, int, str]:
    """Send a request, and return what its answer's headers say of requests, tokens and resets."""
    raw = client.chat.completions.with_raw_response.create(model=LUNA, messages=messages)
    requests, tokens = (raw.headers[f"x-ratelimit-remaining-{x}"] for x in ("requests", "tokens"))
    return int(requests), int(tokens), raw.headers["x-ratelimit-reset-requests"]


def test_what_is_left_falls_with_each_request_and_comes_back(
    clock: Callable[[float], None],
) -> None:
    most = limits.PER_MINUTE
    with (
        PracticeServer(keys={KEY, "sk-other"}) as server,
        openai.OpenAI(api_key=KEY, base_url=server.url) as client,
    ):
        first, second = left(client, HELLO), left(client, HELLO)
        assert first[0] == most["requests"] - 1
        assert second[0] == most["requests"] - 2
        assert most["tokens"] > first[1] > second[1]
        assert (first[2], second[2]) == ("120ms", "240ms")
        long = left(client, [{"role": "user", "content": "hello " * 1000}])
        assert second[1] - long[1] > first[1] - second[1]
        assert left(client.with_options(api_key="sk-other"), HELLO) == first  # each key its own
        clock(60)
        assert left(client, HELLO) == first


def test_at_zero_it_stays_zero_and_nobody_is_refused(
    clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.PER_MINUTE, "requests", 2)
    with PracticeServer() as server, openai.OpenAI(api_key=KEY, base_url=server.url) as client:
        assert [left(client, HELLO)[0] for _ in range(4)] == [1, 0, 0, 0]
        assert left(client, HELLO)[2] == "1m0s"
        clock(15)
        assert left(client, HELLO)[2] == "1m0s"  # half a request had come back, and was taken
        clock(45)
        assert left(client, HELLO)[2] == "45s"


def test_the_models_have_the_api_s_headers_but_no_limits(client: openai.OpenAI) -> None:
    for raw in (
        client.models.with_raw_response.list(),
        client.models.with_raw_response.retrieve(LUNA),
    ):
        assert raw.headers["openai-version"] == "2020-10-01"
        assert raw.headers["x-request-id"].startswith("req_")
        assert not [name for name in raw.headers if name.startswith("x-ratelimit")]


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/chat/completions", "GET, HEAD, POST"),
        ("/chat/completions/chatcmpl-x", "DELETE, GET, HEAD, POST"),
        ("/models", "GET, HEAD"),
    ],
)
def test_a_405_names_every_method_that_the_path_takes(
    practice: PracticeServer, path: str, methods: str
) -> None:
    request = urllib.request.Request(f"{practice.url}{path}", method="PUT")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code == 405
    assert caught.value.headers["allow"] == methods
