"""Landlock: which files a process may still open, named by the kernel's own rules.

https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from course_utils.grading.linux import syscall

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every machine
_VERSION = 1
_PATH_BENEATH, _NET_PORT = 1, 2
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE = 1 << 14
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | 1 << 15
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_BIND_TCP, _CONNECT_TCP = 1, 2
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2


def version() -> int:
    """Return the version of Landlock; raises OSError if the kernel has none."""
    return syscall(_CREATE, 0, 0, _VERSION)


def restrict(readable: Iterable[str], writable: Iterable[str], port: int | None = None) -> None:
    """Let this process open these files and folders only, for good.

    Needs ``no_new_privs``. What does not exist is left out.

    Args:
        readable: may be read and run.
        writable: may be changed as well.
        port: where TCP may connect to, and nowhere else; None leaves the network alone.

    Raises:
        OSError: the kernel has no Landlock, or none for the network where ``port`` is given.
    """
    has = version()
    handled = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(has, 16)) - 1
    net = 0
    if port is not None:
        if has < 4:
            raise OSError("Landlock knows no network here")
        net = _BIND_TCP | _CONNECT_TCP
    scope = _ABSTRACT_SOCKETS | _SIGNALS if has >= 6 else 0
    attributes = struct.pack("QQQ", handled, net, scope)
    size = 8 if has < 4 else 16 if has < 6 else 24
    rules = syscall(_CREATE, ctypes.c_char_p(attributes), size, 0)
    try:
        for path in readable:
            _allow(rules, path, _READ & handled)
        for path in writable:
            _allow(rules, path, handled & ~_EXECUTE)
        if port is not None:
            rule = struct.pack("QQ", _CONNECT_TCP, port)
            syscall(_ADD, rules, _NET_PORT, ctypes.c_char_p(rule), 0)
        syscall(_RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: str, access: int) -> None:
    try:
        found = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(found).st_mode):
            access &= _OF_FILES
        rule = struct.pack("=Qi", access, found)
        syscall(_ADD, rules, _PATH_BENEATH, ctypes.c_char_p(rule), 0)
    finally:
        os.close(found)
