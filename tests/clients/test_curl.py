"""The practice server through curl: what a person at a terminal sees."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from course_utils.practice import KEY, PracticeServer

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

HELLO: dict[str, Any] = {
    "model": "gpt-4o-mini",
    "messages": [{"role": "user", "content": "안녕하세요?"}],
}


def request(practice: PracticeServer, body: dict[str, Any], key: str = KEY) -> list[str]:
    """Return the options that every request needs; no --json, which curl has from 7.82 on."""
    return [
        *("--header", f"Authorization: Bearer {key}"),
        *("--header", "Content-Type: application/json"),
        *("--data", json.dumps(body)),
        f"{practice.url}/chat/completions",
    ]


def curl(practice: PracticeServer, body: dict[str, Any], *options: str, key: str = KEY) -> str:
    command = ["curl", "--silent", "--show-error", *options, *request(practice, body, key)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return done.stdout.decode("utf-8")


def test_a_whole_reply_is_json_to_read(practice: PracticeServer) -> None:
    text = curl(practice, HELLO)
    assert text.startswith('{\n  "id": "chatcmpl-')
    assert "\\u" not in text, "Korean is sent as it is"
    assert json.loads(text)["choices"][0]["message"]["content"]


def test_a_stream_is_the_same_text_in_events(practice: PracticeServer) -> None:
    whole = json.loads(curl(practice, HELLO))["choices"][0]["message"]["content"]
    lines = curl(practice, {**HELLO, "stream": True}, "-N").split("\n\n")
    assert lines[-2:] == ["data: [DONE]", ""]
    chunks = [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0]["role"] == "assistant"
    assert "".join(delta.get("content") or "" for delta in deltas) == whole
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


def test_a_stream_comes_piece_by_piece(practice: PracticeServer) -> None:
    options = ("--silent", "-N", "--header", "x-practice-pace: 20")
    command = ["curl", *options, *request(practice, {**HELLO, "stream": True})]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith(b"data: {")
        assert running.poll() is None, "the first event is here before the last is made"
        assert running.stdout.read().endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize("stream", [False, True])
def test_an_error_before_the_first_byte_is_json_with_its_status(
    practice: PracticeServer, stream: bool
) -> None:
    text = curl(practice, {**HELLO, "n": 0, "stream": stream}, "-N", "--write-out", "%{http_code}")
    body, status = text[:-3], text[-3:]
    assert status == "400"
    error = json.loads(body)["error"]
    assert (error["param"], error["code"]) == ("n", "integer_below_min_value")


def test_a_wrong_key_is_refused_and_masked(practice: PracticeServer) -> None:
    key = "sk-" + "not-the-key-of-this-server"
    text = curl(practice, HELLO, key=key)
    assert json.loads(text)["error"]["code"] == "invalid_api_key"
    assert key not in text


def test_an_error_amid_a_stream_is_an_event(practice: PracticeServer) -> None:
    fault = ("--header", "x-practice-fault: error-after=3")
    events = curl(practice, {**HELLO, "stream": True}, "-N", *fault).strip().split("\n\n")
    assert len(events) == 4
    assert json.loads(events[-1].removeprefix("data: "))["error"]["type"] == "server_error"
