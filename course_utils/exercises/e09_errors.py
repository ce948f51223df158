"""Exercise 09: errors that are read, requests that are sent again, and money asked for first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from course_utils.cost import cost, estimate
from course_utils.exercises.fresh import Fresh
from course_utils.exercises.marks import Criterion, Marks, equal, expect
from course_utils.exercises.student import Object, Outcome, Student
from course_utils.exercises.task import task
from course_utils.exercises.wire import Wire
from course_utils.language import N_
from course_utils.language import gettext as _
from course_utils.messages import user
from course_utils.tokens import count_message_tokens

_QUOTA = "status=429; code=insufficient_quota"
_IMPATIENT = 0.15  # seconds that a client waits for a server that says nothing


@task(
    "09.1",
    N_("What to do about it"),
    asks="advice",
    criteria=[
        Criterion("ok", 1, N_("A reply gives “ok”.")),
        Criterion("fix", 1, N_("400, 401 and 404 give “fix”.")),
        Criterion("wait", 1, N_("Too many requests and errors of the server give “wait”.")),
        Criterion("pay", 1, N_("A 429 for want of money gives “pay”.")),
        Criterion("silent", 1, N_("No answer at all gives “silent”.")),
    ],
)
def advice(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A reply, and the same request in every kind of trouble."""
    model, client = fresh.model(), student.client(max_retries=0)

    def found(fault: str = "", to: Object = client) -> Any:
        wire.clear()
        if fault:
            wire.fails(fault)
        outcome = student.call("advice", to, model, fresh.sentence())
        return outcome.error or outcome.returned

    with met("ok"):
        hint = _("When no error was raised, say so: return 'ok' after create().")
        equal(found(), "ok", hint)
    with met("fix"):
        for status in fresh.shuffled([400, 401, 404]):
            hint = _("What we must mend ourselves is more than one class of errors.")
            equal(f"{status} → {found(f'status={status}')}", f"{status} → fix", hint)
    with met("wait"):
        for status in fresh.shuffled([429, 500, 503]):
            hint = _("429 says that the time was bad, 500 and above that the server has trouble.")
            equal(f"{status} → {found(f'status={status}')}", f"{status} → wait", hint)
    with met("pay"):
        hint = _("There are two kinds of 429. The error's code tells them apart.")
        equal(found(_QUOTA), "pay", hint)
    with met("silent"):
        mute = student.client(max_retries=0, timeout=_IMPATIENT)
        hint = _("Where no answer came there is no status code. Which class is that error's?")
        equal(found("hang=0.6", mute), "silent", hint)


