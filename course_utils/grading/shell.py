"""IPython as in Jupyter, whose messages go into a function in place of Jupyter's sockets."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython import version_info
from IPython.core.async_helpers import _asyncio_runner
from IPython.utils.text import SList
from jupyter_client.session import Session
from traitlets.config import Config

Send = Callable[[dict[str, Any]], None]


class Posting(Session):
    """A Jupyter session whose messages go into a function."""

    post: Send

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:
        """Send a message: its type and content are all that is needed."""
        if isinstance(msg_or_type, str):
            self.post({"type": msg_or_type, "content": content})
        else:
            kind = msg_or_type["header"]["msg_type"]
            self.post({"type": kind, "content": msg_or_type["content"]})


class Stream(io.TextIOBase):
    """Standard output or error: whole lines go out at once, the rest when flushed.

    Args:
        name: ``"stdout"`` or ``"stderr"``.
        post: takes the messages.
        most: how many characters of one cell go out.
    """

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, post: Send, most: int) -> None:
        self.name = name
        self._post = post
        self._most = most
        self._left = most
        self._held: list[str] = []
        self._size = 0

    def begin(self) -> None:
        """Begin a cell: it may print as much as any."""
        self._left = self._most

    def write(self, text: str) -> int:
        """Take a text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._held.append(text)
        self._size += len(text)
        if self._size > 8192:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what is held."""
        held, self._held, self._size = self._held, [], 0
        text = "".join(held)
        if not text or not self._left:
            return
        kept = text[: self._left]
        self._left -= len(kept)
        if not self._left:
            kept += "\n…\n"
        self._post({"type": "stream", "content": {"name": self.name, "text": kept}})

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def isatty(self) -> bool:
        """It is no terminal."""
        return False


class Shell(ZMQInteractiveShell):
    """Jupyter's shell without its sockets; a system's command runs without a terminal."""

    def system_piped(self, cmd: str) -> None:
        """Run a command of the system, as ``!ls`` does, and print what it says."""
        done = self._command(cmd)
        print(done.stdout, end="")
        self.user_ns["_exit_code"] = done.returncode

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Run a command of the system, as in ``files = !ls``."""
        text = self._command(cmd, depth).stdout
        return SList(text.splitlines()) if split else text

    def _command(self, cmd: str, depth: int = 0) -> subprocess.CompletedProcess[str]:
        expand: Any = self.var_expand
        return subprocess.run(
            expand(cmd, depth=depth + 2),
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )

    system = system_piped

    def ask_exit(self) -> None:
        """Do nothing: ``exit`` in a notebook that is graded ends nothing."""


def make_shell() -> Any:
    """Make the shell once, in the warm parent; every fork has its copy."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor" if version_info[0] > 8 else "NoColor"
    shell: Any = Shell.instance(config=config, kernel=SimpleNamespace(eventloop=None))
    shell.displayhook.session = shell.display_pub.session = Posting(key=b"")
    shell.displayhook.topic = b"execute_result"
    shell.displayhook.get_execution_count = lambda: shell.execution_count
    shell.loop_runner = _asyncio_runner
    shell.autoawait = True
    return shell
