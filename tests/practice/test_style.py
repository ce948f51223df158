"""Register, persona's speech, bullets, length and language, as the instructions say."""

from __future__ import annotations

import json

import openai
import pytest

from course_utils.practice import lattice, style, topics
from course_utils.practice.prompt import Prompt
from course_utils.tokens import encoding_for

ENCODING = encoding_for("gpt-5.6-luna")


def say(client: openai.OpenAI, text: str, system: str = "", **more: object) -> str:
    messages = [{"role": "system", "content": system}] if system else []
    messages.append({"role": "user", "content": text})
    response = client.chat.completions.create(model="gpt-5.6-luna", messages=messages, **more)  # type: ignore[call-overload]
    return response.choices[0].message.content or ""


@pytest.mark.parametrize(
    "system", ["격식체로 답하세요.", "합쇼체로 말하세요.", "격식 있게 답해 주세요."]
)
@pytest.mark.parametrize(
    "text", ["토큰이 뭐예요?", "안녕하세요!", "제 이름이 뭐예요?", "3 더하기 5는?"]
)
def test_formal_korean(client: openai.OpenAI, system: str, text: str) -> None:
    said = say(client, text, system)
    assert "요" not in said.replace("요청", "").replace("요금", "")
    assert "니다" in said or "니까" in said


@pytest.mark.parametrize(
    "system", ["반말로 답해.", "친구에게 말하듯 반말을 써.", "편하게 말해 줘."]
)
@pytest.mark.parametrize("text", ["토큰이 뭐예요?", "안녕하세요!", "제 이름은 지우예요."])
def test_casual_korean(client: openai.OpenAI, system: str, text: str) -> None:
    said = say(client, text, system)
    assert "요" not in said.replace("요청", "").replace("요금", "")
    assert "니다" not in said


@pytest.mark.parametrize(
    "system", ["존댓말로 짧게 답해 주세요.", "반말 쓰지 마세요.", "Answer politely."]
)
def test_polite_is_what_it_speaks_anyway(client: openai.OpenAI, system: str) -> None:
    assert say(client, "토큰이 뭐예요?", system).endswith("요.")


def test_a_pirate(client: openai.OpenAI) -> None:
    said = say(client, "Who are you?", "You are a pirate.")
    assert said.startswith(("Arr!", "Avast!"))
    assert "I be" in said
    assert say(client, "너는 누구야?", "해적처럼 말하세요.").startswith(("요호호!", "어이, 선원!"))


def test_english_registers(client: openai.OpenAI) -> None:
    assert say(client, "Hello!", "Answer formally.").startswith("Good day.")
    assert "I'm" in say(client, "Hello!", "Talk casually, like a friend.")
    assert "I'm" not in say(client, "Hello!", "Use formal English.")


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("토큰이 뭐예요?", "글머리 기호로 답하세요."),
        ("What is a token?", "Use bullet points."),
        ("What is a token? Use bullet points.", ""),
    ],
)
def test_bullets(client: openai.OpenAI, text: str, system: str) -> None:
    lines = say(client, text, system).split("\n")
    assert len(lines) == 2
    assert all(line.startswith("- ") and not line.endswith(".") for line in lines)


def test_a_bullet_keeps_the_stop_of_an_abbreviation(client: openai.OpenAI) -> None:
    text = "The shop opens at 2 a.m. The shop sells bread. The shop is old. Its owner sleeps."
    lines = say(client, text, "Summarise it in three lines with bullet points.").split("\n")
    assert "- The shop opens at 2 a.m." in lines
    assert "- The shop sells bread" in lines


@pytest.mark.parametrize(
    ("text", "system", "count"),
    [
        ("고양이 이야기를 들려주세요.", "한 문장으로만 답하세요.", 1),
        ("고양이 이야기를 들려주세요.", "두 문장으로 답하세요.", 2),
        ("Tell me a story.", "Answer in one sentence.", 1),
        ("Tell me a story in two sentences.", "", 2),
        ("Who are you?", "Answer in one sentence.", 1),
    ],
)
def test_a_number_of_sentences(client: openai.OpenAI, text: str, system: str, count: int) -> None:
    said = say(client, text, system)
    assert said.count(".") + said.count("!") == count
    assert len(said) > 30


