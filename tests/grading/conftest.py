from __future__ import annotations

import sys
from pathlib import Path

# The wrong answers of tests/exercises, and what knows the marks that they are worth.
sys.path.append(str(Path(__file__).parents[1] / "exercises"))
