"""A poem of three lines on request, about the sea, the rain, the stars or the spring."""

from __future__ import annotations

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_ASKED = (
    r"(?<![가-힣])(동|삼행)?시(를|도)?( \S+){0,3} (써|지어|들려|읊어|부탁)"
    r"|\b(write|compose|tell|give|read (me|us)|make up|want)\b.{0,24}\b(poem|haiku)\b"
    r"|\ban?( \w+){0,2} (poem|haiku) about\b"
)
_THEMES = {
    "sea": r"바다|파도|\b(sea|ocean|waves?)\b",
    "rain": r"빗소리|비(를|가|에|\s?오는)|장마|\brain",
    "stars": r"별|밤하늘|\b(stars?|night)\b",
    "spring": r"봄|꽃|\b(spring|flowers?)\b",
}


def answer(prompt: Prompt) -> Reply | None:
    """Write three lines about what the prompt names, or about the sea."""
    if not prompt.asks(_ASKED):
        return None
    theme = next((name for name, words in _THEMES.items() if prompt.asks(words)), "sea")
    return _POEMS[prompt.language][theme]


# No full stop ends a line: it would make one token with the line break, and lines are sampled
# one by one.
_POEMS = {
    "ko": {
        "sea": reply(
            {"파도는 밤새 편지를 쓰고": 2, "바다는 혼잣말이 길어서": 1},
            {"\n모래는 아침마다 읽다가": 2, "\n갈매기가 몇 줄 받아 적다가": 1},
            {"\n끝내 다 외우지 못한다": 2, "\n젖은 채로 돌려보낸다": 1},
        ),
        "rain": reply(
            {"지붕이 먼저 듣고": 2, "우산이 먼저 듣고": 1},
            {"\n창문이 받아 적은 이야기를": 2, "\n처마가 한 방울씩 옮긴 말을": 1},
            {"\n나는 이불 속에서 읽는다": 2, "\n나는 귀로만 넘겨 본다": 1},
        ),
        "stars": reply(
            {"불을 끄고 나서야": 2, "마을이 잠든 뒤에야": 1},
            {"\n하늘이 하나씩 말을 건다": 2, "\n하늘에 하나둘 불이 켜진다": 1},
            {"\n늦게 온 빛일수록 오래 본다": 2, "\n오래전에 떠난 빛이 이제 온다": 1},
        ),
        "spring": reply(
            {"얼음이 풀린 냇가에서": 2, "아직 바람이 찬 골목에서": 1},
            {"\n가지마다 조금씩 말을 배워": 2, "\n겨울눈이 하나둘 눈을 떠": 1},
            {"\n첫마디를 꽃으로 한다": 2, "\n연둣빛으로 대답한다": 1},
        ),
    },
    "en": {
        "sea": reply(
            {"All night the sea writes letters": 2, "All night the sea tells stories": 1},
            {"\nthe shore reads every line": 2, "\nthe shells keep every word": 1},
            {"\nand morning turns the page": 2, "\nand morning wipes the sand": 1},
        ),
        "rain": reply(
            {"The roof is first to hear it": 2, "The old umbrella hears it first": 1},
            {"\nthe window writes it down": 2, "\nthe gutter learns it word by word": 1},
            {"\nand I, in bed, turn pages": 2, "\nand tells the sleeping town": 1},
        ),
        "stars": reply(
            {"Put out the lamp and wait": 2, "When the last window darkens": 1},
            {"\nthe sky begins to speak": 2, "\nthe first small lights arrive": 1},
            {"\nfrom years and years away": 2, "\nwith word from long ago": 1},
        ),
        "spring": reply(
            {"The ice lets go of the river": 2, "The wind is cold but kinder": 1},
            {"\nthe branches clear their throats": 2, "\nthe buds undo one button": 1},
            {"\nand what they say is blossom": 2, "\nand the hill is green by noon": 1},
        ),
    },
}
