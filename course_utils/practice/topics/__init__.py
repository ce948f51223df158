"""What the practice model can talk about: one small module a topic.

A topic has one function, ``answer(prompt) -> Reply | None``; None means "not for me". The topics
are asked in the order of :data:`TOPICS`, and the last one always answers.
"""

from __future__ import annotations

from typing import Protocol

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply
from course_utils.practice.topics import (
    echo,
    fallback,
    favourites,
    greeting,
    names,
    own_words,
    poem,
    story,
    summary,
    terms,
)


class Topic(Protocol):
    """What every topic module is."""

    def answer(self, prompt: Prompt) -> Reply | None:
        """Return a reply, or None when the prompt is not for this topic."""


TOPICS: tuple[Topic, ...] = (
    echo,
    summary,
    own_words,
    names,
    favourites,
    terms,
    greeting,
    story,
    poem,
    fallback,
)


def answer(prompt: Prompt) -> Reply:
    """Return the reply of the first topic that has one."""
    return next(found for topic in TOPICS if (found := topic.answer(prompt)) is not None)
