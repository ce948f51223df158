"""What a turn of a conversation took: tokens and money, by its usage or else counted here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from openai.types import CompletionUsage
from pydantic import Field

from course_utils import cost
from course_utils.errors import CourseError, UnknownModelError, UnknownPriceError
from course_utils.tokens import (
    PER_MESSAGE,
    REPLY_PRIMING,
    encoding_for,
    get_encoding,
    message_tokens,
)

if TYPE_CHECKING:
    from tiktoken import Encoding

_EMPTY_REPLY = PER_MESSAGE + 1  # its role is one token


@dataclass(frozen=True)
class Turn:
    """What one reply took: tokens as the server counted them, and its cost in dollars.

    ``complete`` is False for a reply that broke off or was not read to its end: its tokens are
    then counted here.
    """

    prompt_tokens: Annotated[int, Field(ge=0)]
    completion_tokens: Annotated[int, Field(ge=0)]
    # Sums of what has more digits than any reply costs could not be worked out, nor shown.
    cost: Annotated[Decimal, Field(ge=0, max_digits=100)]
    complete: bool = True


def taken(
    messages: Iterable[Mapping[str, Any]],
    usage: CompletionUsage | None,
    *,
    complete: bool,
    model: str,
) -> Turn:
    """Tell what the turn took that ends ``messages`` with the reply of ``model``.

    Without a usage, or with one that cannot be, the tokens are counted here. A model without a
    known price counts as free.
    """
    if usage is not None:
        with suppress(CourseError):
            return _priced(usage, complete, model)
    return _priced(_counted(messages, encoding_of(model)), complete, model)


@cache
def encoding_of(model: str) -> Encoding:
    """Give the encoding of a model; one of another server's is counted about right."""
    try:
        return encoding_for(model)
    except UnknownModelError:
        return get_encoding("o200k_base")


def _counted(messages: Iterable[Mapping[str, Any]], encoding: Encoding) -> CompletionUsage:
    *before, last = (message_tokens(message, encoding) for message in messages)
    prompt, reply = sum(before) + REPLY_PRIMING, last - _EMPTY_REPLY
    return CompletionUsage(
        prompt_tokens=prompt, completion_tokens=reply, total_tokens=prompt + reply
    )


def _priced(usage: CompletionUsage, complete: bool, model: str) -> Turn:
    try:
        paid = cost.cost(usage, model=model)
    except UnknownPriceError:
        paid = Decimal(0)
    return Turn(usage.prompt_tokens, usage.completion_tokens, paid, complete)
