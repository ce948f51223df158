"""Text on its way to a terminal or a notebook's output: made harmless, and measured."""

from __future__ import annotations

import unicodedata


def visible(text: str) -> str:
    """``text`` with what would act when printed written as ``\\uXXXX``, as JSON writes it too.

    That is control characters (but for newline and tab), lone surrogates, which cannot be printed
    at all, line separators, and what turns the direction of writing. A joined emoji stays whole.
    """
    return "".join(f"\\u{ord(c):04x}" if _acts(c) else c for c in text)


def columns(text: str) -> int:
    """How many columns ``text`` takes: a Hangul syllable takes two (Unicode Annex 11)."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _acts(character: str) -> bool:
    if character in "\n\t":
        return False
    return (
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or "\u202a" <= character <= "\u202e"
        or "\u2066" <= character <= "\u2069"
    )
