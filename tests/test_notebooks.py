"""Finding, linking and running lessons, on two tiny ones in each language."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_utils import notebooks
from course_utils.cli import main
from course_utils.errors import NotebookError
from course_utils.notebooks import Lesson, links, run

ADDRESS = "https://github.com/teacher/course"
COLAB = "https://colab.research.google.com/github/teacher/course/blob/main/notebooks"
SETUP = 'if "google.colab" in sys.modules:\n    %pip install -q "git+https://old.example/a/b"'


def lesson_cells(title: str) -> list[nbformat.NotebookNode]:
    return [
        new_markdown_cell(
            f"# {title}\n<!-- links --><!-- /links -->\n<!-- cost --><!-- /cost -->\nGoals.",
            id="title",
        ),
        new_code_cell("import sys\n" + SETUP, id="setup"),
        new_code_cell(
            "print('$0.0006086')", id="spent", outputs=[new_output("stream", text="$0.0006086\n")]
        ),
        new_markdown_cell("<!-- links -->\nold\n<!-- /links -->", id="next"),
    ]


def write(path: Path, cells: list[nbformat.NotebookNode]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(
        f'[project]\nname = "x"\n[project.urls]\nRepository = "{ADDRESS}"\n', "utf-8"
    )
    (tmp_path / "README.md").write_text(
        "# 강의\n<!-- links --><!-- /links --><!-- cost --><!-- /cost -->\nend\n", "utf-8"
    )
    for language, titles in (
        ("ko", ("00 · 첫 호출", "03 · 이력")),
        ("en", ("00 · First", "03 · History")),
    ):
        for title, name in zip(titles, ("00_first", "03_history"), strict=True):
            write(tmp_path / "notebooks" / language / f"{name}.ipynb", lesson_cells(title))
    return tmp_path


def source(path: Path, cell_id: str) -> str:
    return next(str(cell.source) for cell in notebooks.read(path).cells if cell.id == cell_id)


def test_lessons_come_in_order_and_by_part_of_their_label(root: Path) -> None:
    labels = [one.label for one in notebooks.lessons(root)]
    assert labels == ["ko/00_first", "ko/03_history", "en/00_first", "en/03_history"]
    assert [one.label for one in notebooks.lessons(root, ["en/", "ko/03"])] == [
        "ko/03_history",
        "en/00_first",
        "en/03_history",
    ]


def test_a_name_that_matches_nothing_names_what_there_is(root: Path) -> None:
    with pytest.raises(NotebookError, match=r"No lesson matches 07: they are ko/00_first"):
        notebooks.lessons(root, ["07"])


@pytest.fixture(
    params=[
        b'{"cells": [',
        b"",
        b"[]",
        b'"text"',
        '{"cells": [], "한'.encode()[:-1],
        b'{"nbformat": 99, "nbformat_minor": 0, "metadata": {}, "cells": []}',
        b'{"nbformat": "4", "nbformat_minor": 5, "metadata": {}, "cells": []}',
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [3]}',
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": '
        b'[{"cell_type": "markdown", "id": "title", "source": "# 1"}]}',
        b"[" * 100_000,
        None,
    ],
    ids=[
        *("cut", "empty", "list", "text", "half-a-character", "newer", "no-number", "no-cells"),
        *("no-cell", "no-metadata", "deep", "folder"),
    ],
)
def broken(request: pytest.FixtureRequest, root: Path) -> Path:
    """A lesson that is no notebook, among those that are."""
    path = root / "notebooks/ko/00_first.ipynb"
    path.unlink()
    if request.param is None:
        path.mkdir()
    else:
        path.write_bytes(request.param)
    return path


def test_a_file_that_is_no_notebook_is_named(broken: Path) -> None:
    with pytest.raises(NotebookError, match=r"^00_first\.ipynb is not a notebook \(.+\): .+$"):
        notebooks.read(broken)


@pytest.mark.parametrize("work", [run.refresh, lambda lesson: run.build(lesson, Path("build"))])
def test_a_file_that_is_no_notebook_is_not_run(
    broken: Path, work: Callable[[Lesson], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(broken.parents[2])
    with pytest.raises(NotebookError, match=r"00_first\.ipynb is not a notebook"):
        work(Lesson(broken))


def test_links_lead_to_neighbours_and_the_other_language(root: Path) -> None:
    links.update(root, write=True)
    first = root / "notebooks/ko/00_first.ipynb"
    assert f"]({COLAB}/ko/00_first.ipynb)" in source(first, "title")
    assert "[English](../en/00_first.ipynb)" in source(first, "title")
    assert source(first, "title").endswith("<!-- /cost -->\nGoals.")
    assert "이전" not in source(first, "next")
    assert f"다음: [03 · 이력](03_history.ipynb) ([Colab]({COLAB}/ko/03_history.ipynb))" in source(
        first, "next"
    )
    last = source(root / "notebooks/en/03_history.ipynb", "next")
    assert "Previous: [00 · First](00_first.ipynb)" in last
    assert "Next" not in last
    assert "old" not in last


def test_a_lesson_in_between_and_an_exercise_are_linked_once_they_exist(root: Path) -> None:
    links.update(root, write=True)
    write(root / "notebooks/en/01_roles.ipynb", lesson_cells("01 · Roles"))
    write(root / "notebooks/en/exercises/03_history.ipynb", lesson_cells("03 · Exercise"))
    changed = links.update(root, write=True)
    assert changed == ["en/00_first", "en/01_roles", "en/03_history", "README.md"]
    last = source(root / "notebooks/en/03_history.ipynb", "next")
    assert "[01 · Roles](01_roles.ipynb)" in last
    assert "Exercise: [03 · Exercise](exercises/03_history.ipynb)" in last


@pytest.mark.parametrize(
    ("printed", "shown"), [("$0.0006086", "$0.0007"), ("$0.0100", "$0.01"), ("$1.21", "$2")]
)
def test_the_cost_is_what_the_lesson_spent_rounded_up(root: Path, printed: str, shown: str) -> None:
    path = root / "notebooks/en/00_first.ipynb"
    notebook = notebooks.read(path)
    (spent,) = [cell for cell in notebook.cells if cell.id == "spent"]
    spent.outputs[0].text = f"{printed}\n"
    notebooks.store(path, notebook)
    links.update(root, write=True)
    assert f"<!-- cost -->{shown}<!-- /cost -->" in source(path, "title")


def test_the_install_line_comes_from_pyproject(root: Path) -> None:
    links.update(root, write=True)
    assert f'%pip install -q "git+{ADDRESS}"' in source(
        root / "notebooks/en/00_first.ipynb", "setup"
    )


def test_what_the_pages_clone_comes_from_pyproject(root: Path) -> None:
    line = "git clone {0} course\nRUN git clone --depth 1 {0} /course \\\n"
    pages = [root / "README.md", root / "docs" / "grading.md"]
    pages[1].parent.mkdir()
    for page in pages:
        before = page.read_text("utf-8") if page.exists() else ""
        page.write_text(before + line.format("https://old.example/a/b"), "utf-8")
    assert {"README.md", "grading.md"} < set(links.update(root, write=True))
    for page in pages:
        assert page.read_text("utf-8").endswith(line.format(ADDRESS))


def test_the_readme_lists_every_lesson_in_both_languages(root: Path) -> None:
    links.update(root, write=True)
    text = (root / "README.md").read_text("utf-8")
    assert "| 한국어 | English |\n| --- | --- |\n" in text
    assert (
        f"| [00 · 첫 호출](notebooks/ko/00_first.ipynb) ([Colab]({COLAB}/ko/00_first.ipynb)) "
        f"| [00 · First](notebooks/en/00_first.ipynb) ([Colab]({COLAB}/en/00_first.ipynb)) |\n"
    ) in text
    assert text.endswith("<!-- /links --><!-- cost -->$0.002<!-- /cost -->\nend\n")


def test_checking_changes_nothing_and_a_second_update_finds_nothing(root: Path) -> None:
    before = (root / "notebooks/ko/00_first.ipynb").read_bytes()
    assert len(links.update(root, write=False)) == 5
    assert (root / "notebooks/ko/00_first.ipynb").read_bytes() == before
    links.update(root, write=True)
    assert links.update(root, write=False) == []


def test_a_lesson_without_a_place_for_links_is_named(root: Path) -> None:
    write(root / "notebooks/ko/04_bare.ipynb", [new_markdown_cell("# 04 · 맨몸", id="title")])
    with pytest.raises(NotebookError, match=r"ko/04_bare \(title\) has no place"):
        links.update(root, write=False)


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    path = tmp_path / "notebooks/ko/00_first.ipynb"
    write(
        path,
        [
            new_markdown_cell("# 00 · 첫 호출\n[다음](03_history.ipynb)", id="title"),
            new_code_cell("print('가', flush=True)\nprint('나', flush=True)", id="say"),
            new_code_cell(
                "%xmode Minimal\n1 / 0", id="fail", metadata={"tags": ["raises-exception"]}
            ),
            new_code_cell("import os\nos.environ.get('OPENAI_API_KEY')", id="key"),
        ],
    )
    return Lesson(path)


def outputs(path: Path, cell_id: str) -> list[nbformat.NotebookNode]:
    return list(next(cell.outputs for cell in notebooks.read(path).cells if cell.id == cell_id))


def test_refresh_stores_outputs_without_noise_and_is_stable(lesson: Lesson) -> None:
    assert run.refresh(lesson)
    stored = notebooks.read(lesson.path)
    assert [out.text for out in outputs(lesson.path, "say")] == ["가\n나\n"]
    assert outputs(lesson.path, "fail")[-1].ename == "ZeroDivisionError"
    assert [cell.get("execution_count") for cell in stored.cells] == [None, 1, 2, 3]
    assert [dict(cell.metadata) for cell in stored.cells] == [
        {},
        {},
        {"tags": ["raises-exception"]},
        {},
    ]
    assert stored.metadata.language_info == {"name": "python"}
    assert "papermill" not in json.dumps(stored)
    before = lesson.path.stat().st_mtime_ns
    assert not run.refresh(lesson)
    assert lesson.path.stat().st_mtime_ns == before


def test_an_output_that_is_not_compared_stays_until_it_is_cleared(lesson: Lesson) -> None:
    notebook = notebooks.read(lesson.path)
    timed = new_code_cell(
        "import time; print(time.time_ns())",
        id="timed",
        metadata={"tags": ["nbval-ignore-output"]},
    )
    notebook.cells.append(timed)
    notebooks.store(lesson.path, notebook)
    run.refresh(lesson)
    first = outputs(lesson.path, "timed")
    assert not run.refresh(lesson)
    notebook = notebooks.read(lesson.path)
    notebook.cells[-1].outputs = []
    notebooks.store(lesson.path, notebook)
    assert run.refresh(lesson)
    assert outputs(lesson.path, "timed") != first


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (new_code_cell("open('nowhere')", id="bad"), "cell bad failed with FileNotFoundError"),
        (
            new_code_cell("1 / 1", id="fine", metadata={"tags": ["raises-exception"]}),
            "cell fine is tagged raises-exception, but did not fail",
        ),
    ],
    ids=["fails", "does-not-fail"],
)
def test_a_lesson_that_goes_wrong_stays_as_it_was(
    lesson: Lesson, cell: nbformat.NotebookNode, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_SERVER", "practice")
    notebook = notebooks.read(lesson.path)
    notebook.cells.append(cell)
    notebooks.store(lesson.path, notebook)
    before = lesson.path.read_bytes()
    with pytest.raises(NotebookError, match=message):
        run.refresh(lesson)
    assert lesson.path.read_bytes() == before
    assert [path.name for path in lesson.path.parent.iterdir()] == [lesson.path.name]


def test_another_server_may_take_what_the_practice_server_refuses(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_SERVER", "http://127.0.0.1:9/v1")
    notebook = notebooks.read(lesson.path)
    tags = {"tags": ["raises-exception"]}
    notebook.cells.append(new_code_cell("1 / 1", id="fine", metadata=tags))
    notebooks.store(lesson.path, notebook)
    assert run.refresh(lesson)


def test_build_makes_a_notebook_and_a_page_in_the_lesson_s_language(
    lesson: Lesson, tmp_path: Path
) -> None:
    before = lesson.path.read_bytes()
    write(lesson.path.parent / "exercises" / lesson.path.name, lesson_cells("00 · Exercise"))
    run.build(lesson, tmp_path / "build")
    assert (tmp_path / "build/ko/exercises/00_first.ipynb").is_file()
    assert [out.text for out in outputs(tmp_path / "build/ko/00_first.ipynb", "say")] == [
        "가\n나\n"
    ]
    page = (tmp_path / "build/ko/00_first.html").read_text("utf-8")
    assert '<html lang="ko">' in page
    assert 'href="03_history.html"' in page
    assert "ZeroDivisionError" in page
    assert "papermill-error" not in page
    assert lesson.path.read_bytes() == before


def test_only_the_practice_server_is_left_in_the_environment(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("COURSE_SERVER", "openai")
    run.practice_only()
    assert "OPENAI_API_KEY" not in os.environ
    assert os.environ["COURSE_SERVER"] == "practice"


@pytest.fixture
def course(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny lessons as the checkout that the command ``course`` works on."""
    monkeypatch.setattr(notebooks, "__file__", str(root / "course_utils/notebooks/__init__.py"))
    return root


