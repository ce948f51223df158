"""What calls cost, in dollars, as ``Decimal``.

Prices come from genai-prices, which keeps them with the dates from which they hold; the course has
no price table of its own. Some models price a long prompt higher, so give the token counts of one
call, and multiply the result by the number of calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError, UnknownPriceError
from course_utils.language import gettext as _

if TYPE_CHECKING:
    from openai.types import CompletionUsage

MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """What a model costs today, in ``currency`` per million tokens.

    ``cached_input`` equals ``input`` for a model that caches nothing. ``source`` is the package
    that says so, with its version.
    """

    model: str
    input: Decimal
    output: Decimal
    cached_input: Decimal
    currency: str
    source: str


def price(model: str) -> Price:
    """Today's price of a model of OpenAI's, for prompts of ordinary length.

    Raises UnknownPriceError for a model that genai-prices does not know, as every model of another
    server is.
    """
    return Price(
        model=model,
        input=_per_million(estimate(1, 0, model=model)),
        output=_per_million(estimate(0, 1, model=model)),
        cached_input=_per_million(estimate(1, 0, model=model, cached_tokens=1)),
        currency="USD",
        source=f"genai-prices {version('genai-prices')}",
    )


def _per_million(of_one_token: Decimal) -> Decimal:
    return Decimal(f"{(of_one_token * MILLION).normalize():f}")  # 30, where normalize says 3E+1


def estimate(
    prompt_tokens: int,
    completion_tokens: int,
    *,
    model: str,
    cached_tokens: int = 0,
    cache_write_tokens: int = 0,
) -> Decimal:
    """What one call of that many tokens costs, in dollars.

    Reasoning tokens are completion tokens. Of the prompt, ``cached_tokens`` were read from
    OpenAI's cache (cheaper) and ``cache_write_tokens`` written to it (from gpt-5.6 on a quarter
    dearer than plain input, so that naming the whole prompt gives the most that it can cost).
    Raises UnknownPriceError like :func:`price`.
    """
    from genai_prices import Usage, calc_price

    usage = Usage(
        input_tokens=prompt_tokens,
        output_tokens=completion_tokens,
        cache_read_tokens=cached_tokens,
        cache_write_tokens=cache_write_tokens,
    )
    try:
        return calc_price(usage, model, provider_id="openai").total_price
    except LookupError:
        raise UnknownPriceError(
            _(
                "genai-prices {version} has no OpenAI price for {model!r}: "
                "check the name, or update genai-prices; other servers' models have none."
            ).format(version=version("genai-prices"), model=model)
        ) from None


def cost(usage: CompletionUsage | Mapping[str, Any] | None, *, model: str) -> Decimal:
    """What a call cost, in dollars, by the ``usage`` of its reply (the SDK's object or a dict).

    Prompt tokens that were read from or written to the cache are priced as such. Raises
    UnknownPriceError like :func:`price`, and CourseError when there is no usage, as in a stream
    without ``include_usage``.
    """
    if usage is None:
        raise CourseError(
            _(
                "This reply has no usage, so its cost is not known. A stream sends it when asked "
                'with stream_options={"include_usage": True}, in its last chunk.'
            )
        )
    counts = usage if isinstance(usage, Mapping) else usage.model_dump()
    details = counts.get("prompt_tokens_details") or {}
    return estimate(
        counts["prompt_tokens"],
        counts["completion_tokens"],
        model=model,
        cached_tokens=details.get("cached_tokens") or 0,
        cache_write_tokens=details.get("cache_write_tokens") or 0,
    )


def per_month(cost_per_call: Decimal, calls: int) -> Decimal:
    """What a month of so many calls costs: the whole cost of a call, input and output, times calls.

    In dollars, like ``cost_per_call``.
    """
    return cost_per_call * calls


def dollars(amount: Decimal | int) -> str:
    """An amount of dollars for people: ``$1,234.50``, ``$0.40``, ``$0.000042``.

    At least two decimals and at most nine (a token of the cheapest model costs 5e-9 dollars), never
    an exponent.
    """
    rounded = f"{Decimal(amount):,.9f}"
    whole, _point, fraction = rounded.lstrip("-").partition(".")
    sign = "-" if amount < 0 and rounded.strip("-0.") else ""
    return f"{sign}${whole}.{fraction.rstrip('0'):0<2}"
