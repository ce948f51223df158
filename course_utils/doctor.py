"""What is stale, ended or missing: the checks behind ``course doctor``.

The catalogue is compared with the installed openai (names, parameters, announced ends), tiktoken
(encodings) and genai-prices (prices, context windows), and the machine with what the course needs.
Nothing is sent anywhere.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Literal

from course_utils import announced, catalog, cost, keys
from course_utils.errors import ConnectError, UnknownPriceError
from course_utils.language import gettext as _
from course_utils.ranks import PACKAGED, get_encoding

STALE_AFTER_DAYS = 90
_DISTRIBUTION = "chat-completions-course"

Severity = Literal["ok", "note", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """One thing that was checked, as one sentence.

    ``ok``: as it should be. ``note``: worth knowing. ``warning``: soon wrong, or partly.
    ``error``: lessons fail until it is mended.
    """

    severity: Severity
    sentence: str


def check(today: date | None = None) -> list[Finding]:
    """Check the machine, then the catalogue; ``today`` is the day to judge by (None: today).

    The catalogue is looked at only when the machine is in order.
    """
    today = today or date.today()
    machine = [*_python(), *_packages(), *_key()]
    if any(finding.severity == "error" for finding in machine):
        return machine
    said = [*_names(), *_parameters(), *_encodings(), *_prices(), *_windows()]
    return [*machine, *_ranks(), *_age(today), *_ends(today), *said]


def _python() -> Iterator[Finding]:
    yield Finding("ok", f"Python {platform.python_version()}, {platform.system()}")


def _packages() -> Iterator[Finding]:
    found, missing = [], []
    for package in _dependencies():
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    yield Finding("ok", ", ".join(found))
    if missing:
        names = " ".join(missing)
        yield Finding("error", _("Missing: install with pip install {names}").format(names=names))


def _dependencies() -> list[str]:
    """The names of the packages that the course always needs, from its own metadata."""
    unconditional = [line for line in requires(_DISTRIBUTION) or () if ";" not in line]
    return [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in unconditional]


def _key() -> Iterator[Finding]:
    try:
        place = next((place for place in keys.found() if place.key), None)
        has_key = place and keys.checked(place.key or "", for_openai=place.base_url is None)
    except ConnectError as error:
        yield Finding("error", str(error))
        return
    if has_key:
        yield Finding("ok", _("There is a key: lessons call a real model, which costs."))
    else:
        yield Finding("ok", _("There is no key: the practice server answers, which is free."))


def _ranks() -> Iterator[Finding]:
    try:
        for name in PACKAGED:
            get_encoding(name)
    except Exception as error:  # whatever tiktoken, lzma or the disk has to say
        yield Finding("error", _("Tokens cannot be counted: {error}").format(error=error))
    else:
        yield Finding("ok", _("Tokens are counted offline."))


def _age(today: date) -> Iterator[Finding]:
    days = (today - catalog.AS_OF).days
    sentence = _("The catalogue of models was checked on {day}, {days} days ago.").format(
        day=catalog.AS_OF, days=days
    )
    yield Finding("warning" if days > STALE_AFTER_DAYS else "ok", sentence)


def _ends(today: date) -> Iterator[Finding]:
    ends = announced.ends()
    if not ends:
        yield Finding(
            "note",
            _("openai {version} announces no ends of models; the catalogue's are used.").format(
                version=version("openai")
            ),
        )
    for model in catalog.models():
        end = ends.get(model.name) if ends else model.end
        if end != model.end:
            yield _disagreement(model.name, "end", model.end, "openai", end)
        if end and model.used:
            yield _end_of_used(model.name, end, today)


def _end_of_used(model: str, end: date, today: date) -> Finding:
    if end <= today:
        sentence = _("{model}, which lessons call, ended on {end}: choose another.")
        return Finding("error", sentence.format(model=model, end=end))
    sentence = _("{model}, which lessons call, ends on {end}, in {days} days.")
    return Finding("warning", sentence.format(model=model, end=end, days=(end - today).days))


def _names() -> Iterator[Finding]:
    known = announced.models()
    unknown = [model.name for model in catalog.models() if model.name not in known]
    yield from _unknown_to("openai", unknown, _("their names are sent all the same"))


def _parameters() -> Iterator[Finding]:
    """Say which parameters the SDK has gained since the catalogue was checked."""
    new = sorted(announced.parameters() - catalog.PARAMETERS)
    if new:
        sentence = _("openai {version} has parameters that the catalogue does not know: {names}.")
        names = ", ".join(new)
        yield Finding("warning", sentence.format(version=version("openai"), names=names))


def _encodings() -> Iterator[Finding]:
    from tiktoken import encoding_name_for_model

    unknown = []
    for model in catalog.models():
        try:
            encoding = encoding_name_for_model(model.name)
        except KeyError:
            unknown.append(model.name)
            continue
        if encoding != model.encoding:
            yield _disagreement(model.name, "encoding", model.encoding, "tiktoken", encoding)
    yield from _unknown_to("tiktoken", unknown, _("the catalogue's encoding is used"))


def _prices() -> Iterator[Finding]:
    unknown = []
    for model in catalog.models():
        try:
            cost.price(model.name)
        except UnknownPriceError:
            unknown.append(model.name)
    yield from _unknown_to("genai-prices", unknown, _("what they cost cannot be told"))


def _windows() -> Iterator[Finding]:
    """Compare context windows; genai-prices rounds some of them to a whole million."""
    for model in catalog.models():
        theirs, ours = cost.context_window(model.name), model.context_window
        if theirs is not None and abs(theirs - ours) > ours * 0.05:
            yield _disagreement(model.name, "context window", ours, "genai-prices", theirs)


def _unknown_to(package: str, models: Iterable[str], then: str) -> Iterator[Finding]:
    """Say which models a package does not know; more than a note if a lesson calls one of them."""
    names = list(models)
    who = f"{package} {version(package)}"
    if not names:
        yield Finding("ok", _("{who} knows all models of the catalogue.").format(who=who))
        return
    used = any(catalog.get(name).used for name in names)
    sentence = _("{who} does not know {names}: {then}.")
    yield Finding(
        "warning" if used else "note",
        sentence.format(who=who, names=", ".join(names), then=then),
    )


def _disagreement(model: str, field: str, ours: object, package: str, theirs: object) -> Finding:
    sentence = _("{model}: the catalogue's {field} is {ours}, but {who} says {theirs}.")
    who = f"{package} {version(package)}"
    return Finding(
        "warning",
        sentence.format(model=model, field=field, ours=ours, who=who, theirs=theirs),
    )
