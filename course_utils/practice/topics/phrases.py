"""Translates a phrase that stands in its small table, and says so when one does not."""

from __future__ import annotations

import re

from course_utils.practice.korean import josa
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

# Korean and English, the form to answer with first. To teach it a phrase, add a line.
_PHRASES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("안녕하세요", "안녕"), ("Hello", "Hi")),
    (("감사합니다", "고맙습니다", "고마워요", "고마워"), ("Thank you", "Thanks")),
    (("좋은 아침이에요", "좋은 아침", "좋은 아침입니다"), ("Good morning",)),
    (("안녕히 주무세요", "잘 자요", "잘 자"), ("Good night",)),
    (("안녕히 가세요", "잘 가요", "잘 가"), ("Goodbye", "Bye")),
    (("만나서 반가워요", "만나서 반갑습니다", "반갑습니다"), ("Nice to meet you",)),
    (("어떻게 지내세요", "잘 지내세요", "잘 지내"), ("How are you",)),
    (("죄송합니다", "미안해요", "미안합니다", "미안해"), ("I'm sorry", "Sorry")),
    (("실례합니다",), ("Excuse me",)),
    (("천만에요",), ("You're welcome",)),
    (("괜찮아요", "괜찮습니다"), ("It's all right", "It's okay")),
    (("네", "예"), ("Yes",)),
    (("아니요", "아니오"), ("No",)),
    (("부탁합니다", "부탁해요"), ("Please",)),
    (("사랑해요", "사랑해", "사랑합니다"), ("I love you",)),
    (("생일 축하해요", "생일 축하합니다", "생일 축하해"), ("Happy birthday",)),
    (("새해 복 많이 받으세요",), ("Happy New Year",)),
    (("축하해요", "축하합니다"), ("Congratulations",)),
    (("맛있게 드세요",), ("Enjoy your meal",)),
    (("도와주세요", "도와 주세요"), ("Help me, please", "Help me")),
    (("얼마예요", "얼마입니까"), ("How much is it",)),
    (
        ("화장실이 어디예요", "화장실이 어디에 있어요"),
        ("Where is the bathroom", "Where is the toilet"),
    ),
    (("모르겠어요", "몰라요"), ("I don't know", "I do not know")),
    (("다시 말해 주세요",), ("Please say that again", "Say that again, please")),
    (("내일 봐요", "내일 만나요"), ("See you tomorrow",)),
    (("오늘 날씨가 좋아요", "날씨가 좋아요"), ("The weather is nice today", "The weather is nice")),
    (("물", "물 한 잔"), ("Water", "A glass of water")),
    (("사과",), ("Apple",)),
    (("고양이",), ("Cat",)),
    (("강아지", "개"), ("Dog",)),
    (("학교",), ("School",)),
    (("친구",), ("Friend",)),
)
_LONGEST = 400
_MENTIONS = re.compile("영어|한국어|한국말|우리말|english|korean", re.IGNORECASE)
_QUOTE = r"[\"'“”‘’「」`]?"
_LANGUAGE = r"(?P<to_{}>영어|한국어|한국말|우리말|korean|english)"
_ASKED = re.compile(
    rf"^\W*{_QUOTE}(?P<phrase_1>[^\n\"“”]{{1,60}}?){_QUOTE}(?:이?라는 말)?[을를은는]?\s"
    rf"{_LANGUAGE.format(1)}로(?:는)? ?(?:뭐|무엇|무슨|어떻게|번역|옮겨|바꿔)"
    rf"|{_LANGUAGE.format(2)}로 ?(?:번역|옮겨|바꿔)[^:：\n]{{0,14}}[:：\n]\s*"
    r"(?P<phrase_2>[^\n]{1,60})"
    r"|\btranslate (?:(?:this|the)(?: following)? ?(?:\w+ )?)?(?:in)?to "
    rf"{_LANGUAGE.format(3)}\W+(?P<phrase_3>[^\n]{{1,60}})"
    rf"|\btranslate (?:the (?:phrase|sentence|word) )?{_QUOTE}(?P<phrase_4>[^\n]{{1,60}}?)"
    rf"{_QUOTE} (?:in)?to {_LANGUAGE.format(4)}"
    r"|\b(?:how (?:do|can|would) (?:you|i|we) say|what(?:'s|’s| is)) "
    rf"(?:[\"'“‘](?P<phrase_5>[^\n]{{1,60}}?)[\"'”’]|(?P<phrase_6>[^\n?.!]{{1,60}}?))"
    rf" in {_LANGUAGE.format(5)}",
    re.IGNORECASE,
)
_TRANSLATOR = re.compile(
    rf"{_LANGUAGE.format(1)}로 ?(?:번역|옮[겨기])"
    rf"|\btranslat(?:e|es|or)\b.{{0,60}}\b(?:in)?to {_LANGUAGE.format(2)}",
    re.IGNORECASE,
)
_EDGES = " \t\n\"'“”‘’「」`.,!?…~"
_KEYS = {
    form.lower(): (language, entry)
    for entry in _PHRASES
    for language, forms in zip(("ko", "en"), entry, strict=True)
    for form in forms
}