@task(
    "09.2",
    N_("What the SDK did meanwhile"),
    asks="ask",
    criteria=[
        Criterion("text", 1, N_("The reply's text comes first.")),
        Criterion("count", 1, N_("Then comes how often the SDK had to send again.")),
        Criterion("retries", 1, N_("A server that stays down is asked as often as was said.")),
        Criterion("timeout", 1, N_("The client waits as long as was said.")),
    ],
)
def ask(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A server that recovers after some failures, and one that does not."""
    model, text = fresh.model(), fresh.sentence()
    retries, seconds, failures = fresh.number(4, 6), fresh.number(20, 90), fresh.number(1, 3)
    for _failure in range(failures):
        wire.fails("status=503; retry-after=0.01")
    reply = wire.says(fresh.sentence())
    told = student.call("ask", student.client(), model, text, retries, seconds)
    before = len(wire)
    wire.clear()
    for _failure in range(retries + 3):
        wire.fails("status=500; retry-after=0.01")
    down = student.call("ask", student.client(), model, text, retries, seconds)

    with met("text"):
        hint = _("Raw is the whole response: parse() makes the completion of it, as you know it.")
        equal(_of(told.value, 0), reply, hint)
    with met("count"):
        hint = _("Not how many retries are allowed, but how many it took: the raw response knows.")
        equal(_of(told.value, 1), failures, hint)
    with met("retries"):
        hint = _("One request and its retries: give the client that number with with_options().")
        equal(len(wire) - before, retries + 1, hint)
        _raised(down, "InternalServerError", _("When all retries failed, let the error pass on."))
    with met("timeout"):
        hint = _("Give the client its timeout in seconds, with with_options().")
        waits = wire[0].headers.get("x-stainless-read-timeout", "")
        expect(waits.removesuffix(".0") == str(seconds), hint, expected=seconds, got=waits)


@task(
    "09.3",
    N_("Patience by hand"),
    asks="patiently",
    criteria=[
        Criterion("ends", 1, N_("It ends with the reply, or with the error of the fourth try.")),
        Criterion("backoff", 2, N_("The wait is drawn between 0 and 2, then 4, then 8 seconds.")),
        Criterion("told", 1, N_("It never waits less than Retry-After says.")),
        Criterion("hopeless", 1, N_("What no second try can mend is not sent again.")),
        Criterion("once", 1, N_("The SDK retries nothing besides.")),
    ],
)
def patiently(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Servers that recover, that never do, that say how long, and that cannot be helped."""
    model, drawn = fresh.model(), fresh.number(1, 7) / 8
    sleep, uniform = student.function("sleep"), student.function("uniform", returns=drawn)

    def run(*faults: str, **options: Any) -> tuple[Outcome, int]:
        wire.clear()
        for fault in faults:
            wire.fails(fault)
        before, client = len(wire), student.client(**{"max_retries": 0, **options})
        outcome = student.call("patiently", client, model, fresh.sentence(), sleep, uniform)
        return outcome, len(wire) - before

    with met("ends"):
        outcome, _count = run()
        equal(outcome.value, wire[-1].reply, _returned())
        outcome, count = run("hang=0.6", timeout=_IMPATIENT)
        hint = _("A timeout is worth another try too. Its error has no response to look at.")
        expect(count > 1, hint, expected="> 1", got=outcome.error or count)
        outcome, count = run(*["status=500"] * 4)
        hint = _("After the fourth failure do not wait any more: let the error pass on.")
        _raised(outcome, "InternalServerError", hint)
        equal(count, 4, hint)
        equal(len(_waits(outcome)), 3, hint)
    with met("backoff"):
        outcome, _count = run("status=500", "status=429", "status=503")
        bounds = [each["args"] for each in outcome.called if each["name"] == "uniform"]
        hint = _("Draw each wait with uniform(): from 0 to 2ⁿ seconds after the n-th failure.")
        equal(bounds, [[0, 2], [0, 4], [0, 8]], hint)
        hint = _("Give sleep() what uniform() drew.")
        equal(_waits(outcome), [drawn] * 3, hint)
    with met("told"):
        seconds = fresh.number(5, 40)
        outcome, _count = run(f"status=429; retry-after={seconds}")
        hint = _("The error's response has headers, and their values are texts: make numbers.")
        waited = sum(_waits(outcome))
        got = outcome.error or waited
        expect(waited >= seconds, hint, expected=f"≥ {seconds}", got=got)
        outcome, _count = run("status=429")
        hint = _("What was drawn comes on top of Retry-After: add the two.")
        equal(float(waited), float(seconds + sum(_waits(outcome))), hint)
    with met("hopeless"):
        for fault in (*(f"status={status}" for status in fresh.shuffled([400, 401, 404])), _QUOTA):
            outcome, count = run(fault)
            hint = _("Retry only what may get better. Of the two kinds of 429, one will not.")
            equal(f"{fault} → {count}", f"{fault} → 1", hint)
            _raised(outcome, "APIStatusError", hint)
    with met("once"):
        before = len(wire)
        run("status=503; retry-after=0.01", "status=503; retry-after=0.01", max_retries=2)
        counts = [each.headers.get("x-stainless-retry-count") for each in wire.crossed[before:]]
        hint = _("The client that you were given retries by itself: tell it not to.")
        equal(counts, ["0"] * len(counts), hint)


@task(
    "09.4",
    N_("Estimate, cap, log"),
    asks="careful",
    criteria=[
        Criterion("blocks", 1, N_("What could cost more than allowed is not sent, and only that.")),
        Criterion("limit", 1, N_("The reply has the limit that was reckoned with.")),
        Criterion("worst", 1, N_("The worst cost is that of the messages and of a full reply.")),
        Criterion("paid", 1, N_("It returns the reply, and the log says what it really cost.")),
        Criterion("failed", 1, N_("An error is in the log, and passes on all the same.")),
    ],
)
def careful(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A request that is too dear, one that just fits, and one that fails."""
    model, limit = fresh.model(), fresh.number(5000, 9000)
    messages = [user(fresh.sentence()) for _message in range(fresh.number(2, 5))]
    worst = estimate(count_message_tokens(messages), limit, model=model)
    client = student.client(max_retries=0)

    def run(most: Decimal) -> tuple[Outcome, dict[str, Any], int]:
        log, before = student.keep("log", []), len(wire)
        outcome = student.call("careful", client, model, messages, limit, most, log)
        wire.clear()
        return outcome, _line(student.read("log")), len(wire) - before

    blocked, of_blocked, count = run(worst / 20)
    _exact, _of_exact, fitting = run(worst)
    reply = wire.says(fresh.sentence())
    sent, of_sent, _count = run(worst * 2)
    request = wire.crossed[-1:]
    code = fresh.pick(["rate_limit_exceeded", "insufficient_quota"])
    wire.fails("status=429" if code == "rate_limit_exceeded" else _QUOTA)
    failed, of_failed, _count = run(worst * 2)

    with met("blocks"):
        hint = _("Compare the worst cost with most before create(), and return None.")
        equal(count, 0, hint)
        expect(blocked.value is None, hint, expected="None", got=blocked.value)
        equal(of_blocked.get("event"), "blocked", _("Write into the log what was not sent, too."))
        hint = _("What costs exactly the most that is allowed may still be sent.")
        equal(fitting, 1, hint)
    with met("limit"):
        hint = _("Without a limit of its own the reply may be longer than you reckoned.")
        equal([each.request.get("max_completion_tokens") for each in request], [limit], hint)
    with met("worst"):
        hint = _("Count the messages with count_message_tokens, and take limit for the reply.")
        equal(of_sent.get("worst"), worst, hint)
    with met("paid"):
        equal(sent.value, reply, _returned())
        hint = _("What was paid stands in the usage of the response: cost() reads it.")
        paid = [cost(each.usage, model=model) for each in request if each.usage]
        equal([of_sent.get("event"), of_sent.get("paid")], ["sent", *paid], hint)
    with met("failed"):
        hint = _("Catch openai.APIError, note its code in the log, and raise it again.")
        equal([of_failed.get("event"), of_failed.get("code")], ["failed", code], hint)
        _raised(failed, "RateLimitError", hint)


def _raised(outcome: Outcome, kind: str, hint: str) -> None:
    kinds = outcome.error.kinds if outcome.error else ()
    expect(kind in kinds, hint, expected=kind, got=outcome.error or outcome.returned)


def _waits(outcome: Outcome) -> list[float]:
    """Return how many seconds each wait had, of those that were any."""
    given = [each["args"][0] for each in outcome.called if each["name"] == "sleep" and each["args"]]
    return [each for each in given if isinstance(each, int | float) and each]


def _of(values: Any, place: int) -> Any:
    return values[place] if isinstance(values, list) and values[place:] else values


def _line(log: Any) -> dict[str, Any]:
    found = _of(log, -1)
    return found if isinstance(found, dict) else {}


def _returned() -> str:
    return _("Return the text itself: response.choices[0].message.content.")
