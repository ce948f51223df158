"""Bad requests get the API's status, wording, param and code."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import openai
import pytest

from course_utils.practice import KEY, PracticeServer
from course_utils.practice.errors import mask

LUNA = "gpt-5.6-luna"
HELLO = [{"role": "user", "content": "hello"}]


def refusal(
    server: PracticeServer,
    body: Any,
    *,
    path: str = "/chat/completions",
    method: str = "POST",
    key: str | None = KEY,
    content_type: str = "application/json",
) -> tuple[int, dict[str, Any]]:
    """Return the status and the error object that a request gets."""
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    headers = {"Content-Type": content_type}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    http = urllib.request.Request(server.url + path, data, headers, method=method)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(http)
    answer = json.loads(caught.value.read())
    assert set(answer["error"]) == {"message", "type", "param", "code"}
    assert caught.value.headers["x-request-id"]
    return caught.value.code, answer["error"]


def with_hello(**fields: Any) -> dict[str, Any]:
    return {"model": LUNA, "messages": HELLO, **fields}


def with_message(message: Any, model: str = LUNA) -> dict[str, Any]:
    return {"model": model, "messages": [message]}


CASES: list[tuple[str, Any, int, str, str | None, str | None]] = [
    ("no model", {"messages": HELLO}, 400, "you must provide a model parameter", None, None),
    (
        "no messages",
        {"model": LUNA},
        400,
        "Missing required parameter: 'messages'.",
        "messages",
        "missing_required_parameter",
    ),
    (
        "unknown parameter",
        with_hello(temprature=1),
        400,
        "Unknown parameter: 'temprature'.",
        "temprature",
        "unknown_parameter",
    ),
    (
        "unknown model",
        {"model": "gpt-99", "messages": HELLO},
        404,
        "The model `gpt-99` does not exist or you do not have access to it.",
        None,
        "model_not_found",
    ),
    (
        "no message at all",
        {"model": LUNA, "messages": []},
        400,
        "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an "
        "empty array instead.",
        "messages",
        "empty_array",
    ),
    (
        "messages as text",
        {"model": LUNA, "messages": "hello"},
        400,
        "Invalid type for 'messages': expected an array of objects, but got a string instead.",
        "messages",
        "invalid_type",
    ),
    (
        "a message as text",
        with_message("hello"),
        400,
        "Invalid type for 'messages[0]': expected an object, but got a string instead.",
        "messages[0]",
        "invalid_type",
    ),
    (
        "no role",
        with_message({"content": "hello"}),
        400,
        "Missing required parameter: 'messages[0].role'.",
        "messages[0].role",
        "missing_required_parameter",
    ),
    (
        "unknown role",
        with_message({"role": "wizard", "content": "hello"}),
        400,
        "Invalid value: 'wizard'. Supported values are: 'system', 'assistant', 'user', "
        "'function', 'tool', and 'developer'.",
        "messages[0].role",
        "invalid_value",
    ),
    (
        "no content",
        with_message({"role": "user"}),
        400,
        "Missing required parameter: 'messages[0].content'.",
        "messages[0].content",
        "missing_required_parameter",
    ),
    (
        "content null",
        with_message({"role": "user", "content": None}),
        400,
        "Invalid value for 'content': expected a string, got null.",
        "messages[0].content",
        None,
    ),
    (
        "content a number",
        with_message({"role": "user", "content": 3}),
        400,
        "Invalid type for 'messages[0].content': expected one of a string or array of objects, "
        "but got an integer instead.",
        "messages[0].content",
        "invalid_type",
    ),
    (
        "a whole message as content",
        with_message({"role": "user", "content": {"role": "user", "content": "hello"}}),
        400,
        "Invalid type for 'messages[0].content': expected one of a string or array of objects, "
        "but got an object instead.",
        "messages[0].content",
        "invalid_type",
    ),
    (
        "a part without its text",
        with_message({"role": "user", "content": [{"type": "text"}]}),
        400,
        "Missing required parameter: 'messages[0].content[0].text'.",
        "messages[0].content[0].text",
        "missing_required_parameter",
    ),
    (
        "a field that messages do not have",
        with_message({"role": "user", "content": "hello", "mood": "good"}),
        400,
        "Unknown parameter: 'messages[0].mood'.",
        "messages[0].mood",
        "unknown_parameter",
    ),
    (
        "temperature as text",
        {"model": "gpt-4o", "messages": HELLO, "temperature": "hot"},
        400,
        "Invalid type for 'temperature': expected a decimal, but got a string instead.",
        "temperature",
        "invalid_type",
    ),
    (
        "temperature too high",
        {"model": "gpt-4o", "messages": HELLO, "temperature": 3},
        400,
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 "
        "instead.",
        "temperature",
        "decimal_above_max_value",
    ),
    (
        "n of zero",
        with_hello(n=0),
        400,
        "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        "n",
        "integer_below_min_value",
    ),
    (
        "n beyond the reasoning family",
        with_hello(n=9),
        400,
        "Invalid 'n': integer above maximum value. Expected a value <= 8, but got 9 instead.",
        "n",
        "integer_above_max_value",
    ),
    (
        "a bias too strong",
        {"model": "gpt-4o", "messages": HELLO, "logit_bias": {"5": 101}},
        400,
        "Invalid 'logit_bias.5': integer above maximum value. Expected a value <= 100, but got "
        "101 instead.",
        "logit_bias.5",
        "integer_above_max_value",
    ),
    (
        "both limits",
        {"model": "gpt-4o", "messages": HELLO, "max_tokens": 5, "max_completion_tokens": 5},
        400,
        "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
        "max_tokens",
        "invalid_parameter_combination",
    ),
    (
        "stream options without a stream",
        with_hello(stream_options={"include_usage": True}),
        400,
        "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
        "stream_options",
        None,
    ),
    (
        "top_logprobs alone",
        {"model": "gpt-4o", "messages": HELLO, "top_logprobs": 2},
        400,
        "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
        "top_logprobs",
        None,
    ),
    (
        "the old limit on a reasoning model",
        with_hello(max_tokens=5),
        400,
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
        "'max_completion_tokens' instead.",
        "max_tokens",
        "unsupported_parameter",
    ),
    (
        "temperature on a model that reasons",
        with_hello(temperature=0.5, reasoning_effort="low"),
        400,
        "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default "
        "(1) value is supported.",
        "temperature",
        "unsupported_value",
    ),
    (
        "stop on a reasoning model",
        with_hello(stop="x"),
        400,
        "Unsupported parameter: 'stop' is not supported with this model.",
        "stop",
        "unsupported_parameter",
    ),
    (
        "five stop strings",
        {"model": "gpt-4o", "messages": HELLO, "stop": ["a", "b", "c", "d", "e"]},
        400,
        "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an "
        "array with length 5 instead.",
        "stop",
        "array_above_max_length",
    ),
    (
        "metadata that is too long",
        with_hello(metadata={"k": "v" * 513}),
        400,
        "Invalid 'metadata.k': string too long. Expected a string with maximum length 512, but "
        "got one with length 513 instead.",
        "metadata.k",
        "string_above_max_length",
    ),
    (
        "a context that is too long",
        {"model": "gpt-4", "messages": [{"role": "user", "content": "apple " * 8200}]},
        400,
        "This model's maximum context length is 8192 tokens. However, your messages resulted in "
        "8208 tokens. Please reduce the length of the messages.",
        "messages",
        "context_length_exceeded",
    ),
]


@pytest.mark.parametrize(
    ("body", "status", "message", "param", "code"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_bad_request_is_refused_as_the_api_refuses_it(
    practice: PracticeServer,
    body: Any,
    status: int,
    message: str,
    param: str | None,
    code: str | None,
) -> None:
    got_status, error = refusal(practice, body)
    assert error == {
        "message": message,
        "type": "invalid_request_error",
        "param": param,
        "code": code,
    }
    assert got_status == status


def test_faults_are_found_in_the_api_s_order(practice: PracticeServer) -> None:
    body = {"messages": [], "bogus": 1, "temperature": "hot"}
    assert refusal(practice, {"bogus": 1})[1]["message"] == "you must provide a model parameter"
    assert refusal(practice, {"model": "gpt-99", "bogus": 1})[1]["param"] == "messages"
    assert refusal(practice, {"model": "gpt-99", **body})[1]["param"] == "bogus"
    del body["bogus"]
    assert refusal(practice, {"model": "gpt-99", **body})[1]["code"] == "empty_array"


def test_what_reasoning_models_refuse_passes_without_reasoning(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(
        model=LUNA,
        messages=HELLO,  # type: ignore[arg-type]
        temperature=0.5,
        reasoning_effort="none",
    )
    assert reply.usage is not None
    assert reply.usage.completion_tokens_details is not None
    assert reply.usage.completion_tokens_details.reasoning_tokens == 0


def test_temperature_one_always_passes(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(
        model=LUNA,
        messages=HELLO,
        temperature=1,
        reasoning_effort="high",  # type: ignore[arg-type]
    )
    assert reply.choices[0].message.content


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_a_400(practice: PracticeServer, body: bytes) -> None:
    status, error = refusal(practice, body)
    assert status == 400
    assert error["message"].startswith("We could not parse the JSON body of your request.")


def test_keys(practice: PracticeServer) -> None:
    status, error = refusal(practice, with_hello(), key=None)
    assert status == 401
    assert error["message"].startswith("You didn't provide an API key.")
    status, error = refusal(practice, with_hello(), key="sk-" + "0123456789abcdefghij")
    assert status == 401
    assert error["code"] == "invalid_api_key"
    assert "sk-01234***********ghij" in error["message"]


@pytest.mark.parametrize("key", ["", "a", "sk-wrong", "sk-0123456789abc", "sk-" + "x" * 60])
def test_a_masked_key_cannot_be_read_back(key: str) -> None:
    shown = mask(key).replace("*", "")
    assert len(shown) <= min(12, max(len(key) - 4, 3))


def test_wrong_places(practice: PracticeServer) -> None:
    status, error = refusal(practice, {}, path="/completions/chat")
    assert (status, error["message"]) == (404, "Invalid URL (POST /v1/completions/chat)")
    status, error = refusal(practice, None, method="PUT")
    assert status == 405
    assert error["message"].startswith("Not allowed to PUT on /v1/chat/completions.")


def test_a_body_of_another_type_or_size_is_refused(practice: PracticeServer) -> None:
    status, error = refusal(practice, with_hello(), content_type="text/plain")
    assert (status, error["code"]) == (415, "unsupported_content_type")
    status, error = refusal(practice, b" " * (33 << 20))
    assert (status, error["code"]) == (413, "request_too_large")


def test_an_unknown_name_in_a_header_teaches(practice: PracticeServer, client: Any) -> None:
    for header in ("x-practice-fault", "x-practice-pace"):
        with pytest.raises(openai.BadRequestError, match=header):
            client.chat.completions.create(
                model=LUNA, messages=HELLO, extra_headers={header: "bogus"}
            )
