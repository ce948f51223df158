"""For everything else: say plainly what this is and what was understood."""

from __future__ import annotations

import re

from course_utils.practice.korean import has_final
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply


def answer(prompt: Prompt) -> Reply | None:
    """Always answer: this is a practice server, and here is how your words began."""
    heard = " ".join(prompt.text.split())
    heard = heard if len(heard) <= 40 else heard[:40].rstrip() + "…"
    if prompt.language == "ko":
        return reply(
            {"저는 연습 서버라서": 3, "저는 언어 모델이 아니라 연습 서버라서": 1},
            {" 이 말에는 제대로 답할 수 없어요.": 2, " 여기에는 준비된 답이 없어요.": 1},
            f" 받은 말은 {_is(heard)}." if heard else " 그리고 받은 말이 비어 있어요.",
            " 진짜 모델에 연결하면 같은 코드가 진짜 답을 받아요.",
        )
    return reply(
        {"I am a practice server,": 3, "I am not a language model but a practice server,": 1},
        {" so I have no real answer to this.": 2, " and nothing is prepared for this.": 1},
        f" What reached me was “{heard}”." if heard else " What reached me was empty.",
        " Connect a real model and the same code gets a real answer.",
    )


def _is(heard: str) -> str:
    """Quote what was heard, with the ending that its last syllable wants: “달”이에요, “해”예요."""
    return f"“{heard}”" + ("이에요" if has_final(re.sub(r"\W+$", "", heard)) else "예요")
