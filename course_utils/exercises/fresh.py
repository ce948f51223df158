"""A check's source of inputs that nobody can know beforehand, in the student's language."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

import tiktoken

from course_utils import catalog

T = TypeVar("T")

_NAMES = {
    "ko": [
        "가람",
        "나래",
        "다온",
        "라온",
        "마루",
        "바다",
        "새봄",
        "아라",
        "이든",
        "주아",
        "채운",
        "하늘",
        "한결",
        "해솔",
    ],
    "en": [
        "Ada",
        "Bruno",
        "Carla",
        "Dmitri",
        "Elena",
        "Farid",
        "Greta",
        "Hugo",
        "Ines",
        "Jonas",
        "Kira",
        "Liam",
        "Mona",
        "Nils",
    ],
}
_WORDS = {
    "ko": [
        "등대",
        "돌담",
        "우물",
        "수레",
        "깃발",
        "창고",
        "지붕",
        "기차",
        "나루",
        "화분",
        "계단",
        "양초",
        "바구니",
        "나침반",
    ],
    "en": [
        "lighthouse",
        "wall",
        "well",
        "wagon",
        "banner",
        "barn",
        "roof",
        "train",
        "ferry",
        "pot",
        "stair",
        "candle",
        "bell",
    ],
}
_SAYINGS = {
    "ko": (
        "{name} 님은 {word} 옆에서 {number}번째 종이배를 접었어요.",
        "{number}번 {word}에는 {name} 님이 그린 그림이 걸려 있어요.",
        "오늘 {name} 님이 {word} 앞에서 씨앗을 {number}개 심었답니다.",
        "{word} 뒤의 서랍에서 {name} 님의 편지 {number}통이 나왔어요.",
    ),
    "en": (
        "{name} folded paper boat number {number} beside the {word}.",
        "The picture that {name} painted hangs on {word} number {number}.",
        "Today {name} planted {number} seeds in front of the {word}.",
        "In the drawer behind the {word} lay {number} letters from {name}.",
    ),
}


class Fresh:
    """Made-up inputs; the same seed, task and language give the same ones.

    Args:
        seed: any number.
        number: the task's, so that two tasks of one run differ.
        language: ``"ko"`` or ``"en"``.

    Attributes:
        random: the source of all of them, for what the methods do not offer.
    """

    def __init__(self, seed: int, number: str, language: str) -> None:
        self.language = language
        self.random = random.Random(f"{seed}:{number}:{language}")
        self._said: set[str] = set()

    def name(self) -> str:
        """A person's name."""
        return self.random.choice(_NAMES[self.language])

    def word(self) -> str:
        """A noun."""
        return self.random.choice(_WORDS[self.language])

    def number(self, low: int = 100, high: int = 9999) -> int:
        """A whole number, both ends included."""
        return self.random.randint(low, high)

    def sentence(self) -> str:
        """A sentence that was not used in this check yet: a prompt, or a server's reply."""
        while True:
            made = self.random.choice(_SAYINGS[self.language]).format(
                name=self.name(), word=self.word(), number=self.number()
            )
            if made not in self._said:
                self._said.add(made)
                return made

    def pick(self, choices: Sequence[T]) -> T:
        """One of several."""
        return self.random.choice(choices)

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """The same values in another order."""
        return self.random.sample(list(values), len(values))

    def price(self) -> Decimal:
        """Dollars per million tokens, in cents."""
        return Decimal(self.number(5, 2000)) / 100

    def model(self, family: str = "reasoning") -> str:
        """A model of the catalogue, ``family`` ``"classic"`` or ``"reasoning"``.

        One that tiktoken knows, and that has no announced end as long as there is such a one.
        """
        of_family = [
            model for model in catalog.models() if model.family == family and _is_known(model.name)
        ]
        living = [model for model in of_family if model.end is None]
        return self.random.choice(living or of_family).name


def _is_known(name: str) -> bool:
    """Whether tiktoken knows a model; of others, the practice server says that it guesses."""
    try:
        return bool(tiktoken.encoding_name_for_model(name))
    except KeyError:
        return False
