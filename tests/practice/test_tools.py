"""Tools: who decides, what is called with what, and what happens with the answer."""

from __future__ import annotations

import json
import re
from typing import Any

import openai
import pytest

MODEL = "gpt-5.2"  # takes tools, whether it reasons or not
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the current weather in a city. 도시의 날씨를 알려 준다.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
        "strict": True,
    },
}
SUM: Any = {
    "type": "function",
    "function": {
        "name": "add",
        "description": "Add two numbers.",
        "parameters": {
            "type": "object",
            "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
            "required": ["a", "b"],
        },
    },
}
STOCK: Any = {
    "type": "function",
    "function": {
        "name": "check_stock",
        "description": "How many are in stock. 남은 재고를 알려 준다.",
        "parameters": {
            "type": "object",
            "properties": {"menu": {"enum": ["latte", "tea", "라테", "홍차"]}},
            "required": ["menu"],
        },
    },
}
NOTE: Any = {"type": "custom", "custom": {"name": "note", "description": "Write a note down."}}


def say(client: openai.OpenAI, text: str, tools: list[Any], **options: Any) -> Any:
    reply = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": text}], tools=tools, **options
    )
    return reply.choices[0]


def called(choice: Any) -> list[tuple[str, Any]]:
    calls = choice.message.tool_calls or []
    return [(call.function.name, json.loads(call.function.arguments)) for call in calls]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("What is the weather in Paris?", [("get_weather", {"city": "Paris"})]),
        ("서울 날씨 어때요?", [("get_weather", {"city": "서울"})]),
        ("부산의 날씨가 궁금해요", [("get_weather", {"city": "부산"})]),
        (
            "서울과 부산 날씨 알려 주세요",
            [("get_weather", {"city": "서울"}), ("get_weather", {"city": "부산"})],
        ),
        (
            "서울과 제주의 날씨를 알려 주세요.",
            [("get_weather", {"city": "서울"}), ("get_weather", {"city": "제주"})],
        ),
        ("Please add 3 and 4.5", [("add", {"a": 3, "b": 4.5})]),
        ("hello", []),
    ],
)
def test_a_tool_is_called_when_the_words_ask_for_it(
    client: openai.OpenAI, text: str, calls: list[tuple[str, Any]]
) -> None:
    choice = say(client, text, [WEATHER, SUM])
    assert called(choice) == calls
    assert choice.finish_reason == ("tool_calls" if calls else "stop")
    assert (choice.message.content is None) == bool(calls)


@pytest.mark.parametrize(
    ("text", "menus"),
    [
        ("How many lattes and teas are in stock?", ["latte", "tea"]),
        ("홍차 재고 있어요?", ["홍차"]),
        ("라테랑 홍차 재고 알려 주세요.", ["라테", "홍차"]),
    ],
)
def test_each_allowed_value_that_is_named_gets_a_call(
    client: openai.OpenAI, text: str, menus: list[str]
) -> None:
    made = called(say(client, text, [STOCK]))
    assert [arguments["menu"] for _, arguments in made] == menus
    made = called(say(client, text, [STOCK], parallel_tool_calls=False))
    assert len(made) == 1


def test_tool_choice_is_obeyed(client: openai.OpenAI) -> None:
    none = say(client, "weather in Paris", [WEATHER], tool_choice="none")
    assert not none.message.tool_calls
    must = say(client, "hello", [WEATHER, SUM], tool_choice="required")
    assert called(must)
    named = {"type": "function", "function": {"name": "add"}}
    chosen = say(client, "weather in Paris", [WEATHER, SUM], tool_choice=named)
    assert [name for name, _ in called(chosen)] == ["add"]
    allowed = {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [named]}}
    chosen = say(client, "weather in Paris", [WEATHER, SUM], tool_choice=allowed)
    assert [name for name, _ in called(chosen)] == ["add"]
    one = say(client, "weather in Paris and Rome", [WEATHER], parallel_tool_calls=False)
    assert len(called(one)) == 1


def test_streamed_calls_carry_their_index_and_come_in_pieces(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "weather in Paris and Rome"}],
        tools=[WEATHER],
        stream=True,
    )
    deltas = [chunk.choices[0] for chunk in stream]
    assert deltas[0].delta.content is None
    assert deltas[-1].finish_reason == "tool_calls"
    names: dict[int, str] = {}
    arguments: dict[int, str] = {}
    pieces = 0
    for choice in deltas:
        for part in choice.delta.tool_calls or []:
            assert part.function is not None
            if part.id:
                assert part.id.startswith("call_")
                assert part.function.arguments == ""
                names[part.index] = part.function.name or ""
            arguments[part.index] = arguments.get(part.index, "") + (part.function.arguments or "")
            pieces += 1
    assert names == {0: "get_weather", 1: "get_weather"}
    assert [json.loads(each)["city"] for each in arguments.values()] == ["Paris", "Rome"]
    assert pieces > 6


