"""What a topic reads: the array of messages as turns of plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

_HANGUL = re.compile("[가-힣ㄱ-ㆎ]")
_LETTER = re.compile("[A-Za-z]")
_WORDS = re.compile("[A-Za-z]+[^A-Za-z]+[A-Za-z]")
_KEY = re.compile(r"[\"'`]([A-Za-z_가-힣][\w]{0,40})[\"'`]")
# "Answer in Korean, even when asked in English": what stands with a verb of saying comes first,
# and "do not answer in English" before all.
_FORMS = (
    (
        r"(?:not|never) (?:\w+ )?(?:in )?{english}\b"
        r"|{korean}(?:로|으로)?[는만]? ?(?:\S{{1,10}} )?\S{{0,8}}지 ?(?:마|말|않)"
    ),
    (
        r"(?:answer|reply|respond|speak|write|say it|talk)(?: \w+){{0,2}} (?:in )?{english}\b"
        r"|{korean}(?:로|으로)?만?(?: \S{{1,10}})? ?(?:답|대답|말해|말하|써|쓰|작성|응답|출력)"
    ),
    r"\bin {english}\b|\b{english} only\b|\bonly {english}\b|{korean}로|{korean} ?만",
)
_NAMES = {
    "en": {"english": "english", "korean": "영어"},
    "ko": {"english": "korean", "korean": "(?:한국어|한국말|한글|우리말)"},
}
_FORBIDS, *_NAMED = (
    re.compile(
        "|".join(f"(?P<{code}>{form.format(**names)})" for code, names in _NAMES.items()),
        re.IGNORECASE,
    )
    for form in _FORMS
)
_MENTIONS = re.compile("영어|한국어|한국말|한글|우리말|english|korean", re.IGNORECASE)
# Such a text names the language of a phrase, not of the answer: it is about a translation.
_TRANSLATES = re.compile(
    r"번역|옮겨|(?:영어|한국어|한국말|우리말)로(?:는)? ?(?:뭐|무엇|어떻게|무슨)"
    r"|translat|\bhow (?:do|can|would|to)\b.{0,9}\bsay\b|what(?:'s| is) [^.?!]{1,40} in "
    r"(?:korean|english)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Turn:
    """One message as text: who spoke, and what."""

    role: str
    text: str


@dataclass(frozen=True)
class Prompt:
    """All turns of one request, oldest first.

    A topic knows nothing but this: what was not sent is not known.
    """

    turns: tuple[Turn, ...]

    @classmethod
    def of(cls, messages: list[dict[str, Any]]) -> Prompt:
        """Read the messages of a request; parts that are not text leave a mark such as [image]."""
        return cls(tuple(Turn(each["role"], text_of(each.get("content"))) for each in messages))

    @cached_property
    def text(self) -> str:
        """What the user said last; empty when no user spoke."""
        return self.said[-1] if self.said else ""

    @cached_property
    def said(self) -> tuple[str, ...]:
        """Everything the user said, oldest first."""
        return tuple(turn.text for turn in self.turns if turn.role == "user")

    @cached_property
    def instructions(self) -> str:
        """The system and developer messages, joined by newlines."""
        roles = ("system", "developer")
        return "\n".join(turn.text for turn in self.turns if turn.role in roles)

    @cached_property
    def language(self) -> str:
        """The language to answer in, ``"ko"`` or ``"en"``.

        An instruction that names one wins, then the user's wish, then what the user writes. A
        single word of Latin letters ("OK", "exit") says nothing of it while other turns do.
        """
        for text in (self.instructions, self.text):
            if language := _named_language(text):
                return language
        for written in (_WORDS, _LETTER):
            for text in (*reversed(self.said), self.instructions):
                if _HANGUL.search(text):
                    return "ko"
                if written.search(text):
                    return "en"
        return "en"

    @cached_property
    def tool_answers(self) -> tuple[str, ...]:
        """What tools answered since the user last spoke, in order."""
        answers: list[str] = []
        for turn in self.turns:
            if turn.role == "user":
                answers.clear()
            if turn.role in ("tool", "function"):
                answers.append(turn.text)
        return tuple(answers)

    @cached_property
    def answered_by_tool(self) -> bool:
        """Whether the array ends with a tool's answer."""
        return bool(self.turns) and self.turns[-1].role in ("tool", "function")

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Names that the messages ask to be JSON keys: identifiers in quotation marks."""
        found = _KEY.findall(f"{self.instructions}\n{self.text}")
        return tuple(dict.fromkeys(found))

    def asks(self, pattern: str) -> bool:
        """Whether the user's last turn matches a regular expression, case ignored."""
        return _pattern(pattern).search(self.text) is not None

    def told(self, pattern: str) -> bool:
        """Whether the instructions match a regular expression, case ignored."""
        return _pattern(pattern).search(self.instructions) is not None


@lru_cache(maxsize=512)
def _pattern(pattern: str) -> re.Pattern[str]:
    # re has a cache of its own, but asking it costs more than the search in a short text.
    return re.compile(pattern, re.IGNORECASE)


def _named_language(text: str) -> str | None:
    if not text or not _MENTIONS.search(text) or _TRANSLATES.search(text):
        return None
    if forbidden := _FORBIDS.search(text):
        return "ko" if forbidden.lastgroup == "en" else "en"
    found = next((match for each in _NAMED if (match := each.search(text))), None)
    return None if found is None else found.lastgroup


def text_of(content: Any) -> str:
    """Return a message's content as text, whether it is null, a string or a list of parts."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    return "\n".join(
        part.get("text") or part.get("refusal") or f"[{part['type']}]" for part in content
    )
