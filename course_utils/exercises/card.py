"""A verdict as a card in a notebook, and as text where there is no HTML."""

from __future__ import annotations

from html import escape

from course_utils.exercises.marks import Mark, Verdict
from course_utils.language import gettext as _

DATA = "application/vnd.chat-completions-course.verdict+json"
"""The type under which a card's output also carries the verdict as data."""

_MET, _NOT_MET = "○", "✗"
_STYLE = "border-left:4px solid {colour};padding:2px 12px;margin:4px 0;line-height:1.5"


def text(verdict: Verdict) -> str:
    """Return a verdict as plain text."""
    lines = [_heading(verdict)]
    if verdict.note:
        lines.append(f"  {verdict.note}")
    else:
        for mark in verdict.marks:
            lines.append(f"  {_sign(mark)} {mark.earned}/{mark.points}  {mark.title}")
            for name, value in _details(mark):
                lines += f"         {name}: {value}".replace("\n", f"\n{' ' * 11}").split("\n")
    return "\n".join(lines)


def html(verdict: Verdict) -> str:
    """Return a verdict as HTML; whatever came from the student's code is escaped."""
    full = verdict.earned == verdict.points
    colour = "#2e7d32" if full else "#c62828" if verdict.state == "checked" else "#9e9e9e"
    body = escape(verdict.note) if verdict.note else "".join(map(_row, verdict.marks))
    style = _STYLE.format(colour=colour)
    return f'<div style="{style}"><b>{escape(_heading(verdict))}</b>{_block(body)}</div>'


def _heading(verdict: Verdict) -> str:
    points = _("{earned} of {points} points").format(earned=verdict.earned, points=verdict.points)
    return f"{verdict.number} · {verdict.title}: {points}"


def _row(mark: Mark) -> str:
    line = f"{_sign(mark)} {mark.earned}/{mark.points} {escape(mark.title)}"
    details = (
        f'<div style="display:flex;margin-left:24px"><span style="flex:0 0 6em;opacity:.7">'
        f'{escape(name)}</span><span style="white-space:pre-wrap">{escape(value)}</span></div>'
        for name, value in _details(mark)
    )
    return _block(line) + "".join(details)


def _block(content: str) -> str:
    return f"<div>{content}</div>"


def _sign(mark: Mark) -> str:
    return _MET if mark.earned == mark.points else _NOT_MET


def _details(mark: Mark) -> list[tuple[str, str]]:
    rows = [(_("expected"), mark.expected), (_("came"), mark.got), (_("hint"), mark.hint)]
    return [(name, value) for name, value in rows if value]