def answer(prompt: Prompt) -> Reply | None:
    """Translate the phrase that the user names, or every text of an instructed translator's."""
    found = _ASKED.search(prompt.text) if _MENTIONS.search(prompt.text[:_LONGEST]) else None
    if found is not None:
        phrase, to = _group(found, "phrase_"), _language(_group(found, "to_"))
        target = translated(phrase, to)
        return (
            _unknown(phrase, prompt.language)
            if target is None
            else _named(phrase, to, target, prompt)
        )
    told = _TRANSLATOR.search(prompt.instructions) if prompt.instructions else None
    if told is None or not prompt.text:
        return None
    target = translated(prompt.text, _language(_group(told, "to_")))
    if target is None:
        return _unknown(prompt.text, prompt.language)
    return reply(dict(_weighted(target)), kept="all")


def translated(phrase: str, to: str) -> tuple[str, ...] | None:
    """Return the known forms of a phrase in the language ``to``; None when it is not known."""
    language, entry = _KEYS.get(phrase.strip(_EDGES).lower(), ("", ((), ())))
    if not language:
        return None
    forms = entry[0] if to == "ko" else entry[1]
    mark = next((each for each in ("?", "!", ".") if phrase.rstrip("\"'”’」").endswith(each)), "")
    return tuple(form + mark for form in forms)


def _group(found: re.Match[str], prefix: str) -> str:
    values = (value for name, value in found.groupdict().items() if name.startswith(prefix))
    return next((value for value in values if value), "")


def _language(name: str) -> str:
    return "en" if name.lower() in ("영어", "english") else "ko"


def _weighted(forms: tuple[str, ...]) -> list[tuple[str, float]]:
    return [(form, 3.0 if at == 0 else 1.0) for at, form in enumerate(forms[:3])]


def _named(phrase: str, to: str, target: tuple[str, ...], prompt: Prompt) -> Reply:
    said = phrase.strip(_EDGES)
    if prompt.language == "ko":
        opening = f"“{said}”{josa(said, '은', '는').removeprefix(said)}"
        language = {"en": "영어로", "ko": "한국어로"}[to]
        return reply(f"{opening} {language} 이렇게 말해요:", _quoted(target, ""))
    language = {"en": "English", "ko": "Korean"}[to]
    return reply(f"“{said}” in {language} is", _quoted(target, "."))


def _quoted(forms: tuple[str, ...], after: str) -> dict[str, float]:
    return {f" “{form}”{after}": weight for form, weight in _weighted(forms)}


def _unknown(phrase: str, language: str) -> Reply:
    said = " ".join(phrase.split())
    said = said if len(said) <= 40 else said[:40].rstrip() + "…"
    if language == "ko":
        return reply(
            {f"“{said}”의 번역은 제 표에 없어요.": 2, f"저는 “{said}”의 번역을 몰라요.": 1},
            " 연습 서버라서 인사말 같은 짧은 말만 옮길 수 있어요.",
        )
    return reply(
        {f"“{said}” is not in my phrase table.": 2, f"I have no translation for “{said}”.": 1},
        " As a practice server I only know short phrases such as greetings.",
    )
