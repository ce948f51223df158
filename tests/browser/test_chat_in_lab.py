"""The chat in JupyterLab, with the newest ipywidgets, used as a person uses it."""

from __future__ import annotations

import json
from pathlib import Path

from chat_page import (
    HOSTILE,
    QUICK,
    SETUP,
    ChatPage,
    make_notebook,
    stays_harmless,
    types_korean,
    uses_the_keyboard_only,
    watches_and_stops,
)
from notebook_page import command, open_in_lab, run_all, screenshot, wait_until_idle
from playwright.sync_api import Page, Request, expect

DRAW_HOSTILE = """
from course_utils import assistant, user
from course_utils.conversation import Conversation
import json
from pathlib import Path
said = Conversation(client)
for text in json.loads(Path("hostile.json").read_text("utf-8")):
    said.add(user(text)), said.add(assistant(text))
said.save("said.json")
chat = ChatWidget(client)
chat.load("said.json")
chat.send("\\n\\n".join(text for text in json.loads(Path("hostile.json").read_text("utf-8"))))
chat"""


def test_korean_keys_stop_and_themes(page: Page, lab: str, reader: Path) -> None:
    make_notebook(reader / "notebooks" / "chat.ipynb", SETUP, "print(chat.status)")
    open_in_lab(page, lab, "chat.ipynb")
    run_all(page)
    chat = ChatPage(page)
    types_korean(chat)
    watches_and_stops(chat)
    uses_the_keyboard_only(chat)
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        command(page, "apputils:change-theme", theme=theme)
        page.wait_for_timeout(1500)
        screenshot(page, f"chat_{theme.split()[1].lower()}")
    page.set_viewport_size({"width": 640, "height": 900})
    page.wait_for_timeout(500)
    screenshot(page, "chat_narrow")
    log = chat.root.locator(".cu-log")
    wide = log.evaluate("log => log.scrollWidth - log.clientWidth")
    assert wide <= 0


def test_every_control_has_a_name(page: Page, lab: str, reader: Path) -> None:
    make_notebook(
        reader / "notebooks" / "all.ipynb",
        QUICK,
        "from course_utils.widgets import ParameterPlayground, TokenExplorer",
        "TokenExplorer('아버지가 방에 들어가신다')",
        "ParameterPlayground(client, '짧은 시를 한 편 써 주세요.')",
    )
    open_in_lab(page, lab, "all.ipynb")
    run_all(page)
    chat = ChatPage(page)
    chat.root.get_by_text("설정", exact=True).click()
    chat.root.get_by_text("저장하고 불러오기").wait_for()
    page.locator(".cu-run").wait_for()
    nameless = page.evaluate("""() => [...document.querySelectorAll(
        ".cu-widget :is(input, textarea, select, button, [role=slider])")]
        .filter(each => !(each.innerText || each.labels?.[0]?.innerText || each.ariaLabel
            || each.closest(".jupyter-widgets").querySelector("label")?.innerText))
        .map(each => each.outerHTML)""")
    assert nameless == []
    assert chat.root.get_by_role("log").count() == 1
    page.get_by_role("button", name="실행", exact=True).click()
    page.locator(".cu-bars").wait_for()
    chat.root.get_by_text("설정", exact=True).click()
    for text in ("제 이름은 지우예요.", "스트리밍이 뭐예요? 글머리표로 답해 주세요."):
        chat.box.fill(text)
        chat.box.press("Enter")
        chat.root.locator(".cu-stop:enabled").wait_for()
        chat.wait_for_end()
    page.set_viewport_size({"width": 1000, "height": 1000})
    for name, css in (("chat", ".cu-ask"), ("tokens", ".cu-text"), ("playground", ".cu-run")):
        widget = page.locator(f".cu-widget:has({css})")
        widget.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        screenshot(page, f"widget_{name}", widget)


def test_hostile_text_does_nothing(page: Page, lab: str, reader: Path) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.on("dialog", lambda dialog: page.evaluate("() => { window.acted = 'dialog' }"))
    folder = reader / "notebooks"
    (folder / "hostile.json").write_text(json.dumps(HOSTILE), encoding="utf-8")
    make_notebook(folder / "hostile.ipynb", SETUP.rpartition("\n")[0], DRAW_HOSTILE)
    open_in_lab(page, lab, "hostile.ipynb")
    run_all(page)
    chat = ChatPage(page)
    chat.wait_for_end()
    screenshot(page, "hostile")
    stays_harmless(chat, asked)


def test_after_a_reload_the_chat_is_still_there(page: Page, lab: str, reader: Path) -> None:
    make_notebook(reader / "notebooks" / "again.ipynb", QUICK, "chat.send('제 이름은 지우예요.')")
    open_in_lab(page, lab, "again.ipynb")
    run_all(page)
    chat = ChatPage(page)
    chat.wait_for_reply()
    command(page, "docmanager:save")
    page.reload()
    wait_until_idle(page)
    chat = ChatPage(page)
    chat.wait_for_end()
    assert "지우" in chat.said()
    chat.box.fill("제 이름이 뭐예요?")
    chat.box.press("Enter")
    expect(chat.root.locator(".cu-user")).to_have_count(2)
