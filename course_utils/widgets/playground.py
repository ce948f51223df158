"""A prompt, the knobs that shape its reply, and what they do: samples and probabilities."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import openai

from course_utils import catalog, cost
from course_utils.client import default_model
from course_utils.errors import CourseError, WidgetError
from course_utils.language import gettext as _
from course_utils.messages import user
from course_utils.terminal import visible
from course_utils.widgets.pending import Pending, in_background
from course_utils.widgets.problems import explain
from course_utils.widgets.shown import Shown

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

    from course_utils.widgets.playground_view import PlaygroundView

__all__ = ["KNOBS", "NextToken", "ParameterPlayground"]

KNOBS = {
    "temperature": (0.0, 2.0, 1.0),
    "top_p": (0.0, 1.0, 1.0),
    "frequency_penalty": (-2.0, 2.0, 0.0),
    "presence_penalty": (-2.0, 2.0, 0.0),
}
"""The least, the most and the default value of each parameter that shapes a reply."""


class NextToken(NamedTuple):
    """A token that the reply could begin with, and its probability from 0 to 1."""

    token: str
    probability: float


class ParameterPlayground(Shown):
    """A prompt and its parameters; ``n`` samples side by side, and the next token's probabilities.

    A person turns the knobs and presses “Run”; code sets them and calls ``await playground.run()``.
    A model that reasons takes these parameters only while it does not: it is asked with
    ``reasoning_effort="none"``, and what it takes none the less is left out of the request.

    Args:
        client: an ``openai.OpenAI``.
        prompt: the user's message.
        model: None asks :func:`course_utils.default_model`.
        n: how many samples.
        max_completion_tokens: the most tokens of each.
        knobs: a value for any of :data:`KNOBS`. Raises :class:`WidgetError` for another name.
    """

    def __init__(
        self,
        client: openai.OpenAI,
        prompt: str = "",
        *,
        model: str | None = None,
        n: int = 3,
        max_completion_tokens: int = 60,
        **knobs: float,
    ) -> None:
        super().__init__()
        if unknown := set(knobs) - set(KNOBS):
            raise WidgetError(
                _("There is no knob {name}: these are {known}.").format(
                    name=", ".join(sorted(unknown)), known=", ".join(KNOBS)
                )
            )
        self.client = client
        self.prompt = prompt
        self.model = model or default_model(client)
        self.n = n
        self.max_completion_tokens = max_completion_tokens
        self.knobs = {name: knobs.get(name, normal) for name, (_l, _m, normal) in KNOBS.items()}
        self.busy = False
        self.problem = ""
        self.request: dict[str, Any] | None = None
        self.samples: list[str] = []
        self.next_tokens: list[NextToken] = []
        self.cost = Decimal(0)
        self._view: PlaygroundView | None = None

    def run(self) -> Pending[list[str]]:
        """Ask, and ``await`` the samples; errors of the API are shown, and raised when awaited.

        Raises :class:`WidgetError` for an empty prompt, and while a run is going on.
        """
        if not self.prompt.strip():
            raise WidgetError(_("There is nothing to send: write a prompt first."))
        with self._lock:
            if self.busy:
                raise WidgetError(_("The samples are still coming: wait for them."))
            self.busy, self.problem = True, ""
            request = self.request = self._request()
        self._show()
        pending: Pending[list[str]] = Pending()
        in_background(lambda: self._ask(request, pending))
        return pending

    def takes(self, parameter: str) -> bool:
        """Whether the model takes a parameter, as far as the catalogue knows."""
        known = catalog.find(self.model)
        return known is None or known.takes(parameter, reasoning_effort=self._effort())

    def __repr__(self) -> str:
        lines = [f"ParameterPlayground · {self.model}", _("Prompt") + f": {self.prompt}"]
        lines += [f"{number}. {sample}" for number, sample in enumerate(self.samples, 1)]
        lines += [f"{each.probability:7.1%}  {each.token}" for each in self.next_tokens]
        return visible("\n".join([*lines, *filter(None, [self.problem])]))

    def _effort(self) -> str | None:
        known = catalog.find(self.model)
        return "none" if known and "none" in known.reasoning_efforts else None

    def _request(self) -> dict[str, Any]:
        known = catalog.find(self.model)
        shaping = {
            **{name: value for name, value in self.knobs.items() if value != KNOBS[name][2]},
            "logprobs": True,
            "top_logprobs": min(8, known.max_top_logprobs) if known else 5,
        }
        return {
            "model": self.model,
            "messages": [user(self.prompt)],
            "n": min(self.n, known.max_n) if known else self.n,
            "max_completion_tokens": self.max_completion_tokens,
            **({"reasoning_effort": effort} if (effort := self._effort()) else {}),
            **{name: value for name, value in shaping.items() if self.takes(name)},
        }

    def _ask(self, request: dict[str, Any], pending: Pending[list[str]]) -> None:
        try:
            response = self.client.chat.completions.create(**request)
        except Exception as error:
            self.problem = explain(error, self.client)
            self._done()
            pending.set_exception(error)
        else:
            self._keep(response)
            self._done()
            pending.set_result(self.samples)

    def _keep(self, response: ChatCompletion) -> None:
        choices = response.choices
        self.samples = [
            choice.message.content or choice.message.refusal or "" for choice in choices
        ]
        self.next_tokens = _next_tokens(response)
        try:
            self.cost = cost.cost(response.usage, model=self.model)
        except CourseError:  # no usage, or no price: another server's model
            self.cost = Decimal(0)

    def _done(self) -> None:
        self.busy = False
        self._show()

    def _show(self) -> None:
        if self._view is not None:
            self._view.show()

    def _make_widget(self) -> Any:
        from course_utils.widgets.playground_view import PlaygroundView

        self._view = PlaygroundView(self)
        return self._view.root


def _next_tokens(response: ChatCompletion) -> list[NextToken]:
    """What stood to choose from at the first token of the first sample."""
    first = response.choices[0].logprobs if response.choices else None
    if first is None or not first.content:
        return []
    return [
        NextToken(_written(each.token, each.bytes), math.exp(each.logprob))
        for each in first.content[0].top_logprobs
    ]


def _written(token: str, data: list[int] | None) -> str:
    """The token's text, or its bytes where they are no whole characters: ``<EB B0>``."""
    try:
        return bytes(data).decode("utf-8") if data is not None else token
    except UnicodeDecodeError:
        return f"<{bytes(data or ()).hex(' ').upper()}>"
