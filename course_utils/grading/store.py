"""Where results are kept: one file for each, written whole or not at all.

::

    GRADES/
      grading.json                    what the run was told: the seed, the submissions, the policy
      adjustments.csv                 yours: points given or taken by hand, with a reason
      results/03_history/kim.json     all that is known of one submission
      …                               everything else is made from these, anew each time
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course_utils.errors import GradingError
from course_utils.files import write_whole
from course_utils.grading.model import Graded
from course_utils.language import gettext as _

_RESULTS, _SETTINGS = "results", "grading.json"
_UNKNOWN = "unknown"
_LONGEST = 60
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")  # no file on Windows is called so


class Store:
    """The folder of a class's grades.

    Args:
        folder: where; it is made if it is not there.

    Raises:
        GradingError: the folder cannot be made, or is something else's.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if folder.is_dir() and any(folder.iterdir()) and not (folder / _RESULTS).is_dir():
            raise GradingError(
                _("{folder} holds other files: name a new or empty folder.").format(folder=folder)
            )
        try:
            (folder / _RESULTS).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise GradingError(
                _("{folder} cannot be made ({reason}).").format(
                    folder=folder, reason=error.strerror
                )
            ) from None

    @property
    def settings(self) -> dict[str, Any]:
        """What the last run was told; empty before the first."""
        data = _json(self.folder / _SETTINGS)
        return data if isinstance(data, dict) else {}

    def set(self, settings: dict[str, Any]) -> None:
        """Keep what a run is told."""
        self.write(_SETTINGS, _dumped(settings))

    def put(self, graded: Graded) -> None:
        """Keep a result, in place of an earlier one of the same student and exercise."""
        self.write(self._place(graded.student, graded.exercise), _dumped(graded.as_data()))

    def get(self, student: str, exercise: str) -> Graded | None:
        """Return the result of a student for an exercise, None if there is none."""
        return _graded(self.folder / self._place(student, exercise))

    def drop(self, graded: Graded) -> None:
        """Forget a result."""
        (self.folder / self._place(graded.student, graded.exercise)).unlink(missing_ok=True)

    def all(self) -> Iterator[Graded]:
        """Yield every result, in order of exercise and student."""
        for path in sorted((self.folder / _RESULTS).glob("*/*.json")):
            if (graded := _graded(path)) is not None:
                yield graded

    def write(self, name: str, text: str) -> None:
        """Write a text file of the folder, whole or not at all, its own folders made.

        A lone surrogate, which students' code can print and no file can hold, becomes ``?``.
        """
        text = text.encode("utf-8", "replace").decode("utf-8")
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == text.encode():
            return
        write_whole(path, text)

    def _place(self, student: str, exercise: str) -> str:
        return f"{_RESULTS}/{slug(exercise or _UNKNOWN)}/{slug(student)}.json"


def slug(name: str) -> str:
    """Make a name safe as that of a file on every system, and unlike any other name's.

    Letters and digits of any script, ``-``, ``_`` and single dots stay. Where something had to
    change, or where capitals could meet on a system that does not tell them apart, six digits of
    the name's SHA-256 follow.
    """
    text = unicodedata.normalize("NFC", name)
    clean = re.sub(r"[^\w.-]+|_{2,}", "-", text.replace("\x00", "-"))
    clean = re.sub(r"\.{2,}", ".", clean).strip("-.")[:_LONGEST].strip("-.")
    if clean and clean == name == clean.lower() and not _RESERVED.match(clean):
        return clean
    mark = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:6]
    return f"{clean}-{mark}" if clean else mark


def _dumped(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _graded(path: Path) -> Graded | None:
    data = _json(path)
    try:
        return Graded.from_data(data)
    except (AttributeError, TypeError):  # not a result: it is graded anew
        return None
