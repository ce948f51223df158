"""Completions that are stored on request: list, retrieve, messages, update, delete."""

from __future__ import annotations

from typing import Any

import openai
import pytest

from course_utils.practice import PracticeServer

HELLO: list[Any] = [{"role": "user", "content": "hello"}]


def store(client: openai.OpenAI, **options: Any) -> Any:
    options = {"model": "gpt-4o", "messages": HELLO, "store": True, **options}
    return client.chat.completions.create(**options)


def test_only_what_is_to_be_stored_is_stored(client: openai.OpenAI) -> None:
    kept = store(client, metadata={"class": "a"}, temperature=0.5)
    left = client.chat.completions.create(model="gpt-4o", messages=HELLO)
    found: Any = client.chat.completions.retrieve(kept.id)
    assert found.choices[0].message.content == kept.choices[0].message.content
    assert found.metadata == {"class": "a"}
    assert found.temperature == 0.5
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.retrieve(left.id)


def test_a_stream_can_be_stored_too(client: openai.OpenAI) -> None:
    chunks = list(store(client, stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert client.chat.completions.retrieve(chunks[0].id).choices[0].message.content == text


@pytest.mark.parametrize("stream", [False, True])
def test_a_stored_call_has_the_id_that_was_sent(client: openai.OpenAI, stream: bool) -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    tool = {"type": "function", "function": {"name": "weather", "parameters": schema}}
    messages = [{"role": "user", "content": "weather in Paris and Rome"}]
    made = store(client, messages=messages, tools=[tool], stream=stream)
    if stream:
        chunks = list(made)
        parts = [part for chunk in chunks for part in chunk.choices[0].delta.tool_calls or []]
        name, sent = chunks[0].id, [part.id for part in parts if part.id]
    else:
        name, sent = made.id, [call.id for call in made.choices[0].message.tool_calls]
    kept = client.chat.completions.retrieve(name).choices[0].message.tool_calls or []
    assert len(sent) == 2
    assert [call.id for call in kept] == sent


def test_pages_filters_and_order(client: openai.OpenAI) -> None:
    made = [store(client, metadata={"page": "yes", "n": str(n)}).id for n in range(5)]
    page = client.chat.completions.list(metadata={"page": "yes"}, limit=2)
    assert [each.id for each in page.data] == made[:2]
    assert page.has_more
    everything = [each.id for each in page]  # the SDK asks for the pages that follow
    assert everything == made
    newest = client.chat.completions.list(metadata={"page": "yes"}, order="desc", limit=1)
    assert newest.data[0].id == made[-1]
    assert client.chat.completions.list(model="gpt-3.5-turbo").data == []
    with pytest.raises(openai.BadRequestError, match="Invalid 'limit'"):
        client.chat.completions.list(limit=0)


def test_the_messages_come_back_with_ids(client: openai.OpenAI) -> None:
    parts = [{"type": "text", "text": "part"}]
    messages = [{"role": "system", "content": "be kind"}, {"role": "user", "content": parts}]
    kept = store(client, messages=messages)
    listed = client.chat.completions.messages.list(kept.id).data
    assert [message.content for message in listed] == ["be kind", None]
    assert listed[1].content_parts is not None
    assert listed[1].content_parts[0].type == "text"
    assert len({message.id for message in listed}) == 2


def test_metadata_can_be_replaced_and_the_whole_deleted(client: openai.OpenAI) -> None:
    kept = store(client, metadata={"old": "1"})
    client.chat.completions.update(kept.id, metadata={"new": "2"})
    found: Any = client.chat.completions.retrieve(kept.id)
    assert found.metadata == {"new": "2"}
    assert client.chat.completions.delete(kept.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.delete(kept.id)


def test_another_key_sees_none_of_it(practice: PracticeServer, client: openai.OpenAI) -> None:
    kept = store(client)
    practice.keys.add("sk-neighbour")
    with pytest.raises(openai.NotFoundError):
        client.with_options(api_key="sk-neighbour").chat.completions.retrieve(kept.id)
    practice.keys.remove("sk-neighbour")
