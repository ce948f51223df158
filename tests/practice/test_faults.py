"""Trouble and pace on request."""

from __future__ import annotations

import json
import time

import openai
import pytest

from course_utils.practice import KEY, PracticeServer
from course_utils.practice.faults import LIFELIKE

LUNA = "gpt-5.6-luna"
HELLO: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": "hello"}]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
def test_a_header_asks_for_an_error(
    client: openai.OpenAI, status: int, error: type[openai.APIStatusError]
) -> None:
    with pytest.raises(error) as caught:
        client.chat.completions.create(
            model=LUNA, messages=HELLO, extra_headers={"x-practice-fault": f"status={status}"}
        )
    assert caught.value.status_code == status
    assert caught.value.body["type"] != "invalid_request_error"  # type: ignore[index]


def test_the_sdk_retries_what_waits_for_the_next_requests(practice: PracticeServer) -> None:
    practice.faults.add("status=429; retry-after=0.01", times=2)
    with openai.OpenAI(api_key=KEY, base_url=practice.url, max_retries=2) as client:
        client.chat.completions.create(model=LUNA, messages=HELLO)
    assert [exchange.status for exchange in practice.log] == [429, 429, 200]


def test_a_stream_that_is_cut_keeps_what_came(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(
        model=LUNA,
        messages=HELLO,
        stream=True,
        extra_headers={"x-practice-fault": "cut-after=4"},
    )
    texts: list[str | None] = []
    with pytest.raises(Exception, match=r"Connection error|peer closed connection"):  # noqa: PT012
        for chunk in stream:
            texts.append(chunk.choices[0].delta.content)
    whole = client.chat.completions.create(model=LUNA, messages=HELLO).choices[0].message.content
    assert len(texts) == 4
    assert (whole or "").startswith("".join(map(str, texts)))


def test_pace_is_kept_by_whole_replies_and_by_streams(client: openai.OpenAI) -> None:
    def seconds(*, stream: bool) -> float:
        begun = time.monotonic()
        reply = client.chat.completions.create(
            model=LUNA, messages=HELLO, stream=stream, extra_headers={"x-practice-pace": "100"}
        )
        if stream:
            list(reply)
        return time.monotonic() - begun

    # A lower bound only: a slow machine may take longer, never less.
    assert seconds(stream=False) > 0.1
    assert seconds(stream=True) > 0.1


def test_a_pace_is_a_promise_about_tokens() -> None:
    assert LIFELIKE.seconds(0) == LIFELIKE.first_token
    assert LIFELIKE.seconds(80) == pytest.approx(LIFELIKE.first_token + 1)


def test_a_model_name_can_carry_a_fault(client: openai.OpenAI) -> None:
    with pytest.raises(openai.RateLimitError) as caught:
        client.chat.completions.create(model=f"{LUNA}@status=429;retry-after=3", messages=HELLO)
    assert caught.value.response.headers["retry-after"] == "3"
    plain = client.chat.completions.create(model=f"{LUNA}@hang=0", messages=HELLO)
    assert plain.model == LUNA


def test_a_server_that_hangs_runs_into_the_client_s_timeout(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APITimeoutError):
        client.with_options(timeout=0.2).chat.completions.create(
            model=LUNA, messages=HELLO, extra_headers={"x-practice-fault": "hang=5"}
        )


def test_the_first_token_can_be_late(client: openai.OpenAI) -> None:
    begun = time.monotonic()
    stream = client.chat.completions.create(
        model=LUNA,
        messages=HELLO,
        stream=True,
        extra_headers={"x-practice-fault": "first-token=0.3"},
    )
    list(stream)
    assert time.monotonic() - begun > 0.3  # never early; a slow machine may be later


def test_an_error_can_come_in_the_middle_of_a_stream(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(
        model=LUNA,
        messages=HELLO,
        stream=True,
        extra_headers={"x-practice-fault": "error-after=3"},
    )
    chunks = []
    with pytest.raises(openai.APIError, match="server had an error"):  # noqa: PT012
        for chunk in stream:
            chunks.append(chunk)
    assert len(chunks) == 3


def test_a_reply_can_be_broken_json(practice: PracticeServer, client: openai.OpenAI) -> None:
    raw = client.chat.completions.with_raw_response.create(
        model=LUNA, messages=HELLO, extra_headers={"x-practice-fault": "malformed=9"}
    )
    assert raw.headers["x-request-id"].startswith("req_")
    assert raw.headers["content-type"] == "application/json"
    with pytest.raises(ValueError, match=r"delimiter|Unterminated|Expecting"):
        json.loads(raw.text)


def test_a_429_can_mean_that_no_money_is_left(client: openai.OpenAI) -> None:
    with pytest.raises(openai.RateLimitError) as caught:
        client.chat.completions.create(
            model=LUNA,
            messages=HELLO,
            extra_headers={"x-practice-fault": "status=429; code=insufficient_quota"},
        )
    assert (caught.value.code, caught.value.type) == ("insufficient_quota", "insufficient_quota")
    assert "check your plan and billing details" in str(caught.value)


def test_a_code_that_nobody_knows_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="code=…"):
        client.chat.completions.create(
            model=LUNA,
            messages=HELLO,
            extra_headers={"x-practice-fault": "status=429; code=tired"},
        )
