"""Messages as plain dicts, and what is told about content that is none."""

from __future__ import annotations

from typing import Any

import openai
import pytest

from course_utils import assistant, developer, system, tool, user
from course_utils.catalog import DEFAULT_MODEL
from course_utils.errors import MessageError

CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
PARTS = [{"type": "text", "text": "안녕"}]


def test_each_role_is_a_plain_dict() -> None:
    assert system("a") == {"role": "system", "content": "a"}
    assert developer("a") == {"role": "developer", "content": "a"}
    assert user("") == {"role": "user", "content": ""}
    assert user(PARTS) == {"role": "user", "content": PARTS}
    assert assistant("a") == {"role": "assistant", "content": "a"}
    assert tool("call_1", "맑음") == {
        "role": "tool",
        "tool_call_id": "call_1",
        "content": "맑음",
    }


def test_an_assistant_may_only_have_called_tools() -> None:
    expected = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    assert assistant(None, tool_calls=[CALL]) == expected
    of_the_sdk = openai.types.chat.ChatCompletionMessageFunctionToolCall.model_validate(CALL)
    assert assistant(None, [of_the_sdk]) == expected


def test_the_server_takes_them(client) -> None:
    messages = [
        system("짧게 답하세요."),
        user("서울 날씨는?"),
        assistant(None, [CALL]),
        tool("call_1", "맑음"),
        assistant("맑아요."),
        user(PARTS),
    ]
    assert client.chat.completions.create(model=DEFAULT_MODEL, messages=messages).choices


@pytest.mark.parametrize("content", [None, 3, [], ["a"], [{"text": "a"}], {"type": "text"}, b"a"])
@pytest.mark.parametrize("make", [system, developer, user, assistant])
def test_content_that_is_none_is_refused_with_the_role_and_a_mend(make, content: Any) -> None:
    with pytest.raises(MessageError) as told:
        make(content)
    assert make.__name__ in str(told.value)
    assert "json.dumps" in str(told.value) or '{"type": "text"' in str(told.value)


def test_a_whole_response_is_told_where_its_text_is(client) -> None:
    response = client.chat.completions.create(model=DEFAULT_MODEL, messages=[user("안녕")])
    with pytest.raises(MessageError, match=r"response\.choices\[0\]\.message\.content"):
        assistant(response)


@pytest.mark.parametrize("text", ["안녕 \ud83d", "\ud83d\ude00"])
def test_half_a_character_cannot_be_sent(text: str) -> None:
    with pytest.raises(MessageError, match="half a character"):
        user(text)
    with pytest.raises(MessageError, match="half a character"):
        user([{"type": "text", "text": text}])


@pytest.mark.parametrize("calls", [5, "call_1", [5], ["call_1"], CALL])
def test_tool_calls_that_are_none_are_told(calls: Any) -> None:
    with pytest.raises(MessageError, match="list of dicts"):
        assistant("a", tool_calls=calls)


@pytest.mark.parametrize("call_id", ["", None, 1])
def test_an_answer_to_no_call_is_refused(call_id: Any) -> None:
    with pytest.raises(MessageError, match=r"tool\(call\.id"):
        tool(call_id, "맑음")
