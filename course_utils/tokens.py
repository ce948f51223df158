"""Counting tokens here, offline, as the API counts them.

A token is a run of bytes with a number; which runs there are is an *encoding*. The encoding of a
model is what tiktoken says, or the catalogue for a model that is too new for the installed
tiktoken. The rank files of ``cl100k_base`` and ``o200k_base`` ship with the course
(:mod:`course_utils.ranks`), so nothing is downloaded.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from course_utils import catalog
from course_utils.errors import MessageError, UnknownModelError
from course_utils.language import gettext as _
from course_utils.messages import listed, no_content, no_dicts
from course_utils.ranks import get_encoding, use_packaged_ranks

if TYPE_CHECKING:
    from tiktoken import Encoding

__all__ = [
    "PER_MESSAGE",
    "PER_NAME",
    "REPLY_PRIMING",
    "Message",
    "Piece",
    "chosen_encoding",
    "count_message_tokens",
    "count_tokens",
    "encoding_for",
    "get_encoding",
    "message_tokens",
    "pieces",
    "tools_tokens",
    "use_packaged_ranks",
]

# OpenAI's cookbook, "How to count tokens with tiktoken": what the chat format adds.
PER_MESSAGE = 3
"""Tokens that every message costs beside its role and its text."""

PER_NAME = 1
"""Tokens that a message's ``name`` costs beside the name itself."""

REPLY_PRIMING = 3
"""Tokens that every request costs once: they start the reply."""


class _Dumpable(Protocol):
    def model_dump(self) -> dict[str, Any]: ...


Message = Mapping[str, Any] | _Dumpable
"""A message as a dict, or as the SDK's own object (``response.choices[0].message``)."""


def encoding_for(model: str | None = None) -> Encoding:
    """The tiktoken encoding of a model (None: the course's default model).

    A model that tiktoken does not know gets the catalogue's encoding, and a warning says so once.
    Raises UnknownModelError for a model that neither knows.
    """
    return get_encoding(_encoding_name(model or catalog.DEFAULT_MODEL))


@cache
def _encoding_name(model: str) -> str:
    from tiktoken import encoding_name_for_model

    try:
        return encoding_name_for_model(model)
    except KeyError:
        known = catalog.find(model)
    if known is None:
        raise UnknownModelError(
            _(
                "Neither tiktoken nor the catalogue knows the encoding of {model!r}. "
                'Name one yourself: count_tokens(text, encoding="o200k_base").'
            ).format(model=model)
        )
    warnings.warn(
        _(
            "The installed tiktoken does not know {model}; "
            "the course's catalogue says {encoding}, and that is used."
        ).format(model=model, encoding=known.encoding),
        stacklevel=3,
    )
    return known.encoding


def count_tokens(
    text: str, *, model: str | None = None, encoding: str | Encoding | None = None
) -> int:
    """How many tokens a text is, for a model (None: the default) or in a given encoding.

    ``encoding`` is a name (``"o200k_base"``) or tiktoken's object; when given, ``model`` is not
    looked at. Text that looks like a special token (``<|endoftext|>``) is counted as the plain
    text that it is. Raises UnknownModelError like :func:`encoding_for`, and MessageError for
    something that is no text.
    """
    return _count(text, chosen_encoding(model, encoding))


def chosen_encoding(model: str | None, encoding: str | Encoding | None) -> Encoding:
    """The encoding that is meant: the given one, by name or as tiktoken's object, or the model's.

    Raises UnknownModelError like :func:`encoding_for`, and tiktoken's ValueError for a name that it
    does not know.
    """
    if encoding is None:
        return encoding_for(model)
    return get_encoding(encoding) if isinstance(encoding, str) else encoding


def count_message_tokens(
    messages: Iterable[Message],
    tools: Iterable[Mapping[str, Any]] | None = None,
    *,
    model: str | None = None,
) -> int:
    """How many tokens a request's messages and tools are: the ``usage.prompt_tokens`` of its reply.

    The sum of :func:`message_tokens` for each message, :func:`tools_tokens`, and
    :data:`REPLY_PRIMING`. Exact for text and for flat function tools, by the formulas of OpenAI's
    cookbook. Raises UnknownModelError like :func:`encoding_for`, and MessageError like
    :func:`message_tokens`.
    """
    encoding = encoding_for(model)
    counted = sum(message_tokens(message, encoding) for message in listed(messages))
    specs = [_fields(tool) for tool in listed(tools or ())]
    return counted + tools_tokens(specs, encoding) + REPLY_PRIMING


def message_tokens(message: Message, encoding: Encoding) -> int:
    """How many tokens one message adds to the prompt, so that a history can be counted as it grows.

    Counted are the role, the content (a string, or the text and refusal parts of a list), the
    ``name``, the ``refusal``, and name and arguments of tool calls, each call like one more
    message (OpenAI publishes no formula for those). Ids are not: the model never sees them. An
    image, audio or file part counts 0 here, since what it costs depends on its pixels or seconds.
    Raises MessageError for what has no such fields, or no text in them.
    """
    fields = _fields(message)
    texts = [fields.get("role"), *_content_texts(fields), fields.get("refusal")]
    total = PER_MESSAGE + sum(_count(text, encoding) for text in texts)
    if fields.get("name"):
        total += PER_NAME + _count(fields["name"], encoding)
    return total + sum(_call_tokens(call, encoding) for call in _calls(fields))


def _fields(part: Message) -> Mapping[str, Any]:
    """The fields of a message, a part or a call: a dict's own, or those of the SDK's object."""
    if isinstance(part, Mapping):
        return part
    if not hasattr(part, "model_dump"):
        raise no_dicts(part)
    return part.model_dump()


