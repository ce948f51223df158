"""Notebooks of honest students, run in the sandbox and checked from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from classroom import EXERCISE, as_bytes, handed_in, right_answers, wrong

from course_utils.exercises.task import tasks
from course_utils.grading.limits import Limits
from course_utils.grading.run import Grader, Run

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="runs on Linux only")

FULL = {task.number: task.points for task in tasks(EXERCISE)}
STUB = "raise NotImplementedError"


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(Limits(cell=3, call=2, task=5, submission=30)) as made:
        yield made


def notebook(
    answers: dict[str, str] | None = None, *, first: str = "", language: str = "en"
) -> nbformat.NotebookNode:
    """The right answers but for these; ``first`` is a cell before the first answer."""
    given = {**right_answers(language), **(answers or {})}
    made = nbformat.reads(as_bytes(handed_in(given, language)).decode(), as_version=4)
    if first:
        at = next(place for place, cell in enumerate(made.cells) if cell.id == "answer-1")
        made.cells.insert(at, nbformat.v4.new_code_cell(first, id="extra"))
    return made


def earned(run: Run) -> dict[str, int]:
    return {verdict["number"]: verdict["earned"] for verdict in run.verdicts}


def outputs(run: Run, name: str = "extra") -> list[dict[str, Any]]:
    return list(next(cell for cell in run.notebook.cells if cell.id == name).outputs)


def text(run: Run, name: str = "extra") -> str:
    return "".join(out.get("text", "") for out in outputs(run, name))


def test_right_answers_earn_all_and_the_notebook_shows_it(grader: Grader) -> None:
    for language in ("ko", "en"):
        run = grader(notebook(language=language), EXERCISE, 1, language)
        assert earned(run) == FULL
        assert run.notes == []
        nbformat.validate(run.notebook)
        assert run.verdicts[0]["title"] in outputs(run, "check-1")[0]["data"]["text/plain"]
        assert run.notebook.metadata.papermill.parameters == {"language": language}
        counts = [cell.execution_count for cell in run.notebook.cells if cell.id == "answer-4"]
        assert counts[0] > 1


def test_the_same_seed_gives_the_same_marks(grader: Grader) -> None:
    handed = notebook({"03.2": wrong("03.2")})
    first, second = (grader(handed, EXERCISE, 5, "en").verdicts for _time in range(2))
    assert first == second
    assert [each["expected"] for each in first[1]["marks"] if each["expected"]]


@pytest.mark.parametrize(
    ("first", "printed"),
    [
        ("import warnings\nwarnings.warn('mind')\nprint('on')", "mind"),
        ("import sys\nprint('to stderr', file=sys.stderr)\nsys.stderr.write('and so')", "and so"),
        ("import os\nos.makedirs('deep')\nos.chdir('deep')\nprint(os.listdir())", "[]"),
        ("import asyncio\nawait asyncio.sleep(0.01)\nprint('awaited')", "awaited"),
        (
            "import asyncio\nasync def later():\n    return 'made'\n"
            "task = asyncio.create_task(later())\nprint(await task)",
            "made",
        ),
        ("%time x = 1\n%env COURSE=1\nwhere = %pwd\nprint(where)", "COURSE=1"),
        ("%%writefile mine.py\nfound = 'own module'", "Writing"),
        ("print(get_ipython().getoutput('ls -a'))\n!echo from the shell", "from the shell"),
        ("%%timeit -n1 -r1\nsum(range(10))", "per loop"),
        ("x = 1; x +\n", ""),
        ("raise ValueError('on purpose')", ""),
        ("name = input('name? ')", ""),
        ("import getpass\ngetpass.getpass()", ""),
        ("import threading\nit = threading.Thread(target=print, args=('t',))\nit.start()", ""),
        ("import subprocess\nprint(subprocess.check_output(['echo', 'sub'], text=True))", "sub"),
        ("open('notes', 'w', encoding='utf-8').write('한글')\nprint(open('notes').read())", "한글"),
        ("import logging\nlogging.warning('logged')", "logged"),
        ("exit()", ""),
        (
            "import tempfile\nwith tempfile.TemporaryDirectory() as it:\n    print('folder')",
            "folder",
        ),
        (
            "from multiprocessing.pool import ThreadPool\nprint(ThreadPool(2).map(str, [1]))",
            "['1']",
        ),
        (
            "asked = [{'role': 'user', 'content': 'hi'}]\n"
            "print(client.chat.completions.create(model=MODEL, messages=asked).object)",
            "chat.completion",
        ),
        ("import random, json, datetime, csv, sqlite3\nprint(sqlite3.threadsafety)", ""),
        (
            "import httpx, pydantic, tiktoken\n"
            "print(len(tiktoken.get_encoding('o200k_base').encode('hello world')))",
            "2",
        ),
        ("import openai\nopenai.AsyncOpenAI()", ""),
    ],
)
def test_what_honest_students_do_costs_nothing(grader: Grader, first: str, printed: str) -> None:
    run = grader(notebook(first=first), EXERCISE, 2, "en")
    assert earned(run) == FULL
    assert printed in text(run)
    assert run.notes == []


def test_displays_are_kept_as_jupyter_keeps_them(grader: Grader) -> None:
    code = (
        "from IPython.display import HTML, clear_output, display\n"
        "print('gone'); clear_output()\n"
        "shown = display(HTML('<b>1</b>'), display_id=True)\n"
        "shown.update(HTML('<b>2</b>'))\n"
        "print('a'); print('b')\n"
        "{'x': 1}"
    )
    kinds = outputs(grader(notebook(first=code), EXERCISE, 2, "en"))
    assert [out["output_type"] for out in kinds] == ["display_data", "stream", "execute_result"]
    assert kinds[0]["data"]["text/html"] == "<b>2</b>"
    assert kinds[1]["text"] == "a\nb\n"
    assert kinds[2]["data"]["text/plain"] == "{'x': 1}"


def test_a_cell_that_hangs_costs_its_task_alone(grader: Grader) -> None:
    hanging = right_answers("en")["03.4"] + "\nwhile True:\n    pass"
    run = grader(notebook({"03.4": hanging}), EXERCISE, 3, "en")
    assert earned(run) == {**FULL, "03.4": 0}
    assert len(run.notes) == 1
    assert "answer-4" in run.notes[0]
    assert outputs(run, "answer-4")[-1]["ename"] == "TimeoutError"


def test_a_call_that_ends_the_kernel_costs_its_task_alone(grader: Grader) -> None:
    ending = "def chat(client, model, text, history=None):\n    import os\n    os._exit(0)"
    run = grader(notebook({"03.2": ending}), EXERCISE, 3, "en")
    assert earned(run) == {**FULL, "03.2": 0}
    assert len(run.notes) == 1
    assert "03.2" in run.notes[0]


def test_untouched_tasks_are_not_started(grader: Grader) -> None:
    made = nbformat.reads(as_bytes(handed_in({}, "en")).decode(), as_version=4)
    run = grader(made, EXERCISE, 3, "en")
    assert {verdict["state"] for verdict in run.verdicts} == {"not started"}


def test_much_output_is_cut_off_and_nothing_more(grader: Grader) -> None:
    run = grader(notebook(first="for i in range(60_000):\n    print('line', i)"), EXERCISE, 3, "en")
    assert earned(run) == FULL
    assert run.notes == []
    assert 100_000 < len(text(run)) < 300_000
    assert text(run).endswith("…\n")


_WITHOUT_NAMESPACES = """
import json, sys
import nbformat
from course_utils.errors import GradingError
from course_utils.grading import linux, seccomp
from course_utils.grading.run import Grader
linux.no_new_privileges()
seccomp.restrict()  # what a container without rights refuses, too
notebook = nbformat.read(sys.stdin, as_version=4)
with Grader() as grader:
    run = grader(notebook, sys.argv[1], 1, "en")
    print(json.dumps([grader.layers, run.verdicts, run.notebook]))
    try:
        grader.require_sandbox()
    except GradingError as error:
        print(error)
"""

_DAEMON = """
import os, subprocess
open("here", "w").write("x")
daemon = subprocess.Popen(["setsid", "sleep", "1000"])
print(os.getcwd(), daemon.pid)
"""


def test_a_machine_that_lacks_layers_names_them_grades_all_the_same_and_can_be_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_NAMESPACES, EXERCISE],
        input=nbformat.writes(notebook(first=_DAEMON)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    found, refused = done.stdout.strip().splitlines()
    layers, verdicts, executed = json.loads(found)
    lacks = {name for name, why in layers.items() if why}
    assert lacks >= {"processes", "network", "messages", "disk", "files"}
    assert "limits" not in lacks
    assert all(name in refused for name in lacks)
    assert sum(verdict["earned"] for verdict in verdicts) == sum(FULL.values())
    (extra,) = [cell for cell in executed["cells"] if cell["id"] == "extra"]
    folder, _space, daemon = extra["outputs"][0]["text"].strip().rpartition(" ")
    assert not Path(folder).exists()
    assert not psutil.pid_exists(int(daemon))
