"""The glossary stands once, is in order, and holds every term that a lesson introduces."""

from __future__ import annotations

import re

import nbformat
import pytest

from course_utils.notebooks import Lesson, checkout, lessons, read

ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| [^|]+\S \| [^|]+\S \| (\d\d) \|$", re.MULTILINE)
INTRODUCED = re.compile(r"\*\*([가-힣][가-힣A-Za-z ]*)\*\*\(([A-Za-z][A-Za-z ,/-]+)\)")

path = checkout() / "notebooks" / "glossary.ipynb"
rows = [match.groups() for match in ROW.finditer(read(path).cells[-1].source)]


def test_it_is_a_valid_notebook_and_every_row_is_whole() -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert len(rows) == notebook.cells[-1].source.count("\n") - 1
    assert len(rows) > 40


def test_it_is_in_the_order_of_the_english_words_and_holds_none_twice() -> None:
    english = [word.lower() for word, _, _ in rows]
    assert english == sorted(set(english))


def test_every_term_is_in_the_lesson_that_the_glossary_names() -> None:
    text = {lesson.name[:2]: lesson.path.read_text("utf-8") for lesson in korean()}
    assert [ko for _, ko, number in rows if ko not in text.get(number, ko)] == []


def korean() -> list[Lesson]:
    return [lesson for lesson in lessons(checkout()) if lesson.language == "ko"]


@pytest.mark.parametrize("taught", korean(), ids=lambda lesson: lesson.name)
def test_what_a_lesson_introduces_is_in_it(taught: Lesson) -> None:
    terms = {korean: english.lower() for english, korean, _ in rows}
    cells = [cell.source for cell in read(taught.path).cells if cell.cell_type == "markdown"]
    missing = [
        f"{korean} ({english})"
        for korean, english in INTRODUCED.findall("\n".join(cells))
        if english.lower() not in terms.get(korean, "")
    ]
    assert missing == []
