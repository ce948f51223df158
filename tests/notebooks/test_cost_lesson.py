"""Lesson 07 says in prose what its cells printed, and says it of the right cells."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from nbformat import NotebookNode

from course_utils import catalog, connect, cost
from course_utils.articles import articles
from course_utils.budget import DEFAULT_CAP, SpendingCapError
from course_utils.language import LANGUAGES
from course_utils.notebooks import checkout, read
from course_utils.tokens import encoding_for

NUMBER = re.compile(r"(?<![\w.-])\d+(?:,\d{3})*(?:\.\d+)?")
WORDS = {"ko": {4: "네 번", 5: "다섯 배"}, "en": {4: "four requests", 5: "five times"}}
# Numbers that are no result: in headings, links, code and formulas, and another lesson's.
NO_RESULT = re.compile(
    r"^[#>].*$|\[[^]]*\]\([^)]*\)|<!-- .*?-->|`[^`]*`|(?<!\d)03(?!\d)|1\+2\+3", re.MULTILINE
)
# Not read off an output: a million (100만), 10% of tax, and the default cap of 1 dollar.
KNOWN = {"100", "10", str(DEFAULT_CAP)}
# Told just before the cell that types them.
TOLD_BEFORE = {
    *(("prices-claim", each) for each in ("2026", "7", "29")),
    *(("chat-claim", each) for each in ("50", "150")),
    *(("float-claim", each) for each in ("703", "241")),
}

Cells = dict[str, NotebookNode]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def cells(language: str) -> Cells:
    return {
        cell.id: cell for cell in read(checkout() / "notebooks" / language / "07_cost.ipynb").cells
    }


def printed(cell: NotebookNode) -> str:
    texts = [out.get("text") or out.get("evalue") or out.data["text/plain"] for out in cell.outputs]
    return "\n".join(texts)


def numbers(text: str) -> list[Decimal]:
    return [Decimal(found.replace(",", "")) for found in NUMBER.findall(text)]


def test_every_number_of_the_prose_was_printed_or_typed_above(cells: Cells):
    times_dearer = cost.price("o1").input / cost.price(catalog.DEFAULT_MODEL).input
    above, strange = {*KNOWN, str(times_dearer)}, []
    for cell in cells.values():
        if cell.cell_type == "code":
            code = cell.source.replace("_", "")
            above |= {*NUMBER.findall(code), *NUMBER.findall(printed(cell))}
        elif cell.id not in ("title", "spent"):
            prose = NO_RESULT.sub("", cell.source)
            strange += [(cell.id, found) for found in NUMBER.findall(prose) if found not in above]
    assert set(strange) <= TOLD_BEFORE


def test_the_price_fell_as_the_prose_says(cells: Cells, language: str):
    today, before = cost.price("gpt-5.6-luna"), printed(cells["prices"])
    assert today.cached_input * 10 == today.input
    fell = re.findall(r"\$([\d.]+)", before)
    assert Decimal(fell[2]) / Decimal(fell[0]) == 5
    assert WORDS[language][5] in cells["before-claim"].source


def test_the_call_is_quoted_as_it_was_counted(cells: Cells):
    counted, *_rest = numbers(printed(cells["before"]).split(":")[1])
    sent, sent_cost, received, received_cost = numbers(printed(cells["after"]).split("\ncost")[0])[
        :4
    ]
    assert counted == sent
    assert received_cost > sent_cost
    quoted = [n for n in numbers(cells["after-why"].source) if n >= 10]
    assert quoted == [sent, received]


def test_the_cost_differs_less_than_the_price(cells: Cells):
    listed, times = numbers(printed(cells["side"]).split("100만")[0].split("A million")[0])[-2:]
    assert times < listed
    told = numbers(cells["side-why"].source)
    assert told[:2] == [listed, times]
    (reasoning, *_others) = re.findall(r"(?:추론|reasoning) (\d+)", printed(cells["side"]))
    assert told[2] == int(reasoning)


def test_the_articles_are_counted_with_each_model_s_encoding(cells: Cells):
    lines = dict(re.findall(r"^(.+) \d+ → (\d+)$", printed(cells["languages"]), re.MULTILINE))
    texts = [articles(language)["1_night_library"] for language in LANGUAGES]
    models = ("gpt-3.5-turbo", "gpt-4o-mini", "gpt-5.6-luna")
    counted = [len(encoding_for(model).encode(text)) for model in models for text in texts]
    assert [int(count) for count in lines.values()] == counted
    named = re.findall(r"(cl100k_base|o200k_base)", cells["languages-claim"].source)
    assert named == [encoding_for(model).name for model in models[:2]]
    assert counted[2:4] == counted[4:6]
    quoted = [n for n in numbers(cells["month-claim"].source) if n > 100]
    assert quoted == counted[:4]


def test_the_forgotten_parentheses_give_a_smaller_number(cells: Cells):
    wrong, right, helper = numbers(printed(cells["month"]))
    assert wrong < right == helper


def test_models_that_had_ended_are_marked(cells: Cells):
    lines = [line for line in printed(cells["models"]).splitlines() if "$" in line]
    assert len(lines) == 10
    for line in lines:
        end = catalog.get(line.split()[0]).end
        assert ("✗" in line) == (end is not None and end <= catalog.AS_OF)
        assert (str(end) in line) == (end is not None)


def test_a_chat_grows_as_the_prose_says(cells: Cells):
    rows = re.findall(r"([\d.]+) \(([\d.]+) \+ ([\d.]+)\)", printed(cells["chat"]))
    (_all, short_in, short_out), (_long, long_in, long_out) = (
        map(Decimal, rows[at]) for at in (0, -1)
    )
    assert short_in < short_out * 2
    assert long_in > 8 * long_out


def test_the_cap_lets_as_many_requests_go_as_the_prose_says(cells: Cells, language: str):
    sent = re.findall(r"^(\d+) \$", printed(cells["cap"]), re.MULTILINE)
    assert WORDS[language][int(sent[-1])] in cells["cap-why"].source
    assert cells["cap"].outputs[-1].ename == "SpendingCapError"


def test_without_a_limit_not_even_one_request_goes_out():
    careful = connect("practice", cap="0.001", quiet=True)
    with pytest.raises(SpendingCapError):
        careful.chat.completions.create(
            model=catalog.DEFAULT_MODEL, messages=[{"role": "user", "content": "API가 뭐예요?"}]
        )
