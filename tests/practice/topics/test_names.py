"""A name is known exactly when a message of the request tells it."""

from __future__ import annotations

import openai
import pytest


def say(client: openai.OpenAI, *messages: str | dict[str, str]) -> str:
    sent = [
        each if isinstance(each, dict) else {"role": "user", "content": each} for each in messages
    ]
    response = client.chat.completions.create(model="gpt-5.6-luna", messages=sent)  # type: ignore[arg-type]
    return response.choices[0].message.content or ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("제 이름은 지우예요.", "지우"),
        ("안녕하세요, 제 이름은 민준이에요!", "민준"),
        ("제 이름은 민준이예요", "민준"),
        ("내 이름은 하늘이야", "하늘"),
        ("제 이름은요, 유라입니다.", "유라"),
        ("제 이름은 소라", "소라"),
        ("제 이름은 ‘소라’예요", "소라"),
        ("제 이름이 지우인데 기억해 줘", "지우"),
        ("제 이름은 이고은이에요.", "이고은"),
        ("제 이름은 알렉스예요.", "알렉스"),
        ("제 이름은 Mary Ann입니다.", "Mary Ann"),
        ("저는 하린이라고 해요.", "하린"),
        ("저를 라라라고 불러 주세요.", "라라"),
        ("제 이름은 지우가 아니라 하린이에요.", "하린"),
        ("My name is Jiwoo.", "Jiwoo"),
        ("my name is actually Minji", "Minji"),
        ("Hello! Please call me Sam.", "Sam"),
        ("My name is not Minji but Jiwoo.", "Jiwoo"),
    ],
)
def test_a_name_that_is_told_is_greeted(client: openai.OpenAI, text: str, name: str) -> None:
    reply = say(client, text)
    assert f"{name} 님" in reply or f", {name}!" in reply or f"Hello {name}," in reply


ASKED_KO = ["제 이름이 뭐예요?", "제 이름은 뭐예요?", "내 이름이 뭐라고 했지?", "제 이름을 아세요?"]
ASKED_EN = ["What is my name?", "Do you remember my name?", "Who am I?"]


@pytest.mark.parametrize("asked", ASKED_KO)
def test_a_korean_question_is_answered_from_the_messages_alone(
    client: openai.OpenAI, asked: str
) -> None:
    assert "지우" in say(client, "제 이름은 지우예요.", asked)
    assert "제 이름" not in say(client, asked)
    assert "이름" in say(client, asked)


@pytest.mark.parametrize("asked", ASKED_EN)
def test_an_english_question_is_answered_from_the_messages_alone(
    client: openai.OpenAI, asked: str
) -> None:
    assert "Jiwoo" in say(client, "My name is Jiwoo.", asked)
    assert "my name" not in say(client, asked)
    assert "your name" in say(client, asked)


def test_the_last_name_counts_and_a_question_is_no_name(client: openai.OpenAI) -> None:
    turns = ("제 이름은 지우예요.", "제 이름은 하린이에요.", "제 이름은 뭐예요?", "제 이름은요?")
    assert "하린" in say(client, *turns[:3])
    assert "하린" in say(client, *turns[:3], "제 이름이 뭐죠?")


@pytest.mark.parametrize(
    ("summary", "asked", "name"),
    [
        (
            "지난 대화 요약: 사용자의 이름은 지우이고 좋아하는 과일은 감이에요.",
            "제 이름이 뭐예요?",
            "지우",
        ),
        ("Summary: The user's name is Jiwoo, they like figs.", "What is my name?", "Jiwoo"),
    ],
)
def test_a_summary_tells_the_name(
    client: openai.OpenAI, summary: str, asked: str, name: str
) -> None:
    assert name in say(client, {"role": "system", "content": summary}, asked)


def test_the_models_own_words_are_no_source(client: openai.OpenAI) -> None:
    own = {"role": "assistant", "content": "My name is Robot."}
    assert "Robot" not in say(client, own, "What is my name?")


@pytest.mark.parametrize("text", ["저는 학생이에요.", "이름이란 무엇일까요?", "Name three rivers."])
def test_other_prompts_are_left_alone(client: openai.OpenAI, text: str) -> None:
    reply = say(client, text)
    assert "님" not in reply
    assert "your name" not in reply
    assert "이름은 제가" not in reply
