"""Names: told in one turn, known in the next only if that turn was sent again."""

from __future__ import annotations

import re

from course_utils.practice.korean import josa
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_WHOSE = r"(?:제|내|저의|나의|사용자의|사용자)"
_QUOTE = r"[\"'“”‘’「」]?"
_NAME = r"(?P<name>[가-힣]{1,12}?|[A-Za-z][A-Za-z'-]*(?: [A-Z][A-Za-z'-]*)*)"
# The copula with which a Korean sentence ends or goes on, then a border; or "…라고 해요".
_IS = (
    rf"{_QUOTE}\s?(?:(?:이에요|이예요|예요|에요|입니다|이랍니다|랍니다|이야|야|이고|고|이며"
    r"|인데요?|거든요|이거든요|이구요|구요|이죠|죠)?(?=[\s.,!?~;…)]|$)"
    r"|(?:이라고|라고)(?=\s?(?:해|합|하|불|부|요|\W|$)))"
)
_TOLD = (
    re.compile(rf"{_WHOSE} 이름[은이].{{1,15}}? 아니(?:라|고),? {_QUOTE}{_NAME}{_IS}"),
    re.compile(rf"{_WHOSE} 이름(?:은요?,?|이|:) ?{_QUOTE}{_NAME}{_IS}"),
    re.compile(
        rf"(?<!\w)(?:저는|나는|난|전|저를|나를|절|날) {_QUOTE}{_NAME}{_QUOTE}(?:이라고|라고) ?"
        r"(?:해|합|하|불|부)"
    ),
    re.compile(
        r"\b(?:my name is not \S+?,? but|(?:my|the user[’']s) name is(?: actually)?|i am called"
        r"|people call me|(?:please|just|you can) call me|^\W*call me)"
        rf" {_QUOTE}(?P<name>[A-Za-z가-힣][A-Za-z가-힣'-]*)",
        re.IGNORECASE,
    ),
)
# What each of these needs; most texts have none of it.
_MAY_TELL = re.compile("이름|라고|name|call", re.IGNORECASE)
_NO_NAME = re.compile(
    r"(?:뭐|뭔|뭘|무엇|무슨|누구|어떻|아직|비밀|기억).*|what|not|a|the|in|on|unknown"
)
_ASKED = re.compile(
    r"(?:제|내|저의|나의) 이름(?:[이은을도]|은요)?,? ?"
    r"(?:뭐|뭔|무엇|무슨|기억|혹시|아[시세나니]|알아|알고|알 |알려|말해|말씀|맞[혀춰])"
    r"|(?:제|내)가 누구|(?:저는|나는|전|난) 누구"
    r"|what(?:'s|’s| is| was) my name|(?:know|remember|recall|tell me|say) my name|who am i\b",
    re.IGNORECASE,
)


def told_name(text: str) -> str | None:
    """Return the name that ``text`` introduces its speaker with, or None.

    A summary's "사용자의 이름은 …" and "The user's name is …" are read too.
    """
    if not _MAY_TELL.search(text):
        return None
    for pattern in _TOLD:
        for found in pattern.finditer(text):
            if not _NO_NAME.fullmatch(found["name"].lower()):
                return found["name"]
    return None


def known_name(prompt: Prompt) -> str | None:
    """Return the name that was told last in the messages of a request, or None.

    The model's own replies do not count: they may only repeat a name.
    """
    told = [told_name(turn.text) for turn in prompt.turns if turn.role != "assistant"]
    return next((name for name in reversed(told) if name), None)


def answer(prompt: Prompt) -> Reply | None:
    """Greet by name, or say which name was told before, or that none was."""
    korean = prompt.language == "ko"
    if _ASKED.search(prompt.text):
        known = known_name(prompt)
        if known is None:
            return _unknown_ko() if korean else _unknown_en()
        return _known_ko(known) if korean else _known_en(known)
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
