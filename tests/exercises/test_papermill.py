"""Every exercise under papermill: solved at full marks, untouched at zero, with its parameters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from course_utils.cli import main
from course_utils.errors import ExerciseError
from course_utils.exercises.rehearse import parameters, rehearse
from course_utils.exercises.task import tasks
from course_utils.notebooks import Lesson, checkout, solutions

SOLVED = solutions(checkout())
every_exercise = pytest.mark.parametrize("solved", SOLVED, ids=lambda one: one.label)


def exercise_of(solved: Lesson) -> Path:
    return solved.path.parents[1] / "exercises" / solved.path.name


# One language each is enough: both have the same code (tests/notebooks/test_exercises.py), and
# nbval runs the solutions in both.
@every_exercise
def test_a_solution_runs_to_full_marks_and_an_untouched_exercise_to_none(solved: Lesson) -> None:
    points = sum(task.points for task in tasks(solved.name))
    path = solved.path if solved.language == "ko" else exercise_of(solved)
    done = rehearse(path, {})
    expected = points if solved.language == "ko" else 0
    assert (done.failure, done.earned, done.points) == (None, expected, points)


@every_exercise
def test_every_exercise_has_the_three_parameters_with_a_word_of_help(solved: Lesson) -> None:
    import papermill

    for path in (solved.path, exercise_of(solved)):
        assert parameters(path) == {"language": "str", "model": "str", "seed": "int"}
        assert all(each["help"] for each in papermill.inspect_notebook(str(path)).values())


def test_the_parameters_reach_the_checks() -> None:
    korean = SOLVED[0]
    found = rehearse(korean.path, {"language": "en", "seed": "7", "model": "gpt-4.1-mini"})
    assert found.failure is None
    assert found.earned == found.points
    assert re.search(r"\d of \d+ points", found.cards[0])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sede": "7"}, "has no parameter sede: it takes language, model, seed"),
        ({"seed": "seven"}, "The parameter seed is a whole number, not 'seven'"),
    ],
)
def test_a_wrong_parameter_is_refused_before_anything_runs(
    given: dict[str, str], words: str
) -> None:
    with pytest.raises(ExerciseError, match=words):
        rehearse(SOLVED[0].path, given)


def test_the_command_shows_the_cards_and_their_sum() -> None:
    (english, *_others) = [one for one in SOLVED if one.language == "en"]
    run = CliRunner().invoke(main, ["check", str(exercise_of(english)), "-p", "seed", "3"])
    assert run.exit_code == 0
    first = tasks(english.name)[0]
    assert f"{first.number} · {first.title}: 0 of {first.points} points" in run.output
    assert "Not started yet" in run.output
    assert re.search(r"Together: 0 of \d+ points", run.output)


def test_the_command_refuses_an_unknown_parameter() -> None:
    run = CliRunner().invoke(main, ["check", str(SOLVED[0].path), "-p", "temperature", "1"])
    assert run.exit_code == 1
    assert "has no parameter temperature" in run.output


def test_a_notebook_that_stops_is_told(tmp_path: Path) -> None:
    path = tmp_path / "stops.ipynb"
    text = exercise_of(SOLVED[0]).read_text("utf-8").replace('check(\\"', 'crash(\\"')
    path.write_text(text, "utf-8")
    run = CliRunner().invoke(main, ["check", str(path)])
    assert run.exit_code == 1
    assert "A cell stopped the notebook: NameError" in run.output
