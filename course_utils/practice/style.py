"""How a reply is said: register, persona's speech, bullets, number of sentences.

The one place that changes what a topic answered. Topics speak 해요체 or plain English in sentences;
what the system or developer message asks for, and failing that the user, is done to their slots
here. Borders between slots stay where they were, before a space, so that the lattice of a restyled
reply is as small as before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from course_utils.practice import endings, wording
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, Slot, reply

_EDGE = 400
_NO = r"(?!\S{0,3} ?(?:쓰지|하지|금지|말고|말아|마|안 ))"
_INSTRUCTED = re.compile(
    r"(?<!not )(?<!never )(?P<pirate>(?:talk |speak |answer )?like a pirate|\bpirates?\b|해적)"
    rf"|(?P<casual>반말{_NO}|편하게 (?:말|대답|답)|친구처럼|친구에게|친구한테"
    r"|\b(?:casual(?:ly)?|informal(?:ly)?)\b|like a friend)"
    rf"|(?P<formal>합쇼체{_NO}|하십시오체{_NO}|격식체{_NO}|격식(?:을 |\s?있|\s?차)"
    rf"|(?<!in)\bformal(?:ly)?\b)"
    r"|(?P<polite>존댓말|해요체|높임말|공손|\bpolite(?:ly)?\b)",
    re.IGNORECASE,
)
# The user must ask for it: "what is formal English?" is a question.
_REQUESTED = re.compile(
    r"(?P<pirate>\b(?:like|as|be) a pirate\b|in pirate|해적(?:처럼|같이|답게| 말투| 말로|이 되어))"
    r"|(?P<casual>반말로|반말 ?(?:해|써)|편하게 (?:말|대답|답)해|(?:talk|speak|be|answer|reply) "
    r"(?:more )?(?:casual|informal)(?:ly)?|(?:casually|informally)\W*$|like a friend)"
    r"|(?P<formal>(?:합쇼체|하십시오체|격식체)로|격식(?:을 |\s?있|\s?차)"
    r"|\bformally\b|in (?:a )?(?:more )?formal|be (?:more )?formal)"
    r"|(?P<polite>존댓말로|존댓말 ?(?:해|써)|해요체로|\bpolitely\b)",
    re.IGNORECASE,
)
_BULLETS = re.compile(
    r"글머리|불릿|(?:목록|리스트)(?:으로|로| 형식)|bullet(?:ed)?(?: point)?|as a list\b",
    re.IGNORECASE,
)
_NUMBERS = {"한": 1, "두": 2, "세": 3, "네": 4, "one": 1, "a single": 1, "two": 2, "three": 3}
_SENTENCES = re.compile(
    r"(?P<ko>[한두세네]|[1-4]) ?(?:문장|줄)(?:으?로|만)"
    r"|\b(?:in|with|use|using|only|to) (?:only |just |exactly )?"
    r"(?P<en>one|a single|two|three|[1-4])(?: \w+)? (?:sentence|line)s?\b"
    r"|\b(?P<only>one|two|three) sentences? only",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)")
_QUOTED = re.compile(r"“[^”]*”")
_FULL_STOP = re.compile(r"(?<![a-z]\.[a-z])\.$")  # not that of "a.m."
_HAIL = re.compile(
    r"(?:안녕하세요|반가워요|안녕하세요, 반가워요|Hello|Hi there|Hello, nice to meet you)!"
)


@dataclass(frozen=True)
class Style:
    """What is asked of the way a reply is said.

    Attributes:
        language: of the reply, ``"ko"`` or ``"en"``.
        voice: ``"formal"``, ``"casual"``, ``"pirate"``, or ``""`` for the topics' own.
        bullets: whether every sentence is a line of its own.
        sentences: the most sentences, or None.
    """

    language: str
    voice: str = ""
    bullets: bool = False
    sentences: int | None = None


def apply(answer: Reply, prompt: Prompt) -> Reply:
    """Return a topic's answer the way the prompt wants it said."""
    style = wanted(prompt)
    plain = Style(style.language)
    return answer if style == plain or answer.kept == "all" else restyled(answer, style)


def wanted(prompt: Prompt) -> Style:
    """Read the style from the instructions, and what they leave open from the user's words."""
    told, asked = prompt.instructions, _edges(prompt.text)
    return Style(
        prompt.language,
        _voice(prompt),
        bool(_BULLETS.search(told) or _BULLETS.search(asked)),
        _sentences(told) or _sentences(asked),
    )


def _voice(prompt: Prompt) -> str:
    if prompt.instructions and (found := _INSTRUCTED.search(prompt.instructions)):
        return _named(found)
    # An earlier wish of the user's holds on, as long as the turn that says it is sent.
    for text in reversed(prompt.said):
        if found := _REQUESTED.search(_edges(text)):
            return _named(found)
    return ""


