"""From a request to its choices: topic, lattice, sampling, stop strings, limits and usage."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import tiktoken

from course_utils.practice import answers, errors, lattice
from course_utils.practice.lattice import END, Piece, Step
from course_utils.practice.reply import Answer, Call, Reply
from course_utils.practice.request import ChatRequest
from course_utils.practice.sampling import Sampler, draw
from course_utils.tokens import count_message_tokens, encoding_for

# Tokens around the arguments of a call (its name, its frame); real models spend about as many.
_CALL_FRAME = 10

# Tokens of thought a reasoning model spends on a reply, by effort; real ones bill in such steps.
_THOUGHT = {"minimal": 0, "low": 64, "medium": 128, "high": 320, "xhigh": 640, "max": 1280}


@dataclass(frozen=True)
class Spoken:
    """A text that was sampled.

    Attributes:
        steps: every token, in order.
        length: how many characters to keep, where a stop string cut the text; None keeps all.
    """

    steps: tuple[Step, ...]
    length: int | None = None

    @cached_property
    def text(self) -> str:
        """The whole text; of a character that a limit cut, nothing is left."""
        data = b"".join([step.data for step in self.steps])
        return data.decode("utf-8", "ignore")[: self.length]

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces that a stream would send."""
        pieces = _pieces(self.steps)
        return tuple(pieces if self.length is None else _cut(pieces, self.length))


@dataclass(frozen=True)
class SpokenCall:
    """A call of a tool, its arguments sampled."""

    call: Call
    arguments: Spoken


@dataclass(frozen=True)
class Choice:
    """One finished choice: a text, a refusal, or calls.

    Attributes:
        index: its place among the ``n`` choices.
        finish_reason: ``"stop"``, ``"length"`` or ``"tool_calls"``.
    """

    index: int
    finish_reason: str
    text: Spoken | None = None
    refusal: Spoken | None = None
    calls: tuple[SpokenCall, ...] = ()

    @property
    def tokens(self) -> int:
        """How many tokens were sampled; a call's name and frame count too."""
        spoken = [each for each in (self.text, self.refusal) if each is not None]
        spoken += [each.arguments for each in self.calls]
        return sum(len(each.steps) for each in spoken) + _CALL_FRAME * len(self.calls)


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

    @cached_property
    def completion_tokens(self) -> int:
        """All tokens that are paid as output."""
        return self.reasoning_tokens + sum(choice.tokens for choice in self.choices)


def complete(request: ChatRequest, said: Answer | None = None) -> Completion:
    """Answer a request: with ``said``, or with what the practice model says.

    Raises:
        ApiError: the messages do not fit the model's context.
    """
    model, encoding = request.model, encoding_for(request.model.name)
    prompt_tokens = count_message_tokens(
        request.messages, request.body.get("tools"), model=model.name
    )
    if prompt_tokens > model.context_window:
        raise errors.too_long(model.context_window, prompt_tokens)
    said = said or answers.answer(request)
    thought = _thought(request)
    limit = min(request.max_tokens or model.max_output, model.max_output)
    choices = tuple(
        _choice(request, encoding, limit - thought, index, said) for index in range(request.n)
    )
    return Completion(choices, prompt_tokens, min(thought, limit) * request.n)


def _choice(
    request: ChatRequest, encoding: tiktoken.Encoding, limit: int, index: int, said: Answer
) -> Choice:
    generator = random.Random(f"{request.sampling_key}:{index}")

    def speak(reply: Reply) -> tuple[Spoken, str]:
        return _Run(request, encoding, limit).speak(reply, generator)

    if said.refusal is not None:
        refusal, reason = speak(said.refusal)
        return Choice(index, reason, refusal=refusal)
    if said.calls:
        spoken = [(call, *speak(call.arguments)) for call in said.calls]
        cut = any(reason == "length" for _, _, reason in spoken)
        calls = tuple(SpokenCall(call, arguments) for call, arguments, _ in spoken)
        return Choice(index, "length" if cut else "tool_calls", calls=calls)
    assert said.text is not None
    text, reason = speak(said.text)
    return Choice(index, reason, text=text)


def _thought(request: ChatRequest) -> int:
    return _THOUGHT.get(request.reasoning_effort, 0) if request.model.reasoning_efforts else 0


@dataclass
class _Run:
    """The sampling of one text."""

    request: ChatRequest
    encoding: tiktoken.Encoding
    limit: int
    steps: list[Step] = field(default_factory=list)

    def speak(self, answer: Reply, generator: random.Random) -> tuple[Spoken, str]:
        finish_reason = self._sample(answer, generator)
        spoken = Spoken(tuple(self.steps))
        found = (spoken.text.find(stop) for stop in self.request.stop)
        cut = min((at for at in found if at >= 0), default=None)
        if cut is None:
            return spoken, finish_reason
        kept = [step for piece in _cut(spoken.pieces, cut) for step in piece.steps]
        return Spoken(tuple(kept), cut), "stop"

    def _sample(self, answer: Reply, generator: random.Random) -> str:
        sampler = Sampler.of(self.request)
        plain, counts, banned = sampler.plain, sampler.counts, sampler.banned
        seen: Counter[int] = Counter()
        state = lattice.start(answer, self.encoding)
        while len(self.steps) < self.limit:
            run, state = state.run
            allowed = run[: _first(run, banned)] if banned else run
            self.steps += allowed[: self.limit - len(self.steps)]
            if len(self.steps) == self.limit:
                break
            if banned and (len(allowed) < len(run) or banned >= state.options.keys()):
                return "stop"  # a banned token never comes, not even where no other could
            if counts:
                seen.update(step.token for step in run)
            shares = state.options if plain else sampler.reshape(state.options, seen)
            token = draw(shares, generator)
            if token == END:
                return "stop"
            steps = state.steps if plain else state.steps_of(shares)
            self.steps.append(steps[token])
            if counts:
                seen[token] += 1
            state = state.after(token)
        return self._reason(answer)

    def _reason(self, answer: Reply) -> str:
        """Tell whether the limit cut the reply or was just enough for it."""
        state = lattice.start(answer, self.encoding)
        for step in self.steps:
            state = state.after(step.token)
        return "stop" if self.limit > 0 and set(state.options) == {END} else "length"


def _first(run: tuple[Step, ...], banned: frozenset[int]) -> int:
    """Return where the first banned token stands, or the length of ``run``."""
    return next((at for at, step in enumerate(run) if step.token in banned), len(run))


def _pieces(steps: Iterable[Step]) -> list[Piece]:
    """Group tokens so that no character is split between two pieces."""
    pieces: list[Piece] = []
    held: list[Step] = []
    for step in steps:
        if not held and step.piece is not None:
            pieces.append(step.piece)
            continue
        held.append(step)
        try:
            text = b"".join([each.data for each in held]).decode("utf-8")
        except UnicodeDecodeError:
            continue
        pieces.append(Piece(text, tuple(held)))
        held = []
    if held:  # a token limit cut a character: its whole ones are text, the rest is only paid for
        data = b"".join([step.data for step in held])
        pieces.append(Piece(data.decode("utf-8", "ignore"), tuple(held)))
    return pieces


def _cut(pieces: Iterable[Piece], length: int) -> Iterator[Piece]:
    """Keep the first ``length`` characters, with the tokens that made them."""
    for piece in pieces:
        if length <= 0:
            return
        yield Piece(piece.text[:length], piece.steps)
        length -= len(piece.text)
