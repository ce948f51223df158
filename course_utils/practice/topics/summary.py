"""Summaries, by extraction: facts that were told, or the sentences that carry most of a text.

Nothing is made up: every word is the text's own, or the user's.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

from course_utils.practice.korean import josa
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply
from course_utils.practice.topics import favourites, names, profile

_WANTED = (
    r"요약(?:해|하[여세시기고라며]|본|문|\s?(?:좀|부탁)|을 (?:해|써|만들))"
    r"|간추[려리]|줄여 ?(?:줘|주)"
    r"|\bsummari[sz]e\b|\bsum (?:it |this )?up\b|\btl;?dr\b"
    r"|\b(?:write|give me|make) an? (?:\w+ )*summary\b"
)
_CONVERSATION = r"대화|이야기한|주고받|conversation|our chat|so far|above"
_SENTENCE_END = re.compile(r"(?<=[.!?。…])[\"'”’」)\]]*\s+|\n+")
_FENCE = re.compile(r"^\W*$|^</?\w+>$")  # a line of quotes, dashes or a tag around a text
_WORD = re.compile(r"[가-힣]{2,}|[A-Za-z]{4,}|\d+")
_COUNTS = {"한": 1, "두": 2, "세": 3, "네": 4, "one": 1, "a single": 1, "two": 2, "three": 3}
_ASKED_COUNT = re.compile(
    r"(한|두|세|네|[1-9])두? ?(?:문장|줄)"
    r"|\b(one|a single|two|three|[1-9])[ -](?:sentence|line)s?",
    re.IGNORECASE,
)
_LONGER = re.compile(
    r"자세히|길게|상세|\b(?:longer|detailed|in detail|more detail|long)\b", re.IGNORECASE
)
_SHORTER = re.compile(r"짧게|간단히|간략|짧은|\b(?:shorter|brief(?:ly)?|short)\b", re.IGNORECASE)
_AGAIN = re.compile(
    r"^\W*(?:(?:요약을|그걸|이걸|조금|좀|요약) )*(?:더|다시) \S{0,6} ?(?:짧게|길게|자세히|간단히"
    r"|간략|줄여|요약)"
    r"|^\W*(?:please )?(?:make (?:it|that|the summary)|now)?\W*(?:a (?:bit|little) )?(?:much )?"
    r"(?:shorter|longer|more detailed)\b(?! (?:story|poem))[\w ,]{0,20}\W*$"
    r"|^\W*(?:please )?(?:with )?more detail\b",
    re.IGNORECASE,
)
_SHORT = 60  # characters: what asks for the summary again is no longer
_LONG = 3  # sentences: from here on, a text under a summarising instruction is one to summarise
_QUOTED = 30  # characters of a turn that a summary quotes


def answer(prompt: Prompt) -> Reply | None:
    """Summarise the text that came with the request to do so, else the conversation before it."""
    if len(prompt.text) <= _SHORT and _AGAIN.search(prompt.text) and (earlier := _earlier(prompt)):
        return _text(earlier, _count(prompt.text), _share(prompt.text), prompt.language)
    if prompt.asks(_WANTED):
        sentences = _split(prompt.text)
        request = [each for each in sentences if re.search(_WANTED, each, re.IGNORECASE)]
        text = [each for each in sentences if each not in request]
        about = " ".join(request)
    elif prompt.told(_WANTED) and len(sentences := _split(prompt.text)) >= _LONG:
        text, about = sentences, ""
    else:
        return None
    if not text or (len(text) < _LONG and re.search(_CONVERSATION, about, re.IGNORECASE)):
        return _conversation(prompt)
    wish = f"{prompt.instructions}\n{about}"
    return _text(text, _count(wish), _share(about), prompt.language)


def _earlier(prompt: Prompt) -> list[str]:
    """Return the text of the last request to summarise that came with one, in sentences."""
    for said in reversed(prompt.said[:-1]):
        if re.search(_WANTED, said, re.IGNORECASE):
            sentences = _split(said)
            return [each for each in sentences if not re.search(_WANTED, each, re.IGNORECASE)]
    return []


def _share(request: str) -> float:
    """Return how much of a text to keep, where no number of sentences was asked for."""
    if _LONGER.search(request):
        return 0.6
    return 0.15 if _SHORTER.search(request) else 0.3


def _split(text: str) -> list[str]:
    # A request that introduces a text ends in a colon; the text may follow on the same line.
    text = re.sub(rf"((?:{_WANTED})[^\n.:：]*[:：])\s", r"\1\n", text, flags=re.IGNORECASE)
    return [part.strip() for part in _SENTENCE_END.split(text) if not _FENCE.match(part.strip())]


def _count(request: str) -> int | None:
    """Return how many sentences were asked for, or None."""
    found = _ASKED_COUNT.search(request)
    if found is None:
        return None
    number = str(found[1] or found[2]).lower()
    return _COUNTS.get(number) or int(number)


def _text(sentences: list[str], count: int | None, share: float, language: str) -> Reply:
    """Pick sentences in their order; the best choice is the likeliest, and others are near it."""
    if len(sentences) == 1:
        short = {"ko": "한 문장이라 더 줄일 것이 없어요:", "en": "This is one sentence already:"}
        return reply(f"{short[language]} {sentences[0]}")
    count = min(count or max(1, round(len(sentences) * share)), len(sentences) - 1)
    scores = _scores(sentences)
    ranked = sorted(range(len(sentences)), key=lambda at: -scores[at])[: count + 1]
    picks = sorted(combinations(ranked, count), key=lambda pick: -sum(scores[at] for at in pick))
    texts = (" ".join(sentences[at] for at in sorted(pick)) for pick in picks[:2])
    return reply(dict(zip(texts, (3.0, 1.0), strict=False)), kept="words")


def _scores(sentences: list[str]) -> list[float]:
    """Score each sentence by how much of the text shares its words; the first one leads."""
    words = [{_stem(word) for word in _WORD.findall(sentence)} for sentence in sentences]
    shared = Counter(word for each in words for word in each)
    scores = [sum(shared[word] - 1 for word in each) / (len(each) or 1) ** 0.5 for each in words]
    return [score + (1.0 if at == 0 else 0.0) for at, score in enumerate(scores)]


def _stem(word: str) -> str:
    return word[:2] if "가" <= word[0] <= "힣" else word.lower()[:6]


def _conversation(prompt: Prompt) -> Reply:
    """Say what the user told in the turns before the request to summarise."""
    before = [turn for turn in prompt.turns if turn.role in ("user", "assistant")][:-1]
    said = [turn.text for turn in before if turn.role == "user"]
    korean = prompt.language == "ko"
    if not said:
        return _nothing_ko() if korean else _nothing_en()
    facts = _facts_ko(prompt) if korean else _facts_en(prompt)
    summary = facts or (_quotes_ko(said) if korean else _quotes_en(said))
    if len(summary) >= sum(len(turn.text) for turn in before):
        return _short_ko() if korean else _short_en()
    openings = ("", "요약하면, ") if korean else ("", "In short: ")
    return reply({openings[0] + summary: 3, openings[1] + summary: 1})


def _facts_ko(prompt: Prompt) -> str:
    name = names.known_name(prompt)
    liked = [
        f"좋아하는 {josa(each.what, '은', '는')} {each.value}"
        for each in favourites.known(prompt).values()
    ]
    told = profile.known(prompt).items()
    liked += [f"{josa(kind.ko, '은', '는')} {value}" for kind, value in told]
    if name:
        opening = f"사용자의 이름은 {name}"
        return f"{opening}이고 {_ends_ko(liked)}" if liked else _ends_ko([opening])
    return f"사용자가 {_ends_ko(liked)}" if liked else ""


def _ends_ko(facts: list[str]) -> str:
    return josa(", ".join(facts), "이에요.", "예요.")


def _facts_en(prompt: Prompt) -> str:
    name = names.known_name(prompt)
    liked = [
        f"their {each.spelled} {each.what} is {each.value}"
        for each in favourites.known(prompt).values()
    ]
    liked += [_of_them(kind.said_en(value)) for kind, value in profile.known(prompt).items()]
    if name:
        facts = [f"The user's name is {name}", *liked]
    elif liked:
        facts = [f"The user said that {liked[0]}", *liked[1:]]
    else:
        return ""
    return " and ".join(filter(None, (", ".join(facts[:-1]), facts[-1]))) + "."


def _of_them(said: str) -> str:
    """Turn "your job is …" into "their job is …"."""
    return re.sub(r"^you", "they", re.sub(r"^your", "their", said))


def _quotes_ko(said: list[str]) -> str:
    return f"사용자가 이런 말을 했어요: {', '.join(map(_quoted, said[-3:]))}"


def _quotes_en(said: list[str]) -> str:
    return f"The user said: {', '.join(map(_quoted, said[-3:]))}"


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= _QUOTED else text[:_QUOTED].rstrip() + '…'}”"


def _nothing_ko() -> Reply:
    return reply(
        {"요약할 대화가 이 요청에 없어요.": 2, "받은 메시지에 요약할 말이 없어요.": 1},
        " 지난 메시지를 함께 보내 주세요.",
    )


def _nothing_en() -> Reply:
    return reply(
        {"There is no conversation in this request.": 2, "I got nothing to summarise.": 1},
        " Send the earlier messages along.",
    )


def _short_ko() -> Reply:
    return reply({"대화가 아직 짧아서": 2, "아직 나눈 말이 적어서": 1}, " 줄일 것이 없어요.")


def _short_en() -> Reply:
    return reply(
        {"The conversation is still too short": 2, "So far it is too short": 1}, " to sum up."
    )
