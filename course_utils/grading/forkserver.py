"""The warm parent: everything is imported once, and every kernel is a fork of it.

It is started with a clean environment (:class:`course_utils.grading.warm.Warm`), because what was
once in a process's environment can still be read off its stack. It never sees a submission. It is
the first process of a pid namespace where that can be had, so that everything ends with it.

On its socket come ``{"do": "fork", "id": 1, "uid": 64000, "spare": "…", "limits": {…}, "layers":
[…]}``, with two sockets: the kernel's, and one on which ``{"status", "cpu", "peak", "why"}`` comes
when it has ended; and ``{"do": "kill", "id": 1}``.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils.grading import linux
from course_utils.grading.frames import pack
from course_utils.grading.limits import Limits
from course_utils.grading.sandbox import Sandbox

_WATCH = 0.25  # seconds between two looks at the memory in use


@dataclass
class Child:
    """A kernel that runs.

    Attributes:
        pid: its process.
        end: where it is told how it ended.
        memory: how many bytes it and all that it started may have.
        why: why it was ended, if it was.
    """

    pid: int
    end: socket.socket
    memory: int
    why: str = ""


class ForkServer:
    """Forks kernels, and watches and reaps them.

    Args:
        control: the socket to the grader.
        folder: where the work folders are.
        missing: the layers that this process itself could not be given.
    """

    def __init__(self, control: socket.socket, folder: str, missing: dict[str, str]) -> None:
        self._control = control
        self._folder = folder
        self._missing = missing
        self._children: dict[int, Child] = {}
        self._shell: Any = None
        self._woken, wake = socket.socketpair()
        self._wake = wake
        wake.setblocking(False)
        self._woken.setblocking(False)

    def serve(self) -> None:
        """Serve until the grader is gone."""
        self._shell = _warmed_up()
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's
        signal.set_wakeup_fd(self._wake.fileno())
        self._control.send(pack({"ready": True}))
        watched = time.monotonic()
        while True:
            timeout = _WATCH if self._children else None
            ready, _, _ = select.select([self._control, self._woken], [], [], timeout)
            if self._control in ready and not self._obey():
                return
            if self._woken in ready:
                self._woken.recv(4096)
            self._reap()
            if "memory" not in self._missing and time.monotonic() - watched > _WATCH:
                watched = time.monotonic()
                self._watch()

    def _obey(self) -> bool:
        data, handed, _flags, _address = socket.recv_fds(self._control, 1 << 16, 2)
        if not data:
            return False
        order = json.loads(data)
        if order["do"] == "kill":
            if child := self._children.get(order["id"]):
                _kill(child.pid)
        else:
            wire, end = (socket.socket(fileno=each) for each in handed)
            self._fork(order, wire, end)
        return True

    def _fork(self, order: dict[str, Any], wire: socket.socket, end: socket.socket) -> None:
        limits = Limits(**order["limits"])
        if "processes" not in self._missing:
            linux.own_pid_namespace()
        pid = os.fork()
        if pid == 0:
            self._become_kernel(order, wire, limits)
        wire.close()
        self._children[order["id"]] = Child(pid, end, limits.memory << 20)

    def _become_kernel(self, order: dict[str, Any], wire: socket.socket, limits: Limits) -> None:
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            _close_all_but(wire.fileno())
            layers = None if order["layers"] is None else frozenset(order["layers"])
            sandbox = Sandbox(self._folder, order["spare"], order["uid"], limits, layers)
            sandbox.missing.update(self._missing)
            run_kernel(self._shell, sandbox, wire)
            status = 0
        except BaseException as error:
            told = {"failed": f"{type(error).__name__}: {error}"}
            wire.setblocking(True)
            wire.send(pack(told))
        finally:
            os._exit(status)

    def _reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            for number, child in list(self._children.items()):
                if child.pid == pid:
                    del self._children[number]
                    if "processes" in self._missing:
                        self._kill_orphans()
                    _tell(child, status, usage)

    def _kill_orphans(self) -> None:
        """End what a kernel left behind: where no namespace does, it has become our own child."""
        known = {child.pid for child in self._children.values()}
        for name in os.listdir("/proc"):
            if name.isdecimal() and _parent(name) == os.getpid() and int(name) not in known:
                _kill(int(name))
                os.waitpid(int(name), 0)
                self._kill_orphans()  # its own children are ours now
                return

    def _watch(self) -> None:
        used = _memory_by_child({child.pid for child in self._children.values()})
        for child in self._children.values():
            if used.get(child.pid, 0) > child.memory:
                child.why = "memory"
                _kill(child.pid)


def run_kernel(shell: Any, sandbox: Sandbox, wire: socket.socket) -> None:
    """Enter the sandbox, say what it is, and be a kernel until the end."""
    from course_utils.grading.kernel import Kernel, put_in_place

    listener = sandbox.open_api()
    port = listener.getsockname()[1]
    sandbox.enter()
    os.environ.update(HOME=sandbox.folder, TMPDIR=sandbox.folder, PWD=sandbox.folder)
    socket.send_fds(wire, [pack({"missing": sandbox.missing, "port": port})], [listener.fileno()])
    listener.close()
    url = f"http://127.0.0.1:{port}/v1"
    put_in_place(url)
    Kernel(shell, wire, url, sandbox.limits.output << 18).run()


def _tell(child: Child, status: int, usage: Any) -> None:
    told = {
        "status": os.waitstatus_to_exitcode(status),
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss << 10,
        "why": child.why,
    }
    with contextlib.suppress(OSError):  # nobody asks any more
        child.end.send(json.dumps(told).encode())
    child.end.close()


def _kill(pid: int) -> None:
    """End a kernel: first of its pid namespace, or leader of its group of processes."""
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except OSError:
            continue


def _memory_by_child(children: set[int]) -> dict[int, int]:
    """Return the bytes in use by each child and what it started.

    One that started nothing is left out: its own limit holds it.
    """
    families: dict[int, list[int]] = {}
    parents = {int(name): _parent(name) for name in os.listdir("/proc") if name.isdecimal()}
    for pid in parents:
        above = pid
        while above not in children and above in parents:
            above = parents[above]
        families.setdefault(above, []).append(pid)
    return {
        child: sum(map(_memory, families[child]))
        for child in children & families.keys()
        if len(families[child]) > 1
    }


def _parent(pid: str) -> int:
    try:
        text = Path("/proc", pid, "stat").read_text("ascii", "replace")
    except OSError:
        return 0
    return int(text.rpartition(")")[2].split()[1])


def _memory(pid: int) -> int:
    """The bytes in use by a process; what it shares with others counts in parts."""
    try:
        text = Path("/proc", str(pid), "smaps_rollup").read_text("ascii", "replace")
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in text.splitlines() if line[:4] == "Pss:")


def _close_all_but(kept: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for each in range(3):
        os.dup2(null, each)
    os.closerange(3, kept)
    os.closerange(kept + 1, 4096)


def _warmed_up() -> Any:
    """Import what a submission needs, and use it once: much loads when it is first used."""
    from course_utils import tokens
    from course_utils.grading.shell import make_shell
    from course_utils.grading.warming import warm_up

    tokens.use_packaged_ranks()
    shell = make_shell()
    warm_up(shell)
    gc.collect()
    gc.freeze()  # so that a collection in a fork copies no pages
    return shell


def _alone() -> dict[str, str]:
    """Move into namespaces from which kernels can get their own; return what cannot be had."""
    missing: dict[str, str] = {}
    try:
        if os.geteuid():
            linux.own_user_namespace()
        linux.unshare(linux.NEWPID)
    except OSError as error:
        linux.adopt_orphans()
        return {"processes": str(error), "memory": "it is in no pid namespace"}
    if pid := os.fork():
        _status = os.waitpid(pid, 0)[1]
        os._exit(0)
    try:
        linux.mounts_of_its_own()
        linux.mount("proc", "/proc")
    except OSError as error:
        missing["memory"] = str(error)
    return missing


def main() -> None:
    """Start, as ``python -m course_utils.grading.forkserver SOCKET FOLDER``."""
    control = socket.socket(fileno=int(sys.argv[1]))
    missing = _alone()
    ForkServer(control, sys.argv[2], missing).serve()


if __name__ == "__main__":
    main()
