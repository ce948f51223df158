"""A papermill engine whose kernel is a sandboxed fork: cells that raise do not end the run."""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat import NotebookNode
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines

from course_utils.grading.sitting import Sitting

NAME = "course-sandbox"
"""What papermill knows the engine as."""

_FIELDS: dict[str, dict[str, Any]] = {
    "stream": {"name": "stdout", "text": ""},
    "display_data": {"data": {}, "metadata": {}},
    "execute_result": {"data": {}, "metadata": {}, "execution_count": None},
    "error": {"ename": "", "evalue": "", "traceback": []},
}


class SandboxEngine(Engine):  # type: ignore[misc]
    """Runs a notebook's cells in a :class:`~course_utils.grading.sitting.Sitting`."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **kwargs: Any
    ) -> None:
        """Run the cells; ``sitting`` is where, ``skip`` are the ids of cells to leave out."""
        sitting: Sitting = kwargs["sitting"]
        skip: frozenset[str] = kwargs.get("skip", frozenset())
        for index, cell in enumerate(nb_man.nb.cells):
            nb_man.cell_start(cell, index)
            runs = cell.cell_type == "code" and cell.source.strip() and cell.id not in skip
            if runs and not _execute(sitting, cell):
                nb_man.cell_exception(cell, cell_index=index)
            nb_man.cell_complete(cell, cell_index=index)

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """Every notebook runs with the course's own kernel, whatever it names."""
        return "python3"

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """Every notebook is in Python."""
        return "python"


def register() -> None:
    """Let papermill know the engine."""
    papermill_engines.register(NAME, SandboxEngine)


def _execute(sitting: Sitting, cell: NotebookNode) -> bool:
    outputs = Outputs(cell)
    ran = sitting.execute(cell, outputs.take)
    cell.execution_count = ran.count
    if ran.gone is not None:
        cell.outputs.append(ran.gone)
    return ran.ok


class Outputs:
    """What a cell shows, made of a kernel's messages; those that are none are left out.

    Args:
        cell: where the outputs go.
    """

    def __init__(self, cell: NotebookNode) -> None:
        self._cell = cell
        self._clear_later = False
        self._named: dict[str, list[NotebookNode]] = {}
        cell.outputs = []

    def take(self, message: dict[str, Any]) -> None:
        """Take a message."""
        kind, content = str(message.get("type")), message.get("content")
        if not isinstance(content, dict):
            return
        if kind == "clear_output":
            self._clear_later = bool(content.get("wait"))
            if not self._clear_later:
                self._cell.outputs = []
        elif kind == "update_display_data":
            self._update(content)
        elif kind in _FIELDS:
            self._add(kind, content)

    def _add(self, kind: str, content: dict[str, Any]) -> None:
        if self._clear_later:
            self._cell.outputs, self._clear_later = [], False
        last = self._cell.outputs[-1] if self._cell.outputs else {}
        if kind == last.get("output_type") == "stream" and last["name"] == content.get("name"):
            last["text"] += str(content.get("text", ""))
            return
        output = _output(kind, content)
        if output is None:
            return
        self._cell.outputs.append(output)
        name = _display_id(content)
        if name:
            self._named.setdefault(name, []).append(output)

    def _update(self, content: dict[str, Any]) -> None:
        new = _output("display_data", content)
        for each in self._named.get(_display_id(content), []):
            if new is not None:
                each["data"], each["metadata"] = new["data"], new["metadata"]


def _display_id(content: dict[str, Any]) -> str:
    transient = content.get("transient")
    return str(transient.get("display_id") or "") if isinstance(transient, dict) else ""


def _output(kind: str, content: dict[str, Any]) -> NotebookNode | None:
    """Make an output of the notebook format; None if the kernel sent something else."""
    made = {name: content.get(name, default) for name, default in _FIELDS[kind].items()}
    try:
        output: NotebookNode = nbformat.v4.new_output(kind, **nbformat.from_dict(made))
    except nbformat.ValidationError:
        return None
    return output
