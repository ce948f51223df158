"""The system calls that Python's own modules do not have: namespaces, mounts, capabilities."""

from __future__ import annotations

import ctypes
import fcntl
import os
import platform
import socket
import struct
from functools import cache
from pathlib import Path

NEWNS, NEWUTS, NEWIPC = 0x00020000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET, NEWCGROUP = 0x10000000, 0x20000000, 0x40000000, 0x02000000
CAP_DAC_READ_SEARCH = 2

_PR_SET_KEEPCAPS, _PR_CAPBSET_DROP = 8, 24
_PR_SET_NO_NEW_PRIVS, _PR_SET_CHILD_SUBREAPER = 38, 36
_CAPABILITY_VERSION_3 = 0x20080522
_MS_NOSUID, _MS_NODEV, _MS_REC, _MS_PRIVATE = 2, 4, 0x4000, 1 << 18
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1


@cache
def libc() -> ctypes.CDLL:
    """Return the C library; errors are kept for :func:`checked`."""
    return ctypes.CDLL(None, use_errno=True)


def checked(result: int) -> int:
    """Return what a C function gave; raises OSError for -1."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def syscall(number: int, *args: object) -> int:
    """Make a system call by its number."""
    made = [ctypes.c_long(each) if isinstance(each, int) else each for each in args]
    return checked(libc().syscall(ctypes.c_long(number), *made))


def prctl(option: int, *args: object) -> int:
    """Change something about this process."""
    made = [ctypes.c_ulong(each) if isinstance(each, int) else each for each in args]
    made += [ctypes.c_ulong(0)] * (4 - len(made))
    return checked(libc().prctl(option, *made))


def unshare(flags: int) -> None:
    """Move this process (or, with NEWPID, its next child) into namespaces of its own."""
    checked(libc().unshare(flags))


def own_pid_namespace() -> None:
    """Let the next child be the first process of a new pid namespace; may be called again."""
    inside = os.open("/proc/self/ns/pid", os.O_RDONLY)
    try:
        checked(libc().setns(inside, NEWPID))
    finally:
        os.close(inside)
    unshare(NEWPID)


def own_user_namespace() -> None:
    """Move into a user namespace in which this process is the same user as outside."""
    uid, gid = os.geteuid(), os.getegid()
    unshare(NEWUSER)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="ascii")


def loopback_up() -> None:
    """Switch on the loopback interface of a network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asks:
        fcntl.ioctl(asks, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def mounts_of_its_own() -> None:
    """Move into a mount namespace; what is mounted from now on is seen here alone."""
    unshare(NEWNS)
    checked(libc().mount(b"none", b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None))


def mount(kind: str, folder: str, options: str = "") -> None:
    """Mount a file system that has no device, such as tmpfs or proc."""
    flags = ctypes.c_ulong(_MS_NOSUID | _MS_NODEV)
    checked(libc().mount(b"none", folder.encode(), kind.encode(), flags, options.encode() or None))


def no_new_privileges() -> None:
    """Give up that running a program could ever give more rights."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def adopt_orphans() -> None:
    """Become the parent of what descendants leave behind."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def keep_capabilities() -> None:
    """Let a change of the user keep the permitted capabilities, and empty the bounding set."""
    for each in range(64):
        if libc().prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(each), 0, 0, 0) == -1:
            break  # there are no more
    prctl(_PR_SET_KEEPCAPS, 1)


def set_capabilities(*kept: int, effective: bool = True) -> None:
    """Have these capabilities and no other; ``effective``: now, not only after asking again."""
    bits = sum(1 << each for each in kept)
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    low, high = bits & 0xFFFFFFFF, bits >> 32
    now = (low, high) if effective else (0, 0)
    data = struct.pack("6I", now[0], low, 0, now[1], high, 0)
    checked(libc().capset(header, data))


def machine() -> str:
    """Return the processor's family, as the kernel names it."""
    return platform.machine()
