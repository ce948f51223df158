"""Questions to the reader: :func:`predict`, :func:`quiz`, :func:`ask`.

With a person at the notebook, predictions and quizzes are widgets. When a machine runs it
(nbval, papermill, nbclient), they print plain text that is the same on every run, and
:func:`ask` reads a script. Both ways, code can answer too: ``guess.choose(2)``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from importlib import import_module
from typing import Any

from course_utils.errors import LessonError
from course_utils.language import gettext as _

RIGHT, WRONG = "○", "✗"

_asked: dict[tuple[str, str], _Question] = {}


def person_here() -> bool:
    """Whether a person can answer in this cell.

    The environment variable ``COURSE_PERSON`` (``0`` or ``1``) forces it. In a kernel it is the
    execute request's ``allow_stdin``: JupyterLab, Notebook, Colab and VS Code send true; nbclient,
    papermill and nbval send false. Elsewhere it is whether standard input is a terminal.

    Raises :class:`~course_utils.errors.LessonError` for any other value of ``COURSE_PERSON``.
    Source: "Execute" in the messaging specification of jupyter_client.
    """
    forced = os.environ.get("COURSE_PERSON", "")
    if forced not in ("", "0", "1"):
        raise LessonError(_("COURSE_PERSON is {value!r}: use 0 or 1.").format(value=forced))
    if forced:
        return forced == "1"
    kernel = running_kernel()
    if kernel is None:
        return sys.stdin is not None and sys.stdin.isatty()
    return bool(kernel.get_parent("shell").get("content", {}).get("allow_stdin", False))


def ask(prompt: str, script: Iterator[str]) -> str:
    """What the person types, or the next line of ``script`` when no person can answer.

    Spaces around what was typed are taken away, and an empty line is asked for again.
    ``script`` is an iterator made once, outside the loop (``script = iter(["안녕", "exit"])``), so
    that each call takes the next line. A line from the script is printed behind the prompt, so
    that the output reads like the dialogue.

    Raises :class:`~course_utils.errors.LessonError` when ``script`` is a list or another thing
    that has no next line, or when its lines are used up.
    """
    if not isinstance(script, Iterator):
        raise LessonError(
            _(
                "ask() takes an iterator, not a {kind}: write script = iter([...]) once, "
                "above the loop, and then ask(prompt, script)."
            ).format(kind=type(script).__name__)
        )
    if person_here():
        return _typed(prompt)
    try:
        line = next(script)
    except StopIteration:
        raise LessonError(
            _(
                "The script has no line left for {prompt!r}: "
                "add one, or end the loop before (for example with 'exit')."
            ).format(prompt=prompt)
        ) from None
    print(f"{prompt}{line}")
    return line


def _typed(prompt: str) -> str:
    while not (line := input(prompt).strip()):
        print(_("Nothing was typed. Type something, and press Enter."))
    return line


def predict(question: str, choices: Sequence[str]) -> Prediction:
    """Ask the reader what will happen, before the cell that shows it runs.

    ``choices`` are two or more different texts. The answer comes after the run, from
    :meth:`Prediction.reveal`. Raises :class:`~course_utils.errors.LessonError` for fewer than two
    choices, for choices that are equal, empty or not text, and for a question that is not text.
    """
    prediction = Prediction(question, choices)
    prediction._show()
    return prediction


def quiz(question: str, choices: Mapping[str, str], *, answer: str) -> Quiz:
    """Ask the reader what they have learned; every choice has its own explanation.

    ``choices`` gives for each choice why it is right or wrong; ``answer`` is the right one. Without
    a person the choices are printed with their marks and explanations. Raises
    :class:`~course_utils.errors.LessonError` for fewer than two choices, a choice without an
    explanation, an answer that is not among the choices, or a question that is not text.
    """
    asked = Quiz(question, choices, answer)
    asked._show()
    return asked


def record() -> list[dict[str, Any]]:
    """What was asked in this process, in order, as plain data.

    One dict a question: ``kind`` ("predict" or "quiz"), ``question``, ``chosen`` (the text of the
    choice, None if there was none), ``answer`` (None before the reveal) and ``right`` (True, False,
    or None while one of the two is missing). A cell that is run again replaces its question.
    """
    return [question._record() for question in _asked.values()]


class _Question:
    """A question with numbered choices, and the one that was chosen."""

    kind: str

    def __init__(self, question: str, choices: Sequence[str]) -> None:
        self.question = question
        self.choices = _checked(question, choices)
        self.chosen: str | None = None
        self.answer: str | None = None
        self._buttons: Any = None

    @property
    def right(self) -> bool | None:
        """Whether the chosen one is the answer; None while one of the two is missing."""
        if self.chosen is None or self.answer is None:
            return None
        return self.chosen == self.answer

    def _text_of(self, choice: str | int) -> str:
        """The choice that is meant by its text or by its number, from 1."""
        if isinstance(choice, int) and not isinstance(choice, bool):
            if 1 <= choice <= len(self.choices):
                return self.choices[choice - 1]
        elif choice in self.choices:
            return choice
        raise LessonError(
            _("{choice!r} is not a choice of {question!r}: use one of {choices}.").format(
                choice=choice,
                question=self.question,
                choices=", ".join(f"{n} ({c!r})" for n, c in enumerate(self.choices, 1)),
            )
        )

    def _show(self) -> None:
        # A cell that is run again asks anew, and the question moves to the end of the record.
        _asked.pop((self.kind, self.question), None)
        _asked[self.kind, self.question] = self
        if running_kernel() is not None and person_here():
            self._show_widget()
        else:
            print(self._as_text())

    def _show_widget(self) -> None:
        raise NotImplementedError

    def _as_text(self) -> str:
        raise NotImplementedError

    def _record(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "question": self.question,
            "chosen": self.chosen,
            "answer": self.answer,
            "right": self.right,
        }

    def _ipython_display_(self) -> None:
        """Nothing: the question was shown when it was asked, also as the last line of a cell."""


class Prediction(_Question):
    """A question whose answer comes after the run; made by :func:`predict`."""

    kind = "predict"

    def choose(self, choice: str | int) -> None:
        """Record a choice, by its text or its number from 1; the last one before the reveal counts.

        Raises :class:`~course_utils.errors.LessonError` for something that is not a choice, and
        after :meth:`reveal`.
        """
        if self.answer is not None:
            raise LessonError(
                _(
                    "{question!r} was already answered: run the cell with predict() again first."
                ).format(question=self.question)
            )
        self.chosen = self._text_of(choice)

    def reveal(self, answer: str | int, because: str = "") -> None:
        """Print the answer, beside what was predicted if something was, and ``because``.

        ``answer`` is the text of a choice or its number from 1. Raises
        :class:`~course_utils.errors.LessonError` if it is not a choice, or ``because`` no text.
        """
        _require_text("because", because)
        self.answer = self._text_of(answer)
        if self._buttons is not None:
            self._buttons.disabled = True
        if self.right is None:
            verdict = _("Answer: {answer}").format(answer=self.answer)
        elif self.right:
            verdict = f"{RIGHT} " + _("As you predicted: {answer}").format(answer=self.answer)
        else:
            verdict = f"{WRONG} " + _("You predicted: {chosen}. Answer: {answer}").format(
                chosen=self.chosen, answer=self.answer
            )
        print("\n".join(filter(None, (verdict, because))))

    def _heading(self) -> str:
        return _("Predict: {question}").format(question=self.question)

    def _as_text(self) -> str:
        numbered = [f"  {number}. {choice}" for number, choice in enumerate(self.choices, 1)]
        return "\n".join([self._heading(), *numbered])

    def _show_widget(self) -> None:
        self._buttons = _display_choices(self._heading(), self.choices, self.choose)


class Quiz(_Question):
    """A question with an explanation for every choice; made by :func:`quiz`."""

    kind = "quiz"

    def __init__(self, question: str, choices: Mapping[str, str], answer: str) -> None:
        if not isinstance(choices, Mapping):
            raise LessonError(
                _(
                    "quiz() takes the choices of {question!r} as a dict: "
                    "the choice, and why it is right or wrong."
                ).format(question=question)
            )
        for choice, why in choices.items():
            if not isinstance(why, str) or not why.strip():
                raise LessonError(
                    _("The choice {choice!r} of {question!r} has no explanation: add one.").format(
                        choice=choice, question=question
                    )
                )
        super().__init__(question, list(choices))
        self.explanations = dict(choices)
        self.answer = self._text_of(answer)

    def choose(self, choice: str | int) -> bool:
        """Print the explanation of a choice (its text, or its number from 1); whether it is right.

        The first choice is the one that is recorded: after it the explanation is known. Raises
        :class:`~course_utils.errors.LessonError` for something that is not a choice.
        """
        text = self._text_of(choice)
        print(self._explain(text))
        return text == self.answer

    def _explain(self, choice: str) -> str:
        if self.chosen is None:
            self.chosen = choice
        verdict = _("Right.") if choice == self.answer else _("Not this one.")
        return f"{self._mark(choice)} {verdict} {self.explanations[choice]}"

    def _mark(self, choice: str) -> str:
        return RIGHT if choice == self.answer else WRONG

    def _heading(self) -> str:
        return _("Quiz: {question}").format(question=self.question)

    def _as_text(self) -> str:
        lines = [self._heading()]
        for number, (choice, why) in enumerate(self.explanations.items(), 1):
            lines += [f"  {number}. {choice}", f"     {self._mark(choice)} {why}"]
        return "\n".join(lines)

    def _show_widget(self) -> None:
        explanation = import_module("ipywidgets").HTML()

        def explain(choice: str) -> None:
            explanation.value = escape(self._explain(choice))

        self._buttons = _display_choices(self._heading(), self.choices, explain, explanation)


def _require_text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise LessonError(_("{name} must be a text, not {value!r}.").format(name=name, value=value))


def _checked(question: str, choices: object) -> tuple[str, ...]:
    """The choices, if they are two or more different texts, and the question is one."""
    _require_text("question", question)
    if not isinstance(choices, (list, tuple)) or len(choices) < 2:
        wrong = _("The question {question!r} needs a list of at least two choices.")
    elif not all(isinstance(choice, str) and choice.strip() for choice in choices):
        wrong = _("Every choice of {question!r} must be a text, not empty.")
    elif len(set(choices)) < len(choices):
        wrong = _("Two choices of {question!r} are the same: make them differ.")
    else:
        return tuple(choices)
    raise LessonError(wrong.format(question=question))


def running_kernel() -> Any:
    """The Jupyter kernel that this code runs in, or None."""
    ipython = sys.modules.get("IPython")  # without importing it: in a kernel it is already there
    return getattr(ipython.get_ipython(), "kernel", None) if ipython else None


def _display_choices(
    heading: str, choices: Sequence[str], chosen: Callable[[str], object], *below: Any
) -> Any:
    """Display radio buttons, none of them on; ``chosen`` is called with the text clicked."""
    widgets = import_module("ipywidgets")
    buttons = widgets.RadioButtons(
        options=list(choices), value=None, layout=widgets.Layout(width="auto")
    )
    buttons.observe(lambda change: change["new"] is not None and chosen(change["new"]), "value")
    title = widgets.HTML(f"<b>{escape(heading)}</b>")
    import_module("IPython.display").display(widgets.VBox([title, buttons, *below]))
    return buttons
