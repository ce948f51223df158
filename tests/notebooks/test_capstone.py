"""Lesson 10: its numbers are the output's, its page and its key are safe, its Responses exist."""

from __future__ import annotations

import inspect
import json
import re
from ast import literal_eval
from decimal import Decimal
from html import escape
from html.parser import HTMLParser
from math import ceil
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import openai
import papermill
import pytest
from nbformat import NotebookNode, v4
from openai.types.chat.completion_create_params import CompletionCreateParamsBase
from openai.types.responses import (
    Response,
    ResponseTextDeltaEvent,
    ResponseUsage,
)
from openai.types.responses.response_create_params import ResponseCreateParamsBase
from openai.types.responses.response_input_item_param import FunctionCallOutput
from openai.types.responses.response_text_config_param import ResponseTextConfigParam
from openai.types.shared_params import Reasoning

from course_utils.cost import dollars
from course_utils.language import LANGUAGES
from course_utils.notebooks import checkout, read, store
from course_utils.practice import PracticeServer
from course_utils.widgets.markdown import render

Cells = dict[str, NotebookNode]
KEY = "sk-" + "never-in-a-notebook"
QUIET = {"progress_bar": False, "extra_arguments": ["--IPKernelApp.log_level=50"]}


@pytest.fixture(params=LANGUAGES)
def cells(request: pytest.FixtureRequest) -> Cells:
    return lesson(request.param)


def lesson(language: str) -> Cells:
    found = read(checkout() / "notebooks" / language / "10_capstone.ipynb")
    return {cell.id: cell for cell in found.cells}


def printed(cell: NotebookNode) -> str:
    return "\n".join(out.get("text") or out.data["text/plain"] for out in cell.outputs)


def test_the_tokens_and_costs_are_told_as_they_were_printed(cells: Cells):
    found = re.findall(r"^(\S+) (\d+) (\d+) \$([\d.]+)$", printed(cells["compare"]), re.MULTILINE)
    (default, sent, more, less_paid), (other, sent_too, fewer, more_paid) = found
    assert sent == sent_too
    assert int(more) > int(fewer)
    assert Decimal(less_paid) < Decimal(more_paid)
    told = cells["notebook-claim"].source.partition("## ")[0]
    assert re.findall(r"\d+", told.replace(other, "")) == [more, fewer]
    assert other in told
    assert default not in told
    assert printed(cells["compare"]).count("True") == 2


def test_the_bill_is_what_the_briefs_cost_times_the_runs(cells: Cells):
    cost_lines = printed(cells["compare"]) + printed(cells["batch"])
    bills = re.findall(r"^(\S+) \$([\d.]+)$", printed(cells["bill"]), re.MULTILINE)
    for model, bill in bills:
        paid = re.findall(rf"{re.escape(model)}.* \$([\d.]+)$", cost_lines, re.MULTILINE)
        assert len(paid) == 3
        assert round(sum(map(Decimal, paid)) * 3_000, 2) == Decimal(bill)
    assert "RUNS = 100 * 30" in cells["bill"].source
    assert re.findall(r"\d+", cells["bill-claim"].source.partition("\n\n")[2]) == ["100", "30"]
    told = cells["page-claim"].source.partition("## ")[0]
    assert re.findall(r"\d+\.\d+", told) == [bill for _model, bill in bills]


def test_every_brief_is_counted_once_in_what_the_lesson_cost(cells: Cells):
    shown = "\n".join(printed(cells[name]) for name in ("compare", "batch", "playground"))
    paid = re.findall(r"\$([\d.]+)$", shown, re.MULTILINE)
    assert len(paid) == 7
    assert printed(cells["spent"]).strip() == dollars(sum(map(Decimal, paid)))


def test_the_batch_goes_on_after_the_empty_article(cells: Cells):
    marks = re.findall(r"^[○✗]", printed(cells["batch"]), re.MULTILINE)
    assert marks == ["○", "○", "✗", "○", "○"]
    (empty,) = re.findall(r"✗ (.+) / (ValueError: .+)", printed(cells["batch"]))
    shown = cells["page"].outputs[0].data["text/html"]
    assert f"✗ {empty[0]}: {empty[1]}" in shown


