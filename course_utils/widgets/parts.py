"""The controls that the course's widgets are made of, named for a screen reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from course_utils.widgets.shown import style

__all__ = ["button", "form", "labelled", "root", "row"]


def button(label: str, act: Callable[[], object], name: str, *, primary: bool = False) -> Any:
    """Make a button that calls ``act``; ``name`` is its CSS class."""
    made = ipywidgets.Button(description=label, button_style="primary" if primary else "")
    made.on_click(lambda _button: act())
    made.add_class(name)
    return made


def labelled(kind: Any, label: str, *, hidden: bool = False, **options: Any) -> Any:
    """Make a control with its label; a hidden one is there for screen readers only."""
    made = kind(description=label, style={"description_width": "initial"}, **options)
    if hidden:
        made.add_class("cu-hidden-label")
    return made


def row(*widgets: Any) -> Any:
    """Put buttons into a row that wraps on a narrow page."""
    made = ipywidgets.HBox(list(widgets))
    made.add_class("cu-buttons")
    return made


def form(*widgets: Any) -> Any:
    """Put controls below each other."""
    made = ipywidgets.VBox(list(widgets))
    made.add_class("cu-form")
    return made


def root(*widgets: Any, hint: str = "") -> Any:
    """Put a whole widget together, with its looks and keys."""
    looks = ipywidgets.HTML(style(hint))
    looks.add_class("cu-style")
    made = ipywidgets.VBox([looks, *widgets])
    made.add_class("cu-widget")
    return made