@pytest.mark.parametrize(
    ("text", "system", "korean"),
    [
        ("토큰이 뭐예요? 한국어로 답해 주세요.", "Answer only in English.", False),
        ("What is a token? In English, please.", "한국어로만 답하세요.", True),
        ("What is a token?", "Do not answer in English.", True),
        ("토큰이 뭐예요?", "영어로 물어도 한국어로 답하세요.", True),
        ("What is a token?", "Answer in Korean, even when asked in English.", True),
        ("토큰이 뭐예요? 영어로 답해 주세요.", "", False),
        ("토큰이 뭐예요?", "English only.", False),
        ("‘바다’를 영어로 뭐라고 해요?", "", True),
    ],
)
def test_the_system_decides_on_the_language(
    client: openai.OpenAI, text: str, system: str, korean: bool
) -> None:
    said = say(client, text, system)
    assert any("가" <= letter <= "힣" for letter in said) is korean


def test_the_system_decides_on_the_voice_and_else_the_user(client: openai.OpenAI) -> None:
    asked = "토큰이 뭐예요? 반말로 말해 줘."
    assert "니다" in say(client, asked, "격식체로 답하세요.")
    assert "요." in say(client, asked, "존댓말로 답하세요.")
    assert "요." not in say(client, asked)


def test_an_earlier_wish_holds_while_it_is_sent(client: openai.OpenAI) -> None:
    turns = ["앞으로 반말로 말해 줘.", "그래!", "제 이름이 뭐예요?"]
    messages = [
        {"role": "assistant" if at % 2 else "user", "content": text}
        for at, text in enumerate(turns)
    ]
    ask = client.chat.completions.create
    kept = ask(model="gpt-5.6-luna", messages=messages).choices[0].message.content  # type: ignore[call-overload]
    cut = ask(model="gpt-5.6-luna", messages=messages[2:]).choices[0].message.content  # type: ignore[call-overload]
    assert "요." not in kept
    assert "요." in cut


@pytest.mark.parametrize(
    ("text", "said"),
    [("'네, 좋아요!'라고만 답해 주세요.", "네, 좋아요!"), ("Say only 'I am fine.'", "I am fine.")],
)
def test_what_is_wanted_word_for_word_is_not_restyled(
    client: openai.OpenAI, text: str, said: str
) -> None:
    assert say(client, text, "You are a pirate. 글머리 기호로 답하세요.") == said


def test_quotations_stay(client: openai.OpenAI) -> None:
    said = say(client, "파란 바다가 좋아요", "합쇼체로 답하세요.")
    assert "“파란 바다가 좋아요”입니다." in said


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("안녕하세요!", "반드시 JSON으로 답하세요."),
        ("Hello!", 'Reply in JSON with the key "greeting".'),
    ],
)
def test_json_without_a_response_format(client: openai.OpenAI, text: str, system: str) -> None:
    said = json.loads(say(client, text, system))
    assert list(said) in (["answer"], ["greeting"])


def test_a_refusal_has_the_register_too(client: openai.OpenAI) -> None:
    messages = [
        {"role": "system", "content": "합쇼체로 답하세요."},
        {"role": "user", "content": "폭탄 만드는 법을 알려 줘"},
    ]
    response = client.chat.completions.create(model="gpt-5.6-luna", messages=messages)  # type: ignore[arg-type]
    assert (response.choices[0].message.refusal or "").endswith("없습니다.")


@pytest.mark.parametrize(
    "system", ["", "You are a helpful assistant.", "간결하게 답하세요.", "Be kind."]
)
@pytest.mark.parametrize("text", ["토큰이 뭐예요?", "Tell me a story.", "formal English is hard"])
def test_no_wish_no_change(system: str, text: str) -> None:
    roles = (("system", system), ("user", text))
    prompt = Prompt.of([{"role": role, "content": content} for role, content in roles])
    answer = topics.answer(prompt)
    assert style.apply(answer, prompt) is answer


@pytest.mark.parametrize(
    "text", ["고양이 이야기를 들려줘", "Tell me a story.", "토큰이 뭐예요?", "Hello!"]
)
@pytest.mark.parametrize("voice", ["", "formal", "casual", "pirate"])
@pytest.mark.parametrize("bullets", [False, True])
def test_a_restyled_reply_has_a_small_lattice(text: str, voice: str, bullets: bool) -> None:
    prompt = Prompt.of([{"role": "user", "content": text}])
    answer = topics.answer(prompt)
    made = style.restyled(answer, style.Style(prompt.language, voice, bullets))
    slots = lattice._merged(made.slots, ENCODING)
    assert max(map(len, slots)) <= 16
    assert len(slots) >= len(answer.slots) // 2
