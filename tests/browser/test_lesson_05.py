"""Lesson 05 in JupyterLab, in Korean, from opening it to the day after."""

from __future__ import annotations

from chat_page import ChatPage, types_korean, watches_and_stops
from notebook_page import command, open_in_lab, run_all, screenshot, wait_until_idle
from playwright.sync_api import Page, expect

from course_utils.notebooks import checkout, read

LESSON = "05_chat_widget"
SLOWLY = "chat.options = {'extra_headers': {'x-practice-pace': '1'}}"


def test_lesson_05_in_korean(page: Page, lab: str) -> None:
    open_in_lab(page, lab, f"ko/{LESSON}.ipynb")
    cells = run_all(page)
    stored = {cell.id: cell for cell in read(checkout() / f"notebooks/ko/{LESSON}.ipynb").cells}
    for cell in cells:
        failed = [out["ename"] for out in cell["outputs"] if out["output_type"] == "error"]
        tags = stored[cell["id"]].metadata.get("tags", [])
        assert bool(failed) == ("raises-exception" in tags), (cell["id"], failed)

    chat = ChatPage(page)
    assert chat.root.locator(".cu-user").count() == 2  # what the lesson's own code said
    chat.button("새 대화").click()
    expect(chat.root.locator(".cu-user")).to_have_count(0)
    _run(page, SLOWLY)
    types_korean(chat)
    watches_and_stops(chat)
    chat.root.scroll_into_view_if_needed()
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        command(page, "apputils:change-theme", theme=theme)
        page.wait_for_timeout(1500)
        screenshot(page, f"ko_{LESSON}_{theme.split()[1].lower()}")

    said = chat.said()
    command(page, "docmanager:save")
    page.reload()
    wait_until_idle(page)
    again = ChatPage(page)
    expect(again.root.locator(".cu-assistant")).to_have_count(1)
    assert again.said() == said
    again.box.fill("제 이름이 뭐예요?")
    again.box.press("Enter")
    expect(again.root.locator(".cu-user")).to_have_count(2)
    again.root.scroll_into_view_if_needed()
    screenshot(page, f"ko_{LESSON}_reloaded")


def _run(page: Page, code: str) -> None:
    """Run a line in the lesson's kernel, as a cell that the reader adds would."""
    page.evaluate(
        """async code => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            await kernel.requestExecute({code, allow_stdin: true}).done;
        }""",
        code,
    )
