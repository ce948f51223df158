"""The command ``course``, as a person types it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import openai
import pytest
from click.testing import CliRunner

from course_utils import doctor
from course_utils.cli import main
from course_utils.practice import KEY, PracticeServer


def test_help_names_every_command() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    for command in ("doctor", "lab", "lessons", "links", "notebooks", "practice"):
        assert re.search(rf"^  {command} ", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", ["lab", "lessons", "cost", "release", "grade x --out y"])
def test_a_command_without_its_packages_says_what_to_install(command: str) -> None:
    missing = ["jupyterlab", "nbconvert", "nbformat", "papermill", "tqdm"]
    code = f"import sys; sys.modules.update(dict.fromkeys({missing}))\n"
    code += "from course_utils.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", code, *command.split()], capture_output=True, encoding="utf-8"
    )
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert re.search(r"needs (jupyterlab|nbformat).*pip install -e", line)


def test_practice_answers_any_client_until_ctrl_c() -> None:
    command = [sys.executable, "-c", "from course_utils.cli import main; main()", "practice"]
    with subprocess.Popen(
        [*command, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as server:
        assert server.stdout is not None
        url = re.search(r"http://127\.0\.0\.1:\d+/v1", server.stdout.readline())
        assert url
        with openai.OpenAI(api_key=KEY, base_url=url[0], max_retries=10) as client:
            assert client.models.list().data
        server.send_signal(signal.SIGINT)
        _rest, errors = server.communicate(timeout=30)
    assert (server.returncode, errors) == (0, "")


def test_record_spends_no_more_than_the_cap(tmp_path: Path) -> None:
    key = "sk-" + "not-play-money-at-all"
    command = [sys.executable, "-c", "from course_utils.cli import main; main()", "record"]
    with PracticeServer(keys={key}) as real:
        capped = {"COURSE_CAP": "0.000001", "OPENAI_API_KEY": key, "OPENAI_BASE_URL": real.url}
        with subprocess.Popen(
            [*command, "--port", "0", "--out", str(tmp_path / "a.jsonl")],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, **capped},
        ) as server:
            assert server.stdout is not None
            url = re.search(r"http://127\.0\.0\.1:\d+/v1", server.stdout.readline())
            assert url
            real.log.clear()
            with (
                openai.OpenAI(api_key=KEY, base_url=url[0]) as client,
                pytest.raises(openai.RateLimitError, match="not sent"),
            ):
                client.chat.completions.create(
                    model="gpt-4o", messages=[{"role": "user", "content": "hi"}]
                )
            server.terminate()
        assert len(real.log) == 0


@pytest.mark.parametrize(
    ("cap", "out", "words"),
    [("1", "nowhere/a.jsonl", "cannot be written"), ("much", "a.jsonl", "spending cap")],
)
def test_record_says_at_its_start_what_would_go_wrong(
    monkeypatch: pytest.MonkeyPatch,
    practice: PracticeServer,
    tmp_path: Path,
    cap: str,
    out: str,
    words: str,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-" + "not-play-money-at-all")
    monkeypatch.setenv("OPENAI_BASE_URL", practice.url)
    monkeypatch.setenv("COURSE_CAP", cap)
    result = CliRunner().invoke(main, ["record", "--port", "0", "--out", str(tmp_path / out)])
    assert result.exit_code == 1
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_a_port_in_use_is_one_sentence_that_names_the_mend() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["practice", "--port", str(port)])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"Port {port} is already in use" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["practice", "record"])
@pytest.mark.parametrize("port", ["-1", "65536"])
def test_a_port_that_is_none_is_told(command: str, port: str) -> None:
    result = CliRunner().invoke(main, [command, "--port", port])
    assert result.exit_code == 2
    assert "0<=x<=65535" in result.stderr


def test_a_console_without_hangul_gets_question_marks() -> None:
    command = [sys.executable, "-c", "from course_utils.cli import main; main()", "--help"]
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    run = subprocess.run(command, capture_output=True, check=True, env=environment)
    assert b"Chat Completions API. ??" in run.stdout


@pytest.mark.parametrize(("severity", "code"), [("warning", 0), ("error", 1)])
def test_doctor_prints_every_finding_and_fails_for_an_error(
    monkeypatch: pytest.MonkeyPatch, severity: doctor.Severity, code: int
) -> None:
    findings = [doctor.Finding("ok", "All is well."), doctor.Finding(severity, "Look at this.")]
    monkeypatch.setattr(doctor, "check", lambda: findings)
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == code
    assert [line.split(maxsplit=1) for line in result.stdout.splitlines()] == [
        ["ok", "All is well."],
        [severity, "Look at this."],
    ]


def test_starting_the_command_loads_nothing_heavy() -> None:
    code = (
        "import sys, course_utils.cli;"
        "print([name for name in ('openai', 'papermill', 'nbformat', 'starlette', 'tiktoken')"
        " if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, env=dict(os.environ)
    )
    assert run.stdout.decode().strip() == "[]"
