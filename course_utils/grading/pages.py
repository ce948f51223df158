"""What a student gets back: a page in their language, and Gradescope's file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from course_utils.grading import html
from course_utils.grading.model import BROKEN, GRADED, MISSING, UNREADABLE
from course_utils.grading.report import Row
from course_utils.grading.tables import number
from course_utils.language import gettext as _
from course_utils.language import speaking

_MOST_OUTPUTS = 20  # of one cell


def student_page(row: Row) -> str:
    """Return the page that goes back to a student: their own marks, code and outputs."""
    with speaking(row.person.language or row.graded.language):
        return html.page(
            f"{row.graded.exercise[:2]} · {row.graded.name}",
            row.person.language or row.graded.language,
            _body(row),
        )


def gradescope(row: Row) -> str:
    """Return a ``results.json`` in the format of Gradescope's autograders."""
    graded = row.graded
    with speaking(row.person.language or graded.language):
        if graded.state != GRADED:
            told = {"score": 0, "output": _state(row), "output_format": "text"}
            return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        tests: list[dict[str, Any]] = [
            {
                "name": f"{verdict['title']}: {mark['title']}",
                "number": f"{verdict['number']}.{place}",
                "score": mark["earned"],
                "max_score": mark["points"],
                "status": "passed" if mark["earned"] == mark["points"] else "failed",
                "output": "\n".join(f"{name}: {value}" for name, value in _details(mark)),
                "output_format": "text",
                "visibility": "visible",
            }
            for verdict in graded.verdicts
            for place, mark in enumerate(verdict["marks"], 1)
        ]
        said = [each["note"] for each in graded.verdicts if each["note"]]
        said += [text for _name, text in _changes(row)]
    # "score" is what counts; Gradescope would else add up the tests and miss what was changed.
    made = {"score": float(row.final), "tests": tests, "visibility": "visible"}
    if said:
        made |= {"output": "\n".join(said), "output_format": "text"}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _body(row: Row) -> Iterator[str]:
    graded = row.graded
    if graded.state != GRADED:
        yield f'<p class="total">{html.text(_state(row))}</p>'
        return
    total = _("{earned} of {points} points").format(
        earned=number(row.final), points=number(row.points)
    )
    yield f'<p class="total">{html.text(total)}</p>'
    if changes := list(_changes(row)):
        yield _list(changes)
    cells = (graded.notebook or {}).get("cells", [])
    for verdict in graded.verdicts:
        yield from _task(verdict)
        own = [cell for cell in cells if _course(cell).get("task") == verdict["number"]]
        yield from _code(own, _("Your code and what it printed"))
    extra = [cell for cell in cells if _course(cell).get("extra") and cell["cell_type"] == "code"]
    yield from _code(extra, _("Your other cells"))


def _state(row: Row) -> str:
    """Say why there is no mark; for a student, so without what only concerns the grader."""
    if row.graded.state == UNREADABLE:
        reason = row.graded.notes[0] if row.graded.notes else ""
        return _("What you handed in could not be read ({reason}). It is not graded.").format(
            reason=reason
        )
    return {
        MISSING: _("Nothing was handed in."),
        BROKEN: _("This could not be graded yet. Your instructor will look at it."),
    }.get(row.graded.state, "")


def _changes(row: Row) -> Iterator[tuple[str, str]]:
    if row.graded.taken:
        points = f"\u2212{number(row.graded.taken)}"
        yield _("Handed in late"), _("{points} points").format(points=points)
    for each in row.changes:
        points = _("{points} points").format(points=f"{each.change:+f}".replace("-", "\u2212"))
        yield each.task or _("Changed by your instructor"), f"{points}: {each.reason}"


def _task(verdict: dict[str, Any]) -> Iterator[str]:
    earned, points = verdict["earned"], verdict["points"]
    kind = "full" if earned == points else "part" if verdict["state"] == "checked" else "none"
    told = _("{earned} of {points} points").format(earned=earned, points=points)
    title = f"{verdict['number']} · {verdict['title']}"
    yield f'<section class="{kind}"><h2>{html.text(title)}: {html.text(told)}</h2>'
    if verdict["note"]:
        yield f"<p>{html.text(verdict['note'])}</p>"
    else:
        marks = verdict["marks"]
        for mark, following in zip(marks, [*marks[1:], {}], strict=True):
            met = "met" if mark["earned"] == mark["points"] else "unmet"
            line = f"{mark['earned']}/{mark['points']} {html.text(mark['title'])}"
            yield f'<div class="{met}">{line}</div>'
            if not following or _details(following) != _details(mark):  # said once is enough
                yield _list(_details(mark))
    yield "</section>"


def _details(mark: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [(_("expected"), "expected"), (_("came"), "got"), (_("hint"), "hint")]
    return [(name, str(mark[key])) for name, key in rows if mark[key]]


def _list(rows: Iterable[tuple[str, str]]) -> str:
    made = "".join(
        f"<dt>{html.text(name)}</dt><dd>{html.plain(value)}</dd>" for name, value in rows
    )
    return f"<dl>{made}</dl>" if made else ""


def _code(cells: list[dict[str, Any]], title: str) -> Iterator[str]:
    if not any(_text(cell.get("source")).strip() for cell in cells):
        return
    yield f"<details><summary>{html.text(title)}</summary>"
    for cell in cells:
        yield f"<pre>{html.plain(_text(cell.get('source')))}</pre>"
        outputs = cell.get("outputs", [])
        said = "".join(_output(each) for each in outputs[:_MOST_OUTPUTS])
        if said.strip():
            yield f'<pre class="dim">{html.plain(said)}</pre>'
    yield "</details>"


def _output(output: dict[str, Any]) -> str:
    """The text of an output; what only a browser could show is left in the notebook."""
    if output.get("output_type") == "stream":
        return _text(output.get("text"))
    if output.get("output_type") == "error":
        return f"{output.get('ename')}: {output.get('evalue')}\n"
    said = _text(dict(output.get("data") or {}).get("text/plain"))
    return f"{said}\n" if said else ""


def _course(cell: dict[str, Any]) -> dict[str, Any]:
    found = cell.get("metadata", {}).get("course", {})
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(map(str, value))
    return value if isinstance(value, str) else ""
