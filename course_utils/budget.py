"""Spending caps: what was spent, what requests in flight may still cost, and where it must stop.

All money is in US dollars, as ``Decimal``. Real money and the play money of the practice server
are counted apart. How a request's price is found is in :mod:`course_utils.meter`.
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from threading import Lock
from types import EllipsisType
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import openai

from course_utils.errors import BudgetError, CourseError
from course_utils.language import gettext as _

if TYPE_CHECKING:
    Client = openai.OpenAI | openai.AsyncOpenAI

Amount = Decimal | int | float | str
"""An amount of US dollars."""

DEFAULT_CAP = Decimal(1)


class SpendingCapError(CourseError, openai.OpenAIError):
    """A request that could cost more than the cap leaves. It was not sent.

    It is an ``openai.OpenAIError``, so the client passes it on as it is and does not retry.
    """


class Tally:
    """A sum that grows. Thread safe, and :meth:`add` is so inside a garbage collection too."""

    def __init__(self) -> None:
        self._sum = Decimal(0)
        self._new: deque[Decimal] = deque()  # append and popleft are atomic: no lock in add()
        self._lock = Lock()

    def add(self, amount: Decimal) -> None:
        """Add ``amount``."""
        self._new.append(amount)

    @property
    def total(self) -> Decimal:
        """Everything that was added so far."""
        with self._lock:
            while self._new:
                self._sum += self._new.popleft()
            return self._sum


@dataclass
class _Hold:
    """The most that one request in flight can cost, and the thread or task that waits for it."""

    amount: Decimal
    owner: Hashable


class Budget:
    """A spending cap, what was spent under it, and what is held for requests in flight.

    ``cap`` is None for none, and ``...`` for ``COURSE_CAP`` of the environment, else 1 dollar.
    Raises :class:`BudgetError` for a cap that is not an amount.
    """

    def __init__(self, cap: Amount | EllipsisType | None) -> None:
        self.tally = Tally()
        self._lock = Lock()
        self._held: WeakKeyDictionary[object, _Hold] = WeakKeyDictionary()
        self.set_cap(cap)

    def set_cap(self, cap: Amount | EllipsisType | None) -> None:
        """Change the cap; see the class."""
        self._cap = cap if cap is ... or cap is None else _amount(cap)

    @property
    def cap(self) -> Decimal | None:
        """The cap in force, None when there is none."""
        return _cap_of_environment() if self._cap is ... else self._cap

    def hold(self, request: object, owner: Hashable, *bounds: Callable[[], Decimal]) -> None:
        """Hold the worst case of a request that is about to be sent.

        ``bounds`` give that worst case from the cheapest and loosest to the dearest and tightest;
        a tighter one is asked for only if the cap would refuse without it. ``owner`` is the thread
        or task that sends, see :meth:`forget`. Raises :class:`SpendingCapError` if even the
        tightest does not fit.
        """
        amount = Decimal(0)
        for bound in bounds:
            amount = bound()
            with self._lock:
                if self.cap is None or self.tally.total + self._in_flight() + amount <= self.cap:
                    self._held[request] = _Hold(amount, owner)
                    return
            gc.collect()  # a stream that its reader dropped is in a cycle with its own generator
        raise SpendingCapError(self._refusal(amount))

    def keep(self, request: object, stream: object) -> None:
        """Hold what is held for ``request`` until ``stream``, its response, is collected."""
        with self._lock:
            if hold := self._held.pop(request, None):
                self._held[stream] = _Hold(hold.amount, None)

    def release(self, key: object) -> None:
        """Hold nothing any more for a request or a stream."""
        with self._lock:
            self._held.pop(key, None)

    def forget(self, owner: Hashable) -> None:
        """Hold nothing any more for what a thread or task waited for: it died without a response.

        It waits for one response at a time, and may have been led to another address for it.
        """
        with self._lock:
            for key in [key for key, hold in self._held.items() if hold.owner == owner]:
                del self._held[key]

    def _in_flight(self) -> Decimal:
        return sum((hold.amount for hold in self._held.values()), Decimal(0))

    def _refusal(self, amount: Decimal) -> str:
        from course_utils.cost import dollars

        with self._lock:
            held = self._in_flight()
        words = _(
            "This request was not sent: it could cost up to {amount}, and {spent} of the cap of "
            "{cap} are spent. "
        )
        if held:
            words += _("Requests that are still running may take {held} more. ")
        if self is PROCESS:
            words += _("Limit the reply with max_completion_tokens, or raise the cap: set_cap(…).")
        else:
            words += _("Limit the reply with max_completion_tokens, or connect(cap=…) with more.")
        return words.format(
            amount=dollars(amount),
            spent=dollars(self.tally.total),
            cap=dollars(self.cap or Decimal(0)),
            held=dollars(held),
        )


PROCESS = Budget(...)
"""What every client of this process shares that has no cap of its own."""

PAID = Tally()
"""All real money that this process has spent, under whichever cap."""


def set_cap(amount: Amount | None) -> None:
    """Set what this process may spend in all, in US dollars (1 at first); None takes the cap away.

    It holds for every client that was not given a cap of its own. Raises :class:`BudgetError`.
    """
    PROCESS.set_cap(amount)


def spent(client: Client | None = None) -> Decimal:
    """Tell what ``client`` has spent in US dollars, or, without one, this whole process.

    Exact where the server reported ``usage``; for a stream without it, counted from the text that
    came. What no server reported is missing: the reasoning of such a stream, and all of a call that
    timed out. A client of the practice server tells its play money at list prices, which the total
    leaves out. Raises :class:`BudgetError` for a client that ``connect()`` did not make.
    """
    if client is None:
        return PAID.total
    from course_utils.meter import Meter

    return Meter.of(client).tally.total


def _cap_of_environment() -> Decimal | None:
    text = os.environ.get("COURSE_CAP", "").strip()
    if text.casefold() == "none":
        return None
    return _amount(text) if text else DEFAULT_CAP


def _amount(value: Amount) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise BudgetError(
            _(
                'A spending cap is an amount of US dollars such as 0.50, or None for none ("none" '
                "in COURSE_CAP); it cannot be {value!r}."
            ).format(value=value)
        )
    return amount
