"""Hello, and who are you."""

from __future__ import annotations

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_GREETS = (
    r"^\W*(안녕|반가|하이\b|hello\b|hi\b|hey\b|good (morning|afternoon|evening))|say hello"
    r"|(너|넌|당신).{0,6}(누구|뭐|무엇)|자기소개|who are you|what are you\b|introduce yourself"
)


def answer(prompt: Prompt) -> Reply | None:
    """Greet, and say that this is a practice server and not a model."""
    if not prompt.asks(_GREETS):
        return None
    return _KO if prompt.language == "ko" else _EN


_KO = reply(
    {"안녕하세요!": 4, "반가워요!": 2, "안녕하세요, 반가워요!": 1},
    {" 저는 이 컴퓨터에서 도는 연습 서버예요.": 3, " 저는 연습용 서버예요.": 2},
    {" 언어 모델은 아니지만": 2, " 진짜 모델은 아니지만": 1},
    {" API의 형식은 그대로 지켜요.": 2, " API의 규칙은 똑같이 지켜요.": 1},
)
_EN = reply(
    {"Hello!": 4, "Hi there!": 2, "Hello, nice to meet you!": 1},
    {" I am the practice server on this machine.": 3, " I am a practice server.": 2},
    {" I am not a language model,": 2, " There is no real model here,": 1},
    {" but I speak the API's protocol exactly.": 2, " but the protocol is the real one.": 1},
)
