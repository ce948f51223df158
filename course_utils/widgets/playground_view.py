"""The parameter playground as a person sees it, in plain ipywidgets of 7 and of 8."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets

from course_utils.cost import dollars
from course_utils.errors import CourseError
from course_utils.language import gettext as _
from course_utils.terminal import visible
from course_utils.widgets import bubbles
from course_utils.widgets.markdown import plain
from course_utils.widgets.parts import button, form, labelled, root, row

if TYPE_CHECKING:
    from course_utils.widgets.playground import NextToken, ParameterPlayground

__all__ = ["PlaygroundView"]


class PlaygroundView:
    """The ipywidgets of a playground; ``root`` is what is displayed."""

    def __init__(self, playground: ParameterPlayground) -> None:
        self.playground = playground
        self.prompt = labelled(ipywidgets.Textarea, _("Prompt"), rows=2, value=playground.prompt)
        self.n = labelled(ipywidgets.IntSlider, "n", min=1, max=8, value=playground.n)
        self.limit = labelled(
            ipywidgets.BoundedIntText, "max_completion_tokens", min=1, max=100_000, value=60
        )
        self.limit.value = playground.max_completion_tokens
        self.knobs = {name: self._knob(name) for name in playground.knobs}
        self.run = button(_("Run"), self._run, "cu-run", primary=True)
        self.shown, self.raw = ipywidgets.HTML(), ipywidgets.HTML()
        panel = ipywidgets.Accordion([self.raw], selected_index=None)
        panel.set_title(0, _("The request that made them"))
        controls = form(self.prompt, *self.knobs.values(), self.n, self.limit)
        self.root = root(controls, row(self.run), self.shown, panel)
        self.show()

    def _knob(self, name: str) -> Any:
        from course_utils.widgets.playground import KNOBS

        least, most, _normal = KNOBS[name]
        value = self.playground.knobs[name]
        return labelled(ipywidgets.FloatSlider, name, min=least, max=most, step=0.1, value=value)

    def _run(self) -> None:
        playground = self.playground
        playground.prompt, playground.n = self.prompt.value, self.n.value
        playground.max_completion_tokens = self.limit.value
        playground.knobs = {name: knob.value for name, knob in self.knobs.items()}
        try:
            playground.run()
        except CourseError as error:
            self.shown.value = bubbles.note(str(error))

    def show(self) -> None:
        """Draw what is known now."""
        playground = self.playground
        for name, knob in self.knobs.items():
            knob.disabled = not playground.takes(name)
        self.run.disabled = playground.busy
        self.shown.value = self._html()
        request = json.dumps(playground.request, ensure_ascii=False, indent=2)
        nothing = bubbles.note(_("Nothing was sent yet."))
        self.raw.value = plain(request) if playground.request else nothing

    def _html(self) -> str:
        playground = self.playground
        if playground.busy:
            return bubbles.note(_("Waiting for the samples …"))
        if playground.problem:
            return bubbles.problem(playground.problem)
        if not playground.samples:
            return ""
        samples = [
            bubbles.bubble("assistant", sample, who=str(number))
            for number, sample in enumerate(playground.samples, 1)
        ]
        price = _("This run: {cost}").format(cost=dollars(playground.cost))
        parts = [f'<div class="cu-columns">{"".join(samples)}</div>', bubbles.note(price)]
        if playground.next_tokens:
            parts.append(bubbles.heading(_("How likely each first token was")))
            parts.append(f'<div class="cu-bars">{"".join(map(_bar, playground.next_tokens))}</div>')
        return "".join(parts)


def _bar(each: NextToken) -> str:
    token = escape(visible(each.token).replace(" ", "␣").replace("\n", "\\n"))
    return (
        f"<code>{token}</code>"
        f'<div class="cu-bar" style="width:{each.probability:.2%}"></div>'
        f"<span>{each.probability:.1%}</span>"
    )
