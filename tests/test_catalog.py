from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from genai_prices import Usage, calc_price
from openai.types.shared import ReasoningEffort

from course_utils import announced, catalog
from course_utils.errors import UnknownModelError

SAMPLING = {
    "temperature",
    "top_p",
    "presence_penalty",
    "frequency_penalty",
    "logprobs",
    "top_logprobs",
}
ENDS = {
    date(2026, 10, 23): "gpt-4 gpt-3.5-turbo gpt-4-turbo o1 o3-mini o4-mini gpt-4.1-nano",
    date(2026, 12, 11): "gpt-5 gpt-5-mini gpt-5-nano o3",
    date(2027, 1, 14): "gpt-4o gpt-4o-mini gpt-4.1 gpt-4.1-mini",
    date(2027, 4, 1): "gpt-5.1 gpt-5.4-nano",
    None: "gpt-5.2 gpt-5.4 gpt-5.4-mini gpt-5.5 gpt-5.6-sol gpt-5.6-terra gpt-5.6-luna "
    "gpt-6-sol gpt-6-luna gpt-6-astra",
}


def test_it_holds_the_models_of_the_course_with_their_ends():
    expected = {name: end for end, names in ENDS.items() for name in names.split()}
    assert {model.name: model.end for model in catalog.models()} == expected


def test_the_default_model_has_no_announced_end_and_is_marked_as_used():
    default = catalog.get(catalog.DEFAULT_MODEL)
    assert default.end is None
    assert default.used


@pytest.mark.parametrize("model", catalog.models(), ids=lambda model: model.name)
def test_a_model_is_consistent(model: catalog.Model):
    assert catalog.get(model.name) is model
    assert model.max_output <= model.context_window
    assert set(model.reasoning_efforts) <= set(get_args(get_args(ReasoningEffort)[0]))
    if model.family == "classic":
        assert model.reasoning_efforts == ()
        assert model.default_reasoning_effort is None
    else:
        assert model.default_reasoning_effort in model.reasoning_efforts


def test_context_windows_are_those_of_genai_prices():
    for model in catalog.models():
        priced = calc_price(Usage(input_tokens=1), model.name, provider_id="openai").model
        # It rounds 1,047,576 to a million.
        assert priced.context_window == pytest.approx(model.context_window, rel=0.05), model.name


@pytest.mark.parametrize(
    ("asked", "echoed"),
    [
        ("gpt-4o", "gpt-4o-2024-08-06"),
        ("gpt-3.5-turbo", "gpt-3.5-turbo-0125"),
        ("gpt-5.4-mini", "gpt-5.4-mini-2026-03-17"),
        ("gpt-5.6-luna", "gpt-5.6-luna"),
        ("gpt-6-astra", "gpt-6-astra"),
        ("gpt-4o-2024-11-20", "gpt-4o-2024-11-20"),
    ],
)
def test_what_a_reply_echoes(asked: str, echoed: str):
    model = catalog.get(asked)
    assert (model.name, model.snapshot) == (asked, echoed)


def test_a_dated_snapshot_is_its_model_under_another_name():
    dated, model = catalog.get("gpt-4.1-2025-04-14"), catalog.get("gpt-4.1")
    assert (dated.context_window, dated.end) == (model.context_window, model.end)


def test_a_date_that_never_was_is_unknown():
    assert catalog.find("gpt-4o-2031-01-01") is None


def test_an_unknown_model_is_answered_with_near_ones():
    with pytest.raises(UnknownModelError, match=r"gpt5\.6-luna.*gpt-5\.6-luna"):
        catalog.get("gpt5.6-luna")


def test_a_model_like_no_other_is_answered_with_the_default():
    with pytest.raises(UnknownModelError, match=catalog.DEFAULT_MODEL):
        catalog.get("llama3")


@pytest.mark.parametrize("name", ["gpt-3.5-turbo", "gpt-4", "gpt-4o", "gpt-4.1-mini"])
def test_a_classic_model(name: str):
    model = catalog.get(name)
    for parameter in SAMPLING | {"max_tokens", "stop", "logit_bias", "prediction", "n", "seed"}:
        assert model.takes(parameter), parameter
    assert model.takes("max_completion_tokens")
    assert not model.takes("reasoning_effort")
    assert (model.instruction_role, model.max_n, model.max_top_logprobs) == ("system", 128, 20)


@pytest.mark.parametrize("name", ["o3", "gpt-5", "gpt-5.1", "gpt-5.6-luna", "gpt-6-astra"])
def test_a_reasoning_model(name: str):
    model = catalog.get(name)
    for parameter in ("max_tokens", "stop", "logit_bias", "prediction"):
        assert not model.takes(parameter), parameter
        assert not model.takes(parameter, reasoning_effort="none"), parameter
    for parameter in ("max_completion_tokens", "reasoning_effort", "messages", "n"):
        assert model.takes(parameter), parameter
    assert (model.instruction_role, model.max_n, model.max_top_logprobs) == ("developer", 8, 5)


@pytest.mark.parametrize(
    ("name", "effort", "taken"),
    [
        ("gpt-4o", None, True),
        ("gpt-5", None, True),
        ("gpt-5.2", "high", True),
        ("gpt-5.4", None, True),
        ("gpt-5.4", "low", False),
        ("gpt-5.6-luna", None, False),
        ("gpt-5.6-luna", "none", True),
    ],
)
def test_tools_from_gpt_5_4_on_only_without_reasoning(name: str, effort: str | None, taken: bool):
    assert catalog.get(name).takes("tools", reasoning_effort=effort) is taken


@pytest.mark.parametrize("parameter", sorted(SAMPLING))
def test_sampling_parameters_are_taken_only_without_reasoning(parameter: str):
    default_none, default_medium = catalog.get("gpt-5.1"), catalog.get("gpt-5.6-luna")
    assert default_none.takes(parameter)
    assert not default_none.takes(parameter, reasoning_effort="low")
    assert not default_medium.takes(parameter)
    assert default_medium.takes(parameter, reasoning_effort="none")


def test_models_before_gpt_5_1_always_reason():
    for name in ("o1", "o3", "o3-mini", "o4-mini", "gpt-5", "gpt-5-mini", "gpt-5-nano"):
        model = catalog.get(name)
        assert "none" not in model.reasoning_efforts
        assert model.default_reasoning_effort == "medium"


def test_a_name_that_is_no_parameter_is_not_taken():
    assert not catalog.get("gpt-4o").takes("temprature")


def test_every_parameter_of_the_sdk_is_taken_by_one_family_or_the_other():
    classic, reasoning = catalog.get("gpt-4o"), catalog.get("gpt-5.1")
    of_the_sdk = announced.parameters()
    taken = {name for name in of_the_sdk if classic.takes(name) or reasoning.takes(name)}
    # Sound and search are for models of their own, which the course does not name.
    assert of_the_sdk - taken == {"audio", "web_search_options"}
    assert of_the_sdk <= catalog.PARAMETERS
