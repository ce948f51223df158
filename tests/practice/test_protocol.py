"""What crosses the wire, checked against OpenAI's published schema and recorded behaviour."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from pathlib import Path
from typing import Any

import jsonschema
import openai
import pytest

from course_utils import count_message_tokens, count_tokens
from course_utils.practice import KEY, PracticeServer

SCHEMAS = json.loads(
    (Path(__file__).parents[1] / "data" / "chat_schemas.json").read_text(encoding="utf-8")
)


def nullable(node: Any) -> Any:
    """Let an enum that may be null be null: OpenAPI's ``nullable`` says so, JSON Schema cannot."""
    if isinstance(node, list):
        return [nullable(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {key: nullable(value) for key, value in node.items()}
    if "enum" in made and "null" in made.get("type", ()):
        made["enum"] = [*made["enum"], None]
    return made


SCHEMAS = nullable(SCHEMAS)
HELLO = [{"role": "user", "content": "안녕하세요?"}]
LUNA = "gpt-5.6-luna"


def valid(name: str, value: Any) -> None:
    schema = {"$ref": f"#/$defs/{name}", "$defs": SCHEMAS["$defs"]}
    jsonschema.validate(value, schema, cls=jsonschema.Draft202012Validator)


def post(server: PracticeServer, body: Any, **headers: str) -> tuple[Any, str]:
    """Send a request as another language would: no SDK, only HTTP."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", **headers}
    http = urllib.request.Request(f"{server.url}/chat/completions", data, sent)
    with urllib.request.urlopen(http) as response:
        return response.headers, response.read().decode("utf-8")


def events(text: str) -> list[dict[str, Any]]:
    lines = [line for line in text.split("\n\n") if line]
    assert lines.pop() == "data: [DONE]"
    return [json.loads(line.removeprefix("data: ")) for line in lines]


@pytest.mark.parametrize("model", [LUNA, "gpt-4o-mini", "gpt-3.5-turbo"])
def test_a_reply_has_every_field_of_the_schema(practice: PracticeServer, model: str) -> None:
    _, text = post(practice, {"model": model, "messages": HELLO})
    reply = json.loads(text)
    for choice in reply["choices"]:
        choice.setdefault("logprobs", None)  # the reasoning family leaves it out, see below
    valid("CreateChatCompletionResponse", reply)
    assert re.fullmatch(r"chatcmpl-[A-Za-z0-9]{29}", reply["id"])
    assert abs(reply["created"] - time.time()) < 60
    message = reply["choices"][0]["message"]
    assert message["refusal"] is None
    assert message["annotations"] == []
    assert reply["service_tier"] == "default"
    assert text.startswith('{\n  "id"')


def test_logprobs_is_null_for_classic_models_and_absent_for_reasoning_ones(
    practice: PracticeServer,
) -> None:
    def choice(model: str) -> dict[str, Any]:
        _, text = post(practice, {"model": model, "messages": HELLO})
        made: dict[str, Any] = json.loads(text)["choices"][0]
        return made

    assert choice("gpt-4o")["logprobs"] is None
    assert "logprobs" not in choice(LUNA)


def test_older_models_answer_under_their_dated_name(client: openai.OpenAI) -> None:
    def answered(model: str) -> str:
        return client.chat.completions.create(model=model, messages=HELLO).model  # type: ignore[arg-type]

    assert answered("gpt-4o") == "gpt-4o-2024-08-06"
    assert answered(LUNA) == LUNA


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-3.5-turbo", LUNA])
def test_usage_is_what_counting_gives(client: openai.OpenAI, model: str) -> None:
    messages = [
        {"role": "system", "content": "짧게 답하세요."},
        {"role": "user", "content": "제 이름은 하늘이에요.", "name": "haneul"},
        {"role": "assistant", "content": "반가워요."},
        {"role": "user", "content": [{"type": "text", "text": "제 이름이 뭐예요?"}]},
    ]
    reply = client.chat.completions.create(model=model, messages=messages)  # type: ignore[arg-type]
    usage = reply.usage
    assert usage is not None
    assert usage.prompt_tokens == count_message_tokens(messages, model=model)
    assert usage.completion_tokens_details is not None
    reasoning = usage.completion_tokens_details.reasoning_tokens
    visible = count_tokens(reply.choices[0].message.content or "", model=model)
    assert reasoning is not None
    assert usage.completion_tokens == visible + reasoning
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert (reasoning > 0) == (model == LUNA)


def test_a_stream_comes_in_the_api_s_order(practice: PracticeServer) -> None:
    headers, text = post(practice, {"model": "gpt-4o", "messages": HELLO, "stream": True})
    assert headers["content-type"].startswith("text/event-stream")
    chunks = events(text)
    for chunk in chunks:
        valid("CreateChatCompletionStreamResponse", chunk)
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": "", "refusal": None}
    assert all(set(delta) == {"content"} for delta in deltas[1:-1])
    assert deltas[-1] == {}
    reasons = [chunk["choices"][0]["finish_reason"] for chunk in chunks]
    assert reasons == [None] * (len(chunks) - 1) + ["stop"]
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert all("usage" not in chunk for chunk in chunks)
    assert all(chunk["obfuscation"] for chunk in chunks)


def test_streamed_and_whole_replies_are_the_same_text(practice: PracticeServer) -> None:
    request = {"model": LUNA, "messages": HELLO, "n": 3}
    whole = json.loads(post(practice, request)[1])
    chunks = events(post(practice, {**request, "stream": True})[1])
    texts = ["", "", ""]
    order = []
    for chunk in chunks:
        part = chunk["choices"][0]
        texts[part["index"]] += part["delta"].get("content") or ""
        order.append(part["index"])
    assert texts == [choice["message"]["content"] for choice in whole["choices"]]
    assert order[:6] == [0, 1, 2, 0, 1, 2], "choices are interleaved"


def test_usage_comes_last_and_only_when_asked_for(practice: PracticeServer) -> None:
    options = {"include_usage": True, "include_obfuscation": False}
    request = {"model": LUNA, "messages": HELLO, "stream": True, "stream_options": options}
    *chunks, last = events(post(practice, request)[1])
    assert all(chunk["usage"] is None for chunk in chunks)
    assert last["choices"] == []
    whole = json.loads(post(practice, {"model": LUNA, "messages": HELLO})[1])
    assert last["usage"] == whole["usage"]
    assert all("obfuscation" not in chunk for chunk in [*chunks, last])


def test_hangul_arrives_unbroken_and_unescaped(practice: PracticeServer) -> None:
    _, text = post(practice, {"model": LUNA, "messages": HELLO, "stream": True})
    assert "\\u" not in text
    assert "\ufffd" not in text


def test_headers_carry_the_request_id_and_the_limits(practice: PracticeServer) -> None:
    headers, _ = post(practice, {"model": LUNA, "messages": HELLO})
    assert headers["x-request-id"].startswith("req_")
    assert headers["openai-version"] == "2020-10-01"
    assert headers["openai-processing-ms"].isdecimal()
    for what in ("requests", "tokens"):
        limit = int(headers[f"x-ratelimit-limit-{what}"])
        assert 0 <= int(headers[f"x-ratelimit-remaining-{what}"]) < limit
        assert re.fullmatch(r"(\d+m)?[\d.]+m?s", headers[f"x-ratelimit-reset-{what}"])


def test_models_can_be_listed_and_looked_up(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert LUNA in names
    assert "gpt-4o" in names
    assert client.models.retrieve("gpt-4o").id == "gpt-4o"
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("gpt-0")
    assert caught.value.code == "model_not_found"


def test_it_says_that_it_is_no_model(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(
        model=LUNA,
        messages=[{"role": "user", "content": "Who are you?"}],
    )
    assert reply.system_fingerprint == "fp_practice"
    assert "practice server" in (reply.choices[0].message.content or "")


def test_a_limit_cuts_and_says_so(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(
        model="gpt-4o",
        messages=HELLO,
        max_completion_tokens=5,  # type: ignore[arg-type]
    )
    assert reply.choices[0].finish_reason == "length"
    assert reply.usage is not None
    assert reply.usage.completion_tokens == 5


def test_thinking_can_use_up_the_whole_limit(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(
        model=LUNA,
        messages=HELLO,
        max_completion_tokens=20,
        reasoning_effort="medium",  # type: ignore[arg-type]
    )
    assert reply.choices[0].finish_reason == "length"
    assert reply.choices[0].message.content == ""
    assert reply.usage is not None
    assert reply.usage.completion_tokens == 20


def test_a_stop_string_ends_the_text_before_it(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="gpt-4o", messages=HELLO, seed=1)  # type: ignore[arg-type]
    text = whole.choices[0].message.content or ""
    for at in range(1, len(text) - 1):
        stop = text[at : at + 2]
        # The stop string is part of the request, so it may change the draw: fix the path.
        cut = client.chat.completions.create(
            model="gpt-4o",
            messages=HELLO,
            temperature=0,
            stop=[stop],  # type: ignore[arg-type]
        ).choices[0]
        free = client.chat.completions.create(model="gpt-4o", messages=HELLO, temperature=0)  # type: ignore[arg-type]
        full = free.choices[0].message.content or ""
        expected = full.split(stop)[0]
        assert cut.message.content == expected
        assert cut.finish_reason == "stop"


def test_the_same_request_gets_the_same_reply(client: openai.OpenAI) -> None:
    def texts(**options: Any) -> list[str | None]:
        reply = client.chat.completions.create(model=LUNA, messages=HELLO, n=8, **options)  # type: ignore[arg-type]
        return [choice.message.content for choice in reply.choices]

    assert texts() == texts()
    assert texts(seed=1) == texts(seed=1)
    assert texts(seed=1) != texts(seed=2)
    assert texts(user="a") == texts(user="b")
    assert len(set(texts())) > 1
