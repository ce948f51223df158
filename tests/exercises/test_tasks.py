"""Every check from both sides: what is right passes, and each mistake fails its own criterion."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from corpus import WrongAnswer, right_answers, solution, verdict, wrong_answers

from course_utils.exercises.task import Task, exercises, tasks
from course_utils.language import LANGUAGES, speaking
from course_utils.practice import PracticeServer

TASKS = [task for exercise in exercises() for task in tasks(exercise)]
every_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.number)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
@every_task
def test_the_solution_meets_every_criterion(
    practice: PracticeServer, task: Task, language: str
) -> None:
    source = solution(task.number, language)
    for seed in (1, 2, 3):
        found = verdict(practice, task.number, source, language, seed)
        assert (found.state, found.note) == ("checked", "")
        assert [(mark.name, mark.hint, mark.got) for mark in found.marks if not mark.earned] == []
        assert found.earned == task.points


@pytest.mark.parametrize(
    ("number", "source"),
    [pytest.param(task, source, id=f"{task} {other}") for task, other, source in right_answers()],
)
def test_another_right_answer_meets_every_criterion(
    practice: PracticeServer, number: str, source: str
) -> None:
    for language, seed in (("en", 1), ("ko", 2)):
        found = verdict(practice, number, source, language, seed)
        assert [(mark.name, mark.hint, mark.got) for mark in found.marks if not mark.earned] == []
        assert found.earned == found.points > 0


@every_language
@every_task
def test_an_untouched_task_is_worth_nothing_and_says_so(
    practice: PracticeServer, task: Task, language: str
) -> None:
    stub = solution(task.number, language, "exercises")
    found = verdict(practice, task.number, stub, language)
    assert (found.state, found.earned) == ("not started", 0)
    assert task.asks in found.note


@pytest.mark.parametrize("answer", wrong_answers(), ids=str)
def test_a_mistake_fails_its_own_criterion_with_a_hint_that_names_it(
    practice: PracticeServer, answer: WrongAnswer
) -> None:
    for language, seed in (("en", 1), ("ko", 2)):
        found = verdict(practice, answer.task, answer.source, language, seed)
        assert found.state == "checked", found.note
        assert found.unmet == (answer.criterion,), [mark.hint for mark in found.marks]
        (mark,) = [mark for mark in found.marks if mark.name == answer.criterion]
        assert mark.expected
        assert mark.got
        if language == "en":
            assert answer.hint.casefold() in mark.hint.casefold()
        else:
            assert re.search("[가-힣]", mark.hint)


def test_every_task_knows_at_least_four_mistakes_and_every_criterion_one() -> None:
    known = Counter(answer.task for answer in wrong_answers())
    assert [task.number for task in TASKS if known[task.number] < 4] == []
    failed = {(answer.task, answer.criterion) for answer in wrong_answers()}
    asked = {(task.number, one.name) for task in TASKS for one in task.criteria}
    assert asked - failed == set()


@every_task
def test_the_same_seed_gives_the_same_verdict(practice: PracticeServer, task: Task) -> None:
    (answer, *_others) = [each for each in wrong_answers() if each.task == task.number]
    first, second = (verdict(practice, task.number, answer.source, seed=5) for _time in range(2))
    assert first.as_data() == second.as_data()


@every_task
def test_what_a_task_says_is_translated(task: Task) -> None:
    from course_utils.language import gettext

    for text in (task.title, *(one.title for one in task.criteria)):
        with speaking("ko"):
            assert re.search("[가-힣]", gettext(text)), text
