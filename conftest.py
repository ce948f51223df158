"""What both ``pytest`` and ``pytest --nbval notebooks`` need."""

from __future__ import annotations

import pytest

# Students' exercises have no outputs to compare: tests/exercises runs them.
collect_ignore_glob = ["notebooks/*/exercises/*"]


def pytest_configure(config: pytest.Config) -> None:
    """Stored outputs come from the practice server, so that is what nbval must compare with."""
    if config.getoption("nbval", default=False):
        from course_utils.notebooks.run import practice_only  # not everywhere installed

        practice_only()
