"""JSON without a schema: an object for certain, and whatever keys the model likes.

With the keys that the messages name, or else with those that this order, or any answer, suggests.
"""

from __future__ import annotations

import re

from course_utils.practice import facts
from course_utils.practice.fill import fill
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply
from course_utils.practice.topics.names import told_name
from course_utils.practice.values import dumped

_ORDER = re.compile(r"주문|포장|매장|\border|\bto go\b|\bfor here\b", re.IGNORECASE)


def answer(prompt: Prompt, words: Reply) -> Reply:
    """Return a JSON object; ``words`` is what the answer would be in plain text."""
    ordered = facts.counted(prompt.text) if _ORDER.search(prompt.text) else []
    if ordered and not prompt.keys:
        return _order(ordered, told_name(prompt.text), korean=prompt.language == "ko")
    keys = prompt.keys or ("answer",)
    schema = {"type": "object", "properties": {key: {"type": "string"} for key in keys}}
    return fill(schema, prompt, words)


def _order(ordered: list[tuple[str, int]], name: str | None, *, korean: bool) -> Reply:
    """Put an order into one of several shapes: without a schema, none is the right one."""
    by, menu, count, lines = (
        ("이름", "메뉴", "수량", "주문") if korean else ("customer", "item", "quantity", "order")
    )
    shapes = [
        {**({by: name} if name else {}), lines: [{menu: w, count: n} for w, n in ordered]},
        {"items": [{"name": what, "count": n} for what, n in ordered]},
        {**({"name": name} if name else {}), **dict(ordered)},
    ]
    return reply({dumped(shape): 1.0 for shape in shapes}, kept="all")
