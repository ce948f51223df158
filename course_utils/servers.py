"""Choosing a server, and asking one that is not OpenAI's which models it has.

The order of the choice is the table of :mod:`course_utils.client`.
"""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import openai

from course_utils import keys, practice
from course_utils.errors import ConnectError
from course_utils.language import gettext as _

OPENAI_URL = "https://api.openai.com/v1"
_PATIENCE = 5.0  # seconds for a server to list its models
# What is a key, wherever it stands, or nothing but a key.
_KEY = re.compile(r"(?<![\w-])sk-[\w-]{8,}|^\W*[\w-]{20,}\W*$")
_NO_LIST = (AttributeError, TypeError, ValueError)  # what reading something else as one raises


@dataclass(frozen=True)
class Server:
    """A server that was chosen; ``models`` is None unless it was asked for its list."""

    url: str
    key: str = field(repr=False)
    practice: bool = False
    models: list[str] | None = None


def is_openai(url: str) -> bool:
    """Tell whether an address is OpenAI's own API, in any of its regions."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "https" and f".{host}".endswith(".api.openai.com")


def choose(
    server: str | None, api_key: str | None, base_url: str | None, options: dict[str, Any]
) -> Server:
    """Choose who answers. Raises :class:`ConnectError`; see :func:`course_utils.client.connect`."""
    if server is not None and base_url is not None:
        raise ConnectError(
            _("connect() takes a server or a base_url, not both: leave one of them out.")
        )
    if (named := base_url if server is None else server) is not None:
        return _named(named, api_key, options)
    if api_key is not None:
        return _named(os.environ.get(keys.BASE_URL) or OPENAI_URL, api_key, options)
    if named := os.environ.get("COURSE_SERVER"):
        return _named(named, None, options)
    for place in keys.found():
        if place.key or place.base_url:
            return _at(place.base_url or OPENAI_URL, place.key, options)
    return _named("practice", None, options)


def _named(name: str, api_key: str | None, options: dict[str, Any]) -> Server:
    if name == "practice":
        key = practice.KEY if api_key is None else keys.checked(api_key, for_openai=False)
        return Server(practice.shared_server().url, key, practice=True)
    url = OPENAI_URL if name == "openai" else _checked_url(name)
    return _at(url, _key_for(url) if api_key is None else api_key, options)


def _at(url: str, key: str | None, options: dict[str, Any]) -> Server:
    """Go to an address, with a key that may go there."""
    url = _checked_url(url)
    if is_openai(url):
        if key is None:
            raise ConnectError(_no_key())
        return Server(url, keys.checked(key, for_openai=True))
    key = "none" if key is None else keys.checked(key, for_openai=False)
    plays = key == practice.KEY and is_loopback(url)
    return Server(url, key, practice=plays, models=models_at(url, key, options))


def _key_for(url: str) -> str | None:
    """Find a key that belongs to an address: set for OpenAI, or beside that same address."""
    for place in keys.found():
        home = place.base_url or OPENAI_URL
        if place.key and (
            home.rstrip("/") == url.rstrip("/") or (is_openai(home) and is_openai(url))
        ):
            return place.key
    return None


def _no_key() -> str:
    return _(
        "OpenAI needs a key and none was found. Put it into one of three places: "
        "connect(api_key=…), OPENAI_API_KEY in the environment or in a .env file, or Colab's "
        'secrets. Or practise without one: connect("practice").'
    )


def _checked_url(text: str) -> str:
    """Give an address back; raises :class:`ConnectError` for what is not one."""
    if not isinstance(text, str):
        raise ConnectError(
            _(
                'A server is named by a text: "practice", "openai", or an address, not by {kind}.'
            ).format(kind=type(text).__name__)
        )
    if _KEY.search(text):  # which is not to be shown
        raise ConnectError(
            _(
                "A key is where a server belongs. Give it as connect(api_key=…), or put it into "
                "OPENAI_API_KEY in the environment or in a .env file."
            )
        )
    try:
        parts = urlsplit(text)
        (parts.hostname or "").encode("idna")  # as the SDK will, with an error of its own
        is_plain = text.isprintable() and " " not in text
        ok = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and is_plain
    except ValueError:
        ok = None
    if not ok:
        raise ConnectError(
            _(
                '{text!r} names no server. Write "practice", "openai", or an address that begins '
                "with http:// or https://, such as http://localhost:11434/v1."
            ).format(text=_without_secrets(text))
        )
    if parts.path.rstrip("/").endswith("/chat/completions"):
        raise ConnectError(
            _("The base_url is too long: leave out /chat/completions, the client adds it.")
        )
    return text


def _without_secrets(text: str) -> str:
    text = re.sub(r"(?<=//)[^/@]*(?=@)", "…", text)  # a password, perhaps
    return re.sub(r"[\w-]{20,}", "…", text)


def is_loopback(url: str) -> bool:
    """Whether an address is this machine, which no proxy of the environment can reach."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def models_at(url: str, key: str, options: dict[str, Any]) -> list[str] | None:
    """Ask a server for its models; None if it does not list any.

    Raises :class:`ConnectError` if nothing answers, or if ``/v1`` is missing in the address.
    """
    try:
        return _listed(url, key, options)
    except (openai.NotFoundError, *_NO_LIST):  # or a page for people, where /v1 is missing
        if "/v1" not in urlsplit(url).path and _answers(f"{url.rstrip('/')}/v1", key, options):
            raise ConnectError(
                _("The base_url of the server at {host} lacks its end: add /v1 to it.").format(
                    host=urlsplit(url).hostname
                )
            ) from None
    except openai.APIConnectionError:
        raise ConnectError(
            _(
                "No server answers at {host}. Check that it runs, and that the base_url has the "
                "right host and port."
            ).format(host=urlsplit(url).hostname)
        ) from None
    except openai.APIError:
        pass  # it is there, and says what it does not like when it is called
    return None


def _answers(url: str, key: str, options: dict[str, Any]) -> bool:
    try:
        return _listed(url, key, options) is not None
    except (openai.APIError, *_NO_LIST):
        return False


def _listed(url: str, key: str, options: dict[str, Any]) -> list[str]:
    extra = {
        name: options[name] for name in ("default_headers", "default_query") if name in options
    }
    http_client = openai.DefaultHttpxClient(trust_env=not is_loopback(url))
    with openai.OpenAI(
        api_key=key,
        base_url=url,
        http_client=http_client,
        timeout=_PATIENCE,
        max_retries=0,
        **extra,
    ) as probe:
        return [model.id for model in probe.models.list().data if isinstance(model.id, str)]
