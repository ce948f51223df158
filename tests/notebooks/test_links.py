"""Links lead somewhere, and the generated ones are up to date."""

from __future__ import annotations

import re

from nbformat import NotebookNode

from course_utils.notebooks import Lesson, checkout, links

TARGET = re.compile(r"\]\(([^)\s]+)\)")


def test_generated_links_are_up_to_date() -> None:
    assert links.update(checkout(), write=False) == []


def test_relative_links_lead_to_files(lesson: Lesson, prose: list[NotebookNode]) -> None:
    targets = TARGET.findall("\n".join(cell.source for cell in prose))
    relative = [one.partition("#")[0] for one in targets if not re.match(r"https?://|#", one)]
    assert relative != []
    assert [one for one in relative if not (lesson.path.parent / one).is_file()] == []


def test_relative_links_between_pages_lead_to_files() -> None:
    root = checkout()
    for page in (root / "README.md", root / "CONTRIBUTING.md", *root.glob("docs/*.md")):
        targets = TARGET.findall(page.read_text("utf-8"))
        relative = [one.partition("#")[0] for one in targets if not re.match(r"https?://|#", one)]
        assert [one for one in relative if not (page.parent / one).exists()] == []
