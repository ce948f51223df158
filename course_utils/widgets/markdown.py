"""Text that a model or a user wrote, made into HTML that cannot act.

Two fences, each of which would be enough: markdown-it-py is told that HTML in the text is text, and
what it makes goes through nh3, which keeps the few tags below and no attribute but a link's
address. An image would be fetched from wherever the text says, and tell that place who reads it:
it becomes a link, which nobody follows by accident.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING

import nh3

from course_utils.terminal import visible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["plain", "render"]

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
    *("em", "strong", "s", "ul", "ol", "li", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_SCHEMES = ("http", "https", "mailto")
_LONGEST = 50_000  # characters: a longer text is shown without its Markdown


def render(text: str) -> str:
    """Give the HTML of a Markdown text: no scripts, handlers, styles, images or hidden characters.

    Links may lead to http, https and mailto, and open in a new tab. A text of more than 50,000
    characters is given as it is, without its Markdown.
    """
    text = _seen(text)
    if len(text) > _LONGEST:
        return plain(text)
    return nh3.clean(
        _parser().render(text),
        tags=_TAGS,
        attributes={"*": set(), "a": {"href", "target"}},
        attribute_filter=_only_elsewhere,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )


def plain(text: str) -> str:
    """Give the HTML of a text that is not Markdown (JSON, an error): all of it, line for line."""
    return f"<pre>{escape(_seen(text))}</pre>"


def _only_elsewhere(_tag: str, name: str, value: str) -> str | None:
    """No address without a scheme: it would lead into the reader's own Jupyter."""
    leads_out = value.partition(":")[0].lower() in _SCHEMES
    return value if name != "href" or leads_out else None


def _seen(text: str) -> str:
    return visible(text.replace("\r\n", "\n").replace("\r", "\n"))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    return parser.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
