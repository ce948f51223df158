"""Whatever is in a file: it is read and can be run, or it is said why not."""

from __future__ import annotations

import json
from typing import Any

import nbformat
from classroom import EXERCISE, as_bytes, handed_in, right_answers
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.grading.decode import read
from course_utils.grading.entries import UnreadableError
from course_utils.grading.repair import fit
from course_utils.grading.which import exercise_of

NOTEBOOK = handed_in(right_answers())
WHOLE = as_bytes(NOTEBOOK)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
sources = st.sampled_from(
    [
        'check("03.1")',
        "def say(): ...",
        "say = 1",
        "\ud800\x00",
        "class chat:\n  pass",
        "## 1. ",
        "",
    ]
)
metadata = st.fixed_dictionaries(
    {}, optional={"course": anything | st.just({"task": "03.1"}), "tags": anything, "id": anything}
)
cells = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw"]) | anything},
    optional={
        "id": st.sampled_from(["answer-1", "check-1", "setup", ""]) | anything,
        "source": sources | st.lists(sources, max_size=3) | anything,
        "metadata": metadata | anything,
        "outputs": anything,
    },
)


def can_be_run(content: bytes) -> None:
    try:
        found = read(content)
    except UnreadableError:
        return
    exercise_of(found.cells, "x.ipynb")
    notebook = fit(found, EXERCISE).notebook
    nbformat.validate(notebook)
    json.dumps(notebook).encode()
    tasks = [cell.metadata.get("course", {}).get("task") for cell in notebook.cells]
    assert [task for task in tasks if task] == ["03.1", "03.2", "03.3", "03.4"]


@settings(max_examples=150, deadline=None)
@given(st.lists(cells, max_size=8), st.integers(0, 12), anything)
def test_strange_cells_among_the_students_own(strange: list[Any], at: int, kernel: Any) -> None:
    own = NOTEBOOK["cells"]
    data = {**NOTEBOOK, "cells": [*own[:at], *strange, *own[at:]], "metadata": kernel}
    can_be_run(json.dumps(data).encode())


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["cells", "worksheets", "nbformat", "metadata"]), anything))
def test_a_strange_object(data: dict[str, Any]) -> None:
    can_be_run(json.dumps(data).encode())


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(WHOLE)), st.integers(0, 40))
def test_bytes_put_in_and_taken_out(piece: bytes, at: int, out: int) -> None:
    can_be_run(WHOLE[:at] + piece + WHOLE[at + out :])
