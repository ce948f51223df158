from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openai
import pytest

from course_utils import announced, catalog, doctor
from course_utils.doctor import Finding, check

ANNOUNCING = int(openai.__version__.split(".")[0]) >= 3  # openai 2.54 announces no ends


def troubles(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity in ("warning", "error")]


def with_model(monkeypatch: pytest.MonkeyPatch, name: str, **changes) -> None:
    """Let the catalogue say something else of one model, or of a new one."""
    original = catalog.find(name) or replace(catalog.get("gpt-5.6-luna"), name=name)
    changed = replace(original, **changes)
    others = [model for model in catalog.models() if model.name != name]
    get = catalog.get
    monkeypatch.setattr(catalog, "models", lambda: (*others, changed))
    monkeypatch.setattr(catalog, "get", lambda asked: changed if asked == name else get(asked))


def test_all_is_well_on_the_day_of_the_catalogue():
    findings = check(catalog.AS_OF)
    assert findings
    assert troubles(findings) == []


@pytest.mark.parametrize(("days", "stale"), [(0, False), (90, False), (91, True)])
def test_a_catalogue_older_than_90_days_is_stale(days: int, stale: bool):
    found = troubles(check(catalog.AS_OF + timedelta(days=days)))
    assert [finding.severity for finding in found] == ["warning"] * stale
    assert all(f"{days} days" in finding.sentence for finding in found)


def test_the_day_is_today_unless_given():
    days = (date.today() - catalog.AS_OF).days
    assert any(f"{days} days" in finding.sentence for finding in check())


@pytest.mark.skipif(not ANNOUNCING, reason="this openai announces no ends")
def test_announced_ends_are_read_from_the_sdk():
    ends = announced.ends()
    assert ends["gpt-4o"] == date(2027, 1, 14)
    assert ends["gpt-5.4-nano-2026-03-17"] == date(2027, 4, 1)
    assert ends["gpt-3.5-turbo-1106"] == date(2026, 9, 28)
    assert "gpt-5.1-mini" not in ends  # "Not a supported model ID", without a date
    assert catalog.DEFAULT_MODEL not in ends


def test_an_sdk_without_announcements_leaves_the_catalogues_ends(monkeypatch: pytest.MonkeyPatch):
    def no_source(_object: object) -> str:
        raise OSError("could not get source code")

    monkeypatch.setattr(inspect, "getsource", no_source)
    with_model(monkeypatch, "gpt-4o", used=True)
    findings = check(date(2026, 11, 22))
    assert any(f.severity == "note" and "openai" in f.sentence for f in findings)
    (found,) = troubles(findings)
    assert "gpt-4o" in found.sentence
    assert "2027-01-14" in found.sentence


@pytest.mark.parametrize(
    ("today", "severity"),
    [
        (date(2026, 12, 1), "warning"),
        (date(2027, 1, 13), "warning"),
        (date(2027, 1, 14), "error"),
        (date(2027, 2, 1), "error"),
    ],
)
def test_a_used_model_with_an_announced_end(
    monkeypatch: pytest.MonkeyPatch, today: date, severity: str
):
    with_model(monkeypatch, "gpt-4.1-mini", used=True)
    (found,) = troubles(check(today))
    assert found.severity == severity
    assert "gpt-4.1-mini" in found.sentence
    assert "2027-01-14" in found.sentence


def test_models_that_are_history_only_are_no_trouble():
    assert troubles(check(catalog.AS_OF + timedelta(days=30))) == []


@pytest.mark.skipif(not ANNOUNCING, reason="this openai announces no ends")
@pytest.mark.parametrize("end", [None, date(2027, 6, 1)])
def test_an_end_that_the_sdk_says_otherwise(monkeypatch: pytest.MonkeyPatch, end: date | None):
    with_model(monkeypatch, "gpt-4o", end=end)
    (found,) = troubles(check(catalog.AS_OF))
    assert "gpt-4o" in found.sentence
    assert "2027-01-14" in found.sentence
    assert str(end) in found.sentence


def test_an_encoding_that_tiktoken_says_otherwise(monkeypatch: pytest.MonkeyPatch):
    with_model(monkeypatch, "gpt-4.1", encoding="cl100k_base")
    (found,) = troubles(check(catalog.AS_OF))
    assert "gpt-4.1" in found.sentence
    assert "o200k_base" in found.sentence


def test_a_context_window_that_genai_prices_says_otherwise(monkeypatch: pytest.MonkeyPatch):
    with_model(monkeypatch, "gpt-5.2", context_window=200_000)
    (found,) = troubles(check(catalog.AS_OF))
    assert "gpt-5.2" in found.sentence
    assert "200000" in found.sentence
    assert "400000" in found.sentence


def test_a_parameter_that_the_sdk_has_gained(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(catalog, "PARAMETERS", catalog.PARAMETERS - {"verbosity", "audio"})
    (found,) = troubles(check(catalog.AS_OF))
    assert found.severity == "warning"
    assert "audio, verbosity." in found.sentence


def test_models_too_new_for_tiktoken_are_a_note():
    (note,) = (
        f for f in check(catalog.AS_OF) if "gpt-6-luna" in f.sentence and "tikt" in f.sentence
    )
    assert note.severity == "note"


@pytest.mark.parametrize(("used", "severity"), [(False, "note"), (True, "warning")])
def test_a_model_that_no_package_knows(monkeypatch: pytest.MonkeyPatch, used: bool, severity: str):
    with_model(monkeypatch, "made-up-1", used=used)
    found = [finding for finding in check(catalog.AS_OF) if "made-up-1" in finding.sentence]
    assert [finding.severity for finding in found] == [severity] * 3
    packages = [finding.sentence.split()[0] for finding in found]
    assert packages == ["openai", "tiktoken", "genai-prices"]


def test_a_missing_package_is_named_and_nothing_else_is_tried(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "requires", lambda _name: ["openai<4,>=2", "no-such-package>=1"])
    (found,) = troubles(check(catalog.AS_OF))
    assert found.severity == "error"
    assert "pip install no-such-package" in found.sentence


def test_rank_files_that_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch):
    def broken(_name: str) -> None:
        raise ValueError("Hash mismatch")

    monkeypatch.setattr(doctor, "get_encoding", broken)
    (found,) = troubles(check(catalog.AS_OF))
    assert found.severity == "error"
    assert "Hash mismatch" in found.sentence


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("place", ["environment", ".env"])
def test_whether_there_is_a_key_is_said_and_never_the_key(
    monkeypatch: pytest.MonkeyPatch, folder: Path, place: str
):
    without = check(catalog.AS_OF)
    if place == ".env":
        (folder / ".env").write_text("OPENAI_API_KEY=sk-secret-0123456789\n", encoding="utf-8")
    else:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-0123456789")
    with_key = check(catalog.AS_OF)
    assert len(set(with_key) - set(without)) == 1
    assert "secret" not in str(with_key)


def test_a_key_that_cannot_work_is_said(monkeypatch: pytest.MonkeyPatch, folder: Path):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-...")
    (found,) = troubles(check(catalog.AS_OF))
    assert found.severity == "error"
    assert "placeholder" in found.sentence


def test_a_dotenv_that_cannot_be_read_is_said(folder: Path):
    (folder / ".env").write_bytes(b"OPENAI_API_KEY=\xff\x00\xfe\n")
    (found,) = troubles(check(catalog.AS_OF))
    assert found.severity == "error"
    assert ".env" in found.sentence
