"""Fixtures that the whole suite shares: a practice server, and a real client on it."""

from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest

from course_utils.practice import KEY, PracticeServer


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own keys, choices and language out of every test."""
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "COURSE_CAP",
        "COURSE_MODEL",
        "COURSE_PERSON",
        "COURSE_SERVER",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COURSE_LANGUAGE", "en")


@pytest.fixture(scope="session")
def _server() -> Iterator[PracticeServer]:
    with PracticeServer() as server:
        yield server


@pytest.fixture
def practice(_server: PracticeServer) -> PracticeServer:
    """A running practice server at full speed, its log empty."""
    _server.log.clear()
    return _server


@pytest.fixture
def client(practice: PracticeServer) -> Iterator[openai.OpenAI]:
    """The official client, talking to ``practice``."""
    with openai.OpenAI(api_key=KEY, base_url=practice.url, max_retries=0) as made:
        yield made
