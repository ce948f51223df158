"""Decides what kind of answer a request gets: a call, JSON, a refusal, or words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from course_utils.practice import json_mode, style, tools, topics
from course_utils.practice.fill import fill
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Answer, Reply
from course_utils.practice.request import ChatRequest
from course_utils.practice.topics import tool_result, unsafe

_WANTS_JSON = re.compile(
    r"JSON\s?(?:형식|형태|객체)?(?:으로|로)만?(?: \S{1,10})? ?(?:답|대답|출력|응답|써|작성)"
    r"|\b(?:answer|reply|respond|output|return)\b.{0,24}\b(?:in|as|with|only) (?:valid "
    r"|an? )*JSON\b"
    r"|\bJSON only\b",
    re.IGNORECASE,
)


def answer(request: ChatRequest) -> Answer:
    """Return what every choice of this request says, before sampling.

    Raises:
        ApiError: a schema that no value can satisfy.
    """
    prompt = Prompt.of(request.messages)
    said = _said(prompt)
    if said.refusal is not None:
        return said
    if calls := tools.calls(request.tools, prompt):
        return Answer(calls=calls)
    words = said.text
    assert words is not None
    return Answer(text=_formatted(request.body.get("response_format") or {}, prompt, words))


# The same messages come again and again: with other seeds, with n, in a class of 30.
@lru_cache(maxsize=64)
def _said(prompt: Prompt) -> Answer:
    """Return the words, or the refusal, that these messages get."""
    if refusal := unsafe.answer(prompt):
        return Answer(refusal=style.apply(refusal, prompt))
    return Answer(text=style.apply(tool_result.answer(prompt) or topics.answer(prompt), prompt))


def _formatted(response_format: Mapping[str, Any], prompt: Prompt, words: Reply) -> Reply:
    kind = response_format.get("type")
    if kind == "json_schema":
        schema = response_format["json_schema"].get("schema") or {"type": "object"}
        return fill(schema, prompt, words)
    if kind == "json_object" or _wants_json(prompt):
        return json_mode.answer(prompt, words)
    return words


@lru_cache(maxsize=64)
def _wants_json(prompt: Prompt) -> bool:
    return any(_WANTS_JSON.search(text) for text in (prompt.instructions, prompt.text))
