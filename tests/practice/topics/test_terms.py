"""Field terms explained, through the real client."""

from __future__ import annotations

import openai
import pytest


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
