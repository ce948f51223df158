"""The parameter playground, driven from code and by its controls."""

from __future__ import annotations

import math
from collections.abc import Iterator

import openai
import pytest
from waiting import until

from course_utils.errors import WidgetError
from course_utils.practice import PracticeServer
from course_utils.widgets import ParameterPlayground

POEM = "짧은 시를 한 편 써 주세요."


@pytest.fixture
def playground(client: openai.OpenAI) -> Iterator[ParameterPlayground]:
    made = ParameterPlayground(client, POEM)
    yield made
    made.close()


def test_samples_and_the_first_token_s_probabilities(playground: ParameterPlayground) -> None:
    samples = playground.run().result()
    assert len(samples) == playground.n == 3
    assert all(samples)
    assert len(playground.next_tokens) > 1
    assert math.isclose(sum(each.probability for each in playground.next_tokens), 1, abs_tol=0.01)
    assert playground.cost > 0
    assert all(sample in str(playground) for sample in samples)


def test_a_low_temperature_sharpens_the_probabilities(playground: ParameterPlayground) -> None:
    playground.run().result()
    flat = playground.next_tokens[0].probability
    playground.knobs["temperature"] = 0.3
    playground.run().result()
    assert playground.next_tokens[0].probability > flat


def test_only_what_was_turned_and_is_taken_is_sent(client: openai.OpenAI) -> None:
    playground = ParameterPlayground(client, POEM, top_p=0.5)
    playground.run().result()
    assert playground.request is not None
    assert playground.request["top_p"] == 0.5
    assert playground.request["reasoning_effort"] == "none"
    assert "temperature" not in playground.request
    playground.model = "o3"  # it always reasons
    playground.run().result()
    assert "top_p" not in playground.request
    assert playground.next_tokens == []


def test_an_error_is_shown_and_raised(
    playground: ParameterPlayground, practice: PracticeServer
) -> None:
    practice.faults.add("status=429")
    with pytest.raises(openai.RateLimitError):
        playground.run().result()
    assert "Wait a moment" in playground.problem
    assert playground.run().result()
    assert playground.problem == ""


def test_by_hand(playground: ParameterPlayground) -> None:
    assert playground.widget is playground.widget
    view = playground._view
    assert view is not None
    view.prompt.value, view.n.value, view.limit.value = POEM, 2, 5
    view.knobs["temperature"].value = 0.4
    view.run.click()
    until(lambda: "cu-bubble" in view.shown.value)
    assert playground.request is not None
    assert playground.request["temperature"] == 0.4
    assert playground.request["max_completion_tokens"] == 5
    assert len(playground.samples) == 2
    assert view.shown.value.count("cu-bubble") == 2
    assert "cu-bar" in view.shown.value
    assert "temperature" in view.raw.value
    view.prompt.value = " "
    view.run.click()
    assert "nothing to send" in view.shown.value


def test_an_unknown_knob_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(WidgetError, match="tempreature"):
        ParameterPlayground(client, POEM, tempreature=1)
