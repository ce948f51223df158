"""make sets up what is missing, leaves alone what is whole, and makes anew what was broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.notebooks import checkout

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout whose environment is whole: ``make lab`` ran there."""
    folder = tmp_path / "강의 폴더"
    (folder / ".venv/bin").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(checkout() / name, folder)
        os.utime(folder / name, (0, 0))
    (folder / ".venv/bin/python").symlink_to(sys.executable)
    mark(folder, ".lab")
    return folder


def mark(folder: Path, name: str) -> None:
    (folder / ".venv" / name).write_text(f"{folder}\n", "utf-8")


def make(folder: Path, target: str) -> str:
    """What make would do."""
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--dry-run", "--no-print-directory", target]
    done = subprocess.run(
        command, cwd=folder, env=alone, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


def test_a_second_run_sets_nothing_up(folder: Path) -> None:
    assert make(folder, "lab") == ".venv/bin/course lab\n"


def test_the_checks_need_more_than_the_lessons(folder: Path) -> None:
    assert "-e '.[dev]'" in make(folder, "types")
    mark(folder, ".dev")
    assert make(folder, "types") == ".venv/bin/mypy\n"
    (folder / ".venv/.lab").unlink()
    assert make(folder, "lab") == ".venv/bin/course lab\n"


def test_new_pins_are_installed(folder: Path) -> None:
    os.utime(folder / "constraints.txt")
    os.utime(folder / ".venv/.lab", (1, 1))
    assert "-c constraints.txt -e '.[lab]'" in make(folder, "lab")
    assert (folder / ".venv/.lab").exists()  # so that what is installed is kept


def test_an_environment_that_was_moved_is_made_anew(folder: Path) -> None:
    moved = folder.rename(folder.with_name("moved"))
    assert "venv --clear .venv" in make(moved, "lab")
    assert not (moved / ".venv/.lab").exists()


def test_an_environment_without_its_python_is_made_anew(folder: Path) -> None:
    (folder / ".venv/bin/python").unlink()
    (folder / ".venv/bin/python").symlink_to(folder / "gone")
    assert "venv --clear .venv" in make(folder, "lab")
    assert not (folder / ".venv/.lab").exists()
