"""The chat driven from code: what a person does, one call each."""

from __future__ import annotations

import asyncio
import json
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import openai
import pytest
from waiting import until

from course_utils import connect
from course_utils.conversation import Conversation
from course_utils.cost import cost
from course_utils.errors import ConversationFileError, WidgetError
from course_utils.practice import KEY, PracticeServer
from course_utils.widgets import ChatWidget

NAME, ASK = "제 이름은 지우예요.", "제 이름이 뭐예요?"
SLOW = {"extra_headers": {"x-practice-pace": "30"}}
STORY = "짧은 이야기를 하나 들려주세요."


def test_a_message_is_sent_with_what_was_said_before(
    chat: ChatWidget, practice: PracticeServer
) -> None:
    async def talk() -> str:
        await chat.send(NAME)
        return await chat.send(ASK)

    assert "지우" in asyncio.run(talk())
    assert [message["role"] for message in chat.messages] == ["user", "assistant"] * 2
    assert json.loads(practice.log[-1].body) == chat.request
    assert chat.status == "ready"


def test_the_request_is_the_body_that_crossed(
    client: openai.OpenAI, practice: PracticeServer
) -> None:
    more = {"extra_headers": {"x-secret": "1"}, "extra_body": {"verbosity": "low"}, "timeout": 30}
    chat = ChatWidget(client, **more)
    chat.send(NAME).result()
    assert chat.request == json.loads(practice.log[-1].body)
    assert chat.request is not None
    assert chat.request["verbosity"] == "low"


def test_without_an_event_loop_the_result_can_be_waited_for(chat: ChatWidget) -> None:
    assert chat.send(NAME).result() == chat.reply == chat.messages[-1]["content"]


def test_tokens_and_cost_are_what_the_server_counted(chat: ChatWidget) -> None:
    chat.send(NAME).result()
    usage = chat.chunks[-1]["usage"]
    assert chat.tokens == usage["total_tokens"]
    assert chat.cost == cost(usage, model=chat.model) > 0


def test_what_the_cap_leaves(practice: PracticeServer) -> None:
    client = connect("practice", cap=1, quiet=True)
    chat = ChatWidget(client)
    assert chat.remaining == 1
    chat.send(NAME).result()
    assert chat.remaining == 1 - chat.cost
    assert ChatWidget(connect("practice", quiet=True)).remaining is None


def test_the_chunks_make_the_reply(chat: ChatWidget) -> None:
    reply = chat.send(NAME).result()
    texts = [c["choices"][0]["delta"].get("content") for c in chat.chunks if c["choices"]]
    assert "".join(text or "" for text in texts) == reply
    assert json.loads(json.dumps(chat.chunks)) == chat.chunks


def test_stop_keeps_what_came_and_the_chat_goes_on(client: openai.OpenAI) -> None:
    chat = ChatWidget(client, **SLOW)
    pending = chat.send(STORY)
    until(lambda: chat.status == "streaming")
    chat.stop()
    stopped = pending.result()
    assert chat.status == "stopped"
    assert chat.messages[-1] == {"role": "assistant", "content": stopped}
    assert not chat.turns[-1].complete
    chunks = len(chat.chunks)
    chat.options = {}
    whole = chat.regenerate().result()
    assert whole.startswith(stopped)
    assert whole != stopped
    assert chunks < len(chat.chunks)


def test_stop_closes_the_stream(client: openai.OpenAI, practice: PracticeServer) -> None:
    chat = ChatWidget(client, **SLOW)
    threads = threading.active_count()
    chat.send(STORY)
    until(lambda: chat.status == "streaming")
    chat.stop()
    until(lambda: threading.active_count() <= threads)  # nobody reads any more
    assert "[DONE]" not in practice.log[-1].response


def test_stop_does_not_wait_for_a_server_that_says_nothing(client: openai.OpenAI) -> None:
    chat = ChatWidget(client, extra_headers={"x-practice-fault": "hang=20"})
    pending = chat.send(NAME)
    chat.stop()
    assert pending.result(timeout=5) == ""
    assert chat.messages == []
    chat.options = {}
    assert chat.send(NAME).result()


def test_while_a_reply_comes_there_is_no_second_turn(client: openai.OpenAI) -> None:
    chat = ChatWidget(client, **SLOW)
    chat.send(STORY)
    with pytest.raises(WidgetError, match="still coming"):
        chat.send(NAME)
    chat.stop()


def test_an_empty_message_is_not_sent(chat: ChatWidget) -> None:
    with pytest.raises(WidgetError, match="nothing to send"):
        chat.send(" \n")
    assert chat.request is None


@pytest.mark.parametrize(
    ("fault", "kind", "advice"),
    [
        ("status=401", openai.AuthenticationError, "Check the key"),
        ("status=429", openai.RateLimitError, "Wait a moment"),
        ("status=500", openai.InternalServerError, "send it again"),
    ],
)
def test_an_error_says_what_to_do_and_changes_nothing(
    chat: ChatWidget, practice: PracticeServer, fault: str, kind: type[Exception], advice: str
) -> None:
    chat.send(NAME).result()
    before = chat.messages
    practice.faults.add(fault)
    with pytest.raises(kind):
        chat.send(ASK).result()
    assert chat.status == "failed"
    assert kind.__name__ in chat.problem
    assert advice in chat.problem
    assert chat.messages == before
    assert "지우" in chat.regenerate().result()
    assert chat.problem == ""
    assert len(chat.messages) == 4


