"""Stories on request, through the real client."""

from __future__ import annotations

from typing import Any

import openai
import pytest

MODEL = "gpt-5.6-luna"


def _ask(client: openai.OpenAI, text: str, **options: Any) -> Any:
    messages: Any = [{"role": "user", "content": text}]
    return client.chat.completions.create(model=MODEL, messages=messages, **options)


def _said(client: openai.OpenAI, text: str) -> str:
    return _ask(client, text).choices[0].message.content or ""


@pytest.mark.parametrize(
    ("request_", "hero", "line"),
    [
        ("달을 따러 간 고양이 이야기를 들려주세요.", "고양이", "한 조각"),
        ("곰 이야기 해 줘", "곰은", "한 조각"),
        ("재미있는 이야기 하나 들려주세요", "고양이", "한 조각"),
        ("토끼가 나오는 동화를 한국어로 써 주세요.", "토끼", "한 조각"),
        ("스트리밍으로 이야기를 들려주세요.", "고양이", "한 조각"),
        ("Tell me a story.", "cat", "the moon arrive"),
        ("Could you write me a bedtime story about a fox?", "fox", "the moon arrive"),
        ("A short story about a bear, please", "bear", "the moon arrive"),
        ("여우 이야기를 영어로 써 주세요.", "fox", "the moon arrive"),
    ],
)
def test_tells_a_story_of_the_animal_that_was_named(
    client: openai.OpenAI, request_: str, hero: str, line: str
) -> None:
    said = _said(client, request_)
    assert hero in said
    assert line in said


@pytest.mark.parametrize("text", ["토끼 이야기 들려주세요.", "Tell me a story about a dog."])
def test_a_story_is_long_enough_to_be_read_while_it_arrives(
    client: openai.OpenAI, text: str
) -> None:
    response = _ask(client, text, n=8, reasoning_effort="none")
    told = {choice.message.content for choice in response.choices}
    assert len(told) == 8
    assert 8 * 120 <= response.usage.completion_tokens <= 8 * 250


@pytest.mark.parametrize(
    "text",
    [
        "이 이야기를 요약해 주세요: 고양이가 달을 따러 갔어요.",
        "이 이야기를 듣고 답해 주세요.",
        "Please summarise this story about a cat.",
        "What is the story of the API?",
        "안녕하세요!",
        "제 이름이 뭐예요?",
    ],
)
def test_leaves_other_prompts_alone(client: openai.OpenAI, text: str) -> None:
    said = _said(client, text)
    assert "한 조각" not in said
    assert "the moon arrive" not in said
