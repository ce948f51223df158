"""What the practice model can talk about: one small module a topic.

A topic has one function, ``answer(prompt) -> Reply | None``; None means "not for me". The topics
are asked in the order of :data:`TOPICS`, and the last one always answers.
"""

from __future__ import annotations

from typing import Protocol

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply
from course_utils.practice.topics import (
    arithmetic,
    attachments,
    echo,
    fallback,
    favourites,
    greeting,
    guarded,
    labels,
    manners,
    names,
    own_words,
    persona,
    phrases,
    poem,
    poem_words,
    profile,
    reviews,
    story,
    summary,
    terms,
)


class Topic(Protocol):
    """What every topic module is."""

    def answer(self, prompt: Prompt) -> Reply | None:
        """Return a reply, or None when the prompt is not for this topic."""


# The more a topic wants to see before it takes a prompt, the earlier it stands.
TOPICS: tuple[Topic, ...] = (
    attachments,
    echo,
    guarded,
    labels,
    phrases,
    summary,
    own_words,
    names,
    favourites,
    profile,
    terms,
    arithmetic,
    persona,
    manners,
    greeting,
    story,
    poem_words,
    poem,
    reviews,
    fallback,
)


def answer(prompt: Prompt) -> Reply:
    """Return the reply of the first topic that has one."""
    return next(found for topic in TOPICS if (found := topic.answer(prompt)) is not None)
