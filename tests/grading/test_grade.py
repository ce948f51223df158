"""Results: kept one by one, never made twice, the same after an interruption; and their pages."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from classroom import (
    EXERCISE,
    Ran,
    Runner,
    handed_in,
    in_process,
    right_answers,
    write,
    wrong,
)

from course_utils.errors import GradingError
from course_utils.exercises.task import tasks
from course_utils.grading.adjust import read_adjustments
from course_utils.grading.alike import alike
from course_utils.grading.grade import Terms, grade
from course_utils.grading.late import deadline, late_policy
from course_utils.grading.model import Graded
from course_utils.grading.people import Roster, read_roster
from course_utils.grading.publish import not_applied, publish
from course_utils.grading.report import rows
from course_utils.grading.store import Store, slug
from course_utils.grading.submissions import collect
from course_utils.grading.tables import canvas_table, cell, grades_table, moodle_table
from course_utils.practice import PracticeServer

FULL = sum(task.points for task in tasks(EXERCISE))
TERMS = Terms(seed=5)


@pytest.fixture
def run(practice: PracticeServer) -> Runner:
    return in_process(practice)


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """Four students: all right, one task wrong, untouched, cut off."""
    folder = tmp_path / "given"
    write(folder, "kim/03_history.ipynb", handed_in(right_answers()))
    write(folder, "lee/03_history.ipynb", handed_in({**right_answers(), "03.2": wrong("03.2")}))
    write(folder, "park/03_history.ipynb", handed_in({}, "en"))
    whole = json.dumps(handed_in(right_answers())).encode()
    write(folder, "shin/03_history.ipynb", whole[:-700])
    return folder


def graded(
    given: Path, out: Path, run: Runner, terms: Terms = TERMS, roster: Roster | None = None
) -> dict[str, Graded]:
    found = collect(given, roster or Roster(), deadline=terms.deadline)
    return {each.student: each for each in grade(found, Store(out), run, terms, jobs=2)}


def files(folder: Path) -> dict[str, str]:
    """All files of a folder of grades but for the times that runs took."""
    return {
        path.relative_to(folder).as_posix(): re.sub(r'"seconds": [\d.]+', "", path.read_text())
        for path in folder.rglob("*")
        if path.is_file()
    }


def counting(run: Runner, told: list[str]) -> Runner:
    def counted(notebook: Any, exercise: str, seed: int, language: str) -> Ran:
        told.append(exercise)
        return run(notebook, exercise, seed, language)

    return counted


def test_a_class_gets_what_it_earned(given: Path, tmp_path: Path, run: Runner) -> None:
    found = graded(given, tmp_path / "out", run)
    assert {name: (one.state, one.earned) for name, one in found.items()} == {
        "kim": ("graded", FULL),
        "lee": ("graded", FULL - 2),
        "park": ("graded", 0),
        "shin": ("unreadable", 0),
    }
    assert "cut off" in found["shin"].notes[0]
    assert [found[name].language for name in ("kim", "park")] == ["ko", "en"]
    assert {one.student: one for one in Store(tmp_path / "out").all()} == found


def test_what_is_unchanged_is_not_run_again(given: Path, tmp_path: Path, run: Runner) -> None:
    told: list[str] = []
    counted = counting(run, told)
    first = graded(given, tmp_path / "out", counted)
    assert len(told) == 3
    assert graded(given, tmp_path / "out", counted) == first
    assert len(told) == 3
    write(given, "lee/03_history.ipynb", handed_in(right_answers()))
    assert graded(given, tmp_path / "out", counted)["lee"].earned == FULL
    assert len(told) == 4
    graded(given, tmp_path / "out", counted, Terms(seed=6))
    assert len(told) == 7


def test_the_same_seed_gives_the_same_files(given: Path, tmp_path: Path, run: Runner) -> None:
    for name in ("one", "other"):
        graded(given, tmp_path / name, run)
        publish(Store(tmp_path / name), Roster())
    assert files(tmp_path / "one") == files(tmp_path / "other")


def test_what_was_expected_of_one_file_tells_nothing_of_the_next_try(
    given: Path, tmp_path: Path, run: Runner
) -> None:
    first = graded(given, tmp_path / "out", run)["lee"]
    cell = {"cell_type": "markdown", "id": "note", "metadata": {}, "source": "Once more."}
    notebook = handed_in({**right_answers(), "03.2": wrong("03.2")})
    notebook["cells"].append(cell)
    write(given, "lee/03_history.ipynb", notebook)
    second = graded(given, tmp_path / "out", run)["lee"]
    assert first.earned == second.earned

    def expected(found: Graded) -> list[str]:
        return [mark["expected"] for each in found.verdicts for mark in each["marks"]]

    assert "".join(expected(first))
    assert expected(first) != expected(second)
    assert min(first.seed, second.seed) > 1 << 64  # too many to be tried out


def test_a_run_that_was_stopped_goes_on_to_the_same_files(
    given: Path, tmp_path: Path, run: Runner
) -> None:
    graded(given, tmp_path / "whole", run)
    publish(Store(tmp_path / "whole"), Roster())
    for after in range(4):
        told: list[str] = []
        out = tmp_path / f"stopped after {after}"
        with closing(grade(collect(given, Roster()), Store(out), run, TERMS)) as results:
            for _result in zip(range(after), results, strict=False):
                pass
        kept = len([*Store(out).all()])
        assert kept == after
        graded(given, out, counting(run, told))
        assert len(told) <= 3
        publish(Store(out), Roster())
        assert files(out) == files(tmp_path / "whole")


def test_what_a_killed_run_left_half_written_is_graded_anew(
    given: Path, tmp_path: Path, run: Runner
) -> None:
    out = tmp_path / "out"
    first = graded(given, out, run)
    path = out / "results" / EXERCISE / "kim.json"
    path.write_text(path.read_text("utf-8")[:300], "utf-8")
    (out / "results" / EXERCISE / ".lee.json.abc.part").write_text("{", "utf-8")
    again = graded(given, out, run)
    assert {name: one.earned for name, one in again.items()} == {
        name: one.earned for name, one in first.items()
    }


@pytest.mark.parametrize("error", [RuntimeError("x"), RecursionError(), MemoryError(), KeyError(1)])
def test_a_fault_of_the_grader_costs_nobody_else_and_is_tried_again(
    given: Path, tmp_path: Path, run: Runner, error: Exception
) -> None:
    def failing(notebook: Any, exercise: str, seed: int, language: str) -> Ran:
        if language == "en":
            raise error
        return run(notebook, exercise, seed, language)

    found = graded(given, tmp_path / "out", failing)
    assert (found["park"].state, found["kim"].earned) == ("broken", FULL)
    assert type(error).__name__ in found["park"].notes[0]
    assert graded(given, tmp_path / "out", run)["park"].state == "graded"


def test_being_late_costs_what_the_policy_says_without_another_run(
    given: Path, tmp_path: Path, run: Runner
) -> None:
    told: list[str] = []
    counted = counting(run, told)
    graded(given, tmp_path / "out", counted)
    terms = Terms(5, deadline("2020-01-01"), late_policy("10%"))
    found = graded(given, tmp_path / "out", counted, terms)
    assert (found["kim"].late, found["kim"].penalty) == (True, "1.90")
    assert len(told) == 3
    publish(Store(tmp_path / "out"), Roster())
    assert "17.1" in (tmp_path / "out" / "students/kim/03_history/index.html").read_text("utf-8")


def test_a_roster_that_comes_later_renames_results_and_names_who_is_missing(
    given: Path, tmp_path: Path, run: Runner
) -> None:
    out = tmp_path / "out"
    graded(given, out, run)
    publish(Store(out), Roster())
    (tmp_path / "r.csv").write_text("name,id\nkim,1001\nchoi,1002\n", "utf-8")
    known = read_roster(tmp_path / "r.csv")
    found = graded(given, out, run, roster=known)
    assert "1001" in found
    assert "kim" not in found
    assert not (out / "results" / EXERCISE / "kim.json").exists()
    states = {row.graded.student: row.graded.state for row in publish(Store(out), known)}
    assert states["1002"] == "missing"
    assert "kim" not in states
    assert not (out / "students/kim").exists()
    assert (out / "students/kim-1001/03_history/index.html").exists() or any(
        (out / "students").glob("kim*1001*/03_history/index.html")
    )


def test_changes_by_hand_survive_and_reach_every_table(
    given: Path, tmp_path: Path, run: Runner
) -> None:
    out = tmp_path / "out"
    graded(given, out, run)
    publish(Store(out), Roster())
    table = (out / "adjustments.csv").read_text("utf-8-sig")
    table += "lee,03,03.1,2,회의에서 설명함\nKIM,03_history,,-1.5,late in class\nchoi,3,,1,who?\n"
    (out / "adjustments.csv").write_bytes(table.encode("cp949"))
    graded(given, out, run, Terms(seed=77))
    found = publish(Store(out), Roster())
    assert not_applied(found, Store(out)) == ["choi"]
    final = {row["student"]: row["final"] for row in parsed(out / "grades.csv")}
    assert final == {"kim": "17.5", "lee": str(FULL), "park": "0", "shin": ""}
    page = (out / "students/lee/03_history/index.html").read_text("utf-8")
    assert "회의에서 설명함" in page
    told = json.loads((out / "students/kim/03_history/results.json").read_text("utf-8"))
    assert told["score"] == 17.5
    assert "late in class" in told["output"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("kim,03,,2,", "line 2: there is no reason"),
        ("kim,03,,two,because", "line 2: 'two' is no number"),
        ("kim,03,,nan,because", "no number"),
        ("kim,33,,2,because", "no exercise '33'"),
        ("kim,03,03.9,2,because", "no task 03.9"),
    ],
)
def test_a_change_that_is_not_understood_is_refused_by_its_line(
    tmp_path: Path, line: str, said: str
) -> None:
    store = Store(tmp_path / "out")
    assert read_adjustments(store) == []
    (tmp_path / "out/adjustments.csv").write_text(
        f"student,exercise,task,change,reason\n{line}\n", "utf-8"
    )
    with pytest.raises(GradingError, match=re.escape(said)):
        read_adjustments(store)


def parsed(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_tables_have_a_row_for_each_submission_and_each_task(
    given: Path, tmp_path: Path, run: Runner
) -> None:
    out = tmp_path / "out"
    graded(given, out, run)
    publish(Store(out), Roster())
    by_task = parsed(out / "tasks.csv")
    assert len(by_task) == 3 * 4 + 1
    (row,) = [one for one in by_task if (one["student"], one["task"]) == ("lee", "03.2")]
    assert (row["earned"], row["points"], row["unmet"]) == ("2", "4", "alone")
    assert row["hints"]
    (row,) = [one for one in parsed(out / "grades.csv") if one["student"] == "shin"]
    assert (row["state"], row["final"]) == ("unreadable", "")
    assert "cut off" in row["notes"]


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,02 Parameters (76),03 History (77)\n"
    "    Points Possible,,,,,10,19\n"
    '"Kim, Seoyeon",4711,2023,kim,A,,\n"Lee, Jun",4712,2024,lee,A,,\n'
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (grade),"
    "Feedback comments\nParticipant 901,Kim,kim@example.edu,Submitted,,19.00,-,\n"
    "Participant 902,Choi,choi@example.edu,No submission,,19.00,-,\n"
)


def test_canvas_gets_its_own_columns_back(given: Path, tmp_path: Path, run: Runner) -> None:
    (tmp_path / "r.csv").write_text(CANVAS, "utf-8")
    known = read_roster(tmp_path / "r.csv")
    graded(given, tmp_path / "out", run, roster=known)
    publish(Store(tmp_path / "out"), known)
    lines = [*csv.reader(io.StringIO((tmp_path / "out/canvas/03_history.csv").read_text("utf-8")))]
    assert lines[:2] == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "03 History (77)"],
        ["    Points Possible", "", "", "", "", "19"],
    ]
    assert ["Kim, Seoyeon", "4711", "2023", "kim", "A", "19"] in lines
    assert ["Lee, Jun", "4712", "2024", "lee", "A", "17"] in lines
    assert not any("shin" in line for line in lines)  # unreadable: an empty cell would erase a mark


def test_moodle_gets_its_worksheet_back(given: Path, tmp_path: Path, run: Runner) -> None:
    (tmp_path / "r.csv").write_text(MOODLE, "utf-8")
    known = read_roster(tmp_path / "r.csv")
    graded(given, tmp_path / "out", run, roster=known)
    publish(Store(tmp_path / "out"), known)
    found = {row["Identifier"]: row for row in parsed(tmp_path / "out/moodle/03_history.csv")}
    assert found["Participant 901"]["Grade"] == "19"
    assert found["Participant 901"]["Last modified (grade)"] == "-"
    assert "03.1" in found["Participant 901"]["Feedback comments"]
    assert found["Participant 902"]["Grade"] == ""


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-2",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "=cmd|' /C calc'!A0",
        "\u3000=1",
        "＝1",
        "\r=1",
    ],
)
def test_no_cell_becomes_a_formula(text: str) -> None:
    graded_one = Graded(text, EXERCISE, "graded", text, notes=[text], path=text)
    found = rows([graded_one], Roster(), [])
    person = {"Student": text, "SIS User ID": text}
    found[0].graded.person.update(key=text, name=text, row=person)
    for table in (grades_table(found), canvas_table(found, EXERCISE), moodle_table(found)):
        for line in csv.reader(io.StringIO(table.lstrip("\ufeff"))):
            for value in line:
                assert not value.strip(" \u3000").startswith(("=", "+", "@", "\t", "\r", "＝", "-"))
    assert cell(-1.5) == "-1.5"
    assert cell("-") == "-"


NAMES = [
    *("../../etc/passwd", "/etc/passwd", "C:\\x", "..", ".", "", " ", "con", "NUL", "a/b"),
    *("Kim", "kim", "KIM", "김서연", "a b", "a  b", "x" * 300, "\u202ea", "한글" * 99, "-rf"),
    *("~", "a\n", "a\x00b", "e\u0301", "\xe9", "<script>", "$(id)", "a;b", "..a..", "\ud800"),
]


def test_names_never_become_paths(tmp_path: Path) -> None:
    made = [slug(name) for name in NAMES]
    for name, safe in zip(NAMES, made, strict=True):
        assert re.fullmatch(r"[\w-]+(\.[\w-]+)*", safe), (name, safe)
        assert len(safe.encode()) <= 220
    folded = [safe.casefold() for safe in made]
    assert len({*folded}) == len(folded)
    store = Store(tmp_path / "out")
    for name in NAMES:
        store.put(Graded(name, EXERCISE, "graded", name))
    assert len([*store.all()]) == len(NAMES)
    assert all(path.is_relative_to(tmp_path / "out") for path in tmp_path.rglob("*.json"))
    publish(store, Roster())
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


HOSTILE = "</pre></script><script>alert(1)</script><img src=x onerror=alert(1)>\x1b[31m\u202e"


def hostile(run: Runner) -> Runner:
    def ran(notebook: Any, exercise: str, seed: int, language: str) -> Ran:
        found = run(notebook, exercise, seed, language)
        for verdict in found.verdicts:
            verdict["note"] = ""
            for mark in verdict["marks"]:
                mark.update(got=HOSTILE, hint=HOSTILE, expected=HOSTILE, earned=0)
        return Ran(found.notebook, found.verdicts, [HOSTILE])

    return ran


class Looked(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")


def test_pages_escape_everything_and_fetch_nothing(tmp_path: Path, run: Runner) -> None:
    source = right_answers()["03.1"] + f"\nprint({HOSTILE!r}, chr(0xd800))\n# {HOSTILE}"
    write(tmp_path / "given", f"{HOSTILE.replace('/', '')}/03.ipynb", handed_in({"03.1": source}))
    out = tmp_path / "out"
    graded(tmp_path / "given", out, hostile(run))
    publish(Store(out), Roster())
    pages = [path.read_text("utf-8") for path in out.rglob("*.html")]
    assert len(pages) == 2
    for page in pages:
        assert "alert(1)" in page
        assert not re.search(r"\x1b|\u202e", page)
        assert "default-src &#x27;none&#x27;" in page
        looked = Looked()
        looked.feed(page)
        assert not looked.tags & {"script", "img", "iframe", "link", "object", "form", "base"}
        assert {*looked.attributes} <= {
            *("class", "style", "href", "lang", "charset", "name", "content", "http-equiv")
        }
        assert all(value.startswith("students/") for value in looked.attributes.get("href", []))


def test_a_students_page_shows_their_own_work_and_nobody_elses(
    given: Path, tmp_path: Path, run: Runner
) -> None:
    mine = handed_in({**right_answers(), "03.1": right_answers()["03.1"] + "\nprint('OWN WORDS')"})
    write(given, "kim/03_history.ipynb", mine)
    graded(given, tmp_path / "out", run)
    publish(Store(tmp_path / "out"), Roster())
    folder = tmp_path / "out" / "students"
    kim, lee, park = (
        (folder / name / "03_history/index.html").read_text("utf-8")
        for name in ("kim", "lee", "park")
    )
    assert "OWN WORDS" in kim
    assert '<html lang="ko">' in kim
    assert "19" in kim
    assert '<html lang="en">' in park
    assert "Not started yet" in park
    for page, others in ((kim, ("lee", "park", "shin")), (lee, ("kim", "park", "shin"))):
        assert not any(re.search(rf"\b{other}\b", page) for other in others)
    assert "OWN WORDS" not in lee
    assert "history=None" in right_answers()["03.2"]  # the solution's, which lee does not have
    assert "history=None" in kim
    assert "def chat(client, model, text, history=[])" in lee
    assert "history=None" not in re.sub("(?s)<dl>.*?</dl>", "", lee)
    notebook = json.loads((folder / "kim/03_history/03_history.ipynb").read_text("utf-8"))
    assert any("OWN WORDS" in str(cell.get("outputs")) for cell in notebook["cells"])


def test_the_class_page_says_what_to_look_at(given: Path, tmp_path: Path, run: Runner) -> None:
    for name in ("choi", "jung"):
        notebook = handed_in({**right_answers(), "03.2": wrong("03.2")})
        write(given, f"{name}/03_history.ipynb", notebook)
    graded(given, tmp_path / "out", run)
    publish(Store(tmp_path / "out"), Roster())
    page = (tmp_path / "out" / "class.html").read_text("utf-8")
    assert "cut off" in page
    for title in ("Distribution", "hardest criteria", "most frequent wrong answers", "Time outs"):
        assert title in page
    assert re.search(r"3<br><span class=\"dim\">choi, jung, lee</span>", page)


def test_copies_are_found_under_other_names_and_common_answers_are_not() -> None:
    def answer(number: int, name: str = "total") -> str:
        lines = [f"    {name} = {name} * {number + step} - len(str({step}))" for step in range(9)]
        return "\n".join([f"def f({name}):", *lines, f"    return {name}"])

    many = {f"student {number}": answer(number * 100) for number in range(40)}
    assert alike(many) == []
    same = {**many, "one": answer(7), "two": f"# mine\n{answer(7, 'sum_of_all')}"}
    (pair,) = alike(same)
    assert (pair.one, pair.other, pair.same) == ("one", "two", False)
    assert pair.share == 1
    broken = {**same, "three": answer(7) + "\n'''", "four": "\x00(" * 999}
    assert len(alike(broken)) == 3
    common = {f"student {number}": answer(1) for number in range(40)}
    assert alike(common) == []


def test_gradescope_gets_a_test_for_each_criterion(
    given: Path, tmp_path: Path, run: Runner
) -> None:
    graded(given, tmp_path / "out", run)
    publish(Store(tmp_path / "out"), Roster())
    path = tmp_path / "out/students/lee/03_history/results.json"
    found = json.loads(path.read_text("utf-8"))
    assert found["score"] == FULL - 2
    assert sum(test["score"] for test in found["tests"]) == FULL - 2
    assert sum(test["max_score"] for test in found["tests"]) == FULL
    failed = [test for test in found["tests"] if test["status"] == "failed"]
    assert [test["number"] for test in failed] == ["03.2.1"]
    assert failed[0]["output"]
    path = tmp_path / "out/students/shin/03_history/results.json"
    assert json.loads(path.read_text("utf-8"))["score"] == 0


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("x", "utf-8")
    with pytest.raises(GradingError, match="holds other files"):
        Store(tmp_path)
