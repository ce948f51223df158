"""What is a token? The field's terms, each explained in a sentence or two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

Sentences = Mapping[str, float]

# A question about a term is short and begins with it: "the message I sent" is about something else.
_LONGEST = 80
_KO = (
    r"^\W*(?:(?:안녕하세요|안녕|저기요?|혹시|그럼|그러면|그런데|근데)\W+)*(?:\w+에서\s(?:말하는\s)?)?"
    r"(?:{term})(?:\([\w\s]+\))?"
    r"(?:이란|란|의 뜻|이라는 게|라는 게|에 대해서?|[이가은는을를]|)\W{{0,3}}"
    r"(?:(?:도대체|대체|정확히|쉽게|간단히|짧게|한 문장으로|두 문장으로)\s)*"
    r"(?:뭐(?:예요|에요|야|죠|지|니|냐|인가요|인지|라고|\W|$)|뭔(?:가요|지|데|\W|$)"
    r"|무엇(?:인가요|이에요|인지|입니까|이죠|일까요|\W|$)|무슨 (?:뜻|말|의미)|(?<!을 |를 )알려"
    r"|설명|정의|소개|$)"
)
_EN = (
    r"^\W*(?:(?:hello|hi|hey|so|and|then|please|can you|could you)\W+)*"
    r"(?:what(?:'s|’s| is| are| does)|explain|define|describe|tell me (?:about|what))\s"
    r"(?:to me\s)?(?:what\s)?(?:(?:is|are|an?|the|does)\s)*(?:term\W+)?(?:{term})s?\b\W*"
    r"(?:(?:is|are|means?|stands? for|please|briefly|simply|to me|in|of|an?|one|two|few|short"
    r"|simple|plain|sentences?|words?|terms?|english|llms?|apis?)\b\W*)*$"
)
_ONE_SENTENCE = r"한 문장|한 줄|one sentence|one line|a single sentence"


@dataclass(frozen=True)
class Term:
    """One term: how it is written (a regular expression), and two sentences in each language."""

    written: str
    ko: tuple[Sentences, Sentences]
    en: tuple[Sentences, Sentences]


def answer(prompt: Prompt) -> Reply | None:
    """Explain a term that is asked about; in one sentence where one was asked for."""
    text = " ".join(prompt.text.split())
    if len(text) > _LONGEST:
        return None
    term = next((term for term in _TERMS if _is_asked(term, text)), None)
    if term is None:
        return None
    what, more = term.ko if prompt.language == "ko" else term.en
    brief = prompt.asks(_ONE_SENTENCE) or prompt.told(_ONE_SENTENCE)
    return reply(what) if brief else reply(what, more)


def _is_asked(term: Term, text: str) -> bool:
    patterns = (pattern.format(term=term.written) for pattern in (_KO, _EN))
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


_TERMS = (
    Term(
        r"API\s?(?:키|keys?)",
        (
            {
                "API 키는 누가 보낸 요청인지 알려 주는 비밀 문자열이에요.": 2,
                "API 키는 요청을 보낸 사람을 확인하는 비밀번호 같은 거예요.": 1,
            },
            {
                " 쓴 만큼의 요금이 그 키의 주인에게 청구돼요.": 2,
                " 남이 알면 그 사람이 쓴 요금까지 내게 되니 숨겨 두어야 해요.": 1,
            },
        ),
        (
            {
                "An API key is a secret string that says whose request this is.": 2,
                "An API key is a kind of password that every request carries.": 1,
            },
            {
                " Whatever is used with it is billed to its owner.": 2,
                " Whoever knows it can spend its owner's money, so keep it hidden.": 1,
            },
        ),
    ),
    Term(
        r"(?:OpenAI |Chat Completions )*API",
        (
            {
                "API는 한 프로그램이 다른 프로그램에 일을 부탁할 때 지키는 약속이에요.": 3,
                "API는 프로그램끼리 정해진 형식으로 부탁하고 답하는 창구예요.": 2,
            },
            {
                " 무엇을 어떤 모양으로 보내면 무엇이 돌아오는지가 정해져 있어요.": 2,
                " 형식에 맞게 요청을 보내면 정해진 모양의 응답이 돌아와요.": 1,
            },
        ),
        (
            {
                "An API is an agreement on how one program asks another to do something.": 3,
                "An API is the desk at which one program takes requests from another.": 2,
            },
            {
                " It fixes what you may send and the form in which the answer comes back.": 2,
                " Send a request in the agreed form, and a response in a known form returns.": 1,
            },
        ),
    ),
    Term(
        r"토큰|tokens?",
        (
            {
                "토큰은 모델이 글을 읽고 쓰는 단위예요.": 3,
                "토큰은 모델이 글을 나누어 다루는 조각이에요.": 2,
            },
            {
                " 낱말 하나가 토큰 하나일 때도 있고 여러 개로 나뉠 때도 있어요.": 2,
                " 요금도, 한 번에 보낼 수 있는 길이도 토큰으로 세요.": 1,
            },
        ),
        (
            {
                "A token is the unit in which a model reads and writes text.": 3,
                "A token is one of the pieces that a model cuts text into.": 2,
            },
            {
                " A word may be one token or several.": 2,
                " Both prices and length limits are counted in tokens.": 1,
            },
        ),
    ),
    Term(
        r"프롬프트|prompts?",
        (
            {
                "프롬프트는 모델이 답하기 전에 읽는 글이에요.": 2,
                "프롬프트는 모델에게 건네는 입력이에요.": 2,
            },
            {
                " 지시와 질문, 앞서 나눈 대화가 모두 여기에 들어가요.": 2,
                " 채팅 API에서는 보낸 메시지 전체가 프롬프트가 돼요.": 1,
            },
        ),
        (
            {
                "A prompt is the text that a model reads before it answers.": 2,
                "A prompt is the input that you hand to a model.": 2,
            },
            {
                " Instructions, the question and the conversation so far are all part of it.": 2,
                " In a chat API it is made of all the messages that you send.": 1,
            },
        ),
    ),
    Term(
        r"메시지|messages?",
        (
            {
                "메시지는 대화의 한 마디예요.": 2,
                "메시지는 누군가 한 번 말한 내용을 담은 묶음이에요.": 1,
            },
            {
                " 누가 말했는지는 role에, 무슨 말인지는 content에 적어요.": 2,
                " 요청에는 메시지를 말한 순서대로 배열에 담아 보내요.": 1,
            },
        ),
        (
            {
                "A message is one turn of a conversation.": 2,
                "A message holds what somebody said at one point of a conversation.": 1,
            },
            {
                " Its role says who spoke, and its content says what.": 2,
                " A request carries an array of them, in the order in which they were said.": 1,
            },
        ),
    ),
    Term(
        r"스트리밍|streaming",
        (
            {
                "스트리밍은 답이 만들어지는 대로 조각조각 받는 방식이에요.": 3,
                "스트리밍은 답이 완성되기를 기다리지 않고 나오는 대로 받는 거예요.": 2,
            },
            {
                " 전체 시간은 비슷해도 첫 글자가 훨씬 빨리 보여요.": 2,
                " 그래서 긴 답도 기다리지 않고 읽기 시작할 수 있어요.": 1,
            },
        ),
        (
            {
                "Streaming means receiving a reply piece by piece while it is being made.": 3,
                "Streaming means taking a reply as it comes, not waiting until it is whole.": 2,
            },
            {
                " The whole takes about as long, but the first words show much sooner.": 2,
                " So you can start to read a long reply at once.": 1,
            },
        ),
    ),
    Term(
        r"JSON",
        (
            {
                "JSON은 데이터를 글자로 적는 형식이에요.": 2,
                "JSON은 프로그램끼리 데이터를 주고받을 때 쓰는 글자 형식이에요.": 2,
            },
            {
                " 이름과 값의 짝, 그리고 목록으로 이루어져 있어요.": 2,
                " 파이썬의 dict와 list를 그대로 적은 것과 거의 같아요.": 1,
            },
        ),
        (
            {
                "JSON is a way to write data as text.": 2,
                "JSON is a text format in which programs exchange data.": 2,
            },
            {
                " It is made of lists, and of names paired with values.": 2,
                " It looks almost like Python's dicts and lists written out.": 1,
            },
        ),
    ),
    Term(
        r"(?:대규모 |거대 )?언어\s?모델|LLM|(?:large )?language models?",
        (
            {
                "언어 모델은 앞에 온 글을 보고 다음에 올 토큰의 확률을 계산하는 프로그램이에요.": 1,
            },
            {
                " 그 확률에 따라 토큰을 하나씩 골라 이어 붙이면 글이 돼요.": 2,
                " 아주 많은 글을 보고 그 확률을 배워요.": 1,
            },
        ),
        (
            {
                "A language model is a program that computes how likely each next token is.": 1,
            },
            {
                " Picking one token after another by those odds makes a text.": 2,
                " It learned those odds from a very large amount of text.": 1,
            },
        ),
    ),
)
