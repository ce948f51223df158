"""From a request to its choices: topic, lattice, sampling, stop strings, limits and usage."""

from __future__ import annotations

import codecs
import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import tiktoken

from course_utils.practice import errors, lattice, topics
from course_utils.practice.lattice import END
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply
from course_utils.practice.request import ChatRequest
from course_utils.practice.sampling import Sampler, draw
from course_utils.tokens import count_message_tokens, encoding_for

# Tokens of thought a reasoning model spends on a reply, by effort; real ones bill in such steps.
_THOUGHT = {"minimal": 0, "low": 64, "medium": 128, "high": 320, "xhigh": 640, "max": 1280}


@dataclass(frozen=True)
class Step:
    """One sampled token: its id, its bytes, its log probability and the likeliest alternatives."""

    token: int
    data: bytes
    logprob: float
    top: tuple[tuple[bytes, float], ...] = ()


@dataclass(frozen=True)
class Piece:
    """A piece of text as one chunk carries it, with the tokens it took to make whole characters."""

    text: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Choice:
    """One finished choice.

    Attributes:
        index: its place among the ``n`` choices.
        pieces: the text, in the pieces a stream would send.
        finish_reason: ``"stop"`` or ``"length"``.
        tokens: how many tokens were sampled.
    """

    index: int
    pieces: tuple[Piece, ...]
    finish_reason: str
    tokens: int

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Completion:
    """Everything a request is answered with, before it is put into JSON.

    Attributes:
        choices: ``n`` of them, by index.
        prompt_tokens: the tokens of the messages and tools that were sent.
        reasoning_tokens: tokens of thought over all choices; part of ``completion_tokens``.
    """

    choices: tuple[Choice, ...]
    prompt_tokens: int
    reasoning_tokens: int

    @property
    def completion_tokens(self) -> int:
        """All tokens that are paid as output."""
        return self.reasoning_tokens + sum(choice.tokens for choice in self.choices)


def complete(request: ChatRequest) -> Completion:
    """Answer a request.

    Raises:
        ApiError: the messages do not fit the model's context.
    """
    model, encoding = request.model, encoding_for(request.model.name)
    prompt_tokens = count_message_tokens(
        request.messages, request.body.get("tools"), model=model.name
    )
    if prompt_tokens > model.context_window:
        raise errors.too_long(model.context_window, prompt_tokens)
    answer = topics.answer(Prompt.of(request.messages))
    thought = _thought(request)
    limit = min(request.max_tokens or model.max_output, model.max_output)
    choices = tuple(
        _Run(request, encoding, limit - thought).choice(index, answer) for index in range(request.n)
    )
    return Completion(choices, prompt_tokens, min(thought, limit) * request.n)


def _thought(request: ChatRequest) -> int:
    return _THOUGHT.get(request.reasoning_effort, 0) if request.model.reasoning_efforts else 0


@dataclass
class _Run:
    """The sampling of one choice."""

    request: ChatRequest
    encoding: tiktoken.Encoding
    limit: int
    steps: list[Step] = field(default_factory=list)

    def choice(self, index: int, answer: Reply) -> Choice:
        generator = random.Random(f"{self.request.sampling_key()}:{index}")
        finish_reason = self._sample(answer, generator)
        pieces = tuple(_pieces(self.steps))
        text = "".join(piece.text for piece in pieces)
        cut = min((at for at in map(text.find, self.request.stop) if at >= 0), default=None)
        if cut is not None:
            pieces, finish_reason = tuple(_cut(pieces, cut)), "stop"
        return Choice(index, pieces, finish_reason, sum(len(piece.steps) for piece in pieces))

    def _sample(self, answer: Reply, generator: random.Random) -> str:
        sampler = Sampler.of(self.request)
        top = int(self.request.number("top_logprobs", 0))
        seen: Counter[int] = Counter()
        state = lattice.start(answer, self.encoding)
        while len(self.steps) < self.limit:
            shares = sampler.reshape(lattice.next_tokens(state), seen)
            token = draw(shares, generator)
            if token == END:
                return "stop"
            self.steps.append(self._step(token, shares, top))
            seen[token] += 1
            state = lattice.advance(state, token)
        return "stop" if set(lattice.next_tokens(state)) == {END} and self.limit > 0 else "length"

    def _step(self, token: int, shares: dict[int, float], top: int) -> Step:
        likeliest = [(t, share) for t, share in shares.items() if t != END][:top]
        return Step(
            token,
            self.encoding.decode_single_token_bytes(token),
            math.log(shares[token]),
            tuple(
                (self.encoding.decode_single_token_bytes(t), math.log(share))
                for t, share in likeliest
            ),
        )


def _pieces(steps: list[Step]) -> Iterator[Piece]:
    """Group tokens so that no character is split between two pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="ignore")
    text, held = "", list[Step]()
    for step in steps:
        held.append(step)
        text += decoder.decode(step.data)
        if text and not decoder.getstate()[0]:
            yield Piece(text, tuple(held))
            text, held = "", []
    if held:  # a token limit cut a character: its bytes are paid for, but are no text
        yield Piece(text, tuple(held))


def _cut(pieces: tuple[Piece, ...], length: int) -> Iterator[Piece]:
    """Keep the first ``length`` characters, with the tokens that made them."""
    for piece in pieces:
        if length <= 0:
            return
        yield Piece(piece.text[:length], piece.steps)
        length -= len(piece.text)
