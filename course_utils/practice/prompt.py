"""What a topic reads: the array of messages as turns of plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_HANGUL = re.compile("[가-힣ㄱ-ㆎ]")
_LETTER = re.compile("[A-Za-z]")
_KEY = re.compile(r"[\"'`]([A-Za-z_가-힣][\w]{0,40})[\"'`]")
_WANTS = {
    "en": re.compile(r"영어로|in english|english only", re.IGNORECASE),
    "ko": re.compile(r"한국어로|한글로|우리말로|in korean|korean only", re.IGNORECASE),
}


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

        An instruction that names one wins, then the user's own, last turn first.
        """
        for language, wanted in _WANTS.items():
            if wanted.search(self.instructions) or wanted.search(self.text):
                return language
        for text in (*reversed(self.said), self.instructions):
            if _HANGUL.search(text):
                return "ko"
            if _LETTER.search(text):
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
        return re.search(pattern, self.text, re.IGNORECASE) is not None

    def told(self, pattern: str) -> bool:
        """Whether the instructions match a regular expression, case ignored."""
        return re.search(pattern, self.instructions, re.IGNORECASE) is not None


def text_of(content: Any) -> str:
    """Return a message's content as text, whether it is null, a string or a list of parts."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    return "\n".join(
        part.get("text") or part.get("refusal") or f"[{part['type']}]" for part in content
    )
