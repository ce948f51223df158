"""A reply's slots as a weighted automaton over tokens.

Each slot's alternatives form a trie of tokens; the end of one slot's trie is the start of the
next. Walking the lattice gives, at each step, the exact probability of every next token, and every
path is the encoding of its own text: slots whose border a token would straddle are merged first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import product

import tiktoken

from course_utils.practice.reply import Reply, Slot

END = -1
"""Stands for "the reply ends here" among the next tokens; no encoding has a negative token."""

# Slots that cannot be kept apart multiply; past this many texts only the likeliest stay.
_MOST_MERGED = 256


@dataclass(frozen=True)
class Step:
    """One sampled token.

    Attributes:
        token: its id.
        data: its bytes, which need not be whole characters.
        logprob: the natural logarithm of the probability with which it was drawn.
        top: the bytes and log probabilities of all tokens that could be drawn, likeliest first.
    """

    token: int
    data: bytes
    logprob: float
    top: tuple[tuple[bytes, float], ...]

    @cached_property
    def piece(self) -> Piece | None:
        """The token as a piece of its own; None when its bytes are not whole characters."""
        try:
            return Piece(self.data.decode("utf-8"), (self,))
        except UnicodeDecodeError:
            return None


@dataclass(frozen=True)
class Piece:
    """A piece of text as one chunk carries it, with the tokens it took to make whole characters."""

    text: str
    steps: tuple[Step, ...]


@dataclass(eq=False)
class _Node:
    """A place in a slot's trie; ``after`` is the root of the next slot, None in the last one."""

    after: _Node | None
    mass: float = 0.0
    end: float = 0.0
    children: dict[int, _Node] = field(default_factory=dict)
    state: State | None = None


class State:
    """Where a walk through a lattice stands; what follows from it is worked out once and kept."""

    def __init__(self, places: tuple[tuple[_Node, float], ...], encoding: tiktoken.Encoding):
        self._places = places
        self._encoding = encoding
        self._after: dict[int, State] = {}

    @cached_property
    def options(self) -> dict[int, float]:
        """The probability of each next token, likeliest first, :data:`END` among them."""
        found: dict[int, float] = {}
        for token, share, _ in self._moves:
            found[token] = found.get(token, 0.0) + share
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def after(self, token: int) -> State:
        """Return the state after ``token``."""
        if token not in self._after:
            self._after[token] = self._follow(token)
        return self._after[token]

    @cached_property
    def run(self) -> tuple[tuple[Step, ...], State]:
        """The steps that come before there is a choice again, and the state in which there is."""
        steps: list[Step] = []
        state = self
        while len(state.options) == 1 and END not in state.options:
            (token,) = state.options
            steps.append(state.steps[token])
            state = state.after(token)
        return tuple(steps), state

    @cached_property
    def steps(self) -> dict[int, Step]:
        """The step that each token is when nothing reshapes the probabilities."""
        return self.steps_of(self.options)

    def steps_of(self, shares: dict[int, float]) -> dict[int, Step]:
        """Return the step that each token is under reshaped probabilities, likeliest first."""
        data = self._encoding.decode_single_token_bytes
        found = [(token, data(token), math.log(p)) for token, p in shares.items() if token != END]
        top = tuple((data, logprob) for _, data, logprob in found)
        return {token: Step(token, data, logprob, top) for token, data, logprob in found}

    @cached_property
    def _moves(self) -> list[tuple[int, float, _Node | None]]:
        moves: list[tuple[int, float, _Node | None]] = []
        pending = list(self._places)
        while pending:
            node, share = pending.pop()
            for token, child in node.children.items():
                moves.append((token, share * child.mass / node.mass, child))
            if node.end and node.after is None:
                moves.append((END, share * node.end / node.mass, None))
            elif node.end and node.after is not None:
                pending.append((node.after, share * node.end / node.mass))
        return moves

    def _follow(self, token: int) -> State:
        shares: dict[_Node, float] = {}
        for move, share, node in self._moves:
            if move == token and node is not None:
                shares[node] = shares.get(node, 0.0) + share
        if len(shares) > 1:
            total = sum(shares.values())
            places = tuple((node, share / total) for node, share in shares.items())
            return State(places, self._encoding)
        (node,) = shares
        # One state a place, however it was reached: else the walks would make a tree of states.
        if node.state is None:
            node.state = State(((node, 1.0),), self._encoding)
        return node.state


@lru_cache(maxsize=512)
def start(reply: Reply, encoding: tiktoken.Encoding) -> State:
    """Return the state in which ``reply`` begins, its texts encoded with ``encoding``."""
    root = _Node(None, mass=1.0, end=1.0)
    for number, slot in enumerate(reversed(_merged(reply.slots, encoding))):
        root = _trie(slot, encoding, root if number else None)
    return State(((root, 1.0),), encoding)


def _trie(slot: Slot, encoding: tiktoken.Encoding, after: _Node | None) -> _Node:
    root = _Node(after)
    for text, weight in slot:
        node = root
        node.mass += weight
        for token in encoding.encode_ordinary(text):
            node = node.children.setdefault(token, _Node(after))
            node.mass += weight
        node.end += weight
    return root


def _merged(slots: tuple[Slot, ...], encoding: tiktoken.Encoding) -> list[Slot]:
    """Join neighbours until no token of any path reaches over a border."""
    merged: list[Slot] = []
    for slot in slots:
        while merged and not _clean_border(merged[-1], slot, encoding):
            slot = _product(merged.pop(), slot)
        merged.append(slot)
    return merged


def _product(left: Slot, right: Slot) -> Slot:
    weights: dict[str, float] = {}
    for (head, first), (tail, second) in product(left, right):
        weights[head + tail] = weights.get(head + tail, 0.0) + first * second
    likeliest = sorted(weights.items(), key=lambda item: -item[1])
    return tuple(likeliest[:_MOST_MERGED])


def _clean_border(left: Slot, right: Slot, encoding: tiktoken.Encoding) -> bool:
    encode = encoding.encode_ordinary
    heads = [(text, encode(text)) for text, _ in left]
    tails = [(text, encode(text)) for text, _ in right]
    # An empty or blank text has no border of its own: what follows it would touch what precedes.
    if not all(text.strip() for text, _ in heads + tails):
        return False
    return all(
        encode(head + tail) == first + second
        for (head, first), (tail, second) in product(heads, tails)
    )
