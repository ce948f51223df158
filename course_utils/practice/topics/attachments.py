"""Images, audio and files: taken as the API takes them, and not seen, heard or read."""

from __future__ import annotations

import re

from course_utils.practice.korean import josa
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

# The marks that a part without text leaves in a turn; see prompt.text_of.
_MARK = re.compile(r"^\[(image_url|input_audio|file)\]$", re.MULTILINE)
_WORDS = {
    "image_url": ("그림", "볼 수", "image", "see"),
    "input_audio": ("소리", "들을 수", "audio", "hear"),
    "file": ("파일", "읽을 수", "file", "read"),
}


def answer(prompt: Prompt) -> Reply | None:
    """Say that something came which the practice server cannot take in."""
    found = _MARK.search(prompt.text)
    if found is None:
        return None
    thing, can, noun, verb = _WORDS[found[1]]
    if prompt.language == "ko":
        return reply(
            f"{josa(thing, '이', '가')} 왔지만",
            {" 저는 연습 서버라서": 2, " 연습 서버인 저는": 1},
            f" {can} 없어요.",
            " 진짜 모델에는 이 요청을 그대로 보내면 돼요.",
        )
    article = "An" if noun[0] in "aeiou" else "A"
    return reply(
        f"{article} {noun} reached me,",
        {" but I am a practice server": 2, " but I am only a practice server": 1},
        f" and cannot {verb} it.",
        " Send this very request to a real model.",
    )
