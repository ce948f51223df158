"""The SDK's ways of asking, sync and async, whole and streamed: they tell the same story."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any, Literal

import openai
import pytest
from openai.types.chat import ParsedChatCompletion
from pydantic import BaseModel

from course_utils.practice import KEY, PracticeServer

MODELS = ["gpt-4o-mini", "gpt-5.2"]
ASKED: list[Any] = [{"role": "user", "content": "Tell me a story about a cat, please."}]
WEATHER: list[Any] = [{"role": "user", "content": "What is the weather in Seoul and in Busan?"}]


class GetWeather(BaseModel):
    """Get the weather in a city."""

    city: str
    unit: Literal["celsius", "fahrenheit"]


class Cat(BaseModel):
    """A cat of a story."""

    name: str
    age: int
    friends: list[str]


TOOL = openai.pydantic_function_tool(GetWeather, name="get_weather")


@pytest.fixture
async def far(practice: PracticeServer) -> AsyncIterator[openai.AsyncOpenAI]:
    """The asynchronous client, talking to the practice server."""
    async with openai.AsyncOpenAI(api_key=KEY, base_url=practice.url, max_retries=0) as made:
        yield made


def texts(chunks: list[Any]) -> list[str]:
    """Put the text of a stream's choices together."""
    made: dict[int, str] = {}
    for chunk in chunks:
        for choice in chunk.choices:
            made[choice.index] = made.get(choice.index, "") + (choice.delta.content or "")
    return [made[index] for index in sorted(made)]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("extra", [{}, {"n": 3}, {"seed": 7}])
async def test_a_reply_is_the_same_in_every_way(
    client: openai.OpenAI, far: openai.AsyncOpenAI, model: str, extra: dict[str, Any]
) -> None:
    request: dict[str, Any] = {"model": model, "messages": ASKED, **extra}
    whole = client.chat.completions.create(**request)
    expected = [choice.message.content for choice in whole.choices]
    assert all(expected)

    far_whole = await far.chat.completions.create(**request)
    assert [choice.message.content for choice in far_whole.choices] == expected
    assert far_whole.usage == whole.usage

    request["stream_options"] = {"include_usage": True}
    chunks = list(client.chat.completions.create(**request, stream=True))
    far_chunks = [each async for each in await far.chat.completions.create(**request, stream=True)]
    for each in (chunks, far_chunks):
        assert texts(each) == expected
        assert each[-1].usage == whole.usage

    with client.chat.completions.stream(**request) as near_stream:
        said = [event.delta for event in near_stream if event.type == "content.delta"]
        final = near_stream.get_final_completion()
    async with far.chat.completions.stream(**request) as far_stream:
        far_said = [event.delta async for event in far_stream if event.type == "content.delta"]
        far_final = await far_stream.get_final_completion()
    assert said == far_said
    for one in (final, far_final):
        assert [choice.message.content for choice in one.choices] == expected
        assert [c.finish_reason for c in one.choices] == [c.finish_reason for c in whole.choices]
        assert one.usage == whole.usage


async def test_a_reply_that_is_cut_is_the_same_error_for_both_streams(
    client: openai.OpenAI, far: openai.AsyncOpenAI
) -> None:
    request: dict[str, Any] = {"model": "gpt-4o-mini", "messages": ASKED, "max_tokens": 9}
    cut = client.chat.completions.create(**request).choices[0]
    assert cut.finish_reason == "length"
    with client.chat.completions.stream(**request) as near_stream:
        near_stream.until_done()
        with pytest.raises(openai.LengthFinishReasonError) as near:
            near_stream.get_final_completion()
    async with far.chat.completions.stream(**request) as far_stream:
        await far_stream.until_done()
        with pytest.raises(openai.LengthFinishReasonError) as away:
            await far_stream.get_final_completion()
    for each in (near, away):
        assert each.value.completion.choices[0].message.content == cut.message.content


@pytest.mark.parametrize("model", MODELS)
async def test_parsed_objects_are_the_same_in_every_way(
    client: openai.OpenAI, far: openai.AsyncOpenAI, model: str
) -> None:
    request: dict[str, Any] = {"model": model, "messages": ASKED, "response_format": Cat}

    def cat(completion: ParsedChatCompletion[Cat]) -> Cat | None:
        return completion.choices[0].message.parsed

    expected = cat(client.chat.completions.parse(**request))
    assert isinstance(expected, Cat)
    assert cat(await far.chat.completions.parse(**request)) == expected
    with client.chat.completions.stream(**request) as near_stream:
        near_stream.until_done()
        assert cat(near_stream.get_final_completion()) == expected
    async with far.chat.completions.stream(**request) as far_stream:
        await far_stream.until_done()
        assert cat(await far_stream.get_final_completion()) == expected


