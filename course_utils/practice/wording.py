"""English in other clothes: formal, casual, or a pirate's. What stands in “…” stays."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SHORT = {
    "I am": "I'm",
    "It is": "It's",
    "it is": "it's",
    "There is": "There's",
    "there is": "there's",
    "do not": "don't",
    "does not": "doesn't",
    "did not": "didn't",
    "is not": "isn't",
    "are not": "aren't",
    "have not": "haven't",
    "cannot": "can't",
}
_FORMAL = {
    "Hi there!": "Good day.",
    "Hello!": "Good day.",
    "Hello, nice to meet you!": "Good day. It is a pleasure to meet you.",
    "Nice to meet you,": "It is a pleasure to meet you,",
    "good to meet you!": "it is a pleasure to meet you.",
    "What can I do for you?": "How may I be of service?",
    "Tell me more.": "Please tell me more.",
    "Ah, you like": "I understand that you like",
    "I'm sorry": "I regret",
} | {short: long for long, short in _SHORT.items()}
_CASUAL = {"Hello": "Hey", "Good day": "Hey", "I'm sorry": "Sorry"} | _SHORT
_PIRATE = {
    "Hello": "Ahoy",
    "Hi there": "Ahoy there",
    "It is": "'Tis",
    "it is": "'tis",
    "I am": "I be",
    "you are": "ye be",
    "you": "ye",
    "your": "yer",
    "my": "me",
    "is": "be",
    "are": "be",
    "yes": "aye",
    "friend": "matey",
    "of": "o'",
    "and": "an'",
    "for": "fer",
}
_QUOTED = re.compile(r"(“[^”]*”)")


def formal(text: str) -> str:
    """Return an English text with nothing contracted and no familiar greeting."""
    return _replaced(text, _FORMAL)


def casual(text: str) -> str:
    """Return an English text with the contractions of speech."""
    return _replaced(text, _CASUAL)


def pirate(text: str) -> str:
    """Return an English text as a pirate would say it, arr."""
    return _replaced(text, _PIRATE)


def _replaced(text: str, words: Mapping[str, str]) -> str:
    return "".join(
        part
        if part.startswith("“")
        else _pattern(tuple(words)).sub(lambda m: _cased(m[0], words), part)
        for part in _QUOTED.split(text)
    )


def _cased(found: str, words: Mapping[str, str]) -> str:
    if found in words:
        return words[found]
    made = words[found[0].lower() + found[1:]]
    return made[:1].upper() + made[1:]


_PATTERNS: dict[tuple[str, ...], re.Pattern[str]] = {}


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Match any of the words whole, the longest first, and those in lower case capitalised too."""
    if words not in _PATTERNS:
        both = {form for word in words for form in (word, word[0].upper() + word[1:])}
        longest = sorted(both, key=len, reverse=True)
        body = "|".join(re.escape(word) for word in longest)
        _PATTERNS[words] = re.compile(rf"(?<![\w'])(?:{body})(?![\w'])")
    return _PATTERNS[words]
