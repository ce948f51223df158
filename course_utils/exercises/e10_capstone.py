"""Exercise 10: the parts of a news-brief tool: a brief, a folder of articles, a page, a move."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import Any

from course_utils.cost import dollars, per_month
from course_utils.exercises.fresh import Fresh
from course_utils.exercises.marks import Criterion, Marks, equal, expect
from course_utils.exercises.page import Page
from course_utils.exercises.student import Outcome, Student
from course_utils.exercises.task import task
from course_utils.exercises.wire import Crossed, Wire
from course_utils.language import N_
from course_utils.language import gettext as _
from course_utils.messages import assistant, developer, system, user

_COUNTS = ("prompt_tokens", "completion_tokens")
_LATE = 0.1  # seconds that a reply is late, so that a clock started after create() shows
_MUTE = 0.25  # seconds from the first chunk, which has the role alone, to the first text
_PIECES = 0.0005  # seconds that all pieces but the first take at least, however fast the machine


@task(
    "10.1",
    N_("A brief, as it comes"),
    asks="brief",
    criteria=[
        Criterion("roles", 1, N_("The task is the instruction, the article the user's message.")),
        Criterion("shown", 2, N_("The brief is printed once, as it comes.")),
        Criterion("result", 1, N_("The result holds the text and the usage.")),
        Criterion("times", 1, N_("The times run from before the request.")),
        Criterion("whole", 1, N_("Half a brief is an error.")),
    ],
)
def brief(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A stream that is held, two that are late, one that the limit cuts, and one without text."""
    model, told, article = fresh.model(), fresh.sentence(), fresh.sentence()
    held = wire.holds(fresh.sentence())
    whole = student.call("brief", student.client(), model, told, article, 4000, seen=held.seen)
    reply = fresh.sentence()
    wire.fails(f"hang={_LATE}", reply)
    late = student.call("brief", student.client(), model, told, article, 4000)
    wire.holds(fresh.sentence(), pieces=0, patience=_MUTE)
    mute = student.call("brief", student.client(), model, told, article, 4000)
    wire.says(fresh.sentence())
    cut = student.call("brief", student.client(), model, told, article, fresh.number(3, 6))
    wire.calls((fresh.word(), {}))
    other = student.call("brief", student.client(), model, told, article, 4000)

    with met("roles"):
        hint = _("The article comes from outside: keep it apart from what you ask for.")
        equal(wire[0].turns, [("system", told), ("user", article)], hint)
    with met("shown"):
        hint = _("Nothing was to be seen while the rest was still under way: stream, and flush.")
        expect(held.was_seen, hint, expected=held.head or held.text, got=_("nothing yet"))
        hint = _("Print each piece, and print it one time only.")
        expect(whole.output.count(held.text) == 1, hint, expected=held.text, got=whole.output)
    with met("result"):
        found = _dict(late.value)
        hint = _("Put the pieces together: the text is all of them.")
        equal(found.get("text"), reply, hint)
        hint = _("A stream has a usage only if you ask for it. Return it as a dict.")
        counts = [(wire[1].usage or {}).get(name, 0) for name in _COUNTS]
        usage = found.get("usage")
        right = counts == [_dict(usage).get(name) for name in _COUNTS]
        expect(right, hint, expected=dict(zip(_COUNTS, counts, strict=True)), got=usage)
    with met("times"):
        times = [_dict(late.value).get(name) for name in ("first", "seconds")]
        first, seconds = (each if isinstance(each, float) else 0.0 for each in times)
        hint = _("Look at the clock before create(), at the first piece of text, and at the end.")
        right = 0.9 * _LATE < first < seconds - _PIECES
        expect(right, hint, expected=f"{_LATE} ≤ first < seconds", got=times)
        begun = _dict(mute.value).get("first")
        hint = _("The first chunk has the role and no text yet: wait for the first letters.")
        right = isinstance(begun, float) and begun > 0.9 * _MUTE
        expect(right, hint, expected=f"{_MUTE} ≤ first", got=begun)
    with met("whole"):
        kinds = cut.error.kinds if cut.error else ()
        hint = _("The limit cut this brief. The last finish_reason says so: raise a RuntimeError.")
        expect("RuntimeError" in kinds, hint, expected="RuntimeError", got=_came(cut))
        kinds = other.error.kinds if other.error else ()
        hint = _(
            "The limit is not the only reason why a brief is not whole. Here the last "
            "finish_reason is {reason!r}: raise a RuntimeError for whatever is not 'stop'."
        ).format(reason=wire[4].finish_reason)
        expect("RuntimeError" in kinds, hint, expected="RuntimeError", got=_came(other))


