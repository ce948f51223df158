"""Known phrases are translated both ways; unknown ones are said to be unknown."""

from __future__ import annotations

import openai
import pytest


def say(client: openai.OpenAI, text: str, system: str = "") -> str:
    messages = [{"role": "system", "content": system}] if system else []
    messages.append({"role": "user", "content": text})
    response = client.chat.completions.create(model="gpt-5.6-luna", messages=messages)  # type: ignore[arg-type]
    return response.choices[0].message.content or ""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("'감사합니다'를 영어로 번역해 줘", ("영어로", "Thank")),
        ("안녕하세요를 영어로 뭐라고 해요?", ("영어로", "H")),
        ("“좋은 아침”은 영어로 뭐예요?", ("영어로", "Good morning")),
        ("영어로 번역해 주세요: 잘 자요", ("영어로", "Good night")),
        ("Good morning을 한국어로 뭐라고 해요?", ("한국어로", "좋은 아침")),
        ("Translate 'good morning' into Korean.", ("in Korean", "좋은 아침")),
        ("How do you say thank you in Korean?", ("in Korean", "“")),
        ("Please translate this sentence into English: 고맙습니다", ("영어로", "Thank")),
        ("What is “friend” in Korean?", ("in Korean", "친구")),
    ],
)
def test_a_known_phrase(client: openai.OpenAI, text: str, parts: tuple[str, str]) -> None:
    said = say(client, text)
    assert all(part in said for part in parts)


@pytest.mark.parametrize(
    ("system", "text", "forms"),
    [
        ("사용자의 말을 영어로 번역하세요.", "감사합니다.", ("Thank you.", "Thanks.")),
        ("Translate the user's message into Korean.", "Good morning", ("좋은 아침",)),
        ("You are a translator. Translate to Korean.", "Thank you!", ("감사", "고맙", "고마")),
    ],
)
def test_an_instructed_translator_says_the_translation_alone(
    client: openai.OpenAI, system: str, text: str, forms: tuple[str, ...]
) -> None:
    assert say(client, text, system).startswith(forms)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("‘바람이 분다’를 영어로 뭐라고 해요?", "표에 없어요|몰라요"),
        ("Translate 'the wind blows' into Korean.", "not in my|no translation"),
    ],
)
def test_an_unknown_phrase(client: openai.OpenAI, text: str, part: str) -> None:
    assert any(each in say(client, text) for each in part.split("|"))


@pytest.mark.parametrize(
    "text",
    [
        "토큰이 뭐예요? 영어로 답해 주세요.",
        "영어로 이야기를 들려주세요",
        "Say hello in English",
        "번역이 뭐예요?",
    ],
)
def test_other_prompts_are_left_alone(client: openai.OpenAI, text: str) -> None:
    said = say(client, text)
    assert "표에 없어요" not in said
    assert "phrase table" not in said
