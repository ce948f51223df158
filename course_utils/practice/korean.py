"""Korean particles that depend on the word before them."""

from __future__ import annotations


def has_final(word: str) -> bool:
    """Whether ``word`` ends in a Hangul syllable with a final consonant (받침)."""
    last = word[-1:]
    return "가" <= last <= "힣" and (ord(last) - ord("가")) % 28 != 0


def josa(word: str, with_final: str, without: str) -> str:
    """Return ``word`` with the particle that fits: ``josa("하늘", "이", "가")`` is "하늘이"."""
    return word + (with_final if has_final(word) else without)
