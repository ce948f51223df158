"""Grade a generated class, kill and resume it, and compare every mark with what is known.

::

    python benchmarks/grade_class.py            300 students
    python benchmarks/grade_class.py --students 30 --kills 3 --jobs 2

It prints the rate, the peak memory of the grader and of what it started, and every mark that is not
what the generator knows. Nothing is asserted about times.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "grading"), str(ROOT / "tests" / "exercises")]

COMMAND = [sys.executable, "-c", "from course_utils.cli import main; main()", "grade"]


def main() -> None:
    """Make the class, grade it once whole and once with kills, and compare."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--students", type=int, default=300)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="class-"))
    try:
        wrong = measure(folder, given)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if wrong else 0)


def measure(folder: Path, given: argparse.Namespace) -> int:
    """Return how many marks and files are not as they must be."""
    from generate import expected_marks, generate

    members = generate(folder / "class", given.students, given.seed)
    known = expected_marks(members, given.seed)
    arguments = [str(folder / "class"), "--seed", str(given.seed), "--jobs", str(given.jobs)]
    seconds = graded([*arguments, "--out", str(folder / "whole")])
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{len(members)} submissions, {given.jobs} jobs: {seconds:.1f} s wall")
    print(f"  {len(members) / seconds:.2f} a second")
    print(f"  {(children.ru_utime + children.ru_stime) / len(members):.3f} CPU s each")
    print(f"  {children.ru_maxrss / 1024:.0f} MiB in the largest process")
    wrong = compare(folder / "whole", known)
    print(f"  {len(wrong)} results are not what the generator knows")
    for line in wrong[:20]:
        print(f"    {line}")
    differing = killed(folder, arguments, given, seconds) if given.kills else []
    return len(wrong) + len(differing)


def graded(arguments: list[str]) -> float:
    """Grade, and return the seconds that it took."""
    began = time.monotonic()
    subprocess.run([*COMMAND, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def compare(out: Path, known: dict[str, tuple[str, int]]) -> list[str]:
    """Name what is not as it is known to be."""
    found = {}
    for path in out.glob("results/*/*.json"):
        data = json.loads(path.read_text("utf-8"))
        earned = sum(verdict["earned"] for verdict in data["verdicts"])
        found[data["student"]] = (data["state"], earned)
    return [
        f"{student}: {found.get(student)}, not {known.get(student)}"
        for student in sorted({*found, *known})
        if found.get(student) != known.get(student)
    ]


def killed(
    folder: Path, arguments: list[str], given: argparse.Namespace, seconds: float
) -> list[str]:
    """Kill the grader at random moments, let it resume, and return the files that differ."""
    out = folder / "killed"
    chance = random.Random(given.seed)
    begin = [*COMMAND, *arguments, "--out", str(out)]
    go_on = ["--resume", "--out", str(out), "--jobs", str(given.jobs)]
    for _kill in range(given.kills):
        command = [*COMMAND, *go_on] if (out / "grading.json").exists() else begin
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(chance.uniform(0.5, 2 * seconds / given.kills + 2))
        process.send_signal(chance.choice([signal.SIGKILL, signal.SIGINT, signal.SIGTERM]))
        process.wait()
    graded(go_on)
    one, other = contents(folder / "whole"), contents(out)
    differing = [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]
    print(f"killed {given.kills} times and resumed: {len(differing)} of {len(one)} files differ")
    for name in differing[:20]:
        print(f"    {name}")
    return differing


def contents(out: Path) -> dict[str, str]:
    """All files but for what the runs took, and the digests, which tell of an edited check."""
    changing = re.compile(r'"seconds": [\d.]+|"digest": "\w+"')
    return {
        path.relative_to(out).as_posix(): changing.sub("", path.read_text("utf-8"))
        for path in out.rglob("*")
        if path.is_file() and not path.name.endswith(".part")
    }


if __name__ == "__main__":
    main()
