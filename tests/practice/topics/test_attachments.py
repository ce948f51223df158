"""Parts that are not text are taken, and honestly not understood."""

from __future__ import annotations

from typing import Any

import openai
import pytest

IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}
AUDIO = {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}
FILE = {"type": "file", "file": {"file_id": "file-1"}}


@pytest.mark.parametrize(
    ("part", "text", "words"),
    [
        (IMAGE, "What is in this picture?", "An image reached me, but I am"),
        (AUDIO, "Write this down.", "cannot hear it"),
        (FILE, "Summarise this file.", "cannot read it"),
        (IMAGE, "이 그림에 뭐가 있어요?", "그림이 왔지만"),
        (AUDIO, "받아 적어 주세요.", "소리가 왔지만"),
        (FILE, "이 파일을 요약해 주세요.", "읽을 수 없어요"),
    ],
)
def test_what_cannot_be_seen_is_said(
    client: openai.OpenAI, part: dict[str, Any], text: str, words: str
) -> None:
    messages: list[Any] = [{"role": "user", "content": [{"type": "text", "text": text}, part]}]
    reply = client.chat.completions.create(model="gpt-4o", messages=messages, temperature=0)
    assert words in (reply.choices[0].message.content or "")


@pytest.mark.parametrize("text", ["What is an image?", "file", "[image]", "그림 이야기 해 줘"])
def test_words_about_such_parts_are_left_alone(client: openai.OpenAI, text: str) -> None:
    messages: list[Any] = [{"role": "user", "content": text}]
    reply = client.chat.completions.create(model="gpt-4o", messages=messages)
    content = reply.choices[0].message.content or ""
    assert "reached me, but" not in content
    assert "왔지만" not in content
