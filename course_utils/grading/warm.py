"""The warm parent, seen from the grader: it is started once, and gives a kernel when asked."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path

from course_utils.errors import GradingError
from course_utils.grading.fork import Fork
from course_utils.grading.limits import Limits
from course_utils.grading.sandbox import LAYERS
from course_utils.language import gettext as _

_START = 60.0  # seconds that the warm parent may take to start
_END = 10.0
_MOST_SLOTS = 64


class Warm:
    """The warm parent: a process with everything imported, and an environment without secrets.

    Use it as a context manager, or :meth:`close` it. May be used from several threads.

    Attributes:
        missing: the layers of the sandbox that this machine cannot give, each with the reason.

    Raises:
        GradingError: it does not start.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._slots: set[int] = set()
        self._count = 0
        self._folder = _work_folder()
        self._start()
        self.missing: dict[str, str] = {}
        self.missing = self._probe()

    def fork(self, limits: Limits) -> Fork:
        """Return a kernel that is in its sandbox.

        Raises:
            GradingError: it cannot be started, or a layer that was there is not.
        """
        return self._fork(limits, [each for each in LAYERS if each not in self.missing])

    def close(self) -> None:
        """End it, and every kernel."""
        self._control.close()
        try:
            self._process.wait(_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Warm:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _start(self) -> None:
        self._control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with inside:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-s", "-m", "course_utils.grading.forkserver"),
                    *(str(inside.fileno()), self._folder),
                ],
                env=_clean_environment(self._folder),
                cwd="/",
                pass_fds=[inside.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        self._control.settimeout(_START)
        try:
            ready = self._control.recv(1 << 16)
        except OSError:
            ready = b""
        if not ready:
            self._process.kill()
            _out, said = self._process.communicate()
            last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise GradingError(
                _("The process that starts kernels does not start: {error}").format(
                    error=" ".join(last)
                )
            )

    def _probe(self) -> dict[str, str]:
        with self._fork(Limits(), None) as probed, probed.listener:
            return probed.missing

    def _fork(self, limits: Limits, layers: list[str] | None) -> Fork:
        wire, inside = socket.socketpair()
        end, told = socket.socketpair()
        with self._lock, inside, told:
            self._count += 1
            number = self._count
            slot = min(set(range(len(self._slots) + 1)) - self._slots)
            self._slots.add(slot)
            order = {
                "do": "fork",
                "id": number,
                "uid": _uid(slot),
                "spare": self._spare(slot),
                "limits": asdict(limits),
                "layers": layers,
            }
            try:
                socket.send_fds(
                    self._control, [json.dumps(order).encode()], [inside.fileno(), told.fileno()]
                )
            except OSError as error:
                raise GradingError(
                    _("The process that starts kernels is gone: {error}").format(error=error)
                ) from None
        return Fork(wire, end, limits, lambda: self._kill(number), lambda: self._free(slot))

    def _kill(self, number: int) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._control.send(json.dumps({"do": "kill", "id": number}).encode())

    def _spare(self, slot: int) -> str:
        return f"{self._folder}/{os.getpid()}-{slot}"

    def _free(self, slot: int) -> None:
        if "disk" in self.missing:  # the work folder was a real one
            shutil.rmtree(self._spare(slot), ignore_errors=True)
        with self._lock:
            self._slots.discard(slot)


def _clean_environment(folder: str) -> dict[str, str]:
    """Nothing of the grader's own environment: a key in it could be read from the stack."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": folder,
        "TMPDIR": folder,
        "LANG": "C.UTF-8",
        "IPYTHONDIR": f"{folder}/ipython",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }


def _uid(slot: int) -> int:
    """Return a user for a kernel: the limit on processes counts all that belong to one user."""
    number = os.getpid() * _MOST_SLOTS + slot % _MOST_SLOTS
    ranges = Path("/proc/self/uid_map").read_text("ascii").splitlines()
    if any(int(line.split()[2]) > 1 << 31 for line in ranges):
        return 1_000_000 + number
    return 60_000 + number % 5_000  # a container has few users


def _work_folder() -> str:
    """Return the folder that the work folders are mounted on; nobody else can write to it."""
    folder = Path(tempfile.gettempdir(), f"course-grading-{os.getuid()}")
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise GradingError(_("{folder} belongs to somebody else.").format(folder=folder))
    return str(folder)
