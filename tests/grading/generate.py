"""A class whose marks are known: right, wrong, hostile and malformed submissions."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classroom import EXERCISE, as_bytes, handed_in, released, right_answers, write
from corpus import verdict, wrong_answers
from test_repair import CHANGES

from course_utils.exercises.task import tasks
from course_utils.grading.decode import read
from course_utils.practice import PracticeServer

TARGET = "03.4"
# What stands for an answer to it, and whether it comes to an end: then a check in this process
# knows its points, and otherwise it has none. It must not cost another task a point.
HOSTILE = {
    "equal to everything": (
        """
class Anything(str):
    def __eq__(self, other): return True
    def __hash__(self): return 0
def trim(*args): return Anything()
""",
        True,
    ),
    "a loop without an end": ("def trim(*args):\n    while True:\n        pass", False),
    "a kernel that dies": ("def trim(*args):\n    import os\n    os._exit(1)", False),
    "a crash": ("def trim(*args):\n    import ctypes\n    ctypes.string_at(0)", False),
    "exit": ("def trim(*args):\n    raise SystemExit(0)", True),
    "a flood of output": ("def trim(*args):\n    while True: print('x' * 999)", False),
    "memory": ("def trim(*args):\n    return 'x' * 10**12", True),
    "surrogates": ("def trim(*args): return '\\ud800' * 50", True),
    "script": ("def trim(*args): return '<script>alert(1)</script>\\x1b[2J'", True),
    "the environment": ("import os\ndef trim(*args): return sorted(os.environ)[:0]", True),
    "swallows everything": (
        "def trim(*args):\n    while True:\n        try:\n            while True: pass\n"
        "        except BaseException: pass",
        False,
    ),
}


@dataclass(frozen=True)
class Member:
    """A student of the class.

    ``answers`` holds a source for each task that was tried, ``state`` what the result must be;
    ``endless`` says that the answer to :data:`TARGET` comes to no end.
    """

    name: str
    language: str
    answers: dict[str, str]
    state: str = "graded"
    endless: bool = False


def generate(folder: Path, students: int, seed: int) -> list[Member]:
    """Write a class into a folder, and return who is in it: in ten, one hostile, one malformed,
    one changed by an editor, the others right in many of their tasks and wrong in some."""
    chance = random.Random(seed)
    members = []
    for number in range(students):
        name, language = f"student{number:03}", chance.choice(["ko", "en"])
        member = Member(name, language, _answers(chance, language))
        kind = number % 10
        if kind == 7:
            source, ends = list(HOSTILE.values())[number // 10 % len(HOSTILE)]
            member = replace(member, answers={**member.answers, TARGET: source}, endless=not ends)
        notebook = handed_in(member.answers, language)
        if kind == 8:
            chance.choice(CHANGES[:8])(notebook)
        content = as_bytes(notebook)
        if kind == 9:
            member = replace(member, answers={}, state="unreadable")
            content = chance.choice([content[:-900], b"", b"\x00" * 99, b"[]", b"<html>"])
        write(folder, f"{name}/{EXERCISE}.ipynb", content)
        members.append(member)
    return members


def _answers(chance: random.Random, language: str) -> dict[str, str]:
    """Right, wrong and untouched answers."""
    answers = right_answers(language)
    for task in list(answers):
        luck = chance.random()
        if luck < 0.3:
            answers[task] = chance.choice([e.source for e in wrong_answers() if e.task == task])
        elif luck < 0.4:
            del answers[task]
    return answers


def expected_marks(members: Sequence[Member], seed: int) -> dict[str, tuple[str, int]]:
    """What each must get: state and points, from checks in this process."""
    with PracticeServer() as server:
        return {each.name: (each.state, _earned(server, each, seed)) for each in members}


def _earned(server: PracticeServer, member: Member, seed: int) -> int:
    left = [task for task in tasks(EXERCISE) if not (member.endless and task.number == TARGET)]
    stubs = {cell.task: cell.source for cell in read(as_bytes(released(member.language))).cells}
    sources = {**stubs, **member.answers}
    if member.endless:
        sources.pop(TARGET)
    # Cells after one another, as in the notebook: an answer may use the one before it.
    code = [sources[task.number] for task in left if task.number in sources]
    prelude = "from course_utils import count_message_tokens, count_tokens"
    whole = "\n\n".join([prelude, *code])
    found = (verdict(server, task.number, whole, member.language, seed) for task in left)
    return sum(each.earned for each in found) if member.state == "graded" else 0
