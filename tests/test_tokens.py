from __future__ import annotations

import hashlib
import json
import lzma
import os
import subprocess
import sys
import warnings
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletionMessage

from course_utils import catalog, tokens
from course_utils.errors import MessageError, UnknownModelError

SENTENCE = "아버지가 방에 들어가신다"
CL100K = [54059, 80104, 22035, 20565, 75908, 19954, 56938, 97, 32179, 20565, 83628, 13447]
O200K = [7653, 24963, 158317, 24030, 3107, 57217, 4081, 11753, 2276]

# --- texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "ids"), [("gpt-3.5-turbo", CL100K), ("gpt-4.1", O200K)])
def test_the_sentence_of_the_course(model: str, ids: list[int]):
    assert [piece.id for piece in tokens.pieces(SENTENCE, model=model)] == ids
    assert tokens.count_tokens(SENTENCE, model=model) == len(ids)


def test_the_default_model_is_meant_when_none_is_named():
    assert tokens.count_tokens(SENTENCE) == len(O200K)
    assert tokens.encoding_for().name == catalog.get(catalog.DEFAULT_MODEL).encoding


def test_an_encoding_may_be_named_or_given():
    assert tokens.count_tokens(SENTENCE, encoding="cl100k_base") == len(CL100K)
    given_ = tokens.get_encoding("cl100k_base")
    assert tokens.count_tokens(SENTENCE, model="gpt-4o", encoding=given_) == len(CL100K)


def test_special_tokens_in_a_text_are_plain_text():
    assert tokens.count_tokens("<|endoftext|>") > 1


@pytest.fixture
def _not_seen_before():
    tokens._encoding_name.cache_clear()
    yield
    tokens._encoding_name.cache_clear()


@pytest.mark.usefixtures("_not_seen_before")
def test_a_model_too_new_for_tiktoken_gets_the_catalogues_encoding_and_is_told_of_once():
    with pytest.warns(UserWarning, match=r"gpt-6-luna.*o200k_base"):
        assert tokens.encoding_for("gpt-6-luna").name == "o200k_base"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert tokens.encoding_for("gpt-6-luna").name == "o200k_base"


def test_a_model_that_nobody_knows():
    with pytest.raises(UnknownModelError, match=r"llama3.*encoding="):
        tokens.count_tokens("hello", model="llama3")


# --- messages -------------------------------------------------------------------------------------

# The two examples of OpenAI's cookbook, with the prompt_tokens that its API answered.
JARGON = [
    {
        "role": "system",
        "content": "You are a helpful, pattern-following assistant that translates corporate "
        "jargon into plain English.",
    },
    {
        "role": "system",
        "name": "example_user",
        "content": "New synergies will help drive top-line growth.",
    },
    {
        "role": "system",
        "name": "example_assistant",
        "content": "Things working well together will increase revenue.",
    },
    {
        "role": "system",
        "name": "example_user",
        "content": "Let's circle back when we have more bandwidth to touch base on opportunities "
        "for increased leverage.",
    },
    {
        "role": "system",
        "name": "example_assistant",
        "content": "Let's talk later when we're less busy about how to do better.",
    },
    {
        "role": "user",
        "content": "This late pivot means we don't have time to boil the ocean for the client "
        "deliverable.",
    },
]
WEATHER = [
    {
        "role": "system",
        "content": "You are a helpful assistant that can answer to questions about the weather.",
    },
    {"role": "user", "content": "What's the weather like in San Francisco?"},
]
WEATHER_TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_current_weather",
            "description": "Get the current weather in a given location",
            "parameters": {
                "type": "object",
                "properties": {
                    "location": {
                        "type": "string",
                        "description": "The city and state, e.g. San Francisco, CA",
                    },
                    "unit": {
                        "type": "string",
                        "description": "The unit of temperature to return",
                        "enum": ["celsius", "fahrenheit"],
                    },
                },
                "required": ["location"],
            },
        },
    }
]


@pytest.mark.parametrize(
    ("model", "expected"), [("gpt-3.5-turbo", 129), ("gpt-4", 129), ("gpt-4o", 124)]
)
def test_messages_count_as_the_api_counted_them(model: str, expected: int):
    assert tokens.count_message_tokens(JARGON, model=model) == expected


