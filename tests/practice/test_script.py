"""What the next replies to a key are to be."""

from __future__ import annotations

import json
import threading

import openai
import pytest

from course_utils.practice import KEY, PracticeServer
from course_utils.practice.faults import Fault
from course_utils.practice.reply import Answer, Call, reply
from course_utils.practice.script import Gate, Step

LUNA = "gpt-5.6-luna"
HELLO: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": "hello"}]
MADE_UP = Answer(text=reply("Seven blue ferries wait beside the quiet lighthouse.", kept="all"))


def said(client: openai.OpenAI, **options: object) -> str | None:
    response = client.chat.completions.create(
        **{"model": LUNA, "messages": HELLO, **options}  # type: ignore[call-overload]
    )
    content: str | None = response.choices[0].message.content
    return content


def test_the_steps_of_a_key_are_met_in_order_and_then_the_model_answers(
    practice: PracticeServer, client: openai.OpenAI
) -> None:
    practice.script.add(KEY, Step(MADE_UP))
    practice.script.add(KEY, Step(fault=Fault.parse("status=429")))
    assert said(client) == "Seven blue ferries wait beside the quiet lighthouse."
    with pytest.raises(openai.RateLimitError):
        said(client)
    assert "ferries" not in str(said(client))


def test_another_key_does_not_meet_them(practice: PracticeServer, client: openai.OpenAI) -> None:
    practice.keys.add("sk-other")
    practice.script.add("sk-other", Step(MADE_UP))
    assert "ferries" not in str(said(client))
    assert "ferries" in str(said(client.with_options(api_key="sk-other")))
    practice.keys.discard("sk-other")


def test_a_request_that_is_refused_takes_no_step(
    practice: PracticeServer, client: openai.OpenAI
) -> None:
    practice.script.add(KEY, Step(MADE_UP))
    with pytest.raises(openai.BadRequestError):
        said(client, messages=[])
    assert "ferries" in str(said(client))


def test_what_is_forgotten_is_not_met(practice: PracticeServer, client: openai.OpenAI) -> None:
    practice.script.add(KEY, Step(MADE_UP))
    practice.script.forget(KEY)
    assert "ferries" not in str(said(client))


def test_a_scripted_reply_is_counted_like_any_other(
    practice: PracticeServer, client: openai.OpenAI
) -> None:
    practice.script.add(KEY, Step(MADE_UP))
    usage = client.chat.completions.create(model="gpt-4o", messages=HELLO).usage
    assert usage is not None
    assert usage.completion_tokens == 10


def test_a_script_can_call_a_tool(practice: PracticeServer, client: openai.OpenAI) -> None:
    call = Call("weather", reply(json.dumps({"city": "Jeju"}), kept="all"))
    practice.script.add(KEY, Step(Answer(calls=(call,))))
    choice = client.chat.completions.create(model=LUNA, messages=HELLO).choices[0]
    assert choice.finish_reason == "tool_calls"
    assert [each.function.arguments for each in choice.message.tool_calls or ()] == [  # type: ignore[union-attr]
        '{"city": "Jeju"}'
    ]


def test_a_gate_holds_the_rest_until_it_is_opened(
    practice: PracticeServer, client: openai.OpenAI
) -> None:
    gate = Gate(pieces=2, patience=30)
    practice.script.add(KEY, Step(MADE_UP, gate=gate))
    seen = ""
    for chunk in client.chat.completions.create(model=LUNA, messages=HELLO, stream=True):
        seen += chunk.choices[0].delta.content or ""
        if seen == "Seven blue":  # with nobody to open it, this would be all for 30 seconds
            assert gate.head == seen
            threading.Timer(0.05, gate.open).start()
    assert seen == "Seven blue ferries wait beside the quiet lighthouse."
    assert gate.opened


def test_a_gate_that_nobody_opens_gives_way(
    practice: PracticeServer, client: openai.OpenAI
) -> None:
    gate = Gate(patience=0.05)
    practice.script.add(KEY, Step(MADE_UP, gate=gate))
    chunks = list(client.chat.completions.create(model=LUNA, messages=HELLO, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks).endswith("lighthouse.")
    gate.open()
    assert not gate.opened
