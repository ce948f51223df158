"""What must be the same in every language: a cell's code apart from strings and comments."""

from __future__ import annotations

import ast

from IPython.core.inputtransformer2 import TransformerManager

ROLES = {"system", "developer", "user", "assistant", "tool"}
TEXT = ast.Constant("…")


def skeleton(code: str) -> str:
    """The code's syntax tree as text, every string in it replaced by one placeholder.

    An f-string keeps its expressions. Roles stay, and so do the arguments of magics (``%xmode``).
    """
    tree = ast.parse(TransformerManager().transform_cell(code))
    return ast.dump(_WithoutText().visit(tree), indent=1)


class _WithoutText(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute) and node.func.attr.startswith("run_"):
            return node  # get_ipython().run_line_magic("xmode", "Minimal")
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        is_text = isinstance(node.value, str) and node.value not in ROLES
        return TEXT if is_text else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        parts = [self.visit(part) for part in node.values if isinstance(part, ast.FormattedValue)]
        return ast.JoinedStr(parts) if parts else TEXT

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        # The format after the colon is code, not text.
        return ast.FormattedValue(self.visit(node.value), node.conversion, node.format_spec)