def test_a_reply_that_breaks_off_is_kept_as_far_as_it_came(
    chat: ChatWidget, practice: PracticeServer
) -> None:
    practice.faults.add("cut-after=6")
    assert chat.send(STORY).exception() is not None  # another one in openai 2 and 3
    assert chat.status == "failed"
    assert "What came is kept" in chat.problem
    assert chat.messages[-1] == {"role": "assistant", "content": chat.reply}
    assert chat.reply


def test_a_reply_without_an_end_is_not_taken_for_a_whole_one() -> None:
    class Half(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            delta = {"index": 0, "delta": {"content": "반쪽"}, "finish_reason": None}
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
            self.wfile.write(f"data: {json.dumps({**chunk, 'choices': [delta]})}\n\n".encode())

    with HTTPServer(("127.0.0.1", 0), Half) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/v1"
        chat = ChatWidget(openai.OpenAI(api_key="none", base_url=url), model="m")
        assert chat.send(NAME).result() == "반쪽"
    assert "broke off" in chat.problem
    assert not chat.turns[0].complete


def test_an_unknown_model_is_an_error_of_the_chat(client: openai.OpenAI) -> None:
    chat = ChatWidget(client, model="gpt-0")
    with pytest.raises(openai.NotFoundError):
        chat.send(NAME).result()
    assert "Choose another model" in chat.problem


def test_edit_puts_another_message_in_place_of_the_last(chat: ChatWidget) -> None:
    chat.send(NAME).result()
    chat.edit("제 이름은 하늘이에요.").result()
    assert [m["content"] for m in chat.messages if m["role"] == "user"] == ["제 이름은 하늘이에요."]
    assert "하늘" in chat.send(ASK).result()


def test_what_was_replaced_was_paid_for(chat: ChatWidget) -> None:
    chat.send(NAME).result()
    first = chat.cost
    chat.regenerate().result()
    assert len(chat.turns) == 1
    assert chat.cost == first + chat.turns[0].cost


def test_a_regeneration_that_fails_leaves_the_reply_that_was_there(
    chat: ChatWidget, practice: PracticeServer
) -> None:
    chat.send(NAME).result()
    before = chat.messages
    for _time in range(2):
        practice.faults.add("status=500")
        with pytest.raises(openai.InternalServerError):
            chat.regenerate().result()
        assert chat.messages == before
    chat.regenerate().result()
    assert len(chat.messages) == 2


def test_there_is_nothing_to_regenerate_at_first(chat: ChatWidget) -> None:
    with pytest.raises(WidgetError, match="no message yet"):
        chat.regenerate()


def test_a_new_chat_forgets(chat: ChatWidget) -> None:
    chat.send(NAME).result()
    chat.new()
    assert (chat.messages, chat.cost, chat.status) == ([], Decimal(0), "ready")
    assert "지우" not in chat.send(ASK).result()


def test_settings_hold_from_the_next_turn_on(chat: ChatWidget) -> None:
    chat.send(NAME).result()
    chat.system, chat.max_completion_tokens = "한 문장으로 답해 주세요.", 400
    chat.send(ASK).result()
    assert chat.request is not None
    assert chat.request["messages"][0]["content"] == "한 문장으로 답해 주세요."
    assert chat.request["max_completion_tokens"] == 400
    chat.system = ""
    chat.send(ASK).result()
    assert chat.messages[0]["role"] == "user"


def test_temperature_is_sent_to_models_that_take_it(client: openai.OpenAI) -> None:
    chat = ChatWidget(client, temperature=0.3)
    chat.send(NAME).result()
    assert chat.request is not None
    assert "temperature" not in chat.request  # the default model reasons
    chat.model = "gpt-4o-mini"
    chat.send(NAME).result()
    assert chat.request["temperature"] == 0.3


def test_a_saved_chat_goes_on(chat: ChatWidget, client: openai.OpenAI, tmp_path: Path) -> None:
    path = tmp_path / "대화.json"
    chat.system = "한 문장으로 답해 주세요."
    chat.send(NAME).result()
    chat.save(path)
    other = ChatWidget(client)
    other.load(path)
    assert (other.system, other.messages) == (chat.system, chat.messages)
    assert other.turns == chat.turns == Conversation.load(path, client).turns
    assert "지우" in other.send(ASK).result()
    assert KEY not in path.read_text("utf-8")


def test_what_is_no_chat_is_not_loaded(chat: ChatWidget, tmp_path: Path) -> None:
    chat.send(NAME).result()
    path = tmp_path / "x.json"
    path.write_text("{}", encoding="utf-8")
    before = chat.messages
    with pytest.raises(ConversationFileError):
        chat.load(path)
    assert chat.messages == before


def test_the_state_is_data(chat: ChatWidget) -> None:
    chat.send(NAME).result()
    state = chat.state
    assert state["status"] == "ready"
    assert state["messages"] == chat.messages
    assert state["cost"] == chat.cost


def test_as_text_it_is_what_was_said(chat: ChatWidget) -> None:
    chat.send(NAME).result()
    lines = str(chat).splitlines()
    assert lines[0] == f"ChatWidget · {chat.model}"
    assert lines[1] == f"You: {NAME}"
    assert lines[2] == f"AI: {chat.reply}"
    assert lines[-1] == chat.summary()
