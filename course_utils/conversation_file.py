"""Conversations as files: UTF-8 JSON with a format and a version, and never a key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError, field_validator
from pydantic.dataclasses import dataclass as checked_dataclass

from course_utils.errors import ConversationFileError
from course_utils.files import write_whole
from course_utils.language import gettext as _
from course_utils.messages import ROLES
from course_utils.turn import Turn


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
    """Write a file, whole or not at all; raises :class:`ConversationFileError` if it cannot be."""
    text = _adapter().dump_json(saved, indent=2).decode() + "\n"
    try:
        write_whole(path, text)
    except (OSError, ValueError) as error:
        words = _("{name} cannot be saved ({why}): check its name and its folder.")
        raise _unusable(words, path, error) from None


def read(path: Path) -> Saved:
    """Read a file; raises :class:`ConversationFileError` for anything that is not one."""
    try:
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        words = _("{name} cannot be opened ({why}): check its name and its folder.")
        raise _unusable(words, path, error) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = _("{name} is not UTF-8: save it again as UTF-8 in the editor that changed it.")
        raise ConversationFileError(words.format(name=path.name)) from None
    try:
        return _adapter().validate_json(text)
    except ValidationError as error:
        raise _refusal(error, text, path) from None


def not_a_conversation(path: Path) -> ConversationFileError:
    """Make the error for JSON that :func:`write` did not write."""
    words = _(
        "{name} holds JSON that is not a conversation. Load a file that Conversation.save() wrote; "
        "this one was left as it is."
    )
    return ConversationFileError(words.format(name=path.name))


def _unusable(words: str, path: Path, error: OSError | ValueError) -> ConversationFileError:
    """Make the error for a path that cannot be used, be it for the system or, with NUL, for Python.

    Its folder is not told.
    """
    why = getattr(error, "strerror", None) or error
    return ConversationFileError(words.format(name=path.name or path, why=why))


def _refusal(error: ValidationError, text: str, path: Path) -> ConversationFileError:
    if error.errors()[0]["type"] == "json_invalid":
        words = _(
            "{name} is not whole: it was cut off or changed. Take a copy that is whole, or start a "
            "new conversation; the file was left as it is."
        )
    elif _is_newer(json.loads(text)):
        words = _("{name} was saved by a newer version of the course: update the course.")
    else:
        return not_a_conversation(path)
    return ConversationFileError(words.format(name=path.name))


def _is_newer(data: Any) -> bool:
    if not isinstance(data, dict) or data.get("format") != Saved.format:
        return False
    version = data.get("version")
    return isinstance(version, int) and version > Saved.version


@cache
def _adapter() -> TypeAdapter[Saved]:
    return TypeAdapter(Saved)
