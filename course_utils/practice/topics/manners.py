"""Thanks, goodbye, how are you, and what can you do: the small change of a conversation."""

from __future__ import annotations

import re

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_LONGEST = 60
_THANKS = re.compile(
    r"^\W*(?:(?:정말|아주|네|와|오)\W+)*(?:고마워|고맙|감사(?:합|해"
    r"|드))\S*\W*(?:덕분\S*\W*)?(?:\S+\W*)?$"
    r"|^\W*(?:(?:ok|okay|great|oh)\W+)*(?:thanks|thank you|thx)\b(?:[\w ]{0,24})\W*$",
    re.IGNORECASE,
)
_BYE = re.compile(
    r"^\W*(?:(?:그럼|이제)\W+)*(?:안녕히 (?:계|가|주무)|잘 (?:가|있어|자)(?:요)?\b"
    r"|다음에 (?:또 )?(?:봐|만나|뵈)|내일 봐)"
    r"|^\W*(?:ok\W+|okay\W+)?(?:good ?bye|bye|see you|good night)\b[\w ]{0,20}\W*$",
    re.IGNORECASE,
)
_HOW = re.compile(
    r"^\W*(?:안녕(?:하세요)?\W+)?(?:어떻게 지내(?:세요|셨|니|요|\W|$))"
    r"|^\W*(?:안녕(?:하세요)?\W+)?(?:잘 지(?:내|냈)|기분이? 어때|오늘 어때)"
    r"|^\W*(?:(?:hello|hi|hey)\W+)?how (?:are you|do you do|is it going|'s it going)\b",
    re.IGNORECASE,
)
_ABLE = re.compile(
    r"(?:너는?|넌|당신은|여기서)? ?(?:무엇|뭐|뭘|무슨 일|어떤 (?:일|것))(?:을|를)? ?(?:할|해 ?줄"
    r"|도와 ?줄|도와주실|하실) 수 있"
    r"|\bwhat (?:can|could) you do\b|\bwhat are you able to\b|\bhow can you help\b"
    r"|^\W*(?:help|도움말)\W*$",
    re.IGNORECASE,
)


def answer(prompt: Prompt) -> Reply | None:
    """Answer a courtesy in kind, and say what there is to ask for."""
    text = prompt.text
    if len(text) > _LONGEST:
        return None
    replies = _KO if prompt.language == "ko" else _EN
    kinds = zip((_THANKS, _BYE, _HOW, _ABLE), replies, strict=True)
    return next((said for pattern, said in kinds if pattern.search(text)), None)


_KO = (
    reply(
        {"별말씀을요!": 2, "도움이 되었다니 기뻐요!": 1},
        {" 또 물어보세요.": 2, " 언제든 말씀하세요.": 1},
    ),
    reply({"안녕히 가세요!": 2, "다음에 또 만나요!": 1}, " 이 대화는 다시 보내 주셔야 기억해요."),
    reply(
        {"저는 연습 서버라서 기분은 없지만": 2, "기분이라는 건 없지만": 1},
        {" 잘 돌아가고 있어요.": 2, " 요청은 잘 받고 있어요.": 1},
    ),
    reply(
        {"저는 연습 서버라서 정해진 일만 할 수 있어요.": 2, "할 수 있는 일이 정해져 있어요.": 1},
        {" 용어를 설명하고, 글을 요약하고, 이야기와 시를 들려드려요.": 1},
        {" 계산을 하고, 짧은 말을 번역하고, 보내 주신 대화도 기억해요.": 1},
    ),
)
_EN = (
    reply({"You are welcome!": 2, "My pleasure!": 1}, {" Ask me again.": 2, " Any time.": 1}),
    reply({"Goodbye!": 2, "See you!": 1}, " I will only remember this if you send it again."),
    reply(
        {"I am a practice server and have no feelings,": 2, "I do not have moods,": 1},
        {" but I am running well.": 2, " but requests arrive and that is good.": 1},
    ),
    reply(
        {"I am a practice server and do a few set things.": 2, "What I can do is limited.": 1},
        {" I explain terms, summarise a text, and tell a story or a poem.": 1},
        {" I work out sums, translate short phrases, and know what you send me.": 1},
    ),
)
