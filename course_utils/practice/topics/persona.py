"""Who the model is told to be, and what it is called.

It plays the part that the instructions give it and still says that it is a practice server.
"""

from __future__ import annotations

import re

from course_utils.practice.korean import has_final, josa
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_QUOTE = r"[\"'“”‘’「」]?"
_TOLD_KO = re.compile(
    rf"(?:이름[은이]|너는|넌|당신은|네가|당신이) {_QUOTE}(?P<name>[가-힣A-Za-z]{{1,12}}?){_QUOTE}"
    r"(?:이?라는|이?라고|이야|야|입니다|이에요|예요|이다|다|이고|고)(?=[\s.,!]|$)"
)
_TOLD_EN = re.compile(
    rf"\b(?:you are|you're|your name is|call yourself|act as|named|called) {_QUOTE}"
    r"(?P<name>(?-i:[A-Z])[\w-]*(?: (?-i:[A-Z])[\w-]*)?)",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"ChatGPT|GPT\S*|AI|An?|The|I|In|Not", re.IGNORECASE)
_ASKED = re.compile(
    r"(?:너|넌|네|니|당신|그쪽)(?:는|은|의)? ?이름|이름이 (?:뭐|무엇)|(?:너|넌|당신).{0,6}(?:누구"
    r"|뭐야|뭐예요)"
    r"|성함|자기소개|누구(?:세요|시죠|신가요)|what(?:'s|’s| is) your name|who are you"
    r"|what are you\b"
    r"|introduce yourself|what should i call you",
    re.IGNORECASE,
)
_ASKED_OWN = re.compile(r"(?:제|내|나의|저의|제가|내가) ?이름|(?:저는|나는|전|난) 누구")
_HELLO = re.compile(
    r"^\W*(?:안녕|반가|하이\b|hello\b|hi\b|hey\b|good (?:morning|afternoon|evening))[^?]{0,24}$",
    re.IGNORECASE,
)


def name_in(instructions: str) -> str | None:
    """Return the name that the instructions give the model, or None."""
    for pattern in (_TOLD_KO, _TOLD_EN):
        for found in pattern.finditer(instructions):
            if not _NO_NAME.fullmatch(found["name"]):
                return found["name"]
    return None


def answer(prompt: Prompt) -> Reply | None:
    """Say the name that the instructions give, or that there is none, when asked or greeted."""
    asked = _ASKED.search(prompt.text) is not None and not _ASKED_OWN.search(prompt.text)
    if not asked and not _HELLO.search(prompt.text):
        return None
    name = name_in(prompt.instructions)
    korean = prompt.language == "ko"
    if name is not None:
        return _named_ko(name) if korean else _named_en(name)
    if asked and re.search(r"이름|성함|your name|call you", prompt.text, re.IGNORECASE):
        return _nameless_ko() if korean else _nameless_en()
    return None


def _named_ko(name: str) -> Reply:
    ends = josa(name, "이에요", "예요")
    playing = f"{name}{'이라는' if has_final(name) else '라는'}"
    return reply(
        {f"안녕하세요, 저는 {ends}!": 3, f"반가워요, 저는 {ends}!": 2},
        {
            f" 연습 서버가 {playing} 역할을 맡았어요.": 2,
            " 실은 이 컴퓨터에서 도는 연습 서버예요.": 1,
        },
        {" 무엇을 도와드릴까요?": 2, " 무엇이 궁금하세요?": 1},
    )


def _named_en(name: str) -> Reply:
    return reply(
        {f"Hello, I am {name}!": 3, f"Hi there! I am {name}.": 2},
        {f" A practice server plays {name} here.": 2, " Underneath I am a practice server.": 1},
        {" What can I do for you?": 2, " What would you like to know?": 1},
    )


def _nameless_ko() -> Reply:
    return reply(
        {"저는 이름이 없는 연습 서버예요.": 2, "연습 서버라서 이름이 따로 없어요.": 1},
        " 시스템 메시지로 이름을 지어 주시면 그 이름을 쓸게요.",
    )


def _nameless_en() -> Reply:
    return reply(
        {"I am a practice server and have no name.": 2, "As a practice server I have no name.": 1},
        " Give me one in a system message and I will use it.",
    )
