"""docs/grading.md names every option and every layer of the sandbox, and no other."""

from __future__ import annotations

import re
import sys

import click
import pytest

from course_utils.grading.command import grade
from course_utils.grading.model import STATES
from course_utils.notebooks import checkout

TEXT = (checkout() / "docs" / "grading.md").read_text("utf-8")
ENGLISH = TEXT[TEXT.index("## In English") :]


def first_column(heading: str) -> list[str]:
    part = ENGLISH[ENGLISH.index(heading) :]
    rows = re.search(r"(?m)(?:^\|.*\n)+", part)
    assert rows
    return [line.split("|")[1].strip().strip("`") for line in rows[0].splitlines()[2:]]


def test_every_option_is_described() -> None:
    options = {
        name
        for each in grade.params
        if isinstance(each, click.Option) and each.name != "help"
        for name in each.opts
    }
    assert {row.split()[0] for row in first_column("### Options")} == options


def test_every_state_is_described() -> None:
    assert first_column("### What is read") == list(STATES)


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
def test_every_layer_is_described_in_both_languages() -> None:
    from course_utils.grading.sandbox import LAYERS

    assert first_column("### The sandbox") == list(LAYERS)
    korean = TEXT[: TEXT.index("## In English")]
    assert [name for name in LAYERS if f"| `{name}` |" not in korean] == []
