"""Facts about the user: home, job, pet, allergy and so on, known only while the turn is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from course_utils.practice.korean import josa
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply
from course_utils.practice.topics.favourites import without_copula

_I = r"(?:저는|나는|전|난|저도|나도|제가|내가)"
_MINE = r"(?:제|내|저의|나의|제가|내가)"
_JOBS = (
    r"(?:초등|중|고등|대|대학원|유)?(?:학생|교사)|선생님|의사|간호사|개발자|프로그래머|디자이너"
    r"|요리사"
    r"|변호사|회사원|공무원|기자|작가|가수|배우|농부|경찰관|소방관|엔지니어|번역가|연구원|약사|화가"
)
_JOBS_EN = (
    r"(?:\w+ )?(?:student|teacher|doctor|nurse|developer|programmer|designer|cook|chef|lawyer"
    r"|writer"
    r"|engineer|farmer|journalist|musician|painter|pharmacist|researcher|translator|driver)"
)
_PETS = r"고양이|강아지|개|토끼|햄스터|앵무새|거북이|금붕어|물고기|도마뱀|고슴도치"
_PETS_EN = (
    r"(?:\w+ )?(?:cat|dog|rabbit|hamster|parrot|turtle|goldfish|fish|puppy|kitten|lizard|hedgehog)"
)
_QUESTION = re.compile(
    r"[뭐뭔뭘]|무엇|무슨|어떤|누구|어디|언제|몇|기억|what\b|where\b|not\b|who\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Kind:
    """A kind of fact: what it is called, and the ways to tell it and to ask for it.

    "제 …은 X예요", "my … is X" and their questions go for every kind; patterns add to that, what is
    told in a group. ``says`` tells it back in English, ``what`` names it when it is not known.
    """

    ko: str
    en: str
    told_ko: str = r"(?!)"
    told_en: str = r"(?!)"
    asked_ko: str = r"(?!)"
    asked_en: str = r"(?!)"
    says: str = ""
    what: str = ""
    spelled: tuple[str, ...] = ()

    @cached_property
    def told(self) -> re.Pattern[str]:
        """What tells such a fact, in either language; its last group that matched is the value."""
        names = "|".join((self.ko, *self.spelled))
        return re.compile(
            rf"{self.told_ko}|(?:(?<!\S){_MINE} |, |그리고 |이고 |사용자의 |사용자가 "
            rf"|^)(?:{names})[은는이가] "
            rf"(?P<value_2>[^.,!?~;\n]{{1,30}})"
            rf"|{self.told_en}|\b(?:my|their) {self.en} (?:is|are) (?:an? |the )?"
            r"(?P<value_4>[^.,!?;\n]{1,40}?)(?= and (?:my|their|they|i)\b|[.,!?;\n]|$)",
            re.IGNORECASE,
        )

    @cached_property
    def asked(self) -> re.Pattern[str]:
        """What asks for such a fact, in either language."""
        names = "|".join((self.ko, *self.spelled))
        return re.compile(
            rf"{self.asked_ko}|(?<!\S){_MINE} (?:{names})(?:[은는]요|[이가은는을를도]|)(?:,? ?"
            r"(?:뭐|뭔|무엇|무슨|어디|언제|몇|어떻|기억|아[시세나니]|알아|알고|알 |알려|말해|말씀"
            r"|맞[혀춰])|\?)"
            rf"|{self.asked_en}|(?:what|when|where)(?:'s|’s| is| was) my {self.en}\b"
            rf"|(?:know|remember|recall|tell me|say) (?:what )?my {self.en}\b",
            re.IGNORECASE,
        )

    def said_en(self, value: str) -> str:
        """Return the fact as an English clause: "you live in Busan"."""
        return (self.says or f"your {self.en} is {{}}").format(value)


KINDS = (
    Kind(
        "사는 곳",
        "home",
        rf"(?:(?<!\S){_I} (?:\S+ ){{0,2}}?|이?고 |, |^)"
        rf"(?P<value_1>[가-힣A-Za-z]{{1,12}}?)에서? (?:살(?!고 싶)"
        rf"|거주|산다)",
        r"\b(?:i|they) (?:now |currently )?live in (?P<value_3>[^.,!?;\n]{1,30}?)"
        r"(?= and |, |[.,!?;\n]|$)",
        rf"{_I} 어디에?서? ?(?:살|사는|산다)",
        r"where (?:do|did) i (?:say i )?live|(?:know|remember) where i live",
        "you live in {}",
        "where you live",
    ),
    Kind(
        "직업",
        "job",
        rf"(?<!\S){_I} (?:(?P<value_1>{_JOBS})(?=이에요|예요|입니다|이야|야|이고|인데)"
        r"|(?P<value_5>[가-힣]{1,10}?)(?:으로|로) 일(?:해|하))",
        rf"\bi(?:'m| am) an? (?P<value_3>{_JOBS_EN})\b|\bi work as an? "
        r"(?P<value_6>[^.,!?;\n]{1,30}?)(?= and | in | at |[.,!?;\n]|$)",
        rf"{_I} 무슨 일을? ?(?:하|한다)",
        r"what (?:do|did) i (?:say i )?do for (?:a living|work)|what(?:'s| is) my (?:profession"
        r"|work)\b",
    ),
    Kind(
        "키우는 동물",
        "pet",
        rf"(?P<value_1>{_PETS})[를을도]? ?(?:\S+ 마리[를을]? )?(?:키워|키우(?!는)|키웁|길러"
        rf"|기르(?!는)|기릅)",
        rf"\b(?:i|they) have an? (?:pet )?(?P<value_3>{_PETS_EN})\b",
        rf"{_I} (?:뭘|무엇을|무슨 동물을|어떤 동물을) ?(?:키우|키운|기르|기른)",
        r"(?:what|which) (?:pet|animal) do i have|do i have (?:a pet|any pets)",
        "you have a {}",
        "which pet you have",
    ),
    Kind(
        "알레르기가 있는 것",
        "allergy",
        r"(?P<value_1>[가-힣]{1,8}?)(?:에| )? ?알레르기[가도]? ?(?:있(?!는|나|죠|어\?)|심)",
        r"\b(?:i(?:'m| am)|they are) allergic to (?P<value_3>[a-z ]{2,30}?)(?= and (?:my|i|they)\b"
        r"|[.,!?;\n]|$)",
        rf"{_I} (?:무슨|어떤|무엇에|뭐에) ?알레르기|(?<!\S)(?:제|내) 알레르기",
        r"what (?:am i|did i say i am) allergic to|(?:know|remember) my allerg"
        r"|what are my allergies",
        "you are allergic to {}",
        "what you are allergic to",
    ),
    Kind(
        "나이",
        "age",
        rf"(?<!\S){_I} (?:올해 )?(?P<value_1>(?:\d+|열\S*|스\S*|서른\S*|마흔\S*) ?살)",
        r"\bi(?:'m| am) (?P<value_3>\d{1,3})(?: years old)?(?=[.,!?]|$)",
        rf"{_I} 몇 살",
        r"how old am i",
    ),
    Kind("취미", "hobby"),
    Kind("생일", "birthday"),
    Kind("전공", "major"),
    Kind("고향", "hometown"),
    Kind("별명", "nickname"),
    Kind("꿈", "dream", spelled=("장래 희망", "장래희망")),
    Kind("고양이 이름", "cat's name", told_en=r"\bmy cat is called (?P<value_3>\w+)"),
    Kind("강아지 이름", "dog's name", told_en=r"\bmy dog is called (?P<value_3>\w+)"),
)
# One look at a text spares most texts the many of all kinds.
_ABOUT_ME = re.compile(
    rf"(?<!\S)(?:{_I}|{_MINE})(?!\S)|사용자|알레르기|키우|키워|기르|길러|\b(?:i|i'm|my|their"
    rf"|they)\b",
    re.IGNORECASE,
)


def known(prompt: Prompt) -> dict[Kind, str]:
    """Return what the messages tell of the user, the latest of each kind.

    The model's own words do not count.
    """
    turns = [turn.text for turn in prompt.turns if turn.role != "assistant"]
    return {kind: value for text in turns for kind, value in told_in(text).items()}


def told_in(text: str) -> dict[Kind, str]:
    """Return the facts that a text tells."""
    if not _ABOUT_ME.search(text):
        return {}
    found = {kind: _value(kind, text) for kind in KINDS}
    return {kind: value for kind, value in found.items() if value}


def answer(prompt: Prompt) -> Reply | None:
    """Take note of a fact, or say which was told before, or that none was."""
    if not _ABOUT_ME.search(prompt.text):
        return None
    korean = prompt.language == "ko"
    asked = next((kind for kind in KINDS if kind.asked.search(prompt.text)), None)
    if asked is not None:
        value = known(prompt).get(asked)
        if value is None:
            return _unknown_ko(asked) if korean else _unknown_en(asked)
        return _known_ko(asked, value) if korean else _known_en(asked, value)
    told = told_in(prompt.text)
    if not told:
        return None
    kind, value = next(iter(told.items()))
    return _noted_ko(kind, value) if korean else _noted_en(kind, value)


def _value(kind: Kind, text: str) -> str:
    values = ""
    for found in kind.told.finditer(text):
        value = next((each for each in found.groups() if each), "").strip()
        if value and not _QUESTION.match(value):
            values = without_copula(value)
    return values


def _noted_ko(kind: Kind, value: str) -> Reply:
    return reply(
        {
            f"{josa(kind.ko, '은', '는')} {josa(value, '이', '')}군요!": 3,
            f"{josa(value, '이', '')}군요!": 1,
        },
        {" 알려 주셔서 고마워요.": 2, " 더 들려주세요.": 1},
    )


def _noted_en(kind: Kind, value: str) -> Reply:
    said = kind.said_en(value)
    return reply(
        {f"So {said}.": 3, f"Good to know that {said}.": 1},
        {" Thank you for telling me.": 2, " Tell me more.": 1},
    )


def _known_ko(kind: Kind, value: str) -> Reply:
    said = josa(value, "이라고", "라고")
    return reply(
        {f"{josa(kind.ko, '은', '는')} {said} 하셨어요.": 3, f"{said} 알려 주셨어요.": 1},
        {" 보내 주신 대화에 있어요.": 2, " 앞쪽 메시지에 적혀 있어요.": 1},
    )


def _known_en(kind: Kind, value: str) -> Reply:
    said = kind.said_en(value)
    return reply(
        {f"{said[0].upper()}{said[1:]}.": 3, f"You told me that {said}.": 1},
        {" It is in the messages you sent.": 2, " It stands in an earlier message.": 1},
    )


def _unknown_ko(kind: Kind) -> Reply:
    return reply(
        {
            f"{josa(kind.ko, '은', '는')} 아직 알려 주지 않으셨어요.": 3,
            f"{josa(kind.ko, '이', '가')} 무엇인지 제가 알 수 없어요.": 2,
        },
        {" 이번 요청에는 그 말이 들어 있지 않거든요.": 2, " 받은 메시지에 그 말이 없어요.": 1},
    )


def _unknown_en(kind: Kind) -> Reply:
    what = kind.what or f"your {kind.en}"
    return reply(
        {f"I do not know {what}.": 3, f"You have not told me {what}.": 2},
        {" It is not in this request.": 2, " Nothing in the messages I got says it.": 1},
    )
