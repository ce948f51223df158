"""Nothing in a lesson is private, or differs from one run or machine to the next."""

from __future__ import annotations

import re

import pytest

from course_utils.notebooks import Lesson

LEAKS = {
    "key": r"\bsk-(?!practice\b)[A-Za-z0-9_-]{16,}",
    "path": r"(?<![\w.:/-])(?:/(?:home|root|Users|tmp|usr|opt|var|work|content)/|[A-Z]:\\\\)\w",
    "port": r"(?:127\.0\.0\.1|localhost|\[::1\]):\d+",
    "reply id": r"chatcmpl-[A-Za-z0-9]{29}",
    "call id": r"call_[A-Za-z0-9]{24}",
    "time": r"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d",
    "epoch": r"\"created\": ?1[6-9]\d{8}\b|created=1[6-9]\d{8}\b",
    "address": r"\b(?:object )?at 0x[0-9a-f]{6,}",
}
# Where Ollama, vLLM and llama.cpp listen: an address to type, not one of this machine.
KNOWN_ADDRESSES = re.compile(r"localhost:(?:11434|8000|8080)\b")


def leaks(text: str) -> list[str]:
    text = KNOWN_ADDRESSES.sub("localhost", text)
    return [name for name, pattern in LEAKS.items() if re.search(pattern, text)]


def test_a_lesson_leaks_nothing(lesson: Lesson) -> None:
    assert leaks(lesson.path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("key", "sk-" + "proj-" + "Ab1" * 10),
        ("path", "File /" + "home/jovyan/x.py"),
        ("path", "C:" + r"\\Users\\a"),
        ("port", "http://127.0.0.1:43211/v1"),
        ("reply id", "chatcmpl-" + "a1" * 14 + "b"),
        ("call id", "call_" + "a1" * 12),
        ("time", "2026-11-22 10:00"),
        ("epoch", "created=1763800000"),
        ("address", "<OpenAI object at 0x7f00aa11>"),
    ],
)
def test_the_scanner_sees(name: str, text: str) -> None:
    assert leaks(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "key sk-practice",
        "sk-wrong",
        "https://example.org/home/x",
        "chatcmpl-…",
        "as of 2026-11-22",
        "http://localhost:11434/v1",
        "/v1/chat/completions",
    ],
)
def test_the_scanner_lets_pass(text: str) -> None:
    assert leaks(text) == []
