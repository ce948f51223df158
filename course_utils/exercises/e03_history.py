"""Exercise 03: a history that grows, belongs to one chat, and is trimmed turn by turn."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.fresh import Fresh
from course_utils.exercises.marks import Criterion, Marks, equal, expect
from course_utils.exercises.student import Student
from course_utils.exercises.task import task
from course_utils.exercises.wire import Crossed, Wire, turn
from course_utils.language import N_
from course_utils.language import gettext as _
from course_utils.messages import assistant, developer, system, user
from course_utils.tokens import count_message_tokens


@task(
    "03.1",
    N_("One turn by hand"),
    asks="say",
    criteria=[
        Criterion("returns", 1, N_("It returns the reply's text.")),
        Criterion("asks", 1, N_("The request ends with what the user says now.")),
        Criterion("keeps", 2, N_("The next request carries the conversation so far.")),
        Criterion("plain", 1, N_("The history holds dicts with a role and a text, nothing else.")),
    ],
)
def say(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Two calls on one history: what the second sends shows what the first kept."""
    first, second = fresh.sentence(), fresh.sentence()
    replies = [wire.says(fresh.sentence()), wire.says(fresh.sentence())]
    before = [system(fresh.sentence())]
    history = student.keep("history", before)
    client, model = student.client(), fresh.model()
    told = student.call("say", client, model, history, first)
    asked = student.call("say", client, model, history, second)

    with met("returns"):
        for outcome, reply in zip((told, asked), replies, strict=True):
            hint = _("Return the text itself: response.choices[0].message.content.")
            equal(outcome.value, reply, hint)
    with met("asks"):
        hint = _("Append the user's message to the history before you call create().")
        for request, text in ((wire[0], first), (wire[1], second)):
            equal(request.turns[-1:], [("user", text)], hint)
    with met("keeps"):
        sent = [each for each in wire[1].turns if each != ("user", second)]
        hint = _(
            "A request knows only what it carries. Append the user's message and then the reply, "
            "each in its own role, and send the whole history."
        )
        equal(sent, [turn(before[0]), ("user", first), ("assistant", replies[0])], hint)
    with met("plain"):
        found = student.read("history")
        odd = [message for message in found if not _is_plain(message)]
        hint = _(
            "Append dicts of a role and a content, and of nothing more: neither the SDK's object "
            "nor its whole model_dump(). json.dumps can save such a history."
        )
        expect(not odd, hint, expected=assistant(replies[0]), got=odd[:1])


def _said(sent: Crossed) -> list[tuple[str, str]]:
    """What the two said; instructions of the student's own are welcome besides."""
    return [each for each in sent.turns if each[0] != "system"]


def _is_plain(message: Any) -> bool:
    return (
        isinstance(message, dict)
        and set(message) <= {"role", "content"}
        and all(isinstance(each, str) for each in message.values())
    )


