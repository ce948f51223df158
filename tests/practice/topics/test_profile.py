"""Facts about the user are known exactly when a message of the request tells them."""

from __future__ import annotations

import openai
import pytest

FACTS = [
    ("저는 부산에 살아요.", "제가 어디에 산다고 했죠?", "부산"),
    ("저는 부산에서 살고 있어요.", "제가 어디 사는지 기억하세요?", "부산"),
    ("제 직업은 간호사예요.", "제 직업이 뭐예요?", "간호사"),
    ("저는 학생이에요.", "제가 무슨 일을 하죠?", "학생"),
    ("저는 간호사로 일해요.", "제 직업이 뭐라고 했죠?", "간호사"),
    ("저는 고양이를 키워요.", "제가 무엇을 키우죠?", "고양이"),
    ("저는 땅콩 알레르기가 있어요.", "제가 무슨 알레르기가 있죠?", "땅콩"),
    ("제 취미는 수영이에요.", "제 취미가 뭐예요?", "수영"),
    ("제 생일은 3월 2일이에요.", "제 생일이 언제예요?", "3월 2일"),
    ("저는 열다섯 살이에요.", "제가 몇 살이죠?", "열다섯 살"),
    ("제 강아지 이름은 초코예요.", "제 강아지 이름이 뭐예요?", "초코"),
    ("I live in Busan.", "Where do I live?", "Busan"),
    ("I work as a nurse.", "What is my job?", "nurse"),
    ("I'm a teacher.", "What do I do for a living?", "teacher"),
    ("I have a cat.", "What pet do I have?", "cat"),
    ("I am allergic to peanuts.", "What am I allergic to?", "peanuts"),
    ("My hobby is swimming.", "Do you remember my hobby?", "swimming"),
    ("My birthday is March 2.", "When is my birthday?", "March 2"),
    ("I'm 15 years old.", "How old am I?", "15"),
    ("My dog's name is Choco.", "What is my dog's name?", "Choco"),
    ("저는 부산에 살아요.", "Where do I live?", "부산"),
]


def say(client: openai.OpenAI, *turns: str, system: str = "") -> str:
    messages = [{"role": "system", "content": system}] if system else []
    messages += [
        {"role": "assistant" if at % 2 else "user", "content": text}
        for at, text in enumerate(turns)
    ]
    response = client.chat.completions.create(model="gpt-5.6-luna", messages=messages)  # type: ignore[arg-type]
    return response.choices[0].message.content or ""


@pytest.mark.parametrize(("told", "asked", "value"), FACTS)
def test_a_fact_is_known_while_its_turn_is_sent(
    client: openai.OpenAI, told: str, asked: str, value: str
) -> None:
    assert value in say(client, told)
    assert value in say(client, told, "OK", asked)
    unknown = say(client, asked)
    assert value not in unknown
    assert any(
        each in unknown for each in ("않으셨어요", "알 수 없어요", "not told me", "do not know")
    )


def test_the_last_telling_counts_and_the_models_own_does_not(client: openai.OpenAI) -> None:
    turns = ["I live in Busan.", "I live in Rome.", "I live in Jeju now.", "ok", "Where do I live?"]
    assert "Jeju" in say(client, *turns)


@pytest.mark.parametrize(
    ("turns", "facts"),
    [
        (
            [
                "제 이름은 지우이고 부산에 살아요. 저는 땅콩 알레르기가 있어요.",
                "네, " * 20,
                "우리 대화를 요약해 주세요.",
            ],
            ("지우", "부산", "땅콩"),
        ),
        (
            [
                "My name is Jiwoo. I live in Busan and I have a cat.",
                "I see. " * 20,
                "Summarise our conversation.",
            ],
            ("Jiwoo", "they live in Busan", "cat"),
        ),
    ],
)
def test_a_summary_holds_the_facts_and_tells_them_on(
    client: openai.OpenAI, turns: list[str], facts: tuple[str, ...]
) -> None:
    summary = say(client, *turns)
    assert all(fact in summary for fact in facts)
    assert facts[1].split()[-1] in say(client, "제가 어디 살죠?", system=summary)


@pytest.mark.parametrize(
    "text",
    [
        "I am happy today",
        "I live for music",
        "저는 고양이를 좋아해요",
        "고양이는 어디에 살아요?",
        "고양이를 키우는 방법을 알려 주세요",
        "내 취미를 추천해 줘",
        "제가 어디서 밥을 먹을까요?",
        "My house is red",
    ],
)
def test_other_prompts_are_left_alone(client: openai.OpenAI, text: str) -> None:
    said = say(client, text)
    assert "연습 서버" in said or "practice server" in said
