"""Notebooks as students hand them in, a class of them, and a runner for tests that need none."""

from __future__ import annotations

import contextlib
import io
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from corpus import solution, wrong_answers

from course_utils.exercises.notebook import Here
from course_utils.exercises.task import run as check
from course_utils.exercises.task import tasks
from course_utils.notebooks import checkout, read
from course_utils.practice import PracticeServer

Notebook = dict[str, Any]
EXERCISE = "03_history"


def released(language: str = "ko", exercise: str = EXERCISE) -> Notebook:
    """The notebook that a student gets, as JSON data."""
    path = checkout() / "notebooks" / language / "exercises" / f"{exercise}.ipynb"
    data: Notebook = json.loads(path.read_text("utf-8"))
    return data


def source_of(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def answer_cell(notebook: Notebook, task: str) -> dict[str, Any]:
    return next(
        cell for cell in notebook["cells"] if cell["metadata"].get("course", {}).get("task") == task
    )


def right_answers(language: str = "ko", exercise: str = EXERCISE) -> dict[str, str]:
    """The solution's answer cells, by task."""
    path = checkout() / "notebooks" / language / "solutions" / f"{exercise}.ipynb"
    return {
        cell.metadata["course"]["task"]: re.sub(r"(?m)^ *### (BEGIN|END) SOL.*\n?", "", cell.source)
        for cell in read(path).cells
        if "task" in cell.metadata.get("course", {})
    }


def handed_in(
    answers: Mapping[str, str], language: str = "ko", exercise: str = EXERCISE
) -> Notebook:
    """The notebook with these answers in it, by task."""
    notebook = released(language, exercise)
    for task, source in answers.items():
        answer_cell(notebook, task)["source"] = source.splitlines(keepends=True)
    return notebook


def as_bytes(notebook: Notebook) -> bytes:
    return json.dumps(notebook, ensure_ascii=False).encode()


def wrong(task: str, at: int = 0) -> str:
    """A wrong answer to a task."""
    return [each.source for each in wrong_answers() if each.task == task][at]


@dataclass
class Ran:
    notebook: nbformat.NotebookNode
    verdicts: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)


Runner = Callable[[nbformat.NotebookNode, str, int, str], Ran]


def in_process(server: PracticeServer) -> Runner:
    """Run the code of a notebook in this very process: only for what the tests themselves wrote."""
    one_at_a_time = threading.Lock()  # they share this process's standard output

    def run(notebook: nbformat.NotebookNode, exercise: str, seed: int, language: str) -> Ran:
        with one_at_a_time:
            return ran(notebook, exercise, seed, language)

    def ran(notebook: nbformat.NotebookNode, exercise: str, seed: int, language: str) -> Ran:
        namespace: dict[str, Any] = {"__name__": "__main__"}
        exec("from course_utils import count_message_tokens, count_tokens", namespace)
        for cell in notebook.cells:
            if cell.cell_type == "code" and cell.id.startswith(("answer", "extra")):
                said = io.StringIO()
                with contextlib.suppress(Exception), contextlib.redirect_stdout(said):
                    exec(compile(cell.source, cell.id, "exec"), namespace)
                if said.getvalue():
                    made = nbformat.v4.new_output("stream", text=said.getvalue())
                    cell.outputs = [made]
        verdicts = [
            check(task, Here(namespace, server.url), server, seed=seed, language=language).as_data()
            for task in tasks(exercise)
        ]
        return Ran(notebook, verdicts)

    return run


def write(folder: Path, name: str, content: bytes | Notebook) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else as_bytes(content))
    return path


__all__ = [
    "EXERCISE",
    "answer_cell",
    "as_bytes",
    "handed_in",
    "in_process",
    "released",
    "right_answers",
    "solution",
    "source_of",
    "write",
    "wrong",
]
