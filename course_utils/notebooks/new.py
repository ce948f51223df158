"""Starts a lesson: every part that a lesson has, in both languages, ready to run and to rewrite."""

from __future__ import annotations

import re
from pathlib import Path

from nbformat import NotebookNode, v4

from course_utils.errors import NotebookError
from course_utils.language import gettext as _
from course_utils.notebooks import Lesson, store

_NAME = re.compile(r"\d\d_[a-z][a-z0-9_]*")

_TITLE = {
    "ko": """# {number} · {title}

<!-- links --><!-- /links -->

**이 수업을 마치면**

- …할 수 있어요.
- …할 수 있어요.
- …할 수 있어요.

걸리는 시간은 30분쯤이에요. 앞 수업을 먼저 보세요. 실제 API로 이 수업을 끝까지 실행하면 \
<!-- cost --><!-- /cost --> 정도 들어요. 키가 없으면 연습 서버가 답하고, 돈은 들지 않아요.""",
    "en": """# {number} · {title}

<!-- links --><!-- /links -->

**After this lesson you can**

- do …;
- do …;
- do ….

It takes about 30 minutes. Read the lesson before it. Run to the end on the real API, the lesson \
costs about <!-- cost --><!-- /cost -->. Without a key the practice server answers, and you pay \
nothing.""",
}

_SETUP = """import sys
if "google.colab" in sys.modules:
    %pip install -q "git+https://…"
from course_utils import connect, default_model, predict, quiz, spent
from course_utils.cost import dollars
client = connect(language="{language}")
MODEL = default_model(client)"""

_FAILS = """%xmode Minimal
client.chat.completions.create(model=MODEL, messages=[])"""

# In order: id, the cell in Korean, the cell in English. Markdown, unless the id is in _CODE.
_CELLS: tuple[tuple[str, str, str], ...] = (
    ("start", "먼저 아래 셀을 실행하세요.", "Run the cell below first."),
    ("setup", _SETUP.format(language="ko"), _SETUP.format(language="en")),
    (
        "claim",
        "## 1. 주장을 제목으로\n\n무엇을 왜 보는지 두세 문장. 새 말은 **낱말**(word)처럼 적어요.",
        "## 1. The claim as a heading\n\nTwo or three sentences: what we look at, and why.",
    ),
    (
        "ask-first",
        'guess = predict("이 셀을 실행하면?", ["인사가 와요", "오류가 나요"])',
        'guess = predict("What will the next cell do?", ["print a greeting", "fail"])',
    ),
    ("before-run", "고르고 나서 실행하세요.", "Choose, then run it."),
    (
        "run",
        """messages = [{"role": "user", "content": "안녕하세요?"}]
response = client.chat.completions.create(model=MODEL, messages=messages)
print(response.choices[0].message.content)
guess.reveal("인사가 와요")""",
        """messages = [{"role": "user", "content": "Hello!"}]
response = client.chat.completions.create(model=MODEL, messages=messages)
print(response.choices[0].message.content)
guess.reveal("print a greeting")""",
    ),
    (
        "explain",
        "위의 출력을 인용하며 설명해요. “…” 안의 말과 숫자는 위 출력에 있어야 해요.",
        "Explain, quoting the output above: what stands in quotation marks must stand there.",
    ),
    ("second", "## 2. 다음 주장", "## 2. The next claim"),
    (
        "second-run",
        'more = predict("토큰은 몇 개일까요?", ["10개가 안 돼요", "10개가 넘어요"])\n'
        "more.reveal(1 if response.usage.prompt_tokens < 10 else 2)",
        'more = predict("How many tokens?", ["fewer than 10", "10 or more"])\n'
        "more.reveal(1 if response.usage.prompt_tokens < 10 else 2)",
    ),
    (
        "mistake",
        "## 3. 일부러 해 보는 실수\n\n이 셀은 오류가 나요. `%xmode Minimal`은 끝 줄만 남겨요.",
        "## 3. Mistakes worth making\n\nThis cell fails. `%xmode Minimal` keeps its last line.",
    ),
    ("fails", _FAILS, _FAILS),
    ("read-error", "오류를 한 항목씩 읽어요.", "Read the error, field by field."),
    (
        "play",
        "## 4. 마음껏 바꿔 보기\n\n무엇을 바꾸면 무엇이 달라질까요?",
        "## 4. Playground\n\nWhat changes when you turn the knob?",
    ),
    (
        "playground",
        """TEXT = "안녕하세요?"  # 바꿔 보세요

messages = [{"role": "user", "content": TEXT}]
response = client.chat.completions.create(model=MODEL, messages=messages)
print(response.choices[0].message.content)""",
        """TEXT = "Hello!"  # turn this

messages = [{"role": "user", "content": TEXT}]
response = client.chat.completions.create(model=MODEL, messages=messages)
print(response.choices[0].message.content)""",
    ),
    ("questions", "## 5. 퀴즈", "## 5. Quiz"),
    (
        "quiz",
        """quiz("첫 물음", {
    "맞는 답": "왜 맞는지.",
    "틀린 답": "왜 틀린지.",
}, answer="맞는 답")
quiz("둘째 물음", {
    "틀린 답": "왜 틀린지.",
    "맞는 답": "왜 맞는지.",
}, answer="맞는 답")""",
        """quiz("The first question", {
    "right": "Why it is right.",
    "wrong": "Why it is wrong.",
}, answer="right")
quiz("The second question", {
    "wrong": "Why it is wrong.",
    "right": "Why it is right.",
}, answer="right")""",
    ),
    ("recap", "## 정리\n\n- …\n- …\n- …", "## Recap\n\n- …\n- …\n- …"),
    (
        "spent",
        'print(f"이 수업에 든 돈(정가): {dollars(spent(client))}")',
        'print(f"This lesson cost, at list price: {dollars(spent(client))}")',
    ),
    (
        "next",
        "다음 수업에서는 …\n\n<!-- links --><!-- /links -->",
        "Next …\n\n<!-- links --><!-- /links -->",
    ),
)
_CODE = {"setup", "ask-first", "run", "second-run", "fails", "playground", "quiz", "spent"}


def start(root: Path, name: str, titles: dict[str, str]) -> list[Lesson]:
    """Write a lesson's first version in every language; return both.

    ``name`` is two digits and a word (``11_images``); ``titles`` gives the title in each language.
    Raises :class:`NotebookError` for another kind of name, and when such a lesson exists.
    """
    if not _NAME.fullmatch(name):
        raise NotebookError(
            _("{name!r} is no lesson's name: write two digits and a word, as in 11_images.").format(
                name=name
            )
        )
    found = [Lesson(root / "notebooks" / language / f"{name}.ipynb") for language in titles]
    for lesson in found:
        if lesson.path.exists():
            raise NotebookError(_("{lesson} is there already.").format(lesson=lesson.label))
    for lesson in found:
        cells = _cells(lesson, titles[lesson.language])
        store(lesson.path, v4.new_notebook(cells=cells))
    return found


def _cells(lesson: Lesson, title: str) -> list[NotebookNode]:
    column = ["ko", "en"].index(lesson.language)
    text = _TITLE[lesson.language].format(number=lesson.name[:2], title=title)
    return [_cell("title", text)] + [_cell(name, texts[column]) for name, *texts in _CELLS]


def _cell(name: str, text: str) -> NotebookNode:
    cell: NotebookNode
    if name not in _CODE:
        cell = v4.new_markdown_cell(text, id=name)
    else:
        cell = v4.new_code_cell(text, id=name)
    if name == "fails":
        cell.metadata.tags = ["raises-exception"]
    return cell