def test_the_tools_answer_is_used(client: openai.OpenAI) -> None:
    messages: list[Any] = [{"role": "user", "content": "weather in Paris and Rome?"}]
    first = client.chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER])
    messages.append(first.choices[0].message)
    for call, degrees in zip(first.choices[0].message.tool_calls or [], (7, 19), strict=True):
        content = json.dumps({"degrees": degrees})
        messages.append({"role": "tool", "tool_call_id": call.id, "content": content})
    second = client.chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER])
    text = second.choices[0].message.content or ""
    assert text.index("degrees 7") < text.index("degrees 19")


def test_a_call_s_id_does_not_change_what_is_said_after_it(client: openai.OpenAI) -> None:
    said = set()
    for number in range(20):  # two ways to begin the sentence, so chance would show
        call = {"name": "add", "arguments": "{}"}
        call_id = f"call_{number:024}"
        messages: list[Any] = [
            {"role": "user", "content": "Please add 3 and 4"},
            {
                "role": "assistant",
                "tool_calls": [{"id": call_id, "type": "function", "function": call}],
            },
            {"role": "tool", "tool_call_id": call_id, "content": "7"},
        ]
        reply = client.chat.completions.create(model=MODEL, messages=messages, tools=[SUM])
        said.add(reply.choices[0].message.content)
    assert len(said) == 1


def test_what_the_sdk_adds_to_a_reply_may_be_sent_back(client: openai.OpenAI) -> None:
    asked: list[Any] = [{"role": "user", "content": "weather in Paris?"}]
    parsed = client.chat.completions.parse(model=MODEL, messages=asked, tools=[WEATHER])
    with client.chat.completions.stream(model=MODEL, messages=asked, tools=[WEATHER]) as stream:
        streamed = stream.get_final_completion()
    for each in (parsed, streamed):
        (call,) = each.choices[0].message.tool_calls or []
        answer = {"role": "tool", "tool_call_id": call.id, "content": "7"}
        messages = [*asked, each.choices[0].message, answer]
        again = client.chat.completions.parse(model=MODEL, messages=messages, tools=[WEATHER])
        # parse() gives a reply without calls "tool_calls": null, and the API takes that as well.
        messages += [again.choices[0].message, *asked]
        assert client.chat.completions.create(model=MODEL, messages=messages).choices


@pytest.mark.parametrize(
    "calls", [[], [7], [{}], [{"id": "a", "type": "function", "function": 7}], "a"]
)
def test_what_is_no_call_is_refused(client: openai.OpenAI, calls: Any) -> None:
    messages: list[Any] = [{"role": "assistant", "tool_calls": calls}]
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model=MODEL, messages=messages)


def test_a_custom_tool_takes_free_text(client: openai.OpenAI) -> None:
    choice = say(client, "Write a note: buy milk", [NOTE])
    (call,) = choice.message.tool_calls
    assert call.type == "custom"
    assert "buy milk" in call.custom.input


def _with_grammar(definition: str, syntax: str) -> Any:
    grammar = {"type": "grammar", "grammar": {"definition": definition, "syntax": syntax}}
    return {"type": "custom", "custom": {**NOTE["custom"], "format": grammar}}


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("Note it for 14:30, please", r"^\d{2}:\d{2}$", "14:30"),
        ("14시 30분이라고 note 해 주세요", r"\d+시( \d+분)?", "14시 30분"),
        ("Write a note", r"[A-Z]{2}-[0-9]{3}", None),
        ("Note: " + "a" * 60, r"^(a+)+b$", None),
    ],
)
def test_a_custom_tool_keeps_to_its_regular_expression(
    client: openai.OpenAI, text: str, pattern: str, expected: str | None
) -> None:
    (call,) = say(client, text, [_with_grammar(pattern, "regex")]).message.tool_calls
    assert re.fullmatch(pattern, call.custom.input)
    assert expected in (None, call.custom.input)


def test_a_lark_grammar_is_taken_and_not_obeyed(client: openai.OpenAI) -> None:
    (call,) = say(client, "Note: tea", [_with_grammar('start: "a"', "lark")]).message.tool_calls
    assert call.custom.input == "Note: tea"


