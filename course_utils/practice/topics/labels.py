"""Follows a pattern of classification: examples with labels, and then one more text.

The examples are pairs of user and assistant turns, lines such as "text -> label", or pairs of
lines such as "Text: …" and "Label: …". The more words a text shares with a label's examples, the
likelier that label; with nothing shared, it is a guess, and the probabilities say so.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from course_utils.practice.prompt import Prompt, Turn
from course_utils.practice.reply import Reply, reply

_LONGEST_LABEL = 24
_ARROW = re.compile(r"->|→|=>|⇒|//")
_BULLET = re.compile(r"^(?:[-*]|\d+[.)]) ")
_LONGEST_KEY = 16
_CLASSIFY = re.compile(
    r"분류|감정|감성|긍정|부정|판별|라벨|레이블|스팸"
    r"|\b(?:classif\w+|sentiment|labels?|categor\w+|positive|negative|spam)\b",
    re.IGNORECASE,
)
_MOODS = (
    re.compile(r"긍정|좋|만족|\b(?:positive|pos|good|happy)\b", re.IGNORECASE),
    re.compile(r"부정|나쁨|싫|불만|\b(?:negative|neg|bad|sad|angry)\b", re.IGNORECASE),
)
# A few plain words of praise and blame, for a text that shares none with the examples.
_TONES = (
    re.compile(
        r"좋|최고|재[미밌]|맛있|훌륭|빠르|빨라|친절|감동|만족|사랑|예쁘|예뻐|추천|행복"
        r"|\b(?:love|great|good|excellent|amazing|wonderful|best|happy|fast|friendly|perfect|nice)",
        re.IGNORECASE,
    ),
    re.compile(
        r"나쁘|나빠|늦|엉망|최악|별로|지루|맛없|느리|느려|불친절|실망|싫|고장|망했|비싸|후회|환불"
        r"|\b(?:hate|bad|terrible|awful|worst|boring|slow|rude|broken|disappoint|poor|never again)",
        re.IGNORECASE,
    ),
)
_WORD = re.compile(r"[A-Za-z']{3,}|[가-힣]{2,}")
_COMMON = frozenset(
    (
        "the",
        "and",
        "was",
        "this",
        "that",
        "for",
        "with",
        "very",
        "are",
        "not",
        "you",
        "but",
        "has",
        "had",
    )
)


@dataclass(frozen=True)
class Example:
    """A text that was given with its label."""

    text: str
    label: str


def answer(prompt: Prompt) -> Reply | None:
    """Answer with one of the labels that the examples give, or None when there are none."""
    found = _in_turns(prompt) or (_in_lines(prompt) if _may_list(prompt) else None)
    if found is None:
        return None
    examples, query = found
    if not _is_classification(examples, prompt):
        return None
    return reply(_weights(examples, query), kept="all")


def _in_turns(prompt: Prompt) -> tuple[list[Example], str] | None:
    """Read pairs of a user's and the assistant's turn, all of them short labels."""
    turns = [turn for turn in prompt.turns if turn.role in ("user", "assistant") and turn.text]
    if len(turns) < 5 or turns[-1].role != "user":
        return None
    pairs = list(zip(turns[:-1:2], turns[1:-1:2], strict=False))
    if len(turns) % 2 == 0 or not all(_is_pair(*pair) for pair in pairs):
        return None
    return [Example(user.text, label.text.strip()) for user, label in pairs], turns[-1].text


def _is_pair(user: Turn, assistant: Turn) -> bool:
    return (user.role, assistant.role) == ("user", "assistant") and _is_label(assistant.text)


def _is_label(text: str) -> bool:
    text = text.strip()
    return 0 < len(text) <= _LONGEST_LABEL and "\n" not in text and text[-1] not in ".!?…"


def _may_list(prompt: Prompt) -> bool:
    """Whether there are lines to look at; most prompts are settled here."""
    text, told = prompt.text, prompt.instructions
    return "\n" in text or "\n" in told or len(prompt.said) > 1


def _in_lines(prompt: Prompt) -> tuple[list[Example], str] | None:
    """Read lines with labels; the text to label is the last line, or the user's whole turn."""
    said = [turn.text for turn in prompt.turns if turn.role != "assistant"]
    lines = [line.strip() for text in said for line in text.splitlines() if line.strip()]
    found = _arrows(lines) or _fields(lines)
    examples = [example for example in found if _is_label(example.label)]
    if len(examples) < 2 or len(examples) < len(found) - 1:
        return None
    if not found[-1].label:
        return examples, found[-1].text
    last = lines[-1]
    return None if _ARROW.search(last) or last.endswith(examples[-1].label) else (examples, last)


def _arrows(lines: list[str]) -> list[Example]:
    """Read "text -> label"; the text may be numbered or a bullet."""
    found = []
    for line in lines:
        *_, arrow = [None, *_ARROW.finditer(line)]
        if arrow is not None:
            text = _BULLET.sub("", line[: arrow.start()]).strip()
            found.append(Example(text, line[arrow.end() :].strip()))
    return found


def _fields(lines: list[str]) -> list[Example]:
    """Read "Text: …" and on the next line "Label: …", the keys of all pairs alike."""
    parts = [re.split(r"[:：]", line, maxsplit=1) for line in lines]
    keys = [part[0].strip() if len(part) == 2 else "" for part in parts]
    pairs = [
        (keys[at], keys[at + 1], Example(parts[at][1].strip(), parts[at + 1][1].strip()))
        for at in range(len(lines) - 1)
        if 0 < len(keys[at]) <= _LONGEST_KEY and 0 < len(keys[at + 1]) <= _LONGEST_KEY
    ]
    if not pairs:
        return []
    names = pairs[0][:2]
    return [example for *key, example in pairs if tuple(key) == names]


def _is_classification(examples: list[Example], prompt: Prompt) -> bool:
    """Whether labels come again, or the messages speak of classes: else it may be a dictionary."""
    labels = Counter(example.label for example in examples)
    if not 2 <= len(labels) <= 12:
        return False
    if max(labels.values()) > 1:
        return True
    about = (prompt.instructions, prompt.said[0] if prompt.said else "", *labels)
    return any(_CLASSIFY.search(text) for text in about)


def _weights(examples: list[Example], query: str) -> dict[str, float]:
    """Weigh each label by words shared with its best example, and by praise and blame."""
    stems = _stems(query)
    weights: dict[str, float] = {}
    for example in examples:
        shared = len(stems & _stems(example.text))
        weights[example.label] = max(weights.get(example.label, 1.0), 4.0 ** min(shared, 3))
    tones = [bool(tone.search(query)) for tone in _TONES]
    for label in weights:
        moods = [bool(mood.search(label)) for mood in _MOODS]
        if tones[0] != tones[1] and tones == moods:
            weights[label] *= 8
    return dict(sorted(weights.items(), key=lambda item: -item[1]))


def _stems(text: str) -> set[str]:
    words = {word.lower() for word in _WORD.findall(text)} - _COMMON
    return {word[:2] if "가" <= word[0] <= "힣" else word[:5] for word in words}
