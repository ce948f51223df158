"""Values that a text mentions: numbers, dates, places, lists, quoted words."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"[\"“'‘「『]([^\"”'’」』]{1,80})[\"”'’」』]")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?")
_DATE = re.compile(r"\b(\d{4})[-./](\d{1,2})[-./](\d{1,2})\b")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"https?://[^\s\"'<>)]+")
_PLACE_EN = re.compile(r"\b(?:in|at|for|to|from|of|and)\s+((?:[A-Z][\w'-]+)(?:\s[A-Z][\w'-]+)*)")
_PLACE_KO = re.compile(
    r"([가-힣]{2,}?)(?:의|에서|으로|로|은|는|이|가|와|과|이랑|랑|하고|,)?\s*"
    r"(?=날씨|기온|시간|시각|여행|인구|[가-힣]{2,}(?:의)?\s*(?:날씨|기온|시간|시각|여행|인구))"
)
_LIST = re.compile(r"\s*(?:,|、|\band\b|&|그리고|하고|와 |과 |이랑 |랑 )\s*")


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
