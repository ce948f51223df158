"""The exercises: one shape, the same in both languages, and made from the solutions."""

from __future__ import annotations

import re

import nbformat
import pytest
from skeleton import skeleton
from test_leaks import leaks

from course_utils.exercises import release
from course_utils.exercises.task import exercises, tasks
from course_utils.language import gettext, speaking
from course_utils.notebooks import Lesson, checkout, read, solutions

SOLVED = solutions(checkout())
KOREAN = [one for one in SOLVED if one.language == "ko"]
every_solution = pytest.mark.parametrize("solved", SOLVED, ids=lambda one: one.label)
every_pair = pytest.mark.parametrize("korean", KOREAN, ids=lambda one: one.name)


def pairs(korean: Lesson) -> list[tuple[nbformat.NotebookNode, nbformat.NotebookNode]]:
    english = korean.path.parents[2] / "en" / "solutions" / korean.path.name
    return list(zip(read(korean.path).cells, read(english).cells, strict=True))


def test_what_is_committed_is_what_the_solutions_make() -> None:
    assert release.release(checkout(), write=False) == []


def test_every_exercise_has_its_tasks_and_stands_in_both_languages() -> None:
    assert [one.name for one in KOREAN] == exercises() != []
    assert [one.name for one in SOLVED if one.language == "en"] == exercises()


@every_solution
def test_the_cells_of_an_exercise(solved: Lesson) -> None:
    notebook = read(solved.path)
    nbformat.validate(notebook)
    of_tasks = [
        cell_id
        for task in tasks(solved.name)
        for n in [task.number.partition(".")[2]]
        for cell_id in (f"task-{n}", f"answer-{n}", f"check-{n}", f"why-{n}")
    ]
    ids = [cell.id for cell in notebook.cells if not cell.id.startswith("more-")]
    optional = {cell_id for cell_id in of_tasks if cell_id.startswith("why-")} - set(ids)
    expected = [cell_id for cell_id in of_tasks if cell_id not in optional]
    assert ids == ["title", "parameters", "setup", *expected, "next"]


@every_solution
def test_a_task_s_cells_say_its_number_title_and_points(solved: Lesson) -> None:
    cells = {cell.id: cell for cell in read(solved.path).cells}
    with speaking(solved.language):
        for task in tasks(solved.name):
            n = task.number.partition(".")[2]
            points = f"{task.points}점" if solved.language == "ko" else f"{task.points} points"
            heading = cells[f"task-{n}"].source.partition("\n")[0]
            assert heading == f"## {n}. {gettext(task.title)} ({points})"
            assert f"`{task.asks}" in cells[f"task-{n}"].source
            assert cells[f"check-{n}"].source == f'check("{task.number}")'
            assert cells[f"answer-{n}"].metadata.course == {"task": task.number}
    total = sum(task.points for task in tasks(solved.name))
    assert re.search(rf"\b{total}\s?(점|points)", cells["title"].source)


@every_solution
def test_no_line_of_an_answer_is_in_the_student_s_notebook(solved: Lesson) -> None:
    made = (solved.path.parents[1] / "exercises" / solved.path.name).read_text("utf-8")
    for cell in read(solved.path).cells:
        for answer in re.findall(
            r"### BEGIN SOLUTION[^\n]*\n(.*?)### END SOLUTION", cell.source, re.DOTALL
        ):
            lines = [line.strip() for line in answer.splitlines()]
            telling = [line for line in lines if len(line) > 24 and not line.startswith("def ")]
            assert [line for line in telling if line.replace('"', '\\"') in made] == []
    assert "SOLUTION" not in made
    assert leaks(made) == leaks(solved.path.read_text("utf-8")) == []


@every_solution
def test_the_stored_outputs_of_a_solution_are_full_marks(solved: Lesson) -> None:
    cells = {cell.id: cell for cell in read(solved.path).cells}
    for task in tasks(solved.name):
        (shown,) = cells[f"check-{task.number.partition('.')[2]}"].outputs
        (data,) = [each for kind, each in shown.data.items() if kind.endswith("verdict+json")]
        assert (data["earned"], data["points"]) == (task.points, task.points)


@every_pair
def test_both_languages_have_the_same_cells_and_code(korean: Lesson) -> None:
    for ko, en in pairs(korean):
        assert (ko.id, ko.cell_type, ko.metadata) == (en.id, en.cell_type, en.metadata)
        if ko.cell_type == "code":
            assert skeleton(ko.source) == skeleton(en.source), ko.id


@every_pair
def test_korean_is_korean_and_english_is_not(korean: Lesson) -> None:
    for ko, en in pairs(korean):
        if ko.cell_type == "markdown":
            assert re.search("[가-힣]", ko.source), ko.id
            text = re.sub(r"<!-- links -->.*?<!-- /links -->", "", en.source, flags=re.DOTALL)
            assert len(re.findall("[가-힣]", text)) < len(text) / 4, en.id


@every_solution
def test_links_of_an_exercise_lead_to_files(solved: Lesson) -> None:
    text = "\n".join(cell.source for cell in read(solved.path).cells if "Colab" in cell.source)
    targets = [one for one in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in one]
    assert targets != []
    assert [one for one in targets if not (solved.path.parent / one).is_file()] == []
