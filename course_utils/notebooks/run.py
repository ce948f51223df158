"""Running lessons: for a reader into ``build/``, for an author back into the lesson itself."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import nbformat

from course_utils.errors import NotebookError
from course_utils.files import write_whole
from course_utils.language import gettext as _
from course_utils.notebooks import Lesson, heading, read, store

Result = TypeVar("Result")

_CELL_NOISE = ("execution", "papermill", "ExecuteTime", "collapsed", "scrolled")
_WIDGET = "application/vnd.jupyter.widget-view+json"
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def practice_only() -> None:
    """Let the practice server answer every lesson run from this process, whatever is set in it."""
    for name in list(os.environ):
        if name.startswith(("COURSE_", "OPENAI_")) and name != "COURSE_LANGUAGE":
            del os.environ[name]
    os.environ["COURSE_SERVER"] = "practice"


def side_by_side(
    work: Callable[[Lesson], Result], lessons: Sequence[Lesson], jobs: int
) -> list[Result | NotebookError]:
    """Do ``work`` on every lesson, ``jobs`` at once, under one progress bar.

    Gives what ``work`` returned for each lesson, or the :class:`NotebookError` that it raised.
    ``work`` is a module's function, or a ``partial`` of one: it runs in a process of its own,
    because papermill changes the working folder of the whole process.
    """
    from tqdm import tqdm

    # Not forked: a copy of a process with threads may hang.
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        running = [pool.submit(work, lesson) for lesson in lessons]
        for _done in tqdm(as_completed(running), total=len(running), unit="lesson"):
            pass
    return list(map(_outcome, running))


def _outcome(future: Future[Result]) -> Result | NotebookError:
    try:
        return future.result()
    except NotebookError as error:
        return error


def make_folder(folder: Path) -> None:
    """Make a folder to build in. Raises :class:`NotebookError` when nothing can be kept there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise NotebookError(
            _("The folder {folder} cannot be written to ({error}): give another.").format(
                folder=folder, error=type(error).__name__
            )
        ) from error


def build(lesson: Lesson, folder: Path) -> None:
    """Run a lesson and keep the result in ``folder``, as a notebook and as an HTML page.

    Its exercise lies beside it as it is: it is for the reader to run. Raises
    :class:`NotebookError` when a cell does not do as it should; the result is kept then too.
    """
    output = folder / lesson.path.relative_to(lesson.path.parents[1])
    output.parent.mkdir(parents=True, exist_ok=True)
    exercise = lesson.path.parent / "exercises" / lesson.path.name
    if exercise.is_file():
        (output.parent / "exercises").mkdir(exist_ok=True)
        store(output.parent / "exercises" / exercise.name, read(exercise))
    try:
        _execute(lesson, output)
    finally:
        if output.is_file():
            _save_html(output, lesson.language)


def refresh(lesson: Lesson) -> bool:
    """Run a lesson and store its outputs in it; tell whether that changed the file.

    The lesson stays as it was when it does not run to its end as it should: that raises
    :class:`NotebookError`.
    """
    with tempfile.TemporaryDirectory() as folder:
        notebook = _execute(lesson, Path(folder) / lesson.path.name)
    before = read(lesson.path)
    _normalise(notebook)
    _keep_uncompared(notebook, before)
    if notebook == before:
        return False
    store(lesson.path, notebook)
    return True


def _execute(lesson: Lesson, output: Path) -> nbformat.NotebookNode:
    import papermill
    from papermill.execute import remove_error_markers

    read(lesson.path)  # papermill's own error for what is no notebook is a traceback
    try:
        papermill.execute_notebook(
            lesson.path,
            output,
            kernel_name="python3",
            cwd=lesson.path.parent,
            progress_bar=False,
            request_save_on_cell_execute=False,
            coalesce_streams=True,
            store_widget_state=False,
            # ipykernel 7 warns at every start that it listens without encryption, on loopback, and
            # the interrupt that ends a kernel is no news either.
            extra_arguments=["--IPKernelApp.log_level=50"],
        )
    except papermill.PapermillExecutionError:
        # Cells tagged raises-exception do not stop papermill, but it reports them all the same.
        notebook = remove_error_markers(read(output))
        _check(lesson, notebook)
        store(output, notebook)
    notebook = read(output)
    _check(lesson, notebook)
    return notebook


def _check(lesson: Lesson, notebook: nbformat.NotebookNode) -> None:
    """Raise for a cell that failed, and for one that was to fail and did not.

    Only the practice server is sure to refuse what a lesson gets wrong on purpose: a server that
    asks for no key, say, also takes a wrong one.
    """
    practice = os.environ.get("COURSE_SERVER") == "practice"
    for cell in notebook.cells:
        errors = [out for out in cell.get("outputs", []) if out.output_type == "error"]
        expected = "raises-exception" in cell.metadata.get("tags", [])
        if errors and not expected:
            raise NotebookError(
                _("{lesson}: cell {id} failed with {error}: {text}").format(
                    lesson=lesson.label, id=cell.id, error=errors[0].ename, text=errors[0].evalue
                )
            )
        if expected and not errors and practice:
            raise NotebookError(
                _("{lesson}: cell {id} is tagged raises-exception, but did not fail.").format(
                    lesson=lesson.label, id=cell.id
                )
            )


def _normalise(notebook: nbformat.NotebookNode) -> None:
    """Take out what differs between two runs, or two machines, of the same lesson."""
    notebook.metadata = nbformat.from_dict(_METADATA)
    count = 0
    for cell in notebook.cells:
        for noise in _CELL_NOISE:
            cell.metadata.pop(noise, None)
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
        if cell.cell_type == "code" and cell.source.strip():
            count += 1
            cell.execution_count = count
            for output in cell.outputs:
                # A widget lives as long as its kernel, and its id is random: its text stays.
                output.get("data", {}).pop(_WIDGET, None)
                if output.output_type == "execute_result":
                    output.execution_count = count


def _keep_uncompared(notebook: nbformat.NotebookNode, before: nbformat.NotebookNode) -> None:
    """Keep the stored output of a cell that prints something else each time, until it is cleared.

    Else every run would change the lesson, and its diff would say nothing.
    """
    stored = {cell.id: cell.outputs for cell in before.cells if cell.get("outputs")}
    for cell in notebook.cells:
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            cell.outputs = stored.get(cell.id, cell.outputs)


def save_page(path: Path, folder: Path) -> None:
    """Keep a notebook that is not run (the glossary) in ``folder``, and as an HTML page too."""
    if path.is_file():
        store(folder / path.name, read(path))
        _save_html(folder / path.name, "ko")


def _save_html(output: Path, language: str) -> None:
    from nbconvert import HTMLExporter

    notebook = read(output)
    exporter = HTMLExporter(language_code=language)
    named = {"metadata": {"name": heading(notebook)}}
    page, _resources = exporter.from_notebook_node(notebook, named)
    # The neighbours of a page are pages.
    page = re.sub(r'(href="(?:\.\./(?:\w\w/)?)?(?:\d\d_\w+|glossary))\.ipynb"', r'\1.html"', page)
    write_whole(output.with_suffix(".html"), page)
