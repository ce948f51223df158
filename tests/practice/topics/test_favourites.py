"""What someone likes is known exactly when a message of the request tells it."""

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
    ("told", "asked", "value"),
    [
        ("제가 좋아하는 과일은 감이에요.", "제가 좋아하는 과일이 뭐예요?", "감이라고"),
        ("제가 좋아하는 과일은 사과예요.", "제가 좋아하는 과일은 뭐라고 했죠?", "사과라고"),
        ("제일 좋아하는 동물은 고양이예요", "제가 무슨 동물을 좋아한다고 했죠?", "고양이라고"),
        ("제일 좋아하는 동물은 고양이야", "내가 좋아하는 동물 기억해?", "고양이라고"),
        ("좋아하는 채소는 오이야", "내가 좋아하는 채소가 뭐야?", "오이라고"),
        (
            "제가 좋아하는 과일은 감이고 계절은 가을이에요.",
            "제가 좋아하는 과일은요, 기억하세요?",
            "감이라고",
        ),
        (
            "제가 가장 좋아하는 겨울 음식은 국밥 한 그릇입니다.",
            "제가 좋아하는 겨울 음식이 뭐죠?",
            "국밥 한 그릇이라고",
        ),
        ("My favourite fruit is persimmon.", "What is my favourite fruit?", "persimmon"),
        ("My favorite food is the pizza!", "Do you remember my favorite food?", "pizza"),
        ("my favourite colour is blue and my favourite tea is mint", "What tea do I like?", "mint"),
    ],
)
def test_it_is_noted_then_known_from_the_messages_alone(
    client: openai.OpenAI, told: str, asked: str, value: str
) -> None:
    noun = value.removesuffix("이라고").removesuffix("라고")
    assert noun in say(client, told)
    assert value in say(client, told, "안녕하세요" if noun != value else "hello", asked)
    assert noun not in say(client, asked)


def test_another_kind_is_not_known(client: openai.OpenAI) -> None:
    told = "제가 좋아하는 과일은 감이에요."
    assert "알" in (reply := say(client, told, "제가 좋아하는 계절이 뭐예요?"))
    assert "감이" not in reply


def test_the_last_one_told_counts(client: openai.OpenAI) -> None:
    turns = ("My favourite fruit is fig.", "My favourite fruit is plum.")
    assert "plum" in say(client, *turns, "What is my favourite fruit?")


@pytest.mark.parametrize(
    ("summary", "asked", "value"),
    [
        (
            "요약: 사용자의 이름은 지우이고 좋아하는 과일은 감, 좋아하는 계절은 가을이에요.",
            "제가 좋아하는 과일이 뭐예요?",
            "감이라고",
        ),
        (
            "The user's name is Jiwoo, their favourite fruit is fig and their favourite tea mint.",
            "What is my favourite fruit?",
            "fig",
        ),
    ],
)
def test_a_summary_tells_it_too(
    client: openai.OpenAI, summary: str, asked: str, value: str
) -> None:
    assert value in say(client, {"role": "system", "content": summary}, asked)


def test_the_spelling_is_the_users(client: openai.OpenAI) -> None:
    told = "My favorite fruit is fig."
    replies = [say(client, told, f"{n}. What is my favorite fruit?") for n in range(8)]
    assert any("favorite" in reply for reply in replies)
    assert not any("favourite" in reply for reply in replies)


@pytest.mark.parametrize(
    "text",
    [
        "너는 좋아하는 과일이 뭐야?",
        "좋아하는 과일을 추천해 주세요.",
        "What is your favourite fruit?",
    ],
)
def test_other_prompts_are_left_alone(client: openai.OpenAI, text: str) -> None:
    reply = say(client, text)
    assert "알려 주지 않으셨어요" not in reply
    assert "좋아하시" not in reply
    assert "your favourite fruit." not in reply