@pytest.mark.parametrize(("model", "expected"), [("gpt-3.5-turbo", 105), ("gpt-4o", 101)])
def test_tools_count_as_the_api_counted_them(model: str, expected: int):
    assert tokens.count_message_tokens(WEATHER, WEATHER_TOOLS, model=model) == expected


def test_no_tools_cost_nothing():
    assert tokens.count_message_tokens(WEATHER, []) == tokens.count_message_tokens(WEATHER)


def test_a_history_can_be_counted_message_by_message():
    encoding = tokens.encoding_for()
    one_by_one = sum(tokens.message_tokens(message, encoding) for message in JARGON)
    assert one_by_one + tokens.REPLY_PRIMING == tokens.count_message_tokens(JARGON)


def test_content_as_parts_counts_like_the_string():
    as_text = [{"role": "user", "content": SENTENCE}]
    as_parts = [{"role": "user", "content": [{"type": "text", "text": SENTENCE}]}]
    assert tokens.count_message_tokens(as_parts) == tokens.count_message_tokens(as_text)


def test_an_image_counts_nothing_here():
    text = {"type": "text", "text": "What is this?"}
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    with_image = tokens.count_message_tokens([{"role": "user", "content": [text, image]}])
    assert with_image == tokens.count_message_tokens([{"role": "user", "content": [text]}])


def test_a_refusal_counts_as_the_text_that_it_is():
    refused = [{"role": "assistant", "content": None, "refusal": "No, sorry."}]
    said = [{"role": "assistant", "content": "No, sorry."}]
    assert tokens.count_message_tokens(refused) == tokens.count_message_tokens(said)


def test_a_tool_call_costs_its_name_and_arguments_but_not_its_id():
    def calling(number: str, arguments: str) -> int:
        call = {"id": number, "type": "function"}
        call["function"] = {"name": "weather", "arguments": arguments}
        return tokens.count_message_tokens(
            [{"role": "assistant", "content": None, "tool_calls": [call]}]
        )

    without = tokens.count_message_tokens([{"role": "assistant", "content": None}])
    assert calling("call_1", "{}") > without + tokens.count_tokens("weather")
    assert calling("call_1", '{"city": "서울"}') > calling("call_1", "{}")
    assert calling("call_1", "{}") == calling("call_" + "x" * 24, "{}")


def test_the_sdks_own_message_counts_like_the_dict():
    fields = {
        "role": "assistant",
        "content": "네.",
        "tool_calls": [
            {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
        ],
    }
    message = ChatCompletionMessage.model_validate(fields)
    half = {**fields, "tool_calls": message.tool_calls}
    expected = tokens.count_message_tokens([fields])
    assert tokens.count_message_tokens([message]) == expected
    assert tokens.count_message_tokens([half]) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"content": 5},
        {"content": ["a"]},
        {"content": {"type": "text", "text": "a"}},
        {"content": [{"type": "text", "text": 5}]},
        {"name": 5},
        {"tool_calls": "x"},
        {"tool_calls": [{"function": "x"}]},
        {"tool_calls": [{"function": {"name": "f", "arguments": {"city": "서울"}}}]},
    ],
)
def test_a_message_with_a_field_that_cannot_be_is_told_in_a_sentence(fields: dict[str, Any]):
    with pytest.raises(MessageError, match=r"list|text"):
        tokens.count_message_tokens([{"role": "assistant", "content": "a", **fields}])


@pytest.mark.parametrize("messages", ["hi", 5, [5], ["hi"], {"role": "user", "content": "hi"}])
def test_messages_that_are_no_list_of_dicts_are_told(messages: Any):
    with pytest.raises(MessageError, match="list of dicts"):
        tokens.count_message_tokens(messages)
    with pytest.raises(MessageError, match="list of dicts"):
        tokens.count_message_tokens([], messages)


@pytest.mark.parametrize("text", [5, b"hi", ["hi"]])
def test_what_is_no_text_has_no_tokens(text: Any):
    with pytest.raises(MessageError, match=f"not {type(text).__name__}"):
        tokens.count_tokens(text)


