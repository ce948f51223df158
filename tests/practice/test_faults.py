"""Trouble and pace on request."""

from __future__ import annotations

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
