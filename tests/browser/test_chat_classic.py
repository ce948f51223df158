"""The chat in the classic notebook, with ipywidgets 7.7.1: what Colab ships."""

from __future__ import annotations

from pathlib import Path

import pytest
from chat_page import SETUP, ChatPage, make_notebook, types_korean, watches_and_stops
from notebook_page import screenshot
from playwright.sync_api import Page

ipywidgets = pytest.importorskip("ipywidgets")
pytestmark = pytest.mark.skipif(
    not ipywidgets.__version__.startswith("7."), reason="Only make colab has ipywidgets 7."
)


def test_korean_keys_and_stop(page: Page, classic: str, reader: Path) -> None:
    make_notebook(reader / "notebooks" / "chat.ipynb", SETUP)
    page.goto(classic.replace("/tree?", "/notebooks/chat.ipynb?"))
    page.locator("#kernel_indicator_icon.kernel_idle_icon").wait_for()
    page.locator(".code_cell .CodeMirror").first.click()
    page.keyboard.press("Control+Enter")
    chat = ChatPage(page)
    types_korean(chat)
    watches_and_stops(chat)
    screenshot(page, "chat_ipywidgets_7")
