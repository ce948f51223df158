"""What is a token? The field's terms, explained at the level that is asked for.

The terms stand in ``terms.toml``, one table each: to add a term, add a table.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TERMS: dict[str, Any] = tomllib.loads(
    files("course_utils.practice.topics").joinpath("terms.toml").read_text(encoding="utf-8")
)
"""Every term by its name in the file, with how it is written and what is said of it."""

# A question about a term is short and begins with it: "the message I sent" is about something else.
_LONGEST = 80
_KO = (
    r"^\W*(?:(?:안녕하세요|안녕|저기요?|혹시|그럼|그러면|그런데"
    r"|근데)\W+)*(?:\w+에서\s(?:말하는\s)?)?"
    r"(?:{terms})(?:\([\w\s]+\))?"
    r"(?:이란|란|의 뜻|이라는 게|라는 게|에 대해서?|[이가은는을를]|)\W{{0,3}}"
    r"(?:(?:도대체|대체|정확히|쉽게|간단히|짧게|한 문장으로|두 문장으로)\s)*"
    r"(?:뭐(?:예요|에요|야|죠|지|니|냐|인가요|인지|라고|\W|$)|뭔(?:가요|지|데|\W|$)"
    r"|무엇(?:인가요|이에요|인지|입니까|이죠|일까요|\W|$)|무슨 (?:뜻|말|의미)|(?<!을 |를 )알려"
    r"|설명|정의|소개|$)"
)
_EN = (
    r"^\W*(?:(?:hello|hi|hey|so|and|then|please|can you|could you)\W+)*"
    r"(?:what(?:'s|’s| is| are| does)|explain|define|describe|tell me (?:about|what))\s"
    r"(?:to me\s)?(?:what\s)?(?:(?:is|are|an?|the|does)\s)*(?:term\W+)?(?:{terms})s?\b\W*"
    r"(?:(?:is|are|means?|stands? for|please|briefly|simply|to me|in|of|an?|one|two|few|short"
    r"|simple|plain|sentences?|words?|terms?|english|llms?|apis?)\b\W*)*$"
)
_ONE_SENTENCE = r"한 문장|한 줄|one sentence|one line|a single sentence"
_LEVELS = {
    "pupil": re.compile(
        r"(?:중학생|초등학생|고등학생|중학교|초등학교|어린이|아이|초보자?|비전공자)"
        r"|\b(?:middle[- ]school|pupils?|child(?:ren)?|kids?|beginners?|five[- ]year|teenagers?)\b"
        r"|\bi(?:'|’| a)m (?:five|\d+)\b",
        re.IGNORECASE,
    ),
    "expert": re.compile(
        r"전문가|개발자|엔지니어|대학원생|박사|연구자"
        r"|\b(?:experts?|engineers?|developers?|graduate|researchers?|specialists?)\b",
        re.IGNORECASE,
    ),
}
# Who is to understand it stands between the term and the question, or at the end.
_FOR_WHOM = re.compile(
    r"(?<=\s)\S*(?:중학생|초등학생|고등학생|어린이|아이|초보자?|비전공자|전문가|개발자|엔지니어"
    r"|연구자)"
    r"(?:에게|한테|들?[도이가]|용으로|처럼|를 위해|을 위해)?"
    r"(?: (?:알아들을|알아볼|이해할|알) 수 있(?:게|도록))?\s"
    r"|(?<!^)\b(?:(?:to|for|like|as to|as if|so that)\s(?:an?\s|i'?’?m\s|i am\s)?)"
    r"(?:[\w-]+\s)?(?:pupils?|child(?:ren)?|kids?|beginners?|student|experts?|engineers?"
    r"|developers?|researchers?|pirate|friend|old|five|\d+)\b(?: can understand)?",
    re.IGNORECASE,
)
_WISH_AND_QUESTION = re.compile(
    r"([^.!?]+\?) [^?]*|[^.!?]*(?:말해|답해|말투|speak|talk|answer|reply)[^.!?]*[.!] (.+)",
    re.IGNORECASE,
)


def _asks_for(pattern: str) -> re.Pattern[str]:
    """One pattern for all terms, each in a group named after it."""
    terms = "|".join(f"(?P<{name}>{term['written']})" for name, term in TERMS.items())
    return re.compile(pattern.format(terms=terms), re.IGNORECASE)


_QUESTIONS = (_asks_for(_KO), _asks_for(_EN))


def answer(prompt: Prompt) -> Reply | None:
    """Explain a term that is asked about; in one sentence where one was asked for."""
    if len(prompt.text) > 2 * _LONGEST:
        return None
    name = _asked(" ".join(prompt.text.split()))
    if name is None:
        return None
    if prompt.asks(_ONE_SENTENCE) or prompt.told(_ONE_SENTENCE):
        return explained(name, prompt.language, "brief")
    return explained(name, prompt.language, _level(prompt))


def _asked(text: str) -> str | None:
    tried: set[str] = set()
    for change in (str, _without_audience, _question):
        words = change(text)
        if len(words) > _LONGEST or words in tried:  # most texts have nothing to be changed
            continue
        tried.add(words)
        found = next((match for each in _QUESTIONS if (match := each.match(words))), None)
        if found is not None:
            return found.lastgroup
    return None


def _without_audience(text: str) -> str:
    return _FOR_WHOM.sub("", text).strip()


def _question(text: str) -> str:
    """Return the question alone, when a wish about the style stands before or behind it."""
    found = _WISH_AND_QUESTION.fullmatch(text)
    return text if found is None else found[1] or found[2]


def _level(prompt: Prompt) -> str:
    """Return for whom: what the instructions say, else the question, else nobody in particular."""
    for text in (prompt.instructions, prompt.text):
        for level, words in _LEVELS.items():
            if words.search(text):
                return level
    return "usual"


@lru_cache(maxsize=512)
def explained(name: str, language: str, level: str) -> Reply:
    """Return what is said of a term: at level "usual", "brief", "pupil" or "expert"."""
    said = TERMS[name][language]
    parts = {"usual": ("what", "more"), "brief": ("what",)}.get(level, (level,))
    return reply(*(_weighted(said[part]) for part in parts))


def _weighted(alternatives: list[str] | Mapping[str, float]) -> Mapping[str, float]:
    if isinstance(alternatives, Mapping):
        return alternatives
    return {text: 1.0 if at else 2.0 for at, text in enumerate(alternatives)}
