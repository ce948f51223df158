"""Whatever is sent, the answer is a completion or a refusal in OpenAI's shape: never a crash."""

from __future__ import annotations

import copy
import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils.practice import KEY, PracticeServer

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(["", "안녕", "\ud800", "\x00", "a" * 5000, "🙂", "gpt-4o", "json"]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
VALID: dict[str, Any] = {
    "model": "gpt-4o",
    "messages": [
        {"role": "system", "content": "json"},
        {"role": "user", "content": [{"type": "text", "text": "weather in Paris, json"}]},
        {
            "role": "assistant",
            "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
            ],
        },
        {"role": "tool", "tool_call_id": "a", "content": '{"x": [1, true, null]}'},
        {"role": "user", "content": "and 3 more?"},
    ],
    "n": 2,
    "stop": ["zzz"],
    "temperature": 0.7,
    "top_p": 0.9,
    "logit_bias": {"13": -5},
    "logprobs": True,
    "top_logprobs": 3,
    "presence_penalty": 0.5,
    "frequency_penalty": 0.5,
    "seed": 3,
    "max_completion_tokens": 60,
    "stream": False,
    "user": "u",
    "metadata": {"a": "b"},
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "f",
                "description": "weather",
                "parameters": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}, "n": {"type": "integer"}},
                    "required": ["city", "n"],
                },
            },
        }
    ],
    "tool_choice": "auto",
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "t", "schema": {"type": "object", "properties": {}}},
    },
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in a JSON document."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


def mutated(path: tuple[Any, ...], change: str, value: Any) -> Any:
    """Return the valid request with one place replaced, taken out, or given a new neighbour."""
    if not path:
        return value
    body = copy.deepcopy(VALID)
    parent: Any = body
    for key in path[:-1]:
        parent = parent[key]
    if change == "drop":
        del parent[path[-1]]
    elif change == "add" and isinstance(parent, dict):
        parent[str(value)[:30]] = value
    else:
        parent[path[-1]] = value
    return body


BODIES = st.one_of(
    JSON,
    st.builds(
        mutated,
        st.sampled_from(list(places(VALID))),
        st.sampled_from(["replace", "drop", "add"]),
        JSON,
    ),
)


@pytest.fixture(scope="module")
def wire() -> Iterator[http.client.HTTPConnection]:
    with PracticeServer() as server:
        host = server.url.removeprefix("http://").split("/")[0]
        yield http.client.HTTPConnection(host, timeout=20)


@settings(
    deadline=None,
    max_examples=400,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(body=BODIES)
def test_no_request_crashes_or_hangs_the_server(
    wire: http.client.HTTPConnection, body: Any
) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    wire.request("POST", "/v1/chat/completions", json.dumps(body).encode(), headers)
    response = wire.getresponse()
    text = response.read().decode("utf-8")
    if response.headers["content-type"].startswith("text/event-stream"):
        assert text.endswith("data: [DONE]\n\n")
        return
    answer = json.loads(text)
    assert response.status in (200, 400, 404), answer
    if response.status == 200:
        assert answer["object"] == "chat.completion"
    else:
        assert set(answer["error"]) == {"message", "type", "param", "code"}
        assert answer["error"]["type"] == "invalid_request_error"