@task(
    "03.2",
    N_("Two guests"),
    asks="chat",
    criteria=[
        Criterion("alone", 2, N_("A chat that begins without a history knows no other chat.")),
        Criterion("continues", 1, N_("A history that is given is sent along.")),
        Criterion("returned", 1, N_("It returns the history, the reply included.")),
    ],
)
def chat(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Two guests without a history, and a third with one."""
    texts = [fresh.sentence() for _guest in range(3)]
    replies = [wire.says(fresh.sentence()) for _guest in texts]
    client, model = student.client(), fresh.model()
    first = student.call("chat", client, model, texts[0])
    student.call("chat", client, model, texts[1])
    given = [user(fresh.sentence()), assistant(fresh.sentence())]
    student.call("chat", client, model, texts[2], given)

    with met("alone"):
        hint = _(
            "The second guest's request holds what the first one said. Python makes a default "
            "value once: write history=None, and make a new list inside the function."
        )
        equal(_said(wire[1]), [("user", texts[1])], hint)
    with met("continues"):
        hint = _("When a history is given, send its messages first, then the new one.")
        equal(wire[2].turns, [*map(turn, given), ("user", texts[2])], hint)
    with met("returned"):
        hint = _(
            "Append the reply as an assistant message, a dict as in task 1, and return the whole "
            "list."
        )
        expected = [("user", texts[0]), ("assistant", replies[0])]
        found = first.value
        is_list = isinstance(found, list)
        expect(is_list and [*map(turn, found)][-2:] == expected, hint, expected=expected, got=found)


@task(
    "03.3",
    N_("The chat loop"),
    asks="chat_loop",
    criteria=[
        Criterion("sends", 1, N_("Every line typed is sent as the user's turn.")),
        Criterion("exit", 1, N_("The word exit ends the loop, and is not sent.")),
        Criterion("remembers", 1, N_("The last request carries all that was said before.")),
        Criterion("once", 1, N_("Every reply is printed once.")),
        Criterion("named", 1, N_("“AI: ” stands before each reply.")),
    ],
)
def chat_loop(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Three lines and ``exit``, typed as a person would."""
    typed = [fresh.sentence() for _line in range(3)]
    replies = [wire.says(fresh.sentence()) for _line in typed]
    talk = student.call("chat_loop", student.client(), fresh.model(), typed=[*typed, "exit"])

    with met("sends"):
        for number, line in enumerate(typed):
            hint = _("Read a line with input(), append it as a user message, then call create().")
            equal(wire[number].turns[-1:], [("user", line)], hint)
    with met("exit"):
        hint = _("Compare what was typed with 'exit' before you append and send it.")
        expect(talk.error is None, hint, expected=_("an end at exit"), got=talk.error)
        equal(len(wire), len(typed), hint)
    with met("remembers"):
        hint = _("Keep one history outside the loop; append every line and every reply to it.")
        said = [wire[0].turns[-1], ("assistant", replies[0])]
        said += [wire[1].turns[-1], ("assistant", replies[1])]
        equal(_said(wire[2])[:-1], said, hint)
    with met("once"):
        for reply in replies:
            hint = _("Print each reply, and print it one time only.")
            expect(talk.output.count(reply) == 1, hint, expected=reply, got=talk.output)
    with met("named"):
        for reply in replies:
            hint = _("Print the speaker's name first, “AI: ” with its space, then the text.")
            expect(f"AI: {reply}" in talk.output, hint, expected=f"AI: {reply}", got=talk.output)


@task(
    "03.4",
    N_("Trimming whole turns"),
    asks="trim",
    criteria=[
        Criterion("fits", 1, N_("What is left has at most that many tokens.")),
        Criterion("whole", 1, N_("No reply is left without its question.")),
        Criterion("instructions", 1, N_("System and developer messages stay, in front.")),
        Criterion("newest", 1, N_("As many of the newest turns stay as fit.")),
        Criterion("untouched", 1, N_("The list that was given is unchanged.")),
    ],
)
def trim(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Two histories and limits: one that a reply without its question would fit, one exact."""
    for instruct in (system, developer):
        instructions = [instruct(fresh.sentence())]
        turns = [(user(fresh.sentence()), assistant(fresh.sentence())) for _turn in range(6)]
        kept = turns[fresh.number(2, 4) :]
        rest = [message for pair in kept for message in pair]
        loose = turns[turns.index(kept[0]) - 1][1]
        tight = instruct is developer
        limit = count_message_tokens([*instructions, *([] if tight else [loose]), *rest])
        messages = [*instructions, *(message for pair in turns for message in pair)]
        given = student.keep("messages", messages)
        _look(student.call("trim", given, limit).value, kept, limit, instructions, met)
        with met("untouched"):
            hint = _("Work on a copy, list(messages): the caller may still need the original.")
            equal(student.read("messages"), messages, hint)


def _look(
    found: Any,
    kept: list[tuple[Any, Any]],
    limit: int,
    instructions: list[Any],
    met: Marks,
) -> None:
    """Look at one trimmed list; what is no list of messages meets no criterion."""
    messages = [*map(turn, found)] if isinstance(found, list) else []
    talk = [each for each in messages if each[0] != "system"]
    with met("fits"):
        tokens = count_message_tokens([{"role": r, "content": text} for r, text in messages])
        hint = _("Count with count_message_tokens: it counts what the format adds, too.")
        expect(messages and tokens <= limit, hint, expected=f"≤ {limit}", got=tokens)
    with met("whole"):
        hint = _("Drop a question together with its reply.")
        roles = [role for role, _text in talk]
        whole = talk and roles == ["user", "assistant"] * (len(talk) // 2)
        expect(whole, hint, expected="user, assistant, …", got=roles)
    with met("instructions"):
        hint = _("Set messages with the role system or developer aside, and put them in front.")
        equal(messages[: len(instructions)], [*map(turn, instructions)], hint)
    with met("newest"):
        newest = [turn(message) for pair in kept for message in pair]
        hint = _("Drop from the old end, and stop as soon as the rest fits: exactly full fits.")
        expect(talk[-len(newest) :] == newest, hint, expected=newest, got=talk)
