"""The wrong answers in ``wrong/``; right ones in ``right/`` and ``notebooks/*/solutions``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from course_utils.exercises.marks import Verdict
from course_utils.exercises.notebook import Here
from course_utils.exercises.task import find, run
from course_utils.notebooks import checkout, read
from course_utils.practice import PracticeServer
from course_utils.tokens import use_packaged_ranks

WRONG = Path(__file__).parent / "wrong"
RIGHT = Path(__file__).parent / "right"
_OTHER = re.compile(r"^# %% (\S+) (.+)\n", re.MULTILINE)
_BLOCK = re.compile(r"^# %% (\S+) (.+?) \| (\S+) \| (.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class WrongAnswer:
    """An answer to a task, the criterion that it misses, and words of the hint that says so."""

    task: str
    mistake: str
    criterion: str
    hint: str
    source: str

    def __str__(self) -> str:
        return f"{self.task} {self.mistake}"


def wrong_answers() -> list[WrongAnswer]:
    found = []
    for path in sorted(WRONG.glob("*.py")):
        prelude, *parts = _BLOCK.split(path.read_text("utf-8"))
        assert "\n# %%" not in prelude, f"{path.name}: a block's first line has another form"
        for at in range(0, len(parts), 5):
            task, mistake, criterion, hint, source = parts[at : at + 5]
            assert "\n# %%" not in source, f"{path.name}, {mistake}: what follows is no block"
            found.append(WrongAnswer(task, mistake, criterion, hint, prelude + source))
    return found


def right_answers() -> list[tuple[str, str, str]]:
    """Answers that are right in another way: the task, what differs, and the source."""
    found = []
    for path in sorted(RIGHT.glob("*.py")):
        prelude, *parts = _OTHER.split(path.read_text("utf-8"))
        for at in range(0, len(parts), 3):
            task, difference, source = parts[at : at + 3]
            found.append((task, difference, prelude + source))
    return found


@cache
def solution(exercise: str, language: str, folder: str = "solutions") -> str:
    """The code of a solution's answer cells (or of the exercise's), with the imports before it."""
    (path,) = (checkout() / "notebooks" / language / folder).glob(f"{exercise[:2]}_*.ipynb")
    cells = read(path).cells
    setup = next(cell.source for cell in cells if cell.id == "setup")
    imports = [line for line in setup.splitlines() if re.match(r"from|import", line)]
    answers = [cell.source for cell in cells if "task" in cell.metadata.get("course", {})]
    return "\n".join([*imports, *answers])


def verdict(
    server: PracticeServer, task: str, source: str, language: str = "en", seed: int = 1
) -> Verdict:
    """What a check says of a source, run in this process."""
    use_packaged_ranks()  # as connect() does
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, "answer", "exec", dont_inherit=True), namespace)
    return run(find(task), Here(namespace, server.url), server, seed=seed, language=language)


if __name__ == "__main__":  # the corpus as a table: python tests/exercises/corpus.py
    print("| task | mistake | criterion |\n|---|---|---|")
    for answer in wrong_answers():
        print(f"| {answer.task} | {answer.mistake} | {answer.criterion} |")
