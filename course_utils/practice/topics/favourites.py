"""Favourites: what the user likes, known later only if the turn that said so was sent again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from course_utils.practice.korean import has_final, josa
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_TOLD_KO = re.compile(
    r"좋아하는 (?P<what>[가-힣A-Za-z ]{1,20}?)(?:은|는|:) (?P<value>[^.,!?~;\n]{1,40})"
)
_GOES_ON = re.compile(r"(?<=[가-힣])이?고 (?=\S+[은는] )")  # 감이고 계절은 …
_AFTER_FINAL = ("이에요", "이야", "이고", "이며", "이랍니다", "이거든요")
_AFTER_ANY = ("입니다", "인데요", "인데", "예요", "에요", "야", "랍니다", "거든요")
_KEEPS_I = ("고양", "호랑", "원숭", "거북", "달팽", "떡볶")  # 고양이야 is 고양이 + 야
_TOLD_EN = re.compile(
    r"\bmy (?:all-time )?(?P<spelled>favou?rite) (?P<what>[a-z][a-z ]{1,24}?) (?:is|are) "
    r"(?:definitely |probably |an? |the )?(?P<value>[^.,!?;\n]{1,40}?)(?= and my |[.,!?;\n]|$)"
    r"|\btheir (?P<spelled_2>favou?rite) (?P<what_2>[a-z ]{2,24}?) is "
    r"(?P<value_2>[^.,!?;\n]{1,40}?)(?= and their |[.,!?;\n]|$)",  # as a summary says it
    re.IGNORECASE,
)
_ASKED_KO = re.compile(
    r"좋아하는 (?P<what>[가-힣A-Za-z ]{1,20}?)(?:[은는]요|[이가은는을를도]|이란|란)?,? ?"
    r"(?:뭐|뭔|무엇|무슨|어떤|누구|어디|기억|아[시세나니]|알아|알고|알 |알려|말해|말씀|맞[혀춰])"
    r"|(?:무슨|어떤) (?P<what_2>[가-힣A-Za-z]{1,12}?)[을를] (?:가장 |제일 )?좋아한다고"
)
_ASKED_EN = re.compile(
    r"(?:what|which|who)(?:'s|’s| is| was| are| were)? my favou?rite (?P<what>[a-z ]{2,24}?)\b"
    r"(?=\W*(?:$|again|\?))"
    r"|(?:know|remember|recall|tell me|say) (?:what )?my favou?rite (?P<what_2>[a-z ]{2,24}?)"
    r"(?= is\b| was\b|\W*$|\?)"
    r"|(?:what|which) (?P<what_3>[a-z]{2,24}) (?:do|did) i (?:say i )?like\b",
    re.IGNORECASE,
)
# What all of these need; most texts have none of it.
_LIKED = re.compile("좋아|favou?rite|like", re.IGNORECASE)
_QUESTION = re.compile(r"(?:[뭐뭔뭘]|무엇|무슨|어떤|누구|어디|기억|혹시|아직|what\b|which\b|not\b)")
_FIRST_PERSON = re.compile(r"(?<!\w)(?:제|내|저|나|전|난)(?:가|는|의)?(?!\w)")


@dataclass(frozen=True)
class Favourite:
    """Something liked: ``what`` kind of thing (fruit), and ``value``, which one (persimmon).

    ``spelled`` is how the user writes the word: favourite or favorite.
    """

    what: str
    value: str
    spelled: str = "favourite"


def told_in(text: str) -> list[Favourite]:
    """Return the favourites that a text tells, in order."""
    found = [
        Favourite(match["what"].strip(), without_copula(match["value"]))
        for match in _TOLD_KO.finditer(text)
    ]
    for match in _TOLD_EN.finditer(text):
        first = match["what"] is not None
        what, value, spelled = (
            match[name if first else f"{name}_2"] for name in ("what", "value", "spelled")
        )
        found.append(Favourite(what.strip().lower(), value.strip(), spelled.lower()))
    return [each for each in found if not _QUESTION.match(each.value.lower())]


def known(prompt: Prompt) -> dict[str, Favourite]:
    """Return what the messages of a request tell, by kind; of one kind, what was told last.

    The model's own replies do not count.
    """
    turns = [turn.text for turn in prompt.turns if turn.role != "assistant"]
    return {each.what: each for text in turns for each in told_in(text)}


def answer(prompt: Prompt) -> Reply | None:
    """Take note of a favourite, or say which one was told before, or that none was."""
    if not _LIKED.search(prompt.text):
        return None
    korean = prompt.language == "ko"
    what = _asked(prompt.text)
    if what is not None:
        favourite = known(prompt).get(what)
        if favourite is None:
            return _unknown_ko(what) if korean else _unknown_en(what, prompt.text)
        return _known_ko(favourite) if korean else _known_en(favourite)
    told = told_in(prompt.text)
    if not told:
        return None
    return _noted_ko(told[-1]) if korean else _noted_en(told[-1])


def _asked(text: str) -> str | None:
    """Return the kind of thing that a text asks for, or None.

    "좋아하는 과일이 뭐예요?" asks the model for its own, so a Korean question names the speaker.
    """
    korean = _ASKED_KO.search(text)
    if korean and (_FIRST_PERSON.search(text[: korean.end()]) or re.search("했|였|라고", text)):
        return str(korean["what"] or korean["what_2"]).strip()
    english = _ASKED_EN.search(text)
    if english:
        return str(next(group for group in english.groups() if group)).strip().lower()
    return None


def without_copula(phrase: str) -> str:
    """Take the ending off a Korean noun phrase: "감이에요" is 감, "고양이예요" is 고양이."""
    phrase = _GOES_ON.split(phrase)[0].strip()
    for ending in _AFTER_FINAL:
        noun = phrase.removesuffix(ending)
        if noun != phrase and has_final(noun) and not noun.endswith(_KEEPS_I):
            return noun
    ending = next((each for each in _AFTER_ANY if phrase.endswith(each)), "")
    return phrase.removesuffix(ending)


def _noted_ko(it: Favourite) -> Reply:
    return reply(
        {f"{josa(it.value, '을', '를')} 좋아하시는군요!": 3, f"{josa(it.value, '이', '')}군요!": 1},
        {" 또 어떤 것을 좋아하세요?": 2, " 더 들려주세요.": 1},
    )


def _noted_en(it: Favourite) -> Reply:
    return reply(
        {f"So your {it.spelled} {it.what} is {it.value}.": 3, f"Ah, you like {it.value}.": 1},
        {" What else do you like?": 2, " Tell me more.": 1},
    )


def _known_ko(it: Favourite) -> Reply:
    said = josa(it.value, "이라고", "라고")
    return reply(
        {f"좋아하는 {josa(it.what, '은', '는')} {said} 하셨어요.": 3, f"{said} 알려 주셨어요.": 1},
        {" 보내 주신 대화에 있어요.": 2, " 앞쪽 메시지에 적혀 있어요.": 1},
    )


def _known_en(it: Favourite) -> Reply:
    return reply(
        {f"Your {it.spelled} {it.what} is {it.value}.": 3, f"You told me it is {it.value}.": 1},
        {" It is in the messages you sent.": 2, " It stands in an earlier message.": 1},
    )


def _unknown_ko(what: str) -> Reply:
    return reply(
        {
            f"좋아하는 {josa(what, '은', '는')} 아직 알려 주지 않으셨어요.": 3,
            f"어떤 {josa(what, '을', '를')} 좋아하시는지 제가 알 수 없어요.": 2,
        },
        {" 이번 요청에는 그 말이 들어 있지 않거든요.": 2, " 받은 메시지에 그 말이 없어요.": 1},
    )


def _unknown_en(what: str, text: str) -> Reply:
    spelled = "favorite" if "favorite" in text.lower() else "favourite"
    return reply(
        {
            f"I do not know your {spelled} {what}.": 3,
            f"You have not told me your {spelled} {what}.": 2,
        },
        {" It is not in this request.": 2, " Nothing in the messages I got says it.": 1},
    )
