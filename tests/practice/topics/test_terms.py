"""Field terms explained, through the real client."""

from __future__ import annotations

import random
import re

import openai
import pytest
import rstr

from course_utils.practice.topics import terms


def _said(client: openai.OpenAI, text: str, instruction: str | None = None) -> str:
    messages: list = [{"role": "user", "content": text}]
    if instruction is not None:
        messages.insert(0, {"role": "developer", "content": instruction})
    completion = client.chat.completions.create(model="gpt-5.6-luna", messages=messages)
    return completion.choices[0].message.content or ""


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("API가 뭐예요?", "API는"),
        ("안녕하세요! API가 뭐예요?", "API는"),
        ("OpenAI API란 무엇인가요?", "API는"),
        ("API 키가 뭔가요?", "API 키는"),
        ("토큰이 뭐야?", "토큰은"),
        ("토큰(token)이 무엇인지 알려 주세요.", "토큰은"),
        ("토큰이란?", "토큰은"),
        ("프롬프트는 무슨 뜻이에요?", "프롬프트는"),
        ("메시지를 간단히 설명해 주세요.", "메시지는"),
        ("그럼 스트리밍이 뭐죠?", "스트리밍은"),
        ("JSON에 대해 알려 주세요", "JSON은"),
        ("언어 모델이 무엇입니까?", "언어 모델은"),
        ("What is an API?", "An API is"),
        ("Hello! What is an API key?", "An API key is"),
        ("what are tokens", "A token is"),
        ("Explain what a token is.", "A token is"),
        ("Please define the term prompt.", "A prompt is"),
        ("What's a message in an API?", "A message"),
        ("Could you explain streaming to me?", "Streaming means"),
        ("What does JSON mean?", "JSON is"),
        ("What is an LLM?", "A language model is"),
        ("임베딩이 뭐예요?", "임베딩은"),
        ("시스템 메시지가 뭐야?", "시스템 메시지는"),
        ("온도를 설명해 주세요.", "온도는"),
        ("컨텍스트 윈도가 뭐예요?", "컨텍스트 창은"),
        ("RAG가 뭔가요?", "RAG는"),
        ("What is an embedding?", "An embedding"),
        ("What are log probabilities?", "A log probability"),
        ("Please explain fine-tuning.", "Fine-tuning"),
        ("What is prompt injection?", "Prompt injection"),
        ("What is a rate limit?", "A rate limit"),
    ],
)
def test_explains_the_term_in_the_language_of_the_question(
    client: openai.OpenAI, question: str, begins: str
) -> None:
    said = _said(client, question)
    assert said.startswith(begins)
    assert said.count(".") == 2


@pytest.mark.parametrize(
    ("question", "instruction"),
    [
        ("토큰이 뭐예요? 한 문장으로 답해 주세요.", None),
        ("토큰이 뭐예요?", "한 문장으로만 답하세요."),
        ("What is a token?", "Answer in one sentence."),
        ("What is a token in one sentence?", None),
    ],
)
def test_one_sentence_when_one_was_asked_for(
    client: openai.OpenAI, question: str, instruction: str | None
) -> None:
    assert _said(client, question, instruction).count(".") == 1


def test_answers_in_the_language_that_the_instruction_names(client: openai.OpenAI) -> None:
    assert _said(client, "토큰이 뭐예요?", "Answer in English.").startswith("A token is")


@pytest.mark.parametrize(
    "question",
    [
        "제 이름이 뭐예요?",
        "아까 보낸 메시지가 뭐예요?",
        "메시지를 알려 주세요.",
        "토큰은 무엇으로 세나요?",
        "토큰이 몇 개예요?",
        "JSON으로 답해 주세요.",
        "스트리밍으로 이야기를 들려주세요.",
        "안녕하세요!",
        "다음 글을 요약해 주세요: " + "API가 뭐예요? " * 10,
        "What is the message I sent?",
        "What is the token limit of this model?",
        "Answer in JSON.",
        "Tell me a story about a token.",
    ],
)
def test_leaves_other_questions_to_other_topics(client: openai.OpenAI, question: str) -> None:
    explained = (
        "API는",
        "토큰은",
        "프롬프트는",
        "메시지는",
        "스트리밍은",
        "JSON은",
        "An API",
        "A token",
        "A prompt",
        "A message",
        "Streaming means",
        "JSON is",
    )
    assert not _said(client, question).startswith(explained)


LEVELS = [
    ("토큰이 뭐예요?", "중학생에게 설명하듯 답하세요.", "pupil"),
    ("토큰을 초등학생도 이해할 수 있게 설명해 주세요.", None, "pupil"),
    ("What is a token?", "Explain to a middle-school pupil.", "pupil"),
    ("Explain tokens to a child.", None, "pupil"),
    ("Explain a token like I'm five.", None, "pupil"),
    ("토큰이 뭐예요?", "독자는 전문가예요.", "expert"),
    ("토큰이 뭐예요?", "개발자에게 말하듯 답하세요.", "expert"),
    ("What is a token?", "The reader is an expert.", "expert"),
    ("Explain tokens to an expert.", "Answer politely.", "expert"),
    ("Explain tokens to an expert.", "You teach middle-school pupils.", "pupil"),
]


@pytest.mark.parametrize(("question", "instruction", "level"), LEVELS)
def test_the_level_that_was_asked_for(
    client: openai.OpenAI, question: str, instruction: str | None, level: str
) -> None:
    language = "ko" if re.search("[가-힣]", question) else "en"
    assert _said(client, question, instruction) in terms.TERMS["token"][language][level]


@pytest.mark.parametrize("name", terms.TERMS)
def test_every_spelling_of_a_term_finds_it(name: str) -> None:
    maker = rstr.Rstr(random.Random(name))
    spellings = {" ".join(maker.xeger(terms.TERMS[name]["written"]).split()) for _ in range(40)}
    for spelling in (each for each in spellings if len(each) < 50):
        asked = (
            f"{spelling}란 뭐예요?" if re.search("[가-힣]", spelling) else f"What is {spelling}?"
        )
        assert terms._asked(asked) == name, asked


@pytest.mark.parametrize("name", terms.TERMS)
def test_every_term_is_whole(name: str) -> None:
    for language in ("ko", "en"):
        said = terms.TERMS[name][language]
        assert all(text.startswith(" ") for text in said["more"])
        for part in ("what", "pupil", "expert"):
            assert not any(text.startswith(" ") for text in said[part])
        texts = [text for part in said.values() for text in part]
        assert all(text.endswith("요." if language == "ko" else ".") for text in texts)
        assert all(bool(re.search("[가-힣]", text)) is (language == "ko") for text in texts)


def test_there_are_thirty_terms_and_more() -> None:
    assert len(terms.TERMS) >= 30


@pytest.mark.parametrize(
    "question",
    [
        "오늘 온도가 몇 도예요?",
        "What is the temperature in Seoul?",
        "What is the role of a king?",
        "역할을 알려 주세요.",
        "What is my usage?",
        "이 프롬프트를 고쳐 주세요.",
        "Stop it.",
        "토큰을 하나 더 주세요.",
    ],
)
def test_everyday_uses_of_a_terms_word_are_left_alone(question: str) -> None:
    assert terms._asked(question) is None
