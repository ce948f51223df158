from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from openai.types import CompletionUsage

from course_utils import catalog, cost
from course_utils.errors import CourseError, UnknownPriceError


@pytest.mark.parametrize(
    ("model", "of_input", "of_output"),
    [
        ("gpt-4o", "2.50", "10"),
        ("gpt-4o-mini", "0.15", "0.60"),
        ("gpt-4.1", "2", "8"),
        ("gpt-4.1-mini", "0.40", "1.60"),
        ("gpt-4.1-nano", "0.10", "0.40"),
        ("o1", "15", "60"),
        ("o3", "2", "8"),
        ("o4-mini", "1.10", "4.40"),
        ("gpt-5.6-luna", "0.20", "1.20"),
    ],
)
def test_prices_per_million(model: str, of_input: str, of_output: str):
    price = cost.price(model)
    assert (price.input, price.output) == (Decimal(of_input), Decimal(of_output))
    assert price.currency == "USD"
    assert price.source.startswith("genai-prices ")


@pytest.mark.parametrize("model", catalog.models(), ids=lambda model: model.name)
def test_every_model_of_the_catalogue_has_a_price(model: catalog.Model):
    price = cost.price(model.name)
    assert 0 < price.cached_input <= price.input < price.output


def test_a_price_prints_without_an_exponent():
    assert str(cost.price("gpt-4").input) == "30"


def test_a_dated_snapshot_costs_what_its_model_costs():
    assert cost.price("gpt-4o-2024-08-06").input == cost.price("gpt-4o").input


@pytest.mark.parametrize("model", ["llama3", "", "gpt-4o-of-my-own", None, 5])
def test_a_model_without_a_price(model: Any):
    with pytest.raises(UnknownPriceError, match="genai-prices"):
        cost.price(model)
    with pytest.raises(UnknownPriceError):
        cost.cost({"prompt_tokens": 1, "completion_tokens": 1}, model=model)


def test_an_estimate_is_both_counts_times_their_prices():
    assert cost.estimate(703, 200, model="gpt-4.1-mini") == Decimal("0.0006012")


def test_a_price_has_a_day_from_which_it_holds():
    today, before = (cost.price("gpt-5.6-luna", on=on) for on in (None, date(2026, 7, 29)))
    assert today.since == date(2026, 7, 30)
    assert (before.since, before.input, before.output) == (None, 1, 6)
    assert cost.price("gpt-5.6-luna", on=today.since) == today
    assert cost.price("gpt-4o-mini").since is None


def test_the_day_of_a_datetime_counts():
    at = datetime(2026, 7, 29, 23, 59, tzinfo=timezone.utc)
    assert cost.price("gpt-5.6-luna", on=at) == cost.price("gpt-5.6-luna", on=at.date())


def test_a_day_that_is_none_is_told():
    with pytest.raises(CourseError, match=r"date\(2026, 7, 30\), not '2026-01-01'"):
        cost.price("gpt-5.6-luna", on="2026-01-01")  # type: ignore[arg-type]


def test_a_long_prompt_is_dearer():
    short, long = (cost.estimate(count, 0, model="gpt-5.6-luna") for count in (272_000, 300_000))
    assert short == Decimal("0.0544")
    assert long == Decimal("0.12")


def test_a_million_calls_are_priced_as_calls_and_not_as_one():
    a_call = cost.estimate(703, 0, model="gpt-5.6-luna")
    assert cost.per_month(a_call, 1_000_000) < cost.estimate(703_000_000, 0, model="gpt-5.6-luna")


USAGE = {
    "prompt_tokens": 1000,
    "completion_tokens": 100,
    "total_tokens": 1100,
    "prompt_tokens_details": {"cached_tokens": 800},
    "completion_tokens_details": {"reasoning_tokens": 60},
}


@pytest.mark.parametrize("usage", [USAGE, CompletionUsage.model_validate(USAGE)])
def test_cached_input_is_priced_as_such(usage):
    # 200 × 1.25 + 800 × 0.125 + 100 × 10 dollars per million; the 60 are part of the 100.
    assert cost.cost(usage, model="gpt-5") == Decimal("0.00135")


