"""Tries are counted on the student's machine, and nothing about them can stop a notebook."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest
from click.testing import CliRunner

from course_utils.cli import main
from course_utils.exercises import Checks, progress
from course_utils.exercises.task import find

RIGHT = """
def count(text, model):
    import tiktoken
    return len(tiktoken.encoding_for_model(model).encode_ordinary(text))
"""
WRONG = """
def count(text, model):
    import tiktoken
    return len(tiktoken.encoding_for_model(model).encode(text))
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(platformdirs, "user_data_path", lambda name: tmp_path / name)
    monkeypatch.setenv("COURSE_PERSON", "1")
    return tmp_path / "chat-completions-course"


def check(source: str) -> None:
    namespace = {"check": Checks(seed=1)}
    exec(source + "\ncheck('06.1')", namespace)


def test_tries_are_counted_and_the_best_marks_kept() -> None:
    for source in (WRONG, RIGHT, WRONG):
        check(source)
    assert progress.read() == {"06.1": progress.Done(tries=3, best=3)}


def test_what_is_not_started_is_no_try() -> None:
    check("")
    assert progress.read() == {}


def test_a_machine_that_runs_a_notebook_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_PERSON", "0")
    check(RIGHT)
    assert progress.read() == {}


@pytest.mark.parametrize("text", ["", "[]", '{"06.1": 3}', '{"06.1": {"tries": "x"}}'])
def test_a_file_that_is_something_else_counts_as_empty(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "progress.json").write_text(text, "utf-8")
    assert progress.read() == {}
    check(RIGHT)
    assert progress.read()["06.1"].best == 3


def test_a_folder_that_cannot_be_made_stops_nothing(folder: Path) -> None:
    folder.write_text("a file where the folder should be", "utf-8")
    check(RIGHT)
    assert progress.read() == {}


def test_the_command_says_what_is_done_and_what_comes_next() -> None:
    check(RIGHT)
    shown = CliRunner().invoke(main, ["progress"]).output
    assert "06.1  3/3  Counting for a model  1 tries" in shown
    assert f"Next: 01.1 · {find('01.1').title}" in shown


def test_a_wrong_number_is_told_and_nothing_is_raised(capsys: pytest.CaptureFixture[str]) -> None:
    exec("check('03.9')", {"check": Checks(seed=1)})
    assert "There is no task 03.9: they are 03.1" in capsys.readouterr().out