def test_the_deprecated_functions_still_work(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "user", "content": "weather in Oslo"}],
        functions=[{key: WEATHER["function"][key] for key in ("name", "parameters")}],
    )
    call = reply.choices[0].message.function_call
    assert call is not None
    assert json.loads(call.arguments) == {"city": "Oslo"}
    assert reply.choices[0].finish_reason == "function_call"


def _with_call(*after: Any) -> list[Any]:
    call = {"id": "call_1", "type": "function", "function": {"name": "add", "arguments": "{}"}}
    return [
        {"role": "user", "content": "add"},
        {"role": "assistant", "tool_calls": [call]},
        *after,
    ]


@pytest.mark.parametrize(
    ("messages", "message"),
    [
        (
            [{"role": "tool", "tool_call_id": "call_1", "content": "3"}],
            "messages with role 'tool' must be a response to a preceeding message",
        ),
        (_with_call(), "did not have response messages: call_1"),
        (_with_call({"role": "user", "content": "?"}), "did not have response messages: call_1"),
        (
            _with_call({"role": "tool", "tool_call_id": "call_2", "content": "3"}),
            "messages with role 'tool' must be a response to a preceeding message",
        ),
    ],
)
def test_answers_must_match_calls(client: openai.OpenAI, messages: list[Any], message: str) -> None:
    with pytest.raises(openai.BadRequestError, match=message):
        client.chat.completions.create(model=MODEL, messages=messages, tools=[SUM])


def test_calls_and_functions_do_not_mix(client: openai.OpenAI) -> None:
    answered = _with_call({"role": "tool", "tool_call_id": "call_1", "content": "3"})
    with pytest.raises(openai.BadRequestError, match="use 'tools' instead of 'functions'"):
        client.chat.completions.create(model=MODEL, messages=answered, functions=[SUM["function"]])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tools": []}, "Invalid 'tools': empty array"),
        ({"tool_choice": "required"}, "'tool_choice' is only allowed when 'tools' are specified"),
        (
            {"tools": [SUM], "tool_choice": {"type": "function", "function": {"name": "nope"}}},
            "Tool choice 'nope' not found in 'tools' parameter",
        ),
        (
            {"tools": [SUM], "functions": [SUM["function"]]},
            "'functions' and 'tools' cannot both be provided",
        ),
        (
            {"tools": [_with_grammar("(", "regex")]},
            "Invalid 'tools\\[0\\].custom.format.grammar.definition'",
        ),
        ({"function_call": "auto"}, "only allowed when 'functions' are specified"),
        (
            {"functions": [SUM["function"]], "function_call": {"name": "nope"}},
            "no function named 'nope' was specified",
        ),
        (
            {"tools": [{"type": "function", "function": {"name": "two words"}}]},
            "string does not match pattern",
        ),
        (
            {"tools": [{"type": "function", "function": {**SUM["function"], "strict": True}}]},
            "Invalid schema for function 'add': In context=\\(\\), 'additionalProperties'",
        ),
    ],
)
def test_bad_tools_are_refused(
    client: openai.OpenAI, options: dict[str, Any], message: str
) -> None:
    messages: list[Any] = [{"role": "user", "content": "x"}]
    with pytest.raises(openai.BadRequestError, match=message):
        client.chat.completions.create(model=MODEL, messages=messages, **options)


@pytest.mark.parametrize(
    ("model", "effort"),
    [("gpt-5.6-luna", None), ("gpt-5.6-luna", "low"), ("gpt-5.4", "medium"), ("gpt-6-sol", None)],
)
def test_newer_models_take_function_tools_only_while_they_do_not_reason(
    client: openai.OpenAI, model: str, effort: Any
) -> None:
    request: dict[str, Any] = {
        "model": model,
        "messages": [{"role": "user", "content": "Hello!"}],
        "tools": [SUM],
    }
    with pytest.raises(
        openai.BadRequestError, match=f"not supported for {model} in /v1/chat"
    ) as at:
        client.chat.completions.create(**request, reasoning_effort=effort)
    assert (at.value.param, at.value.code) == ("reasoning_effort", None)
    assert client.chat.completions.create(**request, reasoning_effort="none").choices


@pytest.mark.parametrize(
    ("model", "effort"), [("gpt-5.4", None), ("gpt-5", None), ("gpt-5.2", "low")]
)
def test_older_ones_and_those_that_do_not_reason_take_them(
    client: openai.OpenAI, model: str, effort: Any
) -> None:
    reply = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "Hello!"}],
        tools=[SUM],
        reasoning_effort=effort,
    )
    assert reply.choices
