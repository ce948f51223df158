"""What a page that a student made holds, as a browser would take it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class Page(HTMLParser):
    """The text and the tags of an HTML page; what is no text is an empty page.

    Attributes:
        text: all that can be read; ``&lt;`` is ``<`` again.
        tags: the tags that begin, in order, each with the names of its attributes: ``"<a href>"``.
    """

    def __init__(self, page: Any) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.feed(page if isinstance(page, str) else "")
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag; called by the parser."""
        self.tags.append(f"<{' '.join([tag, *(name for name, _value in attrs)])}>")

    def handle_data(self, data: str) -> None:
        """Take a text; called by the parser."""
        self.text += data
