"""Who answers: OpenAI, another server that speaks its protocol, or the practice server.

:func:`connect` takes the first of these that is there:

=====  ==================================================  =====================================
order  what is there                                       who answers
=====  ==================================================  =====================================
1      an argument: ``server``, ``base_url``, ``api_key``  what it names; a key alone names
                                                           ``OPENAI_BASE_URL``, else OpenAI
2      ``COURSE_SERVER`` in the environment:               what it names
       ``practice``, ``openai``, or an address
3      the Colab secret ``OPENAI_API_KEY``                 OpenAI
4      ``OPENAI_API_KEY`` or ``OPENAI_BASE_URL`` in the    that address, else OpenAI
       environment
5      the same two names in the nearest ``.env`` file,    that address, else OpenAI
       from the working folder upwards
6      none of these                                       the practice server
=====  ==================================================  =====================================

A key that was found rather than passed goes only to where it belongs: to the ``OPENAI_BASE_URL``
that stands beside it, else to OpenAI. Any other server gets the key that was passed, or ``none``.
"""

from __future__ import annotations

import os
from types import EllipsisType
from typing import Any
from urllib.parse import urlsplit

import openai

from course_utils import catalog, cost, practice
from course_utils.budget import Amount
from course_utils.errors import ConnectError, UnknownPriceError
from course_utils.language import gettext as _
from course_utils.language import set_language
from course_utils.meter import AsyncMeteredClient, Meter, MeteredClient
from course_utils.servers import Server, choose, is_loopback, is_openai, models_at
from course_utils.tokens import use_packaged_ranks


def connect(
    server: str | None = None,
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    cap: Amount | EllipsisType | None = ...,
    language: str | None = None,
    quiet: bool = False,
    **options: Any,
) -> openai.OpenAI:
    """Make an ordinary ``openai.OpenAI`` and print one line: who answers, which model, what price.

    Args:
        server: ``"practice"``, ``"openai"``, an address, or None for the order above.
        api_key: the key to send; recommended for a class, since you see which one is used.
        base_url: the address of an OpenAI-compatible server, usually ending in ``/v1``.
        cap: a spending cap in US dollars for this client alone, None for no cap at all. Unless
            it is given, the client shares the process's (:func:`course_utils.set_cap`), and play
            money has none.
        language: ``"ko"`` or ``"en"``: sets the language of all the course's messages.
        quiet: print nothing.
        options: anything else that ``openai.OpenAI`` takes but ``http_client``, which carries the
            spending cap; so does ``with_options(http_client=…)`` take the cap away.

    Raises:
        ConnectError: there is no key for OpenAI, a key cannot be one, an address is not one, no
            server answers there, or ``.env`` cannot be read. OpenAI itself is not asked anything
            before the first call, so a wrong key shows there.
    """
    chosen, meter = _prepare(server, api_key, base_url, cap, language, options)
    http_client = MeteredClient(meter, trust_env=not is_loopback(chosen.url))
    made = openai.OpenAI(
        api_key=chosen.key, base_url=chosen.url, http_client=http_client, **options
    )
    if not quiet:
        print(_line(chosen))
    return made


def connect_async(
    server: str | None = None,
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    cap: Amount | EllipsisType | None = ...,
    language: str | None = None,
    quiet: bool = False,
    **options: Any,
) -> openai.AsyncOpenAI:
    """Make an ordinary ``openai.AsyncOpenAI``; all else, also this function, is as `connect`."""
    chosen, meter = _prepare(server, api_key, base_url, cap, language, options)
    http_client = AsyncMeteredClient(meter, trust_env=not is_loopback(chosen.url))
    made = openai.AsyncOpenAI(
        api_key=chosen.key, base_url=chosen.url, http_client=http_client, **options
    )
    if not quiet:
        print(_line(chosen))
    return made


def default_model(client: openai.OpenAI | openai.AsyncOpenAI) -> str:
    """Tell which model to ask a client's server for.

    ``COURSE_MODEL`` of the environment comes first. Otherwise it is the course's default model,
    unless another server lists its models and that one is not among them: then its first that is
    not for embeddings. Raises :class:`ConnectError` if that server cannot be reached.
    """
    url, key = str(client.base_url), client.api_key
    at_home = is_openai(url) or key == practice.KEY or "COURSE_MODEL" in os.environ
    return _model(None if at_home else models_at(url, key, {}))


def _prepare(
    server: str | None,
    api_key: str | None,
    base_url: str | None,
    cap: Amount | EllipsisType | None,
    language: str | None,
    options: dict[str, Any],
) -> tuple[Server, Meter]:
    if language is not None:
        set_language(language)
    if "http_client" in options:
        raise ConnectError(
            _(
                "connect() makes the http_client itself, since the spending cap hangs on it: leave "
                "it out, or call openai.OpenAI(http_client=…), which has no cap."
            )
        )
    use_packaged_ranks()
    chosen = choose(server, api_key, None if base_url is None else str(base_url), options)
    meter = Meter(cap, practice=chosen.practice)
    meter.budget.cap  # noqa: B018  (a COURSE_CAP that is no amount is told here, not at a call)
    return chosen, meter


def _model(names: list[str] | None) -> str:
    if name := os.environ.get("COURSE_MODEL"):
        return name
    if not names or catalog.DEFAULT_MODEL in names:
        return catalog.DEFAULT_MODEL
    return next((name for name in names if "embed" not in name), names[0])


def _line(server: Server) -> str:
    """Say who answers, with which model, at what price."""
    model = _model(server.models)
    try:
        price = cost.price(model)
        at = _("per million tokens {input} in, {output} out (genai-prices)").format(
            input=cost.dollars(price.input), output=cost.dollars(price.output)
        )
    except UnknownPriceError:
        at = _("no list price")
    if server.practice:
        words = _(
            "The practice server on this machine answers in place of {model}. "
            "You pay nothing; the real model's price: {at}."
        )
    elif is_openai(server.url):
        words = _("OpenAI answers with {model}: {at}.")
    else:
        words = _("The server at {host} answers with {model}: {at}.")
    return words.format(host=urlsplit(server.url).hostname, model=model, at=at)