class Elements(HTMLParser):
    """Every element of a page, and every attribute."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _value in attrs}


def test_nothing_from_outside_acts_on_the_page(cells: Cells, tmp_path: Path):
    sly = "<script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1))"
    row = {"article": sly, "model": sly, "text": f"- {sly}", "seconds": 1.0, "paid": Decimal(1)}
    outside: dict[str, Any] = {
        "rows": [row | {"usage": {"total_tokens": 3}}],
        "failed": {sly: sly},
        "bills": {sly: Decimal(1)},
        "work": SimpleNamespace(name=str(tmp_path)),
    }
    tools = {"escape": escape, "render": render, "ceil": ceil, "dollars": dollars, "Path": Path}
    exec(cells["page"].source, {**outside, **tools})
    page = Elements((tmp_path / "brief.html").read_text("utf-8"))
    harmless = {"meta", "section", "style", "h1", "h2", "div", "article", "ul", "li", "small", "p"}
    assert page.names <= harmless
    assert page.attributes <= {"charset", "class"}


def test_the_brief_put_in_as_it_is_would_act_and_the_rendered_one_does_not(cells: Cells):
    raw, _newline, rendered = printed(cells["raw"]).partition("\n")
    assert Elements(raw).names == {"article", "img"}
    assert Elements(rendered).names == {"article", "ul", "li"}


def test_the_small_notebook_runs_by_its_parameters_and_keeps_no_key(
    practice: PracticeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """In real kernels: the lesson's cells make the tool, then papermill runs it as they do."""
    tool, article, result = (tmp_path / name for name in ("tool.ipynb", "a.txt", "result.ipynb"))
    cells = lesson("ko")
    kernel = cells["notebook"].source.partition("kernel = ")[2].partition("\n")[0]
    copy = v4.new_code_cell(f"import shutil\n_ = shutil.copy(tool, {str(tool)!r})")
    makes = [*(cells[name] for name in ("setup", "brief", "notebook")), copy]
    made = v4.new_notebook(cells=makes, metadata={"kernelspec": literal_eval(kernel)})
    store(tmp_path / "makes.ipynb", made)
    monkeypatch.setenv("COURSE_SERVER", "practice")
    papermill.execute_notebook(tmp_path / "makes.ipynb", tmp_path / "made.ipynb", **QUIET)

    article.write_text("수달이 왔다. 스무 해 만이다. 물이 맑다. 모두 반긴다.", encoding="utf-8")
    practice.keys.add(KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", practice.url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    values = {"ARTICLE": str(article), "MODELS": ["gpt-5.4-mini"]}
    done = papermill.execute_notebook(tool, result, values, **QUIET)

    (row,) = json.loads(done.cells[-1].outputs[0].text)
    assert row["model"] == "gpt-5.4-mini"
    assert row["text"].startswith("- ")
    assert 0 < row["first"] <= row["seconds"]
    assert done.cells[1].metadata.tags == ["injected-parameters"]
    assert [sent.path for sent in practice.log][-1].endswith("/chat/completions")
    assert KEY not in tool.read_text("utf-8") + result.read_text("utf-8")


def test_the_two_requests_have_parameters_that_exist(cells: Cells):
    assert printed(cells["responses"]).split()[-2:] == ["True", "True"]
    assert {"effort"} <= Reasoning.__annotations__.keys()
    assert {"format"} <= ResponseTextConfigParam.__annotations__.keys()
    client = openai.OpenAI(api_key="sk-practice")
    taken = inspect.signature(client.responses.create).parameters
    assert {"previous_response_id", "text", "tools"} <= taken.keys()


def test_what_is_said_of_responses_stands_in_the_sdk(cells: Cells):
    gone = re.findall(r"`(\w+)`", cells["responses-why"].source.splitlines()[-1])
    assert gone == ["n", "stop", "seed", "logit_bias"]
    for name in gone:
        assert name in CompletionCreateParamsBase.__annotations__
        assert name not in ResponseCreateParamsBase.__annotations__
    assert isinstance(Response.output_text, property)
    assert "incomplete" in str(Response.model_fields["status"].annotation)
    assert {"input_tokens", "output_tokens"} <= ResponseUsage.model_fields.keys()
    assert get_args(ResponseTextDeltaEvent.model_fields["type"].annotation) == (
        "response.output_text.delta",
    )
    assert {"call_id", "output", "type"} <= FunctionCallOutput.__annotations__.keys()
    source = inspect.getsource(ResponseCreateParamsBase)
    assert "Defaults to true when omitted" in source.partition("store:")[2][:200]
