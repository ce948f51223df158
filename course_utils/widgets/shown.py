"""What every widget of the course does: it shows itself, and a cell that is run again tidies up.

A person gets ipywidgets. When a machine runs the cell (nbval, papermill, nbclient), the same object
prints itself as text that is the same on every run, and no ipywidget is made at all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache
from html import escape
from importlib import import_module
from importlib.resources import files
from threading import RLock
from typing import Any, NamedTuple

from course_utils.lesson import person_here, running_kernel

__all__ = ["Shown", "close_all", "style"]


class _Run(NamedTuple):
    """One run of a cell, and what it made."""

    request: str
    made: list[Shown]


_runs: dict[str, _Run] = {}


class Shown(ABC):
    """The root of the course's widgets: put one on the last line of a cell."""

    def __init__(self) -> None:
        self._lock = RLock()  # its work is done in threads
        self._widget: Any = None
        _tidy_up(self)

    @property
    def widget(self) -> Any:
        """The ipywidget, made when it is first asked for."""
        with self._lock:
            if self._widget is None:
                self._widget = self._make_widget()
            return self._widget

    def close(self) -> None:
        """Take the widget off the page; what it knows can still be read."""
        with self._lock:
            widget, self._widget = self._widget, None
        if widget is not None:
            close_all(widget)

    @abstractmethod
    def _make_widget(self) -> Any: ...

    def _ipython_display_(self) -> None:
        if running_kernel() is not None and person_here():
            import_module("IPython.display").display(self.widget)
        else:
            print(repr(self))


def close_all(widget: Any) -> None:
    """Close an ipywidget, all that is in it, and their layouts and styles, in page and kernel."""
    for child in getattr(widget, "children", ()):
        close_all(child)
    for part in ("layout", "style"):
        if hasattr(getattr(widget, part, None), "close"):
            getattr(widget, part).close()
    widget.close()


@cache
def style(hint: str = "") -> str:
    """Give the HTML that looks and keys come from: it belongs into a ``VBox`` of ``cu-widget``.

    ``hint`` stands in the empty text box once the keys work.
    """
    here = files("course_utils.widgets")
    css = here.joinpath("widgets.css").read_text(encoding="utf-8")
    keys = here.joinpath("keys.js").read_text(encoding="utf-8")
    return f'<style data-hint="{escape(hint)}" onload="{escape(keys)}">{css}</style>'


def _tidy_up(new: Shown) -> None:
    """Close what an earlier run of this cell made."""
    if (running := running_kernel()) is None:
        return
    request = running.get_parent("shell")
    # Not every front end names its cells; then a cell is what stands in it.
    cell = request.get("metadata", {}).get("cellId") or request.get("content", {}).get("code", "")
    if not cell:  # it is made by a button or a thread
        return
    this_run = request.get("header", {}).get("msg_id", "")
    earlier = _runs.get(cell)
    if earlier is None or earlier.request != this_run:
        _runs[cell] = _Run(this_run, [])
        for old in earlier.made if earlier else ():
            old.close()
    _runs[cell].made.append(new)