def test_what_is_written_to_the_cache_is_dearer_from_gpt_5_6_on():
    usage = {**USAGE, "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 1000}}
    assert cost.cost(usage, model="gpt-5.6-luna") == Decimal("0.00037")
    written = cost.estimate(1000, 100, model="gpt-5.6-luna", cache_write_tokens=1000)
    assert written == Decimal("0.00037")
    assert cost.cost(usage, model="gpt-4o") == cost.estimate(1000, 100, model="gpt-4o")


@pytest.mark.parametrize("details", [None, {}, {"cached_tokens": None}])
def test_usage_without_details(details):
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "prompt_tokens_details": details}
    assert cost.cost(usage, model="gpt-5") == cost.estimate(1000, 100, model="gpt-5")


def test_a_real_reply_is_priced(client):
    reply = client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": "안녕하세요"}]
    )
    usage = reply.usage
    expected = cost.estimate(usage.prompt_tokens, usage.completion_tokens, model="gpt-4o")
    assert cost.cost(usage, model=reply.model) == expected > 0


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"prompt_tokens": 5},
        {"prompt_tokens": -5, "completion_tokens": 1},
        {"prompt_tokens": "5", "completion_tokens": 1},
        {"prompt_tokens": None, "completion_tokens": 1},
        {**USAGE, "prompt_tokens_details": {"cached_tokens": 1001}},
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_usage_that_cannot_be_is_told(odd: dict[str, Any]):
    for usage in (odd, CompletionUsage.model_construct(**odd)):
        with pytest.raises(CourseError, match="No call has such counts"):
            cost.cost(usage, model="gpt-5")


def test_no_usage_says_how_to_get_one():
    with pytest.raises(CourseError, match="include_usage"):
        cost.cost(None, model="gpt-4o")


def test_a_month_multiplies_input_and_output():
    a_call = cost.estimate(703, 200, model="gpt-4.1")
    of_input, of_output = (
        cost.estimate(*counts, model="gpt-4.1") for counts in ((703, 0), (0, 200))
    )
    assert cost.per_month(a_call, 1000) == of_input * 1000 + of_output * 1000


def test_money_is_exact():
    assert sum([cost.estimate(1, 0, model="gpt-5-nano")] * 3) == Decimal("0.00000015")
    assert isinstance(cost.per_month(cost.estimate(1, 1, model="gpt-4o"), 3), Decimal)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("0.000042"), "$0.000042"),
        (Decimal("0.4"), "$0.40"),
        (Decimal("1234.5"), "$1,234.50"),
        (Decimal("250.0500"), "$250.05"),
        (Decimal("5e-9"), "$0.000000005"),
        (Decimal("2E+6"), "$2,000,000.00"),
        (Decimal(1) / 3, "$0.333333333"),
        (Decimal("-0.4"), "-$0.40"),
        (Decimal("-1e-12"), "$0.00"),
        (0, "$0.00"),
        (10, "$10.00"),
        (Decimal("1e25"), "$10,000,000,000,000,000,000,000,000.00"),
    ],
)
def test_dollars_for_people(amount: Decimal | int, shown: str):
    assert cost.dollars(amount) == shown


@pytest.mark.parametrize(
    "amount", [0.1, "0.1", None, Decimal("nan"), Decimal("inf"), float("nan")], ids=repr
)
def test_money_that_is_not_exact_is_told(amount: Any):
    for wrong in (lambda: cost.per_month(amount, 3), lambda: cost.dollars(amount)):
        with pytest.raises(CourseError, match=r'Decimal\("0\.1"\)'):
            wrong()


@pytest.mark.parametrize("calls", [3.5, "3", None])
def test_calls_are_whole(calls: Any):
    with pytest.raises(CourseError, match="whole"):
        cost.per_month(Decimal("0.1"), calls)


def test_importing_the_module_loads_neither_genai_prices_nor_openai():
    code = (
        "import sys, course_utils.cost; print({'genai_prices', 'openai'}.isdisjoint(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "True"
