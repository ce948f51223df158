"""Other people's clients, in an environment of their own: ``make test-clients``.

Elsewhere LangChain is not installed, and pytest leaves this folder alone.
"""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("langchain_tests") else ["test_*.py"]
