"""Poems on request, through the real client."""

from __future__ import annotations

from typing import Any

import openai
import pytest


def _said(client: openai.OpenAI, text: str) -> str:
    messages: Any = [{"role": "user", "content": text}]
    completion = client.chat.completions.create(model="gpt-5.6-luna", messages=messages)
    return completion.choices[0].message.content or ""


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
    "text",
    [
        "역시 그렇군요.",
        "지금 몇 시예요? 알려 주세요.",
        "이 시를 번역해 주세요.",
        "다시 써 주세요.",
        "Hello!",
        "I read a poem.",
    ],
)
def test_leaves_other_prompts_alone(client: openai.OpenAI, text: str) -> None:
    assert "\n" not in _said(client, text)
