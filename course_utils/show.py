"""What a reader looks at: a request, an event, a response as they crossed, tokens, and bars.

Everything is printed the same on every run: what differs from call to call (ids, times, padding)
is shortened to ``…``. Control characters in what a model wrote are printed as ``\\u001b``, so that
no text can move the cursor, change colours or turn the direction of writing.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from course_utils.bars import Bars
from course_utils.errors import LessonError
from course_utils.language import gettext as _
from course_utils.terminal import visible
from course_utils.token_boxes import TokenBoxes

if TYPE_CHECKING:
    from tiktoken import Encoding

_HEADERS = ("content-type", "accept", "authorization")  # the others vary between machines

# A quote inside a JSON string is escaped, so these match keys only and never a model's text.
_VARYING = (
    (re.compile(r'("id":\s*"(?:chatcmpl-|call_))[^"]+'), r"\1…"),
    (re.compile(r'("created":\s*)\d+'), r"\1…"),
    (re.compile(r'("obfuscation":\s*")[^"]+'), r"\1…"),
)
_FINGERPRINT = ((re.compile(r'("system_fingerprint":\s*"(?:fp_)?)[^"]+'), r"\1…"),)


def request(raw: Any) -> None:
    """Print the HTTP request that was sent: method and path, headers, the body as JSON.

    ``raw`` is what ``client.chat.completions.with_raw_response.create(...)`` returned, or an error
    that the API answered with. Of the headers, those that say something and are the same on every
    machine; the key is masked. Raises :class:`~course_utils.errors.LessonError` for something that
    holds no request.
    """
    sent = _sent(raw)
    lines = [f"{sent.method} {_path(sent)}"]
    headers = _without_key(sent.headers)
    lines += [f"{name}: {headers[name]}" for name in _HEADERS if name in headers]
    if body := _body(sent):
        lines += ["", body]
    print(visible("\n".join(lines)))


def curl(raw: Any) -> None:
    """Print the same request as a ``curl`` command that can be pasted into a shell.

    The key is read from ``OPENAI_API_KEY`` and the server from ``OPENAI_BASE_URL`` (OpenAI's if it
    is not set), so the command holds no secret. ``raw`` and errors as for :func:`request`.
    """
    sent = _sent(raw)
    path = _path(sent).rpartition("/v1")[2]
    address = f'"${{OPENAI_BASE_URL:-https://api.openai.com/v1}}{path}"'
    key = '-H "Authorization: Bearer $OPENAI_API_KEY"'
    lines = [f"curl {address}", key]
    if body := _body(sent):
        # Without -N, curl holds a stream back until its buffer is full.
        command = "curl -N" if json.loads(body).get("stream") else "curl"
        lines = [f"{command} {address}", '-H "Content-Type: application/json"', key]
        lines.append(f"-d {shlex.quote(visible(body))}")
    print(" \\\n  ".join(lines))


def event(line: str) -> None:
    """Print one line of an event stream as it crossed, with ids, times and padding as ``…``.

    ``line`` is what ``iter_lines()`` of a streamed raw response gives: ``data: {…}``, or the empty
    line that ends an event. Raises :class:`~course_utils.errors.LessonError` for anything else.
    """
    if not isinstance(line, str):
        raise LessonError(
            _("show.event() takes one line of a stream, a text, not a {kind}.").format(
                kind=type(line).__name__
            )
        )
    print(visible(_shortened(line, _VARYING + _FINGERPRINT)))


def response(answer: Any) -> None:
    """Print a response or a chunk as indented JSON, with ids, times and padding as ``…``.

    ``answer`` is one of the SDK's objects, or the same as a dict. Fields that the server did not
    send are left out. Raises :class:`~course_utils.errors.LessonError` for anything else.
    """
    data = answer.to_dict(mode="json") if hasattr(answer, "to_dict") else answer
    if not isinstance(data, Mapping):
        raise LessonError(
            _("show.response() takes a response or a chunk of the API, not a {kind}.").format(
                kind=type(answer).__name__
            )
        )
    text = json.dumps(data, indent=2, ensure_ascii=False)
    print(visible(_shortened(text, _VARYING)))


def bars(
    rows: Iterable[Mapping[str, Any]],
    *,
    title: str,
    x: str,
    y: str = "tokens",
    stack: str | None = None,
    group: str | None = None,
    y_max: float | None = None,
) -> Bars:
    """Bars of ``y`` over ``x``, in the order of ``rows``, in coloured parts or side by side.

    Each row is a dict with the keys ``x``, ``y``, and ``stack`` or ``group``, which are also the
    labels that the reader sees; ``y`` is a number from 0 (int, float or Decimal). With ``stack``
    a bar is the sum of its parts; with ``group`` the bars of an ``x`` stand side by side, to be
    compared. ``y_max`` is where the axis ends and longer bars are cut, so that charts can be
    compared; without it, the longest bar sets it. Put the result on the last line of a cell.
    Raises :class:`~course_utils.errors.LessonError` for no rows, a missing key, a bad number, or
    both a stack and a group.
    """
    return Bars(rows, title=title, x=x, y=y, stack=stack, group=group, y_max=y_max)


def tokens(
    text: str, *, model: str | None = None, encoding: str | Encoding | None = None
) -> TokenBoxes:
    """The tokens of a text as coloured boxes: text, id and bytes; in a terminal, as a table.

    For a model (None: the default), or in an encoding given by name or as tiktoken's object. Tokens
    that are cut inside a character are joined in one frame; what looks like a special token is the
    plain text that it is; the boxes end after 500 tokens. Put the result on the last line of a
    cell. Raises :class:`~course_utils.errors.LessonError` for something that is not text,
    UnknownModelError for an unknown model, and tiktoken's ValueError for an unknown encoding.
    """
    return TokenBoxes(text, model=model, encoding=encoding)


def _sent(raw: Any) -> Any:
    """The HTTP request of a raw response or of an API error."""
    sent = getattr(raw, "http_request", None) or getattr(raw, "request", None)
    if sent is None:
        raise LessonError(
            _(
                "A {kind} holds no request: give what "
                "client.chat.completions.with_raw_response.create(...) returned."
            ).format(kind=type(raw).__name__)
        )
    return sent


def _without_key(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with ``Bearer sk-…`` (or what else authorizes) as ``Bearer sk-****``."""
    shown = dict(headers)
    if scheme_and_key := shown.get("authorization"):
        scheme, space, key = scheme_and_key.rpartition(" ")
        shown["authorization"] = f"{scheme}{space}{'sk-' if key.startswith('sk-') else ''}****"
    return shown


def _path(sent: Any) -> str:
    """The path, and the query with its values hidden: some servers take the key there."""
    return re.sub(r"(?<==)[^&]+", "****", str(sent.url.raw_path.decode()))


def _body(sent: Any) -> str:
    """The JSON body of a request, indented; empty if there is none.

    In one order of keys, which means nothing in JSON: openai 2 and 3 send them in different ones.
    """
    if not sent.content:
        return ""
    body = json.loads(sent.content)
    order = sorted(body, key=lambda key: (key != "model", key != "messages", key))
    return json.dumps({key: body[key] for key in order}, indent=2, ensure_ascii=False)


def _shortened(text: str, patterns: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for pattern, replacement in patterns:
        text = pattern.sub(replacement, text)
    return text
