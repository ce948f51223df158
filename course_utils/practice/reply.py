"""What the practice model answers, before it is sampled: texts in slots, and calls of tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Slot = tuple[tuple[str, float], ...]

Kept = Literal["nothing", "words", "all"]
"""What no style may change: nothing, the words (but bullets may be put before them), or all."""


@dataclass(frozen=True)
class Reply:
    """A text in slots; each slot offers alternatives with weights.

    Attributes:
        slots: for each slot its alternatives, as pairs of text and weight.
        kept: what a style leaves as it is, where the words are not the model's own.
    """

    slots: tuple[Slot, ...]
    kept: Kept = "nothing"


@dataclass(frozen=True)
class Call:
    """A tool that the practice model wants called.

    Attributes:
        name: the tool's name.
        arguments: what it is called with: JSON for a function, free text for a custom tool.
        kind: ``"function"`` or ``"custom"``.
    """

    name: str
    arguments: Reply
    kind: str = "function"


@dataclass(frozen=True)
class Answer:
    """What one choice says: a text, a refusal, or calls of tools."""

    text: Reply | None = None
    refusal: Reply | None = None
    calls: tuple[Call, ...] = ()


def reply(*slots: str | Mapping[str, float], kept: Kept = "nothing") -> Reply:
    """Make a reply from fixed texts and weighted alternatives.

    ``reply({"Hello": 3, "Hi": 1}, " there.")`` says "Hello there." three times out of four.

    Raises:
        ValueError: a slot with no alternative, or with a weight that is not positive.
    """
    made = []
    for slot in slots:
        alternatives = {slot: 1.0} if isinstance(slot, str) else slot
        if not alternatives or min(alternatives.values()) <= 0:
            raise ValueError(f"a slot needs alternatives with positive weights, not {slot!r}")
        made.append(tuple((text, float(weight)) for text, weight in alternatives.items()))
    return Reply(tuple(made), kept)
