"""Stories, poems and exact words on request, through the real client."""

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
    ("text", "words"),
    [
        ("바다를 주제로 짧은 시를 써 주세요.", ("바다", "파도")),
        ("비에 대한 시 한 편 써 줘", ("지붕", "우산")),
        ("봄을 노래하는 시를 지어 주세요", ("얼음", "바람")),
        ("Write a short poem about the sea.", ("sea",)),
        ("I want a haiku about the stars", ("lamp", "window")),
    ],
)
def test_writes_three_lines_about_what_was_named(
    client: openai.OpenAI, text: str, words: tuple[str, ...]
) -> None:
    said = _said(client, text)
    assert said.count("\n") == 2
    assert any(word in said for word in words)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("다른 말 없이 '네, 좋아요!'라고만 답해 주세요.", "네, 좋아요!"),
        ("“안녕”이라고만 말해 주세요.", "안녕"),
        ("Reply with only 'Yes, gladly!'", "Yes, gladly!"),
        ('Say just "hello".', "hello"),
    ],
)
def test_says_exactly_what_alone_was_wanted(client: openai.OpenAI, text: str, wanted: str) -> None:
    assert _said(client, text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "이 이야기를 요약해 주세요: 고양이가 달을 따러 갔어요.",
        "Please summarise this story about a cat.",
        "역시 그렇군요.",
        "지금 몇 시예요? 알려 주세요.",
        "제 이름이 뭐예요?",
        "안녕하세요!",
        "'안녕'을 영어로 번역해 주세요.",
        "I only said 'hello' to him.",
        "Hello!",
    ],
)
def test_leaves_other_prompts_alone(client: openai.OpenAI, text: str) -> None:
    said = _said(client, text)
    assert "\n" not in said
    assert said not in ("안녕", "hello")
    assert "조각" not in said
    assert "moon" not in said
