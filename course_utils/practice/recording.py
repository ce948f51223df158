"""Real replies for a class without a key: recorded once from a real API, then replayed.

A recording is a text file of JSON lines, one exchange each: the request, the response's status and
content type, and its body in the pieces that came, each with its time in seconds. No key and no
header of the request is in it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from starlette.responses import StreamingResponse

from course_utils.errors import CourseError, RecordingError
from course_utils.language import gettext as _
from course_utils.practice.errors import ApiError

if TYPE_CHECKING:
    import openai

_SHORTEST_KEY = 16

# What may differ between two requests that deserve the same recorded reply.
_IGNORED = frozenset({"user", "metadata", "safety_identifier", "prompt_cache_key", "store"})


class Source(Protocol):
    """Who answers in the practice model's place."""

    async def answer(self, body: bytes) -> StreamingResponse | None:
        """Return a response to a request's body, or None to leave it to the practice model."""


@dataclass
class Recorded:
    """One exchange of a recording; ``chunks`` are pairs of seconds and text."""

    request: Any
    status: int
    content_type: str
    chunks: list[tuple[float, str]] = field(default_factory=list)


class Recorder:
    """Sends every request on to a real API, and appends what came back to a file.

    Args:
        path: the file; it is appended to, so a recording can be made in several sittings.
        base_url: the real API, such as ``https://api.openai.com/v1``.
        key: its key; used for the requests, written nowhere.
        http: who sends the requests. It may raise a CourseError for one that is not to be sent, as
            the hooks of a spending cap do: the client then gets a 429, as without any credit.

    Raises:
        RecordingError: the file cannot be written.
    """

    def __init__(
        self, path: Path, *, base_url: str, key: str, http: openai.DefaultAsyncHttpxClient
    ) -> None:
        self._path = path
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._key = key
        self._http = http
        self._write("")  # to find out now, not when the first reply was paid for

    async def answer(self, body: bytes) -> StreamingResponse | None:
        """Forward a request; the response streams through as it comes."""
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        request = self._http.build_request("POST", self._url, content=body, headers=headers)
        begun = time.monotonic()
        try:
            response = await self._http.send(request, stream=True)
        except CourseError as refusal:
            raise _not_sent(refusal) from None
        except Exception as error:  # httpx's or httpx2's, whichever the SDK is made of
            name = type(error).__name__
            raise ApiError(
                f"The API could not be reached ({name}).", status=502, type="server_error"
            ) from None
        content_type = response.headers.get("content-type", "application/json")
        recorded = Recorded(_json(body), response.status_code, content_type)

        async def pass_on() -> AsyncIterator[str]:
            try:
                async for text in response.aiter_text():
                    recorded.chunks.append((round(time.monotonic() - begun, 3), self._safe(text)))
                    yield text
                self._append(recorded)
            finally:
                await response.aclose()

        return StreamingResponse(pass_on(), recorded.status, media_type=content_type)

    def _safe(self, text: str) -> str:
        # A server that asks for no key gets "none" or another word, which a text may well hold.
        return text if len(self._key) < _SHORTEST_KEY else text.replace(self._key, "***")

    def _append(self, recorded: Recorded) -> None:
        # One write a line: a recording that was interrupted ends with a whole exchange.
        self._write(self._safe(json.dumps(asdict(recorded), ensure_ascii=False)) + "\n")

    def _write(self, text: str) -> None:
        try:
            with self._path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as error:
            raise RecordingError(
                _("{file} cannot be written ({error}): give another with --out.").format(
                    file=self._path, error=type(error).__name__
                )
            ) from None


def _not_sent(refusal: CourseError) -> ApiError:
    """Return the 429 for a request that the spending cap holds back."""
    return ApiError(
        _("{refusal} This is the cap of `course record`: set COURSE_CAP when you start it.").format(
            refusal=refusal
        ),
        status=429,
        type="insufficient_quota",
        code="insufficient_quota",
        headers={"x-should-retry": "false"},
    )


class Replayer:
    """Answers from a recording, at the pace at which the real replies came.

    The same request again gets the next reply recorded for it, and after the last the first again.

    Args:
        path: a recording.

    Raises:
        RecordingError: the file cannot be read, or a line of it is not an exchange.
    """

    def __init__(self, path: Path) -> None:
        self._replies: dict[str, deque[Recorded]] = {}
        for recorded in _read(path):
            self._replies.setdefault(_fingerprint(recorded.request), deque()).append(recorded)

    async def answer(self, body: bytes) -> StreamingResponse | None:
        """Replay the next reply to this request; None when the recording has none."""
        replies = self._replies.get(_fingerprint(_json(body)))
        if not replies:
            return None
        recorded = replies[0]
        replies.rotate(-1)
        return StreamingResponse(
            _paced(recorded.chunks), recorded.status, media_type=recorded.content_type
        )


async def _paced(chunks: list[tuple[float, str]]) -> AsyncIterator[str]:
    begun = time.monotonic()
    for seconds, text in chunks:
        await asyncio.sleep(max(0.0, begun + seconds - time.monotonic()))
        yield text


def _read(path: Path) -> list[Recorded]:
    try:
        lines = path.read_text("utf-8").split("\n")  # not splitlines(): a reply may hold U+2028
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(
            _("{file} cannot be read as a recording ({error}).").format(
                file=path.name, error=type(error).__name__
            )
        ) from None
    found = []
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            found.append(Recorded(**json.loads(line)))
        except (ValueError, TypeError):
            raise RecordingError(
                _(
                    "{file}, line {number}, is not a recorded exchange: delete that line, or "
                    "record again with `course record`."
                ).format(file=path.name, number=number)
            ) from None
    return found


def _fingerprint(request: Any) -> str:
    if isinstance(request, dict):
        request = {name: value for name, value in request.items() if name not in _IGNORED}
    return json.dumps(request, sort_keys=True)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
