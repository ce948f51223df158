"""The model's own reply is known exactly when it was sent back."""

from __future__ import annotations

import openai
import pytest

OWN = "가을을 좋아하시는군요!"


def say(client: openai.OpenAI, *texts: str) -> str:
    sent = [
        {"role": "assistant" if at % 2 else "user", "content": text}
        for at, text in enumerate(texts)
    ]
    response = client.chat.completions.create(model="gpt-5.6-luna", messages=sent)  # type: ignore[arg-type]
    return response.choices[0].message.content or ""


@pytest.mark.parametrize(
    "asked",
    ["방금 뭐라고 하셨어요?", "아까 뭐라고 했죠?", "다시 말해 주세요.", "What did you just say?"],
)
def test_the_last_reply_is_quoted_if_it_is_there(client: openai.OpenAI, asked: str) -> None:
    assert f"“{OWN}”" in say(client, "안녕하세요", "그래요.", "가을이 좋아요.", OWN, asked)
    assert "“" not in say(client, asked)


def test_nothing_sent_nothing_known_in_both_languages(client: openai.OpenAI) -> None:
    assert "제 답이" in say(client, "방금 뭐라고 하셨어요?")
    assert "I " in say(client, "What was your last answer?")


@pytest.mark.parametrize(
    "text",
    ["제가 좋아하는 과일이 뭐라고 했죠?", "제 이름이 뭐라고 했죠?", "What did you have for lunch?"],
)
def test_other_prompts_are_left_alone(client: openai.OpenAI, text: str) -> None:
    assert OWN not in say(client, "안녕하세요", OWN, text)
