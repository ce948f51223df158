"""What a submission may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """What one submission may use: times in seconds of the clock, sizes in MiB.

    Attributes:
        cell: how long a cell may run.
        call: how long one call of a student's function may take.
        task: how long all calls of one task may take together.
        submission: how long the whole submission may take.
        memory: address space of a process, and memory of all its processes together.
        processes: processes and threads at the same time.
        disk: files in the work folder.
        output: output of one cell or call; more is cut off, and much more ends the kernel.
        requests: requests to the practice server, until the kernel ends.
    """

    cell: float = 30.0
    call: float = 15.0
    task: float = 40.0
    submission: float = 180.0
    memory: int = 2048
    processes: int = 64
    disk: int = 64
    output: int = 1
    requests: int = 500

    def __str__(self) -> str:
        return " ".join(f"{name}={value:g}" for name, value in asdict(self).items())
