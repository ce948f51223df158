"""What a browser would make of HTML, without a browser and without anything that acts."""

from __future__ import annotations

from html.parser import HTMLParser


class Page(HTMLParser):
    """A piece of HTML, read.

    Args:
        html: the HTML.

    Attributes:
        tags: the tags and comments in it, but for ``<br>``, such as ``"<img>"`` and ``"</b>"``.
        attributes: the names of all attributes, such as ``"onclick"``.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self._text = ""
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """All that is seen, as one text."""
        return self._text

    @property
    def lines(self) -> list[str]:
        """The lines that are seen; only ``<br>`` ends one."""
        return [line.strip() for line in self._text.split("\n") if line.strip()]

    def handle_data(self, data: str) -> None:
        """Take text, its character references read."""
        self._text += data.replace("\n", " ")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag that opens something."""
        self.attributes += [name for name, _value in attrs]
        if tag == "br":
            self._text += "\n"
        else:
            self.tags.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        """Take a tag that closes something."""
        if tag != "br":
            self.tags.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        """Take a comment, which nobody sees."""
        self.tags.append("<!-- -->")
