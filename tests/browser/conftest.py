"""What every browser test needs: the course as a reader has it, Jupyter, and a real browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from course_utils.notebooks import checkout, read, store

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


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
    command = ["-c", "from course_utils.cli import main; main()", "lab"]
    with jupyter(
        [*command, "--port=0", "--LabApp.expose_app_in_browser=True"], reader, tmp_path
    ) as address:
        yield address


@pytest.fixture
def classic(reader: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the classic notebook, for the widgets of ipywidgets 7."""
    options = ["--no-browser", "--port=0", "--port-retries=0", "--ip=127.0.0.1"]
    root = [] if getattr(os, "geteuid", lambda: 1)() else ["--allow-root"]
    with jupyter(
        ["-m", "nbclassic", *options, *root], reader / "notebooks", tmp_path, reader
    ) as address:
        yield address


@contextmanager
def jupyter(
    command: list[str], folder: Path, settings: Path, package: Path | None = None
) -> Iterator[str]:
    """Start a Jupyter in ``folder``, and wait until it listens at the address that it says."""
    places = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    environment = {
        **{name: value for name, value in os.environ.items() if "DISPLAY" not in name},
        **{f"JUPYTER_{place}": str(settings / place) for place in places},
        "PYTHONPATH": str(package or folder),
    }
    with subprocess.Popen(
        [sys.executable, *command],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    ) as server:
        assert server.stdout is not None
        said, address = "", None
        try:
            for line in server.stdout:
                said += line
                if address := re.search(r"http://127\.0\.0\.1:(\d+)/[\w/]+\?token=\w+", line):
                    _wait_for(int(address[1]))
                    yield address[0]
                    break
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:  # seen once: it waited for a thread of its own
                server.kill()
    assert address, said


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None and "CI" not in os.environ:
        pytest.skip("There is no Chromium here, so nothing was run in a browser.")
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
