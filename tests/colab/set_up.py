"""Make an environment with the versions that Colab ships, and the course in it.

Python 3.13 is what Colab runs; without it any Python that the course runs on is taken, and said.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PINS = HERE / "constraints.txt"


def colab_python() -> str:
    """Find a Python 3.13 that runs (pyenv's stand-ins are on the path without one behind them)."""
    pyenv = sorted(Path.home().glob(".pyenv/versions/3.13*/bin/python3"), reverse=True)
    for candidate in (shutil.which("python3.13"), *map(str, pyenv)):
        if (
            candidate
            and subprocess.run([candidate, "--version"], capture_output=True).returncode == 0
        ):
            return candidate
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"No Python 3.13 here: Colab's versions are checked on Python {version}.")
    return sys.executable


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def differences(pip: list[str]) -> list[str]:
    """Compare what is installed with what Colab ships."""
    listed = subprocess.run([*pip, "list", "--format=json"], check=True, capture_output=True)
    installed = {canonical(one["name"]): one["version"] for one in json.loads(listed.stdout)}
    pins = [
        line.strip().split("==") for line in PINS.read_text("utf-8").splitlines() if "==" in line
    ]
    return [
        f"{name} is {installed.get(canonical(name))}, and Colab ships {version}"
        for name, version in pins
        if installed.get(canonical(name)) != version
    ]


def main(folder: str) -> None:
    python = colab_python()
    print(f"Setting up {folder} with Colab's versions, from {PINS.relative_to(Path.cwd())}.")
    subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
    pip = [f"{folder}/bin/python", "-m", "pip", "--disable-pip-version-check"]
    # nbclassic draws the widgets of ipywidgets 7, which JupyterLab 4 cannot.
    wanted = ["--requirement", str(PINS), "--editable", ".[test]", "nbclassic", "playwright"]
    subprocess.run([*pip, "install", "--quiet", *wanted], check=True)
    if wrong := differences(pip):
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main(sys.argv[1])
