"""``course grade`` as an instructor types it, from a class's files to the tables to import."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from classroom import EXERCISE, handed_in, right_answers, write
from click.testing import CliRunner
from generate import expected_marks, generate

from course_utils.cli import main

COMMAND = [sys.executable, "-c", "from course_utils.cli import main; main()", "grade"]
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="notebooks run on Linux alone")
SECONDS = re.compile(r'"seconds": [\d.]+')


def course(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["grade", *map(str, arguments)])
    return result.exit_code, result.output


def contents(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): SECONDS.sub("", path.read_text("utf-8"))
        for path in out.rglob("*")
        if path.is_file() and not path.name.endswith(".part")
    }


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_where_nothing_can_be_graded_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "class").mkdir()
    monkeypatch.setattr(sys, "platform", "win32")
    code, said = course(tmp_path / "class", "--out", tmp_path / "out")
    assert (code, said) == (
        1,
        "Error: Notebooks are graded on Linux; elsewhere, use a container.\n",
    )
    assert not (tmp_path / "out").exists()


@on_linux
def test_a_class_is_graded_end_to_end_and_again_after_kills(tmp_path: Path) -> None:
    members = generate(tmp_path / "class", 30, seed=1)
    known = expected_marks(members, seed=1)
    code, said = course(tmp_path / "class", "--out", tmp_path / "whole", "--seed", 1, "--jobs", 2)
    assert code == 0, said
    counted = Counter(state for state, _earned in known.values())
    assert f"{counted['graded']} graded, {counted['unreadable']} unreadable, 0 to be" in said
    rows = {row["student"]: row for row in table(tmp_path / "whole/grades.csv")}
    found = {name: (row["state"], int(row["earned"] or 0)) for name, row in rows.items()}
    assert found == known
    assert len(table(tmp_path / "whole/tasks.csv")) == 4 * counted["graded"] + counted["unreadable"]
    results = tmp_path / "whole" / "results" / EXERCISE
    times = {path: path.stat().st_mtime_ns for path in results.iterdir()}
    assert course("--resume", "--out", tmp_path / "whole")[0] == 0
    graded = [path for path in results.iterdir() if '"graded"' in path.read_text("utf-8")]
    assert [path.name for path in graded if path.stat().st_mtime_ns != times[path]] == []

    out = tmp_path / "killed"
    for stop in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
        told = [str(tmp_path / "class"), "--seed", "1"] if not out.exists() else ["--resume"]
        with subprocess.Popen(
            [*COMMAND, *told, "--out", str(out)], stderr=subprocess.PIPE, encoding="utf-8"
        ) as process:
            before = len([*out.glob("results/*/*.json")])
            while process.poll() is None and len([*out.glob("results/*/*.json")]) < before + 3:
                time.sleep(0.05)
            process.send_signal(stop)
            _said, errors = process.communicate(timeout=120)
        if stop == signal.SIGINT:
            assert process.returncode == 130
            assert re.search(r"Stopped: \d+ of 30", errors)
            assert "Traceback" not in errors
    assert course("--resume", "--out", out)[0] == 0
    assert contents(out) == contents(tmp_path / "whole")


@on_linux
def test_only_one_student_and_one_exercise(tmp_path: Path) -> None:
    for name in ("kim", "lee"):
        write(tmp_path / "class", f"{name}/03_history.ipynb", handed_in(right_answers()))
    write(tmp_path / "class", "kim/01.ipynb", handed_in({}, "ko", "01_roles"))
    out = tmp_path / "out"
    assert course(tmp_path / "class", "--out", out, "--only", "lee", "--exercise", "03")[0] == 0
    assert [path.name for path in out.glob("results/*/*")] == ["lee.json"]
    code, said = course(tmp_path / "class", "--out", out, "--only", "choi")
    assert (code, "nothing to grade" in said) == (1, True)
    seed = json.loads((out / "grading.json").read_text("utf-8"))["seed"]
    assert course(tmp_path / "class", "--out", out)[0] == 0
    found = {path.relative_to(out / "results").as_posix() for path in out.glob("results/*/*")}
    assert found == {"03_history/lee.json", "03_history/kim.json", "01_roles/kim.json"}
    assert json.loads((out / "grading.json").read_text("utf-8"))["seed"] == seed


@on_linux
def test_a_notebook_that_a_person_wrote_freely_is_unharmed(tmp_path: Path) -> None:
    """Warnings, prints to standard error, chdir, await, magics and input() cost nothing."""
    notebook = handed_in(right_answers())
    free = [
        "import warnings\nwarnings.warn('careful')",
        "import sys\nprint('aside', file=sys.stderr)",
        "import os\nos.makedirs('notes', exist_ok=True)\nos.chdir('notes')\nopen('a.txt', 'w')",
        "import asyncio\nawait asyncio.sleep(0)",
        "%timeit -n1 -r1 1 + 1\n%matplotlib inline",
        "!pip install --upgrade openai",
        "name = input('Who? ')",
        "1 / 0",
        "raise KeyboardInterrupt",
        "exit()",
        "def (",
    ]
    for at, source in enumerate(free):
        cell = {"cell_type": "code", "id": f"own-{at}", "metadata": {}, "source": source}
        notebook["cells"].insert(3 + at, cell)
        notebook["cells"].append({**cell, "id": f"own-{at}-too"})
    write(tmp_path / "class", "kim/03_history.ipynb", notebook)
    assert course(tmp_path / "class", "--out", tmp_path / "out")[0] == 0
    (row,) = table(tmp_path / "out/grades.csv")
    assert (row["state"], row["earned"]) == ("graded", row["points"])
    page = (tmp_path / "out/students/kim/03_history/index.html").read_text("utf-8")
    assert "ZeroDivisionError" in page


def test_what_cannot_be_is_refused_in_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    write(folder, "kim/03_history.ipynb", handed_in(right_answers()))
    out = ["--out", tmp_path / "out"]
    for arguments, said in (
        ([tmp_path / "none", *out], "nothing at"),
        (out, "Say which SUBMISSIONS"),
        (["--resume", *out], "nothing to go on with"),
        ([folder, "--out", folder / "grades"], "must not be inside"),
        ([folder, "--out", tmp_path], "holds other files"),
        ([folder, *out, "--late", "much"], "not understood"),
        ([folder, *out, "--deadline", "soon"], "no date and time"),
        ([folder, *out, "--roster", tmp_path / "none.csv"], "cannot be read"),
        ([folder, *out, "--exercise", "33"], "no exercise 33"),
    ):
        code, told = course(*arguments)
        assert (code, said in told) == (1, True), told
        assert "Traceback" not in told
    assert [path.name for path in folder.rglob("*")] == ["kim", "03_history.ipynb"]


@on_linux
def test_a_terminal_sees_how_far_it_is_and_the_time_left(tmp_path: Path) -> None:
    import pty

    for number in range(6):
        notebook = handed_in(right_answers())
        write(tmp_path / "class", f"student{number}/03_history.ipynb", notebook)
    ours, theirs = pty.openpty()
    command = [*COMMAND, str(tmp_path / "class"), "--out", str(tmp_path / "out"), "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            if not piece:
                break
            seen += piece
    os.close(ours)
    assert process.returncode == 0
    assert re.search(rb"Grading.*[1-5]/6.*\d\d:\d\d:\d\d", seen)
