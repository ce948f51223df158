"""Exact words on request, through the real client."""

from __future__ import annotations

from typing import Any

import openai
import pytest


def _said(client: openai.OpenAI, text: str) -> str:
    messages: Any = [{"role": "user", "content": text}]
    completion = client.chat.completions.create(model="gpt-5.6-luna", messages=messages)
    return completion.choices[0].message.content or ""


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
        "'안녕'을 영어로 번역해 주세요.",
        "'안녕'이라는 말만 들으면 웃음이 나요.",
        "I only said 'hello' to him.",
        "She told me to say 'hello'.",
    ],
)
def test_leaves_other_prompts_alone(client: openai.OpenAI, text: str) -> None:
    assert _said(client, text) not in ("안녕", "hello")
