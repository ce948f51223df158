"""Lesson 05 says what its own cells and outputs say."""

from __future__ import annotations

import re

import pytest
from nbformat import NotebookNode

from course_utils.language import LANGUAGES
from course_utils.notebooks import checkout, read

Cells = dict[str, NotebookNode]


@pytest.fixture(params=LANGUAGES)
def cells(request: pytest.FixtureRequest) -> Cells:
    path = checkout() / "notebooks" / request.param / "05_chat_widget.ipynb"
    return {cell.id: cell for cell in read(path).cells}


def printed(cell: NotebookNode) -> str:
    return "".join(out.get("text", "") for out in cell.outputs)


def test_the_hand_made_chat_is_as_short_as_it_is_said_to_be(cells: Cells) -> None:
    assert re.search(r"스무 줄|20 lines", cells["hand-claim"].source)
    assert len(cells["hand"].source.splitlines()) == 20


def test_escape_is_explained_where_the_lesson_says(cells: Cells) -> None:
    (section,) = re.findall(r"(\d)절|section (\d)", cells["hand-claim"].source)
    assert cells["wrote-claim"].source.count(f"## {''.join(section)}. ") == 1
    assert "escape" in cells["wrote-claim"].source


def test_only_the_text_as_it_is_gives_a_picture(cells: Cells) -> None:
    raw, escaped, rendered, *_ = re.split(r"\n(?=\S)", printed(cells["clean"]))
    assert "→ img" in raw
    assert "onerror" in raw
    assert "→" not in escaped
    assert "→ strong" in rendered
    assert "→ a " in rendered
    assert "→ img" not in rendered


def test_the_tokens_of_the_chat_add_up_with_the_answer_thrown_away(cells: Cells) -> None:
    sent, received, chat = re.findall(r"(\d+)(?= \+|토큰| tokens)", printed(cells["inside"]))
    turn = int(sent) + int(received)
    prose = cells["stop-claim"].source
    assert f"`{sent} + {received}`" in prose
    assert f"{int(chat) - 2 * turn} + {turn} + {turn} = {chat}" in prose


def test_the_status_of_the_stopped_answer_is_the_one_explained(cells: Cells) -> None:
    status = printed(cells["stop"]).split()[0]
    assert f"`{status}`" in cells["wrote-claim"].source
    assert printed(cells["stop"]).splitlines()[0].endswith("False")


def test_no_widget_is_stored_only_its_text(cells: Cells) -> None:
    (shown,) = cells["hand"].outputs
    assert list(shown.data) == ["text/plain"]
