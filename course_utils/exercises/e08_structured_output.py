"""Exercise 08: objects instead of text, tools that are asked for, and arguments from outside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from course_utils.exercises.fresh import Fresh
from course_utils.exercises.marks import Criterion, Marks, equal, expect
from course_utils.exercises.plain import Model
from course_utils.exercises.student import Outcome, Student
from course_utils.exercises.task import task
from course_utils.exercises.wire import Crossed, Wire
from course_utils.language import N_
from course_utils.language import gettext as _


@task(
    "08.1",
    N_("A class of your own"),
    asks="book",
    criteria=[
        Criterion("schema", 1, N_("What was said is sent, with a strict schema of three keys.")),
        Criterion("returns", 1, N_("It returns the object, its fields filled.")),
        Criterion("null", 1, N_("The name may be missing: then it is None.")),
        Criterion("choices", 1, N_("The seat is one of two words, and nothing else.")),
    ],
)
def book(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """A reply with every field, one without a name, and one whose seat does not exist."""
    model, seats, text = fresh.model(), fresh.shuffled(["window", "bar"]), fresh.sentence()

    def run(**changes: Any) -> tuple[Model, Outcome]:
        made = {"name": fresh.name(), "people": fresh.number(2, 90), "seat": seats[0], **changes}
        wire.says(json.dumps(made, ensure_ascii=False))
        return Model("Booking", made), student.call("book", student.client(), model, text)

    made, outcome = run()
    with met("schema"):
        hint = _("Send the user's words as they are.")
        equal(wire[0].turns[-1:], [("user", text)], hint)
        form = wire[0].request.get("response_format")
        hint = _("Let the reply have the form of your class: parse() makes a strict schema of it.")
        equal(_strict_keys(form), ["name", "people", "seat"], hint)
    with met("returns"):
        hint = _("Return the object itself, not its text, and give each field its own type.")
        _is_object(outcome, made, hint)
    with met("null"):
        hint = _("Nobody told a name, so it is null. Allow that in the class.")
        _made, outcome = run(name=None, seat=seats[1])
        _is_object(outcome, Model("Booking", {"name": None}), hint)
    with met("choices"):
        _made, outcome = run(seat=fresh.word())
        hint = _("A seat that does not exist came through. Which type lists the words allowed?")
        kinds = outcome.error.kinds if outcome.error else ()
        expect("ValidationError" in kinds, hint, expected="ValidationError", got=_came(outcome))


@task(
    "08.2",
    N_("When no object comes"),
    asks="parcel",
    criteria=[
        Criterion("object", 1, N_("It returns the object when there is one.")),
        Criterion("refused", 1, N_("When the model refuses, it returns its words.")),
        Criterion("cut", 2, N_("A reply that the limit cuts gives None.")),
    ],
)
def parcel(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """An object, a refusal, and a reply that is longer than the limit."""
    model, client = fresh.model(), student.client()
    made = {"name": fresh.name(), "grams": fresh.number()}
    reply = json.dumps(made, ensure_ascii=False)
    wire.says(reply)
    whole = student.call("parcel", client, model, fresh.sentence(), 4000)
    refusal = wire.refuses(fresh.sentence())
    refused = student.call("parcel", client, model, fresh.sentence(), 4000)
    wire.says(reply)
    limit = fresh.number(3, 6)
    cut = student.call("parcel", client, model, fresh.sentence(), limit)

    with met("object"):
        _is_object(
            whole,
            Model("Parcel", made),
            _("Return the object itself: it is in the message, as parsed."),
        )
    with met("refused"):
        hint = _("parsed is None when the model refuses. Its words are in another field.")
        equal(_came(refused), refusal, hint)
    with met("cut"):
        hint = _("Send limit along, as max_completion_tokens.")
        equal(wire[2].request.get("max_completion_tokens"), limit, hint)
        hint = _("Half a JSON is none, so parse() raises an error. Catch just that one.")
        expect(_came(cut) is None, hint, expected="None", got=_came(cut))


@task(
    "08.3",
    N_("Arguments from outside"),
    asks="take",
    criteria=[
        Criterion("fine", 1, N_("What is right is taken out of the stock, and gives “ok”.")),
        Criterion("broken", 1, N_("What does not have the right form gives an error, as a text.")),
        Criterion("unknown", 1, N_("What is not on the menu gives an error, as a text.")),
        Criterion("enough", 1, N_("No more than the stock is taken, and no less than one.")),
        Criterion("unrun", 1, N_("The text of the arguments is never run as code.")),
    ],
)
def take(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """Arguments that are right, broken, unknown, too many, and sly."""
    menus = _different(fresh, 3)
    stock = {menu: fresh.number(5, 90) for menu in menus[:2]}
    menu = menus[0]

    def run(arguments: Any) -> tuple[Outcome, Any]:
        given = student.keep("stock", stock)
        return student.call("take", _text(arguments), given), student.read("stock")

    def refused(arguments: Any, hint: str) -> None:
        outcome, left = run(arguments)
        came = _came(outcome)
        is_error = isinstance(came, str) and came.lower().startswith("error")
        expect(is_error, hint, expected=f"{_text(arguments)} → error…", got=came)
        equal(left, stock, hint)

    with met("fine"):
        for count in (fresh.number(1, 4), stock[menu]):
            outcome, left = run({"menu": menu, "count": count})
            hint = _("Take the count out of the stock that you were given, and return 'ok'.")
            equal(_came(outcome), "ok", hint)
            equal(left, {**stock, menu: stock[menu] - count}, hint)
    with met("broken"):
        hint = _("Return an error for it, and raise none: the model is waiting for a result.")
        for arguments in ('{"menu": "', {"menu": menu}, {"menu": menu, "count": None}, [menu, 1]):
            refused(arguments, hint)
    with met("unknown"):
        hint = _("The stock has no such thing. Look whether it does before you go on.")
        refused({"menu": menus[2], "count": 1}, hint)
    with met("enough"):
        hint = _("The schema does not know how much is left. Check both ends, then take.")
        for count in (stock[menu] + 1, 0, -fresh.number(1, 9)):
            refused({"menu": menu, "count": count}, hint)
    with met("unrun"):
        word = fresh.sentence()
        outcome, _left = run(f'{{"menu": print("{word}"), "count": 1}}')
        hint = _("This text was run as code! Read it as JSON, with a function that only reads.")
        expect(word not in outcome.output, hint, expected=_("nothing printed"), got=outcome.output)


@task(
    "08.4",
    N_("As long as it asks"),
    asks="serve",
    criteria=[
        Criterion("plain", 1, N_("When no tool is asked for, the first reply is returned.")),
        Criterion("results", 2, N_("Every call gets its own result, behind the request for it.")),
        Criterion("again", 1, N_("It goes on for as long as tools are asked for.")),
        Criterion("stops", 1, N_("After the most requests that are allowed it returns None.")),
    ],
)
def serve(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
    """No call, several at once, one after the other, and no end of them."""
    model, menus = fresh.model(), _different(fresh, 4)
    counts = fresh.shuffled(range(10, 99))
    stock, tools = {menu: counts.pop() for menu in menus}, _tools(menus)

    def run(most: int, *rounds: Sequence[str]) -> tuple[str, Outcome, list[Crossed]]:
        wire.clear()
        for menu in rounds:
            wire.calls(*(("check_stock", {"menu": each}) for each in menu))
        text, reply, before = fresh.sentence(), wire.says(fresh.sentence()), len(wire)
        outcome = student.call("serve", student.client(), model, text, tools, stock, most)
        return reply, outcome, wire.crossed[before:]

    with met("plain"):
        reply, outcome, crossed = run(5)
        hint = _("tool_calls is None when no tool is asked for. Return the text then.")
        equal(_came(outcome), reply, hint)
        equal(len(crossed), 1, hint)
    with met("results"):
        _reply, outcome, crossed = run(5, menus[:3])
        hint = _(
            "Send the question, then the message with the calls, then a tool message for each."
        )
        roles = [role for each in crossed[1:2] for role, _said in each.turns] or _came(outcome)
        equal(roles, ["user", "assistant", "tool", "tool", "tool"], hint)
        hint = _("Answer each call under its own id, with what its own arguments ask for.")
        equal(_answered(crossed), [(menu, str(stock[menu])) for menu in menus[:3]], hint)
    with met("again"):
        reply, outcome, crossed = run(5, menus[:1], menus[1:2], menus[2:3])
        hint = _("The model may ask again after it has read a result. Repeat until it does not.")
        equal(_came(outcome), reply, hint)
    with met("stops"):
        most = fresh.number(2, 4)
        _reply, outcome, crossed = run(most, *([menus[:1]] * (most + 3)))
        hint = _("Count the requests, and give up when there were as many as most says.")
        expect(len(crossed) <= most, hint, expected=f"≤ {most}", got=len(crossed))
        expect(_came(outcome) is None, hint, expected="None", got=_came(outcome))


def _came(outcome: Outcome) -> Any:
    return outcome.error or outcome.returned


def _is_object(outcome: Outcome, expected: Model, hint: str) -> None:
    """Look at an object's fields, those that are expected; 3 is not 3.0."""
    came = _came(outcome)
    given = came.fields if isinstance(came, Model) else {}
    found = {name: given.get(name, ...) for name in expected.fields}
    expect(repr(found) == repr(expected.fields), hint, expected=expected, got=came)


