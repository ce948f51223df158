"""The sampler is true: what is drawn agrees with what is said, checked with statistics."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import openai
import pytest

from course_utils.tokens import encoding_for

MODEL = "gpt-4o"
HELLO = [{"role": "user", "content": "hello"}]


def first_tokens(client: openai.OpenAI, batches: int = 10, **options: Any) -> Counter[str]:
    """Return how often each first token came, over ``batches`` × 100 samples."""
    counts: Counter[str] = Counter()
    for seed in range(batches):
        reply = client.chat.completions.create(
            model=MODEL, messages=HELLO, n=100, seed=seed, logprobs=True,
            max_completion_tokens=1, **options,  # type: ignore[arg-type]
        )  # fmt: skip
        for choice in reply.choices:
            assert choice.logprobs is not None
            assert choice.logprobs.content is not None
            counts[choice.logprobs.content[0].token] += 1
    return counts


def predicted(client: openai.OpenAI, **options: Any) -> dict[str, float]:
    """Return the probabilities of the first token, as the reply's top_logprobs give them."""
    reply = client.chat.completions.create(
        model=MODEL, messages=HELLO, logprobs=True, top_logprobs=20, **options,  # type: ignore[arg-type]
    )  # fmt: skip
    assert reply.choices[0].logprobs is not None
    assert reply.choices[0].logprobs.content is not None
    top = reply.choices[0].logprobs.content[0].top_logprobs
    return {each.token: math.exp(each.logprob) for each in top}


@pytest.mark.parametrize("options", [{}, {"temperature": 0.5}, {"top_p": 0.8}])
def test_frequencies_agree_with_the_logprobs(
    client: openai.OpenAI, options: dict[str, Any]
) -> None:
    expected = predicted(client, **options)
    counts = first_tokens(client, **options)
    total = sum(counts.values())
    assert set(counts) <= set(expected)
    assert sum(expected.values()) == pytest.approx(1)
    chi_square = sum((counts[t] - total * p) ** 2 / (total * p) for t, p in expected.items())
    # 99.9 % quantile for up to 4 degrees of freedom; the draws are the same on every machine.
    assert chi_square < 18.5


def test_temperature_divides_the_log_odds(client: openai.OpenAI) -> None:
    def log_odds(**options: Any) -> float:
        first, second = sorted(predicted(client, **options).items())[:2]
        return math.log(first[1] / second[1])

    assert log_odds(temperature=0.5) == pytest.approx(2 * log_odds())
    assert log_odds(temperature=2) == pytest.approx(log_odds() / 2)


def test_temperature_zero_is_the_most_probable_path(client: openai.OpenAI) -> None:
    likeliest = max(predicted(client).items(), key=lambda item: item[1])[0]
    assert set(first_tokens(client, batches=2, temperature=0)) == {likeliest}


def test_top_p_cuts_exactly_the_tail(client: openai.OpenAI) -> None:
    ranked = sorted(predicted(client).items(), key=lambda item: -item[1])
    kept = predicted(client, top_p=ranked[0][1] + 0.01)
    assert set(kept) == {token for token, _ in ranked[:2]}
    assert set(predicted(client, top_p=0.01)) == {ranked[0][0]}


def test_a_bias_of_minus_100_never_appears(client: openai.OpenAI) -> None:
    expected = predicted(client)
    banned = max(expected, key=lambda token: expected[token])
    (token,) = encoding_for(MODEL).encode_ordinary(banned)
    counts = first_tokens(client, batches=3, logit_bias={str(token): -100})
    assert banned not in counts
    assert counts


def test_a_bias_of_minus_100_never_appears_even_without_another_choice(
    client: openai.OpenAI,
) -> None:
    def steps(**options: Any) -> list[Any]:
        reply = client.chat.completions.create(
            model=MODEL, messages=HELLO, logprobs=True, temperature=0, **options,  # type: ignore[arg-type]
        )  # fmt: skip
        logprobs = reply.choices[0].logprobs
        assert logprobs is not None
        return logprobs.content or []

    for banned in {step.token for step in steps()}:
        (token,) = encoding_for(MODEL).encode_ordinary(banned)
        assert banned not in [step.token for step in steps(logit_bias={str(token): -100})]


def test_logprobs_are_as_many_as_completion_tokens(client: openai.OpenAI) -> None:
    messages = [{"role": "user", "content": "안녕하세요?"}]
    reply = client.chat.completions.create(
        model=MODEL,
        messages=messages,
        logprobs=True,
        top_logprobs=3,
        n=5,  # type: ignore[arg-type]
    )
    assert reply.usage is not None
    steps = []
    for choice in reply.choices:
        assert choice.logprobs is not None
        assert choice.logprobs.content is not None
        steps += choice.logprobs.content
        whole = b"".join(bytes(step.bytes or []) for step in choice.logprobs.content)
        assert whole.decode("utf-8") == choice.message.content
    assert len(steps) == reply.usage.completion_tokens
    for step in steps:
        likelihoods = [each.logprob for each in step.top_logprobs]
        assert likelihoods == sorted(likelihoods, reverse=True)
        assert sum(map(math.exp, likelihoods)) <= 1 + 1e-9
        assert step.logprob <= 0


# The very words, drawn once and written down: another machine, or another Python, draws them too.
@pytest.mark.parametrize(
    ("said", "options", "drawn"),
    [
        (
            "hello",
            {"seed": 1},
            ["Hi there! I am a practice server. I am not a language model, but the protocol is the "
             "real one."],
        ),
        (
            "hello",
            {"seed": 2},
            ["Hi there! I am a practice server. There is no real model here, but the protocol is "
             "the real one."],
        ),
        (
            "안녕하세요?",
            {"seed": 3, "temperature": 1.7},
            ["안녕하세요! 저는 연습용 서버예요. 진짜 모델은 아니지만 API의 형식은 그대로 지켜요."],
        ),
    ],
)  # fmt: skip
def test_the_same_request_and_seed_say_the_same_on_every_machine(
    client: openai.OpenAI, said: str, options: dict[str, Any], drawn: list[str]
) -> None:
    messages: Any = [{"role": "user", "content": said}]
    reply = client.chat.completions.create(model=MODEL, messages=messages, **options)
    assert [choice.message.content for choice in reply.choices] == drawn
