"""The frame of a page: no script, nothing fetched, everything that came from outside escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from course_utils.terminal import visible

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_LONGEST = 3_000  # characters of a text that a student's code made
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #2e7d32; --bad: #c62828; --dim: #777 }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid var(--line); padding: .25rem .5rem; text-align: left }
td, th { vertical-align: top } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8881; padding: .5rem; margin: 0 }
dl { margin: .25rem 0 .5rem 2rem; display: grid; gap: .1rem 1rem;
  grid-template-columns: max-content 1fr }
dt { color: var(--dim) } dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
section { border-left: 4px solid var(--line); padding-left: 1rem; margin: 1rem 0 }
section.full { border-color: var(--good) } section.part { border-color: var(--bad) }
.met::before { content: "○ "; color: var(--good) }
.unmet::before { content: "✗ "; color: var(--bad) }
.total { font-size: 1.25rem; font-weight: 600 } .dim { color: var(--dim) }
.track { display: inline-block; width: 16rem } summary { cursor: pointer }
.bar { display: inline-block; height: .8em; background: #1f77b4 }
@media print { details > * { display: block } }
"""


def text(value: object) -> str:
    """Escape a text for HTML, and write out characters that would act or hide."""
    return escape(visible(str(value).replace("\r\n", "\n").replace("\r", "\n")))


def plain(value: str) -> str:
    """Escape what a student's code printed: no terminal colours, and not more than a screen."""
    cut = _ANSI.sub("", value)
    return text(cut if len(cut) <= _LONGEST else f"{cut[:_LONGEST]}…")


def page(title: str, language: str, body: Iterable[str]) -> str:
    """Return a whole page; ``title`` is escaped, ``body`` is HTML."""
    content = "\n".join(body)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{text(title)}</h1>\n{content}\n</body>\n</html>\n"
    )


def block(tag: str, value: str) -> str:
    """Return a text, escaped, in an element."""
    return f"<{tag}>{text(value)}</{tag}>"


def table(
    columns: Iterable[str], rows: Iterable[Iterable[str]], numbers: Iterable[int] = ()
) -> str:
    """Return a table of cells that are HTML; the columns ``numbers`` stand to the right."""
    right = set(numbers)

    def cells(values: Iterable[str], kind: str) -> str:
        return "".join(
            f'<{kind} class="n">{each}</{kind}>' if at in right else f"<{kind}>{each}</{kind}>"
            for at, each in enumerate(values)
        )

    lines = "\n".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f"<table>\n<tr>{cells(columns, 'th')}</tr>\n{lines}\n</table>"


def bar(share: float) -> str:
    """Return a bar as long as ``share`` (0 to 1)."""
    percent = round(100 * max(0.0, min(1.0, share)), 1)
    return f'<span class="track"><span class="bar" style="width:{percent}%"></span></span>'
