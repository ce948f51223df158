"""Tools: which of them a request allows, which of them the user's words call for, and with what."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from course_utils.practice import facts
from course_utils.practice.fill import fill
from course_utils.practice.prompt import Prompt, Turn
from course_utils.practice.reply import Call, reply

_WORD = re.compile(r"[A-Za-z]{3,}|[가-힣]{2,}")
_COMMON = frozenset(
    {
        *("the", "and", "for", "with", "what", "from", "this", "that", "get", "set", "use"),
        *("tool", "function", "please", "알려", "주세", "세요", "해요"),
    }
)


@dataclass(frozen=True)
class Tool:
    """One tool of a request.

    Attributes:
        name: what it is called by.
        description: what it says of itself.
        schema: the JSON schema of its arguments; None for a custom tool, which takes free text.
    """

    name: str
    description: str
    schema: Mapping[str, Any] | None


@dataclass(frozen=True)
class Choice:
    """What a request says about its tools.

    Attributes:
        tools: the tools that may be called.
        forced: whether one of them must be.
        parallel: whether several calls may come at once.
        legacy: whether they came as ``functions``, which the API has deprecated.
    """

    tools: tuple[Tool, ...]
    forced: bool
    parallel: bool
    legacy: bool = False


def of(body: Mapping[str, Any]) -> Choice:
    """Read the tools of a request and what ``tool_choice`` makes of them."""
    if body.get("functions"):
        return _legacy(body)
    tools = tuple(map(_tool, body.get("tools") or ()))
    choice: Any = body.get("tool_choice") or "auto"
    parallel = body.get("parallel_tool_calls") is not False
    if choice == "none":
        return Choice((), False, parallel)
    if isinstance(choice, str):
        return Choice(tools, choice == "required", parallel)
    names, forced = _named(choice)
    return Choice(tuple(tool for tool in tools if tool.name in names), forced, parallel)


def _named(choice: Mapping[str, Any]) -> tuple[set[str], bool]:
    if choice["type"] == "allowed_tools":
        allowed = choice["allowed_tools"]
        names = {(each.get("function") or each.get("custom"))["name"] for each in allowed["tools"]}
        return names, allowed["mode"] == "required"
    return {choice[choice["type"]]["name"]}, True


def _tool(tool: Mapping[str, Any]) -> Tool:
    inner = tool[tool["type"]]
    schema = inner.get("parameters") or {"type": "object"} if tool["type"] == "function" else None
    return Tool(inner["name"], inner.get("description") or "", schema)


def _legacy(body: Mapping[str, Any]) -> Choice:
    tools = tuple(_tool({"type": "function", "function": each}) for each in body["functions"])
    choice: Any = body.get("function_call") or "auto"
    if choice == "none":
        return Choice((), False, False, legacy=True)
    if choice == "auto":
        return Choice(tools, False, False, legacy=True)
    named = tuple(tool for tool in tools if tool.name == choice["name"])
    return Choice(named, True, False, legacy=True)


def calls(choice: Choice, prompt: Prompt) -> tuple[Call, ...]:
    """Return the calls that the user's last words ask for; none when no tool fits.

    A tool fits when its name, description or arguments share a word with what the user said. When
    the user names several places and parallel calls are allowed, there is one call for each.
    """
    if not choice.tools or (prompt.answered_by_tool and not choice.forced):
        return ()
    scored = [(_score(tool, prompt.text), tool) for tool in choice.tools]
    best = max(score for score, _ in scored)
    if best == 0 and not choice.forced:
        return ()
    wanted = [tool for score, tool in scored if score == best or (score and choice.parallel)]
    made = [call for tool in wanted for call in _calls_of(tool, prompt, choice.parallel)]
    return tuple(made if choice.parallel else made[:1])


def _score(tool: Tool, text: str) -> int:
    about = f"{tool.name.replace('_', ' ')} {tool.description}"
    return len(_stems(about) & _stems(text))


def _stems(text: str) -> set[str]:
    """Return what two wordings share: English words, and pairs of Korean syllables."""
    words = {word.lower() for word in _WORD.findall(text)} - _COMMON
    english = {word.removesuffix("s") for word in words if word.isascii()}
    korean = [word for word in words if not word.isascii()]
    return english | {word[at : at + 2] for word in korean for at in range(len(word) - 1)} - _COMMON


def _calls_of(tool: Tool, prompt: Prompt, parallel: bool) -> list[Call]:
    if tool.schema is None:
        return [Call(tool.name, reply(prompt.text or " "), "custom")]
    places = facts.places(prompt.text)
    if parallel and len(places) > 1 and _takes_a_place(tool.schema):
        return [Call(tool.name, fill(tool.schema, _about(prompt, place))) for place in places]
    return [Call(tool.name, fill(tool.schema, prompt))]


def _takes_a_place(schema: Mapping[str, Any]) -> bool:
    about = json.dumps(schema.get("properties") or {}, ensure_ascii=False)
    return re.search(r"city|location|place|도시|장소|위치|지역", about) is not None


def _about(prompt: Prompt, place: str) -> Prompt:
    """Return the prompt as if the user had named this one place only."""
    text = prompt.text
    for other in facts.places(text):
        if other != place:
            text = text.replace(other, "")
    named = Turn("user", f"{place} {text}" if prompt.language == "ko" else f"{text} in {place}")
    return replace(prompt, turns=(*prompt.turns, named))
