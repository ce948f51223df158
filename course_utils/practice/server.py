"""Runs the practice server on this machine: in a thread of a lesson, or alone in a terminal."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Callable
from functools import cache
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp

from course_utils.errors import PortInUseError
from course_utils.language import gettext as _
from course_utils.practice.app import Practice
from course_utils.practice.faults import FAST, LIFELIKE, Faults, Pace
from course_utils.practice.recording import Source
from course_utils.practice.script import Script
from course_utils.practice.transport import JoiningProtocol
from course_utils.practice.wirelog import WireLog

_HOST = "127.0.0.1"


class PracticeServer:
    """A practice server on the loopback interface.

    Use it as a context manager, or call :meth:`start` and :meth:`stop`.

    Args:
        port: the port to listen on; 0 takes a free one.
        pace: how fast replies come.
        keys: the keys that are accepted; ``sk-practice`` when none are given.
        source: who answers in the practice model's place: a Recorder or a Replayer.
        listener: a socket that listens already, in the port's place.
        guard: wraps the ASGI application, for example to count requests.

    Raises:
        PortInUseError: the port is taken, or may not be used.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        pace: Pace = FAST,
        keys: set[str] | None = None,
        source: Source | None = None,
        listener: socket.socket | None = None,
        guard: Callable[[ASGIApp], ASGIApp] | None = None,
    ) -> None:
        self._practice = Practice(keys, pace, source)
        # Listening begins here, so the address is known and no request is too early.
        self._socket = listener or _listen(port)
        app: ASGIApp = self._practice.app()
        config = uvicorn.Config(
            guard(app) if guard else app,
            http=JoiningProtocol,
            log_level="critical",  # a stream that is cut on purpose is no news
            access_log=False,
            lifespan="off",
            proxy_headers=False,  # who asks is never looked at
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._uvicorn = uvicorn.Server(config)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The base URL for a client, such as ``http://127.0.0.1:8000/v1``."""
        return f"http://{_HOST}:{self._socket.getsockname()[1]}/v1"

    @property
    def log(self) -> WireLog:
        """What crossed the wire."""
        return self._practice.log

    @property
    def faults(self) -> Faults:
        """The trouble that waits for the next requests."""
        return self._practice.faults

    @property
    def script(self) -> Script:
        """What the next replies to a key are to be."""
        return self._practice.script

    @property
    def keys(self) -> set[str]:
        """The keys that are accepted; add one to let it in."""
        return self._practice.keys

    def start(self) -> PracticeServer:
        """Serve from a thread of this process, which ends with the process."""
        self._thread = threading.Thread(
            target=self._uvicorn.run, kwargs={"sockets": [self._socket]}, daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port."""
        self._uvicorn.should_exit = True
        if self._thread is not None:
            self._thread.join()
        self._socket.close()

    def serve_forever(self) -> None:
        """Serve from this thread until interrupted."""
        self._uvicorn.run(sockets=[self._socket])

    def __enter__(self) -> PracticeServer:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


@cache
def shared_server() -> PracticeServer:
    """Return the one practice server of this process, started on first use, at a lifelike pace."""
    return PracticeServer(pace=LIFELIKE).start()


def _listen(port: int) -> socket.socket:
    # With the protocol named, asyncio turns Nagle's delay off: else each reply waits 40 ms more.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # on Windows it would let a second server take the same port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            words = _(
                "Port {port} is already in use: stop what listens there, or give another port, "
                "for example --port {other}."
            )
        elif error.errno == errno.EACCES:
            words = _("Port {port} may not be used here: give another; --port 0 takes a free one.")
        else:
            raise
        other = port + 1 if port < 65535 else 0
        raise PortInUseError(words.format(port=port, other=other)) from None
    listener.listen(2048)
    return listener