@pytest.mark.parametrize("model", MODELS)
async def test_several_calls_are_the_same_in_every_way(
    client: openai.OpenAI, far: openai.AsyncOpenAI, model: str
) -> None:
    request: dict[str, Any] = {"model": model, "messages": WEATHER, "tools": [TOOL]}

    def calls(completion: ParsedChatCompletion[None]) -> list[Any]:
        made = completion.choices[0].message.tool_calls or []
        assert completion.choices[0].finish_reason == "tool_calls"
        return [(call.function.name, call.function.parsed_arguments) for call in made]

    expected = calls(client.chat.completions.parse(**request))
    assert [weather.city for _, weather in expected] == ["Seoul", "Busan"]
    assert calls(await far.chat.completions.parse(**request)) == expected

    with client.chat.completions.stream(**request) as near_stream:
        events = [
            (event.index, event.name)
            for event in near_stream
            if event.type == "tool_calls.function.arguments.done"
        ]
        assert calls(near_stream.get_final_completion()) == expected
    assert events == [(0, "get_weather"), (1, "get_weather")]
    async with far.chat.completions.stream(**request) as far_stream:
        await far_stream.until_done()
        assert calls(await far_stream.get_final_completion()) == expected


@pytest.mark.parametrize("model", MODELS)
def test_a_parsed_reply_may_be_sent_back_as_it_came(client: openai.OpenAI, model: str) -> None:
    def parse(messages: list[Any]) -> Any:
        return client.chat.completions.parse(
            model=model, messages=messages, response_format=Cat
        ).choices[0]

    assert parse([*ASKED, parse(ASKED).message, *ASKED]).finish_reason == "stop"


# For Chat Completions the SDK has no runner of tools (its ResponsesToolRunner speaks the Responses
# API). This is the loop by hand, on its helpers parse() and stream().


def run_tools(ask: Callable[[list[Any]], ParsedChatCompletion[None]]) -> list[Any]:
    """Ask, call what is wanted, send the answers along, and ask again until words come."""
    messages = list(WEATHER)
    for _ in range(3):
        message = ask(messages).choices[0].message
        messages.append(message)
        if not message.tool_calls:
            return messages
        for call in message.tool_calls:
            wanted = call.function.parsed_arguments
            assert isinstance(wanted, GetWeather)
            answer = json.dumps({"city": wanted.city, "degrees": 21})
            messages.append({"role": "tool", "tool_call_id": call.id, "content": answer})
    raise AssertionError("the model goes on calling")


@pytest.mark.parametrize("model", MODELS)
def test_tools_run_until_words_come_whole_and_streamed(client: openai.OpenAI, model: str) -> None:
    def parsed(messages: list[Any]) -> ParsedChatCompletion[None]:
        return client.chat.completions.parse(model=model, messages=messages, tools=[TOOL])

    def streamed(messages: list[Any]) -> ParsedChatCompletion[None]:
        with client.chat.completions.stream(model=model, messages=messages, tools=[TOOL]) as stream:
            return stream.get_final_completion()

    for ask in (parsed, streamed):
        messages = run_tools(ask)
        roles = [each["role"] if isinstance(each, dict) else each.role for each in messages]
        assert roles == ["user", "assistant", "tool", "tool", "assistant"]
        assert "21" in messages[-1].content


async def test_errors_are_the_same_in_every_way(
    client: openai.OpenAI, far: openai.AsyncOpenAI
) -> None:
    request: dict[str, Any] = {"model": "gpt-4o-mini", "messages": ASKED, "temperature": 3}
    bodies = []
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError) as near:
            client.chat.completions.create(**request, stream=stream)
        with pytest.raises(openai.BadRequestError) as away:
            await far.chat.completions.create(**request, stream=stream)
        bodies += [near.value.body, away.value.body]
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0]["code"] == "decimal_above_max_value"


async def test_a_cut_stream_is_an_error_for_both(
    client: openai.OpenAI, far: openai.AsyncOpenAI
) -> None:
    request: dict[str, Any] = {
        "model": "gpt-4o-mini",
        "messages": ASKED,
        "stream": True,
        "extra_headers": {"x-practice-fault": "cut-after=5"},
    }
    near_seen: list[str] = []
    far_seen: list[str] = []

    def read() -> None:
        for chunk in client.chat.completions.create(**request):
            near_seen.append(chunk.choices[0].delta.content)

    async def read_far() -> None:
        async for chunk in await far.chat.completions.create(**request):
            far_seen.append(chunk.choices[0].delta.content)

    with pytest.raises(openai.APIConnectionError):
        read()
    with pytest.raises(openai.APIConnectionError):
        await read_far()
    assert near_seen == far_seen
    assert len(near_seen) == 5