def test_course_links_checks_then_mends(course: Path) -> None:
    checked = CliRunner().invoke(main, ["links", "--check"])
    assert checked.exit_code == 1
    assert "Links are out of date in ko/00_first, ko/03_history, en/00_first" in checked.stderr
    assert CliRunner().invoke(main, ["links"]).exit_code == 0
    assert CliRunner().invoke(main, ["links", "--check"]).exit_code == 0


def test_course_notebooks_goes_on_after_a_lesson_that_fails(course: Path) -> None:
    cells = lesson_cells("00 · First")
    cells.insert(2, new_code_cell("open('nowhere')", id="bad"))
    write(course / "notebooks/en/00_first.ipynb", cells)
    result = CliRunner().invoke(main, ["notebooks", "en/"])
    assert result.exit_code == 1
    assert "en/00_first: cell bad failed with FileNotFoundError" in result.stderr
    assert "en/03_history: stored" in result.stdout
    assert notebooks.read(course / "notebooks/en/03_history.ipynb").cells[1].execution_count == 1
    assert notebooks.read(course / "notebooks/en/00_first.ipynb").cells[1].execution_count is None


def test_course_lessons_builds_what_works_and_fails_for_what_does_not(course: Path) -> None:
    cells = lesson_cells("03 · History")
    cells.insert(2, new_code_cell("open('nowhere')", id="bad"))
    write(course / "notebooks/ko/03_history.ipynb", cells)
    write(course / "notebooks/glossary.ipynb", [new_markdown_cell("# 용어집", id="title")])
    CliRunner().invoke(main, ["links"])
    result = CliRunner().invoke(main, ["lessons", "ko/"])
    assert result.exit_code == 1
    assert "ko/03_history: cell bad failed" in result.stderr
    assert "2/2" in result.stderr
    page = (course / "build/ko/00_first.html").read_text("utf-8")
    assert "<title>00 · 첫 호출</title>" in page
    assert 'href="../glossary.html"' in page
    assert (course / "build/glossary.html").is_file()
    built = sorted(path.name for path in (course / "build/ko").iterdir())
    assert built == [
        "00_first.html",
        "00_first.ipynb",
        "03_history.html",
        "03_history.ipynb",
    ]


