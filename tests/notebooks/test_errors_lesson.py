"""Lesson 09 explains the very numbers that it prints, and what it says of the SDK is so."""

from __future__ import annotations

import re
from decimal import Decimal

import openai
import pytest
from nbformat import NotebookNode

from course_utils.language import LANGUAGES
from course_utils.notebooks import checkout, read

LESSON = "09_errors.ipynb"


class Cells:
    """The cells of the lesson by id: what they say, and what they printed."""

    def __init__(self, language: str) -> None:
        notebook = read(checkout() / "notebooks" / language / LESSON)
        self._cells: dict[str, NotebookNode] = {cell.id: cell for cell in notebook.cells}

    def source(self, name: str) -> str:
        return str(self._cells[name].source)

    def output(self, name: str) -> str:
        outputs = self._cells[name].outputs
        return "\n".join(
            out.get("text") or out.get("data", {}).get("text/plain") or out.get("evalue", "")
            for out in outputs
        )


@pytest.fixture(params=LANGUAGES)
def cells(request: pytest.FixtureRequest) -> Cells:
    return Cells(request.param)


def test_the_table_names_the_statuses_that_were_printed(cells: Cells) -> None:
    told = {int(row) for row in re.findall(r"^\| (\d+)", cells.source("table"), re.MULTILINE)}
    assert told == {int(n) for n in re.findall(r"status_code=(\d+)", cells.output("attempt"))}


def test_the_tree_is_the_sdk_s_and_names_every_error_that_was_printed(cells: Cells) -> None:
    tree = re.search(r"```text\n(.*?)```", cells.source("sdk-claim"), re.DOTALL)
    assert tree is not None
    names = set(re.findall(r"\w+Error\b", tree[1]))
    printed = re.findall(r"\w+Error\b", cells.output("attempt") + cells.output("no-answer"))
    assert names == set(printed)
    assert {getattr(openai, name) for name in names if "API" not in name} < set(
        openai.APIStatusError.__subclasses__()
    )


def test_what_the_chart_counts_is_what_the_prose_says(cells: Cells) -> None:
    rows = re.findall(r" (\d{3}) +█+ (\d)$", cells.output("retried"), re.MULTILINE)
    sent = {int(status): int(times) for status, times in rows}
    once = {status for status, times in sent.items() if times == 1}
    thrice = {status for status, times in sent.items() if times == 3}
    assert once | thrice == sent.keys()
    recap, prose = cells.source("recap"), cells.source("recovered-claim")
    retried = {int(n) for n in re.findall(r"\b\d{3}", re.findall(r".*SDK.*", recap)[0])}
    assert retried == {n for n in thrice if n < 500} | {500}
    assert {int(n) for n in re.findall(r"\b\d{3}", prose)} == retried | once
    assert str(openai.DEFAULT_MAX_RETRIES) == cells.output("recovered").split()[-2]


def test_the_defaults_are_read_off_the_output(cells: Cells) -> None:
    retries, seconds = cells.output("recovered").split()[-2:]
    prose = cells.source("backoff-claim")
    assert re.search(rf"\b{retries}(?: retries|번)", prose)
    assert re.search(rf"\b{seconds}(?: seconds|초)", prose)
    if minutes := re.search(r"(\d+)분", prose):
        assert int(minutes[1]) * 60 == int(seconds)


def test_the_server_s_wait_is_kept(cells: Cells) -> None:
    waits = [float(wait) for wait in re.findall(r"\d+\.\d", cells.output("patiently"))]
    (told,) = re.findall(r"`retry-after=(\d+)`", cells.source("jitter-claim"))
    assert len(waits) == 3
    assert waits[2] >= float(told)
    assert f"retry-after={told}" in cells.source("patiently")


def test_with_jitter_no_two_come_at_the_same_moment(cells: Cells) -> None:
    bars = re.findall(r"\(([\d. +]+)\)$", cells.output("jitter"), re.MULTILINE)
    waits = [[Decimal(wait) for wait in bar.split(" + ")] for bar in bars]
    moments = [[sum(bar[: n + 1]) for n in range(3)] for bar in waits]
    assert moments[0] == moments[1] == moments[2] == [2, 6, 14]
    spread = [moment for client in moments[3:] for moment in client]
    assert len(set(spread)) == len(spread) == 9


def test_the_amounts_in_the_prose_are_the_output_s(cells: Cells) -> None:
    cap, most = (Decimal(n) for n in re.findall(r"(0\.\d+) ?(?:dollars|달러)", _money(cells)))
    (worst,) = re.findall(r"\$(0\.1\d+)", cells.output("cap"))
    assert f'cap="{cap}"' in cells.source("cap")
    assert Decimal(worst).quantize(most) == most < Decimal(worst)
    worst, paid, skipped = map(Decimal, re.findall(r"\$(\d+\.\d+)", cells.output("careful")))
    (limit,) = re.findall(r'Decimal\("([\d.]+)"\)', cells.source("careful"))
    assert paid * 3 < worst < Decimal(limit) < skipped


def _money(cells: Cells) -> str:
    return cells.source("cap-claim") + cells.source("multiplied-claim")


def test_tries_and_retries_multiply(cells: Cells) -> None:
    assert "tries=3" in cells.source("multiplied")
    assert re.search(r": 9(번)?$", cells.output("multiplied"), re.MULTILINE)
    assert re.search(r": 3$", cells.output("refuse"), re.MULTILINE)  # the SDK, out of money
