"""What a lesson imports. The heavy parts load when they are first used.

==========================  =================================================================
``connect``                 an ordinary ``openai.OpenAI``, answered by whoever is there
``connect_async``           the same as an ``openai.AsyncOpenAI``
``default_model``           the model that a client should ask for
``spent``, ``set_cap``      what was spent so far, and the limit on it
``system`` … ``tool``       one message as a dict, one function a role
``Conversation``            a history that is sent again with every turn
``count_tokens``            how many tokens a text is
``count_message_tokens``    how many tokens a list of messages is
``predict``, ``quiz``       questions to the reader
``ask``                     ``input()`` for a person, a script for a machine
``show``                    requests, events and charts, drawn for a reader
``set_language``            the language of the course's own messages
==========================  =================================================================
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_utils import show as show
    from course_utils.budget import set_cap as set_cap
    from course_utils.budget import spent as spent
    from course_utils.client import connect as connect
    from course_utils.client import connect_async as connect_async
    from course_utils.client import default_model as default_model
    from course_utils.conversation import Conversation as Conversation
    from course_utils.language import set_language as set_language
    from course_utils.lesson import ask as ask
    from course_utils.lesson import predict as predict
    from course_utils.lesson import quiz as quiz
    from course_utils.messages import assistant as assistant
    from course_utils.messages import developer as developer
    from course_utils.messages import system as system
    from course_utils.messages import tool as tool
    from course_utils.messages import user as user
    from course_utils.tokens import count_message_tokens as count_message_tokens
    from course_utils.tokens import count_tokens as count_tokens

_HOME = {
    "budget": ("set_cap", "spent"),
    "client": ("connect", "connect_async", "default_model"),
    "conversation": ("Conversation",),
    "language": ("set_language",),
    "lesson": ("ask", "predict", "quiz"),
    "messages": ("assistant", "developer", "system", "tool", "user"),
    "tokens": ("count_message_tokens", "count_tokens"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = sorted([*_MODULE_OF, "show"])


def __getattr__(name: str) -> Any:
    if name == "show":
        return import_module("course_utils.show")
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'course_utils' has no attribute {name!r}")
    value = getattr(import_module(f"course_utils.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
