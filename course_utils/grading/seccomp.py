"""seccomp: the system calls that a student's code has no use for fail, as if not permitted.

The filter is classic BPF, made here, because a library would have to be on every machine. What it
refuses are the ways around the other layers: other processes' memory, files opened by handle,
mounts and namespaces, memory that no limit counts, kernel interfaces with a history of holes.
"""

from __future__ import annotations

import ctypes
import errno
import socket
import struct

from course_utils.grading.linux import machine, prctl

_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# name: number on x86_64, on aarch64
_REFUSED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "setns": (308, 268),
    "unshare": (272, 97),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "quotactl": (179, 60),
    "acct": (163, 89),
    "swapon": (167, 224),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "syslog": (103, 116),
    "personality": (135, 92),
    "vhangup": (153, 58),
    "fanotify_init": (300, 262),
    "inotify_init1": (294, 26),
    "landlock_restrict_self": (446, 446),
}
_SOCKET, _CLONE, _CLONE3 = (41, 198), (56, 220), 435
_NAMESPACES = 0x7E020080  # every CLONE_NEW… flag

_LOAD, _JUMP_EQ, _JUMP_GE, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_NUMBER, _ARCH, _FIRST = 0, 4, 16
_SET_SECCOMP, _FILTER = 22, 2

Instruction = tuple[int, int, int, int]


def restrict() -> None:
    """Refuse those system calls in this process and all that it starts, for good.

    Needs ``no_new_privs``. Sockets are TCP and UDP only; one of the Unix kind could reach a
    service that does things for this user. Pairs of sockets are allowed.

    Raises:
        OSError: the kernel has no seccomp, or the machine is of a family that is not known here.
    """
    if machine() not in _ARCHITECTURE:
        raise OSError(f"the numbers of {machine()}'s system calls are not known")
    code = b"".join(struct.pack("HBBI", *each) for each in _program(machine()))
    # struct sock_fprog: a count, padding, a pointer
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(held))
    prctl(_SET_SECCOMP, _FILTER, ctypes.c_char_p(program))


def _program(family: str) -> list[Instruction]:
    at = list(_ARCHITECTURE).index(family)
    program: list[Instruction] = [
        (_LOAD, 0, 0, _ARCH),
        (_JUMP_EQ, 1, 0, _ARCHITECTURE[family]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if family == "x86_64":  # the numbers of the x32 ABI
        program += [(_JUMP_GE, 0, 1, 0x40000000), _refuse(errno.EPERM)]
    for numbers in _REFUSED.values():
        program += [(_JUMP_EQ, 0, 1, numbers[at]), _refuse(errno.EPERM)]
    program += [(_JUMP_EQ, 0, 1, _CLONE3), _refuse(errno.ENOSYS)]  # libc then takes clone
    program += [
        (_JUMP_EQ, 0, 3, _CLONE[at]),
        (_LOAD, 0, 0, _FIRST),
        (_JUMP_SET, 0, 6, _NAMESPACES),
        _refuse(errno.EPERM),
        (_JUMP_EQ, 0, 4, _SOCKET[at]),
        (_LOAD, 0, 0, _FIRST),
        (_JUMP_EQ, 2, 0, socket.AF_INET),
        (_JUMP_EQ, 1, 0, socket.AF_INET6),
        _refuse(errno.EACCES),
    ]
    return [*program, (_RETURN, 0, 0, _ALLOW)]


def _refuse(number: int) -> Instruction:
    return (_RETURN, 0, 0, 0x00050000 | number)