def _edges(text: str) -> str:
    """Return where a user's wish stands: before a long text or behind it, not in its middle."""
    return text if len(text) <= 2 * _EDGE else f"{text[:_EDGE]}\n{text[-_EDGE:]}"


def _named(found: re.Match[str]) -> str:
    return "" if found.lastgroup == "polite" else str(found.lastgroup)


def _sentences(text: str) -> int | None:
    found = _SENTENCES.search(text)
    if found is None:
        return None
    number = str(found["ko"] or found["en"] or found["only"]).lower()
    return _NUMBERS.get(number) or int(number)


@lru_cache(maxsize=512)
def restyled(answer: Reply, style: Style) -> Reply:
    """Return ``answer`` in ``style``; its words stay where they are not the model's own."""
    slots = answer.slots
    if style.sentences is not None:
        slots = _first_sentences(_hail_joined(slots), style.sentences)
    if style.voice and answer.kept == "nothing":
        slots = _mapped(slots, _VOICES[style.language, style.voice])
    if style.voice == "pirate":
        slots = _aboard(slots, style.language)
    if style.bullets:
        slots = _as_bullets(slots)
    return replace(answer, slots=slots)


_VOICES: dict[tuple[str, str], Callable[[str], str]] = {
    ("ko", "formal"): endings.formal,
    ("ko", "casual"): endings.casual,
    ("ko", "pirate"): endings.casual,
    ("en", "formal"): wording.formal,
    ("en", "casual"): wording.casual,
    ("en", "pirate"): wording.pirate,
}


def _mapped(slots: tuple[Slot, ...], change: Callable[[str], str]) -> tuple[Slot, ...]:
    """Change every alternative; two that become the same text are one, with both weights."""
    made = []
    for slot in slots:
        weights: dict[str, float] = {}
        for text, weight in slot:
            new = change(text)
            weights[new] = weights.get(new, 0.0) + weight
        made.append(tuple(weights.items()))
    return tuple(made)


def _aboard(slots: tuple[Slot, ...], language: str) -> tuple[Slot, ...]:
    """Put a pirate's shout before a reply."""
    shouts = {"ko": {"요호호!": 2, "어이, 선원!": 1}, "en": {"Arr!": 2, "Avast!": 1}}
    (shout,) = reply(shouts[language]).slots
    first = tuple((f" {text}", weight) for text, weight in slots[0])
    return (shout, first, *slots[1:])


def _hail_joined(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Make "Hello! I am …" one sentence, "Hello, I am …", lest it count as one with no content."""
    if len(slots) < 2 or not all(_HAIL.fullmatch(text) for text, _ in slots[0]):
        return slots
    return (tuple((text[:-1] + ",", weight) for text, weight in slots[0]), *slots[1:])


def _first_sentences(slots: tuple[Slot, ...], count: int) -> tuple[Slot, ...]:
    """Keep the first sentences, counted where all alternatives of a slot end as many."""
    kept: list[Slot] = []
    for slot in slots:
        ends = [_ends(text) for text, _ in slot]
        fewest = min(map(len, ends))
        if fewest >= count:
            cut = (
                (text[: found[count - 1]], w) for (text, w), found in zip(slot, ends, strict=True)
            )
            return (*kept, tuple(cut))
        kept.append(slot)
        count -= fewest
    return tuple(kept)


def _ends(text: str) -> list[int]:
    """Return where sentences end; what is quoted is part of the sentence around it."""
    masked = _QUOTED.sub(lambda found: "“" + "_" * (len(found[0]) - 2) + "”", text)
    return [found.end() for found in _SENTENCE_END.finditer(masked)]


def _as_bullets(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Begin a line with every sentence.

    No full stop ends a line: it would make one token with the line break behind it.
    """
    made, starts, first = [], True, True
    for slot in slots:
        starts = starts or all(text.startswith("\n") for text, _ in slot)
        lead = ("- " if first else "\n- ") if starts else ""
        made.append(tuple((_lines(text, lead), weight) for text, weight in slot))
        starts, first = all(_is_end(text) for text, _ in slot), False
    return tuple(made)


def _lines(text: str, lead: str) -> str:
    pieces, at = [], 0
    for end in _ends(text):
        pieces.append(text[at:end])
        at = end
    pieces.append(text[at:])
    lines = [_FULL_STOP.sub("", piece.strip()) for piece in pieces if piece.strip()]
    lines[-1:] = [line.removesuffix(".") for line in lines[-1:]]
    if not lead:  # it goes on with the line of the slot before it
        lines[0] = text[: len(text) - len(text.lstrip())] + lines[0]
    return (lead + "\n- ".join(lines)) if lines else text


def _is_end(text: str) -> bool:
    ends = _ends(text)
    return bool(ends) and ends[-1] == len(text.rstrip())
