"""Lesson 02 explains the very numbers that it prints and draws."""

from __future__ import annotations

import re

import pytest
from nbformat import NotebookNode

from course_utils import catalog
from course_utils.language import LANGUAGES
from course_utils.notebooks import checkout, read

Cells = dict[str, NotebookNode]


@pytest.fixture(params=LANGUAGES)
def cells(request: pytest.FixtureRequest) -> Cells:
    path = checkout() / "notebooks" / request.param / "02_parameters.ipynb"
    return {cell.id: cell for cell in read(path).cells}


def shown(cell: NotebookNode) -> str:
    return "".join(
        out.get("text", "") + out.get("data", {}).get("text/plain", "") for out in cell.outputs
    )


def bars(cell: NotebookNode) -> dict[str, list[str]]:
    """The numbers at the bars of each word, from the chart's text, in the order of the legend."""
    found: dict[str, list[str]] = {}
    chart = shown(cell).partition("█ ")[2].splitlines()[1:]
    for line in chart:
        label, _space, _bar = line.partition("  ")
        word = label.split()[-1] if label.strip() else list(found)[-1]
        found.setdefault(word, []).append(line.split()[-1])
    return found


def numbers(cell: NotebookNode) -> list[str]:
    """The numbers of the first paragraph, which reads the output above; of words in code, none."""
    paragraph = re.sub(r"`[^`]*`", "", cell.source.split("\n\n")[0])
    return re.findall(r"\d+(?:\.\d+)?", paragraph)


def test_both_answers_were_cut_at_the_limit_and_thinking_used_one_up(cells: Cells) -> None:
    printed = re.findall(r"^'(.*)' length (\d+)$", shown(cells["cut"]), re.MULTILINE)
    assert [(bool(text), limit) for text, limit in printed] == [(True, "12"), (False, "60")]
    assert numbers(cells["cut-why"]) == ["12", "60", "60"]


def test_the_highest_and_the_lowest_probability(cells: Cells) -> None:
    percents = re.findall(r"(\d+)%", shown(cells["probs"]))
    assert numbers(cells["probs-why"])[:2] == [percents[0], percents[-1]]


def test_the_bars_of_the_likeliest_word_by_temperature(cells: Cells) -> None:
    half, _one, two = next(iter(bars(cells["temp"]).values()))
    assert numbers(cells["top-p-claim"])[:4] == ["0.5", half, "2", two]


def test_what_top_p_keeps(cells: Cells) -> None:
    (first, grown), (second, grown_too), *dropped = bars(cells["top-p"]).values()
    assert {len(each) for each in dropped} == {1}
    quoted = numbers(cells["samples-claim"])
    assert sorted(quoted) == sorted([first, second, "0.7", "1", grown, grown_too])


def test_a_thousand_draws_beside_the_computed_distribution(cells: Cells) -> None:
    drawn = bars(cells["samples"])
    assert numbers(cells["samples-why"])[:2] == next(iter(drawn.values()))
    assert sum(float(observed) for _computed, observed in drawn.values()) == pytest.approx(100)
    gap = max(abs(float(computed) - float(observed)) for computed, observed in drawn.values())
    assert gap < 3


def test_a_penalty_evens_out_what_is_drawn(cells: Cells) -> None:
    counted = {word: list(map(int, counts)) for word, counts in bars(cells["penalty"]).items()}
    assert [sum(series) for series in zip(*counted.values(), strict=True)] == [80, 80, 80]
    (top, _presence, top_then), *_others, (rare, _presence_too, rare_then) = counted.values()
    assert top_then < top
    assert rare_then > rare
    assert list(map(int, numbers(cells["seed-claim"]))) == [top, top_then, rare, rare_then]


def test_the_same_seed_gave_the_same_answer(cells: Cells) -> None:
    first, again, other = shown(cells["seed"]).splitlines()[:3]
    assert first == again != other


def test_the_banned_word_did_not_come(cells: Cells) -> None:
    text, reason, words = shown(cells["classic"]).splitlines()
    likeliest = shown(cells["probs"]).split()[0]
    assert "." not in text
    assert reason == "stop"
    assert words.count(",") == 19
    assert f"'{likeliest}'" not in words


def test_the_mistakes_fail_as_they_are_read(cells: Cells) -> None:
    for name, reading in (("fail-temp", "fail-dict-claim"), ("fail-dict", "fail-dict-why")):
        (error,) = (out for out in cells[name].outputs if out.output_type == "error")
        quoted = re.findall(r"`((?:Unsupported|Only|Use|')[^`]*)`", cells[reading].source)
        assert quoted != []
        assert [quote for quote in quoted if quote not in error.evalue] == []
    assert shown(cells["fail-dict"]) == "stop\n"


def test_what_the_catalogue_says(cells: Cells) -> None:
    default, classic = catalog.get(catalog.DEFAULT_MODEL), catalog.get("gpt-4.1-mini")
    assert str(classic.end) in cells["playground-claim"].source
    first, second, _day = shown(cells["catalog"]).splitlines()
    assert len(re.findall(r"'\w+'", first)) == 5
    assert default.end is None
    assert "[]" in second
