"""Doing to a notebook in a browser what a reader does."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

from course_utils.notebooks import checkout

_CELLS = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    return panel.content.model.sharedModel.toJSON().cells.filter(cell => cell.cell_type === "code");
}"""
_BUSY = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.sessionContext?.session?.kernel?.status !== "idle";
}"""


def open_in_lab(page: Page, lab: str, path: str) -> None:
    """Open a notebook in JupyterLab, and wait until its kernel is ready."""
    page.goto(lab.replace("/lab?", f"/lab/tree/{path}?"))
    wait_until_idle(page)


def wait_until_idle(page: Page) -> None:
    page.wait_for_function(f"() => !({_BUSY})()")


def run_all(page: Page) -> list[dict[str, Any]]:
    """Run all cells in JupyterLab, and give them with their outputs."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(f"() => ({_CELLS})().every(cell => cell.execution_count)")
    wait_until_idle(page)
    cells: list[dict[str, Any]] = page.evaluate(_CELLS)
    return cells


def command(page: Page, name: str, **arguments: Any) -> None:
    """Do what a menu entry of JupyterLab does, and wait until it is done."""
    page.evaluate(
        "([name, args]) => window.jupyterapp.commands.execute(name, args)", [name, arguments]
    )


def screenshot(page: Page, name: str, of: Locator | None = None) -> None:
    """Keep what the reader sees, or one part of it, for a person to look at."""
    page.add_style_tag(content=".Toastify { display: none }")  # JupyterLab's question about news
    path = checkout() / "build" / "screenshots" / f"{name}.png"
    (of or page).screenshot(path=path)
