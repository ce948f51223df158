"""Tools: which of them a request allows, which of them the user's words call for, and with what."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from course_utils.practice import facts
from course_utils.practice.fill import fill
from course_utils.practice.patterns import matching
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Call, Reply, reply
from course_utils.practice.values import named_in

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
        schema: the JSON schema of its arguments; None for a custom tool, which takes a text.
        pattern: the regular expression that a custom tool's text must match; None for any text.
    """

    name: str
    description: str
    schema: Mapping[str, Any] | None
    pattern: str | None = None


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
    names, forced = _chosen(choice)
    return Choice(tuple(tool for tool in tools if tool.name in names), forced, parallel)


def _chosen(choice: Mapping[str, Any]) -> tuple[set[str], bool]:
    if choice["type"] == "allowed_tools":
        allowed = choice["allowed_tools"]
        names = {(each.get("function") or each.get("custom"))["name"] for each in allowed["tools"]}
        return names, allowed["mode"] == "required"
    return {choice[choice["type"]]["name"]}, True


def _tool(tool: Mapping[str, Any]) -> Tool:
    inner = tool[tool["type"]]
    schema = inner.get("parameters") or {"type": "object"} if tool["type"] == "function" else None
    pattern = inner["format"]["grammar"]["definition"] if has_pattern(inner) else None
    return Tool(inner["name"], inner.get("description") or "", schema, pattern)


def has_pattern(tool: Mapping[str, Any]) -> bool:
    """Whether a custom tool's input has a regular expression to match (``syntax: regex``)."""
    grammar = (tool.get("format") or {}).get("grammar") or {}
    return grammar.get("syntax") == "regex"


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
    the user names several allowed values or places, and parallel calls are allowed, there is one
    call for each.
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
        return [Call(tool.name, _input(tool, prompt), "custom")]
    said = _named(tool.schema, prompt.text) if parallel else []
    others: list[set[str]] = [set(said) - {each} for each in said] if len(said) > 1 else [set()]
    return [Call(tool.name, fill(tool.schema, prompt, used=each)) for each in others]


def _input(tool: Tool, prompt: Prompt) -> Reply:
    """Return a custom tool's input: what its regular expression matches, or the user's words."""
    if tool.pattern is None:
        return reply(prompt.text or " ")
    return reply(matching(tool.pattern, prompt.text))


def _named(schema: Mapping[str, Any], text: str) -> list[str]:
    """Return the things named that want a call each: allowed values, or places."""
    about = json.dumps(schema.get("properties") or {}, ensure_ascii=False)
    takes_a_place = re.search(r"city|location|place|도시|장소|위치|지역", about)
    return named_in(schema, text) or (facts.places(text) if takes_a_place else [])
