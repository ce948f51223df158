"""A reply's slots as a weighted automaton over tokens.

Each slot's alternatives form a trie of tokens; the end of one slot's trie is the start of the
next. Walking the lattice gives, at each step, the exact probability of every next token, and every
path is the encoding of its own text: slots whose border a token would straddle are merged first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import tiktoken

from course_utils.practice.reply import Reply, Slot

END = -1
"""Stands for "the reply ends here" among the next tokens; no encoding has a negative token."""

# Slots that cannot be kept apart multiply; past this many texts only the likeliest stay.
_MOST_MERGED = 256

State = tuple[tuple["Node", float], ...]


@dataclass(eq=False)
class Node:
    """A place in a slot's trie.

    Attributes:
        mass: the weight of all alternatives that pass through here.
        end: the weight of the alternatives that end here.
        children: the next nodes by token.
        after: the root of the next slot; None in the last slot.
    """

    after: Node | None
    mass: float = 0.0
    end: float = 0.0
    children: dict[int, Node] = field(default_factory=dict)


def next_tokens(state: State) -> dict[int, float]:
    """Return the probability of each next token, :data:`END` among them; they sum to 1."""
    found: dict[int, float] = {}
    for token, share, _ in _steps(state):
        found[token] = found.get(token, 0.0) + share
    return found


def advance(state: State, token: int) -> State:
    """Return the state after ``token``, its weights normalised to 1."""
    shares: dict[Node, float] = {}
    for step, share, node in _steps(state):
        if step == token and node is not None:
            shares[node] = shares.get(node, 0.0) + share
    total = sum(shares.values())
    return tuple((node, share / total) for node, share in shares.items())


def _steps(state: State) -> list[tuple[int, float, Node | None]]:
    steps: list[tuple[int, float, Node | None]] = []
    pending = list(state)
    while pending:
        node, share = pending.pop()
        for token, child in node.children.items():
            steps.append((token, share * child.mass / node.mass, child))
        if node.end and node.after is None:
            steps.append((END, share * node.end / node.mass, None))
        elif node.end and node.after is not None:
            pending.append((node.after, share * node.end / node.mass))
    return steps


@lru_cache(maxsize=1024)
def start(reply: Reply, encoding: tiktoken.Encoding) -> State:
    """Return the state in which ``reply`` begins, its texts encoded with ``encoding``."""
    root: Node | None = None
    for slot in reversed(_merged(reply.slots, encoding)):
        root = _trie(slot, encoding, root)
    return () if root is None else ((root, 1.0),)


def _trie(slot: Slot, encoding: tiktoken.Encoding, after: Node | None) -> Node:
    root = Node(after)
    for text, weight in slot:
        node = root
        node.mass += weight
        for token in encoding.encode_ordinary(text):
            node = node.children.setdefault(token, Node(after))
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
