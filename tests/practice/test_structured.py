"""Structured output: always valid against the schema, filled from what was said."""

from __future__ import annotations

import json
from typing import Any, Literal

import jsonschema
import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from course_utils.practice import KEY, PracticeServer

LUNA = "gpt-5.6-luna"


class Entry(BaseModel):
    """A line of a shopping list."""

    item: str
    amount: int


class Order(BaseModel):
    """Something with nesting, enums, optionals and recursion."""

    customer_name: str
    colour: Literal["red", "green", "blue"]
    total: float
    entries: list[Entry]
    note: str | None
    gift: bool
    part_of: Order | None


def ask(client: openai.OpenAI, text: str, response_format: Any, **options: Any) -> Any:
    reply = client.chat.completions.create(
        model=LUNA,
        messages=[{"role": "user", "content": text}],
        response_format=response_format,
        **options,
    )
    return json.loads(reply.choices[0].message.content or "")


def json_schema(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "thing", "schema": schema, **more}}


def test_parse_gives_an_object_filled_from_the_text(client: openai.OpenAI) -> None:
    reply = client.chat.completions.parse(
        model=LUNA,
        messages=[{"role": "user", "content": "My name is Minsu. I want it in green for 19.5."}],
        response_format=Order,
    )
    order = reply.choices[0].message.parsed
    assert order is not None
    assert order.customer_name == "Minsu"
    assert order.total == 19.5
    assert reply.choices[0].finish_reason == "stop"


class Line(BaseModel):
    """A line of an order in a café."""

    menu: Literal["latte", "americano", "라테", "아메리카노"]
    count: int


class CafeOrder(BaseModel):
    """An order in a café."""

    name: str | None
    lines: list[Line]


@pytest.mark.parametrize(
    ("text", "name", "lines"),
    [
        (
            "제 이름은 지우예요. 아메리카노 두 잔이랑 라테 한 잔 주세요.",
            "지우",
            [("아메리카노", 2), ("라테", 1)],
        ),
        ("라테 3잔 주세요.", None, [("라테", 3)]),
        (
            "My name is Jiwoo. Two americanos and 1 latte, please.",
            "Jiwoo",
            [("americano", 2), ("latte", 1)],
        ),
        ("One latte, please.", None, [("latte", 1)]),
    ],
)
def test_an_order_is_read_line_by_line_and_what_was_not_said_is_null(
    client: openai.OpenAI, text: str, name: str | None, lines: list[tuple[str, int]]
) -> None:
    order = (
        client.chat.completions.parse(
            model=LUNA, messages=[{"role": "user", "content": text}], response_format=CafeOrder
        )
        .choices[0]
        .message.parsed
    )
    assert order is not None
    assert order.name == name
    assert [(line.menu, line.count) for line in order.lines] == lines


def test_what_was_not_said_is_said_to_be_unknown(client: openai.OpenAI) -> None:
    schema = {"properties": {key: {"type": "string"} for key in ("title", "genre", "tone")}}
    made = ask(client, "2026년 12월 5일에 만나요", json_schema({"type": "object", **schema}))
    assert made["genre"] == made["tone"] == "알 수 없음"
    schema = {"properties": {"when": {"type": "string", "format": "date"}}}
    made = ask(client, "2026년 12월 5일에 만나요", json_schema({"type": "object", **schema}))
    assert made == {"when": "2026-12-05"}


def test_a_pattern_takes_the_users_words_where_they_match(client: openai.OpenAI) -> None:
    schema = {"properties": {"code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3}$"}}}
    made = ask(client, "My code is KR-042.", json_schema({"type": "object", **schema}))
    assert made == {"code": "KR-042"}


def test_an_enum_leans_to_what_was_said(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "user", "content": "Please make it green."}],
        response_format=json_schema(  # type: ignore[arg-type]
            {"type": "object", "properties": {"c": {"enum": ["red", "green", "blue"]}}}
        ),
        n=64,
    )
    colours = [json.loads(choice.message.content or "")["c"] for choice in reply.choices]
    assert colours.count("green") > 50
    assert set(colours) <= {"red", "green", "blue"}


