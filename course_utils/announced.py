"""What the installed openai says of models and parameters, in its types and in its docstrings."""

from __future__ import annotations

import ast
import inspect
import re
from datetime import date
from itertools import pairwise
from typing import get_args

from openai.types.chat import completion_create_params as sdk
from openai.types.shared import ChatModel


def models() -> frozenset[str]:
    """The names of every model that it knows."""
    return frozenset(get_args(ChatModel))


def parameters() -> frozenset[str]:
    """The names of every parameter of ``chat.completions.create``."""
    return frozenset(
        {
            *sdk.CompletionCreateParamsBase.__annotations__,
            *sdk.CompletionCreateParamsNonStreaming.__annotations__,
        }
    )


def ends() -> dict[str, date]:
    """The shutdown dates that the installed openai announces, by model name.

    Read from its docstring of ``model`` in ``CompletionCreateParams``; empty when the installed
    version announces none (openai 2.54) or comes without its source.
    """
    listed = re.finditer(
        r'((?:"[^"]+",? )*"[^"]+"): Announced shutdown date: (\d{4}-\d\d-\d\d)',
        " ".join(_model_docstring().split()),
    )
    return {
        name: date.fromisoformat(entry[2])
        for entry in listed
        for name in re.findall(r'"([^"]+)"', entry[1])
    }


def _model_docstring() -> str:
    try:
        source = inspect.getsource(sdk.CompletionCreateParamsBase)
    except OSError:
        return ""
    match ast.parse(source).body:
        case [ast.ClassDef(body=body)]:
            return _docstring_of("model", body)
    return ""


def _docstring_of(field: str, body: list[ast.stmt]) -> str:
    """The string that stands under a field of a class."""
    for statement, following in pairwise(body):
        match statement, following:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ) if name == field:
                return text
    return ""
