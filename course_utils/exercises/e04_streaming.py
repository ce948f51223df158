"""Exercise 04: a stream that is put together, shown as it comes, kept, and that breaks."""

from __future__ import annotations

from course_utils.exercises.fresh import Fresh
from course_utils.exercises.marks import Criterion, Marks, equal, expect
from course_utils.exercises.student import Student
from course_utils.exercises.task import task
from course_utils.exercises.wire import Wire, turn
from course_utils.language import N_
from course_utils.language import gettext as _
from course_utils.messages import assistant, user


@task(
    "04.1",
    N_("Putting a stream together"),
    asks="collect",
    criteria=[
        Criterion("streams", 1, N_("The request asks for a stream.")),
        Criterion("text", 1, N_("The first value is the whole text, and nothing but the text.")),
        Criterion("usage", 1, N_("The second value is how many tokens the reply took.")),
    ],
)
def collect(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """One stream."""
    question, reply = fresh.sentence(), wire.says(fresh.sentence())
    outcome = student.call("collect", student.client(), fresh.model(), question)

    with met("streams"):
        hint = _("A reply comes in pieces only if the request says stream=True.")
        equal(wire[0].request.get("stream"), True, hint)
    with met("text"):
        hint = _(
            "Join the text of all chunks. In some chunks content is None, and the last one has "
            "no choices."
        )
        expect(outcome.error is None, hint, expected=reply, got=outcome.error)
        equal(_item(outcome.value, 0), reply, hint)
    with met("usage"):
        usage = wire[0].usage or {}
        hint = _(
            "Ask for include_usage in stream_options; usage is then in the last chunk, and its "
            "completion_tokens is the number."
        )
        tokens = _item(outcome.value, 1)
        expected = usage.get("completion_tokens", _("usage in the last chunk"))
        expect(usage and tokens == expected, hint, expected=expected, got=tokens)


@task(
    "04.2",
    N_("Showing a reply as it comes"),
    asks="show_reply",
    criteria=[
        Criterion("live", 2, N_("The first words are on the page while the rest is still coming.")),
        Criterion("named", 1, N_("“AI: ” stands before the reply.")),
        Criterion("once", 1, N_("The reply is printed once, in one piece.")),
        Criterion("returns", 1, N_("It returns the reply's text.")),
    ],
)
def show_reply(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """One stream that the server holds back until its first words were seen."""
    held = wire.holds(fresh.sentence())
    outcome = student.call(
        "show_reply", student.client(), fresh.model(), fresh.sentence(), seen=held.seen
    )

    with met("live"):
        hint = _("Print each piece inside the loop, and at once: with flush=True.")
        expect(held.was_seen, hint, expected=held.head or held.text, got=_("nothing in time"))
    with met("named"):
        hint = _("Print “AI: ” before the loop: then it is there before the first piece.")
        expect(outcome.output.startswith("AI: "), hint, expected="AI: …", got=outcome.output)
    with met("once"):
        hint = _("Print the pieces with end='', and do not print the whole text again.")
        shown = outcome.output.count(held.text)
        expect(shown == 1, hint, expected=held.text, got=outcome.output)
    with met("returns"):
        hint = _("Collect the pieces while you print them, and return the whole text.")
        equal(outcome.value, held.text, hint)


@task(
    "04.3",
    N_("A streaming turn with a history"),
    asks="say",
    criteria=[
        Criterion("live", 1, N_("It yields the first piece before the last one has come.")),
        Criterion("pieces", 1, N_("What it yields are texts; joined, they are the reply.")),
        Criterion("keeps", 2, N_("Then the history ends with the user's turn and the reply.")),
    ],
)
def say(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A generator, on a history that goes on."""
    before = [user(fresh.sentence()), assistant(fresh.sentence())]
    history = student.keep("history", before)
    text, held = fresh.sentence(), wire.holds(fresh.sentence())
    outcome = student.call("say", student.client(), fresh.model(), history, text, seen=held.seen)

    with met("live"):
        hint = _("Write yield inside the loop, so that each piece is given as it comes.")
        expect(held.was_seen, hint, expected=held.head or held.text, got=_("nothing in time"))
    with met("pieces"):
        pieces = outcome.value if isinstance(outcome.value, list) else [outcome.value]
        hint = _("Yield the text of each chunk, and skip chunks without text.")
        texts = all(isinstance(piece, str) for piece in pieces)
        expect(texts and "".join(pieces) == held.text, hint, expected=held.text, got=pieces)
    with met("keeps"):
        hint = _(
            "Append the user's message before the request, and one assistant message with the "
            "whole text after the loop."
        )
        expected = [*map(turn, before), ("user", text), ("assistant", held.text)]
        equal([*map(turn, student.read("history"))], expected, hint)


@task(
    "04.4",
    N_("When a stream breaks"),
    asks="careful",
    criteria=[
        Criterion("whole", 1, N_("A stream that came to its end gives its text and True.")),
        Criterion("broken", 2, N_("A stream that broke gives what came, and False.")),
        Criterion("unsent", 1, N_("An error before the stream begins passes on.")),
    ],
)
def careful(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A whole stream, one that is cut, one that ends in an error, and one that never begins."""
    client, model = student.client(max_retries=0), fresh.model()
    reply = wire.says(fresh.sentence())
    whole = student.call("careful", client, model, fresh.sentence())
    with met("whole"):
        hint = _("The stream came to its end: a chunk said why, in finish_reason.")
        equal(whole.value, [reply, True], hint)
    for number, fault in enumerate(("cut-after", "error-after"), start=1):
        wire.fails(f"{fault}={fresh.number(4, 7)}", fresh.sentence())
        outcome = student.call("careful", client, model, fresh.sentence())
        with met("broken"):
            hint = _("Catch the error around the loop, keep what came before it, and say False.")
            kept = [wire[number].reply, False]
            expect(outcome.error is None, hint, expected=kept, got=outcome.error)
            equal(outcome.value, kept, hint)
    wire.fails("status=429")
    outcome = student.call("careful", client, model, fresh.sentence())
    with met("unsent"):
        kinds = outcome.error.kinds if outcome.error else ()
        hint = _("Keep create() out of the try: only reading the stream belongs into it.")
        came = outcome.error or outcome.returned
        expect("RateLimitError" in kinds, hint, expected="RateLimitError", got=came)


def _item(value: object, place: int) -> object:
    """An item of a pair; what is no pair is shown as it is."""
    return value[place] if isinstance(value, list) and len(value) == 2 else value
