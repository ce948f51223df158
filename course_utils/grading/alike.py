"""Submissions that are nearly the same, for a person to judge.

What is compared is the sequence of Python's tokens with every name of the student's own written as
one and the same, so that renaming hides nothing; comments and layout do not count. Pieces that many
have are left out: short tasks have few good answers, and nobody copied those.
"""

from __future__ import annotations

import builtins
import hashlib
import io
import keyword
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_PIECE = 12  # tokens that are compared at a time
_LEAST = 15  # pieces of its own that a submission must have to be compared
_COMMON = 0.15  # of the class: what more have than this is common
_FEW = 5  # in a small class
_ALIKE = 0.8
_LONGEST = 50_000
_SKIPPED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.ENDMARKER}
_KEPT = {*dir(builtins), *keyword.kwlist, "client", "model", "messages", "role", "content"}


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike.

    Attributes:
        one: a name.
        other: another.
        share: of the pieces of both that are not common, those that both have.
        same: whether the texts are equal, comments and all.
    """

    one: str
    other: str
    share: float
    same: bool


def alike(texts: Mapping[str, str]) -> list[Pair]:
    """Find the pairs among many texts of Python that are alike, the likest first.

    Args:
        texts: what each wrote, by name; what the release gave must not be in it.
    """
    pieces = {name: _pieces(text) for name, text in texts.items()}
    owners: dict[int, list[str]] = defaultdict(list)
    for name in sorted(pieces):
        for piece in pieces[name]:
            owners[piece].append(name)
    most = max(_FEW, int(_COMMON * len(texts)))
    own: Counter[str] = Counter()
    shared: Counter[tuple[str, str]] = Counter()
    for names in owners.values():
        if len(names) <= most:
            own.update(names)
            shared.update((a, b) for at, a in enumerate(names) for b in names[at + 1 :])
    found = []
    for (one, other), count in shared.items():
        share = count / (own[one] + own[other] - count)
        if min(own[one], own[other]) >= _LEAST and share >= _ALIKE:
            found.append(Pair(one, other, share, texts[one].strip() == texts[other].strip()))
    return sorted(found, key=lambda pair: (-pair.share, not pair.same, pair.one, pair.other))


def _pieces(text: str) -> set[int]:
    tokens = list(_tokens(text[:_LONGEST]))
    made = ("\x00".join(tokens[at : at + _PIECE]) for at in range(len(tokens) - _PIECE + 1))
    digests = (hashlib.blake2b(each.encode(), digest_size=8).digest() for each in made)
    return {int.from_bytes(each, "big") for each in digests}


def _tokens(text: str) -> Iterable[str]:
    """The tokens as far as they can be read: an answer need not be right Python."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in _SKIPPED:
                continue
            if token.type == tokenize.INDENT:
                yield "→"
            elif token.type == tokenize.NAME and token.string not in _KEPT:
                yield "name"
            else:
                yield token.string
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError):
        return