@pytest.mark.parametrize("out", ["README.md", "README.md/deeper"])
def test_a_folder_that_cannot_be_made_is_one_sentence(
    course: Path, out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_SERVER", "practice")
    result = CliRunner().invoke(main, ["lessons", "--out", str(course / out)])
    assert result.exit_code == 1
    assert f"The folder {course / out} cannot be written to" in result.stderr
    assert (result.stdout, len(result.stderr.splitlines())) == ("", 1)


def test_lessons_ask_the_server_that_the_reader_chose(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import os\nprint(os.environ['COURSE_SERVER'], 'OPENAI_API_KEY' in os.environ)"
    write(course / "notebooks/en/05_who.ipynb", [new_code_cell(code, id="who")])
    built = course / "build/en/05_who.ipynb"
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("COURSE_SERVER", "openai")
    CliRunner().invoke(main, ["lessons", "05"])
    assert outputs(built, "who")[0].text == "openai True\n"
    monkeypatch.delenv("COURSE_SERVER")
    CliRunner().invoke(main, ["lessons", "05"])
    assert outputs(built, "who")[0].text == "practice False\n"


def test_outside_a_checkout_the_repository_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebooks, "__file__", str(tmp_path / "lib/course_utils/x/__init__.py"))
    result = CliRunner().invoke(main, ["lessons"])
    assert result.exit_code == 1
    assert "clone https://github.com/" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_course_cost_tells_each_lesson_and_the_sum(course: Path) -> None:
    told = CliRunner().invoke(main, ["cost"]).stdout.split()
    assert told[:2] == ["ko/00_first", "$0.000609"]
    assert told[-4:] == ["ko", "$0.001217", "en", "$0.001217"]


def test_a_new_lesson_runs_to_its_end_and_links_to_its_neighbour(course: Path) -> None:
    started = ["new-lesson", "05_images", "--ko", "이미지", "--en", "Images"]
    assert CliRunner().invoke(main, started).exit_code == 0
    result = CliRunner().invoke(main, ["notebooks", "05"])
    assert result.exit_code == 0, result.stderr
    korean, english = (
        notebooks.read(course / f"notebooks/{language}/05_images.ipynb").cells
        for language in ("ko", "en")
    )
    assert [cell.id for cell in korean] == [cell.id for cell in english]
    assert korean[0].source.startswith("# 05 · 이미지\n")
    assert "[03 · 이력](03_history.ipynb)" in korean[-1].source
    assert "<!-- cost -->$" in english[0].source


@pytest.mark.parametrize("name", ["images", "1_x", "05_Images", "../05_x", "03_history"])
def test_a_name_that_is_none_or_taken_starts_nothing(course: Path, name: str) -> None:
    before = sorted((course / "notebooks").rglob("*"))
    result = CliRunner().invoke(main, ["new-lesson", name, "--ko", "가", "--en", "A"])
    assert result.exit_code == 1
    assert name in result.stderr
    assert sorted((course / "notebooks").rglob("*")) == before
