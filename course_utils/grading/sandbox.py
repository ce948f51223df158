"""The sandbox that a process moves into before a line of a student's code, layer by layer.

=================  ==============================================================================
``processes``      a pid namespace: it sees no other process, and all it started ends with it
``network``        a network namespace: loopback is its own, and nothing else is there
``messages``       namespaces for IPC and the host's name
``disk``           a work folder in memory, of a limited size, that nobody else sees
``user``           a user of its own, or a user namespace, without any rights
``limits``         address space, processes, the size of files
``files``          Landlock: nothing opens but Python, the system's programs, the work folder
``system calls``   seccomp: no way to other processes' memory, mounts, sockets of services
``memory``         all its processes together are watched, and ended above the limit
=================  ==============================================================================
"""

from __future__ import annotations

import os
import resource
import socket
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.grading import landlock, linux, seccomp
from course_utils.grading.limits import Limits

LAYERS = (
    "processes",
    "network",
    "messages",
    "disk",
    "user",
    "limits",
    "files",
    "system calls",
    "memory",
)
"""The names of all layers."""

PORT = 8000
"""Where the practice server is found in a network namespace."""

_MIB = 1 << 20
_SHARED = "/dev/shm"  # where the locks of multiprocessing are
_SYSTEM = (
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/usr/bin",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/share/zoneinfo",
    "/usr/share/locale",
    "/usr/share/ca-certificates",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/ssl/certs",
    "/etc/alternatives",
    "/etc/mime.types",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
)


@dataclass
class Sandbox:
    """A sandbox for this process.

    Args:
        folder: where the work folder is; it must exist.
        spare: where it is if that one cannot be its own.
        uid: the user to become, if this process is root's; nobody else's at this time.
        limits: what may be used.
        layers: the layers that must be on; what cannot be had raises. None tries them all.

    Attributes:
        missing: the layers that could not be had, each with the reason.
    """

    folder: str
    spare: str
    uid: int
    limits: Limits
    layers: frozenset[str] | None = None
    missing: dict[str, str] = field(default_factory=dict)
    _port: int = 0

    def open_api(self) -> socket.socket:
        """Move into the network's layer, and listen there for requests to the practice server.

        A socket belongs to the network that it was made in: whoever gets this one can accept
        from outside.
        """
        self._layer("network", _network)
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", PORT if self._on("network") else 0))
        listener.listen(128)
        self._port = listener.getsockname()[1]
        return listener

    def enter(self) -> None:
        """Move this process into the sandbox; there is no way out.

        Raises:
            OSError: a layer of ``layers`` cannot be had.
        """
        uid = self.uid if os.geteuid() == 0 else os.geteuid()
        self._layer("messages", lambda: linux.unshare(linux.NEWIPC | linux.NEWUTS))
        self._layer("disk", lambda: _disk(self.folder, self.limits.disk, uid))
        if not self._on("disk"):
            self._plain_folder(uid)
        os.chdir(self.folder)
        if os.geteuid() == 0:
            self._layer("user", lambda: _become(uid))
        else:
            self._layer("user", lambda: linux.unshare(linux.NEWUSER))
        self._layer("limits", lambda: _limit(self.limits))
        linux.no_new_privileges()
        self._layer("files", self._restrict_files)
        self._capabilities()
        self._layer("system calls", seccomp.restrict)

    def _layer(self, name: str, enter: Callable[[], None]) -> None:
        if self.layers is not None and name not in self.layers:
            return
        try:
            enter()
        except (OSError, ValueError) as error:
            if self.layers is not None:
                raise OSError(f"{name}: {error}") from error
            self.missing[name] = str(error)

    def _on(self, name: str) -> bool:
        return name not in self.missing and (self.layers is None or name in self.layers)

    def _plain_folder(self, uid: int) -> None:
        """Make a work folder on the disk, of no limited size; the grader removes it."""
        self.folder = self.spare
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(self.folder, uid, uid)

    def _restrict_files(self) -> None:
        # Without a network of its own, TCP goes to the practice server and nowhere else.
        port = None if self._on("network") else self._port
        writable = [self.folder, "/dev/null", *[_SHARED][: self._on("disk")]]
        try:
            landlock.restrict(_readable(), writable, port)
        except OSError:
            if port is None:
                raise
            landlock.restrict(_readable(), writable)

    def _capabilities(self) -> None:
        """Give up all rights; reading stays where Python lies in a private home, under Landlock."""
        try:
            needed = self._on("files") and not _python_is_readable()
        except OSError:
            needed = False  # there is no right to give up
        linux.set_capabilities(*[linux.CAP_DAC_READ_SEARCH][: int(needed)])


def _network() -> None:
    linux.unshare(linux.NEWNET)
    linux.loopback_up()


def _disk(folder: str, size: int, uid: int) -> None:
    linux.mounts_of_its_own()
    gid = uid if os.geteuid() == 0 else os.getegid()
    owner = f"mode=0700,uid={uid},gid={gid}"
    linux.mount("tmpfs", folder, f"size={size}m,nr_inodes=20000,{owner}")
    linux.mount("tmpfs", _SHARED, f"size=1m,nr_inodes=1000,{owner}")


def _become(uid: int) -> None:
    linux.keep_capabilities()
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    linux.set_capabilities(linux.CAP_DAC_READ_SEARCH)


def _limit(limits: Limits) -> None:
    memory, disk = limits.memory * _MIB, limits.disk * _MIB
    cpu = int(limits.submission) + 5
    for name, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_FSIZE, disk),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        _soft, hard = resource.getrlimit(name)
        lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(name, (lower, lower))


def _python() -> list[str]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    found = [sysconfig.get_path(name) for name in names]
    found += [sys.prefix, sys.base_prefix, str(Path(__file__).resolve().parents[1])]
    return sorted({os.path.realpath(path) for path in found} | {sys.prefix})


def _readable() -> list[str]:
    prefixes = [path for path in _python() if path not in ("/", "/usr")]
    return [*_SYSTEM, *prefixes]


def _python_is_readable() -> bool:
    """Whether Python's own files open without any right."""
    linux.set_capabilities(linux.CAP_DAC_READ_SEARCH, effective=False)
    try:
        for path in _python():
            os.listdir(path)
    except OSError:
        return False
    finally:
        linux.set_capabilities(linux.CAP_DAC_READ_SEARCH)
    return True


def told(missing: Mapping[str, str]) -> dict[str, str]:
    """Return every layer with the reason why it is missing; empty if it is on."""
    return {name: missing.get(name, "") for name in LAYERS}
