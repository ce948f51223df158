"""Lesson 00 explains the very token counts that it prints."""

from __future__ import annotations

import re

import pytest

from course_utils.language import LANGUAGES
from course_utils.notebooks import checkout, read


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_prose_quotes_the_usage_that_was_printed(language: str) -> None:
    cells = {
        cell.id: cell
        for cell in read(checkout() / "notebooks" / language / "00_first_call.ipynb").cells
    }
    whole, fields = (
        "".join(out.text for out in cells[name].outputs) for name in ("whole", "fields")
    )
    prompt, completion, total = map(int, re.findall(r"\d+", fields))
    (reasoning,) = map(int, re.findall(r'"reasoning_tokens": (\d+)', whole))
    visible = completion - reasoning
    quoted = [int(number) for number in re.findall(r"\d+", cells["fields-read"].source)]
    assert quoted == [prompt, completion, total, completion, reasoning, visible]
