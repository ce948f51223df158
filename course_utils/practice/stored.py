"""Completions that were asked to be stored (``store: true``), in memory, for each key apart."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from course_utils.practice.errors import ApiError
from course_utils.practice.request import ChatRequest

# The settings of its request that a stored completion repeats.
_SETTINGS = {
    "temperature": 1,
    "top_p": 1,
    "presence_penalty": 0,
    "frequency_penalty": 0,
    "seed": None,
    "tools": None,
    "tool_choice": None,
    "response_format": None,
}


@dataclass
class Stored:
    """One stored completion and the messages that led to it."""

    owner: str
    completion: dict[str, Any]
    messages: list[dict[str, Any]]


class StoredCompletions:
    """What was stored, oldest first; past ``limit`` the oldest are forgotten."""

    def __init__(self, limit: int = 1000) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Stored] = OrderedDict()

    def add(self, owner: str, request: ChatRequest, completion: dict[str, Any]) -> None:
        """Keep a completion for ``owner``."""
        settings = {name: request.body.get(name, usual) for name, usual in _SETTINGS.items()}
        metadata = request.body.get("metadata") or {}
        kept = {**completion, **settings, "metadata": metadata, "input_user": None}
        messages = [_message(kept["id"], n, each) for n, each in enumerate(request.messages)]
        self._kept[kept["id"]] = Stored(owner, kept, messages)
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    def get(self, owner: str, name: str) -> dict[str, Any]:
        """Return a completion. Raises :class:`ApiError` (404) when ``owner`` has none such."""
        return self._find(owner, name).completion

    def update(self, owner: str, name: str, body: Any) -> dict[str, Any]:
        """Replace a completion's metadata. Raises :class:`ApiError`."""
        metadata = body.get("metadata") if isinstance(body, Mapping) else None
        if not isinstance(metadata, Mapping):
            raise ApiError(
                "Missing required parameter: 'metadata'.",
                param="metadata",
                code="missing_required_parameter",
            )
        completion = self.get(owner, name)
        completion["metadata"] = dict(metadata)
        return completion

    def delete(self, owner: str, name: str) -> dict[str, Any]:
        """Forget a completion. Raises :class:`ApiError` (404)."""
        self._find(owner, name)
        del self._kept[name]
        return {"object": "chat.completion.deleted", "id": name, "deleted": True}

    def list(self, owner: str, query: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of completions, filtered by ``model`` and ``metadata[…]``."""
        wanted = {
            key.removeprefix("metadata[").removesuffix("]"): value
            for key, value in query.items()
            if key.startswith("metadata[")
        }

        def fits(completion: dict[str, Any]) -> bool:
            if query.get("model", completion["model"]) != completion["model"]:
                return False
            return all(completion["metadata"].get(key) == wanted[key] for key in wanted)

        kept = [each.completion for each in self._kept.values() if each.owner == owner]
        return _page(kept, query, fits)

    def messages(self, owner: str, name: str, query: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of the messages a completion answers. Raises :class:`ApiError` (404)."""
        return _page(self._find(owner, name).messages, query, lambda _: True)

    def _find(self, owner: str, name: str) -> Stored:
        stored = self._kept.get(name)
        if stored is None or stored.owner != owner:
            raise ApiError(f"No chat completion found with id '{name}'.", status=404, param="id")
        return stored


def _message(owner: str, number: int, message: dict[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    parts = content if isinstance(content, list) else None
    return {
        "refusal": None,
        **message,
        "id": f"{owner}-{number}",
        "content": None if parts else content,
        "content_parts": parts,
    }


def _page(
    rows: list[dict[str, Any]], query: Mapping[str, str], fits: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    found = [row for row in rows if fits(row)]
    if query.get("order") == "desc":
        found.reverse()
    ids = [row["id"] for row in found]
    if query.get("after") in ids:
        found = found[ids.index(query["after"]) + 1 :]
    limit = _limit(query.get("limit", "20"))
    page = found[:limit]
    return {
        "object": "list",
        "data": page,
        "first_id": page[0]["id"] if page else "",
        "last_id": page[-1]["id"] if page else "",
        "has_more": len(found) > limit,
    }


def _limit(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise ApiError(
            f"Invalid 'limit': expected an integer from 1 to 100, but got '{text[:20]}' instead.",
            param="limit",
            code="invalid_value",
        )
    return int(text)
