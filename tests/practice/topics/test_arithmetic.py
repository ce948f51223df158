"""Sums are computed exactly, and nothing but a sum is taken for one."""

from __future__ import annotations

import openai
import pytest

from course_utils.practice.topics.arithmetic import computed


def say(client: openai.OpenAI, text: str) -> str:
    messages = [{"role": "user", "content": text}]
    response = client.chat.completions.create(model="gpt-5.6-luna", messages=messages)  # type: ignore[arg-type]
    return response.choices[0].message.content or ""


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("3 더하기 5는?", " 8이에요."),
        ("3 더하기 5는 몇이에요?", " 8이에요."),
        ("안녕하세요, 17 곱하기 2는 얼마예요?", " 34예요."),
        ("3과 5를 더하면 얼마예요?", " 8이에요."),
        ("10에서 3을 빼면?", " 7이에요."),
        ("12를 5로 나누면?", " 2.4예요."),
        ("200의 15%는 얼마예요?", " 30이에요."),
        ("2의 10제곱은?", " 1024예요."),
        ("10 나누기 3은?", " 약 3.333333이에요."),
        ("12 * (3+4)", " 84."),
        ("what is 17 times 23", " 391."),
        ("What is 15% of 200?", " 30."),
        ("What's 10 divided by 4?", " 2.5."),
        ("Please calculate 1,200 + 800", " 2000."),
        ("2^10 = ?", " 1024."),
        ("What is 12 squared?", " 144."),
        ("0.1 + 0.2", " 0.3."),
        ("3 - 10", " -7."),
        ("100 - 30%", " 70."),
        ("6 × 7 ÷ 2", " 21."),
        ("What is the sum of 3 and 5?", " 8."),
        ("What is 1 divided by 3?", " about 0.333333."),
    ],
)
def test_a_sum_is_computed(client: openai.OpenAI, text: str, result: str) -> None:
    assert say(client, text).endswith(result)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1/0", "zero"),
        ("5 나누기 0은?", "0으로"),
        ("9**9**9", "too large"),
        ("9의 99999제곱은?", "너무"),
        ("10 ** 100000000", "too large"),
        (f"{'9' * 100} + 1", "too large"),
    ],
)
def test_what_cannot_be_had_is_said_so_at_once(client: openai.OpenAI, text: str, part: str) -> None:
    assert part in say(client, text)


@pytest.mark.parametrize(
    "text",
    [
        "010-1234-5678",
        "2024-01-05",
        "2024/01/05",
        "12개 사과",
        "Is 3 + 5 more than 7?",
        "((((1+1",
        "3 +",
        "1.2.3",
        "Tell me 3 + 5 facts about cats",
        "토큰 100개는 얼마예요?",
        "gpt-5.6-luna",
        "007 - 3",
        "(" * 60 + "1" + ")" * 59,
    ],
)
def test_other_prompts_are_left_alone(client: openai.OpenAI, text: str) -> None:
    said = say(client, text)
    assert "practice server" in said or "연습 서버" in said


@pytest.mark.parametrize(
    "text", ["__import__('os')", "a+1", "1 if 1 else 2", "[1]+[2]", "'a'*9", "1j+1"]
)
def test_nothing_but_figures_and_signs_is_evaluated(text: str) -> None:
    with pytest.raises(SyntaxError):
        computed(text)
