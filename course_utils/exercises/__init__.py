"""The exercises: their tasks, and checks that look at what a student's code does.

A check runs outside the student's code and gets plain data from it, in a notebook as in a grader::

    the student's process │ outside
                          │
      Hands  ←── JSON ──→ Channel ← Student ─┐
        │                                    ├─ Task.check → Marks → Verdict
        └─── HTTP ──────→ PracticeServer ← Wire ┘

==============  ===================================================================
``notebook``    ``Checks``: ``check("03.2")`` in the student's own notebook
``task``        ``Task``, ``task``; ``find``, ``tasks``; ``run`` checks one
``student``     ``Student``: calls functions, reads variables; ``Channel``
``hands``       ``Hands``: what does that in the student's process
``output``      what a function prints, and when; what ``input()`` gets
``plain``       values as JSON on the way between the two
``wire``        ``Wire``: what the server answers next, and what was sent to it
``fresh``       ``Fresh``: made-up names, numbers, sentences, prices
``marks``       ``Criterion``, ``expect``, ``equal``, ``Marks``, ``Verdict``
``page``        the text and tags of a page that a student made
``card``        a verdict as text and HTML
``progress``    what a student has done so far, on their own machine
``release``     student notebooks and a class's bundle, made from ``solutions/``
``rehearse``    a notebook run with its parameters
``commands``    ``course release``, ``course check`` and ``course progress``
``eNN_…``       one module an exercise
==============  ===================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_utils.exercises.notebook import Checks as Checks

__all__ = ["Checks"]


def __getattr__(name: str) -> Any:
    if name == "Checks":
        from course_utils.exercises.notebook import Checks

        return Checks
    raise AttributeError(f"module 'course_utils.exercises' has no attribute {name!r}")
