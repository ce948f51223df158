"""Student notebooks hold no answer, and a class's bundle no solution."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_utils import notebooks
from course_utils.cli import main
from course_utils.errors import ExerciseError
from course_utils.exercises import release

ADDRESS = "https://github.com/teacher/course"
COLAB = "https://colab.research.google.com/github"
ANSWER = '''def double(n):
    """Twice n."""
    ### BEGIN SOLUTION multiply
    return secret_factor * n
    ### END SOLUTION


### BEGIN SOLUTION
secret_factor = 2
### END SOLUTION'''
SETUP = (
    'import sys\nif "google.colab" in sys.modules:\n    %pip install -q "git+https://old.example/a"'
)


def solution_cells(title: str) -> list[nbformat.NotebookNode]:
    answer = new_code_cell(
        ANSWER,
        id="answer-1",
        execution_count=3,
        outputs=[new_output("stream", text="secret output\n")],
        metadata={"course": {"task": "01.1"}, "note": "secret note", "tags": ["x"]},
    )
    picture = new_markdown_cell("![](attachment:a.png)", id="picture")
    picture.attachments = {"a.png": {"image/png": "c2VjcmV0"}}
    return [
        new_markdown_cell(f"# {title}\n<!-- links --><!-- /links -->", id="title"),
        new_code_cell(SETUP, id="setup"),
        answer,
        picture,
        new_markdown_cell("The secret is 2.", id="why-1", metadata={"tags": ["solution"]}),
        new_markdown_cell("<!-- links --><!-- /links -->", id="next"),
    ]


def write(path: Path, cells: list[nbformat.NotebookNode]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"author": "secret"} if path.parent.name == "solutions" else {}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    lesson = [
        new_markdown_cell(
            "# 01 · Roles\n<!-- links --><!-- /links -->\n<!-- cost --><!-- /cost -->", id="title"
        ),
        new_code_cell(SETUP, id="setup"),
        new_markdown_cell("<!-- links --><!-- /links -->", id="next"),
    ]
    for language in ("ko", "en"):
        write(root / "notebooks" / language / "01_roles.ipynb", lesson)
        write(
            root / "notebooks" / language / "solutions" / "01_roles.ipynb", solution_cells("01 · R")
        )
    (root / "pyproject.toml").write_text(
        f'[project]\nname = "x"\n[project.urls]\nRepository = "{ADDRESS}"\n', "utf-8"
    )
    (root / "README.md").write_text("<!-- links --><!-- /links -->\n", "utf-8")
    return root


def exercise(root: Path, language: str = "en") -> Path:
    return root / "notebooks" / language / "exercises" / "01_roles.ipynb"


def test_a_stub_says_what_is_missing(root: Path) -> None:
    release.refresh(root)
    cells = {cell.id: cell for cell in notebooks.read(exercise(root)).cells}
    assert cells["answer-1"].source == (
        'def double(n):\n    """Twice n."""\n    # Fill this in: multiply\n'
        "    raise NotImplementedError\n\n\n# Fill this in"
    )
    korean = {cell.id: cell for cell in notebooks.read(exercise(root, "ko")).cells}
    assert "# 여기를 채우세요: multiply" in korean["answer-1"].source
    assert cells["answer-1"].metadata == {"course": {"task": "01.1"}, "tags": ["x"]}


def test_no_answer_is_left_anywhere_in_the_file(root: Path) -> None:
    release.refresh(root)
    text = exercise(root).read_text("utf-8")
    assert "secret" not in text
    assert "c2VjcmV0" not in text
    assert "SOLUTION" not in text
    nbformat.validate(json.loads(text))


def test_what_is_up_to_date_is_left_alone_and_a_change_is_found(root: Path) -> None:
    made = ["en/exercises/01_roles", "ko/exercises/01_roles"]
    assert release.refresh(root) == made
    assert release.release(root, write=False) == []
    path = exercise(root)
    path.write_text(path.read_text("utf-8").replace("multiply", "add"), "utf-8")
    assert release.release(root, write=False) == made[:1]
    assert release.refresh(root) == made[:1]
    assert release.release(root, write=False) == []


def test_an_exercise_without_a_solution_is_found(root: Path) -> None:
    release.refresh(root)
    write(exercise(root).with_name("02_lost.ipynb"), [])
    assert release.release(root, write=False) == ["en/exercises/02_lost"]


@pytest.mark.parametrize("source", ["### BEGIN SOLUTION\nx = 1", "x = 1\n### END SOLUTION"])
def test_a_marker_that_stands_alone_is_refused(root: Path, source: str) -> None:
    path = root / "notebooks/en/solutions/01_roles.ipynb"
    write(path, [*solution_cells("01"), new_code_cell(source, id="alone")])
    with pytest.raises(ExerciseError, match=r"en/solutions/01_roles: .*stands alone"):
        release.release(root, write=False)


def test_a_solution_without_an_answer_is_refused(root: Path) -> None:
    cells = [cell for cell in solution_cells("01") if cell.id != "answer-1"]
    write(root / "notebooks/en/solutions/01_roles.ipynb", cells)
    with pytest.raises(ExerciseError, match="There is no ### BEGIN SOLUTION"):
        release.release(root, write=False)


def test_exercise_and_lesson_link_to_each_other(root: Path) -> None:
    release.refresh(root)
    page = f"{COLAB}/teacher/course/blob/main/notebooks/en"
    lesson = notebooks.read(root / "notebooks/en/01_roles.ipynb").cells[-1].source
    assert f"Exercise: [01 · R](exercises/01_roles.ipynb) ([Colab]({page}/exercises/" in lesson
    cells = {cell.id: cell.source for cell in notebooks.read(exercise(root)).cells}
    assert f"]({page}/exercises/01_roles.ipynb)" in cells["title"]
    assert "[한국어](../../ko/exercises/01_roles.ipynb)" in cells["title"]
    assert f"Lesson: [01 · Roles](../01_roles.ipynb) ([Colab]({page}/01_roles" in cells["next"]
    assert f"git+{ADDRESS}" in cells["setup"]


def test_a_bundle_leads_to_the_instructor_s_repository_and_holds_no_solution(
    root: Path, tmp_path: Path
) -> None:
    release.refresh(root)
    out = tmp_path / "class"
    labels = release.bundle(root, out, "https://github.com/kim/class7")
    assert labels == [
        "ko/01_roles",
        "en/01_roles",
        "ko/exercises/01_roles",
        "en/exercises/01_roles",
    ]
    files = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    made = [*sorted(f"notebooks/{label}.ipynb" for label in labels), "requirements.txt"]
    assert files == ["README.md", *made]
    everything = "".join(path.read_text("utf-8") for path in out.rglob("*") if path.is_file())
    assert "secret" not in everything
    assert f"{COLAB}/teacher" not in everything
    assert f"{COLAB}/kim/class7/blob/main/notebooks/ko/exercises/01_roles.ipynb" in everything
    assert f"git+{ADDRESS}" in everything  # the package is still installed from the course's own


def test_a_bundle_never_lands_among_solutions(root: Path) -> None:
    release.refresh(root)
    with pytest.raises(ExerciseError, match="There are solutions in course"):
        release.bundle(root, root, ADDRESS)


def test_a_bundle_of_outdated_exercises_is_refused(root: Path, tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match="out of date: run `course release`"):
        release.bundle(root, tmp_path / "class", ADDRESS)


def test_the_command_checks_without_writing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "checkout", lambda: root)
    failed = CliRunner().invoke(main, ["release", "--check"])
    assert failed.exit_code == 1
    assert "ko/exercises/01_roles, en/exercises/01_roles are out of date" in failed.output
    assert not exercise(root).exists()
    assert CliRunner().invoke(main, ["release"]).exit_code == 0
    assert "up to date" in CliRunner().invoke(main, ["release", "--check"]).output