@task(
    "10.2",
    N_("A folder of articles"),
    asks="batch",
    criteria=[
        Criterion("each", 1, N_("Every article gets its brief, in a file of its own.")),
        Criterion("empty", 1, N_("An empty article is not sent, and its name is returned.")),
        Criterion("goes_on", 1, N_("One failure does not stop the others.")),
        Criterion("again", 2, N_("What is there already is not paid for again.")),
    ],
)
def batch(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A folder without trouble, one with an empty article, one that fails, one half done."""
    model, told = fresh.model(), fresh.sentence()
    names = [f"{place}_{fresh.word()}" for place in range(1, 4)]

    def run(
        folder: str, files: dict[str, str], fault: str = ""
    ) -> tuple[Any, dict[str, str], list[Crossed]]:
        wire.clear()
        for name in (name for name in names if files.get(f"{name}.txt", "").strip()):
            if fault and name == names[1]:
                wire.fails(fault)
            else:
                wire.says(f"{name}: {fresh.sentence()}")
        before, path = len(wire), student.folder(folder, files)
        outcome = student.call("batch", student.client(max_retries=0), model, told, path)
        return _came(outcome), student.files(folder), wire.crossed[before:]

    articles = {f"{name}.txt": fresh.sentence() for name in names}
    with met("each"):
        came, files, crossed = run("plain", articles)
        hint = _("Send the articles in the order of their names, each as the user's message.")
        sent = [turn for each in crossed for turn in each.turns] or came
        pairs = [(("system", told), ("user", text)) for text in articles.values()]
        equal(sent, [turn for pair in pairs for turn in pair], hint)
        written = {f"{name}.md": each.reply for name, each in zip(names, crossed, strict=True)}
        hint = _("Write the brief of NAME.txt into NAME.md, beside it, and nothing else.")
        equal(sorted(files), sorted([*articles, *written]), hint)
        equal({name: files[name] for name in written}, written, hint)
    with met("empty"):
        came, _files, crossed = run("empty", {**articles, f"{names[1]}.txt": " \n"})
        hint = _("A model makes up news for an empty article. Look before you send.")
        full = [articles[f"{names[0]}.txt"], articles[f"{names[2]}.txt"]]
        equal(sorted(_said(crossed)), sorted(full), hint)
        equal(_names(came), names[1:2], _("Return the names of those that failed, with why."))
    with met("goes_on"):
        came, files, crossed = run("fault", articles, f"status={fresh.pick([400, 429, 500])}")
        hint = _("Note the error of one article, and go on with the next.")
        equal(sorted(_said(crossed)), sorted(articles.values()), hint)
        lost = _said([each for each in crossed if each.status != 200])
        failed = [name for name in names if articles[f"{name}.txt"] in lost]
        equal(_names(came), failed, _("Return the names of those that failed, with why."))
        hint = _("An article that failed has no brief: write no file for it.")
        briefs = [name for name in files if name.endswith(".md")]
        equal(sorted(briefs), [f"{name}.md" for name in names if name not in failed], hint)
    with met("again"):
        done = {f"{name}.md": fresh.sentence() for name in names[:2]}
        _left, files, crossed = run("again", {**articles, **done})
        hint = _("Where NAME.md is there already, leave it alone, and send nothing.")
        equal(_said(crossed), [articles[f"{names[2]}.txt"]], hint)
        equal({name: text for name, text in files.items() if name in done}, done, hint)


@task(
    "10.3",
    N_("A page for the manager"),
    asks="page",
    criteria=[
        Criterion("shown", 1, N_("Articles, models and briefs can be read on the page.")),
        Criterion("money", 1, N_("What each brief cost is there, and what a month would.")),
        Criterion("failed", 1, N_("What failed is there, with its reason.")),
        Criterion("safe", 1, N_("Nothing in a brief becomes a part of the page.")),
        Criterion("names", 1, N_("Nothing in a name or a reason does, either.")),
    ],
)
def page(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A page of harmless words, and the same page with sly ones."""
    runs = fresh.number(1000, 9000)

    def made(tail: str = "", in_names: str = "") -> tuple[Outcome, list[Any], dict[str, str]]:
        rows = [
            {
                "article": fresh.sentence() + in_names,
                "model": fresh.model(),
                "text": fresh.sentence() + tail,
                "paid": Decimal(fresh.number(10_000, 99_999)) / 10_000_000,
            }
            for _row in range(3)
        ]
        failed = {fresh.sentence() + in_names: fresh.sentence() + in_names}
        return student.call("page", rows, failed, runs), rows, failed

    outcome, rows, failed = made()
    plain = _page(outcome)
    with met("shown"):
        hint = _("Put the article's name, the model's name and the text of every row on the page.")
        for name in ("article", "model", "text"):
            for row in rows:
                expect(row[name] in plain.text, hint, expected=row[name], got=_came(outcome))
    with met("money"):
        hint = _("Write what was paid with dollars(), for every row.")
        for row in rows:
            paid = dollars(row["paid"])
            expect(paid in plain.text, hint, expected=paid, got=_came(outcome))
        month = dollars(per_month(sum((row["paid"] for row in rows), Decimal(0)), runs))
        hint = _("The month is what all briefs cost together, times the runs.")
        expect(month in plain.text, hint, expected=month, got=_came(outcome))
    with met("failed"):
        hint = _("Who hides a failure lets the manager believe that there was no more news.")
        for text in (*failed, *failed.values()):
            expect(text in plain.text, hint, expected=text, got=_came(outcome))
    slyness = fresh.shuffled(
        ['<img src="x" onerror="alert(1)">', "<script>alert(1)</script>", "<b onclick='alert(1)'>!"]
    )
    for sly in slyness:
        with met("safe"):
            hint = _(
                "What a model wrote stands in the page as a tag, or the page has no tag at all. "
                "Escape it, or render() it; the tags of the page are yours."
            )
            _same(made(tail=sly)[0], plain, sly, hint)
        with met("names"):
            hint = _("Names and reasons come from outside as well. Escape all of them.")
            _same(made(in_names=sly)[0], plain, sly, hint)


@task(
    "10.4",
    N_("Moving to Responses"),
    asks="to_responses",
    criteria=[
        Criterion("messages", 1, N_("The instruction and the other messages go apart.")),
        Criterion(
            "names", 2, N_("What has another name there gets it, and what is not there goes.")
        ),
        Criterion("absent", 1, N_("What the request did not say, the other does not either.")),
        Criterion("store", 1, N_("Nothing is stored.")),
        Criterion("untouched", 1, N_("The request that was given is unchanged.")),
    ],
)
def to_responses(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A request with everything, one with next to nothing, and one that says not to stream."""
    told = fresh.pick([system, developer])(fresh.sentence())
    talk = [user(fresh.sentence()), assistant(fresh.sentence()), user(fresh.sentence())]
    effort, limit = fresh.pick(["low", "medium", "high"]), fresh.number()
    full: dict[str, Any] = {
        "model": fresh.model(),
        "messages": [told, *talk],
        "max_completion_tokens": limit,
        "reasoning_effort": effort,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    small = {"model": fresh.model(), "messages": [user(fresh.sentence())]}
    outcome = student.call("to_responses", student.keep("request", full))
    after = student.read("request")
    little = student.call("to_responses", small)
    still = student.call("to_responses", {**small, "stream": False})

    with met("messages"):
        found = _dict(outcome.value)
        hint = _("instructions is the first message's text; input is the list of all the others.")
        expected = {"instructions": told["content"], "input": talk}
        equal({name: found.get(name) for name in expected}, expected, hint)
    with met("names"):
        apart = ("instructions", "input", "store")
        rest = {name: value for name, value in _dict(outcome.value).items() if name not in apart}
        hint = _("Go through it key by key: what is it called there, and is it there at all?")
        moved = {
            "model": ("model", full["model"]),
            "max_completion_tokens": ("max_output_tokens", limit),
            "reasoning_effort": ("reasoning", {"effort": effort}),
            "stream": ("stream", True),
        }
        for old, (new, value) in moved.items():
            # What it is called there is not given away.
            expect(rest.get(new) == value, hint, expected=f"{old}: {full[old]!r} → …", got=rest)
        equal(sorted(set(rest) - {new for new, _value in moved.values()}), [], hint)
        found = _dict(still.value)
        expect(found.get("stream") is False, hint, expected="stream: False → …", got=found)
    with met("absent"):
        keys = sorted(set(_dict(little.value)) - {"store"}) or little.value
        hint = _("This request has a model and one message. Add only what the request has.")
        equal(keys, ["input", "model"], hint)
    with met("store"):
        for each in (outcome, little):
            hint = _("Responses stores each response unless it is told not to.")
            equal(_dict(each.value).get("store"), False, hint)
    with met("untouched"):
        hint = _("Make a new dict: whoever called you may still need the request.")
        equal(after, full, hint)


def _dict(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def _came(outcome: Outcome) -> Any:
    return outcome.error or outcome.returned


def _names(came: Any) -> Any:
    return list(came) if isinstance(came, dict) else came


def _said(crossed: list[Crossed]) -> list[str]:
    return [each.turns[-1][1] for each in crossed if each.turns]


def _page(outcome: Outcome) -> Page:
    return Page(outcome.returned if isinstance(outcome.returned, str) else "")


def _same(outcome: Outcome, plain: Page, sly: str, hint: str) -> None:
    page = _page(outcome)
    new = [tag for tag in page.tags if tag not in plain.tags] + page.attributes
    same = (page.tags, page.attributes) == (plain.tags, plain.attributes)
    got = ", ".join(dict.fromkeys(new)) or _came(outcome)
    expect(same and page.tags, hint, expected=escape(sly), got=got)
