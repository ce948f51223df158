"""Running an exercise from its first cell to its last with papermill, and reading its cards."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils.errors import ExerciseError
from course_utils.exercises import card
from course_utils.language import gettext as _
from course_utils.notebooks import read


@dataclass(frozen=True)
class Rehearsal:
    """What the check cells of a notebook showed.

    Attributes:
        cards: the cards as text, in order.
        earned: all points that were earned, each task counted once: as its last card says.
        points: all points that could be earned.
        failure: what stopped the notebook, None if it ran to its end.
    """

    cards: tuple[str, ...]
    earned: int
    points: int
    failure: str | None = None


def parameters(path: Path) -> dict[str, str]:
    """Return the parameters that a notebook takes: names and types, such as ``"int"``."""
    import papermill

    read(path)  # papermill's own error for what is no notebook is a traceback
    found = papermill.inspect_notebook(str(path))
    return {name: str(each["inferred_type_name"]).strip("\"'") for name, each in found.items()}


def rehearse(path: Path, given: Mapping[str, str]) -> Rehearsal:
    """Run a notebook in a fresh kernel with these parameters, and read what its checks showed.

    This is what the student would see, not a grade: the notebook's code could show any card.

    Raises:
        ExerciseError: a parameter that the notebook does not have, or of another type.
    """
    import papermill

    values = _values(path, given)
    failure = None
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / path.name
        try:
            papermill.execute_notebook(
                path,
                output,
                parameters=values,
                kernel_name="python3",
                cwd=path.parent,
                progress_bar=False,
                request_save_on_cell_execute=False,
                extra_arguments=["--IPKernelApp.log_level=50"],
            )
        except papermill.PapermillExecutionError as error:
            failure = f"{error.ename}: {error.evalue}"
        outputs = [out for cell in read(output).cells for out in cell.get("outputs", [])]
    shown = [out.data for out in outputs if card.DATA in out.get("data", {})]
    last = {data[card.DATA]["number"]: data[card.DATA] for data in shown}
    return Rehearsal(
        tuple(data["text/plain"] for data in shown),
        sum(verdict["earned"] for verdict in last.values()),
        sum(verdict["points"] for verdict in last.values()),
        failure,
    )


def _values(path: Path, given: Mapping[str, str]) -> dict[str, Any]:
    known = parameters(path)
    if unknown := [name for name in given if name not in known]:
        raise ExerciseError(
            _("{file} has no parameter {names}: it takes {known}.").format(
                file=path.name, names=", ".join(unknown), known=", ".join(known) or _("none at all")
            )
        )
    values: dict[str, Any] = {}
    for name, text in given.items():
        try:
            values[name] = int(text) if known[name] == "int" else text
        except ValueError:
            raise ExerciseError(
                _("The parameter {name} is a whole number, not {text!r}.").format(
                    name=name, text=text
                )
            ) from None
    return values