def test_special_tokens_in_a_message_are_plain_text():
    message = {"role": "user", "content": "<|im_start|>system<|endoftext|>"}
    assert tokens.count_message_tokens([message]) > 10


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "properties", "enum", "description", "items", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_whatever_a_schema_holds_it_is_counted(schema):
    tool = {"type": "function", "function": {"name": "f", "parameters": schema}}
    assert tokens.tools_tokens([tool], tokens.encoding_for()) > 0


def test_properties_within_properties_count():
    inner = {"type": "object", "properties": {"street": {"type": "string"}}}
    outer = {"type": "object", "properties": {"address": inner}}
    flat = {"type": "object", "properties": {"address": {"type": "object"}}}

    def count(parameters: dict[str, object]) -> int:
        tool = {"type": "function", "function": {"name": "f", "parameters": parameters}}
        return tokens.tools_tokens([tool], tokens.encoding_for())

    assert count(outer) > count(flat)


# --- pieces ---------------------------------------------------------------------------------------


@given(st.text())
def test_pieces_are_the_text(text: str):
    pieces = tokens.pieces(text)
    assert b"".join(piece.bytes for piece in pieces) == text.encode()
    assert len(pieces) == tokens.count_tokens(text)


def test_a_split_syllable_is_shown_as_the_bytes_it_is():
    split = [piece for piece in tokens.pieces(SENTENCE, model="gpt-4") if piece.text is None]
    assert [piece.label for piece in split] == ["<20 EB 93>", "<A4>"]
    assert b"".join(piece.bytes for piece in split).decode() == " 들"


def test_a_whole_piece_is_labelled_with_its_text():
    assert [piece.label for piece in tokens.pieces("hello world")] == ["hello", " world"]


# --- no network, and whose cache ------------------------------------------------------------------

OFFLINE = """
import socket

def refuse(*args, **kwargs):
    raise OSError("there is no network in this test")

socket.socket.connect = socket.getaddrinfo = refuse
"""
COUNT = (
    "from course_utils.tokens import count_tokens; print(count_tokens('아버지가 방에 들어가신다'))"
)
URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
KEY = hashlib.sha1(URL.encode()).hexdigest()


@pytest.fixture(scope="module")
def ranks() -> bytes:
    packed = files("course_utils") / "data" / "o200k_base.tiktoken.xz"
    return lzma.decompress(packed.read_bytes())


def offline(code: str, home: Path, **variables: str) -> str:
    """Run code in a Python of its own with no network, its cache home in ``home``."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR")
    }
    run = subprocess.run(
        [sys.executable, "-c", OFFLINE + code],
        env={**environment, "XDG_CACHE_HOME": str(home), **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def own_copy(home: Path) -> Path:
    return home / "chat-completions-course" / "tiktoken" / KEY


def test_tokens_are_counted_with_no_network(tmp_path: Path, ranks: bytes):
    assert offline(COUNT, tmp_path) == "9"
    assert own_copy(tmp_path).read_bytes() == ranks


def test_tiktoken_itself_works_with_no_network_afterwards(tmp_path: Path):
    code = """
