"""The page for instructors says what each lesson says: what comes before it, how long it takes."""

from __future__ import annotations

import re

from course_utils.notebooks import Lesson, checkout, links, read

ROW = re.compile(r"^\| (\d\d) \| ([\d, ]*?) ?\| (\d+) \|$", re.MULTILINE)


def test_it_gives_each_lesson_s_needs_and_minutes(lesson: Lesson) -> None:
    page = (checkout() / "docs" / "instructors.md").read_text("utf-8")
    rows = {number: (needs, minutes) for number, needs, minutes in ROW.findall(page)}
    title = links.MARKED.sub("", read(lesson.path).cells[0].source)
    needs = ", ".join(re.findall(r"\]\((\d\d)_", title))
    minutes = re.search(r"(\d+)(?:분| minutes)", title)
    assert minutes is not None
    assert rows[lesson.name[:2]] == (needs, minutes[1])
