"""Lesson 06 reads its numbers off the outputs above them."""

from __future__ import annotations

import re

import pytest
from nbformat import NotebookNode

from course_utils.language import LANGUAGES
from course_utils.notebooks import checkout, read

OLD, NEW = "cl100k_base", "o200k_base"
Cells = dict[str, str]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def prose(language: str) -> Cells:
    return {cell.id: cell.source for cell in _cells(language) if cell.cell_type == "markdown"}


@pytest.fixture
def printed(language: str) -> Cells:
    return {cell.id: _text(cell) for cell in _cells(language) if cell.cell_type == "code"}


def test_the_merges(prose: Cells, printed: Cells) -> None:
    size, *steps, last = printed["merges"].split("\n")
    said = _numbers(re.sub(r"`[^`]*`", "", prose["merges-read"]))
    assert said[:2] == [_numbers(size)[0], len(last.split("|"))]
    assert str(said[2]) + "." == steps[2].split()[0]  # the step that cuts a character
    quoted = set(re.findall(r"\\x\w\w", prose["merges-read"]))
    assert quoted
    assert all(byte in steps[2] for byte in quoted)
    assert "\\x" not in steps[4].partition("→")[0]  # and the fifth makes the word whole


def test_the_ids_and_bytes(prose: Cells, printed: Cells) -> None:
    lines = [line for line in printed["encode"].split("\n") if re.match(r"\d+ b['\"]", line)]
    assert _numbers(re.sub(r"`[^`]*`|16", "", prose["encode-read"])) == [len(lines)]
    assert re.findall(r"`(b'[^`]+)`", prose["encode-read"]) == [lines[0].split()[1]]


def test_the_boxes(prose: Cells, printed: Cells) -> None:
    new, old = (printed["boxes"][at:] for at in (0, printed["boxes"].index(OLD)))
    read_ = prose["boxes-read"]
    first_line = re.sub(r"`[^`]*`", "", read_.split("\n")[0])
    assert _numbers(first_line)[:2] == [_count(new), _count(old)]
    for token in re.findall(r"`([␣가-힣]+)`", read_):
        assert token in printed["boxes"] or token == "아버지"
    syllable = re.search(r"`가`[^\n]*?(\d+)[^\n]*?(\d+)", read_)
    assert syllable is not None
    assert re.search(rf" {syllable[1]} .* 가$", new, re.MULTILINE)
    assert re.search(rf" {syllable[2]} .* 가$", old, re.MULTILINE)
    split = re.sub(r"`[^`]*`", "", read_.rpartition("\n- ")[2])
    first, second = _numbers(split)[:2]
    halves = re.search(rf" {first}  20 ([\w ]+?) +┐\n.* {second}  (\w\w) +┘ ␣들", old)
    assert halves is not None
    assert f"{halves[1]} {halves[2]}" in read_


def test_the_encodings_of_the_models(prose: Cells, printed: Cells) -> None:
    known = dict(re.findall(rf"^(\S+) ({OLD}|{NEW})$", printed["models"], re.MULTILINE))
    assert [known[model] for model in ("gpt-3.5-turbo", "gpt-4", "gpt-4o", "gpt-4.1")] == [
        *(OLD, OLD),
        *(NEW, NEW),
    ]
    assert "Could not automatically map gpt-6-luna to a tokeniser" in printed["models"]
    name, count = printed["catalogue"].split()
    assert prose["languages-claim"].startswith(f"`{name}`")
    assert _numbers(prose["languages-claim"].replace(f"`{name}`", ""))[0] == int(count)


def test_the_two_languages(prose: Cells, printed: Cells) -> None:
    old_ko, old_en, new_ko, new_en = map(
        int, re.findall(r"[█▒] (\d+)$", printed["languages"], re.M)
    )
    times = [f"{old_ko / old_en:.1f}", f"{new_ko / new_en:.1f}"]
    assert old_en == new_en
    assert re.findall(r"\d+(?:\.\d)?", prose["languages-read"]) == [
        *map(str, (new_en, old_ko, new_ko)),
        *times,
    ]


def test_what_the_chat_format_adds(prose: Cells, printed: Cells) -> None:
    (texts,) = _numbers(printed["chat"].split("\n")[0])
    by_hand, helper, usage = _numbers("".join(printed["sum"].split("\n")[1:3]))
    assert by_hand == helper == usage == texts + 2 + 6 + 3  # roles, marks, place of the answer
    assert _numbers(prose["chat-read"])[0] == texts
    assert _numbers(prose["sum-read"]) == [usage, texts]


def test_the_special_token(prose: Cells, printed: Cells) -> None:
    (special,), (comment,) = map(_numbers, printed["ordinary"].split("\n")[:2])
    boxes = printed["ordinary"][printed["ordinary"].index(NEW) :]
    said = _numbers(prose["wrong-claim"].partition("**")[0])
    assert said == [comment, special, _count(boxes)]


def test_the_wrong_encoding(prose: Cells, printed: Cells) -> None:
    said = re.findall(r"\d+(?:\.\d+)?", prose["playground-claim"].partition("##")[0])
    wrong, right, times = re.findall(r"\d+(?:\.\d+)?", printed["wrong"])
    assert said == [right, wrong, times]


def _cells(language: str) -> list[NotebookNode]:
    return list(read(checkout() / "notebooks" / language / "06_tokens.ipynb").cells)


def _text(cell: NotebookNode) -> str:
    shown = (
        out.get("text") or out.get("data", {}).get("text/plain") or out.get("evalue", "")
        for out in cell.outputs
    )
    return "\n".join(text.rstrip("\n") for text in shown)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"(?<![\w.-])\d+", text)]


def _count(boxes: str) -> int:
    """The number of tokens in the title of ``show.tokens``."""
    found = re.search(r"· (?:토큰|tokens:) (\d+)", boxes)
    assert found is not None
    return int(found[1])
