"""Words for a poem: replies of one token a word, so that every choice of a token can be seen.

Each of the five words is a single token of o200k_base, at the start of a reply and after a space.
"""

from __future__ import annotations

import re

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_ASKED = re.compile(
    r"시에 (?:쓸|넣을|어울리는) (?:낱말|단어)(?:을|를)? "
    r"(?P<ko>하나|한|두|세|다섯|열|\d{1,2})(?:\W|만|개)"
    r"|\b(?:pick|choose|name|give me) (?P<en>an?|one|two|three|five|ten|\d{1,2}) words? for a poem",
    re.IGNORECASE,
)
_COUNTS = {
    **{"하나": 1, "한": 1, "두": 2, "세": 3, "다섯": 5, "열": 10},
    **{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "five": 5, "ten": 10},
}
# In percent, so that the probabilities of the first token can be read off a chart.
_WORDS = {
    "ko": {"별": 50, "달": 22, "비": 14, "눈": 9, "강": 5},
    "en": {"Moon": 50, "Star": 22, "Rain": 14, "Snow": 9, "River": 5},
}


def answer(prompt: Prompt) -> Reply | None:
    """Say as many words as are wanted, each drawn anew: a word may come again."""
    found = _ASKED.search(prompt.text)
    if found is None:
        return None
    words = _WORDS[prompt.language]
    more = {f" {word}": weight for word, weight in words.items()}
    return reply(words, *[more] * (_count(found["ko"] or found["en"]) - 1), kept="all")


def _count(number: str) -> int:
    return _COUNTS.get(number.lower()) or max(1, int(number))
