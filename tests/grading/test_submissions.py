"""A class's files as learning platforms give them: whose they are, which count, what is wrong."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from classroom import EXERCISE, as_bytes, handed_in, released, right_answers, write

from course_utils.errors import GradingError
from course_utils.grading.late import deadline, late_policy
from course_utils.grading.model import Submission
from course_utils.grading.people import Roster, read_roster
from course_utils.grading.submissions import collect

NOTEBOOK = as_bytes(handed_in(right_answers()))
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,03 History (77)
    Points Possible,,,,,19
"김, 서연",4711,20230001,seoyeon,A,
"Doe, Jane",4712,20230002,jdoe,A,
"Doe, John",4713,20230003,johnd,B,
"""
MOODLE = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (submission)
Participant 901,김서연,seoyeon@example.ac.kr,Submitted,,19,"Friday, 20 November 2026, 11:58 PM"
Participant 902,Jane Doe,jane@example.edu,No submission,,19,-
"""
OWN = (
    "이름,학번,이메일\n김서연,20230001,seoyeon@example.ac.kr\n김서,20230009,\nJane Doe,20230002,\n"
)


def roster(tmp_path: Path, text: str, encoding: str = "utf-8") -> Roster:
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path)


def students(found: list[Submission]) -> dict[str, str]:
    return {each.student: each.problem for each in found}


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(files.items()):
            info = zipfile.ZipInfo(name, (2026, 11, 20, 12, number % 60, 0))
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


CLASSES = {
    "flat": (["김서연_03_history.ipynb", "jane doe 03.ipynb"], {"김서연", "jane doe"}),
    "folders": (["kim/03_history.ipynb", "lee/hw/03_history.ipynb"], {"kim", "lee"}),
    "canvas": (
        ["doejane_4712_99001_03_history.ipynb", "kim_LATE_4711_99002_a_b-1.ipynb"],
        {"4712", "4711"},
    ),
    "moodle": (
        [
            "Jane Doe_902_assignsubmission_file_/03_history.ipynb",
            "김서연_901_assignsubmission_file/03_history.ipynb",
        ],
        {"901", "902"},
    ),
    "moodle, flat": (["Jane Doe_902_assignsubmission_file_03_history.ipynb"], {"902"}),
    "classroom": (["Jane Doe - 03_history.ipynb", "김서연 - 사본.ipynb"], {"Jane Doe", "김서연"}),
    "in a folder": (["submissions/kim/03.ipynb", "submissions/lee/03.ipynb"], {"kim", "lee"}),
    "copies": (["kim-03_history-Copy1.ipynb", "03-history_lee (1).ipynb"], {"kim", "lee"}),
}


@pytest.mark.parametrize(("names", "expected"), CLASSES.values(), ids=CLASSES)
@pytest.mark.parametrize("packed", ["folder", "zip", "zip in a folder"])
def test_each_platforms_names_tell_the_student(
    tmp_path: Path, names: list[str], expected: set[str], packed: str
) -> None:
    source = tmp_path / "class"
    if packed == "folder":
        for name in names:
            write(source, name, NOTEBOOK)
    elif packed == "zip":
        source = write(tmp_path, "submissions.zip", zipped(dict.fromkeys(names, NOTEBOOK)))
    else:
        write(source, "submissions.zip", zipped(dict.fromkeys(names, NOTEBOOK)))
    found = collect(source, Roster())
    assert {each.student for each in found} == expected
    assert {(each.exercise, each.problem) for each in found} == {(EXERCISE, "")}


def test_canvas_says_itself_who_is_late(tmp_path: Path) -> None:
    for name in CLASSES["canvas"][0]:
        write(tmp_path, name, NOTEBOOK)
    # Its files bear the time of the download, so a deadline must not make everybody late.
    found = collect(tmp_path, Roster(), deadline=deadline("2020-01-01"))
    assert {each.student: (each.late, each.submitted) for each in found} == {
        "4711": (True, None),
        "4712": (False, None),
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949", "utf-16"])
def test_a_roster_from_canvas_finds_users_by_their_number(tmp_path: Path, encoding: str) -> None:
    known = roster(tmp_path, CANVAS, encoding)
    assert [(one.key, one.name, one.canvas) for one in known.people] == [
        ("20230001", "김, 서연", "4711"),
        ("20230002", "Doe, Jane", "4712"),
        ("20230003", "Doe, John", "4713"),
    ]
    source = tmp_path / "class"
    write(source, "doejane_4712_99001_20230003.ipynb", NOTEBOOK)  # another's id in the file's name
    write(source, "김서연_4711_99002_03.ipynb", NOTEBOOK)
    write(source, "nobody_4799_99003_03.ipynb", NOTEBOOK)
    found = collect(source, known)
    assert [each.student for each in found] == ["20230001", "20230002", "4799"]


def test_a_worksheet_from_moodle_finds_participants_and_their_times(tmp_path: Path) -> None:
    known = roster(tmp_path, MOODLE)
    source = tmp_path / "class"
    write(source, "Someone Else_901_assignsubmission_file_/03.ipynb", NOTEBOOK)
    (found,) = collect(source, known, deadline=deadline("2026-11-20T23:58"))
    assert (found.student, found.person.name) == ("seoyeon@example.ac.kr", "김서연")
    assert not found.late
    (found,) = collect(source, known, deadline=deadline("2026-11-20T23:57"))
    assert found.late


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("20230001.ipynb", "20230001"),
        ("hw3_20230001_final.ipynb", "20230001"),
        ("seoyeon@example.ac.kr/03.ipynb", "20230001"),
        ("seoyeon/03.ipynb", "20230001"),
        ("03_history_김서연.ipynb", "20230001"),
        ("김서.ipynb", "20230009"),
        ("김 서연 - 03_history.ipynb", "20230001"),
        ("Doe Jane/03.ipynb", "20230002"),
        ("janedoe/03.ipynb", "20230002"),
        ("202300011.ipynb", "202300011"),
        ("jane/03.ipynb", "jane"),
    ],
)
def test_a_list_of_your_own_finds_students_by_id_mail_and_name(
    tmp_path: Path, name: str, student: str
) -> None:
    write(tmp_path / "class", name, NOTEBOOK)
    (found,) = collect(tmp_path / "class", roster(tmp_path, OWN))
    assert found.student == student


def test_two_of_one_name_are_not_mixed_up(tmp_path: Path) -> None:
    known = roster(tmp_path, "name;id\n김민수;1\n김민수;2\n")
    write(tmp_path / "class", "김민수/03.ipynb", NOTEBOOK)
    write(tmp_path / "class", "김민수 2/03.ipynb", NOTEBOOK)
    assert set(students(collect(tmp_path / "class", known))) == {"김민수", "2"}


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "names nobody"), ("name\n", "names nobody"), ("name,id\nA,1\nB,1\n", "twice")],
)
def test_a_roster_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(GradingError, match=said):
        roster(tmp_path, text)
    with pytest.raises(GradingError, match="cannot be read"):
        read_roster(tmp_path / "none.csv")


def at(path: Path, day: int, hour: int = 12) -> None:
    time = datetime(2026, 11, day, hour).timestamp()
    os.utime(path, (time, time))


def test_the_last_try_before_the_deadline_counts(tmp_path: Path) -> None:
    for day, name in ((18, "a"), (20, "b"), (22, "c")):
        at(write(tmp_path, f"kim/03_{name}.ipynb", NOTEBOOK), day)
    for day, name in ((22, "a"), (23, "b")):
        at(write(tmp_path, f"lee/03_{name}.ipynb", NOTEBOOK), day)
    kim, lee = collect(tmp_path, Roster(), deadline=deadline("2026-11-20"))
    assert (kim.path.name, kim.late) == ("03_b.ipynb", False)
    assert "3 tries" in kim.notes[0]
    assert (lee.path.name, lee.late) == ("03_b.ipynb", True)
    kim, lee = collect(tmp_path, Roster())
    assert (kim.path.name, lee.path.name) == ("03_c.ipynb", "03_b.ipynb")


def test_of_tries_at_the_same_time_the_number_of_the_copy_decides(tmp_path: Path) -> None:
    for name in ("03_history", "03_history-1", "03_history-10", "03_history-9"):
        at(write(tmp_path, f"kim/{name}.ipynb", NOTEBOOK), 20)
    (found,) = collect(tmp_path, Roster())
    assert found.path.name == "03_history-10.ipynb"


def test_a_last_try_that_cannot_be_read_does_not_hide_the_one_before(tmp_path: Path) -> None:
    at(write(tmp_path, "kim/03.ipynb", NOTEBOOK), 18)
    at(write(tmp_path, "kim/03 (1).ipynb", NOTEBOOK[:900]), 19)
    (found,) = collect(tmp_path, Roster())
    assert (found.path.name, found.problem) == ("03.ipynb", "")
    assert "03 (1).ipynb cannot be read: it is cut off" in " ".join(found.notes)


def test_a_lesson_and_notes_beside_the_exercise_are_not_taken_for_it(tmp_path: Path) -> None:
    from course_utils.notebooks import checkout

    lesson = (checkout() / "notebooks" / "ko" / f"{EXERCISE}.ipynb").read_bytes()
    at(write(tmp_path, "kim/my answers.ipynb", NOTEBOOK), 18)
    at(write(tmp_path, "kim/03_history.ipynb", lesson), 19)
    at(write(tmp_path, "kim/notes.ipynb", b'{"cells": [{"cell_type": "raw", "source": "x"}]}'), 20)
    (found,) = collect(tmp_path, Roster())
    assert (found.path.name, found.exercise) == ("my answers.ipynb", EXERCISE)
    assert "notes.ipynb was left out" in " ".join(found.notes)


def test_times_that_are_all_alike_are_the_downloads_and_make_nobody_late(tmp_path: Path) -> None:
    for number in range(8):
        at(write(tmp_path, f"student {number}/03.ipynb", NOTEBOOK), 22)
    found = collect(tmp_path, Roster(), deadline=deadline("2026-11-20"))
    assert not any(each.late for each in found)


def test_what_is_wrong_with_one_file_is_told_and_stops_nobody(tmp_path: Path) -> None:
    write(tmp_path, "right/03_history.ipynb", NOTEBOOK)
    write(tmp_path, "cut/03_history.ipynb", NOTEBOOK[:3000])
    write(tmp_path, "large/03_history.ipynb", b" " * (21 * 2**20))
    write(tmp_path, "document/과제.docx", b"PK\x03\x04")
    write(tmp_path, "nozip/a.zip", b"no zip file")
    write(tmp_path, "damaged/a.zip", zipped({"03_history.ipynb": NOTEBOOK})[:-40])
    write(tmp_path, "emptyzip/a.zip", zipped({}))
    write(tmp_path, "bomb/a.zip", zipped({"03_history.ipynb": b"0" * (30 * 2**20)}))
    write(tmp_path, "climbing/a.zip", zipped({"../../03_history.ipynb": NOTEBOOK}))
    write(tmp_path, "absolute/a.zip", zipped({"/etc/03_history.ipynb": NOTEBOOK}))
    write(tmp_path, "windows/a.zip", zipped({"C:\\03_history.ipynb": NOTEBOOK}))
    nested = zipped({"03_history.ipynb": NOTEBOOK})
    for _depth in range(5):
        nested = zipped({"inner.zip": nested})
    write(tmp_path, "nested/a.zip", nested)
    link = zipfile.ZipInfo("03_history.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "zipped link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "03_history.ipynb").symlink_to(tmp_path / "right" / "03_history.ipynb")
    (tmp_path / "linked folder").symlink_to(tmp_path / "right", target_is_directory=True)
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "pipe" / "03_history.ipynb")
    (tmp_path / "folder" / "03_history.ipynb").mkdir(parents=True)
    found = students(collect(tmp_path, Roster()))
    expected = {
        "right": "",
        "cut": "cut off",
        "large": "larger than 20 MB",
        "document": "no notebook, but 과제.docx",
        "nozip": "damaged",
        "damaged": "damaged",
        "emptyzip": "empty",
        "bomb": "larger than 20 MB",
        "climbing": "climbs out",
        "absolute": "climbs out",
        "windows": "climbs out",
        "nested": "too many others",
        "zipped link": "a link",
        "link": "a link",
        "linked folder": "a link",
        "pipe": "no ordinary file",
    }
    assert set(found) == set(expected)
    assert {name for name, said in expected.items() if said not in found[name]} == set()
    assert {name for name in expected if not expected[name]} == {"right"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root opens anything")
def test_a_locked_file_and_a_locked_folder_are_told(tmp_path: Path) -> None:
    write(tmp_path, "right/03_history.ipynb", NOTEBOOK)
    write(tmp_path, "locked/03_history.ipynb", NOTEBOOK).chmod(0)
    write(tmp_path, "closed/03_history.ipynb", NOTEBOOK).parent.chmod(0)
    found = students(collect(tmp_path, Roster()))
    (tmp_path / "closed").chmod(0o700)
    assert "cannot be opened" in found["locked"]
    assert "may not be opened" in found["closed"]
    assert found["right"] == ""


def test_an_encrypted_entry_is_told(tmp_path: Path) -> None:
    content = bytearray(zipped({"03_history.ipynb": NOTEBOOK}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    write(tmp_path, "kim/a.zip", bytes(content))
    assert "password" in students(collect(tmp_path, Roster()))["kim"]


def test_names_in_zip_files_of_korean_windows_and_of_macs_are_read(tmp_path: Path) -> None:
    import unicodedata

    windows = "김서연".encode("cp949")
    mac = unicodedata.normalize("NFD", "이한별").encode()
    one, other = "w" * len(windows), "m" * len(mac)
    files = {
        f"{one}/03_history.ipynb": NOTEBOOK,
        f"{other}/03_history.ipynb": NOTEBOOK,
        f"__MACOSX/{other}/._03_history.ipynb": b"\x00\x05\x16\x07",
        f"{other}/.ipynb_checkpoints/03_history-checkpoint.ipynb": NOTEBOOK[:50],
        f"{other}/.DS_Store": b"\x00",
    }
    content = zipped(files).replace(one.encode(), windows).replace(other.encode(), mac)
    found = collect(write(tmp_path, "class.zip", content), Roster())
    assert students(found) == {"김서연": "", "이한별": ""}
    assert not any(each.notes for each in found)


def test_a_deadline_and_a_policy_in_words() -> None:
    until = deadline("2026-11-20T23:59+09:00")
    assert until == datetime.fromisoformat("2026-11-20T23:59:59+09:00")
    assert deadline("2026-11-20").hour == 23
    half = late_policy("10%/day, max 50%, grace 15m")
    assert half.grace == timedelta(minutes=15)
    for days, taken in ((0.5, "1.90"), (1, "1.90"), (1.1, "3.80"), (30, "9.50")):
        assert str(half.taken(19, timedelta(days=days))) == taken
    assert str(late_policy("10%").taken(19, timedelta(days=9))) == "1.90"
    assert str(late_policy("10%/day").taken(19, None)) == "1.90"
    assert late_policy("mark").taken(19, timedelta(days=9)) == 0
    for wrong in ("ten", "10", "10%/year", "max 5"):
        with pytest.raises(GradingError, match="not understood"):
            late_policy(wrong)
    for wrong in ("tomorrow", "2026-13-01", ""):
        with pytest.raises(GradingError, match="no date and time"):
            deadline(wrong)


def test_an_untouched_notebook_is_a_submission_too(tmp_path: Path) -> None:
    write(tmp_path, "kim.ipynb", released())
    (found,) = collect(tmp_path, Roster())
    assert (found.student, found.exercise, found.problem) == ("kim", EXERCISE, "")
    with pytest.raises(GradingError, match="nothing at"):
        collect(tmp_path / "none", Roster())
    with pytest.raises(GradingError, match="damaged"):
        collect(write(tmp_path, "class.zip", b"PK\x03\x04"), Roster())
