"""Exercise 02: limits, settings that arrive, probabilities by hand, and what a model takes."""

from __future__ import annotations

from typing import Any

from course_utils import catalog
from course_utils.exercises.fresh import Fresh
from course_utils.exercises.marks import Criterion, Marks, equal, expect
from course_utils.exercises.student import Outcome, Student
from course_utils.exercises.task import task
from course_utils.exercises.wire import Wire
from course_utils.language import N_
from course_utils.language import gettext as _
from course_utils.messages import user
from course_utils.tokens import count_tokens

_ROUNDED = 0.001  # how far a probability may be off: three digits, as a task's example has
_POEM = {"ko": "시에 쓸 낱말을 하나만 골라 주세요.", "en": "Pick one word for a poem."}


@task(
    "02.1",
    N_("Whole or cut?"),
    asks="limited",
    criteria=[
        Criterion("limit", 1, N_("The limit is sent as the parameter that every model knows.")),
        Criterion("text", 1, N_("First comes the reply's text, cut or not.")),
        Criterion("cut", 2, N_("Then comes whether the limit cut the reply.")),
    ],
)
def limited(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Three limits: too small, just enough for a reply without a full stop, and large."""
    client, model = student.client(), fresh.model("classic")
    for more in fresh.shuffled([-fresh.number(3, 6), 0, fresh.number(5, 20)]):
        reply = wire.says(fresh.sentence().rstrip("."))
        limit = count_tokens(reply, model=model) + more
        outcome = student.call("limited", client, model, fresh.sentence(), limit)
        sent = wire[-1]

        with met("limit"):
            hint = _(
                "Send the limit as max_completion_tokens. A wish in words does not bind the model, "
                "and max_tokens is an old name that reasoning models refuse."
            )
            equal(sent.request.get("max_completion_tokens"), limit, hint)
        with met("text"):
            hint = _("Return two values, return text, cut: the text just as it came goes first.")
            equal(outcome.part(0), sent.reply, hint)
        with met("cut"):
            hint = _(
                "The second value is True or False. Neither the text nor its length can tell: the "
                "finish_reason says why the reply ended. Here it is {reason!r}."
            ).format(reason=sent.finish_reason)
            equal(outcome.part(1), sent.finish_reason == "length", hint)


@task(
    "02.2",
    N_("Settings that arrive"),
    asks="answers",
    criteria=[
        Criterion("settings", 2, N_("Every setting of the dict is in the request.")),
        Criterion("all", 1, N_("It returns the texts of all choices, in order.")),
        Criterion("once", 1, N_("One request is enough for all of them.")),
        Criterion("untouched", 1, N_("The dict that was given is unchanged.")),
    ],
)
def answers(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """One request with several settings, n among them."""
    settings = {
        "n": fresh.number(4, 6),
        "temperature": fresh.number(6, 20) / 10,
        fresh.pick(["presence_penalty", "frequency_penalty"]): fresh.number(1, 20) / 10,
        "max_completion_tokens": fresh.number(16, 64),
        "seed": fresh.number(),
    }
    given = student.keep("settings", settings)
    messages = [user(_POEM[fresh.language])]
    outcome = student.call("answers", student.client(), fresh.model("classic"), messages, given)

    with met("settings"):
        sent = {name: wire[0].request.get(name) for name in settings}
        hint = _("A dict beside the call does nothing: hand it over with **settings.")
        equal(sent, settings, hint)
    with met("all"):
        hint = _("choices has one entry for each reply: take the text of every one, as a list.")
        equal(outcome.value, wire[0].replies or [None], hint)
    with met("once"):
        hint = _("Call create() once: n replies come with one response, and each call costs.")
        equal(len(wire), 1, hint)
    with met("untouched"):
        hint = _("Do not write into settings: what you add goes into the call, or into a copy.")
        expect(wire[0], hint)
        equal(student.read("settings"), settings, hint)


@task(
    "02.3",
    N_("Heights and tails"),
    asks="reshaped",
    criteria=[
        Criterion("temperature", 2, N_("The temperature makes probabilities steeper or flatter.")),
        Criterion("zero", 1, N_("At temperature 0 the likeliest word is certain.")),
        Criterion("tail", 2, N_("top_p keeps the likeliest words until they reach it.")),
        Criterion("order", 1, N_("The temperature comes first, then top_p.")),
    ],
)
def reshaped(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """The probabilities of five words, with each knob alone and with both."""
    shares = _shares(fresh)
    ranked = sorted(shares, key=lambda word: -shares[word])
    high, low = fresh.number(15, 20) / 10, fresh.number(3, 7) / 10
    for temperature in (high, low):
        outcome = student.call("reshaped", shares, temperature, 1)
        with met("temperature"):
            powers = {word: share ** (1 / temperature) for word, share in shares.items()}
            hint = _(
                "Raise each probability to the power 1/temperature, then divide by the sum. Here "
                "the temperature is {temperature}."
            ).format(temperature=temperature)
            _alike(outcome, powers, hint)
    cold = student.call("reshaped", shares, 0, 1)
    with met("zero"):
        hint = _("Nothing can be divided by 0: treat temperature 0 as a case of its own.")
        certain = {ranked[0]: 1.0}
        expect(cold.error is None, hint, expected=certain, got=cold.error)
        _alike(cold, certain, hint)
    kept = ranked[: fresh.number(2, 3)]
    middle = sum(shares[word] for word in kept) - shares[kept[-1]] / 2
    cut = student.call("reshaped", shares, 1, middle)
    with met("tail"):
        hint = _(
            "Begin with the likeliest word, and keep words until their sum reaches top_p: the one "
            "that reaches it stays. Then divide, so that the rest adds up to 1. Here top_p is "
            "{top_p:.2f}."
        ).format(top_p=middle)
        _alike(cut, {word: shares[word] for word in kept}, hint)
    flat = sorted((share ** (1 / high) for share in shares.values()), reverse=True)
    border = (sum(shares[word] for word in kept) + sum(flat[: len(kept)]) / sum(flat)) / 2
    hot = student.call("reshaped", shares, high, 1)
    both = student.call("reshaped", shares, high, border)
    with met("order"):
        expected = _numbers(student.call("reshaped", _numbers(hot.value), 1, border).value)
        hint = _("Change the heights by the temperature first: what top_p keeps depends on them.")
        found = _numbers(both.value)
        right = set(found) == set(expected) and found != shares and found
        expect(right, hint, expected=sorted(expected), got=sorted(found))


@task(
    "02.4",
    N_("A temperature for any model"),
    asks="ask_any",
    criteria=[
        Criterion("plain", 1, N_("A model that takes a temperature gets it, and nothing more.")),
        Criterion("quiet", 2, N_("A model that can stop thinking stops, and gets it too.")),
        Criterion("thinking", 1, N_("A model that always thinks gets none.")),
        Criterion("once", 1, N_("Nothing is tried out: there is one request for each question.")),
        Criterion("returns", 1, N_("It returns the reply's text.")),
    ],
)
def ask_any(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A question for a model of each of three kinds."""
    client, warm = student.client(max_retries=0), fresh.number(1, 9) / 10
    replied = []
    for kind, (model, settings) in _kinds(fresh, warm).items():
        wire.says(fresh.sentence())
        before = len(wire)
        outcome = student.call("ask_any", client, model, fresh.sentence(), warm)
        sent = wire.crossed[before:]
        with met(kind):
            found = [
                {name: one.request.get(name) for name in ("temperature", "reasoning_effort")}
                for one in sent
            ]
            expected = {"temperature": None, "reasoning_effort": None, **settings}
            hint = _hint(kind).format(model=model)
            expect(found[-1:] == [expected], hint, expected=expected, got=found)
        with met("once"):
            hint = _("Ask the catalogue what the model takes, before you send anything.")
            equal(len(sent), 1, hint)
        replied += [(outcome, one.reply) for one in sent if one.status == 200]
    with met("returns"):
        hint = _("Return the text itself: response.choices[0].message.content.")
        expect(replied, hint, expected=_("a reply"), got=None)
        for outcome, reply in replied:
            equal(outcome.value, reply, hint)


def _kinds(fresh: Fresh, warm: float) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return a model of each kind, and the settings that it is to get."""
    reasoning = [each for each in catalog.models() if each.family == "reasoning"]
    unable = [each.name for each in reasoning if "none" not in each.reasoning_efforts]
    able = fresh.model()
    while catalog.get(able).takes("temperature") or able in unable:
        able = fresh.model()
    return {
        "plain": (fresh.model("classic"), {"temperature": warm}),
        "quiet": (able, {"temperature": warm, "reasoning_effort": "none"}),
        "thinking": (fresh.pick(unable), {}),
    }


def _hint(kind: str) -> str:
    if kind == "plain":
        return _("Send {model} the temperature that was given as it is, and no reasoning_effort.")
    if kind == "quiet":
        return _("{model} takes a temperature as soon as its reasoning_effort is 'none'.")
    return _(
        "Look at the reasoning_efforts of {model}: not every thinking model knows 'none', and "
        "without it there is no temperature."
    )


def _shares(fresh: Fresh) -> dict[str, float]:
    """Return the probabilities of five words, in an order that says nothing."""
    words: list[str] = []
    while len(words) < 5:
        words += {fresh.word()} - set(words)
    weights = [fresh.number(46, 50), fresh.number(23, 26), fresh.number(12, 15)]
    weights += [fresh.number(7, 9), fresh.number(3, 5)]
    shares = [weight / sum(weights) for weight in weights]
    given = dict(zip(words, shares, strict=True))
    return {word: given[word] for word in [words[4], *fresh.shuffled(words[:4])]}


def _numbers(value: Any) -> dict[str, float]:
    """Return the words that can still come up; a word with the probability 0 cannot."""
    items = value.items() if isinstance(value, dict) else ()
    return {word: share for word, share in items if isinstance(share, int | float) and share > 0}


def _alike(outcome: Outcome, powers: dict[str, float], hint: str) -> None:
    """Expect probabilities, rounded or not; ``powers`` need not add up to 1."""
    total = sum(powers.values())
    expected = {word: power / total for word, power in powers.items()}
    found = _numbers(outcome.value)
    off = [found.get(word, 0) - expected.get(word, 0) for word in {**expected, **found}]
    right = all(abs(each) <= _ROUNDED for each in off)
    expect(right, hint, expected=_ranked(expected), got=_ranked(found) or outcome.value)


def _ranked(shares: dict[str, float]) -> dict[str, float]:
    """Return probabilities as a reader compares them: the largest first, and rounded."""
    return {word: round(shares[word], 4) for word in sorted(shares, key=lambda word: -shares[word])}
