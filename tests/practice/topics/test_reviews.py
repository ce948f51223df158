"""A bare review gets an answer in words, and a label only where the instructions name two."""

from __future__ import annotations

import openai
import pytest

RULE_KO = "긍정인지 부정인지 한 낱말로만 답해 주세요."
RULE_EN = "Answer with one word only: positive or negative."


def say(client: openai.OpenAI, text: str, told: str = "") -> str:
    messages = [{"role": "system", "content": told}] if told else []
    messages.append({"role": "user", "content": text})
    response = client.chat.completions.create(
        model="gpt-4.1-mini",
        messages=messages,  # type: ignore[arg-type]
        temperature=0,
    )
    return response.choices[0].message.content or ""


@pytest.mark.parametrize(
    ("text", "rule", "label", "words"),
    [
        ("색이 사진과 달라서 실망했어요.", RULE_KO, "부정", "속상"),
        ("배송이 빨라서 좋아요.", RULE_KO, "긍정", "다행"),
        ("The colour is wrong, how disappointing.", RULE_EN, "negative", "sorry"),
        ("Fast delivery, I love it.", RULE_EN, "positive", "glad"),
    ],
)
def test_a_label_where_the_instructions_name_two(
    client: openai.OpenAI, text: str, rule: str, label: str, words: str
) -> None:
    assert say(client, text, rule) == label
    assert words in say(client, text)


@pytest.mark.parametrize(
    "text",
    [
        "좋은 제품 이름을 지어 주세요.",
        "배송이 늦은 이유가 뭐예요?",
        "Is the delivery fast?",
        "좋아요.",
    ],
)
def test_other_prompts_are_left_alone(client: openai.OpenAI, text: str) -> None:
    assert say(client, text, RULE_KO) not in ("긍정", "부정")
