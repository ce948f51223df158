"""One message of a conversation as a plain dict, one function a role.

The dicts are what ``client.chat.completions.create(messages=[...])`` takes; the names of the
fields are those of the ``openai`` package's own types.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from course_utils.errors import MessageError
from course_utils.language import gettext as _

if TYPE_CHECKING:
    from openai.types.chat import (
        ChatCompletionAssistantMessageParam,
        ChatCompletionDeveloperMessageParam,
        ChatCompletionSystemMessageParam,
        ChatCompletionToolMessageParam,
        ChatCompletionUserMessageParam,
    )

Content = str | list[dict[str, Any]]
"""A text, or a list of parts such as ``{"type": "text", "text": "…"}``."""

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
"""Every role that a message may have; ``function`` is what ``tool`` was called before."""


def system(content: Content) -> ChatCompletionSystemMessageParam:
    """Make a system message: instructions for the whole conversation, for classic models."""
    return {"role": "system", "content": _checked(content, "system")}


def developer(content: Content) -> ChatCompletionDeveloperMessageParam:
    """Make a developer message: what reasoning models read in place of a system message."""
    return {"role": "developer", "content": _checked(content, "developer")}


def user(content: Content) -> ChatCompletionUserMessageParam:
    """Make a user message: a text, or a list of parts. Raises :class:`MessageError`."""
    return {"role": "user", "content": _checked(content, "user")}


def assistant(
    content: Content | None, tool_calls: Iterable[Any] | None = None
) -> ChatCompletionAssistantMessageParam:
    """Make an assistant message: a reply, the tool calls it asked for, or both.

    ``tool_calls`` are dicts or the objects of a response (``message.tool_calls``). ``content`` may
    be None only where there are tool calls. Raises :class:`MessageError`.
    """
    calls = [_plain(call) for call in listed(tool_calls or ())]
    if not calls:
        return {"role": "assistant", "content": _checked(content, "assistant")}
    checked = None if content is None else _checked(content, "assistant")
    return {"role": "assistant", "content": checked, "tool_calls": calls}


def tool(call_id: str, content: Content) -> ChatCompletionToolMessageParam:
    """Make a tool message: what your code answers to the tool call ``call_id``.

    Raises :class:`MessageError`, also for an answer that is not a text yet: turn it into one with
    ``json.dumps(answer, ensure_ascii=False)``.
    """
    if not isinstance(call_id, str) or not call_id:
        raise MessageError(
            _(
                "A tool message names the call that it answers: tool(call.id, …), not {id!r}."
            ).format(id=call_id)
        )
    return {"role": "tool", "tool_call_id": call_id, "content": _checked(content, "tool")}


def whole(data: Any) -> Any:
    """Give JSON data back with whole characters: surrogate pairs joined, a lone one as ``�``."""
    if isinstance(data, str):
        return data.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(data, Mapping):
        return {name: whole(value) for name, value in data.items()}
    return [whole(item) for item in data] if isinstance(data, list) else data


def refuse_halves(data: object, role: str) -> None:
    """Raise :class:`MessageError` for JSON data with half a character somewhere in its texts."""
    if whole(data) != data:
        raise MessageError(
            _(
                "The text of the {role} message holds half a character (a lone surrogate), "
                "which cannot be sent. Type or read that text again as UTF-8."
            ).format(role=role)
        )


def no_content(content: object, role: object) -> MessageError:
    """Make the error for a content that is neither a text nor a list of parts."""
    return MessageError(_why(content).format(role=role, type=type(content).__name__))


def listed(values: object) -> Iterable[Any]:
    """Give a list of messages, parts or calls back; raises :class:`MessageError` for no list."""
    if isinstance(values, Iterable) and not isinstance(values, (str, bytes, Mapping)):
        return values
    raise no_dicts(values)


def no_dicts(values: object) -> MessageError:
    """Make the error for what stands where a list of dicts belongs, or in it."""
    return MessageError(
        _(
            "A list of dicts belongs here (messages such as [user(…)], parts or tool calls), "
            "not {kind}."
        ).format(kind=type(values).__name__)
    )


def _checked(content: object, role: str) -> Any:
    """Give the content back if the API would take its shape."""
    is_parts = isinstance(content, list) and content and all(map(_is_part, content))
    if not (isinstance(content, str) or is_parts):
        raise no_content(content, role)
    refuse_halves(content, role)
    return content


def _is_part(part: object) -> bool:
    return isinstance(part, Mapping) and isinstance(part.get("type"), str)


def _why(content: object) -> str:
    if hasattr(content, "choices"):
        return _(
            "The content of the {role} message is a whole response. "
            "Its text is in response.choices[0].message.content."
        )
    if isinstance(content, list):
        return _(
            "The content of the {role} message is a list with something in it that is not a part. "
            'Each part is a dict such as {{"type": "text", "text": "…"}}.'
        )
    return _(
        "The content of the {role} message must be a text or a list of parts, not {type}. "
        "Turn it into a text first, for example with str() or json.dumps()."
    )


def _plain(call: Any) -> Any:
    if hasattr(call, "model_dump"):
        return call.model_dump(exclude_unset=True)
    if not isinstance(call, Mapping):
        raise no_dicts(call)
    return dict(call)
