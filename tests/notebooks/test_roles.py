"""Lesson 01 says of its outputs what they show: who won, what leaked, how many tokens it took."""

from __future__ import annotations

import re

import pytest

from course_utils.language import LANGUAGES
from course_utils.notebooks import checkout, read

SECRETS = {"ko": "복숭아", "en": "peach"}
PIRATES = {"ko": "요호호!|어이, 선원!", "en": "Arr!|Avast!"}


class Stored:
    """One language's lesson: the source and the output of each cell, by its id."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.cells = {
            cell.id: cell
            for cell in read(checkout() / "notebooks" / language / "01_roles.ipynb").cells
        }

    def prose(self, name: str) -> str:
        return self.cells[name].source

    def output(self, name: str) -> str:
        return "".join(
            out.get("text", "") + out.get("data", {}).get("text/plain", "") + out.get("evalue", "")
            for out in self.cells[name].outputs
        )

    def answers(self, name: str) -> list[str]:
        return re.findall(r"^AI: (.+)$", self.output(name), re.MULTILINE)


@pytest.fixture(params=LANGUAGES)
def stored(request: pytest.FixtureRequest) -> Stored:
    return Stored(request.param)


def test_the_tokens_that_the_prose_names_are_the_bars(stored: Stored) -> None:
    bars = re.findall(r" (\d+)$", stored.output("few-shot"), re.MULTILINE)
    assert re.findall(r"\d+", stored.prose("few-shot-read")) == bars
    assert sorted(bars, key=int) == bars
    assert len(bars) == 3


def test_rule_and_examples_give_the_one_word_that_the_prose_quotes(stored: Stored) -> None:
    alone, rule, examples = re.findall(r" → (.+)", stored.output("few-shot"))
    quoted = re.findall(r"“([^”]+)”", stored.prose("few-shot-read"))
    assert quoted[1] == rule == examples
    assert alone.startswith(quoted[0])


def test_the_models_of_the_catalogue_have_the_roles_that_the_prose_gives_them(
    stored: Stored,
) -> None:
    assert re.findall(r"^(\S+) → (\w+)$", stored.output("family"), re.MULTILINE) == [
        ("gpt-4.1-mini", "system"),
        ("gpt-5.6-luna", "developer"),
    ]


def test_one_sentence_was_asked_for_and_one_came(stored: Stored) -> None:
    for name in ("family", "parts"):
        (answer,) = stored.answers(name)
        assert re.findall(r"[.!?](?=\s|$)", answer) == ["."], name


def test_the_instructions_win_in_both_places(stored: Stored) -> None:
    told_pirate, told_formal = stored.answers("conflict")
    assert re.match(PIRATES[stored.language], told_pirate)
    assert not re.match(PIRATES[stored.language], told_formal)


def test_the_secret_is_kept_once_and_then_lost(stored: Stored) -> None:
    kept, lost = stored.answers("secret")
    assert SECRETS[stored.language] not in kept
    assert SECRETS[stored.language] in lost


def test_the_errors_are_what_the_prose_reads_off_them(stored: Stored) -> None:
    assert "messages[1].content" in stored.output("no-content")
    assert "`messages[1].content`" in stored.prose("empty-claim")
    fields = dict(re.findall(r"^(\w+): (\S+)$", stored.output("empty"), re.MULTILINE))
    named = re.findall(r"^- `(\w+)`", stored.prose("empty-read"), re.MULTILINE)
    assert named == list(fields)
    assert fields["status_code"] in stored.prose("empty-read")
    assert fields["type"] in stored.prose("empty-read")
