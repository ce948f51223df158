"""Who answers, in which order, and what a reader is told when it cannot work."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import openai
import pytest
from pydantic import SecretStr

from course_utils import (
    connect,
    connect_async,
    default_model,
    keys,
    language,
    servers,
    set_language,
    user,
)
from course_utils.catalog import DEFAULT_MODEL
from course_utils.errors import ConnectError
from course_utils.practice import KEY as PRACTICE_KEY
from course_utils.practice import PracticeServer

KEY = "sk-proj-" + "a1B2c3D4" * 6
OTHER_KEY = "sk-other-" + "e5F6g7H8" * 6
OPENAI = "https://api.openai.com/v1/"
NOBODY = "http://127.0.0.1:9/v1"


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield
    set_language(None)


@pytest.fixture
def colab(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Colab's secrets, as its ``userdata`` hands them out."""
    secrets: dict[str, str] = {}

    class SecretNotFoundError(Exception):
        pass

    def get(name: str) -> str:
        if name not in secrets:
            raise SecretNotFoundError(name)
        return secrets[name]

    userdata = ModuleType("google.colab.userdata")
    userdata.get = get  # type: ignore[attr-defined]
    package = ModuleType("google.colab")
    package.userdata = userdata  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google.colab", package)
    monkeypatch.setitem(sys.modules, "google.colab.userdata", userdata)
    return secrets


