"""What went wrong with a turn, and what to do about it, in the reader's language."""

from __future__ import annotations

import openai

from course_utils.errors import CourseError
from course_utils.language import gettext as _
from course_utils.terminal import visible

__all__ = ["broke_off", "explain"]


def explain(error: Exception, client: openai.OpenAI, *, came: bool = False) -> str:
    """Say what an error was and what to do; ``came`` tells that part of the reply had come.

    The client's key is never in it, even if the error's own words have it.
    """
    words = _words(error)
    if client.api_key:
        words = words.replace(client.api_key, "sk-****")
    if isinstance(error, CourseError):  # its message says what to do
        return visible(words)
    return visible(f"{type(error).__name__}: {words}\n→ {_advice(error, came)}")


def broke_off() -> str:
    """Say that a reply has no end, as when a stream just stops without an error."""
    return _("The reply broke off. What came is kept; “Regenerate” asks for it anew.")


def _words(error: Exception) -> str:
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, dict) else None
    return str(said or error or type(error).__name__)


def _advice(error: Exception, came: bool) -> str:
    if isinstance(error, openai.AuthenticationError):
        return _("Check the key, connect() with the right one, and run this cell again.")
    if isinstance(error, openai.NotFoundError):
        return _("Choose another model in the settings, and send again.")
    if isinstance(error, openai.BadRequestError):
        return _("Change what the message names, in the settings or in the text, and send again.")
    if isinstance(error, openai.RateLimitError):
        return _("Wait a moment, and send again; if it says so, look at the quota of your account.")
    if came:
        return broke_off()
    if isinstance(error, openai.APIConnectionError):
        return _("No answer came: check the connection and the server's address, and send again.")
    return _("Your text is back in the box: send it again in a moment.")
