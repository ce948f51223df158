"""Exercise 07: the bill of a call and of a month, and money that is counted before it is spent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from course_utils import catalog
from course_utils.exercises.fresh import Fresh
from course_utils.exercises.marks import Criterion, Marks, Unmet, equal, expect
from course_utils.exercises.student import Outcome, Student
from course_utils.exercises.task import task
from course_utils.exercises.wire import Wire
from course_utils.language import N_
from course_utils.language import gettext as _
from course_utils.messages import user
from course_utils.tokens import count_message_tokens, count_tokens

_MILLION = 1_000_000
_LITTLE = Decimal("0.000001")


@task(
    "07.1",
    N_("One call's bill"),
    asks="bill",
    criteria=[
        Criterion("amount", 2, N_("Input and output tokens cost their prices per million.")),
        Criterion("exact", 1, N_("The amount is an exact Decimal, not rounded.")),
        Criterion("cached", 1, N_("Input tokens from the cache cost the cached price.")),
        Criterion("thinking", 1, N_("Reasoning tokens are paid once.")),
    ],
)
def bill(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A call without specials, then calls with cached and with reasoning tokens."""
    rates = _rates(fresh)

    def amount(prompt: int, completion: int, cached: int = 0, thought: int = 0) -> Outcome:
        return student.call("bill", _usage(prompt, completion, cached, thought), rates)

    prompt, completion = fresh.number(300_000, 900_000), fresh.number(300_000, 900_000)
    expected = _cost(prompt, completion, rates)
    plain = amount(prompt, completion)
    with met("amount"):
        hint = _(
            "Multiply the input tokens by the input price and the output tokens by the output "
            "price, add, and divide by a million: that is what the prices are for. Here {prompt} "
            "and {completion} tokens cost ${input} and ${output} per million."
        ).format(prompt=prompt, completion=completion, **rates)
        expect(_close(_number(plain, hint), expected), hint, expected=expected, got=plain.value)
    with met("exact"):
        found = _value(plain)
        hint = _("Stay with Decimal: no float(), no round(). The prices are Decimals already.")
        right = isinstance(found, Decimal) and (found == expected or not _close(found, expected))
        expect(right, hint, expected=repr(expected), got=repr(found))
    cached = prompt - fresh.number(100_000, 150_000)
    with met("cached"):
        hint = _(
            "prompt_tokens holds the cached tokens too: take them out, and add them at the cached "
            "price. Here {cached} came from the cache."
        ).format(cached=cached)
        whole, none = amount(cached, 0, cached), _number(amount(cached, 0), hint)
        price = none * rates["cached_input"] / rates["input"]
        expect(_close(_number(whole, hint), price), hint, expected=price, got=whole.value)
        part = amount(prompt, 0, cached)
        price = _number(amount(prompt - cached, 0), hint) + _number(whole, hint)
        expect(_close(_number(part, hint), price), hint, expected=price, got=part.value)
    with met("thinking"):
        thought = completion - fresh.number(1_000, 100_000)
        after = amount(prompt, completion, 0, thought)
        hint = _("completion_tokens holds the reasoning tokens already: do not add them again.")
        same = _close(_number(after, hint), _number(plain, hint))
        counts = not _close(_number(plain, hint), _number(amount(prompt, 0), hint))
        expect(same and counts, hint, expected=plain.value, got=after.value)


