"""The way between a check and a student's code: what goes there, and what comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from decimal import Decimal
from typing import Any

import pytest

from course_utils.exercises.fresh import Fresh
from course_utils.exercises.marks import (
    Criterion,
    Marks,
    NotStartedError,
    Unmet,
    equal,
    expect,
    shown,
)
from course_utils.exercises.notebook import Here
from course_utils.exercises.plain import Model, Other, decode, encode
from course_utils.exercises.student import Student
from course_utils.exercises.task import Task, run
from course_utils.exercises.wire import Wire
from course_utils.practice import PracticeServer

KEY = "sk-practice"


def student_of(source: str, practice: PracticeServer) -> Student:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return Student(Here(namespace, practice.url), KEY)


@pytest.mark.parametrize(
    "value",
    [None, True, 3, -1.5, "가", [1, [2]], {"a": {"b": []}}, Decimal("0.10"), b"\x00\xff", {1: "a"}],
)
def test_data_comes_back_as_it_was(value: object) -> None:
    assert decode(json.loads(json.dumps(encode(value)))) == value


def test_what_is_no_data_comes_back_as_its_name_and_looks() -> None:
    class Equal:
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = object.__hash__

        def __repr__(self) -> str:
            return "anything you like"

    assert decode(encode(Equal())) == Other("Equal", "anything you like")
    assert decode(encode([float("nan")])) == [Other("float", "nan")]
    endless: list[Any] = []
    endless.append(endless)
    json.dumps(encode(endless))


def test_a_text_that_pretends_to_be_equal_is_the_text_that_it_holds() -> None:
    class Chameleon(str):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = str.__hash__

        def __str__(self) -> str:
            return "something else"

    came = decode(encode(Chameleon("wrong")))
    assert type(came) is str
    assert came == "wrong"


def test_a_pydantic_object_comes_back_as_its_fields() -> None:
    from pydantic import BaseModel

    class Recipe(BaseModel):
        name: str
        minutes: int

    assert decode(encode(Recipe(name="국수", minutes=7))) == Model(
        "Recipe", {"name": "국수", "minutes": 7}
    )


@pytest.mark.parametrize(
    "data",
    [{"$": "decimal", "value": "much"}, {"$": "bytes", "value": 7}, {"$": "pairs"}, {"$": 1}],
)
def test_data_that_lies_about_its_form_is_something_else(data: object) -> None:
    assert isinstance(decode(data), Other)


def test_data_that_is_nested_without_end_stops_somewhere() -> None:
    data: Any = 1
    for _level in range(500):
        data = [data]
    assert "…" in repr(decode(data))


def test_a_call_returns_a_value_and_what_was_printed_and_typed(practice: PracticeServer) -> None:
    student = student_of(
        "def f(a, *, b):\n    print('x', end='', flush=True)\n    return a + b + int(input('? '))",
        practice,
    )
    outcome = student.call("f", 1, b=2, typed=["4"])
    assert outcome.value == 7
    assert [text for _seconds, text in outcome.pieces] == ["x", "? 4\n"]


def test_a_line_is_visible_when_it_ends_or_is_flushed(practice: PracticeServer) -> None:
    seen: list[str] = []
    student = student_of(
        "def f():\n"
        "    print('a', end='')\n    print('b', end='')\n    print('c')\n"
        "    print('d', end='', flush=True)\n    print('e', end='')\n",
        practice,
    )
    student.call("f", seen=seen.append)
    assert seen == ["abc\n", "d", "e"]


def test_input_that_is_used_up_ends_as_a_file_does(practice: PracticeServer) -> None:
    error = student_of("def f():\n    input()", practice).call("f").error
    assert error is not None
    assert error.type == "EOFError"


def test_an_error_names_its_line_and_its_kinds(practice: PracticeServer) -> None:
    source = "def f():\n    return {}['key']"
    outcome = student_of(source, practice).call("f")
    assert outcome.error is not None
    assert "LookupError" in outcome.error.kinds
    with pytest.raises(Unmet) as caught:
        _ = outcome.value
    assert "KeyError: 'key'" in caught.value.got


@pytest.mark.parametrize("source", ["", "f = ...", "def f():\n    raise NotImplementedError"])
def test_what_is_missing_or_a_stub_is_not_started(practice: PracticeServer, source: str) -> None:
    with pytest.raises(NotStartedError, match="f"):
        student_of(source, practice).call("f")


def test_exit_is_an_error_like_others(practice: PracticeServer) -> None:
    error = student_of("def f():\n    exit()", practice).call("f").error
    assert error is not None
    assert error.type == "SystemExit"


def test_data_can_stay_in_the_student_s_process_and_change_there(practice: PracticeServer) -> None:
    student = student_of("def f(a):\n    a.append(2)", practice)
    kept = student.keep("numbers", [1])
    student.call("f", kept)
    assert student.read("numbers") == [1, 2]


def test_an_object_can_stay_and_be_called(practice: PracticeServer) -> None:
    student = student_of(
        "class Counter:\n    def __init__(self): self.n = 0\n"
        "    def add(self, n): self.n += n; return self.n",
        practice,
    )
    student.call("Counter", keep="counter")
    student.call("counter.add", 2)
    assert student.call("counter.add", 3).value == 5


def test_a_name_can_lead_into_an_object_and_a_list(practice: PracticeServer) -> None:
    student = student_of(
        "class Box: pass\nbox = Box()\nbox.children = [Box(), Box()]\nbox.children[1].value = 'x'",
        practice,
    )
    assert student.read("box.children.1.value") == "x"
    with pytest.raises(NotStartedError):
        student.read("box.children.2.value")


def test_a_folder_of_texts_goes_there_and_comes_back(practice: PracticeServer) -> None:
    source = (
        "from pathlib import Path\n"
        "def f(folder):\n"
        "    text = Path(folder, 'a.txt').read_text('utf-8')\n"
        "    Path(folder, 'b.txt').write_text(text * 2, 'utf-8')\n"
    )
    student = student_of(source, practice)
    assert student.call("f", student.folder("texts", {"a.txt": "가"})).error is None
    assert student.files("texts") == {"a.txt": "가", "b.txt": "가가"}


def test_a_function_notes_its_calls(practice: PracticeServer) -> None:
    student = student_of("def f(g):\n    return g('제주', days=2)['sky']", practice)
    outcome = student.call("f", student.function("weather", returns={"sky": "맑음"}))
    assert outcome.value == "맑음"
    assert outcome.called == [{"name": "weather", "args": ["제주"], "kwargs": {"days": 2}}]


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    yield 'a'\n    yield 'b'",
        "async def f():\n    yield 'a'\n    yield 'b'",
        "async def f():\n    return ['a', 'b']",
    ],
)
def test_iterators_and_coroutines_are_taken_to_their_end(
    practice: PracticeServer, source: str
) -> None:
    assert student_of(source, practice).call("f").value == ["a", "b"]


def test_a_coroutine_is_awaited_where_an_event_loop_runs_already(practice: PracticeServer) -> None:
    import asyncio

    student = student_of("async def f():\n    return 1", practice)

    async def main() -> Any:
        return student.call("f").value

    assert asyncio.run(main()) == 1


STREAM = """
def f(client, model, together):
    pieces = []
    messages = [{"role": "user", "content": "hello"}]
    for chunk in client.chat.completions.create(model=model, messages=messages, stream=True):
        pieces.append(chunk.choices[0].delta.content or "")
        if not together:
            print(pieces[-1], end="", flush=True)
    if together:
        print("".join(pieces))
