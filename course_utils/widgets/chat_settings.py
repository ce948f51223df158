"""The settings of a chat as controls; they hold from the next turn on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets

from course_utils import catalog
from course_utils.language import gettext as _
from course_utils.widgets.parts import form, labelled

if TYPE_CHECKING:
    from course_utils.widgets.chat import ChatWidget

__all__ = ["Settings"]


class Settings:
    """Model, system prompt, temperature and token limit; ``root`` is what is displayed."""

    def __init__(self, chat: ChatWidget, changed: Callable[[], None]) -> None:
        self._chat, self._changed = chat, changed
        names = [model.name for model in catalog.models() if model.used]
        late = {"continuous_update": False}
        self.model = labelled(ipywidgets.Combobox, _("Model"), options=names, **late)
        self.system = labelled(ipywidgets.Textarea, _("System prompt"), rows=2, **late)
        self.temperature = labelled(
            ipywidgets.FloatSlider, _("Temperature"), min=0, max=2, step=0.1, value=1, **late
        )
        self.limit = labelled(
            ipywidgets.BoundedIntText, _("Most tokens of a reply (0: no limit)"), max=1_000_000
        )
        self.show()
        self.model.observe(self._set_model, "value")
        self.system.observe(self._set_system, "value")
        self.temperature.observe(self._set_temperature, "value")
        self.limit.observe(self._set_limit, "value")
        self.root = form(self.model, self.system, self.temperature, self.limit)

    def show(self) -> None:
        """Let the controls say what the chat says, if code changed it."""
        chat = self._chat
        self.model.value = chat.model
        self.system.value = chat.system
        self.temperature.value = 1.0 if chat.temperature is None else chat.temperature
        self.temperature.disabled = not chat.takes_temperature
        self.limit.value = chat.max_completion_tokens or 0

    def _set_model(self, change: dict[str, Any]) -> None:
        self._chat.model = change["new"].strip() or self._chat.model
        self._changed()

    def _set_system(self, change: dict[str, Any]) -> None:
        self._chat.system = change["new"]

    def _set_temperature(self, change: dict[str, Any]) -> None:
        if self._chat.temperature is not None or change["new"] != 1:
            self._chat.temperature = change["new"]

    def _set_limit(self, change: dict[str, Any]) -> None:
        self._chat.max_completion_tokens = change["new"] or None
