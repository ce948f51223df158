"""Decides what kind of answer a request gets: a call, JSON, a refusal, or words."""

from __future__ import annotations

import re
from typing import Any

from course_utils.practice import style, tools, topics
from course_utils.practice.fill import fill
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Answer
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
    if refusal := unsafe.answer(prompt):
        return Answer(refusal=style.apply(refusal, prompt))
    if calls := tools.calls(request.tools, prompt):
        return Answer(calls=calls)
    words = style.apply(tool_result.answer(prompt) or topics.answer(prompt), prompt)
    schema = _schema(request.body.get("response_format"), prompt)
    return Answer(text=words if schema is None else fill(schema, prompt, words))


def _schema(response_format: Any, prompt: Prompt) -> Any:
    kind = (response_format or {}).get("type")
    if kind == "json_schema":
        return response_format["json_schema"].get("schema") or {"type": "object"}
    if kind == "json_object" or _wants_json(prompt):
        keys = prompt.keys or ("answer",)
        return {"type": "object", "properties": {key: {"type": "string"} for key in keys}}
    return None


def _wants_json(prompt: Prompt) -> bool:
    return any(_WANTS_JSON.search(text) for text in (prompt.instructions, prompt.text))
