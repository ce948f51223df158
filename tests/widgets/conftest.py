"""A chat on the practice server, in English."""

from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest

from course_utils.language import set_language
from course_utils.widgets import ChatWidget


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language(None)


@pytest.fixture
def chat(client: openai.OpenAI) -> Iterator[ChatWidget]:
    made = ChatWidget(client)
    yield made
    made.close()
