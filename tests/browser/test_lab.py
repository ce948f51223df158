"""A newcomer's first minutes: ``course lab``, a real browser, lesson 00 run from top to end."""

from __future__ import annotations

from typing import Any

import pytest
from nbformat import NotebookNode
from notebook_page import open_in_lab, run_all, screenshot
from playwright.sync_api import Page

from course_utils.notebooks import checkout, read

LESSON = "00_first_call"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_lesson_00_runs_to_its_end_without_a_key(page: Page, lab: str, language: str) -> None:
    open_in_lab(page, lab, f"{language}/{LESSON}.ipynb")
    cells = run_all(page)
    _screenshots(page, language)

    stored = {
        cell.id: cell
        for cell in read(checkout() / "notebooks" / language / f"{LESSON}.ipynb").cells
    }
    for cell in cells:
        assert _errors(cell) == _errors(stored[cell["id"]]), cell["id"]
    setup = next(cell for cell in cells if cell["id"] == "setup")
    assert _printed(setup) == _printed(stored["setup"]) != ""


def _errors(cell: dict[str, Any] | NotebookNode) -> list[str]:
    return [out["ename"] for out in cell["outputs"] if out["output_type"] == "error"]


def _printed(cell: dict[str, Any] | NotebookNode) -> str:
    return "".join("".join(out.get("text", "")) for out in cell["outputs"])


def _screenshots(page: Page, language: str) -> None:
    """Keep what the reader sees, for a person to look at: the top and the end of the lesson."""
    screenshot(page, f"{language}_{LESSON}_end")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Home")
    page.wait_for_timeout(500)
    screenshot(page, f"{language}_{LESSON}_top")
