"""The page about the whole class, for the instructor: what to look at, and what was hard."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from course_utils.exercises.task import tasks
from course_utils.grading import html
from course_utils.grading.alike import Pair, alike
from course_utils.grading.model import BROKEN, GRADED, MISSING, UNREADABLE
from course_utils.grading.report import Row
from course_utils.grading.tables import number
from course_utils.grading.which import release
from course_utils.language import gettext as _
from course_utils.language import language

_BINS = 10
_MOST = 20  # rows of a table
_MOST_NAMES = 12


def class_page(rows: Sequence[Row], links: Mapping[tuple[str, str], str]) -> str:
    """Return the page.

    Args:
        rows: all results.
        links: for a student and an exercise, the address of the student's page.
    """
    parts = [*_attention(rows, links)]
    for exercise in sorted({row.graded.exercise for row in rows} - {""}):
        of_it = [row for row in rows if row.graded.exercise == exercise]
        parts += _exercise(exercise, of_it, links)
    return html.page(_("The class"), language(), [*parts, *_everybody(rows, links)])


def _attention(rows: Sequence[Row], links: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """What a person must look at: what is not graded, and what was unusual."""
    states = Counter(row.graded.state for row in rows)
    names = {
        GRADED: _("graded"),
        UNREADABLE: _("unreadable"),
        MISSING: _("missing"),
        BROKEN: _("to be looked at"),
    }
    told = ", ".join(f"{html.text(names[state])}: {states[state]}" for state in names)
    yield f'<p class="total">{told}</p>'
    open_rows = [row for row in rows if row.graded.state in (UNREADABLE, BROKEN)]
    if open_rows:
        yield html.block("h2", _("Not graded: a person must look"))
        yield html.table(
            [_("student"), _("exercise"), _("file"), _("why")],
            [
                [
                    _name(row, links),
                    *map(html.text, (row.graded.exercise, row.graded.path)),
                    html.plain(" ".join([*row.graded.notes, *row.graded.remarks])),
                ]
                for row in open_rows
            ],
        )


def _exercise(
    exercise: str, rows: Sequence[Row], links: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    graded = [row for row in rows if row.graded.state == GRADED]
    yield f"<h1>{html.text(exercise)}</h1>"
    if not graded:
        return
    yield from _distribution(graded)
    yield from _hardest(graded)
    yield from _wrong_answers(graded)
    yield from _unusual(graded)
    yield from _near_identical(exercise, graded, links)


def _distribution(rows: Sequence[Row]) -> Iterator[str]:
    shares = [float(row.final) / row.points if row.points else 0.0 for row in rows]
    bins = Counter(min(int(share * _BINS), _BINS - 1) for share in shares)
    most = max(bins.values())
    middle = sorted(row.final for row in rows)[len(rows) // 2]
    told = _("{count} graded, the middle one has {points} of {total} points").format(
        count=len(rows), points=number(middle), total=rows[0].points
    )
    yield html.block("h2", _("Distribution"))
    yield html.block("p", told)
    yield html.table(
        [_("share"), _("students"), ""],
        [
            [f"{at * 10}–{at * 10 + 10} %", str(bins[at]), html.bar(bins[at] / most)]
            for at in range(_BINS)
        ],
        [1],
    )


def _hardest(rows: Sequence[Row]) -> Iterator[str]:
    met: Counter[tuple[str, str]] = Counter()
    titles = {
        (task.number, each.name): _(each.title)
        for task in tasks(rows[0].graded.exercise)
        for each in task.criteria
    }
    for row in rows:
        for verdict, mark in _marks(row):
            met[verdict["number"], mark["name"]] += mark["earned"] == mark["points"]
    order = sorted(titles, key=lambda key: (met[key], key))[:_MOST]
    yield html.block("h2", _("The hardest criteria"))
    yield html.table(
        [_("task"), _("criterion"), _("met by"), ""],
        [
            [
                html.text(key[0]),
                html.text(titles[key]),
                f"{round(100 * met[key] / len(rows))} %",
                html.bar(met[key] / len(rows)),
            ]
            for key in order
        ],
        [2],
    )


def _wrong_answers(rows: Sequence[Row]) -> Iterator[str]:
    """Group what missed a criterion in the same way; every student had other inputs."""
    groups: dict[tuple[str, str, str], list[tuple[Row, dict[str, Any]]]] = defaultdict(list)
    for row in rows:
        for verdict, mark in _marks(row):
            if mark["earned"] < mark["points"] and (mark["got"] or mark["hint"]):
                group = groups[verdict["number"], mark["hint"], _form(mark["got"])]
                if not group or group[-1][0] is not row:  # one error may miss every criterion
                    group.append((row, mark))
    common = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))[:_MOST]
    if common:
        yield html.block("h2", _("The most frequent wrong answers"))
        yield html.table(
            [_("task"), _("students"), _("came"), _("expected"), _("hint")],
            [
                [
                    html.text(task),
                    f"{len(of)}<br>{_names(row for row, _mark in of)}",
                    f"<pre>{html.plain(of[0][1]['got'])}</pre>",
                    f"<pre>{html.plain(of[0][1]['expected'])}</pre>",
                    html.text(of[0][1]["hint"]),
                ]
                for (task, _hint, _like), of in common
            ],
        )


def _form(got: str) -> str:
    """What a wrong answer is like, whatever its words: an error's type, a conversation's roles."""
    if error := re.match(r"[A-Za-z_.]*(?:Error|Exception|Exit|Interrupt|Died)\b", got):
        return error[0]
    roles = re.findall(r"(?m)^(system|developer|user|assistant|tool): ", got)
    if roles:
        return " ".join(roles)
    return got if len(got) <= len("false") else got[0] if got[0] in '["{' else "text"


def _unusual(rows: Sequence[Row]) -> Iterator[str]:
    """What was noted while repairing and running: time outs, kernels that died, lost cells."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        said = [*row.graded.notes, *row.graded.remarks]
        said += [verdict["note"] for verdict in row.graded.verdicts if verdict["note"]]
        for note in dict.fromkeys(said):
            groups[note].append(row)
    if groups:
        yield html.block("h2", _("Time outs and other notes"))
        yield html.table(
            [_("students"), _("note"), ""],
            [
                [str(len(of)), html.plain(note), _names(of)]
                for note, of in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
            ],
            [0],
        )


