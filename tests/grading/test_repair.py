"""What editors and people do to a notebook, and that its answers are found all the same."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from classroom import (
    EXERCISE,
    answer_cell,
    as_bytes,
    handed_in,
    in_process,
    released,
    right_answers,
    source_of,
    wrong,
)

from course_utils.exercises.task import tasks
from course_utils.grading.decode import read
from course_utils.grading.entries import UnreadableError
from course_utils.grading.repair import fit
from course_utils.grading.which import exercise_of
from course_utils.notebooks import checkout
from course_utils.practice import PracticeServer

Notebook = dict[str, Any]
FULL = [task.points for task in tasks(EXERCISE)]


def points(practice: PracticeServer, content: bytes) -> list[int]:
    """What a file's tasks are worth once it is repaired."""
    found = read(content)
    exercise, _sure = exercise_of(found.cells)
    assert exercise == EXERCISE
    notebook = fit(found, exercise).notebook
    nbformat.validate(notebook)
    ran = in_process(practice)(notebook, exercise, 1, "ko")
    return [verdict["earned"] for verdict in ran.verdicts]


def colab(notebook: Notebook) -> None:
    """Colab: the ids go into the metadata, and the format is 4.0."""
    notebook["nbformat_minor"] = 0
    notebook["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3"}}
    for cell in notebook["cells"]:
        cell["metadata"]["id"] = cell.pop("id")
        if cell["cell_type"] == "code":
            cell["metadata"]["colab"] = {"base_uri": "https://localhost:8080/"}


def vs_code(notebook: Notebook) -> None:
    """VS Code: new ids, its own metadata."""
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"{number:08x}"
        cell["metadata"]["vscode"] = {"languageId": "python"}


def no_metadata(notebook: Notebook) -> None:
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def nothing_but_text(notebook: Notebook) -> None:
    no_metadata(notebook)
    vs_code(notebook)
    notebook["nbformat_minor"] = 4
    for cell in notebook["cells"]:
        del cell["id"]