from course_utils.tokens import use_packaged_ranks
use_packaged_ranks()
import tiktoken
print(tiktoken.get_encoding("cl100k_base").n_vocab, tiktoken.encoding_for_model("gpt-5").name)
"""
    assert offline(code, tmp_path) == "100277 o200k_base"


@pytest.mark.parametrize("damage", ["truncated", "emptied", "changed"])
def test_a_damaged_copy_is_healed(tmp_path: Path, ranks: bytes, damage: str):
    copy = own_copy(tmp_path)
    copy.parent.mkdir(parents=True)
    copy.write_bytes(
        {"truncated": ranks[:1000], "emptied": b"", "changed": b"x" + ranks[1:]}[damage]
    )
    assert offline(COUNT, tmp_path) == "9"
    assert copy.read_bytes() == ranks


def test_a_damaged_copy_is_healed_in_a_process_that_inherits_its_folder(
    tmp_path: Path, ranks: bytes
):
    copy = own_copy(tmp_path)
    copy.parent.mkdir(parents=True)
    copy.write_bytes(ranks[:1000])
    assert offline(COUNT, tmp_path, TIKTOKEN_CACHE_DIR=str(copy.parent)) == "9"
    assert copy.read_bytes() == ranks


@pytest.mark.parametrize("variable", ["TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"])
def test_a_cache_of_the_users_is_used_when_it_holds_the_file(
    tmp_path: Path, ranks: bytes, variable: str
):
    theirs, home = tmp_path / "theirs", tmp_path / "home"
    theirs.mkdir()
    (theirs / KEY).write_bytes(ranks)
    assert offline(COUNT, home, **{variable: str(theirs)}) == "9"
    assert not home.exists()


@pytest.mark.parametrize("variable", ["TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"])
@pytest.mark.parametrize("content", [None, b"not a rank file"])
def test_a_cache_of_the_users_is_never_touched(
    tmp_path: Path, variable: str, content: bytes | None
):
    theirs, home = tmp_path / "theirs", tmp_path / "home"
    theirs.mkdir()
    if content:
        (theirs / KEY).write_bytes(content)
    code = f"""
import json, os
def of_tiktoken():
    return {{k: v for k, v in os.environ.items() if k.endswith("_CACHE_DIR")}}
before = of_tiktoken()
{COUNT}
print(json.dumps([before, of_tiktoken()]))
"""
    counted, seen = offline(code, home, **{variable: str(theirs)}).splitlines()
    assert counted == "9"
    before, after = json.loads(seen)
    assert before == after
    assert before[variable] == str(theirs)
    assert [path.read_bytes() for path in theirs.iterdir()] == ([content] if content else [])


def test_a_cache_that_the_user_has_switched_off_stays_off(tmp_path: Path):
    code = f"import os; {COUNT}; print(repr(os.environ['TIKTOKEN_CACHE_DIR']))"
    assert offline(code, tmp_path, TIKTOKEN_CACHE_DIR="").splitlines() == ["9", "''"]


def test_a_home_that_cannot_be_written_to_is_no_obstacle(tmp_path: Path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    assert offline(COUNT, in_the_way) == "9"


def test_many_threads_may_start_counting_at_once(tmp_path: Path):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    code = """
import os
from concurrent.futures import ThreadPoolExecutor
from course_utils.tokens import count_tokens
names = ["cl100k_base", "o200k_base"] * 8
with ThreadPoolExecutor(16) as pool:
    counts = pool.map(lambda name: count_tokens("아버지가 방에 들어가신다", encoding=name), names)
print(sorted(set(counts)), os.environ["TIKTOKEN_CACHE_DIR"] == os.environ["THEIRS"])
"""
    seen = offline(code, tmp_path, TIKTOKEN_CACHE_DIR=str(theirs), THEIRS=str(theirs))
    assert seen == "[9, 12] True"


def test_importing_the_module_does_not_load_tiktoken():
    code = "import sys, course_utils.tokens; print('tiktoken' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


@pytest.mark.parametrize("space", [" ", "\n", "\u3000"])
def test_a_million_spaces_in_a_row_are_counted(space: str) -> None:
    shorter, longer = (tokens.count_tokens("가" + space * n + "나") for n in (100_000, 1_000_000))
    assert longer == pytest.approx(10 * shorter, rel=0.01)


def test_a_million_spaces_have_pieces_as_many_as_are_counted() -> None:
    text = "가" + " " * 1_000_000 + "나\n" + " " * 250_000
    made = tokens.pieces(text)
    assert b"".join(piece.bytes for piece in made).decode() == text
    assert len(made) == tokens.count_tokens(text)


@pytest.mark.parametrize(
    "text",
    [
        "바다는 혼잣말이 길어서 " * 20_000,
        " " * 90_000 + "x" * 20_000,
        (" " * 99_999 + "x") * 3 + "\n\n",
        "a \u3000\n b\t\t" * 20_000,
    ],
    ids=["prose", "spaces-and-a-word", "runs-just-short-enough", "short-runs"],
)
def test_a_long_text_is_counted_as_a_whole(text: str) -> None:
    assert tokens.count_tokens(text) == len(tokens.encoding_for().encode_ordinary(text))
