"""What being late costs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from course_utils.errors import GradingError
from course_utils.language import gettext as _

_UNITS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
_GRACE = {"m": "minutes", "h": "hours", "d": "days"}
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class LatePolicy:
    """How many of the earned points a late submission loses.

    Attributes:
        share: of the points earned, for each begun ``unit``, or once if there is no unit.
        unit: the time for which the share is taken.
        most: the largest share that is taken.
        grace: how late is not late yet.
    """

    share: Decimal = Decimal(0)
    unit: timedelta | None = None
    most: Decimal = Decimal(1)
    grace: timedelta = timedelta(0)

    def taken(self, earned: int, by: timedelta | None) -> Decimal:
        """Return the points that a late submission loses, to two decimals.

        Args:
            earned: the points that the checks gave.
            by: how long after the deadline it came; None if only its lateness is known, which
                counts as one unit.
        """
        times = 1 if by is None or self.unit is None else max(1, math.ceil(by / self.unit))
        share = min(self.share * times, self.most)
        return (earned * share).quantize(_CENT, ROUND_HALF_UP)


def late_policy(text: str) -> LatePolicy:
    """Read a policy: ``"10%"``, ``"10%/day"``, ``"10%/day, max 50%, grace 15m"``, ``"mark"``.

    ``mark`` takes nothing. Raises :class:`GradingError` for anything else.
    """
    share, unit, most, grace = Decimal(0), None, Decimal(1), timedelta(0)
    for part in (each.strip().casefold() for each in text.split(",")):
        if part == "mark":
            continue
        if found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*%(?:\s*/\s*(hour|day|week))?", part):
            share = Decimal(found[1]) / 100
            unit = _UNITS[found[2]] if found[2] else None
        elif found := re.fullmatch(r"max\s+(\d+(?:\.\d+)?)\s*%", part):
            most = Decimal(found[1]) / 100
        elif found := re.fullmatch(r"grace\s+(\d+)\s*([mhd])", part):
            grace = timedelta(**{_GRACE[found[2]]: int(found[1])})
        else:
            raise GradingError(
                _(
                    'The late policy {text!r} is not understood: write "mark", "10%", "10%/day" '
                    'or "10%/day, max 50%, grace 15m".'
                ).format(text=part)
            )
    return LatePolicy(share, unit, min(most, Decimal(1)), grace)


def deadline(text: str) -> datetime:
    """Read a deadline in ISO 8601, such as ``2026-11-20T23:59``; a date alone means its end.

    Without an offset it is the time of this machine. Raises :class:`GradingError`.
    """
    text = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            text += "T23:59"
        text = re.sub(r"(?<=[T ]\d\d:\d\d)(?!:)", ":59", text)  # "until 23:59": with that minute
        return datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text)).astimezone()
    except (ValueError, OverflowError, OSError):
        raise GradingError(
            _("{text!r} is no date and time: write it like 2026-11-20T23:59.").format(text=text)
        ) from None
