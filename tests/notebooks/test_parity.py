"""The two languages hold the same lesson."""

from __future__ import annotations

import re

import pytest
from nbformat import NotebookNode
from skeleton import skeleton

from course_utils.notebooks import Lesson, checkout, lessons, read

Pairs = list[tuple[NotebookNode, NotebookNode]]


@pytest.fixture
def pairs(korean: Lesson) -> Pairs:
    """The cells of a lesson, Korean and English side by side."""
    english = korean.path.parents[1] / "en" / korean.path.name
    return list(zip(read(korean.path).cells, read(english).cells, strict=True))


def test_every_lesson_stands_in_both_languages() -> None:
    names: dict[str, list[str]] = {"ko": [], "en": []}
    for lesson in lessons(checkout()):
        names[lesson.language].append(lesson.name)
    assert names["ko"] == names["en"] != []


def test_cells_are_the_same_in_kind_and_order(pairs: Pairs) -> None:
    for korean, english in pairs:
        assert (korean.id, korean.cell_type) == (english.id, english.cell_type)
        assert korean.metadata.get("tags") == english.metadata.get("tags"), korean.id


def test_code_is_the_same_apart_from_strings_and_comments(pairs: Pairs) -> None:
    for korean, english in pairs:
        if korean.cell_type == "code":
            assert skeleton(korean.source) == skeleton(english.source), korean.id


def test_outputs_are_of_the_same_kinds(pairs: Pairs) -> None:
    for korean, english in pairs:
        assert _kinds(korean) == _kinds(english), korean.id


def test_comments_stand_in_both_languages(pairs: Pairs) -> None:
    for korean, english in pairs:
        if korean.cell_type == "code":
            assert _comments(korean) == _comments(english), korean.id


def test_korean_prose_is_korean_and_english_prose_is_not(pairs: Pairs) -> None:
    for korean, english in pairs:
        if korean.cell_type == "markdown":
            assert _hangul(korean.source) > 0, korean.id
            assert _hangul(english.source) < len(english.source) / 4, korean.id


def _kinds(cell: NotebookNode) -> list[tuple[str, ...]]:
    return [
        (out.output_type, out.get("name", ""), out.get("ename", ""), *sorted(out.get("data", [])))
        for out in cell.get("outputs", [])
    ]


def _comments(cell: NotebookNode) -> int:
    return len(re.findall(r"(?:^|\s)#\s", cell.source))


def _hangul(text: str) -> int:
    return len(re.findall(r"[가-힣]", text))


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ('print("안녕")  # 인사', 'print("hello")'),
        ('print(f"{name}님, {n:>3}개")', 'print(f"{name} has {n:>3}")'),
        ('f"값"', '"value"'),
        ('{"role": "user", "content": "네"}', '{"role": "user", "content": "yes"}'),
        ('"가" "나"', '"a"'),
        ("%xmode Minimal\nx", "%xmode Minimal\nx"),
    ],
)
def test_a_difference_in_text_is_none(korean: str, english: str) -> None:
    assert skeleton(korean) == skeleton(english)


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("a = 1", "a = 2"),
        ('print("안녕")', 'print("hello", end="")'),
        ('f"{name}님"', 'f"{names}"'),
        ('f"{n:.2f}"', 'f"{n:.3f}"'),
        ('{"role": "user"}', '{"role": "system"}'),
        ("%xmode Minimal", "%xmode Plain"),
        ("client.chat", "client.responses"),
    ],
)
def test_a_difference_in_code_is_one(korean: str, english: str) -> None:
    assert skeleton(korean) != skeleton(english)
