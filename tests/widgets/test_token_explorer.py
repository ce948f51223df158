"""The token explorer, driven from code and by its text box."""

from __future__ import annotations

import pytest

from course_utils.catalog import DEFAULT_MODEL
from course_utils.cost import estimate
from course_utils.errors import UnknownModelError
from course_utils.widgets import TokenExplorer

SENTENCE = "아버지가 방에 들어가신다"


def test_counts_of_two_encodings_and_their_price() -> None:
    old, new = TokenExplorer(SENTENCE).counts
    assert (old.encoding, old.tokens) == ("cl100k_base", 12)
    assert (new.encoding, new.tokens) == ("o200k_base", 9)
    assert (new.characters, new.bytes) == (13, 35)
    assert new.cost == estimate(9, 0, model=DEFAULT_MODEL)


def test_a_split_syllable_is_shown_as_bytes() -> None:
    explorer = TokenExplorer(" 들", models=["gpt-4"])
    assert [piece.text for piece in explorer.pieces("gpt-4")] == [None, None]
    explorer.text = SENTENCE
    assert "20 EB 93" in str(explorer)


def test_typing_shows_the_tokens_of_the_new_text() -> None:
    explorer = TokenExplorer()
    assert explorer.widget is explorer.widget
    explorer._box.value = "뷁 <script>"
    assert explorer.text == "뷁 <script>"
    assert "<script" not in explorer._shown.value
    assert "EB B7" in explorer._shown.value
    explorer.text = "안녕"
    assert explorer._box.value == "안녕"
    explorer.close()


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(UnknownModelError):
        TokenExplorer("x", models=["nobody-knows"])
