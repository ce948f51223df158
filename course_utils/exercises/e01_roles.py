"""Exercise 01: who says what: instructions, examples, parts, and messages that are refused."""

from __future__ import annotations

import json
from typing import Any

from course_utils.exercises.fresh import Fresh
from course_utils.exercises.marks import Criterion, Marks, equal, expect
from course_utils.exercises.student import Student
from course_utils.exercises.task import task
from course_utils.exercises.wire import Wire
from course_utils.language import N_
from course_utils.language import gettext as _
from course_utils.messages import user


@task(
    "01.1",
    N_("Instructions first"),
    asks="instructed",
    criteria=[
        Criterion("instruction", 1, N_("The instruction is a message of its own, in front.")),
        Criterion("question", 1, N_("The question is the user's message.")),
        Criterion("returns", 1, N_("It returns the reply's text.")),
    ],
)
def instructed(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """One request with an instruction and a question."""
    instruction, question = fresh.sentence(), fresh.sentence()
    reply = wire.says(fresh.sentence())
    outcome = student.call("instructed", student.client(), fresh.model(), instruction, question)

    with met("instruction"):
        hint = _("Give the instruction a message of its own, in the role that is made for it.")
        equal(wire[0].turns[:1], [("system", instruction)], hint)
    with met("question"):
        said = [text for role, text in wire[0].turns if role == "user"]
        hint = _("Send the question in the role of the one who asks it.")
        expect(any(question in text for text in said), hint, expected=question, got=said)
    with met("returns"):
        equal(outcome.value, reply, _returned())


@task(
    "01.2",
    N_("Showing how by example"),
    asks="labelled",
    criteria=[
        Criterion("examples", 2, N_("Every example is a question and an answer, in order.")),
        Criterion("last", 1, N_("The text to be labelled comes last, from the user.")),
        Criterion("returns", 1, N_("It returns the label that the model gave.")),
    ],
)
def labelled(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A request with three examples."""
    labels = [f"{fresh.word()}-{fresh.number()}" for _label in range(4)]
    examples = [[fresh.sentence(), label] for label in labels[:3]]
    text = fresh.sentence()
    reply = wire.says(labels[3])
    outcome = student.call("labelled", student.client(), fresh.model(), examples, text)

    with met("examples"):
        shown = [each for each in wire[0].turns if text not in each[1]]
        turns = [(("user", said), ("assistant", label)) for said, label in examples]
        hint = _(
            "Write the examples as a conversation that never was: the user says the text, the "
            "assistant answers with the label, and so on. Nothing else comes before the text."
        )
        equal(shown, [each for pair in turns for each in pair], hint)
    with met("last"):
        hint = _("Put the text that is to be labelled behind all examples, as a user message.")
        equal(wire[0].turns[-1:], [("user", text)], hint)
    with met("returns"):
        equal(outcome.value, reply, _returned())


@task(
    "01.3",
    N_("One message in parts"),
    asks="in_parts",
    criteria=[
        Criterion("one", 1, N_("The request has one message, the user's.")),
        Criterion("parts", 2, N_("The wish and every document are text parts, in order.")),
        Criterion("returns", 1, N_("It returns the reply's text.")),
    ],
)
def in_parts(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A wish and some documents."""
    wish = fresh.sentence()
    documents = [fresh.sentence() for _document in range(fresh.number(2, 4))]
    reply = wire.says(fresh.sentence())
    outcome = student.call("in_parts", student.client(), fresh.model(), wish, documents)

    with met("one"):
        roles = [role for role, _text in wire[0].turns]
        hint = _("Put all parts into the content of one message.")
        equal(roles, ["user"], hint)
    with met("parts"):
        contents = [_content(message) for message in wire[0].messages]
        parts = [part for content in contents if isinstance(content, list) for part in content]
        hint = _("A part is a dict with a type and the text. Make one for each text, in order.")
        equal(parts, [{"type": "text", "text": text} for text in (wish, *documents)], hint)
    with met("returns"):
        equal(outcome.value, reply, _returned())


@task(
    "01.4",
    N_("Which field was wrong?"),
    asks="fault_of",
    criteria=[
        Criterion("fine", 1, N_("Messages without a fault give None.")),
        Criterion("field", 2, N_("For a 400 it returns the field that the server names.")),
        Criterion("others", 1, N_("Errors that are not about the request pass on.")),
    ],
)
def fault_of(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """One good request, two that the server refuses, and two that meet trouble on its side."""
    client, model = student.client(max_retries=0), fresh.model()
    good = [user(fresh.sentence()) for _message in range(fresh.number(1, 5))]
    wrong: list[dict[str, Any]] = [
        {"role": fresh.word(), "content": "?"},
        {"role": "user"},
        {"role": "user", "content": 7},
    ]
    faults = fresh.shuffled(wrong)[:2]
    fine = student.call("fault_of", client, model, good)
    refused = [student.call("fault_of", client, model, [*good, fault]) for fault in faults]

    with met("fine"):
        hint = _("When no error is raised, nothing was wrong: return None.")
        expect(fine.value is None, hint, expected="None", got=fine.value)
    with met("field"):
        for number, outcome in enumerate(refused, start=1):
            hint = _("The error that is raised knows the field: look at its param.")
            equal(outcome.value, _param(wire[number].response), hint)
    for status, kind in ((429, "RateLimitError"), (500, "InternalServerError")):
        wire.fails(f"status={status}")
        outcome = student.call("fault_of", client, model, good)
        with met("others"):
            hint = _("Catch openai.BadRequestError and nothing wider, so that the rest pass on.")
            kinds = outcome.error.kinds if outcome.error else ()
            expect(kind in kinds, hint, expected=kind, got=outcome.error or outcome.returned)


def _returned() -> str:
    return _("Return the text itself: response.choices[0].message.content.")


def _content(message: Any) -> Any:
    return message.get("content") if isinstance(message, dict) else None


def _param(response: str) -> Any:
    return json.loads(response)["error"]["param"]
