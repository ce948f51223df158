"""In a real kernel: what a machine gets, and that a cell run again leaves nothing behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

TIMEOUT = 60
SETUP = """
from course_utils import connect
from course_utils.widgets import ChatWidget, ParameterPlayground, TokenExplorer
client = connect("practice", quiet=True, language="en")
def alive():
    from ipywidgets.widgets import widget
    found = getattr(widget, "_instances", None)
    return len(widget.Widget.widgets if found is None else found)
"""


@pytest.fixture(scope="module")
def kernel() -> Iterator[BlockingKernelClient]:
    manager = KernelManager()
    environment = {k: v for k, v in os.environ.items() if k != "COURSE_PERSON"}
    manager.start_kernel(env=environment)
    try:
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=TIMEOUT)
        run(client, SETUP)
        yield client
        client.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)


def run(
    kernel: BlockingKernelClient, code: str, *, person: bool = False
) -> list[tuple[str, dict[str, Any]]]:
    """Run a cell; the kind and content of every message that it made."""
    made: list[tuple[str, dict[str, Any]]] = []
    reply = kernel.execute_interactive(
        code,
        allow_stdin=person,
        timeout=TIMEOUT,
        output_hook=lambda message: made.append((message["msg_type"], message["content"])),
    )
    assert reply["content"]["status"] == "ok", reply["content"]
    return made


def printed(made: list[tuple[str, dict[str, Any]]]) -> str:
    return "".join(content["text"] for kind, content in made if kind == "stream")


def test_a_machine_gets_text_and_no_widget(kernel: BlockingKernelClient) -> None:
    made = run(kernel, 'chat = ChatWidget(client)\nawait chat.send("제 이름은 지우예요.")\nchat')
    assert printed(made).startswith("ChatWidget · ")
    assert "You: 제 이름은 지우예요." in printed(made)
    assert {kind for kind, _content in made} == {"status", "execute_input", "stream"}
    made = run(kernel, 'TokenExplorer("안녕")')
    assert "o200k_base" in printed(made)
    made = run(
        kernel, 'play = ParameterPlayground(client, "시를 써 주세요.")\nawait play.run()\nplay'
    )
    assert "ParameterPlayground" in printed(made)
    assert int(printed(run(kernel, "print(alive())"))) == 0


def test_a_person_gets_a_widget(kernel: BlockingKernelClient) -> None:
    made = run(kernel, "ChatWidget(client)", person=True)
    shown = [content["data"] for kind, content in made if kind == "display_data"]
    assert ["application/vnd.jupyter.widget-view+json" in data for data in shown] == [True]


@pytest.mark.parametrize(
    "cell",
    [
        "chat = ChatWidget(client)\nchat.send('짧은 이야기를 들려주세요.')\nchat",
        "TokenExplorer('안녕')",
        "ParameterPlayground(client, 'x')",
    ],
)
def test_a_cell_run_again_leaves_nothing_behind(kernel: BlockingKernelClient, cell: str) -> None:
    run(kernel, cell, person=True)
    counts = set()
    for _time in range(3):
        run(kernel, cell, person=True)
        counts.add(printed(run(kernel, "print(alive())")))
    assert len(counts) == 1


def test_two_widgets_of_one_cell_live_together(kernel: BlockingKernelClient) -> None:
    cell = "one = TokenExplorer('가')\ntwo = TokenExplorer('나')\ndisplay(one, two)"
    run(kernel, cell, person=True)
    made = run(kernel, cell, person=True)
    assert sum(kind == "display_data" for kind, _content in made) == 2
    assert printed(run(kernel, "print(one.widget.comm is not None)")) == "True\n"


def test_the_kernel_is_free_while_a_reply_comes(kernel: BlockingKernelClient) -> None:
    slow = "chat = ChatWidget(client, extra_headers={'x-practice-pace': '5'})\n"
    run(kernel, slow + "pending = chat.send('짧은 이야기를 들려주세요.')", person=True)
    assert printed(run(kernel, "print(6 * 7, chat.busy)")) == "42 True\n"
    run(kernel, "chat.stop()")
    assert printed(run(kernel, "print(chat.status, pending.done())")) == "stopped True\n"
