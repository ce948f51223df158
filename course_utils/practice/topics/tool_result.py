"""Says what a tool answered, after its call."""

from __future__ import annotations

import json
from typing import Any

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply


def answer(prompt: Prompt) -> Reply | None:
    """Put the tools' answers into a sentence, in the order in which they came."""
    if not prompt.answered_by_tool:
        return None
    results = "; ".join(_plain(text) for text in prompt.tool_answers)
    if prompt.language == "ko":
        return reply({"확인해 보니": 2, "도구가 알려 준 내용은": 1}, f" 이래요: {results}.")
    return reply({"Here is what I found:": 2, "The tool says:": 1}, f" {results}.")


def _plain(text: str) -> str:
    """Return a tool's answer without JSON's marks: ``{"city": "서울"}`` is "city 서울"."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text.strip().rstrip(".")
    return _words(value)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    return json.dumps(value) if isinstance(value, bool | None) else str(value)
