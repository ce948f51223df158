"""Conversations with a real client: history, accounting, trimming, files."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletionChunk, ChatCompletionMessage

from course_utils import Conversation, assistant, connect, tokens, tool, user
from course_utils.catalog import DEFAULT_MODEL
from course_utils.conversation import Turn
from course_utils.cost import cost, estimate
from course_utils.errors import ConversationError, ConversationFileError, MessageError
from course_utils.practice import PracticeServer
from course_utils.reply import Reply, sendable
from course_utils.tokens import count_message_tokens

CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}


@contextmanager
def answering(*payloads: dict[str, Any]) -> Iterator[openai.OpenAI]:
    """A client whose server answers everything with these: one as a whole, more as a stream."""
    texts = [json.dumps(payload) for payload in payloads]
    whole = len(texts) == 1
    body = texts[0] if whole else "".join(f"data: {text}\n\n" for text in [*texts, "[DONE]"])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            kind = "application/json" if whole else "text/event-stream"
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/v1"
        with openai.OpenAI(api_key="none", base_url=url, max_retries=0) as client:
            yield client
        server.shutdown()


def completion(content: str, **fields: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": content}}
    return {"id": "c", "object": "chat.completion", "model": "m", "choices": [choice], **fields}


def chunks(*contents: str) -> list[dict[str, Any]]:
    deltas = [{"delta": {"content": content}, "finish_reason": None} for content in contents]
    choices = [*deltas, {"delta": {}, "finish_reason": "stop"}]
    return [{**CHUNK, "choices": [{"index": 0, **choice}]} for choice in choices]


def sent(practice: PracticeServer) -> list[dict[str, Any]]:
    return json.loads(practice.log[-1].body)["messages"]


def test_the_whole_history_goes_with_every_turn(client, practice) -> None:
    chat = Conversation(client, system="짧게 답하세요.")
    first = chat.say("제 이름은 지우예요.")
    second = chat.say("제 이름이 뭐라고 했죠?")
    assert "지우" in second
    assert sent(practice) == chat.messages[:-1]
    assert chat.messages == [
        {"role": "developer", "content": "짧게 답하세요."},
        user("제 이름은 지우예요."),
        assistant(first),
        user("제 이름이 뭐라고 했죠?"),
        assistant(second),
    ]


def test_instructions_take_the_role_that_the_model_wants(client) -> None:
    assert Conversation(client, model="gpt-4o", system="a").messages[0]["role"] == "system"
    assert Conversation(client, model="unheard-of", system="a").messages[0]["role"] == "system"


def test_streaming_gives_the_same_turn_in_pieces(client, practice) -> None:
    said, streamed = Conversation(client), Conversation(client)
    text = said.say("안녕하세요", seed=1)
    pieces = list(streamed.stream("안녕하세요", seed=1))
    assert "".join(pieces) == text
    assert len(pieces) > 1
    assert streamed.messages == said.messages
    assert streamed.turns == said.turns
    assert streamed.usage == said.usage
    assert json.loads(practice.log[-1].body)["stream_options"] == {"include_usage": True}


def test_nothing_is_sent_before_the_first_piece_is_asked_for(client, practice) -> None:
    chat = Conversation(client)
    chat.stream("안녕하세요")
    assert len(practice.log) == 0
    assert chat.messages == []


def test_tokens_and_cost_are_what_the_server_says(client) -> None:
    chat = Conversation(client, system="짧게 답하세요.")
    for text in ("안녕하세요", "토큰이 뭐예요?"):
        expected = count_message_tokens([*chat.messages, user(text)], model=chat.model)
        chat.say(text)
        assert chat.turns[-1].prompt_tokens == expected == chat.usage.prompt_tokens
        assert chat.turns[-1].completion_tokens == chat.usage.completion_tokens
        assert chat.turns[-1].cost == cost(chat.usage, model=chat.model)
    assert chat.tokens == count_message_tokens(chat.messages, model=chat.model)
    assert chat.cost == chat.turns[0].cost + chat.turns[1].cost > 0
    assert isinstance(chat.cost, Decimal)


@pytest.mark.parametrize("usage", [True, False])
def test_counting_a_turn_takes_work_for_that_turn_alone(client, monkeypatch, usage: bool) -> None:
    chat = Conversation(client, max_tokens=10_000)
    counted: list[str] = []
    count = tokens._count

    def noted(text: str | None, encoding: Any) -> int:
        if threading.current_thread() is threading.main_thread():  # the server counts too
            counted.append(text or "")
        return count(text, encoding)

    monkeypatch.setattr(tokens, "_count", noted)
    for turn in range(6):
        counted.clear()
        said = f"{turn}번째 인사예요"
        reply = "".join(chat.stream(said, stream_options={"include_usage": usage}))
        texts = [text for text in counted if text not in ("", "user", "assistant")]
        assert texts == [said, reply]
        assert (chat.usage is not None) == usage
        assert chat.turns[-1].prompt_tokens == count_message_tokens(chat.messages[:-1])


@pytest.mark.parametrize("fault", ["status=500", "status=429"])
def test_a_turn_that_failed_never_was(client, fault) -> None:
    chat = Conversation(client, system="짧게")
    chat.say("안녕하세요")
    before = (chat.messages, chat.tokens, list(chat.turns), chat.cost, chat.usage)
    failing: Any = {"extra_headers": {"x-practice-fault": fault}}
    with pytest.raises(openai.APIStatusError):
        chat.say("이 말은 닿지 않아요", **failing)
    with pytest.raises(openai.APIStatusError):
        list(chat.stream("이 말도요", **failing))
    with pytest.raises(MessageError):
        chat.say(3)  # type: ignore[arg-type]
    assert (chat.messages, chat.tokens, chat.turns, chat.cost, chat.usage) == before
    assert chat.say("이 말은 닿아요")


def test_what_came_of_a_broken_stream_is_kept(client) -> None:
    chat = Conversation(client, model="gpt-4.1-mini")
    pieces: list[str] = []
    with pytest.raises(Exception, match=r"(?i)connection|peer|incomplete"):
        pieces.extend(chat.stream("안녕하세요", extra_headers={"x-practice-fault": "cut-after=5"}))
    assert pieces
    assert chat.messages[-1] == assistant("".join(pieces))
    turn = chat.turns[-1]
    assert not turn.complete
    assert turn.prompt_tokens == count_message_tokens([user("안녕하세요")], model=chat.model)
    assert turn.completion_tokens == tokens.count_tokens("".join(pieces), model=chat.model)
    assert turn.cost > 0
    assert chat.say("계속해 주세요")


def test_a_reader_who_stops_keeps_what_was_read(client) -> None:
    chat = Conversation(client)
    stream = chat.stream("안녕하세요")
    first = next(stream)
    stream.close()
    assert chat.messages == [user("안녕하세요"), assistant(first)]
    assert [turn.complete for turn in chat.turns] == [False]
    assert chat.tokens == count_message_tokens(chat.messages, model=chat.model)


def test_a_stream_that_brought_nothing_leaves_no_trace(client) -> None:
    chat = Conversation(client)
    with pytest.raises(Exception, match=r"(?i)connection|peer|incomplete"):
        list(chat.stream("안녕하세요", extra_headers={"x-practice-fault": "cut-after=1"}))
    assert chat.messages == []
    assert chat.turns == []


def test_options_reach_the_call(client, practice) -> None:
    chat = Conversation(client, model="gpt-4o")
    chat.say("안녕하세요", temperature=0, max_completion_tokens=3)
    assert json.loads(practice.log[-1].body)["temperature"] == 0
    assert chat.turns[-1].completion_tokens == 3


def test_tool_answers_are_sent_without_a_new_turn_of_the_user(client, practice) -> None:
    chat = Conversation(client)
    chat.add(user("서울 날씨는?"))
    chat.add(assistant(None, [CALL]))
    chat.add(tool("call_1", "맑음"))
    assert chat.say()
    assert [message["role"] for message in sent(practice)] == ["user", "assistant", "tool"]
    assert [message["role"] for message in chat.messages][-1] == "assistant"


CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER: Any = {"type": "function", "function": {"name": "weather", "parameters": CITY}}
WITH_TOOLS: Any = {"tools": [WEATHER], "reasoning_effort": "none"}


def test_a_tool_call_comes_out_of_a_stream_as_out_of_a_reply(client) -> None:
    said, streamed = Conversation(client), Conversation(client)
    forced: Any = {**WITH_TOOLS, "tool_choice": "required", "seed": 1}
    assert said.say("서울 날씨는?", **forced) == ""
    assert list(streamed.stream("서울 날씨는?", **forced)) == []

    def calls(chat: Conversation) -> list[Any]:
        return [(call["type"], call["function"]) for call in chat.messages[-1]["tool_calls"]]

    assert calls(streamed) == calls(said)
    call = streamed.messages[-1]["tool_calls"][0]
    assert json.loads(call["function"]["arguments"]).keys() == {"city"}
    streamed.add(tool(call["id"], "맑음"))
    assert streamed.say(**WITH_TOOLS)


def test_half_a_tool_call_is_not_kept(client) -> None:
    chat = Conversation(client)
    forced: Any = {**WITH_TOOLS, "tool_choice": "required"}
    with pytest.raises(Exception, match=r"(?i)connection|peer|incomplete"):
        list(
            chat.stream("서울 날씨는?", **forced, extra_headers={"x-practice-fault": "cut-after=2"})
        )
    assert chat.messages == []


CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m"}


def test_text_that_came_before_half_a_tool_call_is_kept_without_it() -> None:
    call = {"index": 0, "id": "call_1", "function": {"name": "weather", "arguments": '{"ci'}}
    reply = Reply()
    for delta in ({"content": "찾아볼게요."}, {"tool_calls": [call]}):
        choice = {"index": 0, "delta": delta, "finish_reason": None}
        reply.take(ChatCompletionChunk.model_validate({**CHUNK, "choices": [choice]}))
    assert reply.message() == assistant("찾아볼게요.")


@pytest.mark.parametrize(
    ("came", "kept"), [("hi \ud83d", "hi �"), ("\ude00 hi", "� hi"), ("\ud83d\ude00", "😀")]
)
def test_half_a_character_of_a_reply_stops_no_conversation(came, kept, tmp_path) -> None:
    with answering(completion(came)) as client:
        chat = Conversation(client, model=DEFAULT_MODEL)
        assert chat.say("안녕하세요") == kept
        assert chat.messages[-1] == assistant(kept)
        chat.save(tmp_path / "chat.json")
        assert chat.say("또 안녕하세요") == kept


def test_the_halves_of_a_character_are_joined_over_the_pieces_of_a_stream(tmp_path) -> None:
    with answering(*chunks("웃음 \ud83d", "\ude00", " 반 \ud83d", "끝")) as client:
        chat = Conversation(client, model=DEFAULT_MODEL)
        assert list(chat.stream("안녕하세요")) == ["웃음 ", "😀", " 반 ", "�끝"]
        assert chat.messages[-1] == assistant("웃음 😀 반 �끝")
        chat.save(tmp_path / "chat.json")
        assert list(chat.stream("또 안녕하세요"))


def test_half_a_character_in_a_tool_call_is_mended_too() -> None:
    function = {"name": "weather", "arguments": '{"city": "\ud83d"}'}
    message = {"role": "assistant", "tool_calls": [{**CALL, "function": function}]}
    mended = sendable(ChatCompletionMessage.model_construct(**message))
    assert mended["tool_calls"][0]["function"]["arguments"] == '{"city": "�"}'


def test_half_a_character_cannot_be_added(client) -> None:
    chat = Conversation(client)
    for content in ("\ud800", [{"type": "text", "text": "\ud83d\ude00"}]):
        with pytest.raises(MessageError, match="half a character"):
            chat.add({"role": "user", "content": content})
    assert chat.messages == []


ODD = [(-5, 1), ("many", 1), (None, 1), (1, None)]


@pytest.mark.parametrize(("prompt", "reply"), ODD)
def test_a_reply_is_kept_and_counted_when_its_usage_cannot_be(prompt, reply) -> None:
    usage = {"prompt_tokens": prompt, "completion_tokens": reply, "total_tokens": 1}
    streamed = chunks("네.")
    streamed.append({**CHUNK, "choices": [], "usage": usage})
    with answering(completion("네.", usage=usage)) as one, answering(*streamed) as other:
        said, told = (Conversation(client, model=DEFAULT_MODEL) for client in (one, other))
        said.say("안녕하세요")
        assert list(told.stream("안녕하세요")) == ["네."]
    for chat in (said, told):
        assert chat.messages == [user("안녕하세요"), assistant("네.")]
        counted = count_message_tokens([user("안녕하세요")]), tokens.count_tokens("네.")
        assert (chat.turns[0].prompt_tokens, chat.turns[0].completion_tokens) == counted
        assert chat.cost == estimate(*counted, model=DEFAULT_MODEL)


def test_another_model_s_turn_costs_what_that_model_costs(client) -> None:
    chat = Conversation(client, model="gpt-4.1-mini")
    chat.say("안녕하세요", model="o1")
    list(chat.stream("안녕하세요", model="o1"))
    first, second = chat.turns
    assert first.cost == estimate(first.prompt_tokens, first.completion_tokens, model="o1")
    assert second.cost == estimate(second.prompt_tokens, second.completion_tokens, model="o1")
    chat.say("안녕하세요")
    assert chat.turns[-1].cost == cost(chat.usage, model="gpt-4.1-mini")


@pytest.mark.parametrize("choices", [[], None])
def test_a_server_that_sends_no_reply_is_told(choices) -> None:
    with answering(completion("", choices=choices)) as client:
        chat = Conversation(client, model=DEFAULT_MODEL)
        with pytest.raises(ConversationError, match="no reply"):
            chat.say("안녕하세요")
    assert chat.messages == []


def test_chunks_without_choices_are_passed_over() -> None:
    with answering({**CHUNK, "choices": None}, *chunks("네.")) as client:
        assert list(Conversation(client, model=DEFAULT_MODEL).stream("안녕하세요")) == ["네."]


def test_one_turn_at_a_time(client) -> None:
    chat = Conversation(client)
    stream = chat.stream("안녕하세요")
    next(stream)
    for wrong in (lambda: chat.say("끼어들기"), lambda: list(chat.stream("끼어들기"))):
        with pytest.raises(ConversationError, match=r"stream\(\)"):
            wrong()
    assert list(stream)
    assert [message["role"] for message in chat.messages] == ["user", "assistant"]
    assert chat.say("이제 제 차례예요")


def test_a_stream_that_failed_is_over(client) -> None:
    chat = Conversation(client)
    with pytest.raises(openai.APIStatusError):
        list(chat.stream("안녕하세요", extra_headers={"x-practice-fault": "status=500"}))
    assert chat.say("안녕하세요")


def test_what_a_conversation_cannot_work_with_is_told(client) -> None:
    chat = Conversation(client)
    chat.say("안녕하세요")
    before = chat.messages
    wrong: list[tuple[Any, str]] = [
        (lambda: chat.say("안녕", stream=True), r"use stream\(\)"),
        (lambda: chat.trim("x"), "max_tokens is a whole number"),  # type: ignore[arg-type]
        (lambda: Conversation(client, max_tokens="100"), "whole number"),  # type: ignore[arg-type]
        (
            lambda: Conversation(openai.AsyncOpenAI(api_key="none")),  # type: ignore[arg-type]
            r"connect_async\(\)",
        ),
    ]
    for act, told in wrong:
        with pytest.raises(ConversationError, match=told):
            act()
    assert chat.messages == before


def with_tools(client: openai.OpenAI) -> Conversation:
    chat = Conversation(client, system="항상 남는 말")
    chat.add(user("첫 질문"))
    chat.add(assistant(None, [CALL]))
    chat.add(tool("call_1", "맑음"))
    chat.add(assistant("맑아요."))
    chat.add(user("둘째 질문"))
    chat.add(assistant("둘째 대답"))
    chat.add(user("셋째 질문"))
    return chat


def test_a_reply_s_own_message_can_be_added_and_sent_again(client, practice, tmp_path) -> None:
    chat = Conversation(client)
    chat.add(user("안녕하세요"))
    reply = client.chat.completions.create(model=chat.model, messages=chat.messages)
    chat.add(reply.choices[0].message)
    assert chat.messages[-1] == assistant(reply.choices[0].message.content)
    assert chat.say("반가워요")
    assert chat.tokens == count_message_tokens(chat.messages)


@pytest.mark.parametrize("what", ["hello", {"content": "hello"}, {"role": "usr"}, None, 5])
def test_what_is_no_message_is_told_and_not_added(client, what) -> None:
    chat = Conversation(client)
    with pytest.raises(MessageError, match=r"choices\[0\]\.message"):
        chat.add(what)
    with pytest.raises(MessageError):
        chat.add(client.chat.completions.create(model=chat.model, messages=[user("hello")]))
    assert chat.messages == []


@pytest.mark.parametrize("fields", [{"content": 5}, {"name": 5}, {"tool_calls": "x"}])
def test_a_field_that_cannot_be_is_told_and_not_added(client, fields) -> None:
    chat = Conversation(client)
    with pytest.raises(MessageError):
        chat.add({"role": "assistant", "content": "네.", **fields})
    assert chat.messages == []


def test_no_stream_options_are_none(client) -> None:
    chat = Conversation(client)
    assert list(chat.stream("안녕하세요", stream_options=None))
    assert chat.usage


def test_trimming_drops_whole_turns_and_keeps_the_instructions(client) -> None:
    chat = with_tools(client)
    before = chat.messages
    assert chat.trim(chat.tokens) == []
    gone = chat.trim(chat.tokens - 1)
    assert gone == before[1:5]
    assert chat.messages == [before[0], *before[5:]]
    assert chat.tokens == count_message_tokens(chat.messages, model=chat.model)


def test_trimming_never_drops_the_last_turn(client) -> None:
    chat = with_tools(client)
    before = chat.messages
    with pytest.raises(ConversationError, match="more than 5 tokens"):
        chat.trim(5)
    assert chat.messages == before
    last = count_message_tokens([before[0], before[-1]], model=chat.model)
    chat.trim(last)
    assert chat.messages == [before[0], before[-1]]


def test_a_budget_holds_for_every_prompt(client, practice) -> None:
    chat = Conversation(client, system="짧게 답하세요.", max_tokens=150)
    for turn in range(8):
        chat.say(f"{turn}번째로 인사드려요. 안녕하세요!")
        assert chat.turns[-1].prompt_tokens <= 150
    assert sent(practice)[0] == chat.messages[0]
    assert sent(practice)[1]["role"] == "user"
    assert len(sent(practice)) < 16
    with pytest.raises(ConversationError):
        chat.say("너무 긴 말 " * 200)
    assert chat.messages[-1]["role"] == "assistant"


def test_a_failed_call_gives_trimmed_turns_back(client) -> None:
    chat = with_tools(client)
    chat.max_tokens = chat.tokens
    before = chat.messages
    with pytest.raises(openai.InternalServerError):
        chat.say("넷째 질문", extra_headers={"x-practice-fault": "status=500"})
    assert chat.messages == before


def test_what_is_saved_is_what_is_loaded(client, tmp_path) -> None:
    chat = with_tools(client)
    chat.max_tokens = 1000
    chat.say(f"이모지 😀도 {'*' * 3}")
    path = tmp_path / "대화.json"
    chat.save(path)
    text = path.read_text(encoding="utf-8")
    assert "첫 질문" in text
    assert "sk-" not in text
    again = Conversation.load(path, client)
    assert (again.messages, again.turns, again.cost) == (chat.messages, chat.turns, chat.cost)
    assert (again.model, again.tokens, again.max_tokens) == (DEFAULT_MODEL, chat.tokens, 1000)
    assert again.say("이어서 이야기해요")


def test_a_file_is_written_whole_or_not_at_all(client, tmp_path, monkeypatch) -> None:
    path = tmp_path / "chat.json"
    chat = with_tools(client)
    chat.save(path)
    before = path.read_bytes()

    def no_space(*_args: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", no_space)
    chat.add(assistant("더 긴 이야기"))
    with pytest.raises(ConversationFileError, match=r"chat\.json cannot be saved \(no space"):
        chat.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def saved(client: openai.OpenAI, path: Path) -> bytes:
    chat = with_tools(client)
    chat.turns = [Turn(7, 3, Decimal("0.1"))]
    chat.save(path)
    return path.read_bytes()


DAMAGE = {
    "cut in half": (lambda raw: raw[: len(raw) // 2], "not whole"),
    "cut inside a character": (lambda raw: raw[: raw.index("첫".encode()) + 1], "UTF-8"),
    "empty": (lambda _raw: b"", "not whole"),
    "cp949": (lambda raw: raw.decode().encode("cp949"), "UTF-8"),
    "no JSON": (lambda _raw: "그냥 글".encode(), "not whole"),
    "a list": (lambda _raw: b"[]", "not a conversation"),
    "other JSON": (lambda _raw: b'{"messages": []}', "not a conversation"),
    "an unknown role": (lambda raw: raw.replace(b'"user"', b'"usher"'), "not a conversation"),
    "a number as content": (
        lambda raw: raw.replace('"둘째 대답"'.encode(), b"7"),
        "not a conversation",
    ),
    "a call that is none": (lambda raw: raw.replace(b'"weather"', b"7"), "not a conversation"),
    "a newer version": (lambda raw: raw.replace(b'"version": 1', b'"version": 2'), "newer"),
    "a newer version with other fields": (
        lambda raw: raw.replace(b'"version": 1', b'"version": 2').replace(b'"model"', b'"models"'),
        "newer",
    ),
    "a version before the first": (
        lambda raw: raw.replace(b'"version": 1', b'"version": 0'),
        "not a conversation",
    ),
    "a version that is no number": (
        lambda raw: raw.replace(b'"version": 1', b'"version": "two"'),
        "not a conversation",
    ),
    "another program's": (lambda _raw: b'{"version": 2}', "not a conversation"),
    "a cost beyond reckoning": (
        lambda raw: raw.replace(b'"cost": "0.1"', b'"cost": "9e999999"'),
        "not a conversation",
    ),
    "a cost that is none": (
        lambda raw: raw.replace(b'"cost": "0.1"', b'"cost": "NaN"'),
        "not a conversation",
    ),
    "a cost below nothing": (
        lambda raw: raw.replace(b'"cost": "0.1"', b'"cost": "-1"'),
        "not a conversation",
    ),
    "fewer tokens than none": (
        lambda raw: raw.replace(b'"prompt_tokens": 7', b'"prompt_tokens": -7'),
        "not a conversation",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_told_by_name_and_left_alone(client, tmp_path, damage) -> None:
    path = tmp_path / "chat.json"
    harm, told = DAMAGE[damage]
    raw = saved(client, path)
    assert harm(raw) != raw
    path.write_bytes(harm(raw))
    with pytest.raises(ConversationFileError, match=told) as error:
        Conversation.load(path, client)
    assert "chat.json" in str(error.value)
    assert str(tmp_path) not in str(error.value)
    assert path.read_bytes() == harm(raw)


def test_a_file_that_is_not_there_is_told_by_name(client, tmp_path) -> None:
    with pytest.raises(ConversationFileError, match=r"nowhere\.json"):
        Conversation.load(tmp_path / "nowhere.json", client)


@pytest.mark.parametrize("name", ["nowhere/chat.json", "", "chat\0.json"])
def test_a_path_that_cannot_be_used_is_told_by_name(client, tmp_path, monkeypatch, name) -> None:
    monkeypatch.chdir(tmp_path)
    for use in (with_tools(client).save, lambda path: Conversation.load(path, client)):
        with pytest.raises(ConversationFileError, match="check its name") as told:
            use(name)
        assert str(told.value).startswith(Path(name).name or ".")
        assert ".part" not in str(told.value)


def test_a_byte_order_mark_does_no_harm(client, tmp_path) -> None:
    path = tmp_path / "chat.json"
    path.write_bytes(b"\xef\xbb\xbf" + saved(client, path))
    assert Conversation.load(path, client).messages == with_tools(client).messages


def test_a_model_that_nobody_prices_costs_nothing_and_is_counted_all_the_same(client) -> None:
    chat = Conversation(client, model="llama-of-tomorrow")
    chat.add(user("안녕하세요"))
    assert chat.tokens == count_message_tokens([user("안녕하세요")], model=DEFAULT_MODEL)
    assert chat.cost == 0


def test_a_refused_reply_is_kept_as_a_refusal() -> None:
    refused = ChatCompletionMessage(role="assistant", refusal="I cannot.")
    assert sendable(refused) == {"role": "assistant", "refusal": "I cannot."}
    silent = ChatCompletionMessage(role="assistant", annotations=[])
    assert sendable(silent) == {"role": "assistant", "content": ""}


def test_the_client_of_connect_works_too() -> None:
    client = connect("practice", quiet=True, default_headers={"x-practice-pace": "fast"})
    assert Conversation(client).say("안녕하세요")
