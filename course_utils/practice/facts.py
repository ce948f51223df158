"""Values that a text mentions: numbers, dates, places, lists, quoted words."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"[\"“'‘「『]([^\"”'’」』]{1,80})[\"”'’」』]")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?")
# No \b at the end: in "2026-12-05에" a digit and Hangul are both of a word.
_DATE = re.compile(r"(?<![\w.])(\d{4})(?:[-./]|년 ?)(\d{1,2})(?:[-./]|월 ?)(\d{1,2})(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"https?://[^\s\"'<>)]+")
_PLACE_EN = re.compile(r"\b(?:in|at|for|to|from|of|and)\s+((?:[A-Z][\w'-]+)(?:\s[A-Z][\w'-]+)*)")
_PLACE_KO = re.compile(
    r"([가-힣]{2,}?)(?:의|에서|으로|로|은|는|이|가|와|과|이랑|랑|하고|,)?\s*"
    r"(?=날씨|기온|시간|시각|여행|인구|[가-힣]{2,}(?:의)?\s*(?:날씨|기온|시간|시각|여행|인구))"
)
_LIST = re.compile(r"\s*(?:,|、|\band\b|&|그리고|하고|와 |과 |이랑 |랑 )\s*")

_NUMBERS_KO = ("한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
_NUMBERS_EN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {name: at for each in (_NUMBERS_KO, _NUMBERS_EN) for at, name in enumerate(each, 1)}
_COUNTED_KO = re.compile(
    r"(?P<what>(?:(?:아이스|따뜻한|따듯한|시원한) )?[가-힣A-Za-z]+) ?"
    rf"(?P<count>-?\d{{1,6}}|{'|'.join(_NUMBERS_KO)}) ?"
    r"(?:잔|개|조각|병|그릇|인분|판|줄|봉지|상자|권|장|마리|컵)"
)
_COUNTED_EN = re.compile(
    rf"(?<![\w.-])(?P<count>-?\d{{1,6}}|{'|'.join(_NUMBERS_EN)}) "
    r"(?:(?:slice|cup|piece|bottle|glass|bowl)(?:e?s)? of )?"
    r"(?P<what>(?:(?:iced|hot|large|small) )?[a-z]{2,})",
    re.IGNORECASE,
)


def counted(text: str) -> list[tuple[str, int]]:
    """Return what is counted, and how many: "라테 두 잔" and "two lattes" are two of them."""
    found = [*_COUNTED_KO.finditer(text), *_COUNTED_EN.finditer(text)]
    counts = [(_singular(each["what"]), each["count"].lower()) for each in found]
    return [(what, _NUMBERS.get(count) or int(count)) for what, count in counts]


def _singular(word: str) -> str:
    return word.removesuffix("s") if word.isascii() and not word.endswith("ss") else word


def quoted(text: str) -> list[str]:
    """Return what stands in quotation marks."""
    return _QUOTED.findall(text)


def numbers(text: str) -> list[float]:
    """Return the numbers, thousands separators taken out."""
    return [float(each.replace(",", "")) for each in _NUMBER.findall(text)]


def dates(text: str) -> list[str]:
    """Return the dates as YYYY-MM-DD."""
    return [f"{y}-{int(m):02}-{int(d):02}" for y, m, d in _DATE.findall(text) if _is_day(m, d)]


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 28


def emails(text: str) -> list[str]:
    """Return the e-mail addresses."""
    return _EMAIL.findall(text)


def urls(text: str) -> list[str]:
    """Return the web addresses."""
    return _URL.findall(text)


def places(text: str) -> list[str]:
    """Return words that stand where a place stands: "in Seoul", "서울 날씨"."""
    found = [*_PLACE_EN.findall(text), *_PLACE_KO.findall(text)]
    return list(dict.fromkeys(found))


def items(text: str) -> list[str]:
    """Return the entries of a list such as "milk, eggs and bread"."""
    after_colon = text.rsplit(":", 1)[-1]
    parts = [part.strip(" .!?\n\"'") for part in _LIST.split(after_colon)]
    return [part for part in parts if part] if len(parts) > 1 else []