@contextmanager
def listing(bodies: dict[str, str]) -> Iterator[str]:
    """A server that answers each path with its body, whatever that is."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies[self.path].encode()
            kind = "text/html" if body.startswith(b"<") else "application/json"
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def seen(client: openai.OpenAI) -> tuple[str, str]:
    return client.api_key, str(client.base_url)


def dotenv(text: str, encoding: str = "utf-8") -> None:
    Path(".env").write_bytes(text.encode(encoding))


def test_with_nothing_set_up_the_practice_server_answers(capsys) -> None:
    client = connect()
    assert type(client) is openai.OpenAI
    told = capsys.readouterr().out
    assert told.startswith(
        f"The practice server on this machine answers in place of {DEFAULT_MODEL}."
    )
    assert "You pay nothing" in told
    assert told.count("\n") == 1
    assert str(client.base_url.port) not in told
    reply = client.chat.completions.create(model=default_model(client), messages=[user("안녕")])
    assert reply.choices[0].message.content


def test_the_order_is_argument_colab_environment_dotenv_practice(colab, monkeypatch) -> None:
    assert seen(connect(quiet=True))[0] == PRACTICE_KEY
    dotenv(f"OPENAI_API_KEY={KEY}4")
    assert seen(connect(quiet=True)) == (f"{KEY}4", OPENAI)
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}3")
    assert seen(connect(quiet=True)) == (f"{KEY}3", OPENAI)
    colab["OPENAI_API_KEY"] = f"{KEY}2"
    assert seen(connect(quiet=True)) == (f"{KEY}2", OPENAI)
    assert seen(connect(api_key=f"{KEY}1", quiet=True)) == (f"{KEY}1", OPENAI)
    assert seen(connect("openai", quiet=True)) == (f"{KEY}2", OPENAI)
    assert seen(connect("practice", quiet=True))[0] == PRACTICE_KEY


def test_the_environment_can_force_the_choice(monkeypatch, practice) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("COURSE_SERVER", "practice")
    dotenv("OPENAI_API_KEY=broken key")
    assert seen(connect(quiet=True))[0] == PRACTICE_KEY
    monkeypatch.setenv("COURSE_SERVER", "openai")
    assert seen(connect(quiet=True)) == (KEY, OPENAI)
    monkeypatch.setenv("COURSE_SERVER", practice.url)
    assert seen(connect(quiet=True)) == ("none", f"{practice.url}/")
    monkeypatch.setenv("COURSE_SERVER", "ollama")
    with pytest.raises(ConnectError, match=r"'ollama'.*http"):
        connect()


def test_an_address_in_the_environment_gets_the_key_beside_it(monkeypatch, practice) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", practice.url)
    assert seen(connect(quiet=True)) == ("none", f"{practice.url}/")
    monkeypatch.setenv("OPENAI_API_KEY", OTHER_KEY)
    assert seen(connect(quiet=True)) == (OTHER_KEY, f"{practice.url}/")
    assert seen(connect(base_url=practice.url, quiet=True))[0] == OTHER_KEY
    with pytest.raises(ConnectError, match="needs a key"):  # this one belongs to another server
        connect("openai")


def test_no_other_server_ever_sees_a_key_that_was_found(monkeypatch, colab, practice) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    dotenv(f"OPENAI_API_KEY={KEY}")
    colab["OPENAI_API_KEY"] = KEY
    call: Any = {"model": DEFAULT_MODEL, "messages": [user("안녕")]}
    with pytest.raises(openai.AuthenticationError):
        connect(base_url=practice.url, quiet=True).chat.completions.create(**call)
    assert len(practice.log) == len(practice.log.of("none")) > 0
    practice.keys.add(OTHER_KEY)
    passed = connect(base_url=practice.url, api_key=OTHER_KEY, quiet=True)
    passed.chat.completions.create(**call)
    assert practice.log.of(OTHER_KEY)
    assert practice.log.of(KEY) == []


def test_connecting_to_openai_asks_the_network_nothing(monkeypatch, capsys) -> None:
    def no_network(*_args: Any) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    client = connect("openai", api_key=KEY)
    assert default_model(client) == DEFAULT_MODEL
    told = capsys.readouterr().out
    assert told.startswith(f"OpenAI answers with {DEFAULT_MODEL}: per million tokens $")
    assert "genai-prices" in told
    assert KEY not in told


def test_another_server_is_named_without_its_port(practice, capsys) -> None:
    practice.keys.add(OTHER_KEY)
    client = connect(base_url=practice.url, api_key=OTHER_KEY)
    told = capsys.readouterr().out
    assert told.startswith(f"The server at 127.0.0.1 answers with {DEFAULT_MODEL}: per million")
    assert str(client.base_url.port) not in told


def test_a_practice_server_that_runs_alone_is_one_too(practice, capsys) -> None:
    connect(base_url=practice.url, api_key=PRACTICE_KEY)
    assert "You pay nothing" in capsys.readouterr().out


def test_the_language_is_set_and_quiet_says_nothing(capsys) -> None:
    connect("practice", language="ko")
    assert "연습 서버" in capsys.readouterr().out
    assert language.language() == "ko"
    connect("practice", quiet=True)
    assert capsys.readouterr().out == ""


def test_options_reach_the_client() -> None:
    client = connect("practice", timeout=3, max_retries=7, quiet=True)
    assert (client.timeout, client.max_retries) == (3, 7)


def test_a_practice_client_may_hold_a_wrong_key() -> None:
    client = connect("practice", api_key="sk-wrong", quiet=True)
    with pytest.raises(openai.AuthenticationError):
        client.chat.completions.create(model=default_model(client), messages=[user("안녕")])


def test_the_async_client_is_the_same(capsys, practice) -> None:
    async def run() -> str | None:
        async with connect_async("practice") as client:
            assert type(client) is openai.AsyncOpenAI
            model = default_model(client)
            request: Any = {"model": model, "messages": [user("안녕")]}
            reply = await client.chat.completions.create(**request)
            return reply.choices[0].message.content

    assert asyncio.run(run())
    assert "You pay nothing" in capsys.readouterr().out
    with pytest.raises(ConnectError, match="No server answers"):
        connect_async(base_url=NOBODY)


def test_this_machine_is_reached_in_spite_of_a_proxy(monkeypatch, practice) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    connect("practice", quiet=True).models.list()
    connect(base_url=practice.url, api_key=PRACTICE_KEY, quiet=True).models.list()


@pytest.mark.parametrize(
    ("encoding", "comment"),
    [("utf-8", "# 열쇠"), ("cp949", "# 열쇠"), ("utf-8-sig", ""), ("utf-16", "# 열쇠")],
)
def test_a_dotenv_of_any_editor_is_read_and_not_exported(encoding, comment) -> None:
    dotenv(f'{comment}\r\nOPENAI_API_KEY="{KEY}"\r\nNAME=홍길동\r\n'.lstrip(), encoding)
    below = Path("lessons")
    below.mkdir()
    os.chdir(below)
    assert seen(connect(quiet=True)) == (KEY, OPENAI)
    assert "OPENAI_API_KEY" not in os.environ


def test_the_address_in_a_dotenv_is_used_with_the_key_beside_it(practice) -> None:
    dotenv(f"OPENAI_BASE_URL={practice.url}\nOPENAI_API_KEY={OTHER_KEY}")
    assert seen(connect(quiet=True)) == (OTHER_KEY, f"{practice.url}/")


def test_nothing_of_the_environment_enters_a_dotenv(monkeypatch) -> None:
    monkeypatch.setenv("SECRET", "s3cr3t")
    dotenv(f"OPENAI_API_KEY={KEY}${{SECRET}}")
    assert seen(connect(quiet=True)) == (f"{KEY}${{SECRET}}", OPENAI)


def test_an_empty_line_in_a_dotenv_is_no_key() -> None:
    dotenv("OPENAI_API_KEY=\n")
    assert seen(connect(quiet=True))[0] == PRACTICE_KEY


@pytest.mark.parametrize(
    ("raw", "mend"),
    [
        (f"OPENAI_API_KEY: {KEY}".encode(), "OPENAI_API_KEY=sk-…"),
        (
            f'OPENAI_API_KEY={KEY}\nOPENAI_BASE_URL="https://x/v1'.encode(),
            "OPENAI_BASE_URL=https://…",
        ),
        (b"OPENAI_API_KEY=\xff\x00\x81", "Save it again as UTF-8"),
        (f"OPENAI_API_KEY={KEY}".encode("utf-16-le"), "Save it again as UTF-8"),
        (f"OPENAI_API_KEY={KEY}".encode("utf-16-be"), "Save it again as UTF-8"),
        *[
            (f"NAME=1\r\n{line}\r\n".encode(), "OPENAI_API_KEY=sk-…")
            for line in (
                f"set OPENAI_API_KEY={KEY}",
                f'set "OPENAI_API_KEY={KEY}"',
                f'$env:OPENAI_API_KEY="{KEY}"',
                f'$env:OPENAI_API_KEY = "{KEY}"',
                f"setx OPENAI_API_KEY {KEY}",
                f"openai_api_key={KEY}",
                KEY,
                f'"{KEY}"  # mine',
            )
        ],
        (b"set OPENAI_BASE_URL=https://x/v1", "OPENAI_BASE_URL=https://…"),
    ],
)
def test_a_dotenv_that_cannot_be_read_is_named_without_its_folder(raw, mend, tmp_path) -> None:
    Path(".env").write_bytes(raw)
    with pytest.raises(ConnectError) as told:
        connect()
    assert ".env" in str(told.value)
    assert mend in str(told.value)
    assert str(tmp_path) not in str(told.value)
    assert KEY not in str(told.value)
    assert Path(".env").read_bytes() == raw


@pytest.mark.parametrize(
    "text",
    [
        f"OPENAI_API_KEY_OLD={KEY}",
        f"OPENAI_API_KEY-OLD={KEY}",
        f"MY_OPENAI_API_KEY={KEY}",
        "# The OPENAI_API_KEY goes here",
        f"# OPENAI_API_KEY={KEY}\n",
        f"# {KEY}",
        "NAME=1  # not the OPENAI_API_KEY",
        "NOTE='see OPENAI_API_KEY'",
    ],
)
def test_a_dotenv_with_another_name_or_a_comment_holds_no_key(text) -> None:
    dotenv(text)
    assert seen(connect(quiet=True))[0] == PRACTICE_KEY


@pytest.mark.skipif(os.name == "nt", reason="Windows deletes no folder that is in use")
def test_a_working_folder_that_was_deleted_has_no_dotenv() -> None:
    gone = Path("gone")
    gone.mkdir()
    os.chdir(gone)
    os.rmdir(Path.cwd())
    assert seen(connect(quiet=True))[0] == PRACTICE_KEY


@pytest.mark.parametrize(
    "key", [5, KEY.encode(), Path(KEY), SecretStr(KEY), lambda: KEY], ids=lambda key: type(key)
)
def test_a_key_is_a_text(key) -> None:
    for server in ("practice", "openai"):
        with pytest.raises(ConnectError, match=rf"not {type(key).__name__}") as told:
            connect(server, api_key=key)
        assert KEY not in str(told.value)


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("", "empty"),
        (f"{KEY}\n", "line break"),
        (f"{KEY[:20]} {KEY[20:]}", "space"),
        (f'"{KEY}"', "quotation marks"),
        (f"“{KEY}”", "quotation marks"),
        (f"{KEY}키", "no key has"),
        ("sk-...", "placeholder"),
        ("your-api-key-goes-here", "placeholder"),
        ("<OPENAI_API_KEY>", "placeholder"),
        ("sk-" + "x" * 20, "placeholder"),
    ],
)
def test_what_cannot_be_a_key_is_told_before_it_is_used(key, why, monkeypatch) -> None:
    with pytest.raises(ConnectError, match=why) as told:
        connect(api_key=key)
    assert not key or key not in str(told.value)
    if key:
        monkeypatch.setenv("OPENAI_API_KEY", key)
        with pytest.raises(ConnectError, match=why):
            connect()


def test_openai_without_a_key_names_the_three_places() -> None:
    with pytest.raises(ConnectError) as told:
        connect("openai")
    for place in ("connect(api_key=…)", "OPENAI_API_KEY", ".env", "Colab"):
        assert place in str(told.value)


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(ConnectError, match=r"No server answers at 127\.0\.0\.1"):
        connect(base_url=NOBODY)


@pytest.mark.parametrize("listed", ['{"data": [{"id": null}]}', '{"data": null}', "[]", "<p>", ""])
def test_a_server_that_lists_no_models_is_there_all_the_same(listed) -> None:
    with listing({"/v1/models": listed}) as url:
        assert default_model(connect(base_url=f"{url}/v1", quiet=True)) == DEFAULT_MODEL


def test_a_forgotten_v1_is_told_also_where_a_page_answers() -> None:
    with (
        listing({"/models": "<p>", "/v1/models": '{"data": [{"id": "x"}]}'}) as url,
        pytest.raises(ConnectError, match="add /v1"),
    ):
        connect(base_url=url)


def test_a_forgotten_v1_is_told(practice) -> None:
    with pytest.raises(ConnectError, match="add /v1"):
        connect(base_url=practice.url.removesuffix("/v1"), api_key=PRACTICE_KEY)


@pytest.mark.parametrize(
    "address",
    [
        "localhost:11434",
        "ftp://x/v1",
        "http://",
        "http://[1/v1",
        "http://한국..kr/v1",
        "http://x/v1\n",
        "http://x y/v1",
        "",
    ],
)
def test_an_address_that_is_none_is_told(address) -> None:
    with pytest.raises(ConnectError, match=r"http://localhost:11434/v1"):
        connect(base_url=address)


def test_a_key_where_a_server_belongs_is_told_and_not_shown(monkeypatch) -> None:
    with pytest.raises(ConnectError, match="api_key=") as as_server:
        connect(KEY)
    with pytest.raises(ConnectError, match="api_key=") as as_address:
        connect(base_url=f"'{OTHER_KEY}' ")
    monkeypatch.setenv("COURSE_SERVER", KEY)
    with pytest.raises(ConnectError, match="api_key=") as from_environment:
        connect()
    with pytest.raises(ConnectError, match="//…@x/v1") as password:
        connect(base_url="ftp://user:e5F6g7H8@x/v1")
    for told in (as_server, as_address, from_environment, password):
        assert "a1B2c3D4" not in str(told.value)
        assert "e5F6g7H8" not in str(told.value)


def test_what_was_chosen_prints_without_its_key(monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert KEY not in repr(servers.choose("openai", None, None, {}))
    assert KEY not in repr(list(keys.found()))


def test_an_address_that_is_too_long_is_told(practice) -> None:
    with pytest.raises(ConnectError, match="leave out /chat/completions"):
        connect(base_url=f"{practice.url}/chat/completions")


def test_server_and_address_exclude_each_other(practice) -> None:
    with pytest.raises(ConnectError, match="not both"):
        connect("openai", base_url=practice.url)


def test_the_default_model_is_what_the_server_has(monkeypatch, practice, client) -> None:
    assert default_model(client) == DEFAULT_MODEL
    practice.keys.add(OTHER_KEY)
    other = connect(base_url=practice.url, api_key=OTHER_KEY, quiet=True)
    assert default_model(other) == DEFAULT_MODEL
    monkeypatch.setattr("course_utils.catalog.DEFAULT_MODEL", "a-model-of-tomorrow")
    assert default_model(other) in {model.id for model in other.models.list()}
    monkeypatch.setenv("COURSE_MODEL", "mine")
    assert default_model(other) == default_model(client) == "mine"


def test_a_server_that_stops_is_told_by_default_model_too() -> None:
    with PracticeServer(keys={OTHER_KEY}) as server:
        client = connect(base_url=server.url, api_key=OTHER_KEY, quiet=True)
    with pytest.raises(ConnectError, match="No server answers"):
        default_model(client)


@pytest.mark.parametrize(
    "pasted",
    [
        "Bearer {}",
        "OPENAI_API_KEY={}",
        "key:{}",
        "{}\n…",
        "{} ok",
        "htp://x/v1?api_key={}",
        "http://{}/v1",
        "http://user:{}@/v1",
    ],
)
def test_a_key_pasted_where_a_server_belongs_is_not_shown(pasted: str) -> None:
    for secret in ("sk-proj-a1B2c3D4e5F6", "a1B2c3D4e5F6g7H8i9J0k1L2"):
        with pytest.raises(ConnectError) as refused:
            connect(pasted.format(secret))
        assert secret[3:] not in str(refused.value)


@pytest.mark.parametrize("server", [b"practice", Path("practice"), 5])
def test_a_server_that_is_no_text_is_refused(server) -> None:
    with pytest.raises(ConnectError, match=f"not by {type(server).__name__}"):
        connect(server)


def test_a_client_of_the_readers_own_is_refused_since_it_has_no_cap() -> None:
    with pytest.raises(ConnectError, match=r"openai\.OpenAI\(http_client"):
        connect("practice", http_client=openai.DefaultHttpxClient())