def _strict_keys(form: Any) -> Any:
    """Return the keys of a strict schema; of anything else, what was sent."""
    given = _dict(_dict(form).get("json_schema"))
    keys = _dict(_dict(given.get("schema")).get("properties"))
    return sorted(keys) if given.get("strict") is True else form


def _dict(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def _text(arguments: Any) -> str:
    """Write arguments as JSON; a text is taken as it is."""
    return arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)


def _different(fresh: Fresh, count: int) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        found = list(dict.fromkeys([*found, fresh.word()]))
    return found


def _tools(menus: list[str]) -> list[dict[str, Any]]:
    schema = {
        "type": "object",
        "properties": {"menu": {"type": "string", "enum": menus}},
        "required": ["menu"],
        "additionalProperties": False,
    }
    return [{"type": "function", "function": {"name": "check_stock", "parameters": schema}}]


def _answered(crossed: list[Crossed]) -> list[tuple[str, str]]:
    """Return what each call of the first reply asked for, and what it was told in the second."""
    if crossed[0].status != 200:
        return []
    sent = map(_dict, crossed[1].messages if len(crossed) > 1 else [])
    told = {str(each.get("tool_call_id")): str(each.get("content")) for each in sent}
    calls = json.loads(crossed[0].response)["choices"][0]["message"]["tool_calls"]
    menus = [json.loads(call["function"]["arguments"])["menu"] for call in calls]
    return [(menu, told.get(call["id"], "")) for menu, call in zip(menus, calls, strict=True)]
