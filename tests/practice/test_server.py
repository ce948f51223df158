"""The server as something that runs: ports, the log, and who is let in."""

from __future__ import annotations

import errno
import http.client
import os
import socket

import openai
import pytest

from course_utils.errors import PortInUseError
from course_utils.practice import KEY, PracticeServer
from course_utils.practice.wirelog import WireLog

HELLO: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": "hello"}]


def test_it_listens_on_this_machine_only(practice: PracticeServer) -> None:
    assert practice.url.startswith("http://127.0.0.1:")


def answer(server: PracticeServer, path: str, *hosts: str) -> tuple[int, bytes]:
    """Ask with these Host headers, and none that HTTP's client adds by itself."""
    connection = http.client.HTTPConnection("127.0.0.1", port_of(server))
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Authorization", f"Bearer {KEY}")
    for host in hosts:
        connection.putheader("Host", host)
    connection.endheaders()
    response = connection.getresponse()
    try:
        return response.status, response.read()
    finally:
        connection.close()


def port_of(server: PracticeServer) -> int:
    return int(server.url.split(":")[2].split("/")[0])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("port", ["", ":80", ":54321"])
def test_it_answers_those_who_ask_for_this_machine(
    practice: PracticeServer, host: str, port: str
) -> None:
    assert answer(practice, "/v1/models", host + port)[0] == 200


@pytest.mark.parametrize(
    "hosts",
    [
        ["evil.example"],
        ["evil.example:8000"],
        ["127.0.0.1.evil.example"],
        ["localhost.evil.example"],
        ["evil.example@127.0.0.1"],
        ["192.168.0.7"],
        [""],
        [],
    ],
)
@pytest.mark.parametrize("path", ["/v1/models", "/", "/v1/chat/completions"])
def test_nobody_else_is_told_anything(
    practice: PracticeServer, hosts: list[str], path: str
) -> None:
    status, body = answer(practice, path, *hosts)
    assert (status, body) == (400, b"Invalid host header")
    assert len(practice.log) == 0


def test_a_port_in_use_is_one_clear_sentence(practice: PracticeServer) -> None:
    port = port_of(practice)
    with pytest.raises(
        PortInUseError, match=f"Port {port} is already in use: .* --port {port + 1}"
    ):
        PracticeServer(port)


@pytest.mark.parametrize(
    ("error", "port", "words"),
    [
        (errno.EACCES, 80, "Port 80 may not be used here"),
        (errno.EADDRINUSE, 65535, "Port 65535 is already in use: .* --port 0"),
    ],
)
def test_a_port_that_cannot_be_had_names_another(
    monkeypatch: pytest.MonkeyPatch, error: int, port: int, words: str
) -> None:
    def refuse(*_args: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(PortInUseError, match=words):
        PracticeServer(port)


def test_a_stopped_server_frees_its_port() -> None:
    with PracticeServer() as first:
        port = port_of(first)
    with PracticeServer(port) as second:
        assert second.url == first_url(port)


def first_url(port: int) -> str:
    return f"http://127.0.0.1:{port}/v1"


def test_the_log_keeps_what_crossed_and_no_key(
    practice: PracticeServer, client: openai.OpenAI
) -> None:
    list(client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True))
    (exchange,) = practice.log
    assert exchange.method == "POST"
    assert exchange.path == "/v1/chat/completions"
    assert '"hello"' in exchange.body
    assert exchange.status == 200
    assert exchange.response.endswith("data: [DONE]\n\n")
    assert [when for when, _ in exchange.chunks] == sorted(when for when, _ in exchange.chunks)
    assert KEY not in str(exchange)


def test_each_key_has_its_own_log(practice: PracticeServer, client: openai.OpenAI) -> None:
    practice.keys.add("sk-another-student")
    client.chat.completions.create(model="gpt-4o", messages=HELLO)
    other = client.with_options(api_key="sk-another-student")
    other.chat.completions.create(model="gpt-4o", messages=HELLO)
    assert len(practice.log) == 2
    assert len(practice.log.of("sk-another-student")) == 1
    practice.keys.remove("sk-another-student")
    with pytest.raises(openai.AuthenticationError):
        other.chat.completions.create(model="gpt-4o", messages=HELLO)


def test_the_log_keeps_no_credential_of_any_kind(
    practice: PracticeServer, client: openai.OpenAI
) -> None:
    secret = "the-secret-of-somebody-else"
    names = ("api-key", "X-API-Key", "Cookie", "Proxy-Authorization")
    client.models.list(extra_headers=dict.fromkeys(names, secret))
    (exchange,) = practice.log
    assert {name.lower() for name in names} <= exchange.headers.keys()
    assert secret not in str(exchange)


def logged(log: WireLog, body: bytes, response: bytes = b"") -> None:
    log.open("POST", "/v1", [("host", "localhost")], body).sent(response)


def test_the_log_forgets_what_is_oldest_by_number_and_by_size() -> None:
    log = WireLog(limit=5, most=100_000)
    for number in range(9):
        logged(log, b"%d" % number)
    assert [each.body for each in log] == ["4", "5", "6", "7", "8"]
    logged(log, b"a" * 40_000, b"b" * 40_000)
    logged(log, b"c" * 40_000)
    assert [each.body[0] for each in log] == ["c"]
    log.clear()
    logged(log, b"d" * 40_000, b"e" * 30_000)
    logged(log, b"f")
    assert [each.body[0] for each in log] == ["d", "f"]
    log[-1].sent(b"g" * 40_000)
    assert [each.body[0] for each in log] == ["f"]


def test_what_a_forgotten_exchange_still_sends_takes_no_room() -> None:
    log = WireLog(limit=2, most=100_000)
    forgotten = log.open("POST", "/v1", [], b"0")
    logged(log, b"1")
    logged(log, b"2", b"c" * 60_000)
    forgotten.sent(b"b" * 60_000)
    assert [each.body for each in log] == ["1", "2"]


@pytest.mark.parametrize("body", ["가".encode() * 50_000, b"a" * 200_000])
def test_the_log_keeps_the_last_exchange_whatever_its_size(body: bytes) -> None:
    log = WireLog(most=100_000)
    logged(log, b"first")
    logged(log, body)
    assert [each.body for each in log] == [body.decode()]
    logged(log, b"last")
    assert [each.body for each in log] == ["last"]


def test_the_size_of_a_header_and_a_path_counts() -> None:
    log = WireLog(most=100_000)
    log.open("GET", "/" + "p" * 60_000, [("x-long", "h" * 60_000)], b"")
    logged(log, b"last")
    assert [each.body for each in log] == ["last"]
