"""What a turn of a conversation took: tokens and money, by its usage or else counted here."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated

from openai.types import CompletionUsage
from pydantic import Field

from course_utils import cost
from course_utils.errors import CourseError, UnknownModelError, UnknownPriceError
from course_utils.tokens import PER_MESSAGE, encoding_for, get_encoding

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
    prompt: int, reply: int, usage: CompletionUsage | None, *, complete: bool, model: str
) -> Turn:
    """Tell what a turn took of which ``model`` made the reply.

    ``prompt`` and ``reply`` are the tokens of the history before the reply and of its message, as
    counted here: they are taken without a usage, or with one that cannot be. A model without a
    known price counts as free.
    """
    if usage is not None:
        with suppress(CourseError):
            return _priced(usage, complete, model)
    text = reply - _EMPTY_REPLY
    counted = CompletionUsage(
        prompt_tokens=prompt, completion_tokens=text, total_tokens=prompt + text
    )
    return _priced(counted, complete, model)


@cache
def encoding_of(model: str) -> Encoding:
    """Give the encoding of a model; one of another server's is counted about right."""
    try:
        return encoding_for(model)
    except UnknownModelError:
        return get_encoding("o200k_base")


def _priced(usage: CompletionUsage, complete: bool, model: str) -> Turn:
    try:
        paid = cost.cost(usage, model=model)
    except UnknownPriceError:
        paid = Decimal(0)
    return Turn(usage.prompt_tokens, usage.completion_tokens, paid, complete)
