"""What a topic answers: slots of weighted alternatives, to be sampled token by token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Slot = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Reply:
    """A text in slots; each slot offers alternatives with weights.

    Attributes:
        slots: for each slot its alternatives, as pairs of text and weight.
    """

    slots: tuple[Slot, ...]


def reply(*slots: str | Mapping[str, float]) -> Reply:
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
    return Reply(tuple(made))
