"""The HTML of a chat: one bubble a message, and what else stands in it. Pure functions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from course_utils.language import gettext as _
from course_utils.terminal import visible
from course_utils.widgets.attempt import Attempt
from course_utils.widgets.chat_state import speaker, text_of
from course_utils.widgets.markdown import plain, render

__all__ = ["bubble", "heading", "history", "lines", "live", "note", "problem", "raw"]

_MOST_CHUNKS = 200


def history(messages: Iterable[Mapping[str, Any]]) -> str:
    """Give the bubbles of messages that will not change any more."""
    return "".join(bubble(message["role"], text_of(message)) for message in messages)


def bubble(role: str, text: str, *, who: str = "", busy: bool = False, last: bool = False) -> str:
    """Give one bubble: ``busy`` while it grows, so that a screen reader waits until it is whole.

    The ``last`` reply has its text as it was written beside it, to be copied.
    """
    who = who or speaker(role)
    more = ' aria-busy="true"' if busy else ""
    more += f' data-source="{escape(visible(text))}"' if last else ""
    kind = role if role in ("user", "assistant") else "other"
    return (
        f'<div class="cu-bubble cu-{kind}"{more}>'
        f'<div class="cu-who">{escape(visible(who))}</div>{render(text)}</div>'
    )


def live(turn: Attempt) -> str:
    """Give the bubbles of the last turn, as far as it came."""
    parts = [bubble("user", turn.text)]
    if turn.so_far:
        busy = turn.status == "streaming"
        parts.append(bubble("assistant", turn.so_far, busy=busy, last=not busy))
    if turn.status == "waiting":
        parts.append(note(_("Waiting for the first token …")))
    elif turn.status == "stopped":
        parts.append(note(_("Stopped. What came is kept.") if turn.kept else _("Stopped.")))
    elif turn.cut:
        parts.append(note(_("The token limit ended the reply here.")))
    if turn.problem:
        parts.append(problem(turn.problem))
    return "".join(parts)


def problem(text: str) -> str:
    """Give what went wrong, and what to do."""
    return f'<div class="cu-problem" role="alert">{plain(text)}</div>'


def lines(text: str) -> str:
    """Give a text of the course's own, line for line."""
    return "<br>".join(escape(visible(line)) for line in text.split("\n"))


def note(text: str) -> str:
    """Give a line that is nobody's message."""
    return f'<div class="cu-note">{escape(text)}</div>'


def raw(turn: Attempt | None) -> str:
    """Give the request of a turn as JSON, and the chunks that answered it."""
    if turn is None:
        return note(_("Nothing was sent yet."))
    chunks = [json.dumps(chunk, ensure_ascii=False) for chunk in turn.chunks[:_MOST_CHUNKS]]
    if left_out := len(turn.chunks) - len(chunks):
        chunks.append(_("… and {count} more: chat.chunks has them all").format(count=left_out))
    request = json.dumps(turn.request, ensure_ascii=False, indent=2, default=str)
    chunk_title = _("Chunks: {count}").format(count=len(turn.chunks))
    return heading(_("Request")) + plain(request) + heading(chunk_title) + plain("\n".join(chunks))


def heading(text: str) -> str:
    """Give a small heading."""
    return f"<h4>{escape(text)}</h4>"
