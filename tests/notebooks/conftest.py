"""Every test here runs on every lesson that there is; with no lesson, collection fails."""

from __future__ import annotations

from functools import cache

import pytest
from nbformat import NotebookNode

from course_utils.notebooks import Lesson, checkout, lessons, read

found = cache(lambda: lessons(checkout()))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "lesson" in metafunc.fixturenames:
        metafunc.parametrize("lesson", found(), ids=lambda lesson: lesson.label)
    if "korean" in metafunc.fixturenames and "pairs" in metafunc.fixturenames:
        korean = [lesson for lesson in found() if lesson.language == "ko"]
        metafunc.parametrize("korean", korean, ids=lambda lesson: lesson.name)


@pytest.fixture
def notebook(lesson: Lesson) -> NotebookNode:
    return read(lesson.path)


@pytest.fixture
def prose(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


@pytest.fixture
def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
