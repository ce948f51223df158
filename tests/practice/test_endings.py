"""Korean speech levels: a table of forms, and every wording of every topic."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.practice import endings, topics
from course_utils.practice.topics.terms import TERMS

FORMS = [
    ("읽어요.", "읽습니다.", "읽어."),
    ("있어요?", "있습니까?", "있어?"),
    ("했어요!", "했습니다!", "했어!"),
    ("토큰이에요.", "토큰입니다.", "토큰이야."),
    ("서버예요.", "서버입니다.", "서버야."),
    ("API예요.", "API입니다.", "API야."),
    ("24예요.", "24입니다.", "24야."),
    ("아니에요.", "아닙니다.", "아니야."),
    ("받는 거예요.", "받는 것입니다.", "받는 거야."),
    ("이게 뭐예요?", "이게 무엇입니까?", "이게 뭐야?"),
    ("만들어요.", "만듭니다.", "만들어."),
    ("보여요.", "보입니다.", "보여."),
    ("알려요.", "알립니다.", "알려."),
    ("배워요.", "배웁니다.", "배워."),
    ("어려워요.", "어렵습니다.", "어려워."),
    ("도와요.", "돕습니다.", "도와."),
    ("흘러요.", "흐릅니다.", "흘러."),
    ("골라요.", "고릅니다.", "골라."),
    ("돼요.", "됩니다.", "돼."),
    ("와요.", "옵니다.", "와."),
    ("봐요.", "봅니다.", "봐."),
    ("줘요.", "줍니다.", "줘."),
    ("써요.", "씁니다.", "써."),
    ("가요.", "갑니다.", "가."),
    ("토큰으로 세요.", "토큰으로 셉니다.", "토큰으로 세."),
    ("보내요.", "보냅니다.", "보내."),
    ("맞죠?", "맞습니까?", "맞지?"),
    ("멀었지요.", "멀었습니다.", "멀었지."),
    ("않거든요.", "않기 때문입니다.", "않거든."),
    ("쓸게요.", "쓰겠습니다.", "쓸게."),
    ("들려주세요.", "들려주십시오.", "들려줘."),
    ("궁금하세요?", "궁금하십니까?", "궁금해?"),
    ("알려 주셨어요.", "알려 주셨습니다.", "알려 줬어."),
    ("않으셨어요.", "않으셨습니다.", "않았어."),
    ("안녕하세요, 반가워요!", "안녕하십니까, 반갑습니다!", "안녕, 반가워!"),
    ("지우 님, 제 답이 맞죠?", "지우 님, 제 답이 맞습니까?", "지우야, 내 답이 맞지?"),
    (
        "저는 “안녕하세요.”라고 했어요.",
        "저는 “안녕하세요.”라고 했습니다.",
        "나는 “안녕하세요.”라고 했어.",
    ),
    ("중요한 필요, 요리", "중요한 필요, 요리", "중요한 필요, 요리"),  # nouns, and no verb
]


@pytest.mark.parametrize(("polite", "formal", "casual"), FORMS)
def test_a_polite_form_has_its_formal_and_its_casual_form(
    polite: str, formal: str, casual: str
) -> None:
    assert endings.formal(polite) == formal
    assert endings.casual(polite) == casual


def _wordings() -> Iterator[str]:
    """Yield every Korean text that a topic's functions and tables hold, its gaps filled."""
    for path in sorted(Path(topics.__file__).parent.glob("*.py")):
        if path.stem != "phrases":  # translations stand in quotation marks, word for word
            yield from _texts(ast.parse(path.read_text(encoding="utf-8")))
    for term in TERMS.values():
        for part in ("what", "more", "pupil", "expert"):
            yield from term["ko"][part]


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "reply":
            for inner in ast.walk(node):
                if isinstance(inner, ast.JoinedStr):
                    yield "".join(
                        part.value if isinstance(part, ast.Constant) else "지우"
                        for part in inner.values
                    )
                elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.value


WORDINGS = sorted({text for text in _wordings() if re.search("[가-힣]", text)})
LEFT = re.compile(r"(?:요|죠)(?=[\s.,!?:;…]|$)")


def test_there_are_wordings_to_convert() -> None:
    assert sum(bool(LEFT.search(text)) for text in WORDINGS) > 200


@pytest.mark.parametrize("change", [endings.formal, endings.casual])
def test_no_wording_of_any_topic_keeps_a_polite_ending(change: object) -> None:
    assert callable(change)
    changed = [re.sub("“[^”]*”", "“”", change(text)) for text in WORDINGS]
    assert [text for text in changed if LEFT.search(text)] == []


def test_formal_sentences_end_as_they_must() -> None:
    ends = re.compile(r"(?:니다|니까|십시오|면 되겠습니까)[.!?:]|[.!?]”")
    sentences = [text for text in WORDINGS if re.search(r"(?:요|죠)[.!?:]$", text)]
    assert len(sentences) > 200
    assert [text for text in map(endings.formal, sentences) if not ends.search(text)] == []
