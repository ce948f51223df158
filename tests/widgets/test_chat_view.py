"""The chat as a person uses it: its ipywidgets, moved as the browser moves them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from waiting import until

from course_utils import connect
from course_utils.conversation import Conversation
from course_utils.messages import assistant, user
from course_utils.practice import PracticeServer
from course_utils.widgets import ChatWidget
from course_utils.widgets.chat_view import SEND, ChatView

NAME, ASK = "제 이름은 지우예요.", "제 이름이 뭐예요?"
STORY = "짧은 이야기를 하나 들려주세요."


@pytest.fixture
def view(chat: ChatWidget) -> ChatView:
    return shown(chat)


def shown(chat: ChatWidget) -> ChatView:
    assert chat.widget is chat.widget
    assert chat._view is not None
    return chat._view


def widgets(root: Any) -> Iterator[Any]:
    yield root
    for child in getattr(root, "children", ()):
        yield from widgets(child)


def on_page(view: ChatView) -> str:
    return "".join(getattr(widget, "value", "") for widget in widgets(view.blocks))


def enter(view: ChatView, text: str) -> None:
    """Type a text and press Enter, as keys.js tells it."""
    view.box.value = text + SEND
    finish(view)


def finish(view: ChatView) -> None:
    """Wait until the last turn is over, and shown."""
    turn = view.chat.last
    until(lambda: turn is None or turn.pending.done())


def test_enter_sends_and_empties_the_box(view: ChatView) -> None:
    enter(view, NAME)
    assert view.chat.messages[0]["content"] == NAME
    assert view.box.value == ""
    assert view.chat.reply in on_page(view)


def test_what_was_typed_after_enter_stays_in_the_box(view: ChatView) -> None:
    view.box.value = f"{NAME}{SEND}그리고"
    finish(view)
    assert view.chat.messages[0]["content"] == NAME
    assert view.box.value == "그리고"


def test_the_button_sends_where_keys_do_not_work(view: ChatView) -> None:
    view.box.value = "첫 줄\n둘째 줄"
    view.send.click()
    finish(view)
    assert view.chat.messages[0]["content"] == "첫 줄\n둘째 줄"


def test_enter_in_an_empty_box_sends_nothing(view: ChatView) -> None:
    enter(view, " \n")
    assert view.chat.request is None


def test_during_a_reply_the_next_message_waits_in_the_box(client: openai.OpenAI) -> None:
    view = shown(ChatWidget(client, extra_headers={"x-practice-pace": "30"}))
    view.box.value = STORY + SEND
    until(lambda: view.chat.status == "streaming")
    view.box.value = "다음 말" + SEND
    assert view.box.value == "다음 말"
    assert "still coming" in view.status.value
    assert not view.stop.disabled
    view.stop.click()
    assert view.stop.disabled
    assert "Stopped" in on_page(view)


def test_after_an_error_the_text_is_back_in_the_box(
    view: ChatView, practice: PracticeServer
) -> None:
    practice.faults.add("status=500")
    enter(view, NAME)
    until(lambda: view.box.value == NAME)
    assert "InternalServerError" in on_page(view)
    assert 'role="alert"' in on_page(view)
    enter(view, NAME)
    assert "InternalServerError" not in on_page(view)


def test_a_reply_that_a_limit_ended_says_so(client: openai.OpenAI) -> None:
    view = shown(ChatWidget(client, model="gpt-4o-mini", max_completion_tokens=5))
    enter(view, STORY)
    assert "token limit ended" in on_page(view)
    view.chat.max_completion_tokens = None
    view.again.click()
    finish(view)
    assert "token limit ended" not in on_page(view)


def test_edit_puts_the_last_message_back_and_replaces_it(view: ChatView) -> None:
    enter(view, NAME)
    view.edit.click()
    assert view.box.value == NAME
    assert "replaces your last message" in view.status.value
    enter(view, "제 이름은 하늘이에요.")
    assert len(view.chat.messages) == 2
    assert "지우" not in on_page(view)
    view.edit.click()
    view.edit.click()
    assert view.box.value == ""


def test_regenerate_copy_and_new(view: ChatView) -> None:
    enter(view, NAME)
    view.again.click()
    finish(view)
    assert len(view.chat.messages) == 2
    view.copy.click()
    assert view.copied.value == view.chat.reply
    assert view.copied.layout.display == ""
    view.new.click()
    assert view.chat.messages == []
    assert NAME not in on_page(view)


def test_settings_are_set_by_hand_and_by_code(view: ChatView) -> None:
    view.settings.system.value = "한 문장으로 답해 주세요."
    view.settings.limit.value = 300
    assert view.settings.temperature.disabled
    view.settings.model.value = "gpt-4o-mini"
    assert not view.settings.temperature.disabled
    view.settings.temperature.value = 0.2
    enter(view, NAME)
    assert view.chat.request is not None
    assert view.chat.request["temperature"] == 0.2
    assert view.chat.request["max_completion_tokens"] == 300
    assert view.chat.request["messages"][0]["role"] == "system"
    view.chat.max_completion_tokens = None
    enter(view, ASK)
    assert view.settings.limit.value == 0


def test_the_panel_has_the_request_and_the_chunks(view: ChatView) -> None:
    enter(view, NAME)
    assert view.raw.value == ""  # closed, it costs nothing
    view.panels.selected_index = 1
    assert "stream_options" in view.raw.value
    assert "chat.completion.chunk" in view.raw.value
    enter(view, ASK)
    assert view.raw.value.count("user") == 2


def test_save_and_load_by_hand(view: ChatView, client: openai.OpenAI, tmp_path: Path) -> None:
    enter(view, NAME)
    view.path.value = str(tmp_path / "chat.json")
    click(view, "cu-save")
    assert "Saved" in view.status.value
    other = shown(ChatWidget(client))
    other.path.value = str(tmp_path / "none.json")
    click(other, "cu-load")
    assert "none.json cannot be opened" in other.status.value
    other.path.value = view.path.value
    click(other, "cu-load")
    assert NAME in on_page(other)
    assert other.chat.messages == view.chat.messages


def click(view: ChatView, name: str) -> None:
    (found,) = (widget for widget in widgets(view.root) if name in widget._dom_classes)
    found.click()


def test_every_control_has_a_name(view: ChatView) -> None:
    kinds = ("Text", "Textarea", "Combobox", "FloatSlider", "BoundedIntText", "Button")
    controls = [w for w in widgets(view.root) if type(w).__name__ in kinds]
    assert len(controls) == 15
    assert [w for w in controls if not w.description] == []


def test_a_key_is_in_no_widget(practice: PracticeServer) -> None:
    key = "sk-" + "never-shown" * 3
    view = shown(ChatWidget(connect(base_url=practice.url, api_key=key, quiet=True)))
    enter(view, NAME)
    assert "AuthenticationError" in view.chat.problem
    states = [widget.get_state() for widget in widgets(view.root)]
    assert key not in json.dumps(states, default=str)
    assert key not in repr(view.chat.state)


def test_a_key_in_an_error_s_own_words_is_masked(practice: PracticeServer) -> None:
    key = "sk-" + "with-a-line-break" + "\n"
    client = openai.OpenAI(api_key=key, base_url=practice.url, max_retries=0)
    chat = ChatWidget(client, model="gpt-4o-mini")
    assert chat.send(NAME).exception() is not None
    assert "→" in chat.problem
    assert key.strip() not in chat.problem


@pytest.mark.parametrize("turns", [5, 500])
def test_a_chunk_draws_the_last_turn_only(
    client: openai.OpenAI, tmp_path: Path, turns: int
) -> None:
    conversation = Conversation(client)
    for number in range(turns):
        conversation.add(user(f"말 {number}"))
        conversation.add(assistant(f"답 {number}"))
    conversation.save(tmp_path / "long.json")
    chat = ChatWidget(client, extra_headers={"x-practice-pace": "100"})
    chat.load(tmp_path / "long.json")
    view = shown(chat)
    drawn: list[tuple[Any, str]] = []
    pending = chat.send(STORY)
    until(lambda: chat.status != "waiting")
    assert chat.status == "streaming"
    for widget in widgets(view.root):
        widget.observe(lambda change: drawn.append((change["owner"], change["name"])))
    before = len(chat.chunks)
    until(lambda: len(chat.chunks) > before + 20 or not chat.busy)
    while_streaming = list(drawn)
    chat.stop()
    pending.result()
    assert while_streaming != []
    assert set(while_streaming) == {(view.live, "value")}


def test_closing_leaves_no_widget_behind(client: openai.OpenAI) -> None:
    before = set(alive())
    chat = ChatWidget(client)
    enter(shown(chat), NAME)
    enter(shown(chat), ASK)
    assert set(alive()) > before
    chat.close()
    assert set(alive()) == before


def alive() -> dict[str, Any]:
    """Every open widget: the registry has another name in ipywidgets 7 and 8."""
    from ipywidgets.widgets import widget

    found = getattr(widget, "_instances", None)
    return widget.Widget.widgets if found is None else found
