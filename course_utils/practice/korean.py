"""Korean syllables, and the particles that depend on the word before them."""

from __future__ import annotations

_FIRST, _TAILS, _VOWELS = ord("가"), 28, 21
# Read aloud, these digits end in a consonant: 영 일 삼 육 칠 팔 (and 십, 백, 천, 만).
_CLOSED_DIGITS = "013678"


def has_final(word: str) -> bool:
    """Whether ``word``, read aloud in Korean, ends in a final consonant (받침)."""
    last = word[-1:]
    return (is_syllable(last) and tail(last) != 0) or (last != "" and last in _CLOSED_DIGITS)


def josa(word: str, with_final: str, without: str) -> str:
    """Return ``word`` with the particle that fits: ``josa("하늘", "이", "가")`` is "하늘이"."""
    return word + (with_final if has_final(word) else without)


def is_syllable(text: str) -> bool:
    """Whether ``text`` is one whole Hangul syllable."""
    return len(text) == 1 and "가" <= text <= "힣"


def vowel(syllable: str) -> str:
    """Return a syllable's vowel as a letter: ``vowel("해")`` is "ㅐ"."""
    return chr(ord("ㅏ") + (ord(syllable) - _FIRST) // _TAILS % _VOWELS)


def tail(syllable: str) -> int:
    """Return the place of a syllable's final consonant: 0 for none, ㄹ is 8, ㅂ 17, ㅆ 20."""
    return (ord(syllable) - _FIRST) % _TAILS


def with_tail(word: str, place: int) -> str:
    """Return ``word`` with the final consonant of its last syllable replaced."""
    return word[:-1] + chr(ord(word[-1]) - tail(word[-1]) + place)


def with_vowel(word: str, letter: str) -> str:
    """Return ``word`` with the vowel of its last syllable replaced."""
    moved = (ord(letter) - ord(vowel(word[-1]))) * _TAILS
    return word[:-1] + chr(ord(word[-1]) + moved)
