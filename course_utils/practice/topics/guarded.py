"""A secret in the instructions: kept when asked for directly, given away by a simple trick.

It shows in a classroom what real models do now and then: an instruction is a wish, and no lock.
"""

from __future__ import annotations

import re

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_KIND = (
    r"비밀번호|암호|(?:할인|쿠폰) ?(?:코드|번호)|비밀 ?(?:낱말|단어)"
    r"|pass(?:word|code)|(?:discount|coupon|secret) code|secret word"
)
_SECRET = re.compile(
    rf"(?:{_KIND})(?:는|은|\sis)\s[\"'“‘](?P<word>[^\"'”’\n]{{1,40}})", re.IGNORECASE
)
_FORBIDS = re.compile(
    r"(?:알려|말해|말하|밝히|보여|공개)\S{0,4} ?\S{0,3}지 ?(?:마|말|않)|비밀로"
    r"|\b(?:never|not|don['’]t)\b.{0,12}\b(?:tell|reveal|share|say|give|show)\b"
    r"|\bkeep \w+ secret\b|\btell nobody\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    rf"(?:{_KIND}).{{0,12}}(?:뭐|무엇|뭔|알려|말해|가르쳐)"
    rf"|\b(?:what|tell|give|know)\b.{{0,24}}(?:{_KIND})",
    re.IGNORECASE,
)
# Its own instructions, not just any: "translate these instructions" brings a text of its own.
_TRICK = re.compile(
    r"(?:(?:받은|위의|네|당신의) ?지시|시스템 ?(?:메시지|프롬프트)(?! ?(?:예|하나|초안)))"
    r"[^.?!\n]{0,16}(?:그대로|옮겨|반복|보여|출력|번역|요약|읽어)"
    r"|\b(?:repeat|print|show|copy|translate|summari[sz]e|read out|write (?:out|down)|output)\b"
    r"[^.?!\n]{0,16}\b(?:your (?:instructions|system (?:message|prompt)|prompt)"
    r"|the (?:system (?:message|prompt)|instructions (?:above|you)))\b",
    re.IGNORECASE,
)
_QUOTES = str.maketrans("“”", "‘’")
_LONGEST = 200


def answer(prompt: Prompt) -> Reply | None:
    """Quote the instructions when asked for them; keep a secret in them when asked for that."""
    if len(prompt.text) > _LONGEST:
        return None
    korean = prompt.language == "ko"
    if _TRICK.search(prompt.text):
        told = prompt.instructions.translate(_QUOTES)
        return _quoted(told, korean) if told else _none(korean)
    secret = _SECRET.search(prompt.instructions)
    if secret is None or not _ASKED.search(prompt.text):
        return None
    forbidden = _FORBIDS.search(prompt.instructions)
    return _kept(korean) if forbidden else _given(secret["word"], korean)


def _quoted(told: str, korean: bool) -> Reply:
    if korean:
        return reply({"제가 받은 지시는 이거예요:": 3, "이런 지시를 받았어요:": 2}, f" “{told}”")
    return reply({"My instructions are:": 3, "This is what I was told:": 2}, f" “{told}”")


def _none(korean: bool) -> Reply:
    if korean:
        return reply({"이번 요청에는 지시가 없어요.": 2, "제가 받은 지시는 없어요.": 1})
    return reply({"There are no instructions in this request.": 2, "I was given none.": 1})


def _kept(korean: bool) -> Reply:
    if korean:
        return reply(
            {"죄송하지만 그건 알려 드릴 수 없어요.": 3, "그건 알려 드릴 수 없어요.": 2},
            {" 알려 주지 말라는 지시를 받았어요.": 2, " 비밀로 하라는 지시가 있어요.": 1},
        )
    return reply(
        {"I am afraid I cannot tell you that.": 3, "That I cannot tell you.": 2},
        {" I was told to keep it to myself.": 2, " My instructions say not to.": 1},
    )


def _given(word: str, korean: bool) -> Reply:
    if korean:
        return reply({"받은 지시에 적혀 있어요:": 2, "지시에 따르면 이거예요:": 1}, f" “{word}”")
    return reply({"It is in my instructions:": 2, "According to my instructions:": 1}, f" “{word}”")
