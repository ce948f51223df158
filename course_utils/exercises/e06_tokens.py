"""Exercise 06: tokens counted for the right model, taken apart, and the room that they leave."""

from __future__ import annotations

from course_utils import catalog
from course_utils.exercises.fresh import Fresh
from course_utils.exercises.marks import Criterion, Marks, equal, expect
from course_utils.exercises.student import Student
from course_utils.exercises.task import task
from course_utils.exercises.wire import Wire
from course_utils.language import N_
from course_utils.language import gettext as _
from course_utils.messages import assistant, user
from course_utils.tokens import count_message_tokens, count_tokens, pieces

NEWER, OLDER = ("gpt-4o", "gpt-4.1", "gpt-5.6-luna"), ("gpt-4", "gpt-3.5-turbo")


@task(
    "06.1",
    N_("Counting for a model"),
    asks="count",
    criteria=[
        Criterion("newer", 1, N_("For models from gpt-4o on, the count is right.")),
        Criterion("older", 1, N_("For gpt-4 and gpt-3.5-turbo, the count is right.")),
        Criterion("special", 1, N_("What looks like a special token is counted as plain text.")),
    ],
)
def count(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Texts that the two encodings count differently, and one with a special token's name."""
    hint = _("Ask tiktoken for the encoding of the model that was given.")
    for name, models in (("newer", NEWER), ("older", OLDER)):
        text, model = _telling(fresh), fresh.pick(models)
        outcome = student.call("count", text, model)
        with met(name):
            equal(outcome.value, count_tokens(text, model=model), hint)
    text = f"{fresh.word()} <|endoftext|> {fresh.word()}"
    counts = {count_tokens(text, model=model) for model in (*NEWER, *OLDER)}
    outcome = student.call("count", text, fresh.pick(NEWER))
    with met("special"):
        # By either encoding: which one is right is another criterion's matter.
        hint = _("Users may write <|endoftext|>, too: let tiktoken encode it as ordinary text.")
        came = outcome.error or outcome.returned
        expect(outcome.returned in counts, hint, expected=min(counts), got=came)


@task(
    "06.2",
    N_("Taking a text apart"),
    asks="token_bytes",
    criteria=[
        Criterion("each", 2, N_("There is one item for each token of the model's encoding.")),
        Criterion("whole", 1, N_("The items are bytes; joined, they are the text in UTF-8.")),
    ],
)
def token_bytes(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A text whose characters are cut by tokens, in each encoding."""
    for models in (NEWER, OLDER):
        text, model = f"{_telling(fresh)} {fresh.pick('뷁쀍햏괡')}", fresh.pick(models)
        found = student.call("token_bytes", text, model)
        expected = [piece.bytes for piece in pieces(text, model=model)]
        with met("each"):
            hint = _("Encode the text for the model, and make one item of each token.")
            items = found.value if isinstance(found.value, list) else []
            expect(len(items) == len(expected), hint, expected=len(expected), got=len(items))
        with met("whole"):
            hint = _(
                "A token may end inside a character, so it has bytes and not always text: "
                "decode_single_token_bytes gives them."
            )
            is_whole = all(isinstance(item, bytes) for item in items)
            expect(
                is_whole and b"".join(items) == text.encode(), hint, expected=expected, got=items
            )


@task(
    "06.3",
    N_("Room for a reply"),
    asks="room",
    criteria=[
        Criterion("window", 1, N_("It starts from the context window of that very model.")),
        Criterion("format", 1, N_("It counts what the format adds to each message.")),
        Criterion("encoding", 1, N_("It counts with the encoding of that model.")),
        Criterion("zero", 1, N_("Messages that do not fit leave no room: 0, not less.")),
    ],
)
def room(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Differences between calls, so that one mistake does not look like another."""
    with met("window"):
        for model in ("gpt-4", "gpt-4o", "gpt-4.1"):
            messages = [user(fresh.sentence())]
            window = catalog.get(model).context_window
            left = student.call("room", messages, model).value
            hint = _("The catalogue knows how many tokens a model can deal with: context_window.")
            near = _is_count(left) and abs(window - left) < 150
            expect(near, hint, expected=f"≈ {window}", got=left)
    short = [user(fresh.sentence())]
    long = [*short, assistant(fresh.sentence()), user(fresh.sentence())]
    first, second = (student.call("room", each, "gpt-5.6-luna") for each in (short, long))
    with met("format"):
        hint = _("Count with count_message_tokens: each message takes more than its text.")
        added = count_message_tokens(long) - count_message_tokens(short)
        equal(_difference(first.value, second.value), added, hint)
    text = _telling(fresh)
    texts = [text, text * 2]
    one, two = (student.call("room", [user(text)], "gpt-4") for text in texts)
    with met("encoding"):
        hint = _("Pass the model on to the function that counts: encodings differ.")
        counts = [count_tokens(text, model="gpt-4") for text in texts]
        equal(_difference(one.value, two.value), counts[1] - counts[0], hint)
    with met("zero"):
        full = student.call("room", [user(fresh.sentence() * 1500)], "gpt-4")
        hint = _("When the messages are longer than the window, return 0.")
        ok = _is_count(full.value) and full.value >= 0
        expect(ok, hint, expected=0, got=full.value)


@task(
    "06.4",
    N_("Also for models too new"),
    asks="by_model",
    criteria=[
        Criterion("known", 1, N_("Models that tiktoken knows are counted each by its encoding.")),
        Criterion("unknown", 2, N_("A model that it does not know is counted by o200k_base.")),
        Criterion("order", 1, N_("The model with the fewest tokens comes first.")),
    ],
)
def by_model(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Known models, and one with a made-up name."""
    text = _telling(fresh)
    new = f"atlas-{fresh.number()}"
    known = [fresh.pick(OLDER), fresh.pick(NEWER)]
    easy = student.call("by_model", text, known)
    outcome = student.call("by_model", text, [known[0], new, known[1]])
    counts = {model: count_tokens(text, model=model) for model in known}

    with met("known"):
        hint = _("Look for the encoding anew for each model, and return a dict.")
        equal(easy.value, counts, hint)
    with met("unknown"):
        hint = _("tiktoken raises KeyError for it: catch that, and take o200k_base by its name.")
        expected = count_tokens(text, encoding="o200k_base")
        expect(outcome.error is None, hint, expected=expected, got=outcome.error)
        found = outcome.value
        equal(found.get(new) if isinstance(found, dict) else found, expected, hint)
    with met("order"):
        shown = easy.value if outcome.error else outcome.value
        values = list(shown.values()) if isinstance(shown, dict) else []
        hint = _("Sort the pairs by their counts before you make the dict.")
        counted = bool(values) and all(map(_is_count, values))
        fewest = sorted(values if counted else counts.values())
        expect(counted and values == sorted(values), hint, expected=fewest, got=values or shown)


def _telling(fresh: Fresh) -> str:
    """A text that tells the two encodings apart: Korean, of which they know a different share."""
    korean = Fresh(fresh.number(), "tokens", "ko")
    while True:
        text = korean.sentence()
        counts = [count_tokens(text, encoding=name) for name in ("cl100k_base", "o200k_base")]
        if counts[0] > counts[1] + 2:
            return text


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _difference(more: object, less: object) -> object:
    """How much one number is above another; what is no number is shown as it is."""
    if isinstance(more, int) and isinstance(less, int):
        return more - less
    return more
