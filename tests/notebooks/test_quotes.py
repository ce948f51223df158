"""What the prose quotes stands above it, in the code or in what it printed."""

from __future__ import annotations

import re

import pytest
from nbformat import NotebookNode

QUOTE = re.compile(r"“([^”]+)”")
NUMBERS = re.compile(r"\b\d+(?:, \d+){2,}\b")


def test_quotes_and_rows_of_numbers_are_the_output_s(notebook: NotebookNode) -> None:
    assert unfounded(notebook.cells) == []


def unfounded(cells: list[NotebookNode]) -> list[str]:
    above, found = "", []
    for cell in cells:
        if cell.cell_type == "code":
            above += cell.source + "".join(map(_text, cell.outputs))
        else:
            found += [quote for quote in QUOTE.findall(cell.source) if quote not in above]
            rows = [row.split(", ") for row in NUMBERS.findall(cell.source)]
            printed = set(re.findall(r"\d+", above))
            found += [", ".join(row) for row in rows if not printed.issuperset(row)]
    return found


def _text(output: NotebookNode) -> str:
    shown = output.get("data", {}).get("text/plain", "")
    return f"\n{output.get('text', '')}{shown}{output.get('evalue', '')}\n"


@pytest.mark.parametrize(
    ("prose", "unfound"),
    [
        ("It said “Hello, you”.", []),
        ("It said “Goodbye”.", ["Goodbye"]),
        ("They grow: 3, 14, 25.", []),
        ("They grow: 3, 14, 26.", ["3, 14, 26"]),
    ],
)
def test_what_is_not_above_is_found(prose: str, unfound: list[str]) -> None:
    code = NotebookNode(
        cell_type="code",
        source="say()",
        outputs=[NotebookNode(output_type="stream", text="Hello, you!\n3 14 25\n")],
    )
    assert unfounded([code, NotebookNode(cell_type="markdown", source=prose)]) == unfound
