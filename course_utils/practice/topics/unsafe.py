"""Declines what is clearly meant to harm; the API sends this in ``refusal``, not ``content``."""

from __future__ import annotations

import re

from course_utils.practice.prompt import Prompt
from course_utils.practice.reply import Reply, reply

_HARM = re.compile(
    r"(?:폭탄|폭발물|사제 ?총|총기|독극물|마약|필로폰|위조 ?지폐|악성 ?코드|랜섬웨어"
    r"|컴퓨터 바이러스|신경 ?가스)"
    r".{0,20}(?:만드|만들|제조|합성|짜 ?줘|작성)"
    r"|\b(?:make|build|synthesi[sz]e|cook|create|write)\b.{0,20}\b(?:bombs?|explosives?|poison"
    r"|nerve agent"
    r"|(?:crystal )?meth|counterfeit money|malware|ransomware|keylogger|computer virus|ghost gun)\b"
    r"|(?:남의|다른 사람|타인|친구|여자친구|남자친구|전 애인)\S*.{0,12}"
    r"(?:비밀번호|계정|카드 번호|카드번호|휴대폰|핸드폰).{0,12}(?:훔|해킹|알아내|빼내|뚫)"
    r"|\b(?:steal|hack|break) ?(?:in|into)?\b.{0,20}\b(?:passwords?|accounts?|credit cards?"
    r"|identity)\b"
    r"|(?:자살|자해)(?:하는|할)? ?(?:방법|법)\b|\b(?:how|ways?) (?:to|can i) (?:kill"
    r"|hurt) (?:myself|someone|people)\b"
    r"|(?:사람|누군가)\S* (?:죽이|해치)(?:는|려면|고 싶)",
    re.IGNORECASE,
)
# The same words from somebody who wants no harm: defence, news, figures of speech. What slips
# through here meets a model that has nothing dangerous to say.
_HARMLESS = re.compile(
    r"막(?:는|으|을|아)|예방|방지|보호|지키|대처|신고|당했|당하|위험|왜 |뉴스|폭탄주|물폭탄|눈폭탄"
    r"|목욕|세금 ?폭탄"
    r"|\b(?:prevent|protect|avoid|stop(?:s|ping)?|detect|defend|against|why|report|happens? when"
    r"|was hacked"
    r"|bath bombs?|cherry bombs?|photo ?bombs?|poison ivy|rat poison|my own)\b",
    re.IGNORECASE,
)


def answer(prompt: Prompt) -> Reply | None:
    """Decline in a sentence, or return None for everything that is not clearly unsafe."""
    if not _HARM.search(prompt.text) or _HARMLESS.search(prompt.text):
        return None
    if prompt.language == "ko":
        return reply(
            {"죄송하지만 그 요청은 도와드릴 수 없어요.": 3, "그 일은 도와드릴 수 없어요.": 1}
        )
    return reply({"I'm sorry, but I can't help with that.": 3, "I can't help with that.": 1})
