"""Patterns and bounds that a schema may hold: the honest ones are met, the others refused."""

from __future__ import annotations

import json
import re
from typing import Any

import openai
import pytest


def ask(client: openai.OpenAI, schema: dict[str, Any], text: str = "hi") -> Any:
    made = client.chat.completions.create(
        model="gpt-5.6-luna",
        messages=[{"role": "user", "content": text}],
        response_format={
            "type": "json_schema",
            "json_schema": {
                "name": "thing",
                "schema": {"type": "object", "properties": {"it": schema}},
            },
        },
    )
    return json.loads(made.choices[0].message.content or "")["it"]


@pytest.mark.parametrize(
    "pattern",
    [
        "^[0-9]{150}$",
        "^[a-z]{9999}$",
        "^([a-f0-9]{2}:){120}$",
        "^[가-힣]{101,}$",
        "^[^a-z]{300}$",
        r"^(\d{101})-\1$",
        "^([a-z]+ )+[a-z]+$",
        "^([\\U00010000-\\U0010ffff]|x){400}$",
    ],
)
def test_a_pattern_may_repeat_as_often_as_it_likes(client: openai.OpenAI, pattern: str) -> None:
    schema = {"type": "string", "pattern": pattern}
    made = ask(client, schema)
    assert re.fullmatch(pattern, made)
    assert made == ask(client, schema)


def test_a_long_pattern_still_takes_the_users_words(client: openai.OpenAI) -> None:
    code = "0123456789" * 15
    schema = {"type": "string", "pattern": "^[0-9]{150}$"}
    assert ask(client, schema, f"My code is {code}.") == code


@pytest.mark.parametrize(
    "pattern",
    [
        "((a{999}){999}){999}",
        "a|((a{999}){999}){999}",
        "(?:(?i:ab){60000}|){99}",
        r"(a{999})(\1{999})(\2{999})",
        "((((a*)*b)*c)*d)*",
        "((((((?:)*)*)*)*)*)*",
        "(?:){4000000000}",
        "a?" * 10_000,
    ],
)
def test_a_pattern_that_asks_for_too_much_is_refused(client: openai.OpenAI, pattern: str) -> None:
    with pytest.raises(openai.BadRequestError, match="too large for the practice server"):
        ask(client, {"type": "string", "pattern": pattern}, "a" * 1_000)


@pytest.mark.parametrize(
    "pattern", ["(" * 4_000 + ")" * 4_000, "[^\\x00-\\x7f]", "a{" + "9" * 5_000 + "}", "(?L)a", "["]
)
def test_a_pattern_that_python_cannot_follow_is_refused(
    client: openai.OpenAI, pattern: str
) -> None:
    with pytest.raises(openai.BadRequestError, match="Invalid schema"):
        ask(client, {"type": "string", "pattern": pattern})


@pytest.mark.parametrize(
    "bounds",
    [
        {"multipleOf": 1e-320, "minimum": 1e300},
        {"multipleOf": 10**400},
        {"exclusiveMinimum": 10**400},
    ],
)
def test_bounds_out_of_reach_are_refused(client: openai.OpenAI, bounds: dict[str, Any]) -> None:
    with pytest.raises(openai.BadRequestError, match="no number lies between its bounds"):
        ask(client, {"type": "number", **bounds}, "I am 7")


def test_a_number_of_400_digits_is_not_taken_for_one(client: openai.OpenAI) -> None:
    assert ask(client, {"type": "number", "minimum": 1}, f"{'9' * 400} or 7") == 7