"""


def test_a_held_stream_is_let_go_by_being_seen_and_by_nothing_else(
    practice: PracticeServer,
) -> None:
    student, wire = student_of(STREAM, practice), Wire(practice, KEY)
    text = "Nine lamps burn on the long wall tonight."
    for together in (False, True):
        held = wire.holds(text, patience=0.3 if together else 30)
        outcome = student.call("f", student.client(), "gpt-5.6-luna", together, seen=held.seen)
        assert outcome.error is None
        assert outcome.output.strip() == text
        assert held.was_seen is not together
        assert wire[-1].reply == text


def test_the_wire_shows_this_key_s_requests(practice: PracticeServer) -> None:
    student, wire = student_of(STREAM, practice), Wire(practice, KEY)
    wire.says("Done.")
    student.call("f", student.client(), "gpt-4o", True)
    assert len(wire) == 1
    assert wire[0].turns == [("user", "hello")]
    assert (wire[0].status, wire[0].reply, wire[0].usage) == (200, "Done.", None)
    assert wire[0].began <= wire[0].ended
    with pytest.raises(Unmet, match="Too few requests"):
        _ = wire[1]


def test_the_hands_work_in_another_process(practice: PracticeServer) -> None:
    """What a grader does: a process of the student's own, and JSON lines to and fro."""
    program = (
        "import json, sys\n"
        "from course_utils.exercises.hands import Hands\n"
        "namespace = {}\n"
        "exec(sys.argv[1], namespace)\n"
        "hands, out = Hands(namespace, sys.argv[2]), sys.stdout\n"
        "def tell(kind, data):\n"
        "    print(json.dumps([kind, data]), file=out, flush=True)\n"
        "for line in sys.stdin:\n"
        "    tell('reply', hands.perform(json.loads(line), lambda text: tell('seen', text)))\n"
    )
    command = [sys.executable, "-c", program, STREAM, practice.url]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        wire = Wire(practice, KEY)
        held = wire.holds("Nine lamps burn on the long wall tonight.", patience=30)

        class Pipe:
            def ask(self, request: dict[str, Any], seen: Any) -> dict[str, Any]:
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.flush()
                while True:
                    kind, data = json.loads(process.stdout.readline())
                    if kind == "reply":
                        return dict(data)
                    seen(data)

        student = Student(Pipe(), KEY)
        outcome = student.call("f", student.client(), "gpt-5.6-luna", False, seen=held.seen)
        assert held.was_seen
        assert outcome.output == held.text
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.parametrize("reply", [{"error": {"type": "KernelDied", "message": "gone"}}, [], None])
def test_a_student_s_process_that_is_gone_fails_the_criterion_alone(
    practice: PracticeServer, reply: Any
) -> None:
    class Gone:
        def ask(self, request: dict[str, Any], seen: Any) -> dict[str, Any]:
            return reply  # type: ignore[no-any-return]

    def check(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
        with met("returns"):
            equal(student.call("f").value, 1, "hint")

    made = Task("00.1", "title", "f", (Criterion("returns", 1, "title"),), check)
    found = run(made, Gone(), practice, seed=1, language="en")
    assert (found.state, found.unmet) == ("checked", ("returns",))


def test_a_check_that_fails_itself_is_told_apart_from_a_zero(practice: PracticeServer) -> None:
    def check(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
        raise ZeroDivisionError("oops")

    made = Task("00.1", "title", "f", (Criterion("returns", 1, "title"),), check)
    found = run(made, Here({}, practice.url), practice, seed=1, language="en")
    assert found.state == "broken"
    assert "ZeroDivisionError: oops" in found.note


def test_the_key_of_a_run_is_let_in_for_the_run_alone(practice: PracticeServer) -> None:
    before = set(practice.keys)
    during: list[set[str]] = []

    def check(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
        during.append(set(practice.keys))

    made = Task("00.1", "title", "f", (), check)
    run(made, Here({}, practice.url), practice, seed=1, language="en")
    assert len(during[0] - before) == 1
    assert practice.keys == before


def test_runs_in_two_threads_speak_two_languages(practice: PracticeServer) -> None:
    from course_utils.language import gettext

    barrier = threading.Barrier(2)
    words: dict[str, str] = {}

    def check(student: Student, wire: Wire, fresh: Fresh, met: Marks) -> None:
        barrier.wait(10)
        words[fresh.language] = gettext("expected")

    made = Task("00.1", "title", "f", (), check)

    def work(language: str) -> None:
        run(made, Here({}, practice.url), practice, seed=1, language=language)

    threads = [threading.Thread(target=work, args=(language,)) for language in ("ko", "en")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert words == {"ko": "기대한 것", "en": "expected"}


def test_a_criterion_with_two_blocks_needs_both() -> None:
    for first, second in ((True, False), (False, True)):
        met = Marks([Criterion("a", 2, "title")])
        with met("a"):
            expect(first, "the first")
        with met("a"):
            expect(second, "the second")
        assert [mark.earned for mark in met.all()] == [0]


def test_data_of_a_form_that_a_block_does_not_expect_fails_its_criterion_alone() -> None:
    met = Marks([Criterion("a", 1, "title"), Criterion("b", 1, "title")])
    with met("a"):
        raise TypeError("list indices must be integers")
    with met("b"):
        pass
    assert [mark.earned for mark in met.all()] == [0, 1]
    assert "another form" in met.all()[0].hint


def test_what_is_shown_can_be_printed_anywhere() -> None:
    text = shown("\x1b[31mred\ud83d")
    assert "\x1b" not in text
    text.encode()


def test_equal_is_strict_about_types() -> None:
    for got, expected in ((True, 1), (1, 1.0), ("1", 1)):
        with pytest.raises(Unmet):
            equal(got, expected, "hint")


def test_a_long_value_is_shown_short() -> None:
    assert len(shown("가" * 1000)) == 301
    assert shown([("user", "Hi"), ("assistant", "Hello")]) == "user: Hi\nassistant: Hello"


def test_the_same_seed_makes_the_same_inputs() -> None:
    def made(seed: int) -> list[object]:
        fresh = Fresh(seed, "03.1", "ko")
        return [fresh.name(), fresh.number(), fresh.sentence(), fresh.price(), fresh.model()]

    assert made(1) == made(1)
    assert made(1) != made(2)
