"""docs/practice-server.md: each parameter of the SDK has a row, and the row is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openai
import pytest

from course_utils.practice import faults, schema

PAGE = (Path(__file__).parents[2] / "docs" / "practice-server.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| ([\w ]+) \|", PAGE, re.MULTILINE))

# A value for each parameter that has no effect or is refused, and a model that takes it.
EXAMPLES: dict[str, tuple[str, Any]] = {
    "audio": ("gpt-4o", {"voice": "alloy", "format": "wav"}),
    "moderation": ("gpt-4o", {"model": "omni-moderation-latest"}),
    "prediction": ("gpt-4o", {"type": "content", "content": "Hello!"}),
    "prompt_cache_key": ("gpt-4o", "lesson"),
    "prompt_cache_options": ("gpt-4o", {"mode": "implicit"}),
    "prompt_cache_retention": ("gpt-4o", "24h"),
    "safety_identifier": ("gpt-4o", "reader"),
    "user": ("gpt-4o", "reader"),
    "verbosity": ("gpt-5.6-luna", "low"),
    "web_search_options": ("gpt-4o", {}),
}


def of_kind(kind: str) -> list[str]:
    return [name for name, its in ROWS.items() if its == kind]


def ask(client: openai.OpenAI, model: str, **options: Any) -> Any:
    return client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Hello!"}], extra_body=options
    )


def test_each_parameter_of_the_sdk_has_a_row() -> None:
    assert set(ROWS) == schema.PARAMETERS
    assert set(ROWS.values()) == {"honoured", "simplified", "no effect", "refused"}


@pytest.mark.parametrize("name", of_kind("no effect"))
def test_what_has_no_effect_is_taken_and_changes_nothing(client: openai.OpenAI, name: str) -> None:
    model, value = EXAMPLES[name]
    plain, told = ask(client, model), ask(client, model, **{name: value})
    assert told.choices == plain.choices
    assert told.usage == plain.usage


@pytest.mark.parametrize("name", of_kind("refused"))
def test_what_is_refused_is_a_400(client: openai.OpenAI, name: str) -> None:
    model, value = EXAMPLES[name]
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, model, **{name: value})
    assert caught.value.param == name
    assert caught.value.code == "unsupported_parameter"


def test_sound_and_limits_beyond_the_model_s_are_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="'modalities' does not support 'audio'"):
        ask(client, "gpt-4o", modalities=["text", "audio"])
    with pytest.raises(openai.BadRequestError, match="supports at most 16384 completion tokens"):
        ask(client, "gpt-4o", max_tokens=16_385)
    assert ask(client, "gpt-4o", modalities=["text"], max_tokens=16_384).choices


def test_each_fault_has_a_row() -> None:
    section = PAGE.split("## Trouble and pace")[1].split("## Errors")[0]
    for line in re.findall(r"^\| `(.+?)` \|", section, re.MULTILINE):
        faults.Fault.parse(line)
    named = {line.split("=")[0] for line in re.findall(r"^\| `(.+?)` \|", section, re.MULTILINE)}
    with pytest.raises(faults.ApiError) as caught:
        faults.Fault.parse("none")
    assert named == set(re.findall(r"([\w-]+)=…", str(caught.value)))
