"""Words for a poem: one token each, with the probabilities that the lessons draw."""

from __future__ import annotations

from math import exp
from typing import Any

import openai
import pytest


def _asked(client: openai.OpenAI, text: str, **options: Any) -> Any:
    messages: Any = [{"role": "user", "content": text}]
    completion = client.chat.completions.create(
        model="gpt-5.6-luna", messages=messages, reasoning_effort="none", **options
    )
    return completion.choices[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("시에 쓸 낱말을 하나만 골라 주세요.", ["별", "달", "비", "눈", "강"]),
        ("시에 어울리는 단어 한 개만 말해 줘", ["별", "달", "비", "눈", "강"]),
        ("Pick one word for a poem.", ["Moon", "Star", "Rain", "Snow", "River"]),
        ("Please choose a word for a poem", ["Moon", "Star", "Rain", "Snow", "River"]),
    ],
)
def test_the_first_token_has_five_whole_words_to_choose_from(
    client: openai.OpenAI, text: str, words: list[str]
) -> None:
    choice = _asked(client, text, logprobs=True, top_logprobs=5)
    (token,) = choice.logprobs.content
    assert choice.message.content == token.token
    assert [each.token for each in token.top_logprobs] == words
    assert [round(exp(each.logprob), 3) for each in token.top_logprobs] == [
        0.5,
        0.22,
        0.14,
        0.09,
        0.05,
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("시에 쓸 낱말을 열 개 골라 주세요. 같은 낱말이 또 나와도 좋아요.", 10),
        ("시에 넣을 단어를 3개 골라 줘", 3),
        ("Pick ten words for a poem. A word may come again.", 10),
        ("Give me 12 words for a poem", 12),
    ],
)
def test_as_many_words_as_are_wanted_each_one_token(
    client: openai.OpenAI, text: str, count: int
) -> None:
    choice = _asked(client, text, logprobs=True)
    assert len(choice.message.content.split()) == len(choice.logprobs.content) == count


@pytest.mark.parametrize(
    "text",
    ["바다를 주제로 짧은 시를 써 주세요.", "Write a poem.", "Pick a word.", "시에 쓸 말이 없어요."],
)
def test_other_prompts_are_left_alone(client: openai.OpenAI, text: str) -> None:
    assert len(_asked(client, text).message.content.split()) > 1
