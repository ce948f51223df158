"""A text as the tokens of several models, while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

from course_utils import catalog, cost, show, tokens
from course_utils.errors import UnknownPriceError
from course_utils.language import gettext as _
from course_utils.terminal import visible
from course_utils.widgets.shown import Shown

if TYPE_CHECKING:
    from tiktoken import Encoding

__all__ = ["Count", "TokenExplorer"]


@dataclass(frozen=True)
class Count:
    """What a text is to one model: tokens, and dollars as input of one call (None: no price)."""

    model: str
    encoding: str
    tokens: int
    characters: int
    bytes: int
    cost: Decimal | None


class TokenExplorer(Shown):
    """Type a text and see its tokens: pieces, ids, bytes, counts and price, for several models.

    Set ``text`` from code for the same. ``models`` None compares gpt-3.5-turbo with the course's
    default model, one of each encoding. Raises UnknownModelError for a model that nobody knows.
    """

    def __init__(self, text: str = "", *, models: Sequence[str] | None = None) -> None:
        super().__init__()
        names = models or ("gpt-3.5-turbo", catalog.DEFAULT_MODEL)
        self._encodings = {name: _encoding(name) for name in names}
        self._text = text

    @property
    def text(self) -> str:
        """The text; setting it shows its tokens."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        self._text = text
        if self._widget is not None:
            self._box.value = text
            self._shown.value = self._html()

    @property
    def counts(self) -> list[Count]:
        """One :class:`Count` for each model."""
        return [self._count(model) for model in self._encodings]

    def pieces(self, model: str) -> list[tokens.Piece]:
        """The tokens for one of the models."""
        return tokens.pieces(self._text, encoding=self._encodings[model])

    def __repr__(self) -> str:
        parts = []
        for count in self.counts:
            boxes = show.tokens(self._text, encoding=self._encodings[count.model])
            parts.append(f"{_line(count)}\n{boxes!r}")
        return visible("\n\n".join(parts))

    def _count(self, model: str) -> Count:
        encoding = self._encodings[model]
        counted = tokens.count_tokens(self._text, encoding=encoding)
        size = (len(self._text), len(self._text.encode("utf-8", "replace")))
        return Count(model, encoding.name, counted, *size, _price(model, counted))

    def _html(self) -> str:
        parts = []
        for count in self.counts:
            boxes = show.tokens(self._text, encoding=self._encodings[count.model])
            html = boxes._repr_mimebundle_()["text/html"]
            parts.append(f"<h4>{escape(_line(count))}</h4>{html}")
        return "".join(parts)

    def _make_widget(self) -> Any:
        import ipywidgets

        from course_utils.widgets.parts import labelled, root

        self._box = labelled(ipywidgets.Textarea, _("Text"), hidden=True, rows=3)
        self._box.placeholder = _("Type a text, and see its tokens.")
        self._box.add_class("cu-text")
        self._box.value = self._text
        self._shown = ipywidgets.HTML(self._html())
        self._box.observe(lambda change: setattr(self, "text", change["new"]), "value")
        return root(self._box, self._shown)


def _encoding(model: str) -> Encoding:
    # The catalogue first: tiktoken would warn about a model that is newer than itself.
    known = catalog.find(model)
    return tokens.get_encoding(known.encoding) if known else tokens.encoding_for(model)


def _price(model: str, counted: int) -> Decimal | None:
    try:
        return cost.estimate(counted, 0, model=model)
    except UnknownPriceError:
        return None


def _line(count: Count) -> str:
    price = _("no list price") if count.cost is None else cost.dollars(count.cost)
    return _("{model}: {tokens} tokens as input, {price}").format(
        model=count.model, tokens=count.tokens, price=price
    )
