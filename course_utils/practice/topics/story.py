"""A story on request, long enough to be read while it arrives: an animal goes to fetch the moon."""

from __future__ import annotations

from course_utils.practice.korean import josa
from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_ASKED = (
    r"(이야기|동화)(를|도|로)?"
    r"(( \S+){0,3} (들려|써|지어|읽어)|( 하나| 한 편)?( 더| 좀)? ?(해 ?(줘|주)|부탁))"
    r"|\b(tell|write|make up|read (me|us)|give|want|hear)\b.{0,24}\b(story|fairy ?tale)\b"
    r"|\ban?( \w+){0,2} (story|fairy ?tale) about\b"
)
_NOT_ASKED = r"요약|번역|summar|translat|(story|이야기) (above|below|위|아래)"

# Four paws, so that every hero can do what the story asks of it.
_HEROES = {
    "ko": ("고양이", "강아지", "토끼", "여우", "생쥐", "곰"),
    "en": ("cat", "dog", "rabbit", "fox", "mouse", "bear"),
}


def answer(prompt: Prompt) -> Reply | None:
    """Tell the story of the animal that the prompt names, or of a cat."""
    if not prompt.asks(_ASKED) or prompt.asks(_NOT_ASKED):
        return None
    korean, english = _HEROES["ko"], _HEROES["en"]
    named = (n for n in range(len(korean)) if prompt.asks(rf"{korean[n]}|\b{english[n]}s?\b"))
    hero = next(named, 0)
    return _korean(korean[hero]) if prompt.language == "ko" else _english(english[hero])


def _korean(hero: str) -> Reply:
    topic, subject = josa(hero, "은", "는"), josa(hero, "이", "가")
    return reply(
        {"옛날 옛적, 바닷가 언덕에": 2, "먼 옛날, 작은 섬에": 1},
        {f" 달을 좋아하는 {subject} 살았어요.": 2, f" 달만 보면 웃는 {subject} 살았어요.": 1},
        {f" {topic} 밤마다 지붕에 올라가": 2, f" 밤이면 {topic} 높은 나무에 올라가": 1},
        {" 앞발을 쭉 뻗었지만": 2, " 발돋움을 했지만": 1},
        {" 달은 늘 한 뼘 더 멀었지요.": 2, " 달은 빙그레 웃기만 했지요.": 1},
        {"\n\n보름달이 뜬 밤,": 2, "\n\n어느 날 밤,": 1},
        {" 낚싯대를 메고": 2, " 잠자리채를 들고": 1, " 빈 바구니를 안고": 1},
        {" 바다로 나갔더니": 2, " 바닷가로 달려갔더니": 1},
        {" 달이 물 위에 둥실 떠 있지 뭐예요!": 2, " 달이 물에 내려와 있지 뭐예요!": 1},
        {f" {subject} 살짝 건드리자": 2, f" {subject} 살며시 발을 대자": 1},
        {" 달은 은빛 조각으로 흩어졌어요.": 2, " 달은 수백 조각으로 부서졌어요.": 1},
        {"\n\n“어떡해, 내가 달을 깨뜨렸나 봐!”": 2, "\n\n“큰일 났다, 달이 깨졌어!”": 1},
        {" 그때 거북이가 고개를 내밀었어요.": 2, " 지나가던 거북이가 말했어요.": 1},
        {
            " “기다려 보렴. 좋은 건 한 조각씩 온단다.”": 2,
            " “괜찮아. 달은 한 조각씩 돌아온단다.”": 1,
        },
        {"\n\n물결이 잦아들자": 2, "\n\n바람이 잠들자": 1},
        {" 한 조각, 또 한 조각, 빛이 모이더니": 2, " 한 조각, 두 조각, 은빛이 모이더니": 1},
        {" 달이 다시 동그래졌어요.": 2, " 어느새 둥근 달이 되었어요.": 1},
        {
            f" 그 뒤로 {topic} 거북이와 나란히 앉아": 2,
            f" 이제 {topic} 밤마다 물가에 앉아": 1,
        },
        {" 달이 모이는 것을 바라본답니다.": 2, " 한 조각씩 오는 달을 기다린답니다.": 1},
    )


def _english(hero: str) -> Reply:
    return reply(
        {"Once upon a time, on a hill by the sea,": 2, "Long ago, on a very small island,": 1},
        {
            f" there lived a {hero} who loved the moon.": 2,
            f" a {hero} fell in love with the moon.": 1,
        },
        {
            f" Every night the {hero} climbed the roof": 2,
            f" At dusk the {hero} climbed the tallest tree": 1,
        },
        {" and stretched out a paw,": 2, " and reached up as far as it could,": 1},
        {" but the moon was always an inch too far.": 2, " but the moon only smiled.": 1},
        {"\n\nThen, one night when it was full,": 2, "\n\nSo one bright evening,": 1},
        {f" the {hero} took a fishing rod": 2, f" the {hero} packed a butterfly net": 1},
        {" and went down to the water.": 2, " and ran all the way to the beach.": 1},
        {
            " And there it was: the moon, afloat on the waves!": 2,
            " And what do you think? The moon was in the sea!": 1,
        },
        {f" The {hero} touched it, ever so gently,": 2, " One careful paw went out,": 1},
        {
            " and the moon broke into a thousand silver pieces.": 2,
            " and the moon fell to pieces.": 1,
        },
        {"\n\n“Oh no, I have broken the moon!”": 2, "\n\n“Dear me, what have I done?”": 1},
        {f" cried the {hero}.": 2, f" whispered the {hero}.": 1},
        {
            " An old turtle put its head out of the water.": 2,
            " A turtle, who was passing by, stopped to look.": 1,
        },
        {
            " “Wait,” it said. “Good things come one piece at a time.”": 2,
            " “Wait and see,” it said. “The moon comes back in pieces.”": 1,
        },
        {"\n\nThe waves grew still,": 2, "\n\nThe wind lay down to sleep,": 1},
        {
            " and piece by piece the silver came together": 2,
            " and one by one the pieces came home": 1,
        },
        {" until the moon was round again.": 2, " until the moon was whole.": 1},
        {
            f" Ever since, the {hero} and the turtle sit side by side": 2,
            f" To this day the {hero} and the turtle meet at the shore": 1,
        },
        " and watch the moon arrive.",
    )
