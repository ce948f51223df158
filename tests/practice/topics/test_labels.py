"""Few-shot patterns: the label is one of those seen, and the likelier the more words are shared."""

from __future__ import annotations

import math

import openai
import pytest


def ask(client: openai.OpenAI, *turns: str, system: str = "", **more: object):
    messages = [{"role": "system", "content": system}] if system else []
    messages += [
        {"role": "assistant" if at % 2 else "user", "content": text}
        for at, text in enumerate(turns)
    ]
    return client.chat.completions.create(model="gpt-4.1-mini", messages=messages, **more)  # type: ignore[call-overload]


def say(client: openai.OpenAI, *turns: str, system: str = "") -> str:
    return ask(client, *turns, system=system, temperature=0).choices[0].message.content


REVIEWS_KO = ["배송이 빨라서 좋아요", "긍정", "포장이 엉망이에요", "부정"]
REVIEWS_EN = ["I love this film", "positive", "The plot is boring", "negative"]


@pytest.mark.parametrize(
    ("turns", "label"),
    [
        ([*REVIEWS_KO, "배송이 정말 빨라요"], "긍정"),
        ([*REVIEWS_KO, "포장이 찢어져서 왔어요"], "부정"),
        ([*REVIEWS_EN, "I love the music"], "positive"),
        ([*REVIEWS_EN, "A boring evening"], "negative"),
        (["배송이 빨라요 -> 긍정\n포장이 찢어졌어요 -> 부정\n포장이 엉망이에요 ->"], "부정"),
        (
            [
                "1. cats purr → animal\n2. roses smell → plant\n"
                "3. dogs bark → animal\n4. cats sleep →"
            ],
            "animal",
        ),
        (
            ["Text: I love it\nLabel: good\nText: It is boring\nLabel: bad\nText: boring\nLabel:"],
            "bad",
        ),
        (
            ["리뷰: 재미있어요\n감정: 긍정\n리뷰: 지루했어요\n감정: 부정\n리뷰: 지루해요\n감정:"],
            "부정",
        ),
    ],
)
def test_the_label_that_shares_most(client: openai.OpenAI, turns: list[str], label: str) -> None:
    assert say(client, *turns) == label


def test_examples_in_the_instructions(client: openai.OpenAI) -> None:
    system = "문의 분류\n환불해 주세요 → 환불\n결제 오류가 나요 → 결제\n언제 오나요 → 배송"
    assert say(client, "결제가 안 돼요", system=system) == "결제"


def test_nothing_shared_is_a_guess_and_the_logprobs_say_so(client: openai.OpenAI) -> None:
    def first(text: str) -> list[float]:
        response = ask(client, *REVIEWS_KO, text, logprobs=True, top_logprobs=5)
        (top, *_) = response.choices[0].logprobs.content
        return [math.exp(each.logprob) for each in top.top_logprobs]

    assert first("하늘이 파래요") == pytest.approx([0.5, 0.5])
    assert first("배송이 정말 빨라요")[0] > 0.9


def test_a_label_is_not_restyled(client: openai.OpenAI) -> None:
    system = "You are a pirate. Use bullet points."
    assert say(client, *REVIEWS_EN, "I love it", system=system) == "positive"


@pytest.mark.parametrize(
    "turns",
    [
        ["안녕하세요", "반가워요", "제 이름은 지우예요.", "네, 지우 님", "제 이름이 뭐예요?"],
        ["cat", "고양이", "dog", "강아지", "bird"],
        ["Hello!", "Hi.", "How are you?", "Fine.", "Tell me a story."],
        ["x -> y"],
        ["오류: 401\n원인: 키가 틀림\n무슨 뜻이에요?"],
    ],
)
def test_other_conversations_are_left_alone(client: openai.OpenAI, turns: list[str]) -> None:
    assert say(client, *turns) not in turns
