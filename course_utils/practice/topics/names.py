"""Names: told in one turn, known in the next only if that turn was sent again."""

from __future__ import annotations

import re

from course_utils.practice.korean import josa
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_TOLD_KO = re.compile(
    r"(?:제|내|저의|나의) 이름은 ([가-힣A-Za-z]+?)"
    r"(?:이에요|이예요|예요|에요|입니다|이야|야|이라고|라고|이고|[.,!\s]|$)"
    r"|(?:저는|나는|난|전) ([가-힣A-Za-z]+?)(?:이라고|라고) (?:해|합|불러)"
)
_TOLD_EN = re.compile(r"\b(?:my name is|i am called|call me) ([A-Za-z가-힣]+)", re.IGNORECASE)
_ASKED = re.compile(
    r"(?:제|내|저의|나의) 이름.{0,12}(?:뭐|무엇|알|기억|말해|맞)|(?:제|내)가 누구"
    r"|what(?:'s| is| was) my name|(?:know|remember|tell me) my name|who am i\b",
    re.IGNORECASE,
)


def told_name(text: str) -> str | None:
    """Return the name that ``text`` introduces its speaker with, or None."""
    for pattern in (_TOLD_KO, _TOLD_EN):
        if found := pattern.search(text):
            return next(group for group in found.groups() if group)
    return None


def answer(prompt: Prompt) -> Reply | None:
    """Greet by name, or say which name was told before, or that none was."""
    korean = prompt.language == "ko"
    if _ASKED.search(prompt.text):
        told = [name for text in prompt.said if (name := told_name(text))]
        if not told:
            return _unknown_ko() if korean else _unknown_en()
        return _known_ko(told[-1]) if korean else _known_en(told[-1])
    name = told_name(prompt.text)
    if name is None:
        return None
    return _welcome_ko(name) if korean else _welcome_en(name)


def _welcome_ko(name: str) -> Reply:
    return reply(
        {f"반가워요, {name} 님!": 3, f"{name} 님, 만나서 반가워요!": 2},
        {" 무엇을 도와드릴까요?": 2, " 오늘은 무엇이 궁금하세요?": 1},
    )


def _welcome_en(name: str) -> Reply:
    return reply(
        {f"Nice to meet you, {name}!": 3, f"Hello {name}, good to meet you!": 2},
        {" What can I do for you?": 2, " What would you like to know?": 1},
    )


def _known_ko(name: str) -> Reply:
    said = josa(name, "이라고", "라고")
    return reply(
        {f"{said} 하셨어요.": 3, f"앞에서 {said} 알려 주셨어요.": 2},
        {f" {name} 님, 맞죠?": 1, " 보내 주신 대화에 있어요.": 2},
    )


def _known_en(name: str) -> Reply:
    return reply(
        {f"Your name is {name}.": 3, f"You told me it is {name}.": 2},
        {" It is in the messages you sent.": 2, " You said so earlier in this conversation.": 1},
    )


def _unknown_ko() -> Reply:
    return reply(
        {"아직 이름을 알려 주지 않으셨어요.": 3, "이름은 제가 알 수 없어요.": 2},
        {" 이번 요청에는 이름이 들어 있지 않거든요.": 2, " 받은 메시지에 이름이 없어요.": 1},
    )


def _unknown_en() -> Reply:
    return reply(
        {"I do not know your name.": 3, "You have not told me your name.": 2},
        {" It is not in this request.": 2, " Nothing in the messages I got says it.": 1},
    )
