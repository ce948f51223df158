"""Say this and nothing else: the shortest reply there is, for looking at every byte of it."""

from __future__ import annotations

import re

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_QUOTED = r"['‘\"“](?P<{}>[^'’\"”\n]{{1,80}})['’\"”]"
_WANTED = re.compile(
    _QUOTED.format("ko") + r" ?(이?라고만|만) (\w+ )?(답|말|대답|출력|써)"
    r"|\b(?:(?:reply|answer|respond) (?:with )?(?:only|just|nothing but|exactly)"
    r"|(?:say|write) (?:only|just|nothing but|exactly)):? " + _QUOTED.format("en"),
    re.IGNORECASE,
)


def answer(prompt: Prompt) -> Reply | None:
    """Say what stands in quotation marks, when only that is wanted."""
    found = _WANTED.search(prompt.text)
    return None if found is None else reply(found["ko"] or found["en"], kept="all")
