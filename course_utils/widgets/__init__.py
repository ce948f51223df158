"""Widgets for a person at a notebook, each of which code can drive too.

======================  ===========================================================================
``ChatWidget``          a chat: streaming, stop, edit, regenerate, tokens and cost, the raw request
``TokenExplorer``       a text as tokens of several models, with ids, bytes, counts and prices
``ParameterPlayground`` a prompt, the knobs, samples side by side, the next token's probabilities
======================  ===========================================================================

They are plain ipywidgets, 7.7 and 8. ``docs/widgets.md`` shows them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_utils.widgets.chat import ChatWidget as ChatWidget
    from course_utils.widgets.playground import ParameterPlayground as ParameterPlayground
    from course_utils.widgets.token_explorer import TokenExplorer as TokenExplorer

_MODULE_OF = {
    "ChatWidget": "chat",
    "ParameterPlayground": "playground",
    "TokenExplorer": "token_explorer",
}

__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'course_utils.widgets' has no attribute {name!r}")
    return getattr(import_module(f"course_utils.widgets.{_MODULE_OF[name]}"), name)
