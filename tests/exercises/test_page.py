"""What a browser would make of HTML: the lines that are seen, and what is no text."""

from __future__ import annotations

import html

import pytest

from course_utils.exercises.page import Page

HOSTILE = '<img src="x" onerror="alert(1)"> & <!-- hidden --> <b>bold</b> &lt;'


def test_the_lines_are_those_that_br_ends() -> None:
    page = Page("user: 1 &lt; 2<br>\n assistant:\nyes<br/>")
    assert page.lines == ["user: 1 < 2", "assistant: yes"]
    assert page.tags == []


def test_tags_and_comments_are_told() -> None:
    assert Page(HOSTILE).tags == ["<img>", "<!-- -->", "<b>", "</b>"]


@pytest.mark.parametrize("text", [HOSTILE, "1 < 2 > 1", "R&D", "<script>alert(1)</script>"])
def test_what_is_escaped_is_text_alone(text: str) -> None:
    page = Page(html.escape(text))
    assert (page.lines, page.tags) == ([text], [])
