"""Recording a real API (here: a second practice server) and replaying it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import openai
import pytest

from course_utils.errors import RecordingError
from course_utils.meter import AsyncMeteredClient, Meter
from course_utils.practice import KEY, PracticeServer
from course_utils.practice.recording import Recorded, Recorder, Replayer, Source

HELLO: list[Any] = [{"role": "user", "content": "hello"}]
SECRET = "sk-" + "the-real-key-of-the-instructor"


def talk(source: Source, say: Callable[[openai.OpenAI], Any]) -> Any:
    with PracticeServer(source=source) as server:
        return say(openai.OpenAI(api_key=KEY, base_url=server.url, max_retries=0))


def recorder(path: Path, url: str, key: str = SECRET, meter: Meter | None = None) -> Recorder:
    http = AsyncMeteredClient(meter or Meter(None), trust_env=False)
    return Recorder(path, base_url=url, key=key, http=http)


def whole(client: openai.OpenAI) -> Any:
    return client.chat.completions.create(model="gpt-4o", messages=HELLO)


def streamed(client: openai.OpenAI) -> list[Any]:
    return list(client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True))


@pytest.fixture
def recording(tmp_path: Path) -> tuple[Path, Any, list[Any]]:
    """A recording of one whole reply and one stream, and what was answered then."""
    path = tmp_path / "real.jsonl"
    with PracticeServer(keys={SECRET}) as real:
        answers = talk(recorder(path, real.url), lambda client: (whole(client), streamed(client)))
        assert len(real.log) == 2, "both requests reached the real API"
    return path, *answers


def test_a_replay_is_what_was_recorded(recording: tuple[Path, Any, list[Any]]) -> None:
    path, reply, chunks = recording
    replayer = Replayer(path)
    assert talk(replayer, whole) == reply
    assert talk(replayer, streamed) == chunks


def test_no_key_is_in_a_recording(recording: tuple[Path, Any, list[Any]]) -> None:
    text = recording[0].read_text("utf-8")
    assert SECRET not in text
    assert "authorization" not in text.lower()


def test_the_pace_is_the_recorded_one(tmp_path: Path) -> None:
    path = tmp_path / "slow.jsonl"
    path.write_text(
        '{"request": {"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}], '
        '"stream": true}, "status": 200, "content_type": "text/event-stream", '
        '"chunks": [[0.0, "data: {\\"choices\\": []}\\n\\n"], [0.2, "data: [DONE]\\n\\n"]]}\n',
        "utf-8",
    )
    begun = time.monotonic()
    assert len(talk(Replayer(path), streamed)) == 1
    assert time.monotonic() - begun > 0.19  # never early; a slow machine may be late


def test_a_word_that_stands_for_no_key_is_no_secret_and_a_line_may_hold_any_character(
    tmp_path: Path,
) -> None:
    request = {"model": "gpt-5.6-luna", "messages": [{"role": "user", "content": "none\u2028"}]}
    with PracticeServer(keys={"none"}) as real:
        reply = talk(
            recorder(tmp_path / "a.jsonl", real.url, "none"),
            lambda client: client.chat.completions.create(**request),
        )
    replayer = Replayer(tmp_path / "a.jsonl")
    assert talk(replayer, lambda client: client.chat.completions.create(**request)) == reply


def test_the_same_request_gets_each_of_its_replies_in_turn(tmp_path: Path) -> None:
    request = {"model": "gpt-4o", "messages": HELLO}
    replies = [json.dumps({"id": name}) for name in "ab"]
    lines = [
        json.dumps(asdict(Recorded(request, 200, "application/json", [(0, reply)])))
        for reply in replies
    ]
    path = tmp_path / "two.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    replayer = Replayer(path)

    def three(client: openai.OpenAI) -> list[str]:
        return [whole(client).id for _ in range(3)]

    assert talk(replayer, three) == ["a", "b", "a"]


def test_what_was_not_recorded_is_left_to_the_practice_model(
    recording: tuple[Path, Any, list[Any]],
) -> None:
    other: list[Any] = [{"role": "user", "content": "Who are you?"}]
    reply = talk(
        Replayer(recording[0]),
        lambda client: client.chat.completions.create(model="gpt-4o", messages=other),
    )
    assert reply.system_fingerprint == "fp_practice"


def test_errors_are_recorded_as_well(tmp_path: Path) -> None:
    path = tmp_path / "errors.jsonl"

    def wrong(client: openai.OpenAI) -> str:
        with pytest.raises(openai.NotFoundError) as caught:
            client.chat.completions.create(model="gpt-99", messages=HELLO)
        return str(caught.value)

    with PracticeServer(keys={SECRET}) as real:
        first = talk(recorder(path, real.url), wrong)
    assert talk(Replayer(path), wrong) == first


def test_an_api_out_of_reach_is_said(tmp_path: Path) -> None:
    def fail(client: openai.OpenAI) -> None:
        with pytest.raises(openai.InternalServerError, match="could not be reached"):
            whole(client)

    talk(recorder(tmp_path / "none.jsonl", "http://127.0.0.1:9/v1"), fail)


def test_a_request_that_the_cap_holds_back_is_refused_as_without_credit(tmp_path: Path) -> None:
    path = tmp_path / "capped.jsonl"
    meter = Meter(cap="0.000001")

    def refused(client: openai.OpenAI) -> None:
        with pytest.raises(openai.RateLimitError, match=r"not sent.* cap .*COURSE_CAP") as caught:
            whole(client.with_options(max_retries=2))
        assert caught.value.code == caught.value.type == "insufficient_quota"
        assert caught.value.response.headers["x-should-retry"] == "false"

    with PracticeServer(keys={SECRET}) as real:
        talk(recorder(path, real.url, meter=meter), refused)
        assert len(real.log) == 0
    assert path.read_text("utf-8") == ""


@pytest.mark.parametrize("say", [whole, streamed])
def test_what_a_recording_costs_is_counted(tmp_path: Path, say: Callable[..., Any]) -> None:
    meter = Meter(cap=1)
    with PracticeServer(keys={SECRET}) as real:
        talk(recorder(tmp_path / "a.jsonl", real.url, meter=meter), say)
    assert 0 < meter.tally.total < 1


@pytest.mark.parametrize("name", ["nowhere/a.jsonl", "."])
def test_a_file_that_cannot_be_written_is_told_before_anything_is_paid(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(RecordingError, match=r"cannot be written \(\w+Error\): .* --out"):
        recorder(tmp_path / name, "http://127.0.0.1:9/v1")


@pytest.mark.parametrize("content", ['{"request": ', "[1]", '{"other": 1}'])
def test_a_broken_recording_names_the_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "cut.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(RecordingError, match=r"cut\.jsonl, line 1, is not a recorded exchange"):
        Replayer(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"nothing\.jsonl cannot be read"):
        Replayer(tmp_path / "nothing.jsonl")