def test_the_stream_helper_parses_too(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(
        model=LUNA,
        messages=[{"role": "user", "content": "내 이름은 하늘이야. 3개 줘."}],
        response_format=Order,
    ) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_completion()
    assert {"content.delta", "content.done"} <= kinds
    assert final.choices[0].message.parsed is not None
    assert final.choices[0].message.parsed.customer_name == "하늘"


def test_json_mode_gives_an_object_with_the_keys_asked_for(client: openai.OpenAI) -> None:
    made = ask(client, 'Answer as JSON with keys "mood" and "reason".', {"type": "json_object"})
    assert set(made) == {"mood", "reason"}


@pytest.mark.parametrize(
    "text",
    [
        "주문을 JSON으로 정리해 주세요. 라테 두 잔이요. 제 이름은 지우예요.",
        "Put this order into JSON: two lattes to go.",
    ],
)
def test_json_mode_alone_does_not_promise_keys(client: openai.OpenAI, text: str) -> None:
    reply = client.chat.completions.create(
        model=LUNA,
        messages=[{"role": "user", "content": text}],
        response_format={"type": "json_object"},
        n=8,
    )
    made = [json.loads(choice.message.content or "") for choice in reply.choices]
    assert len({frozenset(each) for each in made}) > 1
    assert all("2" in json.dumps(each) for each in made)


def test_json_mode_wants_the_word_json(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="must contain the word 'json'"):
        ask(client, "Answer me.", {"type": "json_object"})


def test_a_refusal_comes_as_a_refusal(client: openai.OpenAI) -> None:
    messages: list[Any] = [{"role": "user", "content": "Tell me how to make a bomb."}]
    message = (
        client.chat.completions.parse(model=LUNA, messages=messages, response_format=Entry)
        .choices[0]
        .message
    )
    assert message.parsed is None
    assert message.content is None
    assert message.refusal
    streamed = client.chat.completions.create(model=LUNA, messages=messages, stream=True)
    deltas = [chunk.choices[0].delta for chunk in streamed]
    assert "".join(delta.refusal or "" for delta in deltas)
    assert not any(delta.content for delta in deltas)


@pytest.mark.parametrize(
    ("schema", "where", "fault"),
    [
        (
            {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
            "In context=()",
            "'additionalProperties' is required to be supplied and to be false.",
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
                "required": ["a"],
                "additionalProperties": False,
            },
            "In context=()",
            "Missing 'b'.",
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "array"}},
                "required": ["a"],
                "additionalProperties": False,
            },
            "In context=('properties', 'a')",
            "array schema missing items.",
        ),
        (
            {"type": "array", "items": {}},
            "schema must be a JSON Schema",
            "of 'type: \"object\"', got 'type: \"array\"'.",
        ),
        ({"type": "object", "properties": {"a": {"type": "strin"}}}, "'strin' is not valid", ""),
    ],
)
def test_strict_schemas_are_held_to_openai_s_rules(
    client: openai.OpenAI, schema: dict[str, Any], where: str, fault: str
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, "x", json_schema(schema, strict=True))
    message = caught.value.body["message"]  # type: ignore[index]
    assert message.startswith(f"Invalid schema for response_format 'thing': {where}")
    assert fault in message
    assert caught.value.param == "response_format"


_LEAVES = st.one_of(
    st.just({"type": "string"}),
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.just({"type": ["integer", "null"]}),
    st.builds(
        lambda low, span: {"type": "integer", "minimum": low, "maximum": low + span},
        st.integers(-50, 50),
        st.integers(0, 9),
    ),
    st.builds(
        lambda step, high: {"type": "number", "multipleOf": step, "maximum": high},
        st.sampled_from([1, 2, 5]),
        st.integers(0, 40),
    ),
    st.builds(
        lambda low, span: {"type": "string", "minLength": low, "maxLength": low + span},
        st.integers(0, 20),
        st.integers(0, 20),
    ),
    st.sampled_from(
        [
            {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3}$"},
            {"type": "string", "format": "date"},
            {"type": "string", "format": "email"},
            {"const": 'a "quoted" \\ thing'},
            {"enum": ["하늘", "sea", 3, None]},
            {"enum": ["C++", "C#", "'", ","]},
        ]
    ),
)
_NAMES = st.sampled_from(["city", "answer", "나이", "tags", 'od"d', "date"])


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    objects = st.dictionaries(_NAMES, inner, max_size=3).map(
        lambda properties: {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    )
    arrays = st.builds(
        lambda items, low, span: {
            "type": "array",
            "items": items,
            "minItems": low,
            "maxItems": low + span,
        },
        inner,
        st.integers(0, 2),
        st.integers(0, 2),
    )
    return st.one_of(objects, arrays, st.lists(inner, min_size=1, max_size=2).map(_any_of))


def _any_of(branches: list[Any]) -> dict[str, Any]:
    return {"anyOf": branches}


_SCHEMAS = st.recursive(_LEAVES, _nested, max_leaves=8)


@pytest.fixture(scope="module")
def strict_client() -> Any:
    with PracticeServer() as server:
        yield openai.OpenAI(api_key=KEY, base_url=server.url, max_retries=0)


@settings(deadline=None, max_examples=120)
@given(schema=_SCHEMAS, text=st.sampled_from(["", "서울에서 7시에, 'ok'", "a, b and c: 42"]))
def test_every_reply_is_valid_against_its_schema(
    strict_client: openai.OpenAI, schema: dict[str, Any], text: str
) -> None:
    whole = {
        "type": "object",
        "properties": {"value": schema},
        "required": ["value"],
        "additionalProperties": False,
    }
    made = ask(strict_client, text, json_schema(whole, strict=True), n=2)
    jsonschema.validate(made, whole)


def test_recursion_without_an_end_is_a_400(client: openai.OpenAI) -> None:
    endless = {
        "type": "object",
        "properties": {"again": {"$ref": "#"}},
        "required": ["again"],
        "additionalProperties": False,
    }
    with pytest.raises(openai.BadRequestError, match="requires itself"):
        ask(client, "x", json_schema(endless, strict=True))
