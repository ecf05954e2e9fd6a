"""Finds texts for people in the code that no translator gets to see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scripts.catalogues import ROOT, source_files

MARKS = frozenset({"_", "N_", "pgettext", "ngettext"})
SINKS = frozenset({
    "Choice", "ConfirmDialog", "LineDialog", "Menu", "Notice", "Static", "Step", "complain_text",
    "notify", "say", "warn",
})  # fmt: skip
"""What is given to these is read by people, be it a single word."""
OPTIONS = frozenset({"description", "epilog", "help", "placeholder", "title"})
FAULTS = frozenset({"LogRecord", "OSError", "RuntimeError", "TypeError", "ValueError"})
"""These tell programmers what they did wrong; people read the codes of errors as sentences."""
LOGS = frozenset({"critical", "debug", "error", "exception", "info", "warning"})
STYLES = frozenset({"CSS", "DEFAULT_CSS"})

_WORDS = re.compile(r"[^\W\d_]{2,}[,:;.!?]* +[“”‘’'\"(]?[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ID = re.compile(r"[a-z-]+(?:\.[a-z-]+)+")


@dataclass(slots=True)
class _Look:
    """Walks one file; what is marked is not entered."""

    found: list[tuple[int, str]] = field(default_factory=list)

    def visit(self, node: ast.AST, *, is_read: bool = False) -> None:
        """Look at a node.

        Args:
            node: what to look at.
            is_read: it is what a sink is given: a single word counts.
        """
        if isinstance(node, ast.Constant | ast.JoinedStr):
            self._literal(node, is_read=is_read)
        for child in _inside(node):
            self.visit(child, is_read=_is_read(node, child))

    def _literal(self, node: ast.Constant | ast.JoinedStr, *, is_read: bool) -> None:
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        texts = [
            part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "§"
            for part in parts
        ]
        text = "".join(texts)
        is_words = _WORDS.search(text.replace("§", "xx") if "§" in text else text) is not None
        has_word = any(_WORD.search(part) for part in texts)
        if has_word and (is_words or (is_read and not _ID.fullmatch(text))):
            self.found.append((node.lineno, text.replace("§", "{}")))


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _is_read(node: ast.AST, child: ast.AST) -> bool:
    if isinstance(node, ast.Tuple) and len(node.elts) == 2 and child is node.elts[0]:
        # a piece of a line and its colour
        colour = node.elts[1]
        return isinstance(colour, ast.Attribute) and _name(colour.value) == "Ink"
    if isinstance(node, ast.keyword):
        return node.arg in OPTIONS
    return isinstance(node, ast.Call) and _name(node.func) in SINKS and child in node.args


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """Return the parts of a node that can hold a text which people read."""
    match node:
        case ast.Call(func=function) if _name(function) in MARKS | FAULTS | LOGS:
            # what values are filled in stands behind the mark, in a call of its own
            return
        case ast.Call(func=ast.Name(id="cast")) | ast.keyword(arg="classes"):
            return
        case ast.Call():
            yield from (node.func, *node.args, *node.keywords)
        case ast.AnnAssign(annotation=ast.Subscript(value=ast.Name(id="Marked" | "MarkedKeys"))):
            return
        case ast.Assign(targets=[ast.Name(id=name)]) if name in STYLES:
            return
        case ast.AnnAssign(value=value):
            yield from (value,) if value is not None else ()
        case ast.Expr(value=ast.Constant()) | ast.JoinedStr() | ast.Compare():
            # documentation; pieces of one text; what is compared is no text for people
            yield from (
                each.value
                for each in getattr(node, "values", ())
                if isinstance(each, ast.FormattedValue)
            )
        case ast.Dict():
            yield from (value for value in node.values if value is not None)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from (*node.args.defaults, *(d for d in node.args.kw_defaults if d), *node.body)
        case _:
            yield from ast.iter_child_nodes(node)


def unmarked_in(source: str) -> list[str]:
    """Return the texts of one file that pass no mark; a value in them is ``{}``."""
    look = _Look()
    look.visit(ast.parse(source))
    return [text for _line, text in look.found]


def unmarked() -> Iterator[tuple[str, str]]:
    """Return the texts that pass no mark, each with the file it stands in."""
    for path in source_files():
        name = path.relative_to(ROOT / "helpdesk_tui").as_posix()
        # the rows of the key table are marked by being rows, the settings by being settings
        if name.startswith(("widgets/keys", "domain/")):
            continue
        for text in unmarked_in(path.read_text("utf-8")):
            yield name, text
