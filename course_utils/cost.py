"""What calls cost, in dollars, as ``Decimal``.

Prices come from genai-prices, which keeps them with the dates from which they hold; the course has
no price table of its own. Some models price a long prompt higher, so give the token counts of one
call, and multiply the result by the number of calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError, UnknownPriceError
from course_utils.language import gettext as _

if TYPE_CHECKING:
    from genai_prices.types import PriceCalculation
    from openai.types import CompletionUsage

MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """What a model costs, in ``currency`` per million tokens.

    ``cached_input`` equals ``input`` for a model that caches nothing. ``source`` is the package
    that says so, with its version, and ``since`` the day from which this price holds: None for the
    first price that it knows of a model.
    """

    model: str
    input: Decimal
    output: Decimal
    cached_input: Decimal
    currency: str
    source: str
    since: date | None = None


def price(model: str, *, on: date | None = None) -> Price:
    """The price of a model of OpenAI's, for prompts of ordinary length, today or ``on`` a day.

    Of a ``datetime`` the date counts. Before the first price that genai-prices knows of the model,
    that first one is given. Raises UnknownPriceError for a model that genai-prices does not know,
    as every model of another server is, and CourseError for a day that is none.
    """
    day = _day(on)
    return Price(
        model=model,
        input=_per_million(_priced(model, day, input_tokens=1).total_price),
        output=_per_million(_priced(model, day, output_tokens=1).total_price),
        cached_input=_per_million(
            _priced(model, day, input_tokens=1, cache_read_tokens=1).total_price
        ),
        currency="USD",
        source=f"genai-prices {version('genai-prices')}",
        since=_since(model, day),
    )


def context_window(model: str) -> int | None:
    """How many tokens prompt and completion may have together, by genai-prices; None: not said."""
    try:
        return _priced(model).model.context_window
    except UnknownPriceError:
        return None


def _day(on: date | None) -> date:
    now = on or datetime.now(timezone.utc)
    if not isinstance(now, date):
        raise CourseError(
            _("A day is a date such as date(2026, 7, 30), not {value!r}.").format(value=on)
        )
    return now.date() if isinstance(now, datetime) else now


def _since(model: str, day: date) -> date | None:
    """The day on which the price that holds on ``day`` came into force."""
    from genai_prices.types import StartDateConstraint

    prices = _priced(model, day).model.prices
    conditions = [each.constraint for each in prices] if isinstance(prices, list) else []
    starts = [each.start_date for each in conditions if isinstance(each, StartDateConstraint)]
    return max((start for start in starts if start <= day), default=None)


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
    Raises UnknownPriceError like :func:`price`, and CourseError for counts that cannot be.
    """
    return _priced(
        model,
        input_tokens=prompt_tokens,
        output_tokens=completion_tokens,
        cache_read_tokens=cached_tokens,
        cache_write_tokens=cache_write_tokens,
    ).total_price


def _priced(model: str, day: date | None = None, **tokens: int) -> PriceCalculation:
    """What genai-prices says of a call, on a day (None: now)."""
    from genai_prices import Usage, calc_price

    then = datetime(day.year, day.month, day.day, tzinfo=timezone.utc) if day else None
    try:
        if None in tokens.values():  # which genai-prices takes for 0
            raise ValueError
        return calc_price(
            Usage(**tokens), str(model), provider_id="openai", genai_request_timestamp=then
        )
    except ValueError:
        raise CourseError(
            _(
                "No call has such counts, so none has a price: {counts}. Each is a number from 0, "
                "and what is read from or written to the cache is part of the input."
            ).format(counts=", ".join(f"{name}={count!r}" for name, count in tokens.items()))
        ) from None
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
    without ``include_usage``, or one that cannot be.
    """
    # Without the warnings of pydantic about what a server should not have sent.
    dump = getattr(usage, "model_dump", None)
    sent = dump(warnings=False) if dump else usage
    if not isinstance(sent, Mapping):
        raise CourseError(
            _(
                "This reply has no usage, so its cost is not known. A stream sends it when asked "
                'with stream_options={"include_usage": True}, in its last chunk.'
            )
        )
    counts: dict[str, Any] = {"prompt_tokens": None, "completion_tokens": None, **sent}
    details = counts.get("prompt_tokens_details")
    details = details if isinstance(details, Mapping) else {}
    return estimate(
        counts["prompt_tokens"],
        counts["completion_tokens"],
        model=model,
        cached_tokens=details.get("cached_tokens") or 0,
        cache_write_tokens=details.get("cache_write_tokens") or 0,
    )


def per_month(cost_per_call: Decimal, calls: int) -> Decimal:
    """What a month of so many calls costs: the whole cost of a call, input and output, times calls.

    In dollars, like ``cost_per_call``. Raises CourseError for money that is not exact, and for
    calls that are no whole number.
    """
    if not isinstance(calls, int):
        raise CourseError(_("Calls are counted whole: 1000, not {value!r}.").format(value=calls))
    return _money(cost_per_call) * calls


def dollars(amount: Decimal | int) -> str:
    """An amount of dollars for people: ``$1,234.50``, ``$0.40``, ``$0.000042``.

    At least two decimals and at most nine (a token of the cheapest model costs 5e-9 dollars), never
    an exponent. Raises CourseError for money that is not exact.
    """
    rounded = f"{_money(amount):,.9f}"
    whole, _point, fraction = rounded.lstrip("-").partition(".")
    sign = "-" if amount < 0 and rounded.strip("-0.") else ""
    return f"{sign}${whole}.{fraction.rstrip('0'):0<2}"


def _money(amount: Decimal | int) -> Decimal:
    if not isinstance(amount, (Decimal, int)) or not Decimal(amount).is_finite():
        raise CourseError(
            _(
                'Money is exact here: write it as Decimal("0.1") or as a whole number, '
                "not {value!r}."
            ).format(value=amount)
        )
    return Decimal(amount)
