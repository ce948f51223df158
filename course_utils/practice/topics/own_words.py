"""What did you just say? Known only if the model's own reply was sent back to it."""

from __future__ import annotations

import re

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_ASKED = re.compile(
    r"(?:방금|아까|조금 전에|지금)\s?(?:저한테|나한테|제게|네가|당신이)?\s?"
    r"(?:뭐라고|뭐라|무엇이라고|무슨 말[을씀]*) ?(?:했|하셨|하신|그랬|답|말)"
    r"|(?:한 번 더|다시 한 번|다시) (?:말해|말씀해|답해) ?(?:줘|주)"
    r"|what (?:did you|have you|was it you)(?: just)? (?:say|said|answer)"
    r"|(?:say|repeat) (?:that|it|your (?:last|previous) (?:reply|answer))"
    r" ?(?:again|once more|$|[?.!])"
    r"|what was your (?:last|previous) (?:reply|answer)",
    re.IGNORECASE,
)


def answer(prompt: Prompt) -> Reply | None:
    """Quote the model's last reply if the request holds it, or say that it does not."""
    if not _ASKED.search(prompt.text):
        return None
    said = [turn.text for turn in prompt.turns if turn.role == "assistant" and turn.text]
    if prompt.language == "ko":
        return _said_ko(said[-1]) if said else _nothing_ko()
    return _said_en(said[-1]) if said else _nothing_en()


def _said_ko(said: str) -> Reply:
    return reply({"이렇게 말했어요:": 3, "제가 한 말은 이거예요:": 2}, f" “{said}”")


def _said_en(said: str) -> Reply:
    return reply({"I said:": 3, "My words were:": 2}, f" “{said}”")


def _nothing_ko() -> Reply:
    return reply(
        {"제가 무슨 말을 했는지 알 수 없어요.": 3, "제가 한 말을 저는 모르겠어요.": 2},
        {" 이번 요청에는 제 답이 들어 있지 않거든요.": 2, " 받은 메시지에 제 답이 없어요.": 1},
    )


def _nothing_en() -> Reply:
    return reply(
        {"I do not know what I said.": 3, "I cannot tell what my answer was.": 2},
        {" None of my replies is in this request.": 2, " The messages I got hold none of mine.": 1},
    )
