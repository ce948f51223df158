"""Using the chat as a person does, in whichever notebook it stands."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, Request

from course_utils.notebooks import checkout

_CORPUS = checkout() / "tests" / "data" / "hostile_markdown.json"
# Half a character cannot be sent or saved at all.
HOSTILE = [text for text in json.loads(_CORPUS.read_text("utf-8")) if "\ud800" not in text]
SETUP = """from course_utils import connect
from course_utils.widgets import ChatWidget
client = connect("practice", language="ko", quiet=True)
chat = ChatWidget(client, extra_headers={"x-practice-pace": "1"})
chat"""
QUICK = SETUP.replace('"1"', '"20"')


def make_notebook(path: Path, *cells: str) -> None:
    """Write a notebook with these code cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(notebook, path)


class ChatPage:
    """The first chat on a page, by the names that a screen reader says."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".cu-widget:has(.cu-ask)").first
        self.root.wait_for()
        self.box = self.root.get_by_role("textbox", name="메시지", exact=True)
        self.stop = self.button("멈추기")
        # The keys are there a moment after the controls.
        page.wait_for_function("() => document.querySelector('.cu-widget[data-keys]')")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def said(self) -> str:
        """The last reply, as far as it has come."""
        replies = self.root.locator(".cu-assistant p")
        return "\n".join(replies.all_inner_texts())

    def wait_for_reply(self) -> None:
        self.root.locator(".cu-live .cu-assistant").wait_for()

    def wait_for_end(self) -> None:
        self.root.locator(".cu-stop:disabled").wait_for()

    def compose(self, *states: str) -> None:
        """Build a syllable with an input method: ㅈ, 지."""
        session = self.page.context.new_cdp_session(self.page)
        for text in states:
            place = {"selectionStart": len(text), "selectionEnd": len(text)}
            session.send("Input.imeSetComposition", {"text": text, **place})

    def enter_while_composing(self) -> None:
        """Press Enter as a browser tells it while an input method still has the key: as 229."""
        session = self.page.context.new_cdp_session(self.page)
        key = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
        session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})

    def commit(self, text: str) -> None:
        """Let the input method give the syllable to the page."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Input.insertText", {"text": text})


def types_korean(chat: ChatPage) -> None:
    """Half a syllable is not sent, Shift+Enter breaks the line, Enter sends."""
    chat.box.click()
    chat.page.keyboard.type("제 이름은 ")
    chat.compose("ㅈ", "지")
    chat.enter_while_composing()
    chat.page.wait_for_timeout(300)
    assert chat.root.locator(".cu-user").count() == 0
    chat.commit("지")
    chat.page.keyboard.type("우예요.")
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.type("반가워요.")
    assert chat.box.input_value() == "제 이름은 지우예요.\n반가워요."
    assert chat.root.locator(".cu-user").count() == 0
    chat.page.keyboard.press("Enter")
    chat.wait_for_reply()
    assert chat.box.input_value() == ""
    assert chat.root.locator(".cu-user p").inner_text() == "제 이름은 지우예요.\n반가워요."


def watches_and_stops(chat: ChatPage) -> None:
    """The reply grows, and Stop ends it where it is."""
    seen = {chat.said()}
    while len(seen) < 4:
        chat.page.wait_for_timeout(100)
        assert chat.stop.is_enabled(), f"The reply was over after {seen}."
        seen.add(chat.said())
    grown = sorted(seen, key=len)
    assert all(longer.startswith(shorter) for shorter, longer in pairwise(grown))
    chat.stop.click()
    chat.wait_for_end()
    kept = chat.said()
    chat.page.wait_for_timeout(700)
    assert chat.said() == kept
    assert kept.startswith(grown[-1])
    assert "멈췄어요" in chat.root.inner_text()


def uses_the_keyboard_only(chat: ChatPage) -> None:
    """From the box, Tab leads to every button; Enter and Space press them."""
    keyboard = chat.page.keyboard
    chat.box.focus()
    keyboard.type("짧은 이야기를 들려주세요.")
    keyboard.press("Tab")
    assert focused(chat.page) == "보내기"
    keyboard.press("Enter")
    chat.root.locator(".cu-stop:enabled").wait_for()
    assert chat.page.evaluate("() => document.activeElement.tagName") == "TEXTAREA"
    for _key in range(2):
        keyboard.press("Tab")
    assert focused(chat.page) == "멈추기"
    keyboard.press("Space")
    chat.wait_for_end()
    assert chat.root.locator(".cu-user").count() == 2


def focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement.innerText"))


def stays_harmless(chat: ChatPage, asked: list[Request]) -> None:
    """A corpus of attacks is on the page, as text; a control shows that this can fail."""
    page = chat.page
    page.wait_for_timeout(500)
    inside = chat.root.locator(".cu-log")
    found = inside.locator("script, img, svg, iframe, object, embed, form, input, style, video")
    assert found.count() == 0
    assert (
        inside.locator("a:not([href^='http'])").count() == inside.locator("a:not([href])").count()
    )
    assert inside.locator("[onerror], [onload], [onclick], [id], [name]").count() == 0
    for link in inside.locator("a[href]").all():
        assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    assert "window.acted='script'" in inside.inner_text()
    assert page.evaluate("() => window.acted") is None
    assert [request.url for request in asked if "evil.invalid" in request.url] == []
    page.evaluate(
        """texts => {
        const raw = document.createElement("div");
        document.body.append(raw);
        raw.innerHTML = texts.join("");
    }""",
        HOSTILE[3:5],
    )
    page.wait_for_function("() => window.acted === 'img'")
    assert [request.url for request in asked if "evil.invalid" in request.url] != []
