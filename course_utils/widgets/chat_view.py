"""The chat as a person sees it, in plain ipywidgets of 7 and of 8.

Only the last turn is drawn again when a chunk comes: what was said before stands in blocks of its
own, which do not change. So a chunk costs the same in a chat of 500 turns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from course_utils.errors import CourseError
from course_utils.language import gettext as _
from course_utils.widgets import bubbles
from course_utils.widgets.chat_settings import Settings
from course_utils.widgets.parts import button, form, labelled, root, row
from course_utils.widgets.shown import close_all
from course_utils.widgets.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Callable

    from course_utils.widgets.chat import ChatWidget

__all__ = ["ChatView"]

SEND = "\x04"
"""What keys.js puts behind a text that is to be sent."""

_PER_BLOCK = 40  # messages
_EVERY = 0.08  # seconds between two drawings of a reply that is coming


class ChatView:
    """The ipywidgets of a chat; ``root`` is what is displayed."""

    def __init__(self, chat: ChatWidget) -> None:
        self.chat = chat
        self._editing = False
        self._notice = ""
        self._drawn: list[list[dict[str, Any]]] = []  # the messages of each block
        self._seen: tuple[object, ...] = ()
        self.show = Throttle(self._draw, _EVERY)
        self._make_parts()
        self.show.now()

    def _make_parts(self) -> None:
        self.live = ipywidgets.HTML()
        self.live.add_class("cu-live")
        self.blocks = ipywidgets.VBox([self.live])
        log = ipywidgets.VBox([self.blocks])
        log.add_class("cu-log")
        self.status = ipywidgets.HTML()
        self.box = labelled(ipywidgets.Textarea, _("Message"), hidden=True, rows=2)
        self.box.placeholder = _("Write a message, then press “Send”.")
        self.box.add_class("cu-ask")
        self.box.observe(self._typed, "value")
        self.copied = labelled(ipywidgets.Textarea, _("The last reply, as it was written"), rows=4)
        self.copied.layout.display = "none"
        self.root = root(
            *(log, self.status, self.box, self._buttons(), self.copied, self._panels()),
            hint=_("Write a message. Enter sends it, Shift+Enter starts a new line."),
        )

    def _buttons(self) -> Any:
        self.send = button(_("Send"), self._send, "cu-send", primary=True)
        self.stop = button(_("Stop"), self.chat.stop, "cu-stop")
        self.edit = button(_("Edit last"), self._edit, "cu-edit")
        self.again = button(_("Regenerate"), self._trying(self.chat.regenerate), "cu-again")
        self.copy = button(_("Copy reply"), self._copy, "cu-copy")
        self.new = button(_("New chat"), self._new, "cu-new")
        return row(self.send, self.stop, self.edit, self.again, self.copy, self.new)

    def _panels(self) -> Any:
        self.raw = ipywidgets.HTML()
        self.settings = Settings(self.chat, self.refresh)
        parts = {
            _("Settings"): self.settings.root,
            _("Request and chunks of the last turn"): self.raw,
            _("Save and load"): self._files(),
        }
        self.panels = ipywidgets.Accordion(list(parts.values()), selected_index=None)
        for at, title in enumerate(parts):
            self.panels.set_title(at, title)
        self.panels.observe(lambda _change: self._draw_raw(), "selected_index")
        return self.panels

    def _files(self) -> Any:
        self.path = labelled(ipywidgets.Text, _("File"), value="chat.json")
        save = self._trying(lambda: self.chat.save(self.path.value), _("Saved: {file}"))
        load = self._trying(lambda: self.chat.load(self.path.value), _("Loaded: {file}"))
        return form(
            self.path, row(button(_("Save"), save, "cu-save"), button(_("Load"), load, "cu-load"))
        )

    # ------------------------------------------------------------ what a person does

    def _typed(self, change: dict[str, Any]) -> None:
        text, sign, rest = change["new"].partition(SEND)
        if sign:
            self.box.value = rest
            self._send_text(text)

    def _send(self) -> None:
        text, self.box.value = self.box.value, ""
        self._send_text(text)

    def _send_text(self, text: str) -> None:
        """Send it; what cannot be sent now, or brought nothing, comes back into the box."""
        if not text.strip():
            return
        act = self.chat.edit if self._editing else self.chat.send
        try:
            pending = act(text)
        except CourseError as error:
            self.box.value = text
            self.say(str(error))
            return
        self._editing = False
        self.refresh()
        pending.add_done_callback(lambda _done: self._give_back())

    def _give_back(self) -> None:
        turn = self.chat.last
        if turn is not None and not turn.kept and not self.chat.busy and not self.box.value:
            self.box.value = turn.text
            self._editing = turn.replaces
            self.refresh()

    def _edit(self) -> None:
        self._editing = not self._editing
        self.box.value = self.chat.last_message if self._editing else ""
        self.refresh()

    def _copy(self) -> None:
        shown = self.copied.layout.display != "none"
        # Half of a pair of surrogates, which a cut may leave, cannot go to the page.
        self.copied.value = self.chat.reply.encode("utf-8", "replace").decode()
        self.copied.layout.display = "none" if shown else ""

    def _new(self) -> None:
        self._editing = False
        self.chat.new()

    def _trying(self, act: Callable[[], object], done: str = "") -> Callable[[], None]:
        """Do it, and say below the chat when it cannot be done, or that it is."""

        def tried() -> None:
            try:
                act()
            except (CourseError, OSError) as error:
                self.say(str(error))
            else:
                self.say(done.format(file=self.path.value))

        return tried

    # ------------------------------------------------------------ what a person sees

    def say(self, notice: str = "") -> None:
        """Show a notice above the box until the next one; without one, tokens and cost."""
        self._notice = notice
        self.refresh()

    def refresh(self) -> None:
        """Draw everything again that has changed."""
        self._seen = ()
        self.show.now()

    def _draw(self) -> None:
        turn, busy = self.chat.last, self.chat.busy
        seen = (turn, turn is not None and turn.kept, busy)
        if turn is not None:
            self.live.value = bubbles.live(turn)
        if seen != self._seen:  # not for a chunk
            self._seen = seen
            self._draw_history()
            self._draw_controls(busy)

    def _draw_history(self) -> None:
        messages = self.chat.settled
        if messages and messages[0]["role"] in ("system", "developer"):
            messages = messages[1:]
        parts = [messages[at : at + _PER_BLOCK] for at in range(0, len(messages), _PER_BLOCK)]
        if parts != self._drawn:
            self._draw_blocks(parts)
            self._drawn = parts
        if self.chat.last is None:
            self.live.value = "" if parts else bubbles.note(_("The chat is empty: say hello."))

    def _draw_blocks(self, parts: list[list[dict[str, Any]]]) -> None:
        blocks = list(self.blocks.children[:-1])
        for at, part in enumerate(parts):
            if at == len(blocks):
                blocks.append(ipywidgets.HTML())
            if self._drawn[at : at + 1] != [part]:
                blocks[at].value = bubbles.history(part)
        for spare in blocks[len(parts) :]:
            close_all(spare)
        children = (*blocks[: len(parts)], self.live)
        if children != self.blocks.children:
            self.blocks.children = children

    def _draw_controls(self, busy: bool) -> None:
        asked = any(message["role"] == "user" for message in self.chat.messages)
        self.stop.disabled = not busy
        for control in (self.edit, self.again):
            control.disabled = busy or not (asked or self.chat.last)
        self.edit.description = _("Cancel edit") if self._editing else _("Edit last")
        self.copy.disabled = busy or not self.chat.reply
        if busy:
            self.copied.layout.display = "none"
        else:
            self._draw_raw()
        editing = _("Sending replaces your last message and its reply.") if self._editing else ""
        words = "\n".join(filter(None, (self.chat.summary(), editing, self._notice)))
        self.status.value = f'<div role="status" class="cu-status">{bubbles.lines(words)}</div>'
        self.settings.show()

    def _draw_raw(self) -> None:
        """Draw request and chunks if they are looked at: a long chat is a long request."""
        if self.panels.selected_index == self.panels.children.index(self.raw):
            self.raw.value = bubbles.raw(self.chat.last)
