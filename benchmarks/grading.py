"""Measure what grading a submission costs: ``python benchmarks/grading.py [COUNT] [JOBS]``.

The processor seconds are those of all processes: the grader with its practice servers and checks,
the warm parent, and the kernels with all that they start. Nothing is asserted. For comparison,
measured on 2 cores with a notebook of four tasks: nbgrader 0.97 s a submission, otter 1.9 to 3.2 s.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import psutil

from course_utils.exercises.task import tasks
from course_utils.grading.run import Grader
from course_utils.notebooks import checkout

EXERCISE = "03_history"


def solution() -> nbformat.NotebookNode:
    """The solution, as a student would hand it in."""
    path: Path = checkout() / "notebooks" / "ko" / "solutions" / f"{EXERCISE}.ipynb"
    return nbformat.read(path, as_version=4)


def processor_seconds(grader: Grader) -> float:
    """What this process, the warm parent and every kernel that ended have taken so far."""
    own = os.times()
    warm = psutil.Process(grader._warm._process.pid)
    total = own.user + own.system
    for process in (warm, *warm.children()):
        times = process.cpu_times()
        total += times.user + times.system
        total += times.children_user + times.children_system
    return total


def main() -> None:
    """Grade the same right notebook often, alone and side by side, and print what it took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count() or 1
    notebook, points = solution(), sum(task.points for task in tasks(EXERCISE))
    began = time.perf_counter()
    with Grader() as grader:
        print(f"start: {time.perf_counter() - began:.2f} s")
        for name, why in grader.layers.items():
            print(f"  {name}: {why or 'on'}")
        grader(notebook, EXERCISE, 0, "ko")
        for side_by_side in sorted({1, jobs}):
            used, began = processor_seconds(grader), time.perf_counter()
            with ThreadPoolExecutor(side_by_side) as pool:
                runs = list(pool.map(lambda n: grader(notebook, EXERCISE, n, "ko"), range(count)))
            wall = time.perf_counter() - began
            used = processor_seconds(grader) - used
            right = sum(sum(each["earned"] for each in run.verdicts) == points for run in runs)
            kernels = sum(run.cpu for run in runs)
            print(
                f"{side_by_side} side by side: {used / count:.3f} processor s a submission "
                f"({kernels / count:.3f} of it in its kernel), {count / wall:.1f} submissions a "
                f"second, at most {max(run.peak for run in runs) >> 20} MiB a kernel "
                f"(shared with the warm parent for the most part), {right} of {count} right"
            )
        memory = psutil.Process().memory_info().rss >> 20
        print(f"this process: {memory} MiB")


if __name__ == "__main__":
    main()