def _near_identical(
    exercise: str, rows: Sequence[Row], links: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    by_key = {row.graded.student: row for row in rows}
    pairs = alike({key: _written(row, exercise) for key, row in by_key.items()})
    if not pairs:
        return
    yield html.block("h2", _("Nearly identical submissions"))
    yield html.block("p", _("A likeness is no proof: short tasks have few good answers."))
    yield html.table(
        ["", "", _("alike"), ""],
        [
            [
                _name(by_key[pair.one], links),
                _name(by_key[pair.other], links),
                f"{round(100 * pair.share)} %",
                html.text(_kind(pair)),
            ]
            for pair in pairs[:_MOST]
        ],
        [2],
    )


def _kind(pair: Pair) -> str:
    return _("to the letter, comments and all") if pair.same else _("but for names and comments")


def _written(row: Row, exercise: str) -> str:
    """What a student wrote, without what the release gave."""
    cells = (row.graded.notebook or {}).get("cells", [])
    given = {cell.source.strip() for cell in release(exercise, row.graded.language).cells}
    return "\n\n".join(
        source
        for cell in cells
        if cell.get("cell_type") == "code"
        and isinstance(cell.get("metadata", {}).get("course"), dict)
        and isinstance(source := cell.get("source"), str)
        and source.strip() not in given
    )


def _everybody(rows: Sequence[Row], links: Mapping[tuple[str, str], str]) -> Iterator[str]:
    yield html.block("h1", _("All submissions"))
    yield html.table(
        [_("student"), _("exercise"), _("state"), _("points"), "", _("late"), _("changed")],
        [
            [
                _name(row, links),
                html.text(row.graded.exercise),
                html.text(row.graded.state),
                number(row.final) if row.graded.state == GRADED else "",
                f"/ {row.points}",
                f"\u2212{number(row.graded.taken)}" if row.graded.late else "",
                html.text("; ".join(f"{each.change:+f} {each.reason}" for each in row.changes)),
            ]
            for row in rows
        ],
        [3],
    )


def _marks(row: Row) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for verdict in row.graded.verdicts:
        for mark in verdict["marks"]:
            yield verdict, mark


def _name(row: Row, links: Mapping[tuple[str, str], str]) -> str:
    told = html.text(row.graded.name or row.graded.student)
    address = links.get((row.graded.student, row.graded.exercise))
    return f'<a href="{html.text(address)}">{told}</a>' if address else told


def _names(rows: Iterable[Row]) -> str:
    names = [row.graded.name or row.graded.student for row in rows]
    more = f" +{len(names) - _MOST_NAMES}" if len(names) > _MOST_NAMES else ""
    return f'<span class="dim">{html.text(", ".join(names[:_MOST_NAMES]))}{more}</span>'
