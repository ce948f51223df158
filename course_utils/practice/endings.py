"""Korean speech levels: 해요체, in which every topic speaks, turned into 합쇼체 or 반말.

Not a conjugator of Korean: it goes from one regular ending to another, with a table for the
irregular words that the topics use. What stands in “…” is somebody's own words and stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from course_utils.practice.korean import (
    is_syllable,
    josa,
    tail,
    vowel,
    with_tail,
    with_vowel,
)

_RIEUL, _BIEUP, _SSANG_SIOS = 8, 17, 20
_QUOTED = re.compile(r"(“[^”]*”)")
_POLITE = re.compile(r"([가-힣]+|(?<=[\w)])(?=이?에요|예요))(요|죠)(?=[\s.,!?:;…~)]|$)(\??)")
_NOUNS = frozenset("필개수소주중")  # 필요, 개요, …: no verb
_NAMED = re.compile(r"(\S+) 님(?=[,!])")

# Whole phrases, before anything else.
_FORMAL_PHRASES = {
    "안녕하세요": "안녕하십니까",
    "떠 있지 뭐예요": "떠 있었습니다",
    "내려와 있지 뭐예요": "내려와 있었습니다",
    "이래요:": "이렇습니다:",
}
_CASUAL_PHRASES = {
    "안녕하세요": "안녕",
    "안녕히 가세요": "잘 가",
    "도와드릴까요": "도와줄까",
    "죄송하지만": "미안하지만",
    "도와드릴": "도와줄",
    "들려드려요": "들려줘요",
    "말씀하세요": "말하세요",
    "좋아하시는": "좋아하는",
    "주신": "준",
    "주시면": "주면",
    "주셔야": "줘야",
    "주셔서": "줘서",
    "저는": "나는",
    "제가": "내가",
    "저를": "나를",
}
# Words whose stem cannot be told from their 해요체 form: the form without 요, and 합쇼체.
_FORMAL_WORDS = {
    "천만에": "천만의 말씀입니다",
    "세": "셉니다",
    "들어": "듭니다",
    "달라": "다릅니다",
    "따라": "따릅니다",
    "나빠": "나쁩니다",
    "바빠": "바쁩니다",
    "아파": "아픕니다",
    "기뻐": "기쁩니다",
    "예뻐": "예쁩니다",
    "물어": "묻습니다",
    "지어": "짓습니다",
    "그래": "그렇습니다",
    "이래": "이렇습니다",
    "어때": "어떻습니다",
}
_COPULAS = (
    ("아니에", "아닙니다"),
    ("거예", "것입니다"),
    ("뭐예", "무엇입니다"),
    ("이에", "입니다"),
    ("예", "입니다"),
    ("인가", "입니다"),
)
_REGULAR_U = re.compile(r"(?:배|세|채|키|외|비|싸|지|태|데|피)워$")  # 배우다, but 고맙다 is not
_HELPS = {"도와": "돕습니다", "고와": "곱습니다"}
_STEMS = {"아": "알아", "만드": "만들어", "사": "살아", "도우": "도와", "쓰": "써", "크": "커"}
_OPENED = {"ㅗ": "ㅘ", "ㅜ": "ㅝ", "ㅣ": "ㅕ", "ㅡ": "ㅓ", "ㅚ": "ㅙ"}
_CLOSED = {"ㅘ": "ㅗ", "ㅝ": "ㅜ", "ㅕ": "ㅣ", "ㅙ": "ㅚ"}


def formal(text: str) -> str:
    """Return a 해요체 text in 합쇼체: "이름은 제가 알 수 없어요." ends in "없습니다."."""
    return _outside_quotes(text, _formal_part)


def casual(text: str) -> str:
    """Return a 해요체 text in 반말: "무엇이 궁금하세요?" is "무엇이 궁금해?"."""
    return _outside_quotes(text, _casual_part)


def _outside_quotes(text: str, change: Callable[[str], str]) -> str:
    parts = _QUOTED.split(text)
    return "".join(part if part.startswith("“") else change(part) for part in parts)


def _formal_part(text: str) -> str:
    text = _replaced(text, _FORMAL_PHRASES)

    def ending(found: re.Match[str]) -> str:
        if found[1] in _NOUNS:
            return found[0]
        asks = found[3] == "?"
        word = _formal_word(found[1] + ("지" if found[2] == "죠" else ""), asks)
        if asks and word.endswith("니다"):
            word = word[:-1] + "까"
        return word + found[3]

    return _POLITE.sub(ending, text)


def _formal_word(word: str, asks: bool) -> str:
    if word in _FORMAL_WORDS:
        return _FORMAL_WORDS[word]
    for ending, made in _COPULAS:
        if word.endswith(ending):
            return word.removesuffix(ending) + made
    if word.endswith("거든"):
        return word.removesuffix("거든") + "기 때문입니다"
    if word.endswith("군"):
        stem = word[:-1].removesuffix("이") if word.endswith("이군") else word[:-1]
        return stem + (" 것으로 알겠습니다" if stem.endswith("는") else "인 것으로 알겠습니다")
    if word.endswith("세"):
        return word[:-1] + ("십니다" if asks else "십시오")
    if word.endswith("까") and tail(word[-2]) == _RIEUL:
        return with_tail(word[:-1], 0) + "면 되겠습니까"
    if word.endswith("게") and tail(word[-2]) == _RIEUL:
        return with_tail(word[:-1], 0) + "겠습니다"
    for ending in ("는데", "네", "지"):
        if word.endswith(ending) and len(word) > len(ending):
            return _plain(word.removesuffix(ending))
    return _plain(_stem(word))


def _plain(stem: str) -> str:
    """Put -(스)ㅂ니다 behind a stem: 읽 becomes 읽습니다, 만들 and 만드 become 만듭니다."""
    if tail(stem[-1]) in (0, _RIEUL):
        return with_tail(stem, _BIEUP) + "니다"
    return stem + "습니다"


def _stem(form: str) -> str:
    """Undo -아/어: 읽어 is 읽, 보여 is 보이, 흘러 is 흐르, 반가워 is 반갑."""
    last, before = form[-1], form[-2:-1]
    if form.endswith("해"):
        return form[:-1] + "하"
    if last in "아어" and before:
        return form[:-1]
    if last in "러라" and before and tail(before) == _RIEUL:
        return with_tail(form[:-1], 0) + "르"
    if form in _HELPS:
        return with_tail(form[:-1], _BIEUP)
    if last == "워" and not _REGULAR_U.search(form):
        return with_tail(form[:-1], _BIEUP)
    if vowel(last) in _CLOSED:
        return with_vowel(form, _CLOSED[vowel(last)])
    # 써 is 쓰 and 커 is 크, but 서 is 서: a verb in -서 or -ㅓ다 is rarer than the others.
    if vowel(last) == "ㅓ" and last != "서":
        return with_vowel(form, "ㅡ")
    return form


def _casual_part(text: str) -> str:
    text = _NAMED.sub(lambda found: _called(found[1]), text)
    text = _replaced(text, _CASUAL_PHRASES)
    text = re.sub(r"(?<![가-힣])제 (?=[가-힣])", "내 ", text)
    text = re.sub(r"([가-힣])답니다", r"\1단다", text)
    return _POLITE.sub(lambda found: _casual_word(found[1], found[2]) + found[3], text)


def _called(name: str) -> str:
    return josa(name, "아", "야") if is_syllable(name[-1]) else name


def _casual_word(word: str, ending: str) -> str:
    if word in _NOUNS:
        return word + ending
    if ending == "죠":
        return word + "지"
    if word.endswith(("이에", "니에")):
        return word[:-1] + "야"
    if word.endswith("예"):
        return word[:-1] + "야"
    if word.endswith("군"):
        return word[:-1] + "구나"
    if word.endswith("세") and word != "세":
        return infinitive(word[:-1].removesuffix("으"))
    if word.endswith("셨어"):
        made = infinitive(word[:-2].removesuffix("으"))
        return with_tail(made, _SSANG_SIOS) + "어"
    return word


def infinitive(stem: str) -> str:
    """Return a stem with -아/어, as 반말 ends: 주 is 줘, 찾 is 찾아, 좋아하 is 좋아해."""
    if stem in _STEMS:
        return _STEMS[stem]
    last = stem[-1]
    if last == "하":
        return stem[:-1] + "해"
    if tail(last):
        return stem + ("아" if vowel(last) in "ㅏㅗ" else "어")
    if last == "르" and len(stem) > 1:
        bright = vowel(stem[-2]) in "ㅏㅗ"
        return with_tail(stem[:-1], _RIEUL) + ("라" if bright else "러")
    return with_vowel(stem, _OPENED.get(vowel(last), vowel(last)))


def _replaced(text: str, phrases: dict[str, str]) -> str:
    for old, new in phrases.items():
        if old in text:
            text = re.sub(rf"(?<![가-힣]){re.escape(old)}", new, text)
    return text
