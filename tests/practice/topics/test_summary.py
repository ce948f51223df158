"""Summaries hold nothing that the text does not, and are shorter than it."""

from __future__ import annotations

import openai
import pytest

ARTICLE_KO = [
    "시는 내년부터 강변 공원에 무인 도서관 열 곳을 연다.",
    "무인 도서관은 하루 내내 문을 연다.",
    "시민은 휴대전화로 책을 빌린다.",
    "반납도 휴대전화로 한다.",
    "시는 공원 이용자 천 명에게 물어 이 계획을 세웠다.",
    "그날은 날씨가 맑았다.",
]
ARTICLE_EN = [
    "The city opens ten small libraries by the river.",
    "Each library is open all day.",
    "People borrow books with a phone.",
    "They return books with a phone, too.",
    "The city asked a thousand visitors before planning the libraries.",
    "It was sunny that day.",
]


def say(client: openai.OpenAI, *texts: str, system: str = "") -> str:
    sent = [{"role": "system", "content": system}] if system else []
    sent += [
        {"role": "assistant" if at % 2 else "user", "content": text}
        for at, text in enumerate(texts)
    ]
    response = client.chat.completions.create(model="gpt-5.6-luna", messages=sent)  # type: ignore[arg-type]
    return response.choices[0].message.content or ""


@pytest.mark.parametrize(
    ("request_", "article", "count"),
    [
        ("다음 글을 두 문장으로 요약해 주세요:", ARTICLE_KO, 2),
        ("이 기사를 한 문장으로 간추려 줘.", ARTICLE_KO, 1),
        ("아래 글을 요약해 주세요.", ARTICLE_KO, 2),
        ("Please summarize this text in one sentence:", ARTICLE_EN, 1),
        ("Give me a short summary of this article in three sentences.", ARTICLE_EN, 3),
    ],
)
@pytest.mark.parametrize("between", [" ", "\n\n"])
def test_a_text_is_summarised_in_its_own_sentences(
    client: openai.OpenAI, request_: str, article: list[str], count: int, between: str
) -> None:
    reply = say(client, request_ + between + " ".join(article))
    picked = [sentence for sentence in article if sentence in reply]
    assert len(picked) == count
    assert reply == " ".join(picked)


def test_an_instruction_to_summarise_holds_for_a_long_text(client: openai.OpenAI) -> None:
    system = "You summarise news articles in one sentence."
    assert say(client, " ".join(ARTICLE_EN), system=system) in ARTICLE_EN


TURNS_KO = [
    "제 이름은 지우예요.",
    "지우 님, 만나서 반가워요! 무엇을 도와드릴까요?",
    "제가 좋아하는 과일은 감이에요.",
    "감을 좋아하시는군요! 더 들려주세요.",
]
TURNS_EN = [
    "My name is Jiwoo.",
    "Nice to meet you, Jiwoo! What can I do for you?",
    "My favourite fruit is persimmon.",
    "So your favourite fruit is persimmon. Tell me more.",
]


@pytest.mark.parametrize(
    ("turns", "request_", "facts"),
    [
        (TURNS_KO, "지금까지의 대화를 한 문장으로 요약해 주세요.", ("지우", "감")),
        (TURNS_EN, "Summarise our conversation so far in one sentence.", ("Jiwoo", "persimmon")),
    ],
)
def test_a_conversation_is_summarised_from_what_was_sent(
    client: openai.OpenAI, turns: list[str], request_: str, facts: tuple[str, str]
) -> None:
    reply = say(client, *turns, request_)
    assert all(fact in reply for fact in facts)
    assert len(reply) < sum(map(len, turns))
    assert facts[1] not in say(client, *turns[:2], request_)
    assert not any(fact in say(client, request_) for fact in facts)


def test_a_conversation_without_facts_is_quoted(client: openai.OpenAI) -> None:
    turns = [
        "한강은 어디로 흘러요?",
        "서해로 흘러요. 강화도 앞에서 바다와 만나요.",
        "낙동강은요?",
        "남해로 흘러요.",
    ]
    assert "“낙동강은요?”" in say(client, *turns, "우리 대화를 요약해 줘")


def test_what_is_too_short_is_said_to_be(client: openai.OpenAI) -> None:
    assert "줄일 것이 없어요" in say(client, "이 글을 요약해 주세요: 오늘은 비가 왔어요.")
    assert "too short" in say(client, "Hi.", "Hello.", "Summarise our conversation so far.")


@pytest.mark.parametrize("text", ["요약이 뭐예요?", "What is a summary?", "대화가 즐거웠어요."])
def test_other_prompts_are_left_alone(client: openai.OpenAI, text: str) -> None:
    reply = say(client, *TURNS_KO, text)
    assert "사용자" not in reply
    assert "The user" not in reply


def test_a_summary_among_the_instructions_is_no_wish_for_one(client: openai.OpenAI) -> None:
    system = "지난 대화 요약: 사용자의 이름은 지우예요."
    long = " ".join(ARTICLE_KO[:3]) + " 제 이름이 뭐예요?"
    assert "지우" in say(client, long, system=system)


@pytest.mark.parametrize(
    ("request_", "article", "shorter", "longer"),
    [
        (
            "다음 글을 요약해 주세요:",
            ARTICLE_KO,
            "더 짧게 요약해 주세요.",
            "더 자세히 요약해 주세요.",
        ),
        ("Summarise this text:", ARTICLE_EN, "Make it shorter.", "Longer, please."),
    ],
)
def test_a_summary_can_be_had_shorter_and_longer(
    client: openai.OpenAI, request_: str, article: list[str], shorter: str, longer: str
) -> None:
    turns = [f"{request_}\n{' '.join(article)}"]
    turns.append(say(client, *turns))

    def count(text: str) -> int:
        return sum(sentence in text for sentence in article)

    assert (
        count(say(client, *turns, shorter)) < count(turns[1]) < count(say(client, *turns, longer))
    )
    assert count(say(client, shorter)) == 0


def test_a_long_or_a_short_one_at_once(client: openai.OpenAI) -> None:
    text = "\n" + " ".join(ARTICLE_KO)
    short = say(client, "다음 글을 짧게 요약해 주세요:" + text)
    assert len(short) < len(say(client, "다음 글을 자세히 요약해 주세요:" + text))
