"""Every path through a lattice is the encoding of its own text, drawn with the right weight."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.practice.lattice import END, State, start
from course_utils.practice.reply import Reply, reply
from course_utils.tokens import encoding_for

ENCODING = encoding_for("gpt-4o")
TEXTS = st.text(alphabet="ab .,!\n하늘A1", max_size=6)
SLOTS = st.lists(st.dictionaries(TEXTS, st.integers(1, 5), min_size=1, max_size=3), max_size=4)


def paths(state: State, share: float = 1.0) -> Iterator[tuple[list[int], float]]:
    """Yield every sequence of tokens with its probability."""
    for token, probability in state.options.items():
        if token == END:
            yield [], share * probability
            continue
        for rest, whole in paths(state.after(token), share * probability):
            yield [token, *rest], whole


def texts(answer: Reply) -> dict[str, float]:
    """Return the probability of every text that the slots can make."""
    found: dict[str, float] = {}
    for picked in product(*answer.slots):
        text, weight = "".join(part for part, _ in picked), 1.0
        for (_, each), slot in zip(picked, answer.slots, strict=True):
            weight *= each / sum(weight for _, weight in slot)
        found[text] = found.get(text, 0.0) + weight
    return found


@settings(deadline=None, max_examples=150)
@given(SLOTS.filter(bool))
def test_paths_are_encodings_and_keep_their_weights(slots: list[dict[str, float]]) -> None:
    answer = reply(*slots)
    found: dict[str, float] = {}
    for tokens, share in paths(start(answer, ENCODING)):
        text = ENCODING.decode(tokens)
        assert tokens == ENCODING.encode_ordinary(text)
        found[text] = found.get(text, 0.0) + share
    assert found == pytest.approx(texts(answer))


def test_a_slot_without_a_choice_is_a_mistake_of_the_topic() -> None:
    with pytest.raises(ValueError, match="needs alternatives"):
        reply({})
    with pytest.raises(ValueError, match="positive weights"):
        reply({"a": 0})
