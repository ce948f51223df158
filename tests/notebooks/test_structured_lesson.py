"""Lesson 08 says of its outputs what they hold: shapes, counts, calls, pieces and errors."""

from __future__ import annotations

import json
import re

import pytest
from nbformat import NotebookNode

from course_utils.language import LANGUAGES
from course_utils.notebooks import checkout, read

Cells = dict[str, NotebookNode]


@pytest.fixture(params=LANGUAGES)
def cells(request: pytest.FixtureRequest) -> Cells:
    path = checkout() / "notebooks" / request.param / "08_structured_output.ipynb"
    return {cell.id: cell for cell in read(path).cells}


def printed(cells: Cells, name: str) -> list[str]:
    text = "".join(out.get("text", "") + out.get("evalue", "") for out in cells[name].outputs)
    return text.splitlines()


def test_json_mode_gave_three_shapes(cells: Cells) -> None:
    replies = [json.loads(line) for line in printed(cells, "json-mode")]
    assert len(replies) == int(*re.findall(r"`n=(\d)`", cells["json-claim"].source))
    assert len({tuple(reply) for reply in replies}) == len(replies)
    # Where the prose saw the name: under each of these keys, and in one reply not at all.
    keys = [
        next((k for k, v in reply.items() if v in ("지우", "Jiwoo")), None) for reply in replies
    ]
    assert None in keys
    assert all(f"`{key}`" in cells["json-read"].source for key in keys if key)


def test_the_schema_s_keys_and_the_object_came_as_the_prose_says(cells: Cells) -> None:
    made = json.loads(printed(cells, "schema")[0])
    assert list(made) == ["name", "place"]
    assert f"`{made['place']}`" in cells["class-claim"].source
    (first, total, second, *_) = printed(cells, "class")
    for quoted in re.findall(r"`(\w+=\w+)`", cells["class-read"].source):
        assert quoted in first + second
    assert sum(map(int, re.findall(r"count=(\d+)", first))) == int(*re.findall(r"\d+", total))


def test_a_refusal_has_no_object_and_a_cut_reply_is_no_json(cells: Cells) -> None:
    refused, cut, *_ = printed(cells, "no-object")
    assert refused.startswith("None / ")
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut.partition(": ")[2])


def test_the_calls_by_hand_in_pieces_and_by_the_helper_are_the_same(cells: Cells) -> None:
    finish, *lines = printed(cells, "ask")
    assert finish == "tool_calls / None"
    asked = [json.loads(line.partition(" ")[2]) for line in lines if "{" in line]
    assert len(asked) == 2  # "two", say answer-claim and unanswered-claim
    pieces = [re.fullmatch(r"(\d) (\w+) '(.*)'", line) for line in printed(cells, "stream")]
    joined: dict[str, str] = {}
    for piece in pieces:
        assert piece is not None
        assert (piece[2] == "None") == (piece[1] in joined)  # the name: in the first piece only
        joined[piece[1]] = piece[3]
    assert [json.loads(text) for text in joined.values()] == asked
    helper = printed(cells, "helper")
    assert helper == [f"check_stock CheckStock(menu={one['menu']!r})" for one in asked]


def test_eval_ran_the_text_and_the_check_did_not(cells: Cells) -> None:
    ran, kept, unknown, no_json = printed(cells, "outside")
    assert f"“{ran}”" in cells["stream-claim"].source
    assert kept.startswith("CheckStock(menu=")
    assert unknown.startswith("Input should be ")
    assert no_json.startswith("Invalid JSON: ")


@pytest.mark.parametrize(
    ("failed", "read_in"),
    [("json-word", "json-word-read"), ("unanswered", "unanswered-read")],
)
def test_the_errors_are_quoted_as_they_came(cells: Cells, failed: str, read_in: str) -> None:
    error = printed(cells, failed)[-1]
    assert "400" in error
    quoted = re.findall(r"^(?:- |It says )?`(.+?)`", cells[read_in].source, re.MULTILINE)
    assert quoted
    assert all(each in error for each in quoted)


def test_only_a_required_tool_is_called_for_a_greeting(cells: Cells) -> None:
    replies = dict(line.split(" → ", 1) for line in printed(cells, "playground"))
    assert list(replies) == ["auto", "none", "required"]
    assert ["Function(" in reply for reply in replies.values()] == [False, False, True]
