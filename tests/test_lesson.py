"""Questions to the reader: from code, and in real kernels with and without a person."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from course_utils import ask, lesson, predict, quiz, set_language
from course_utils.errors import LessonError

WIDGET = "application/vnd.jupyter.widget-view+json"
TIMEOUT = 60


@pytest.fixture(autouse=True)
def _english_and_unasked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(lesson, "_asked", {})
    monkeypatch.setenv("COURSE_PERSON", "0")
    set_language("en")
    yield
    set_language(None)


# ---------------------------------------------------------------- from code


def test_prediction_is_compared_with_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    guess = predict("이름을 기억할까요?", ["네", "아니요"])
    assert capsys.readouterr().out == "Predict: 이름을 기억할까요?\n  1. 네\n  2. 아니요\n"
    guess.choose("네")
    guess.reveal("아니요", "API는 아무것도 기억하지 않아요.")
    assert guess.right is False
    assert capsys.readouterr().out == (
        "✗ You predicted: 네. Answer: 아니요\nAPI는 아무것도 기억하지 않아요.\n"
    )


def test_right_prediction_by_number(capsys: pytest.CaptureFixture[str]) -> None:
    guess = predict("Which?", ["a", "b"])
    guess.choose(2)
    guess.reveal(2)
    assert guess.right is True
    assert capsys.readouterr().out.splitlines()[-1] == "○ As you predicted: b"


def test_without_a_choice_the_answer_is_just_said(capsys: pytest.CaptureFixture[str]) -> None:
    guess = predict("Which?", ["a", "b"])
    guess.reveal("b", "Because.")
    assert guess.right is None
    assert capsys.readouterr().out.splitlines()[-2:] == ["Answer: b", "Because."]


def test_the_last_choice_before_the_reveal_counts_and_none_after() -> None:
    guess = predict("Which?", ["a", "b"])
    guess.choose("a")
    guess.choose("b")
    guess.reveal("a")
    with pytest.raises(LessonError, match="run the cell with predict"):
        guess.choose("a")
    assert guess.chosen == "b"


def test_quiz_without_a_person_explains_every_choice(capsys: pytest.CaptureFixture[str]) -> None:
    quiz("무엇을 보내나요?", {"질문만": "모자라요.", "전부": "맞아요."}, answer="전부")
    assert capsys.readouterr().out == (
        "Quiz: 무엇을 보내나요?\n  1. 질문만\n     ✗ 모자라요.\n  2. 전부\n     ○ 맞아요.\n"
    )


def test_quiz_choice_gets_its_own_explanation(capsys: pytest.CaptureFixture[str]) -> None:
    asked = quiz("Which?", {"a": "Not a, because.", "b": "Yes, b."}, answer="b")
    capsys.readouterr()
    assert asked.choose("a") is False
    assert asked.choose(2) is True
    assert capsys.readouterr().out == "✗ Not this one. Not a, because.\n○ Right. Yes, b.\n"


def test_record_is_plain_data_in_order() -> None:
    asked = quiz("Q", {"a": "no", "b": "yes"}, answer="b")
    guess = predict("P", ["x", "y"])
    asked.choose("a")
    asked.choose("b")  # the explanation is known by now: the first choice stays recorded
    guess.choose("y")
    expected: list[dict[str, Any]] = [
        {"kind": "quiz", "question": "Q", "chosen": "a", "answer": "b", "right": False},
        {"kind": "predict", "question": "P", "chosen": "y", "answer": None, "right": None},
    ]
    assert lesson.record() == expected
    assert json.loads(json.dumps(lesson.record())) == expected


def test_a_question_asked_again_replaces_itself_in_the_record() -> None:
    predict("P", ["x", "y"]).choose("x")
    predict("Q", ["x", "y"])
    predict("P", ["x", "y"])
    assert [(item["question"], item["chosen"]) for item in lesson.record()] == [
        ("Q", None),
        ("P", None),
    ]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: predict("Q", ["only"]), "at least two choices"),
        (lambda: predict("Q", "ab"), "at least two choices"),
        (lambda: predict("Q", ["a", ""]), "not empty"),
        (lambda: predict("Q", ["a", 1]), "must be a text"),
        (lambda: predict("Q", ["a", "a"]), "are the same"),
        (lambda: predict("Q", ["a", "b"]).choose("c"), r"'c' is not a choice of 'Q'.*1 \('a'\)"),
        (lambda: predict("Q", ["a", "b"]).choose(0), "0 is not a choice"),
        (lambda: predict("Q", ["a", "b"]).choose(3), "3 is not a choice"),
        (lambda: predict("Q", ["a", "b"]).choose(True), "True is not a choice"),
        (lambda: predict("Q", ["a", "b"]).reveal("c"), "'c' is not a choice"),
        (lambda: quiz("Q", {"a": "no", "b": "yes"}, answer="c"), "'c' is not a choice"),
        (lambda: quiz("Q", {"a": "why"}, answer="a"), "at least two choices"),
        (lambda: quiz("Q", {"a": "why", "b": " "}, answer="a"), "'b' of 'Q' has no explanation"),
        (lambda: quiz("Q", {"a": "why", "b": None}, answer="a"), "has no explanation"),
        (lambda: quiz("Q", ["a", "b"], answer="a"), "as a dict"),
        (lambda: predict(["q"], ["a", "b"]), r"question must be a text, not \['q'\]"),
        (lambda: quiz(["q"], {"a": "no", "b": "yes"}, answer="b"), "question must be a text"),
        (lambda: predict("Q", ["a", "b"]).reveal(1, because=5), "because must be a text, not 5"),
    ],
)
def test_bad_use_is_one_clear_sentence(wrong: Callable[[], Any], says: str) -> None:
    with pytest.raises(LessonError, match=says) as caught:
        wrong()
    assert "\n" not in str(caught.value)


def test_a_question_that_was_refused_is_not_recorded() -> None:
    with pytest.raises(LessonError):
        quiz("Q", {"a": "no", "b": "yes"}, answer="c")
    assert lesson.record() == []


def test_ask_reads_the_script_like_a_dialogue(capsys: pytest.CaptureFixture[str]) -> None:
    script = iter(["안녕", "exit"])
    assert ask("나: ", script) == "안녕"
    assert ask("나: ", script) == "exit"
    assert capsys.readouterr().out == "나: 안녕\n나: exit\n"
    with pytest.raises(LessonError, match="no line left for '나: '"):
        ask("나: ", script)


@pytest.mark.parametrize("person", ["0", "1"])
@pytest.mark.parametrize("script", [["안녕", "exit"], "안녕", None])
def test_ask_wants_an_iterator_also_from_a_person(
    script: Any, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_PERSON", person)
    with pytest.raises(LessonError, match=r"script = iter\(\[\.\.\.\]\) once"):
        ask("나: ", script)


def test_another_value_of_course_person_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_PERSON", "yes")
    with pytest.raises(LessonError, match="'yes': use 0 or 1"):
        lesson.person_here()


@pytest.mark.parametrize(("forced", "said"), [(None, "script"), ("1", "typed")])
def test_ask_outside_a_kernel(forced: str | None, said: str) -> None:
    """A pipe is no person unless COURSE_PERSON says so."""
    environment = {k: v for k, v in os.environ.items() if k != "COURSE_PERSON"}
    if forced:
        environment["COURSE_PERSON"] = forced
    code = "from course_utils import ask; print('=' + ask('> ', iter(['script'])))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="typed\n",
        capture_output=True,
        encoding="utf-8",
        env=environment,
        timeout=TIMEOUT,
        check=True,
    )
    assert f"={said}" in done.stdout


# ---------------------------------------------------------------- in a kernel


@dataclass
class Cell:
    """What a cell left: the text it printed, its mime bundles, the widgets it opened."""

    status: str = ""
    error: str = ""
    text: str = ""
    results: int = 0
    bundles: list[dict[str, Any]] = field(default_factory=list)
    widgets: dict[str, dict[str, Any]] = field(default_factory=dict)

    def widget(self, model: str, **state: Any) -> tuple[str, dict[str, Any]]:
        """The id and the state of the one widget of this model, in this state."""
        wanted = {"_model_name": model, **state}
        (found,) = (
            item
            for item in self.widgets.items()
            if all(item[1][key] == wanted[key] for key in wanted)
        )
        return found


class Kernel:
    """A real kernel, asked as a frontend asks it."""

    def __init__(self, manager: KernelManager) -> None:
        self.client = manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)

    def run(self, code: str, *, person: bool, types: str = "") -> Cell:
        cell = Cell()
        reply = self.client.execute_interactive(
            code,
            allow_stdin=person,
            timeout=TIMEOUT,
            output_hook=lambda message: _take(cell, message),
            stdin_hook=lambda message: self._type(cell, message, types),
        )
        cell.status = reply["content"]["status"]
        cell.error = reply["content"].get("ename", "")
        return cell

    def _type(self, cell: Cell, message: dict[str, Any], types: str) -> None:
        cell.text += message["content"]["prompt"]
        self.client.input(types)

    def click(self, comm: str, index: int) -> dict[str, dict[str, Any]]:
        """Choose a radio button as a browser does, by a message; what changed in each widget."""
        data = {"method": "update", "state": {"index": index}, "buffer_paths": []}
        sent = self.client.session.msg("comm_msg", {"comm_id": comm, "data": data})
        self.client.shell_channel.send(sent)
        changed: dict[str, dict[str, Any]] = {}
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != sent["header"]["msg_id"]:
                continue
            content = message["content"]
            if content.get("execution_state") == "idle":
                return changed
            if message["msg_type"] == "comm_msg" and content["data"]["method"] == "update":
                changed.setdefault(content["comm_id"], {}).update(content["data"]["state"])


def _take(cell: Cell, message: dict[str, Any]) -> None:
    kind, content = message["msg_type"], message["content"]
    if kind == "stream":
        cell.text += content["text"]
    elif kind in ("display_data", "execute_result"):
        cell.results += kind == "execute_result"
        cell.bundles.append(content["data"])
    elif kind == "comm_open":
        cell.widgets[content["comm_id"]] = content["data"]["state"]


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    manager = KernelManager()
    environment = {k: v for k, v in os.environ.items() if k != "COURSE_PERSON"}
    manager.start_kernel(env=environment | {"COURSE_LANGUAGE": "en"})
    try:
        client = Kernel(manager)
        started = client.run(
            "from course_utils import ask, lesson, predict, quiz, show", person=False
        )
        assert started.status == "ok"
        yield client
        client.client.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("person", [True, False])
def test_allow_stdin_is_what_tells_a_person(kernel: Kernel, person: bool) -> None:
    assert kernel.run("print(lesson.person_here())", person=person).text == f"{person}\n"


def test_course_person_forces_it_in_a_kernel(kernel: Kernel) -> None:
    code = (
        "import os\nos.environ['COURSE_PERSON'] = '0'\n"
        "quiz('Q', {'a': 'no', 'b': 'yes'}, answer='b')\ndel os.environ['COURSE_PERSON']"
    )
    cell = kernel.run(code, person=True)
    assert cell.text.startswith("Quiz: Q\n")
    assert cell.widgets == {}


def test_ask_takes_what_a_person_types(kernel: Kernel) -> None:
    code = "script = iter(['from the script'])\nprint('=' + ask('나: ', script))"
    assert kernel.run(code, person=True, types="제가 썼어요").text == "나: =제가 썼어요\n"
    assert kernel.run(code, person=False).text == "나: from the script\n=from the script\n"


def test_person_gets_a_prediction_to_click(kernel: Kernel) -> None:
    cell = kernel.run("guess = predict('<b>?', ['a & b', 'c'])", person=True)
    assert cell.text == ""
    assert [WIDGET in bundle for bundle in cell.bundles] == [True]
    comm, state = cell.widget("RadioButtonsModel")
    assert state["_options_labels"] == ["a & b", "c"]
    assert state["index"] is None
    assert "&lt;b&gt;?" in cell.widget("HTMLModel")[1]["value"]

    kernel.click(comm, 1)
    revealed = kernel.run("guess.reveal('a & b', 'Because.')\nguess._buttons.disabled", person=True)
    assert revealed.text == "✗ You predicted: c. Answer: a & b\nBecause.\n"
    assert revealed.bundles == [{"text/plain": "True"}]


def test_person_clicks_through_a_quiz(kernel: Kernel) -> None:
    cell = kernel.run("asked = quiz('Q', {'a': '<no>', 'b': 'yes'}, answer='b')", person=True)
    assert cell.text == ""
    comm, state = cell.widget("RadioButtonsModel")
    assert state["index"] is None
    below, _state = cell.widget("HTMLModel", value="")

    assert kernel.click(comm, 0)[below] == {"value": "✗ Not this one. &lt;no&gt;"}
    assert kernel.click(comm, 1)[below] == {"value": "○ Right. yes"}
    first = kernel.run("print(lesson.record()[-1]['chosen'])", person=True)
    assert first.text == "a\n"


def test_without_a_person_there_is_text_and_no_widget(kernel: Kernel) -> None:
    code = (
        "guess = predict('P', ['a', 'b'])\nguess.reveal('b', 'So.')\n"
        "quiz('Q', {'a': 'no', 'b': 'yes'}, answer='b')"
    )
    cell = kernel.run(code, person=False)
    assert cell.text == (
        "Predict: P\n  1. a\n  2. b\nAnswer: b\nSo.\n"
        "Quiz: Q\n  1. a\n     ✗ no\n  2. b\n     ○ yes\n"
    )
    assert (cell.bundles, cell.widgets) == ([], {})


@pytest.mark.parametrize("person", [True, False])
@pytest.mark.parametrize(
    "code", ["predict('P', ['a', 'b'])", "quiz('Q', {'a': 'no', 'b': 'yes'}, answer='b')"]
)
def test_a_question_as_the_last_line_leaves_no_out(kernel: Kernel, code: str, person: bool) -> None:
    cell = kernel.run(code, person=person)
    assert cell.results == 0
    assert len(cell.bundles) == person  # the widget, or nothing but text


def test_a_used_up_script_is_an_error_of_the_course(kernel: Kernel) -> None:
    cell = kernel.run("ask('나: ', iter([]))", person=False)
    assert (cell.status, cell.error) == ("error", "LessonError")


def test_bars_give_a_notebook_a_chart_and_a_text(kernel: Kernel) -> None:
    code = "show.bars([{'turn': 1, 'tokens': 3}], title='T', x='turn')"
    (bundle,) = kernel.run(code, person=False).bundles
    assert sorted(bundle) == ["application/vnd.vegalite.v5+json", "text/plain"]
