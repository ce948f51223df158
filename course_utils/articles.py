"""News articles for the lessons to count, price and summarise.

They were written for the course, about a city that does not exist; each stands in both languages,
under the same name.
"""

from __future__ import annotations

from importlib.resources import files

from course_utils.language import language as chosen


def articles(language: str | None = None) -> dict[str, str]:
    """The articles of a language, name to text, in the order of their names.

    ``language`` is ``"ko"``, ``"en"``, or None for that of the course's own messages. The texts
    have paragraphs and no headline; the first is the longest, in Korean about 1,300 characters.
    Raises FileNotFoundError for a language that has none.
    """
    folder = files("course_utils") / "data" / "articles" / (language or chosen())
    found = [file for file in folder.iterdir() if file.name.endswith(".txt")]
    found.sort(key=lambda file: file.name)
    return {file.name.removesuffix(".txt"): file.read_text("utf-8").strip() for file in found}
