"""``show.tokens``: tokens as boxes and as a table, for any text at all."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import set_language, show
from course_utils.errors import LessonError, UnknownModelError
from course_utils.token_boxes import _FRAME, _INK, _PAPERS, _WHITE
from course_utils.tokens import count_tokens, get_encoding, pieces

SENTENCE = "아버지가 방에 들어가신다"
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> &lt;b&gt; \" ' $x$ \\(y\\) "
    "\x1b[31m\x00\x07\u202eabc\u2066 \u200d\ufe0f\ufffd <|endoftext|>\n\r\t끝 👩‍💻 뷁 שלום e\u0301"
)
TEXTS = st.text(st.characters(exclude_categories=[]) | st.sampled_from("가뷁힣 \n<&>'\"$👩\u200d"))


class Page(HTMLParser):
    """What a browser makes of it: the elements with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.text += "\n" if tag in ("br", "div", "span") else ""

    def handle_endtag(self, tag: str) -> None:
        self.text += "\n" if tag in ("div", "span") else ""

    def handle_data(self, data: str) -> None:
        self.text += data


def html(boxes: Any) -> str:
    return str(boxes._repr_mimebundle_()["text/html"])


def rows(boxes: Any) -> list[tuple[str, str]]:
    """Id and bytes of every row of the table."""
    return re.findall(r"^ *\d+ +(\d+)  ((?:[0-9A-F]{2} ?)+)", str(boxes), re.MULTILINE)


def facts(text: str, encoding: str) -> list[tuple[int, bytes]]:
    return [(piece.id, piece.bytes) for piece in pieces(text, encoding=encoding)]


# ---------------------------------------------------------------- what is said


def test_the_sentence_as_a_table() -> None:
    assert str(show.tokens(SENTENCE, encoding="cl100k_base")).splitlines() == [
        "cl100k_base · tokens: 12 · characters: 13 · bytes: 35",
        " #     id  bytes        text",
        " 1  54059  EC 95 84     아",
        " 2  80104  EB B2 84     버",
        " 3  22035  EC A7 80     지",
        " 4  20565  EA B0 80     가",
        " 5  75908  20 EB B0 A9  ␣방",
        " 6  19954  EC 97 90     에",
        " 7  56938  20 EB 93     ┐",
        " 8     97  A4           ┘ ␣들",
        " 9  32179  EC 96 B4     어",
        "10  20565  EA B0 80     가",
        "11  83628  EC 8B A0     신",
        "12  13447  EB 8B A4     다",
        "┐┘ joins tokens that are cut inside a character: only together are they text.",
    ]


def test_the_table_in_korean() -> None:
    set_language("ko")
    try:
        lines = str(show.tokens(" 들", encoding="cl100k_base")).splitlines()
    finally:
        set_language(None)
    assert lines[0].startswith("cl100k_base · 토큰 ")
    assert "바이트" in lines[1]
    assert lines[-1].startswith("┐┘")


@pytest.mark.parametrize("text", [SENTENCE, HOSTILE, "a", ""])
@pytest.mark.parametrize("encoding", ["cl100k_base", "o200k_base"])
def test_boxes_and_table_hold_the_same_facts(text: str, encoding: str) -> None:
    boxes = show.tokens(text, encoding=encoding)
    expected = facts(text, encoding)
    assert [(int(number), bytes.fromhex(data)) for number, data in rows(boxes)] == expected
    shown = re.findall(r"^(\d+)\n((?:[0-9A-F]{2} ?)+)$", Page(html(boxes)).text, re.MULTILINE)
    assert [(int(number), bytes.fromhex(data)) for number, data in shown] == expected


@given(TEXTS)
def test_any_text_is_shown_whole_and_harmless(text: str) -> None:
    boxes = show.tokens(text, encoding="o200k_base")
    page = Page(html(boxes))
    assert {tag for tag, _attributes in page.elements} <= {"div", "span", "bdi", "code", "br"}
    assert {name for _tag, names in page.elements for name in names} <= {"style"}
    for shown in (str(boxes), html(boxes), page.text):
        assert (
            re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufffd]", shown)
            is None
        )
        shown.encode("utf-8")
    joined = b"".join(bytes.fromhex(data) for _id, data in rows(boxes))
    assert joined == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def test_hostile_text_is_only_text() -> None:
    boxes = show.tokens(HOSTILE, encoding="o200k_base")
    page = html(boxes)
    assert "<script" not in page
    assert "<img" not in page
    texts = re.findall(r"<code[^>]*>([^<]*)</code>", page)
    assert "".join(texts).count("$") == HOSTILE.count("$")
    outside = re.sub(r"<code[^>]*>[^<]*</code>", "", page)
    assert "$" not in outside  # what is in <code> is no formula for MathJax
    assert "\\(" not in outside


