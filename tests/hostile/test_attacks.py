"""Every attack, in a real sandbox: no point that was not earned, nothing read, nothing left."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from attacks import ATTACKS, Attack
from classroom import EXERCISE, as_bytes, handed_in, right_answers

from course_utils.grading.limits import Limits
from course_utils.grading.run import Grader, Run

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="runs on Linux only")

SEED = 482_731_950_277_113
LIMITS = Limits(
    cell=2, call=2, task=4, submission=20, memory=1024, processes=24, disk=16, requests=100
)
IDLE = "def chat(client, model, text, history=None):\n    return None"


@dataclass
class Side:
    """What stands on the grader's side, to be reached by an attack or not."""

    folder: Path
    tcp: socket.socket
    path: socket.socket
    abstract: socket.socket

    def fill_in(self, code: str) -> str:
        for name, value in {
            "FILE": str(self.folder / "secret"),
            "PORT": self.tcp.getsockname()[1],
            "SOCKET": self.path.getsockname(),
            "ABSTRACT": self.abstract.getsockname()[1:].decode(),
            "PID": os.getpid(),
            "KEY": "sk-" + "practice-0123456789abcdef01234567",
        }.items():
            code = code.replace(f"@{name}@", str(value))
        return code

    def reached(self) -> bool:
        for each in (self.tcp, self.path, self.abstract):
            each.setblocking(False)
            try:
                each.accept()
            except BlockingIOError:
                continue
            return True
        return False


@pytest.fixture(scope="session")
def side() -> Iterator[Side]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    (folder / "secret").write_text("CANARY in a file", encoding="utf-8")
    (folder / "secret").chmod(0o666)
    tcp = socket.create_server(("127.0.0.1", 0))
    path, abstract = (socket.socket(socket.AF_UNIX) for _ in range(2))
    path.bind(str(folder / "socket"))
    os.chmod(folder / "socket", 0o777)
    abstract.bind(f"\0course-{os.getpid()}")
    with tcp, path, abstract:
        for each in (path, abstract):
            each.listen()
        yield Side(folder, tcp, path, abstract)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def grader(side: Side) -> Iterator[Grader]:
    os.environ["OPENAI_API_KEY"] = "sk-" + "CANARY-of-the-instructor"
    try:
        with Grader(LIMITS) as made:
            yield made
    finally:
        del os.environ["OPENAI_API_KEY"]


@pytest.fixture(scope="session")
def idle(grader: Grader) -> int:
    """What an answer that does nothing is worth."""
    return by_task(graded(grader, IDLE))["03.2"]["earned"]


def graded(grader: Grader, answer: str, **more: str) -> Run:
    answers = {**right_answers(), "03.2": answer, **more}
    notebook = nbformat.reads(as_bytes(handed_in(answers)).decode(), as_version=4)
    return grader(notebook, EXERCISE, SEED, "en")


def by_task(run: Run) -> dict[str, dict[str, Any]]:
    return {verdict["number"]: verdict for verdict in run.verdicts}


def shown(run: Run) -> str:
    """All that the student's code could show; a traceback quotes the code itself."""
    outputs = [out for cell in run.notebook.cells for out in cell.get("outputs", ())]
    texts = [str(out.get("text", "")) + str(out.get("data", "")) for out in outputs]
    got = [mark["got"] for verdict in run.verdicts for mark in verdict["marks"]]
    return "\n".join([*texts, *got])


def processes(grader: Grader) -> list[psutil.Process]:
    """The processes below the grader's, without the warm parent's own two."""
    warm = psutil.Process(grader._warm._process.pid)
    return [each for each in warm.children(recursive=True)[1:] if each.status() != "zombie"]


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_an_attack_gets_nothing_and_leaves_nothing(
    attack: Attack, grader: Grader, side: Side, idle: int
) -> None:
    run = graded(grader, side.fill_in(attack.code))
    verdicts = by_task(run)
    assert {verdict["state"] for verdict in run.verdicts} <= {"checked", "not started"}
    assert verdicts["03.2"]["earned"] <= idle
    earned = {number: verdicts[number]["earned"] for number in ("03.1", "03.3", "03.4")}
    if attack.others:
        assert earned == {"03.1": 5, "03.3": 5, "03.4": 5}
    if grader.layers["files"] == grader.layers["network"] == "":
        assert "GOT" not in shown(run)
        assert not side.reached()
    assert "CANARY" not in shown(run)
    assert attack.note in " ".join(run.notes)
    assert (side.folder / "secret").read_text("utf-8") == "CANARY in a file"
    nbformat.validate(run.notebook)
    json.dumps(run.notebook, ensure_ascii=False).encode("utf-8")
    assert processes(grader) == []


def test_honest_neighbours_of_attacks_keep_their_marks(grader: Grader, side: Side) -> None:
    names = ("fork-bomb", "memory", "disk", "print", "loop", "many-requests", "signals", "crash")
    bad = [side.fill_in(each.code) for each in ATTACKS if each.name in names]
    assert len(bad) == len(names)
    right = right_answers()["03.2"]
    answers = [each for pair in zip(bad, [right] * len(bad), strict=True) for each in pair]
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda answer: graded(grader, answer), answers))
    honest = [sum(verdict["earned"] for verdict in run.verdicts) for run in runs[1::2]]
    assert honest == [19] * len(bad)
