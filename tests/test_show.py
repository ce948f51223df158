"""What a reader looks at: requests, events and responses as they crossed, and bars."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from decimal import Decimal
from typing import Any

import openai
import pytest

from course_utils import show
from course_utils.catalog import DEFAULT_MODEL
from course_utils.errors import LessonError
from course_utils.practice import KEY, PracticeServer

HOSTILE = 'It\'s 지우: "$HOME" `ls` $(ls) \\ \x1b[31mred\x1b[0m \x07\x7f\x9b \u202eabc\n끝 👩‍💻'
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
MESSAGES: Any = [{"role": "user", "content": "안녕하세요"}]


def raw_request(client: openai.OpenAI, content: str, **options: Any) -> Any:
    """One call as its raw response, as lesson 00 makes it."""
    return client.chat.completions.with_raw_response.create(
        model=DEFAULT_MODEL, messages=[{"role": "user", "content": content}], **options
    )


# ---------------------------------------------------------------- request


def test_request_shows_no_key_that_stands_elsewhere(
    client: openai.OpenAI, capsys: pytest.CaptureFixture[str]
) -> None:
    for header in ("sk-proj-secret", "Bearer sk-proj-secret", "Basic secret"):
        options = {"extra_headers": {"Authorization": header}, "extra_query": {"key": "secret"}}
        with pytest.raises(openai.AuthenticationError) as caught:
            raw_request(client, "안녕하세요", **options)
        show.request(caught.value)
        show.curl(caught.value)
    told = capsys.readouterr().out
    assert "secret" not in told
    assert "POST /v1/chat/completions?key=****\n" in told


def test_request_as_it_crossed(client: openai.OpenAI, capsys: pytest.CaptureFixture[str]) -> None:
    show.request(raw_request(client, "안녕하세요"))
    head, body = capsys.readouterr().out.split("\n\n")
    assert head.splitlines() == [
        "POST /v1/chat/completions",
        "content-type: application/json",
        "accept: application/json",
        "authorization: Bearer sk-****",
    ]
    assert json.loads(body) == {"messages": MESSAGES, "model": DEFAULT_MODEL}
    assert '\n      "content": "안녕하세요"\n' in body


def test_request_of_an_error_never_shows_the_key(
    practice: PracticeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    for key, shown in {"sk-secret-key": "Bearer sk-****", "ollama-token": "Bearer ****"}.items():
        with (
            openai.OpenAI(api_key=key, base_url=practice.url, max_retries=0) as client,
            pytest.raises(openai.AuthenticationError) as caught,
        ):
            raw_request(client, "안녕하세요")
        show.request(caught.value)
        show.curl(caught.value)
        out = capsys.readouterr().out
        assert f"authorization: {shown}\n" in out
        assert key not in out


def test_request_without_a_body(client: openai.OpenAI, capsys: pytest.CaptureFixture[str]) -> None:
    raw = client.models.with_raw_response.list()
    show.request(raw)
    assert capsys.readouterr().out == (
        "GET /v1/models\naccept: application/json\nauthorization: Bearer sk-****\n"
    )
    show.curl(raw)
    assert shlex.split(capsys.readouterr().out.replace("\\\n", "")) == [
        "curl",
        "${OPENAI_BASE_URL:-https://api.openai.com/v1}/models",
        "-H",
        "Authorization: Bearer $OPENAI_API_KEY",
    ]


@pytest.mark.parametrize("shown", [show.request, show.curl])
def test_a_parsed_response_holds_no_request(client: openai.OpenAI, shown: Any) -> None:
    with pytest.raises(LessonError, match=r"ChatCompletion holds no request.*with_raw_response"):
        shown(raw_request(client, "안녕하세요").parse())


def test_keys_of_a_body_are_in_the_same_order_with_every_sdk(
    client: openai.OpenAI, capsys: pytest.CaptureFixture[str]
) -> None:
    show.request(raw_request(client, "안녕하세요", stream=False, max_completion_tokens=400))
    body = json.loads(capsys.readouterr().out.split("\n\n")[1])
    assert list(body) == ["model", "messages", "max_completion_tokens", "stream"]


# ---------------------------------------------------------------- curl


def test_curl_is_right_for_the_real_api_and_holds_no_port(
    client: openai.OpenAI, practice: PracticeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    show.curl(raw_request(client, HOSTILE))
    out = capsys.readouterr().out
    command = shlex.split(out.replace("\\\n", ""))
    assert command[:-1] == [
        "curl",
        "${OPENAI_BASE_URL:-https://api.openai.com/v1}/chat/completions",
        "-H",
        "Content-Type: application/json",
        "-H",
        "Authorization: Bearer $OPENAI_API_KEY",
        "-d",
    ]
    assert json.loads(command[-1])["messages"][0]["content"] == HOSTILE
    assert ACTING.search(out) is None
    assert "127.0.0.1" not in out
    assert KEY not in out


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("sh"), reason="needs curl and sh")
@pytest.mark.parametrize("stream", [False, True])
def test_curl_pasted_into_a_shell_sends_the_same(
    client: openai.OpenAI,
    practice: PracticeServer,
    capsys: pytest.CaptureFixture[str],
    stream: bool,
) -> None:
    raw = raw_request(client, HOSTILE, stream=stream)
    show.curl(raw)
    command = capsys.readouterr().out
    assert command.startswith("curl -N ") is stream
    done = subprocess.run(
        ["sh", "-c", command],
        env=os.environ | {"OPENAI_BASE_URL": practice.url, "OPENAI_API_KEY": KEY},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert ("data: [DONE]" in done.stdout) is stream
    assert '"choices"' in done.stdout
    sent = json.loads(raw.http_request.content)
    assert sent["messages"][0]["content"] == HOSTILE
    bodies = [json.loads(exchange.body) for exchange in practice.log]
    assert bodies == [sent, sent]


# ---------------------------------------------------------------- events and responses


def streamed_lines(client: openai.OpenAI) -> list[str]:
    """The lines of a stream as they crossed, as lesson 04 reads them."""
    streaming = client.chat.completions.with_streaming_response
    with streaming.create(model=DEFAULT_MODEL, messages=MESSAGES, stream=True) as raw:
        return list(raw.iter_lines())


def test_events_are_the_same_on_every_run_and_else_exact(
    client: openai.OpenAI, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for _run in range(2):
        lines = streamed_lines(client)
        for line in lines:
            show.event(line)
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    shown = printed[0].splitlines()
    assert len(shown) == len(lines)
    assert "data: [DONE]" in shown
    assert '"id":"chatcmpl-…"' in shown[0]
    varying = ("id", "created", "obfuscation", "system_fingerprint")
    for was, is_ in zip(lines, shown, strict=True):
        if was.startswith("data: {"):
            # What was shortened aside, the line is a chunk with the same content.
            again = json.loads(re.sub(r'("created":\s*)…', r"\g<1>0", is_).removeprefix("data: "))
            before = json.loads(was.removeprefix("data: "))
            for key in varying:
                before.pop(key, None)
                again.pop(key, None)
            assert again == before


def test_an_event_with_a_tool_call_and_text_that_looks_like_an_id(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show.event(
        'data: {"id":"chatcmpl-A1","created":1700000000,"system_fingerprint":null,'
        '"choices":[{"delta":{"content":"{\\"id\\":\\"chatcmpl-A1\\"}",'
        '"tool_calls":[{"id":"call_B2","function":{"arguments":"{\\"id\\":\\"7\\"}"}}]}}],'
        '"obfuscation":"xYz"}'
    )
    assert capsys.readouterr().out == (
        'data: {"id":"chatcmpl-…","created":…,"system_fingerprint":null,'
        '"choices":[{"delta":{"content":"{\\"id\\":\\"chatcmpl-A1\\"}",'
        '"tool_calls":[{"id":"call_…","function":{"arguments":"{\\"id\\":\\"7\\"}"}}]}}],'
        '"obfuscation":"…"}\n'
    )


def test_an_empty_line_and_done_stay(capsys: pytest.CaptureFixture[str]) -> None:
    show.event("")
    show.event("data: [DONE]")
    assert capsys.readouterr().out == "\ndata: [DONE]\n"


@pytest.mark.parametrize("line", [None, b"data: [DONE]", {"data": 1}])
def test_an_event_is_a_line_of_text(line: Any) -> None:
    with pytest.raises(LessonError, match=f"not a {type(line).__name__}"):
        show.event(line)


def test_response_is_what_was_sent_but_for_id_and_time(
    client: openai.OpenAI, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = raw_request(client, "안녕하세요")
    show.response(raw.parse())
    out = capsys.readouterr().out
    assert '\n  "id": "chatcmpl-…",\n' in out
    assert '\n  "created": …,\n' in out
    shown = json.loads(out.replace('"created": …', '"created": 0'))
    sent = json.loads(raw.content)
    for key in ("id", "created"):
        shown.pop(key, None)
        sent.pop(key, None)
    assert shown == sent


def test_response_shortens_the_padding_of_a_chunk(
    client: openai.OpenAI, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = client.chat.completions.create(
        model="gpt-5.6-luna", messages=[{"role": "user", "content": "안녕하세요"}], stream=True
    )
    for chunk in stream:
        show.response(chunk)
        assert '\n  "obfuscation": "…"' in capsys.readouterr().out


def test_response_takes_a_dict_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    show.response({"id": "chatcmpl-1", "created": 1700000000, "n": 1})
    assert capsys.readouterr().out == '{\n  "id": "chatcmpl-…",\n  "created": …,\n  "n": 1\n}\n'
    with pytest.raises(LessonError, match="not a str"):
        show.response("hello")


def test_what_a_model_wrote_cannot_act_on_the_terminal(
    client: openai.OpenAI, capsys: pytest.CaptureFixture[str]
) -> None:
    show.request(raw_request(client, HOSTILE))
    show.response({"choices": [{"message": {"content": HOSTILE + "\ud800"}}]})
    show.event("data: " + HOSTILE)
    print(show.bars([{HOSTILE: HOSTILE, "tokens": 1}], title=HOSTILE, x=HOSTILE))
    out = capsys.readouterr().out
    assert ACTING.search(out) is None
    assert out.count("\\u001b[31mred") == 6
    assert "\\ud800" in out
    assert "👩‍💻" in out  # joined by a format character, which stays


# ---------------------------------------------------------------- bars

ROWS = [
    {"차례": "하나", "무엇": "보낸 토큰", "토큰": 20},
    {"차례": "하나", "무엇": "받은 토큰", "토큰": 10},
    {"차례": "2", "무엇": "보낸 토큰", "토큰": 1190},
    {"차례": "2", "무엇": "받은 토큰", "토큰": 10},
]


def test_bars_as_text_line_up_beside_hangul() -> None:
    chart = show.bars(ROWS, title="대화가 길어지면", x="차례", y="토큰", stack="무엇")
    assert repr(chart) == (
        "대화가 길어지면\n"
        "무엇: █ 보낸 토큰  ▒ 받은 토큰\n"
        "차례 하나  █ 30 (20 + 10)\n"
        f"차례 2     {'█' * 40} 1,200 (1,190 + 10)"
    )


def test_bars_as_a_chart_that_is_always_the_same() -> None:
    bundles = [
        show.bars(ROWS, title="제목", x="차례", y="토큰", stack="무엇")._repr_mimebundle_()
        for _run in range(2)
    ]
    assert bundles[0] == bundles[1]
    chart = bundles[0]["application/vnd.vegalite.v5+json"]
    assert [value["y"] for value in chart["data"]["values"]] == [20, 10, 1190, 10]
    assert chart["encoding"]["x"]["title"] == "차례"
    assert chart["encoding"]["color"]["sort"] == ["보낸 토큰", "받은 토큰"]
    assert chart["$schema"].startswith("https://vega.github.io/schema/vega-lite/v5.")
    assert json.loads(json.dumps(chart)) == chart


def test_bars_without_a_stack_and_with_exact_money() -> None:
    rows = [{"model": "a.b[c]:d", "cost": Decimal("0.10")}, {"model": "e", "cost": Decimal("0.2")}]
    chart = show.bars(rows, title="T", x="model", y="cost")
    assert repr(chart).splitlines()[1:] == [
        f"model a.b[c]:d  {'█' * 20} 0.10",
        f"model e         {'█' * 40} 0.2",
    ]
    spec = chart._repr_mimebundle_()["application/vnd.vegalite.v5+json"]
    assert spec["data"]["values"][0]["x"] == "a.b[c]:d"
    assert "color" not in spec["encoding"]


def test_bars_that_are_all_nothing() -> None:
    assert repr(show.bars([{"t": 1, "tokens": 0}], title="T", x="t")) == "T\nt 1   0"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "no rows"),
        ([{"turn": 1}], "no 'tokens': it has 'turn'"),
        ([{"tokens": 1}], "no 'turn'"),
        ([{"turn": 1, "tokens": -1}], "'tokens' of a row of show.bars.. is -1"),
        ([{"turn": 1, "tokens": "3"}], "is '3': it must be a number"),
        ([{"turn": 1, "tokens": True}], "must be a number"),
        ([{"turn": 1, "tokens": None}], "must be a number"),
        ([{"turn": 1, "tokens": float("nan")}], "must be a number"),
        ([{"turn": 1, "tokens": Decimal("Infinity")}], "must be a number"),
    ],
)
def test_bars_refuse_what_cannot_be_drawn(rows: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(LessonError, match=says):
        show.bars(rows, title="T", x="turn")


GROUPED = [
    {"낱말": "별", "무엇": "예상", "퍼센트": 50.0},
    {"낱말": "달", "무엇": "예상", "퍼센트": 25},
    {"낱말": "달", "무엇": "실제", "퍼센트": 30},
    {"낱말": "별", "무엇": "실제", "퍼센트": 47.5},
    {"낱말": "강", "무엇": "실제", "퍼센트": 0},
]


def test_bars_side_by_side_as_text_stand_together_whatever_the_order() -> None:
    chart = show.bars(GROUPED, title="제목", x="낱말", y="퍼센트", group="무엇", y_max=100)
    assert repr(chart) == (
        "제목\n"
        "무엇: █ 예상  ▒ 실제\n"
        f"낱말 별  {'█' * 20} 50\n"
        f"         {'▒' * 19} 47.5\n"
        f"낱말 달  {'█' * 10} 25\n"
        f"         {'▒' * 12} 30\n"
        "낱말 강   0"
    )


def test_bars_side_by_side_as_a_chart() -> None:
    chart = show.bars(GROUPED, title="제목", x="낱말", y="퍼센트", group="무엇", y_max=100)
    spec = chart._repr_mimebundle_()["application/vnd.vegalite.v5+json"]["encoding"]
    assert spec["xOffset"]["field"] == spec["color"]["field"] == "part"
    assert spec["xOffset"]["sort"] == ["예상", "실제"]
    assert "order" not in spec
    assert spec["y"]["scale"]["domain"] == [0, 100]


def test_bars_on_a_fixed_axis_are_cut_where_it_ends() -> None:
    rows = [{"t": 1, "tokens": 50}, {"t": 2, "tokens": 300}]
    text = repr(show.bars(rows, title="T", x="t", y_max=100)).splitlines()
    assert text[1:] == [f"t 1  {'█' * 20} 50", f"t 2  {'█' * 40} 300"]


def test_bars_are_stacked_or_side_by_side_not_both() -> None:
    with pytest.raises(LessonError, match="a stack or a group, not both"):
        show.bars(GROUPED, title="T", x="낱말", y="퍼센트", stack="무엇", group="무엇")


@pytest.mark.parametrize("y_max", [0, -1, True, "9", float("nan")])
def test_bars_refuse_an_axis_that_ends_nowhere(y_max: Any) -> None:
    with pytest.raises(LessonError, match="y_max of show"):
        show.bars(ROWS, title="T", x="차례", y="토큰", y_max=y_max)
