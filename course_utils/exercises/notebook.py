"""Checks inside the student's own notebook: the same ones, over the shortest of channels."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable, MutableMapping
from functools import cache
from typing import Any

from course_utils.errors import CourseError
from course_utils.exercises import card, progress
from course_utils.exercises.hands import Hands
from course_utils.exercises.marks import Verdict
from course_utils.exercises.task import find, run
from course_utils.language import language
from course_utils.lesson import person_here
from course_utils.practice import PracticeServer
from course_utils.tokens import count_message_tokens


class Here:
    """A channel to this very process.

    Args:
        namespace: the student's global names.
        base_url: where their clients ask.
    """

    def __init__(self, namespace: MutableMapping[str, Any], base_url: str) -> None:
        self._hands = Hands(namespace, base_url)

    def ask(self, request: dict[str, Any], seen: Callable[[str], None]) -> dict[str, Any]:
        """Perform a request; what goes in and comes out crosses as JSON, as to a grader."""
        reply = self._hands.perform(json.loads(json.dumps(request)), seen)
        answer: dict[str, Any] = json.loads(json.dumps(reply))
        return answer


class Checks:
    """Checks a notebook's tasks: ``check = Checks(seed=seed)``, then ``check("03.2")``.

    Args:
        seed: the seed of the fresh inputs; 0 takes other ones each time.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        _server()  # it starts while the setup cell runs, so that no check waits for it

    def __call__(self, number: str) -> Verdict | None:
        """Check a task of the notebook that calls this, show the card, and return the verdict.

        A wrong number is told like a card; nothing is raised, so that a notebook runs on.
        """
        try:
            task = find(number)
        except CourseError as error:
            print(error)
            return None
        server = _server()
        channel = Here(sys._getframe(1).f_globals, server.url)
        seed = self._seed or secrets.randbelow(1 << 31)
        verdict = run(task, channel, server, seed=seed, language=language())
        _show(verdict)
        if person_here():
            progress.note(verdict)
        return Shown(**vars(verdict))


class Shown(Verdict):
    """A verdict whose card is on the page already: the last line of a cell shows nothing more."""

    def _ipython_display_(self) -> None:
        pass


@cache
def _server() -> PracticeServer:
    """Return the practice server of the checks: its log and its keys are theirs alone."""
    count_message_tokens([])  # loads the encoding, which the first reply would else wait for
    return PracticeServer().start()


def _show(verdict: Verdict) -> None:
    if "ipykernel" not in sys.modules:
        print(card.text(verdict))
        return
    from IPython.display import publish_display_data

    publish_display_data(  # type: ignore[no-untyped-call]
        {
            "text/plain": card.text(verdict),
            "text/html": card.html(verdict),
            card.DATA: verdict.as_data(),
        }
    )
