"""A server that speaks the Chat Completions protocol, and says that it is not a model.

Any OpenAI client in any language works against it over HTTP::

    with PracticeServer() as server:
        client = openai.OpenAI(api_key="sk-practice", base_url=server.url)
"""

from __future__ import annotations

from course_utils.practice.app import KEY
from course_utils.practice.server import PracticeServer, shared_server

__all__ = ["KEY", "PracticeServer", "shared_server"]
