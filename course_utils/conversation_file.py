"""Conversations as files: UTF-8 JSON with a format and a version, and never a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError, field_validator
from pydantic.dataclasses import dataclass as checked_dataclass

from course_utils.errors import ConversationFileError
from course_utils.files import write_whole
from course_utils.language import gettext as _
from course_utils.messages import ROLES


@dataclass(frozen=True)
class Turn:
    """What one reply took: tokens as the server counted them, and its cost in dollars.

    ``complete`` is False for a reply that broke off or was not read to its end: its tokens are
    then counted here.
    """

    prompt_tokens: int
    completion_tokens: int
    cost: Decimal
    complete: bool = True


@checked_dataclass(frozen=True)
class Saved:
    """What a file holds."""

    model: str
    messages: list[dict[str, Any]]
    turns: list[Turn]
    max_tokens: int | None = None
    format: Literal["conversation"] = "conversation"
    version: Literal[1] = 1

    @field_validator("messages")
    @classmethod
    def _are_messages(cls, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for message in messages:
            content = message.get("content")
            is_content = isinstance(content, str) or (
                isinstance(content, list) and all(isinstance(part, Mapping) for part in content)
            )
            if message.get("role") not in ROLES or not (content is None or is_content):
                raise ValueError("not a message")
        return messages


def write(path: Path, saved: Saved) -> None:
    """Write a file, whole or not at all. Raises :class:`OSError` like any writing."""
    write_whole(path, _adapter().dump_json(saved, indent=2).decode() + "\n")


def read(path: Path) -> Saved:
    """Read a file; raises :class:`ConversationFileError` for anything that is not one."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        words = _("{name} cannot be opened ({why}): check its name and its folder.")
        why = error.strerror or type(error).__name__
        raise ConversationFileError(words.format(name=path.name, why=why)) from None
    except UnicodeDecodeError:
        words = _("{name} is not UTF-8: save it again as UTF-8 in the editor that changed it.")
        raise ConversationFileError(words.format(name=path.name)) from None
    try:
        return _adapter().validate_json(text)
    except ValidationError as error:
        raise _refusal(error, path) from None


def not_a_conversation(path: Path) -> ConversationFileError:
    """Make the error for JSON that :func:`write` did not write."""
    words = _(
        "{name} holds JSON that is not a conversation. Load a file that Conversation.save() wrote; "
        "this one was left as it is."
    )
    return ConversationFileError(words.format(name=path.name))


def _refusal(error: ValidationError, path: Path) -> ConversationFileError:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        words = _(
            "{name} is not whole: it was cut off or changed. Take a copy that is whole, or start a "
            "new conversation; the file was left as it is."
        )
    elif first["loc"] == ("version",):
        words = _("{name} was saved by a newer version of the course: update the course.")
    else:
        return not_a_conversation(path)
    return ConversationFileError(words.format(name=path.name))


@cache
def _adapter() -> TypeAdapter[Saved]:
    return TypeAdapter(Saved)