def the_same_ids(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["id"] = "answer-1"


def the_same_ids_and_no_metadata(notebook: Notebook) -> None:
    no_metadata(notebook)
    the_same_ids(notebook)


def shuffled(notebook: Notebook) -> None:
    random.Random(7).shuffle(notebook["cells"])


def foreign_kernel(notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "ir", "language": "R", "display_name": "R"}


def more_cells(notebook: Notebook) -> None:
    for number in range(12):
        cell = {"cell_type": "code", "id": f"own-{number}", "metadata": {}, "outputs": []}
        cell |= {"execution_count": None, "source": f"print({number})"}
        notebook["cells"].insert(2 * number, cell)


def copied_cells(notebook: Notebook) -> None:
    """Every answer cell once more, with its id and metadata, as an older editor pastes it."""
    for cell in [each for each in notebook["cells"] if each["id"].startswith("answer")]:
        at = notebook["cells"].index(cell)
        notebook["cells"].insert(at, copy.deepcopy(cell))


def untouched_copies_behind(notebook: Notebook) -> None:
    """A copy of the empty cell, kept for a second attempt that never came."""
    for task in ("03.1", "03.3", "03.4"):
        notebook["cells"].append(copy.deepcopy(answer_cell(released(), task)))


def answered_in_new_cells(notebook: Notebook) -> None:
    """The answer stands in a cell of its own, above the empty one."""
    for task in ("03.1", "03.3", "03.4"):
        cell = answer_cell(notebook, task)
        new = {**copy.deepcopy(cell), "id": f"new-{task[-1]}", "metadata": {}}
        notebook["cells"].insert(notebook["cells"].index(cell), new)
        cell["source"] = answer_cell(released(), task)["source"]


def all_in_one_cell(notebook: Notebook) -> None:
    first = answer_cell(notebook, "03.1")
    first["source"] = "\n\n".join(right_answers().values())
    for task in ("03.2", "03.3", "03.4"):
        answer_cell(notebook, task)["source"] = answer_cell(released(), task)["source"]


def answer_and_check_in_one_cell(notebook: Notebook) -> None:
    for task in right_answers():
        cell = answer_cell(notebook, task)
        cell["source"] = [*cell["source"], f'\n\ncheck("{task}")\n']
    notebook["cells"] = [c for c in notebook["cells"] if not c["id"].startswith("check")]


def only_answers(notebook: Notebook) -> None:
    notebook["cells"] = [c for c in notebook["cells"] if c["id"].startswith("answer")]
    no_metadata(notebook)


def nbformat_3(notebook: Notebook) -> None:
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            old = {"cell_type": "code", "input": cell["source"], "language": "python"}
            cells.append({**old, "metadata": {}, "outputs": [], "collapsed": False})
        else:
            cells.append({"cell_type": "markdown", "metadata": {}, "source": cell["source"]})
    metadata = {"name": "history"}
    notebook.clear()
    notebook.update(nbformat=3, nbformat_minor=0, metadata=metadata, worksheets=[{"cells": cells}])


def a_later_format(notebook: Notebook) -> None:
    notebook["nbformat"] = 5


def no_format(notebook: Notebook) -> None:
    del notebook["nbformat"], notebook["nbformat_minor"]


def damaged_cells(notebook: Notebook) -> None:
    notebook["cells"][3:3] = [None, 7, {"cell_type": "?"}, {"cell_type": "code", "source": {}}]
    notebook["cells"].append({"cell_type": "code", "source": "1 +", "outputs": "none", "id": []})


def text_sources(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["source"] = source_of(cell).replace("\n", "\r\n")


CHANGES = [
    colab,
    vs_code,
    no_metadata,
    nothing_but_text,
    the_same_ids,
    the_same_ids_and_no_metadata,
    shuffled,
    foreign_kernel,
    more_cells,
    copied_cells,
    untouched_copies_behind,
    answered_in_new_cells,
    all_in_one_cell,
    answer_and_check_in_one_cell,
    only_answers,
    nbformat_3,
    a_later_format,
    no_format,
    damaged_cells,
    text_sources,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_changed_notebook_keeps_its_marks(
    practice: PracticeServer, change: Callable[[Notebook], None]
) -> None:
    notebook = handed_in(right_answers())
    change(notebook)
    assert points(practice, as_bytes(notebook)) == FULL


@pytest.mark.parametrize("change", CHANGES[:8], ids=lambda change: change.__name__)
def test_a_changed_notebook_gets_no_mark_that_it_did_not_earn(
    practice: PracticeServer, change: Callable[[Notebook], None]
) -> None:
    plain = handed_in({"03.1": wrong("03.1"), "03.4": right_answers()["03.4"]})
    notebook = copy.deepcopy(plain)
    change(notebook)
    earned = points(practice, as_bytes(plain))
    assert 0 < earned[0] < FULL[0]
    assert earned[1:] == [0, 0, FULL[3]]
    assert points(practice, as_bytes(notebook)) == earned


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_any_unicode_encoding_is_read(
    practice: PracticeServer, encoding: str, language: str
) -> None:
    text = json.dumps(handed_in(right_answers(language), language), ensure_ascii=False)
    found = read(text.encode(encoding))
    assert fit(found, EXERCISE).language == language
    assert any("read as" in note for note in found.notes)
    assert points(practice, text.encode(encoding)) == FULL


def test_old_korean_and_western_encodings_are_read(practice: PracticeServer) -> None:
    text = json.dumps(handed_in(right_answers()), ensure_ascii=False)
    korean = text.translate({ord(c): "-" for c in text if ord(c) > 127 and not c.isalpha()})
    content = korean.encode("cp949", "replace")
    assert "cp949" in " ".join(read(content).notes)
    assert points(practice, content) == FULL
    western = handed_in({"03.1": right_answers("en")["03.1"] + "\n# caf\xe9 cr\xe8me"}, "en")
    content = json.dumps(western, ensure_ascii=False).encode("latin-1", "replace")
    assert points(practice, content)[0] == FULL[0]


def test_a_broken_byte_does_not_cost_the_others(practice: PracticeServer) -> None:
    content = as_bytes(handed_in(right_answers())).replace("연습".encode(), b"\xec\x97\xff", 1)
    assert "broken characters" in " ".join(read(content).notes)
    assert points(practice, content) == FULL


UNREADABLE = {
    "empty": b"",
    "blank": b" \n\t",
    "zeros": b"\x00" * 500,
    "cut off": as_bytes(handed_in(right_answers()))[:-2000],
    "a page": b"<!doctype html><title>Sign in</title>",
    "text": "과제를 다 했어요".encode(),
    "a list": b"[1, 2, 3]",
    "another object": b'{"a": 1}',
    "no cell": b'{"cells": [], "nbformat": 4}',
    "cells that are none": b'{"cells": 7, "nbformat": 4}',
    "an old one without cells": b'{"worksheets": [], "nbformat": 3}',
    "an old one that is damaged": b'{"worksheets": [{"cells": [7]}], "nbformat": 3}',
    "nested": b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nested values": b'{"cells": [{"a":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}]}",
    "many parts": b'{"cells": [' + b"[]," * 1_100_000 + b"[]]}",
    "many cells": b'{"cells": [' + b'{"cell_type": "raw", "source": ""},' * 3_000 + b"{}]}",
    "a long cell": b'{"cells": [{"cell_type": "raw", "source": "' + b"x" * 1_500_000 + b'"}]}',
    "a long number": b'{"cells": [], "nbformat": ' + b"9" * 100_000 + b"}",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_named_as_such(content: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"^(it|a cell) (is|has)"):
        read(content)


def test_what_a_student_adds_runs_where_it_stood() -> None:
    notebook = handed_in(right_answers())
    setup = next(cell for cell in notebook["cells"] if cell["id"] == "setup")
    setup["source"].append("\nimport textwrap")
    helper = {"cell_type": "code", "id": "h", "metadata": {}, "source": "def helper(): ..."}
    notebook["cells"].insert(notebook["cells"].index(answer_cell(notebook, "03.2")), helper)
    cells = fit(read(as_bytes(notebook)), EXERCISE).notebook.cells
    order = [(cell.id, cell.source) for cell in cells if cell.cell_type == "code"]
    ids = [each for each, _source in order]
    assert ids.index("setup") + 1 == ids.index("extra-1") < ids.index("answer-1")
    assert ids.index("answer-1") < ids.index("extra-2") < ids.index("answer-2")
    assert dict(order)["extra-1"] == "import textwrap"
    assert dict(order)["extra-2"] == "def helper(): ..."


def test_changed_checks_and_parameters_are_those_of_the_release() -> None:
    notebook = handed_in(right_answers())
    for cell in notebook["cells"]:
        if cell["id"].startswith("check"):
            cell["source"] = ["def check(number):\n", "    return 19\n", 'check("03.1")\n']
        if cell["id"] == "parameters":
            cell["source"] = ["seed = 5\n", "language = 'en'\n"]
    made = {cell.id: cell.source for cell in fit(read(as_bytes(notebook)), EXERCISE).notebook.cells}
    for cell in released()["cells"]:
        if cell["id"].startswith(("check", "parameters", "setup")):
            assert made[cell["id"]] == source_of(cell)


def test_a_missing_answer_and_the_last_of_several_are_noted(practice: PracticeServer) -> None:
    notebook = handed_in(right_answers())
    cell = answer_cell(notebook, "03.1")
    notebook["cells"].remove(answer_cell(notebook, "03.4"))
    older = {**copy.deepcopy(cell), "source": wrong("03.1").splitlines(keepends=True)}
    notebook["cells"].insert(notebook["cells"].index(cell), older)
    fitted = fit(read(as_bytes(notebook)), EXERCISE)
    told = " ".join(fitted.notes)
    assert "03.4" in told
    assert "missing" in told
    assert "03.1" in told
    assert "2 times" in told
    assert points(practice, as_bytes(notebook)) == [*FULL[:3], 0]


def test_a_lesson_is_not_taken_for_its_exercise() -> None:
    from course_utils.notebooks import checkout

    lesson = checkout() / "notebooks" / "ko" / f"{EXERCISE}.ipynb"
    assert exercise_of(read(lesson.read_bytes()).cells) == (EXERCISE, False)
    assert exercise_of(read(as_bytes(released())).cells) == (EXERCISE, True)


def test_a_notebook_made_to_keep_the_matcher_busy_is_done_soon() -> None:
    """2,000 cells that nearly match: were they compared letter by letter, this would take hours."""
    setup = source_of(next(cell for cell in released()["cells"] if cell["id"] == "setup"))
    cells = [
        {"cell_type": "code", "source": f"{setup * 3}\n# {number}", "metadata": {}}
        for number in range(1_900)
    ]
    fitted = fit(read(as_bytes({"cells": cells, "nbformat": 4})), EXERCISE)
    assert sum("missing" in note for note in fitted.notes) == 4


RELEASED = sorted(path.stem for path in (checkout() / "notebooks/ko/exercises").glob("*.ipynb"))


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("exercise", RELEASED)
def test_the_answers_of_every_exercise_are_found_by_what_they_say(
    exercise: str, language: str
) -> None:
    answers = right_answers(language, exercise)
    notebook = handed_in(answers, language, exercise)
    nothing_but_text(notebook)
    shuffled(notebook)
    found = read(as_bytes(notebook))
    assert exercise_of(found.cells) == (exercise, True)
    fitted = fit(found, exercise)
    assert fitted.language == language
    made = {
        cell.metadata["course"]["task"]: cell.source.strip()
        for cell in fitted.notebook.cells
        if "task" in cell.metadata.get("course", {})
    }
    assert made == {task: source.strip() for task, source in answers.items()}
    untouched = fit(read(as_bytes(released(language, exercise))), exercise)
    assert untouched.notes == ()
    assert [cell.source for cell in untouched.notebook.cells] == [
        source_of(cell) for cell in released(language, exercise)["cells"]
    ]
