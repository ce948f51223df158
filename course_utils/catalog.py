"""The models that the course names, and what each of them takes.

The facts stand in ``catalog.toml`` with the date on which they were checked (:data:`AS_OF`) and
their sources. Prices are not among them: see :mod:`course_utils.cost`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from course_utils.errors import UnknownModelError
from course_utils.language import gettext as _

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Family = Literal["classic", "reasoning"]

_FILE: dict[str, Any] = tomllib.loads(
    files("course_utils").joinpath("catalog.toml").read_text(encoding="utf-8")
)

AS_OF: date = _FILE["as_of"]
"""The day on which the catalogue's facts were last checked."""

DEFAULT_MODEL: str = _FILE["default"]
"""The model that the course asks for unless it is told otherwise."""

PARAMETERS: frozenset[str] = frozenset(
    name
    for part in (_FILE, *_FILE["family"].values())
    for kind in ("parameters", "sampling", "elsewhere")
    for name in part.get(kind, ())
)
"""Every parameter that the catalogue knows, also those of models that the course does not name."""


@dataclass(frozen=True)
class Model:
    """One model of Chat Completions.

    ``snapshot`` is what a reply's ``model`` echoes. ``context_window`` (prompt and completion
    together) and ``max_output`` (reasoning tokens included) are numbers of tokens. ``max_n`` and
    ``max_top_logprobs`` are the largest values of ``n`` and ``top_logprobs``.
    ``reasoning_efforts`` is empty, and ``default_reasoning_effort`` None, for a model that never
    reasons. ``end`` is the announced last day, None when no end is announced. ``used`` says that
    a lesson calls the model rather than only naming it. ``tools_while_reasoning`` is False for a
    model that takes function tools only while it does not reason.
    """

    name: str
    family: Family
    encoding: str
    instruction_role: Literal["system", "developer"]
    snapshot: str
    context_window: int
    max_output: int
    max_n: int
    max_top_logprobs: int
    reasoning_efforts: tuple[str, ...]
    default_reasoning_effort: str | None
    end: date | None = None
    used: bool = False
    tools_while_reasoning: bool = True

    def takes(self, parameter: str, *, reasoning_effort: str | None = None) -> bool:
        """Whether a request to this model may have ``parameter`` (the SDK's name for it).

        A reasoning model takes the sampling parameters, and from gpt-5.4 on ``tools``, only while
        it does not reason, so the answer may depend on the request's ``reasoning_effort`` (None:
        the model's default).
        A name that no chat model takes gives False. The values allowed are another question,
        answered by ``max_n``, ``max_top_logprobs`` and ``reasoning_efforts``.
        """
        family = _FILE["family"][self.family]
        effort = reasoning_effort or self.default_reasoning_effort
        reasons = self.family == "reasoning" and effort != "none"
        if parameter in family["sampling"]:
            return not reasons
        if parameter == "tools" and reasons:
            return self.tools_while_reasoning
        return parameter in family["parameters"] or parameter in _FILE["parameters"]


def _model(name: str, table: dict[str, Any]) -> Model:
    """Make a model of its table in the file, filled up from its family's."""
    facts = {**_FILE["family"][table["family"]], **table}
    return Model(
        name=name,
        family=facts["family"],
        encoding=facts["encoding"],
        instruction_role=facts["instruction_role"],
        snapshot=facts.get("snapshot", name),
        context_window=facts["context_window"],
        max_output=facts["max_output"],
        max_n=facts["max_n"],
        max_top_logprobs=facts["max_top_logprobs"],
        reasoning_efforts=tuple(facts["efforts"]),
        default_reasoning_effort=facts.get("default_effort"),
        end=facts.get("end"),
        used=facts.get("used", False),
        tools_while_reasoning=facts.get("tools_while_reasoning", True),
    )


@cache
def models() -> tuple[Model, ...]:
    """Every model of the catalogue, the ended ones too, oldest family first."""
    return tuple(_model(name, table) for name, table in _FILE["model"].items())


@cache
def _by_name() -> dict[str, Model]:
    """Every name that may be asked for, dated snapshots too, and its model."""
    known = {}
    for model in models():
        others = _FILE["model"][model.name].get("other_snapshots", ())
        for snapshot in (model.snapshot, *others):
            known[snapshot] = replace(model, name=snapshot, snapshot=snapshot)
        known[model.name] = model
    return known


def find(name: str) -> Model | None:
    """The model of that name, or None.

    A dated snapshot of a known model (``gpt-4o-2024-11-20``) is found too: it is that model with
    its ``name`` and ``snapshot`` changed.
    """
    return _by_name().get(name)


def get(name: str) -> Model:
    """The model of that name, like :func:`find`; raises UnknownModelError naming near matches."""
    model = find(name)
    if model is None:
        raise UnknownModelError(_unknown(name))
    return model


def _unknown(name: str) -> str:
    near = get_close_matches(name, [model.name for model in models()], n=3)
    if near:
        return _("The catalogue has no model {name!r}. Did you mean {near}?").format(
            name=name, near=", ".join(near)
        )
    return _("The catalogue has no model {name!r}. The default is {default}.").format(
        name=name, default=DEFAULT_MODEL
    )
