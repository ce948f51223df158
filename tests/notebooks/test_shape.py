"""The shape that every lesson keeps, and outputs that are what the cells say."""

from __future__ import annotations

import re

import nbformat
from nbformat import NotebookNode

from course_utils.notebooks import Lesson

Cells = list[NotebookNode]
LINKS = re.compile(r"<!-- links -->.*?<!-- /links -->", re.DOTALL)


def test_the_file_is_a_valid_notebook(notebook: NotebookNode) -> None:
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.language_info == {"name": "python"}


def test_the_parts_that_every_lesson_has(lesson: Lesson, notebook: NotebookNode) -> None:
    ids = [cell.id for cell in notebook.cells]
    assert ids[0] == "title"
    assert ids[-1] == "next"
    parts = [part for part in ids if part in ("setup", "playground", "quiz", "recap", "spent")]
    assert parts == ["setup", "playground", "quiz", "recap", "spent"]
    assert all(re.fullmatch(r"[a-z][a-z0-9-]{1,30}", cell_id) for cell_id in ids)
    number = lesson.name.partition("_")[0]
    assert re.match(rf"# {number} · \S", notebook.cells[0].source)
    assert re.search(r"<!-- cost -->\$[\d.]+<!-- /cost -->", notebook.cells[0].source)


def test_20_to_35_cells_with_more_prose_than_code(prose: Cells, code: Cells) -> None:
    assert 20 <= len(prose) + len(code) <= 35
    assert 1.3 <= len(prose) / len(code) <= 2


def test_code_cells_are_short(code: Cells) -> None:
    lines = {cell.id: len(cell.source.splitlines()) for cell in code}
    assert {cell_id: count for cell_id, count in lines.items() if count > 20} == {}
    assert sum(count <= 5 for count in lines.values()) > len(lines) / 2


def test_600_to_1500_words(prose: Cells) -> None:
    text = LINKS.sub("", "\n".join(cell.source for cell in prose))
    assert 600 <= sum(bool(re.search(r"\w", word)) for word in text.split()) <= 1500


def test_no_cell_is_empty(notebook: NotebookNode) -> None:
    assert [cell.id for cell in notebook.cells if not LINKS.sub("link", cell.source).strip()] == []


def test_the_reader_predicts_at_least_twice_and_is_told(code: Cells) -> None:
    text = "\n".join(cell.source for cell in code)
    asked = len(re.findall(r"\bpredict\(", text))
    assert asked >= 2
    assert len(re.findall(r"\.reveal\(", text)) == asked


def test_the_quiz_has_two_or_three_questions(code: Cells) -> None:
    cells = [cell.source for cell in code if cell.id.startswith("quiz")]
    assert 2 <= len(re.findall(r"\bquiz\(", "\n".join(cells))) <= 3


def test_every_cell_was_run_in_order(code: Cells) -> None:
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))


def test_a_cell_fails_exactly_when_it_is_to_fail(code: Cells) -> None:
    to_fail = [cell.id for cell in code if "raises-exception" in cell.metadata.get("tags", [])]
    failed = [cell.id for cell in code if any(out.output_type == "error" for out in cell.outputs)]
    assert failed == to_fail
    assert failed != []


def test_an_output_that_is_not_compared_has_a_reason(code: Cells) -> None:
    for cell in code:
        tags = cell.metadata.get("tags", [])
        assert not re.search(r"NBVAL_|nbval-skip", f"{cell.source} {tags}"), cell.id
        if "nbval-ignore-output" in tags:
            assert len(cell.metadata.get("course", {}).get("why", "")) > 10, cell.id


def test_nothing_is_printed_as_a_warning(code: Cells) -> None:
    outputs = [(cell.id, out) for cell in code for out in cell.outputs]
    assert [cell_id for cell_id, out in outputs if out.get("name") == "stderr"] == []
