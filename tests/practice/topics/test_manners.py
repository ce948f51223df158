"""Greetings, thanks, goodbyes and "what can you do"."""

from __future__ import annotations

import openai
import pytest


def say(client: openai.OpenAI, text: str) -> str:
    messages = [{"role": "user", "content": text}]
    response = client.chat.completions.create(model="gpt-5.6-luna", messages=messages)  # type: ignore[arg-type]
    return response.choices[0].message.content or ""


KINDS = {
    "thanks": ("별말씀을요", "도움이 되었다니", "You are welcome", "My pleasure"),
    "bye": ("안녕히 가세요", "다음에 또", "Goodbye", "See you!"),
    "how": ("기분은 없지만", "기분이라는", "no feelings", "moods"),
    "able": ("정해진 일만", "정해져 있어요", "set things", "limited"),
    "hello": ("안녕하세요", "반가워요", "Hello", "Hi there"),
}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("고마워요!", "thanks"),
        ("감사합니다.", "thanks"),
        ("Thanks a lot!", "thanks"),
        ("OK, thank you.", "thanks"),
        ("안녕히 계세요.", "bye"),
        ("그럼 잘 가요!", "bye"),
        ("Bye!", "bye"),
        ("See you tomorrow!", "bye"),
        ("잘 지내세요?", "how"),
        ("Hi, how are you?", "how"),
        ("뭘 할 수 있어요?", "able"),
        ("What can you do?", "able"),
        ("안녕하세요?", "hello"),
        ("Good morning!", "hello"),
    ],
)
def test_a_courtesy_is_returned(client: openai.OpenAI, text: str, kind: str) -> None:
    assert say(client, text).startswith(KINDS[kind]) or any(
        each in say(client, text) for each in KINDS[kind]
    )


@pytest.mark.parametrize(
    "text",
    [
        "감사 일기가 뭐예요?",
        "Thank you notes are hard to write, summarise this one",
        "Goodbye is a sad word, tell me a story about it",
        "어떻게 지내는 사람이 많아요?",
        "How are tokens counted?",
        "What can you do with a token?",
    ],
)
def test_other_prompts_are_left_alone(client: openai.OpenAI, text: str) -> None:
    said = say(client, text)
    assert not any(part in said for kind in ("thanks", "bye", "how") for part in KINDS[kind])
