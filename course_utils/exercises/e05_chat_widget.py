"""Exercise 05: a chat cell: what its screen shows, stopping, errors, and one button for each."""

from __future__ import annotations

import json
from typing import Any

from course_utils.exercises.fresh import Fresh
from course_utils.exercises.marks import Criterion, Marks, NotStartedError, Unmet, equal, expect
from course_utils.exercises.page import Page
from course_utils.exercises.student import Outcome, Student
from course_utils.exercises.task import task
from course_utils.exercises.wire import Held, Wire, turn
from course_utils.language import N_
from course_utils.language import gettext as _
from course_utils.messages import assistant, user
from course_utils.tokens import pieces


@task(
    "05.1",
    N_("What the screen shows"),
    asks="page",
    criteria=[
        Criterion("lines", 1, N_("Every message is a line, with its role in front.")),
        Criterion("tags", 2, N_("Nothing that somebody wrote becomes a tag or another character.")),
        Criterion("kept", 1, N_("Nothing is cut out of a text.")),
    ],
)
def page(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A harmless history, one that would act in a browser, and one with a sum in it."""
    plain = [user(fresh.sentence()), assistant(fresh.sentence()), user(fresh.sentence())]
    made = student.call("page", plain)
    with met("lines"):
        lines = ["{}: {}".format(*turn(message)) for message in plain]
        hint = _("Put “role: text” on a line for each message, and a <br> tag between the lines.")
        equal(_read(made, hint).lines, lines, hint)
    for say in (user, assistant):
        acts, reference = _acts(fresh), f"{fresh.word()} & &lt;{fresh.number()}&gt; &amp;"
        hint = _(
            "A text may come from anybody. Escape every text, the user's and the model's, before "
            "you put it into the page: <, > and & are to be seen, not read as HTML. Your own part "
            "has no tag but <br>."
        )
        with met("tags"):
            found = _read(student.call("page", [say(acts)]), hint).tags
            expect(not found, hint, expected=_("no tags"), got=found)
            shown = _read(student.call("page", [say(reference)]), hint).lines
            equal(shown, ["{}: {}".format(*turn(say(reference)))], hint)
        left, right = fresh.number(), fresh.number()
        message = say(f"{left} < {right} {fresh.word()} {right} > {left}")
        with met("kept"):
            hint = _(
                "Not everything between < and > is a tag: show a text whole and as it was written, "
                "cut nothing out, and escape nothing twice."
            )
            shown = _read(student.call("page", [message]), hint).lines
            equal(shown, ["{}: {}".format(*turn(message))], hint)


@task(
    "05.2",
    N_("Enough is enough"),
    asks="answer_until",
    criteria=[
        Criterion("sends", 1, N_("The request carries the history and what the user says now.")),
        Criterion("stops", 2, N_("It stops at the chunk that makes the text long enough.")),
        Criterion("keeps", 1, N_("The history keeps what came, stopped or not.")),
        Criterion("says", 1, N_("The second value says whether the reply came whole.")),
    ],
)
def answer_until(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Two replies that are held behind the place to stop at, which a chunk meets or oversteps."""
    client, model, text = student.client(), fresh.model("classic"), fresh.sentence()
    before = [user(fresh.sentence()), assistant(fresh.sentence())]
    for too_much in fresh.shuffled([0, 1]):
        reply = f"{fresh.sentence()} {fresh.sentence()}"
        count, length = _border(reply, model)
        most, held = length - too_much, wire.holds(reply, pieces=count + 3)
        history = student.keep("history", before)
        stopped = student.call("answer_until", client, model, history, text, most)
        in_time = _left_early(held, wire)
        with met("sends"):
            hint = _("Append the user's message to the history, and send the whole history.")
            equal(wire[-1].turns, [*map(turn, before), ("user", text)], hint)
        with met("stops"):
            hint = _(
                "Leave the loop as soon as the text has at least {most} characters: look after "
                "each chunk, and do not wait for the rest."
            ).format(most=most)
            expect(in_time, hint, expected=_("an end while the rest is to come"), got=held.text)
            expected, came = _until(wire[-1].response, most), stopped.part(0)
            if came == expected[:most]:
                hint = _("Keep the last chunk whole: what it has too much is not cut off.")
            equal(came, expected, hint)
        with met("keeps"):
            hint = _("After the loop, append what came as an assistant message, in either case.")
            kept = [("user", text), ("assistant", stopped.part(0))]
            equal(_turns(student, "history")[2:], kept, hint)
        with met("says"):
            hint = _("Return two values, return text, whole: whole is False only if you stopped.")
            equal(stopped.part(1), False, hint)
    short, text = wire.says(fresh.sentence()), fresh.sentence()
    history = student.keep("history", before)
    whole = student.call("answer_until", client, model, history, text, 10_000)
    with met("sends"):
        hint = _("Append the user's message to the history, and send the whole history.")
        equal(wire[-1].turns, [*map(turn, before), ("user", text)], hint)
    with met("keeps"):
        hint = _("After the loop, append what came as an assistant message, in either case.")
        equal(_turns(student, "history")[2:], [("user", text), ("assistant", short)], hint)
    with met("says"):
        hint = _("Return two values, return text, whole: whole is False only if you stopped.")
        equal(whole.part(1), True, hint)


@task(
    "05.3",
    N_("An error loses nothing"),
    asks="send",
    criteria=[
        Criterion("works", 2, N_("A turn that works is in the history, and the box is empty.")),
        Criterion("caught", 1, N_("No error of the API leaves the handler.")),
        Criterion("text", 1, N_("After an error, what was written is still in the box.")),
        Criterion("history", 1, N_("After an error, the history is as it was before.")),
        Criterion("shows", 1, N_("The screen shows the reply, or which error it was.")),
    ],
)
def send(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A turn that works, and one for each of two errors."""
    client, model = student.client(max_retries=0), fresh.model()
    before = [user(fresh.sentence()), assistant(fresh.sentence())]
    text, reply = fresh.sentence(), wire.says(fresh.sentence())
    sent = _send(student, client, model, before, text)
    with met("works"):
        hint = _(
            "After create(), append the user's turn and the reply to the history that was given, "
            "and empty the box."
        )
        equal(wire[0].turns, [*map(turn, before), ("user", text)], hint)
        expected = [*map(turn, before), ("user", text), ("assistant", reply)]
        equal(_turns(student, "history"), expected, hint)
        equal(student.read("box.value"), "", hint)
    with met("shows"):
        hint = _("At the end of a turn, show the whole history on the screen.")
        shown = student.read("screen.value")
        read = Page(str(shown)).text
        for said in [*(said for _role, said in _turns(student, "history")), reply]:
            expect(said in read, hint, expected=said, got=shown or sent.error or "''")
    for status in fresh.shuffled([429, 500, 503, 401])[:2]:
        wire.fails(f"status={status}")
        tried = len(wire)
        failed = _send(student, client, model, before, text)
        name = "RateLimitError" if status == 429 else "InternalServerError"
        name = "AuthenticationError" if status == 401 else name
        with met("caught"):
            hint = _("Catch openai.OpenAIError around create(): it is the base of them all.")
            caught = wire[tried] and failed.error is None
            expect(caught, hint, expected=_("no error"), got=failed.error)
        with met("text"):
            hint = _("Empty the box only when the reply has come, or put the text back.")
            expect(wire[tried], hint)
            equal(student.read("box.value"), text, hint)
        with met("history"):
            hint = _("Append the user's turn only when the reply has come, or take it out again.")
            expect(wire[tried], hint)
            equal(_turns(student, "history"), [*map(turn, before)], hint)
        shown = student.read("screen.value")
        if failed.error is None:
            with met("shows"):
                hint = _("Nobody sees what a handler prints: put the error's name on the screen.")
                expect(name in str(shown), hint, expected=name, got=shown or "''")


@task(
    "05.4",
    N_("A chat cell of one's own"),
    asks="chat_cell",
    criteria=[
        Criterion("click", 1, N_("A click sends what is in the box, and empties it.")),
        Criterion("remembers", 1, N_("The next click's request carries the conversation so far.")),
        Criterion("shows", 1, N_("The screen shows the reply as text.")),
        Criterion("own", 1, N_("A second chat cell knows nothing of the first.")),
        Criterion("once", 1, N_("A click is one request, however often the cell was run.")),
    ],
)
def chat_cell(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Two clicks in one cell, then the cell is run again, and clicked once more."""
    client, model = student.client(max_retries=0), fresh.model()
    texts = [fresh.sentence() for _click in range(3)]
    acts = _acts(fresh)
    replies = [wire.says(text) for text in (fresh.sentence(), acts, fresh.sentence())]
    made = student.call("chat_cell", client, model, keep="first")
    trouble = _press(student, "first", texts[0])
    with met("click"):
        hint = _(
            "Return widgets.VBox([screen, box, button]); the handler reads box.value when the "
            "button is clicked, and then empties the box."
        )
        expect(not trouble, hint, expected="screen, box, button", got=made.error or trouble)
        equal(wire[0].turns, [("user", texts[0])], hint)
        equal(student.read("first.children.1.value"), "", hint)
    _press(student, "first", texts[1])
    with met("remembers"):
        hint = _("Make the history where the cell is made, not in the handler; append both turns.")
        said = [*wire[0].turns, ("assistant", replies[0])]
        equal(wire[1].turns[:-1], said, hint)
    with met("shows"):
        hint = _("Set screen.value at the end of the handler, with every text escaped.")
        shown = _read(Outcome(_value(student, "first.children.0.value")), hint)
        expect(not shown.tags, hint, expected=_("no tags"), got=shown.tags)
        seen = any(acts in line for line in shown.lines)
        expect(seen, hint, expected=acts, got=shown.lines)
    student.call("chat_cell", client, model, keep="second")
    before = len(wire)
    _press(student, "second", texts[2])
    with met("own"):
        hint = _("Make a new history inside chat_cell: each cell has one of its own.")
        equal(wire[-1].turns[:-1], [], hint)
    with met("once"):
        hint = _(
            "Make the button inside chat_cell and give it one handler: one that is made outside "
            "keeps its old handlers when the cell is run again."
        )
        expect(wire[before], hint)
        equal(len(wire) - before, 1, hint)


def _press(student: Student, cell: str, text: str) -> str:
    """Write into a cell's box and click its button; returns what is missing, if something is."""
    try:
        student.call(f"{cell}.children.1.set_trait", "value", text)
        student.call(f"{cell}.children.2.click")
    except NotStartedError as missing:
        return str(missing).partition(".")[2]
    return ""


def _value(student: Student, name: str) -> Any:
    try:
        return student.read(name)
    except NotStartedError:
        return None


def _send(student: Student, client: Any, model: str, before: list[Any], text: str) -> Outcome:
    """Call the handler on a history, a screen and a box with a text in it, all of them new."""
    student.call("widgets.HTML", keep="screen")
    student.call("widgets.Textarea", value=text, keep="box")
    screen, box = student.named("screen"), student.named("box")
    return student.call("send", client, model, student.keep("history", before), screen, box)


def _read(outcome: Outcome, hint: str) -> Page:
    """Read a page that was returned; :class:`Unmet` if it is no text."""
    found = outcome.value
    if not isinstance(found, str):
        raise Unmet(hint, expected=_("a text"), got=found)
    return Page(found)


def _acts(fresh: Fresh) -> str:
    """Return a text that a browser would act on."""
    number, word = fresh.number(), fresh.word()
    return fresh.pick(
        [
            f'<img src="{number}" onerror="alert({number})">',
            f"<script>alert({number})</script> {word}",
            f"<b>{word}</b> {number}",
            f'<a href="https://{number}.example">{word}</a>',
        ]
    )


def _left_early(held: Held, wire: Wire) -> bool:
    """Whether the student's function was done while the server still held the rest back."""
    held.seen(held.head)
    sent = wire.crossed
    return held.was_seen or bool(sent and held.head and sent[-1].reply != held.text)


def _border(reply: str, model: str) -> tuple[int, int]:
    """Return a number of tokens, and how many characters they have.

    The last of them has two or more, so that a text can end at it or in the middle of it.
    """
    made = pieces(reply, model=model)
    for count in range(3, len(made)):
        head = b"".join(piece.bytes for piece in made[:count])
        if len(made[count - 1].text or "") > 1:
            return count, len(head.decode("utf-8"))
    raise ValueError(reply)


def _until(stream: str, most: int) -> str:
    """Return the text of a stream up to the chunk with which it has ``most`` characters."""
    text = ""
    for event in stream.split("\n\n"):
        if len(text) >= most or not event.startswith("data: {"):
            continue
        choices = json.loads(event.removeprefix("data: "))["choices"]
        text += (choices[0]["delta"].get("content") or "") if choices else ""
    return text


def _turns(student: Student, name: str) -> list[tuple[str, str]]:
    found = student.read(name)
    return [*map(turn, found)] if isinstance(found, list) else []