def test_a_special_token_is_the_text_that_it_is() -> None:
    boxes = show.tokens("<|endoftext|>", encoding="o200k_base")
    assert len(rows(boxes)) == count_tokens("<|endoftext|>", encoding="o200k_base") > 1
    assert "199999" not in str(boxes)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\n", r"\n"),
        ("\t", r"\t"),
        (" a", "␣a"),
        ("\u200d", r"\u200d"),
        ("\ufffd", r"\ufffd"),
        (chr(0xD800), r"\ufffd"),  # what tiktoken takes half a character for
        ("\U000e0041", r"\U000e0041"),
        ("\u0301", r"\u0301"),
        ("é", "é"),
    ],
)
def test_what_cannot_be_seen_is_written_as_an_escape(text: str, shown: str) -> None:
    boxes = show.tokens(text, encoding="cl100k_base")
    assert shown in str(boxes).splitlines()[-2 if "┘" in str(boxes) else -1]
    assert f">{shown}</code>" in html(boxes)


# ---------------------------------------------------------------- split characters


@pytest.mark.parametrize(("text", "parts"), [("뷁", 3), ("👩", 3), (" 들", 2)])
def test_a_split_character_is_its_bytes_joined(text: str, parts: int) -> None:
    boxes = show.tokens(text, encoding="cl100k_base")
    assert [len(unit.tokens) for unit in boxes.units] == [parts]
    signs = "".join(line[-1:] for line in str(boxes).splitlines()[2:-2])
    assert signs == "┐" + "┤" * (parts - 2)
    frame = html(boxes).split("<div>")[2]
    assert frame.count("dashed") == 1
    assert frame.count(" + ") == parts - 1


def test_a_whole_character_is_in_no_dashed_frame() -> None:
    boxes = show.tokens("아버지", encoding="cl100k_base")
    assert "dashed" not in html(boxes)
    assert "┐" not in str(boxes)


# ---------------------------------------------------------------- legible


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_ink_and_paper_are_both_set_and_far_apart() -> None:
    for tag, attributes in Page(html(show.tokens("아 뷁", encoding="cl100k_base"))).elements:
        style = attributes.get("style") or ""
        if tag in ("span", "code"):  # not "inherit", which JupyterLab cuts out, nor a theme's own
            paper = re.findall(r"background-color:(#\w{6})", style)
            ink = re.findall(r"(?:^|;)color:(#\w{6})", style)
            assert _contrast(paper[0], ink[0]) >= 7  # WCAG 2.2, 1.4.6 (AAA)


def test_a_frame_is_seen_on_light_and_on_dark_pages() -> None:
    for page in (_WHITE, "#111111", "#1e1e1e", "#383838"):  # JupyterLab's, VS Code's, Colab's
        assert max(_contrast(_FRAME, page), _contrast(_PAPERS[0], page)) >= 3  # WCAG 2.2, 1.4.11
    assert _contrast(_INK, _WHITE) >= 7


def test_boxes_beside_each_other_differ_in_colour_too() -> None:
    page = html(show.tokens("아버지가 방에 들어가신다 뷁뷁", encoding="cl100k_base"))
    papers = re.findall(rf"background-color:({'|'.join(_PAPERS)})\">\d", page)
    assert len(papers) == len(
        rows(show.tokens("아버지가 방에 들어가신다 뷁뷁", encoding="cl100k_base"))
    )
    assert all(one != other for one, other in pairwise(papers))


# ---------------------------------------------------------------- which encoding, how much, errors


def test_the_encoding_is_a_models_or_given() -> None:
    assert str(show.tokens(SENTENCE, model="gpt-4")).startswith("cl100k_base ")
    assert str(show.tokens(SENTENCE)).startswith("o200k_base ")
    object_ = get_encoding("cl100k_base")
    assert str(show.tokens(SENTENCE, encoding=object_)).startswith("cl100k_base ")


def test_a_long_text_ends_with_how_much_is_left_out() -> None:
    boxes = show.tokens("가나 다" * 1000, encoding="o200k_base")
    total = count_tokens("가나 다" * 1000, encoding="o200k_base")
    shown = len(rows(boxes))
    assert 500 <= shown < 510
    assert str(boxes).splitlines()[0].startswith(f"o200k_base · tokens: {total} ")
    for text in (str(boxes), html(boxes)):
        assert f"… and {total - shown} more tokens" in text


def test_a_long_text_is_not_cut_inside_a_character() -> None:
    boxes = show.tokens("뷁" * 200, encoding="cl100k_base")
    assert all(unit.text == "뷁" for unit in boxes.units)


def test_what_is_no_text_is_refused() -> None:
    not_text: Any = ["아버지"]
    with pytest.raises(LessonError, match=r"show\.tokens\(\) takes a text, not a list"):
        show.tokens(not_text)
    with pytest.raises(UnknownModelError):
        show.tokens("아버지", model="no-such-model")
    with pytest.raises(ValueError, match="no_such_base"):
        show.tokens("아버지", encoding="no_such_base")