@task(
    "07.2",
    N_("The month of several models"),
    asks="month_bills",
    criteria=[
        Criterion("month", 2, N_("A month is the whole bill of a call, times the calls.")),
        Criterion("all", 1, N_("Every model is there, once.")),
        Criterion("order", 1, N_("The cheapest month comes first.")),
    ],
)
def month_bills(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Four models whose prices do not tell whose month is cheapest."""
    calls = fresh.number(1_000, 9_000) * 100
    usages, rates = _models(fresh)
    right = {name: _of(usages[name], rates[name]) * calls for name in usages}
    outcome = student.call("month_bills", usages, rates, calls)

    with met("month"):
        hint = _("Add input and output first, in parentheses; then multiply the sum by the calls.")
        found = _pairs(outcome, hint)
        expect(found, hint, expected=list(right.items()), got=outcome.value)
        for name, amount in found:
            price = right.get(name, Decimal(0))
            expect(_close(amount, price), hint, expected=(name, price), got=(name, amount))
    with met("all"):
        hint = _("Return a list with a pair for each model: first its name, then its amount.")
        names = sorted(str(first) for first, _second in _rows(outcome))
        expect(names == sorted(usages), hint, expected=sorted(usages), got=names)
    with met("order"):
        hint = _("Sort by the amounts of the month, from the smallest up: prices alone mislead.")
        found = _pairs(outcome, hint)
        ranked = sorted(found or right.items(), key=lambda pair: pair[1])
        expect(found == ranked, hint, expected=ranked, got=found or outcome.value)


@task(
    "07.3",
    N_("Asking before paying"),
    asks="ask_within",
    criteria=[
        Criterion("refuses", 2, N_("What could cost more than the budget is not sent.")),
        Criterion("sends", 1, N_("What fits is sent, even if only just.")),
        Criterion("limit", 1, N_("The request holds the limit that was reckoned with.")),
        Criterion("returns", 1, N_("It returns the reply's text.")),
    ],
)
def ask_within(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A budget that the worst case just fits, and one that is a millionth of a dollar short."""
    client, model, rates = student.client(), _model(fresh), _rates(fresh)
    messages, limit = [user(fresh.sentence())], fresh.number(60, 200)
    worst = _worst(messages, model, limit, rates)
    calls = []
    for budget in (worst - _LITTLE, worst, 2 * worst):
        wire.says(fresh.sentence())
        before = len(wire)
        outcome = student.call("ask_within", client, model, messages, limit, budget, rates)
        calls.append((outcome, len(wire) - before))
    (refused, unsent), (exact, sent), (answered, _sent) = calls

    with met("refuses"):
        hint = _(
            "Before you send, reckon with the worst: what count_message_tokens finds, and an "
            "output as long as the limit. Here that is ${worst}, more than the budget of "
            "${budget}: return None."
        ).format(worst=worst, budget=worst - _LITTLE)
        expect(wire[-1] and not unsent, hint, expected=_("no request"), got=unsent)
        expect(refused.value is None, hint, expected="None", got=refused.value)
    with met("sends"):
        hint = _("A request that can cost exactly the budget fits: only more is too much.")
        expect(sent, hint, expected=_("a request"), got=exact.error or repr(exact.returned))
    with met("limit"):
        hint = _("Send the limit as max_completion_tokens: else the reply may be longer.")
        equal(wire[-1].request.get("max_completion_tokens"), limit, hint)
    with met("returns"):
        hint = _("Return the text itself: response.choices[0].message.content.")
        equal(answered.value, wire[-1].reply, hint)


@task(
    "07.4",
    N_("A cap on many calls"),
    asks="answer_all",
    criteria=[
        Criterion("stops", 2, N_("No request is sent that could exceed the cap.")),
        Criterion("goes", 1, N_("It goes on as long as the next request fits.")),
        Criterion("limit", 1, N_("Every request holds the limit.")),
        Criterion("answers", 1, N_("It returns the texts of the replies, in order.")),
    ],
)
def answer_all(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Two caps: the next question just fits the one, and not the other."""
    client, model, rates = student.client(), _model(fresh), _rates(fresh)
    limit, fits = fresh.number(60, 90), fresh.number(3, 4)
    replies = [wire.says(fresh.sentence()) for _question in range(12)]
    for short in fresh.shuffled([Decimal(0), _LITTLE]):
        asked, before = [fresh.sentence() for _question in range(6)], len(wire)
        worst = [_worst([user(text)], model, limit, rates) for text in asked]
        spent = [
            _cost(count_message_tokens([user(text)], model=model), size, rates)
            for text, reply in zip(asked, replies[before:], strict=False)
            for size in [count_tokens(reply, model=model)]
        ]
        cap = sum(spent[:fits], worst[fits]) - short
        outcome = student.call("answer_all", client, model, asked, limit, cap, rates)
        sent = wire.crossed[before:]
        with met("stops"):
            hint = _(
                "Before each request, add what it can cost at most to what was spent so far: if "
                "that is more than the cap, end."
            )
            paid = [_of(one.usage, rates) if one.usage else Decimal(0) for one in sent]
            expect(wire[before], hint)
            for number, dearest in enumerate(worst[: len(sent)]):
                most = sum(paid[:number], dearest)
                expect(most <= cap, hint, expected=f"≤ ${cap}", got=f"${most}")
        with met("goes"):
            hint = _("Each request holds one user message, the question, and nothing before it.")
            for text, one in zip(asked, sent, strict=False):
                equal(one.turns, [("user", text)], hint)
            hint = _(
                "Add up what the replies' usage says was spent, not the worst cases; and a sum of "
                "exactly the cap still fits."
            )
            least = fits if short else fits + 1
            expect(len(sent) >= least, hint, expected=least, got=len(sent))
        with met("limit"):
            limits = [one.request.get("max_completion_tokens") for one in sent]
            hint = _("Send the limit as max_completion_tokens: else the reply may be longer.")
            expect(set(limits) == {limit}, hint, expected=[limit] * len(sent), got=limits)
        with met("answers"):
            hint = _("Return a list of the texts, one for each question that was sent.")
            expect(wire[before], hint)
            equal(outcome.value, [one.reply for one in sent], hint)


def _rates(fresh: Fresh) -> dict[str, Decimal]:
    """Return made-up prices, dollars per million tokens: output is dearer, the cache cheaper."""
    dear = Decimal(fresh.number(50, 300)) / 100
    return {
        "input": dear,
        "output": dear * fresh.number(3, 8),
        "cached_input": dear / fresh.pick([2, 4, 10]),
    }


def _usage(prompt: int, completion: int, cached: int = 0, thought: int = 0) -> dict[str, Any]:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": thought},
    }


def _cost(prompt: int, completion: int, rates: dict[str, Decimal]) -> Decimal:
    return (prompt * rates["input"] + completion * rates["output"]) / _MILLION


def _of(usage: dict[str, Any], rates: dict[str, Decimal]) -> Decimal:
    return _cost(usage["prompt_tokens"], usage["completion_tokens"], rates)


def _worst(messages: list[Any], model: str, limit: int, rates: dict[str, Decimal]) -> Decimal:
    return _cost(count_message_tokens(messages, model=model), limit, rates)


def _models(fresh: Fresh) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the usage and the prices of four models; no single price gives the right order."""
    while True:
        rates = {f"{fresh.word()}-{fresh.number(1, 9)}": _rates(fresh) for _model in range(4)}
        usages = {
            name: _usage(fresh.number(500, 5_000), size, 0, size // 2)
            for name in rates
            for size in [fresh.number(200, 3_000)]
        }
        months = {name: _of(usages[name], rates[name]) for name in rates}
        right = sorted(rates, key=lambda name: months[name])
        orders = [
            list(rates),
            sorted(rates),
            sorted(rates, key=lambda name: rates[name]["input"]),
            sorted(rates, key=lambda name: rates[name]["output"]),
            sorted(rates, key=lambda name: usages[name]["total_tokens"]),
        ]
        if len(rates) == 4 and right not in orders:
            return usages, rates


def _model(fresh: Fresh) -> str:
    """Return a model that does not think, so that a reply's tokens are those of its text."""
    return fresh.pick([each.name for each in catalog.models() if each.name.startswith("gpt-4.1")])


def _value(outcome: Outcome) -> Any:
    """Return what came; :class:`Unmet` with a hint of its own where float met Decimal."""
    error = outcome.error
    if error and {"'float'", "'decimal.Decimal'"} <= set(error.message.split()):
        hint = _(
            "A float and a Decimal cannot be multiplied or added. 1e6 is a float, and so is what "
            "comes of dividing two whole numbers: multiply by the price first, then divide by "
            "1_000_000."
        )
        raise Unmet(hint, expected=_("an amount"), got=error)
    return outcome.value


def _number(outcome: Outcome, hint: str) -> Decimal:
    """Return an amount as it came, a float too; :class:`Unmet` for anything else."""
    found = _value(outcome)
    if isinstance(found, bool) or not isinstance(found, int | float | Decimal):
        raise Unmet(hint, expected=_("an amount"), got=found)
    amount = Decimal(found)
    if not amount.is_finite():
        raise Unmet(hint, expected=_("an amount"), got=found)
    return amount


def _close(found: Decimal, expected: Decimal) -> bool:
    """Whether two amounts of dollars are the same but for rounding to cents."""
    return abs(found - expected) <= Decimal("0.02")


def _pairs(outcome: Outcome, hint: str) -> list[tuple[str, Decimal]]:
    """Return the names and the amounts, whichever stands first."""
    rows = [(one, two) if isinstance(one, str) else (two, one) for one, two in _rows(outcome)]
    return [(name, _number(Outcome(amount), hint)) for name, amount in rows]


def _rows(outcome: Outcome) -> list[tuple[Any, Any]]:
    """Return what stands for a list of pairs with a name in each; what does not is left out."""
    found = _value(outcome)
    rows = list(found.items()) if isinstance(found, dict) else found
    rows = rows if isinstance(rows, list) else []
    pairs = [each for each in rows if isinstance(each, list | tuple) and len(each) == 2]
    return [(one, two) for one, two in pairs if isinstance(one, str) or isinstance(two, str)]
