"""Declines what is clearly meant to harm; the API sends this in ``refusal``, not ``content``."""

from __future__ import annotations

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_HARM = (
    r"(폭탄|폭발물|사제 ?총|독극물|마약).{0,20}(만드|만들|제조|합성)"
    r"|(make|build|synthesi[sz]e|cook).{0,20}\b(bomb|explosive|poison|nerve agent|meth)\b"
    r"|(남의|다른 사람).{0,12}(비밀번호|계정).{0,12}(훔|해킹|알아내)"
    r"|(steal|hack).{0,20}\b(password|account)s?\b"
)


def answer(prompt: Prompt) -> Reply | None:
    """Decline in a sentence, or return None for everything that is not clearly unsafe."""
    if not prompt.asks(_HARM):
        return None
    if prompt.language == "ko":
        return reply(
            {"죄송하지만 그 요청은 도와드릴 수 없어요.": 3, "그 일은 도와드릴 수 없어요.": 1}
        )
    return reply({"I'm sorry, but I can't help with that.": 3, "I can't help with that.": 1})