def _content_texts(fields: Mapping[str, Any]) -> list[Any]:
    content = fields.get("content")
    if isinstance(content, str) or content is None:
        return [content]
    if not isinstance(content, (list, tuple)):
        raise no_content(content, fields.get("role"))
    parts = [_fields(part) for part in content]
    return [part.get("text") or part.get("refusal") for part in parts]


def _calls(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What was called, in whichever of its three shapes the API writes it."""
    tool_calls = [_fields(call) for call in listed(fields.get("tool_calls") or ())]
    calls = [call.get("function") or call.get("custom") for call in tool_calls]
    return [call for call in [*calls, fields.get("function_call")] if call]


def _call_tokens(call: Mapping[str, Any], encoding: Encoding) -> int:
    fields = _fields(call)
    texts = (fields.get("name"), fields.get("arguments"), fields.get("input"))
    return PER_MESSAGE + sum(_count(text, encoding) for text in texts)


def _count(text: str | None, encoding: Encoding) -> int:
    if not text:
        return 0
    if not isinstance(text, str):
        raise MessageError(
            _(
                "Only a text has tokens, not {kind}. "
                "Turn it into a text first, for example with str() or json.dumps()."
            ).format(kind=type(text).__name__)
        )
    return (_count_short if len(text) <= _SHORT else _count_now)(text, encoding)


def _count_now(text: str, encoding: Encoding) -> int:
    return sum(len(encoding.encode_ordinary(part)) for part in _parts(text))


_RUN = re.compile(r"\s{2,}")
_LONGEST_RUN = 100_000


def _parts(text: str) -> Iterator[str]:
    """Cut the runs of white space that are too long for tiktoken out of a text, and into pieces.

    At a million spaces in a row it panics (its pattern overflows a stack), and the panic is no
    Exception. Cut, such a run may come to a token more.
    """
    begin = 0
    for run in _RUN.finditer(text) if len(text) > _LONGEST_RUN else ():
        cuts = range(run.start(), run.end() + 1, _LONGEST_RUN)
        for cut in cuts if len(cuts) > 1 else ():
            yield text[begin:cut]
            begin = cut
    yield text[begin:]


# Roles and the turns of a conversation are counted again with every request that sends them.
_SHORT = 200
_count_short = lru_cache(maxsize=4096)(_count_now)


# What the cookbook's formula adds for each function, and around all of them.
_PER_FUNCTION = {"cl100k_base": 10, "o200k_base": 7}
_PROPERTIES, _PER_PROPERTY, _ENUM, _PER_CHOICE, _AFTER_FUNCTIONS = 3, 3, -3, 3, 12


def tools_tokens(tools: Iterable[Mapping[str, Any]], encoding: Encoding) -> int:
    """How many tokens the ``tools`` of a request add to the prompt; 0 when there are none.

    The cookbook's formula: name and description of every function, and name, type, description and
    ``enum`` of every property; properties of properties are counted by the same rule.
    """
    counted = [_tool_tokens(tool, encoding) for tool in tools]
    return sum(counted) + _AFTER_FUNCTIONS if counted else 0


def _tool_tokens(tool: Mapping[str, Any], encoding: Encoding) -> int:
    spec = tool.get("function") or tool.get("custom") or {}
    line = f"{spec.get('name', '')}:{_sentence(spec)}"
    total = _PER_FUNCTION.get(encoding.name, 7) + _count(line, encoding)
    return total + _schema_tokens(spec.get("parameters"), encoding)


def _schema_tokens(schema: Any, encoding: Encoding) -> int:
    properties = _object(_object(schema).get("properties"))
    counted = [_property_tokens(name, value, encoding) for name, value in properties.items()]
    return sum(counted) + _PROPERTIES if counted else 0


def _property_tokens(name: str, schema: Any, encoding: Encoding) -> int:
    schema = _object(schema)
    total = _PER_PROPERTY + _count(f"{name}:{_type(schema)}:{_sentence(schema)}", encoding)
    if choices := _array(schema.get("enum")):
        total += _ENUM + sum(_PER_CHOICE + _count(str(choice), encoding) for choice in choices)
    return total + _schema_tokens(schema, encoding)


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "")
    return kind if isinstance(kind, str) else "|".join(map(str, _array(kind)))


def _sentence(schema: Mapping[str, Any]) -> str:
    return str(schema.get("description") or "").removesuffix(".")


# A schema is whatever JSON the caller wrote (``true`` is one too): counting must not fail on it.
def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _array(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


@dataclass(frozen=True)
class Piece:
    """One token of a text: its number, its bytes, and the text that those bytes are.

    ``text`` is None when the bytes are not whole characters, as when a Hangul syllable (three
    bytes) is split over two tokens.
    """

    id: int
    bytes: bytes
    text: str | None

    @property
    def label(self) -> str:
        """The text, or the bytes as they are: ``<EB B0>`` for part of a character."""
        return self.text if self.text is not None else f"<{self.bytes.hex(' ').upper()}>"


def pieces(
    text: str, *, model: str | None = None, encoding: str | Encoding | None = None
) -> list[Piece]:
    """The tokens of a text, in order; their bytes joined are the text in UTF-8.

    ``model`` and ``encoding`` are read, and errors raised, as by :func:`count_tokens`.
    """
    chosen = chosen_encoding(model, encoding)
    return [_piece(id, chosen) for part in _parts(text) for id in chosen.encode_ordinary(part)]


def _piece(number: int, encoding: Encoding) -> Piece:
    data = encoding.decode_single_token_bytes(number)
    try:
        return Piece(number, data, data.decode("utf-8"))
    except UnicodeDecodeError:
        return Piece(number, data, None)
