"""A newcomer's first minutes: ``course lab``, a real browser, lesson 00 run from top to end."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from playwright.sync_api import Page, sync_playwright

from course_utils.notebooks import checkout, read, store

LESSON = "00_first_call"
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CELLS = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    return panel.content.model.sharedModel.toJSON().cells.filter(cell => cell.cell_type === "code");
}"""
BUSY = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.sessionContext?.session?.kernel?.status !== "idle";
}"""


@pytest.fixture
def reader(tmp_path: Path) -> Path:
    """A copy of the course as a reader has it, its outputs cleared, and no key anywhere."""
    copy = tmp_path / "강의 폴더"
    for name in ("course_utils", "notebooks"):
        shutil.copytree(checkout() / name, copy / name)
    shutil.copy(checkout() / "pyproject.toml", copy)
    for path in (copy / "notebooks").glob("??/*.ipynb"):
        notebook = read(path)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.update(outputs=[], execution_count=None)
        store(path, notebook)
    return copy


@pytest.fixture
def lab(reader: Path, tmp_path: Path) -> Iterator[str]:
    """The address that ``course lab`` says, on a machine without a screen."""
    places = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    environment = {
        **{name: value for name, value in os.environ.items() if "DISPLAY" not in name},
        **{f"JUPYTER_{place}": str(tmp_path / place) for place in places},
        "PYTHONPATH": str(reader),
    }
    command = [sys.executable, "-c", "from course_utils.cli import main; main()", "lab"]
    with subprocess.Popen(
        [*command, "--port=0", "--LabApp.expose_app_in_browser=True"],
        env=environment,
        cwd=reader,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    ) as server:
        assert server.stdout is not None
        said = ""
        for line in server.stdout:
            said += line
            if address := re.search(r"http://127\.0\.0\.1:(\d+)/lab\?token=\w+", line):
                _wait_for(int(address[1]))
                yield address[0]
                break
        server.terminate()
    assert address, said


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None and "CI" not in os.environ:
        pytest.skip("There is no Chromium here, so no lesson was run in a browser.")
    sandbox = [] if getattr(os, "geteuid", lambda: 1)() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            tmp_path / "profile",
            executable_path=chromium,
            args=[*QUIET, *sandbox],
            viewport={"width": 1280, "height": 1000},
            locale="ko-KR",
        )
        browser.set_default_timeout(60_000)
        yield browser.pages[0]
        browser.close()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_lesson_00_runs_to_its_end_without_a_key(page: Page, lab: str, language: str) -> None:
    page.goto(lab.replace("/lab?", f"/lab/tree/{language}/{LESSON}.ipynb?"))
    page.wait_for_function(f"() => !({BUSY})()")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(f"() => ({CELLS})().every(cell => cell.execution_count)")
    page.wait_for_function(f"() => !({BUSY})()")
    _screenshots(page, language)
    cells: list[dict[str, Any]] = page.evaluate(CELLS)

    stored = {
        cell.id: cell
        for cell in read(checkout() / "notebooks" / language / f"{LESSON}.ipynb").cells
    }
    for cell in cells:
        assert _errors(cell) == _errors(stored[cell["id"]]), cell["id"]
    setup = next(cell for cell in cells if cell["id"] == "setup")
    assert _printed(setup) == _printed(stored["setup"]) != ""


def _wait_for(port: int) -> None:
    """Wait until the port answers: Jupyter says its address a moment before it listens there."""
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, f"Nothing listens on port {port}."
            time.sleep(0.05)


def _errors(cell: dict[str, Any] | NotebookNode) -> list[str]:
    return [out["ename"] for out in cell["outputs"] if out["output_type"] == "error"]


def _printed(cell: dict[str, Any] | NotebookNode) -> str:
    return "".join("".join(out.get("text", "")) for out in cell["outputs"])


def _screenshots(page: Page, language: str) -> None:
    """Keep what the reader sees, for a person to look at: the top and the end of the lesson."""
    folder = checkout() / "build" / "screenshots"
    page.screenshot(path=folder / f"{language}_{LESSON}_end.png")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Home")
    page.wait_for_timeout(500)
    page.screenshot(path=folder / f"{language}_{LESSON}_top.png")
