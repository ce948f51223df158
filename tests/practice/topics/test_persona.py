"""The model goes by the name that the instructions give it, and still says what it is."""

from __future__ import annotations

import openai
import pytest


def say(client: openai.OpenAI, text: str, system: str = "") -> str:
    messages = [{"role": "system", "content": system}] if system else []
    messages.append({"role": "user", "content": text})
    response = client.chat.completions.create(model="gpt-5.6-luna", messages=messages)  # type: ignore[arg-type]
    return response.choices[0].message.content or ""


@pytest.mark.parametrize(
    ("system", "text", "name"),
    [
        ("너는 미나야.", "너 이름이 뭐야?", "미나"),
        ("당신의 이름은 미나입니다. 친절하게 답하세요.", "안녕하세요!", "미나"),
        ("너는 ‘하늘’이라는 안내원이야.", "누구세요?", "하늘"),
        ("You are Mina, a friendly guide.", "Who are you?", "Mina"),
        ("You are a friendly guide named Mina.", "Hello!", "Mina"),
        ("Your name is Captain Mina.", "What is your name?", "Captain Mina"),
    ],
)
def test_a_name_from_the_instructions(
    client: openai.OpenAI, system: str, text: str, name: str
) -> None:
    said = say(client, text, system)
    assert name in said
    assert "연습 서버" in said or "practice server" in said


@pytest.mark.parametrize("text", ["너 이름이 뭐야?", "What's your name?"])
def test_without_one_it_has_no_name(client: openai.OpenAI, text: str) -> None:
    assert any(each in say(client, text) for each in ("이름이 없는", "이름이 따로", "no name"))


@pytest.mark.parametrize(
    "system",
    ["You are a helpful assistant.", "You are an AI.", "너는 친절한 도우미야.", "You are ChatGPT."],
)
def test_a_role_is_no_name(client: openai.OpenAI, system: str) -> None:
    assert "plays" not in say(client, "Hello!", system)
    assert "역할" not in say(client, "안녕하세요!", system)


@pytest.mark.parametrize(
    "text", ["제 이름이 뭐예요?", "What is my name?", "토큰이 뭐예요?", "What is a role?"]
)
def test_other_prompts_are_left_alone(client: openai.OpenAI, text: str) -> None:
    said = say(client, text, "너는 미나야. You are Mina.")
    assert "미나" not in said
    assert "Mina" not in said
