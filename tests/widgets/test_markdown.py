"""What a model wrote is shown, and cannot act: a corpus of attacks, and random text."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.terminal import visible
from course_utils.widgets.markdown import plain, render

HOSTILE: list[str] = json.loads(
    (Path(__file__).parents[1] / "data" / "hostile_markdown.json").read_text("utf-8")
)
TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
    *("em", "strong", "s", "ul", "ol", "li", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


class Tags(HTMLParser):
    """Every tag and attribute that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.other: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def harmless(html: str) -> None:
    seen = Tags(html)
    assert set(seen.tags) <= TAGS
    assert seen.other == []
    for name, value in seen.attributes:
        assert name in ("href", "target", "rel")
        if name == "href":
            assert value is not None
            assert value.partition(":")[0].lower() in ("http", "https", "mailto")
    assert html == visible(html)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_harmless(text: str) -> None:
    harmless(render(text))
    harmless(plain(text))


def test_the_check_itself_sees_an_attack() -> None:
    for html in ("<img>", "<p style=x>", '<a href="javascript:x">', "<!-- x -->", "\x1b"):
        with pytest.raises(AssertionError):
            harmless(html)


pieces = st.lists(st.sampled_from([*HOSTILE, *"<>&\"'`[]()!|\\\n", "javascript:", "onload="]))


@given(st.one_of(st.text(), pieces.map("".join)))
def test_any_text_is_harmless(text: str) -> None:
    harmless(render(text))
    harmless(plain(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**굵게** *기울여*", "<p><strong>굵게</strong> <em>기울여</em></p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("```python\nprint('<b>')\n```", "<pre><code>print('&lt;b&gt;')\n</code></pre>"),
        ("```python\nhalf", "<pre><code>half</code></pre>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
    ],
)
def test_markdown_is_drawn_and_html_is_text(text: str, html: str) -> None:
    assert render(text).strip() == html


def test_an_image_is_a_link_that_nobody_follows_by_accident() -> None:
    html = render("![그림](https://example.org/a.png)")
    assert "<img" not in html
    assert '<a href="https://example.org/a.png" target="_blank"' in html
    assert "noopener noreferrer" in html


@pytest.mark.parametrize("address", ["/api/shutdown", "?reset", "//evil.invalid", "lab", "#x"])
def test_a_link_does_not_lead_into_the_reader_s_own_jupyter(address: str) -> None:
    assert "href" not in render(f"[x]({address})")


def test_nothing_of_a_very_long_text_is_lost() -> None:
    text = "*가* " * 20_000
    assert render(text) == f"<pre>{text}</pre>"
