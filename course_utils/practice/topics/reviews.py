"""A customer's word on what they bought: one label if the messages want that, else sympathy."""

from __future__ import annotations

import re

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_BOUGHT = re.compile(
    r"배송|포장|택배|주문|상품|제품|물건|품질|사이즈|색(?:깔|상|이|은|도)|옷이|신발"
    r"|\b(?:deliver(?:y|ed)|shipping|parcel|package|box|order(?:ed)?|product|quality|size|colou?r"
    r"|shoes|shirt)\b",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"실망|엉망|늦|찢|깨[져졌]|망가|불량|별로|최악|고장|느려|느리"
    r"|\b(?:disappoint\w*|broken|late|torn|terrible|awful|bad|poor|damaged|slow|worst)\b",
    re.IGNORECASE,
)
_GOOD = re.compile(
    r"좋|마음에 들|만족|빨라|빨랐|빠르|예쁘|예뻐|최고|완벽"
    r"|\b(?:love\w*|great|good|fast|perfect|happy|excellent|beautiful)\b",
    re.IGNORECASE,
)
_WISH = re.compile(r"[?？]|주세요|줘|\b(?:please|write|tell|explain|translate)\b", re.IGNORECASE)
_LABELS = (
    (re.compile(r"긍정.{0,12}부정|부정.{0,12}긍정"), "긍정", "부정"),
    (
        re.compile(r"positive\b.{0,16}\bnegative|negative\b.{0,16}\bpositive", re.IGNORECASE),
        "positive",
        "negative",
    ),
)
_LONGEST = 100


def answer(prompt: Prompt) -> Reply | None:
    """Label a short review where the instructions name two labels; else answer the customer."""
    text = prompt.text
    if len(text) > _LONGEST or not _BOUGHT.search(text) or _WISH.search(text):
        return None
    bad, good = bool(_BAD.search(text)), bool(_GOOD.search(text))
    if bad == good:
        return None
    for named, positive, negative in _LABELS:
        if named.search(prompt.instructions):
            labels = (positive, negative) if good else (negative, positive)
            return reply({labels[0]: 19, labels[1]: 1}, kept="all")
    return (_KO if prompt.language == "ko" else _EN)[good]


_KO = (
    reply(
        {"속상하셨겠어요.": 3, "실망이 크셨겠어요.": 2},
        {" 어떤 점을 도와드릴까요?": 2, " 교환이나 환불이 필요하세요?": 1},
    ),
    reply(
        {"마음에 드셨다니 다행이에요!": 3, "좋은 소식이네요!": 2},
        {" 또 무엇을 도와드릴까요?": 2, " 더 들려주세요.": 1},
    ),
)
_EN = (
    reply(
        {"I am sorry to hear that.": 3, "That must be annoying.": 2},
        {" What can I do for you?": 2, " Do you need an exchange or a refund?": 1},
    ),
    reply(
        {"I am glad you like it!": 3, "That is good to hear!": 2},
        {" What else can I do for you?": 2, " Tell me more.": 1},
    ),
)
