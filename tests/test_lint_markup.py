"""No text from outside is ever read as markup: checked in the source of everything that draws."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import helpdesk_tui

ROOT = Path(helpdesk_tui.__file__).parent
FILES = [*sorted((ROOT / "screens").rglob("*.py")), *sorted((ROOT / "widgets").rglob("*.py")),
         ROOT / "app.py"]  # fmt: skip

PARSE_MARKUP = frozenset({"Static", "Label", "Button", "Checkbox", "RadioButton", "notify"})
"""Calls whose first argument is markup unless ``markup=False`` is given or it is a Content."""
NEVER = frozenset({"from_markup", "Markdown", "MarkdownViewer", "RichLog", "OptionList",
                   "DataTable", "ListView", "Tree", "Collapsible", "Toast"})  # fmt: skip
"""What parses markup in ways that cannot be turned off, or has no place in this program."""
TITLES = frozenset({"border_title", "border_subtitle"})


def name_of(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def is_safe(value: ast.expr | None) -> bool:
    """Return whether a value is a literal of ours, or built by something that parses nothing."""
    if value is None or isinstance(value, ast.Constant):
        return True
    return isinstance(value, ast.Call) and name_of(value) in (
        "Content", "assemble", "key_hints", "join", "plain",
    )  # fmt: skip


def turns_markup_off(call: ast.Call) -> bool:
    return any(
        one.arg == "markup" and isinstance(one.value, ast.Constant) and one.value.value is False
        for one in call.keywords
    )


def risks(source: str) -> Iterator[str]:
    """Yield what could turn a string into markup, with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = name_of(node)
            first = node.args[0] if node.args else None
            if name in NEVER:
                yield f"{node.lineno}: {name}"
            elif name in PARSE_MARKUP and not is_safe(first) and not turns_markup_off(node):
                yield f"{node.lineno}: {name} without markup=False"
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                titled = isinstance(target, ast.Attribute) and target.attr in TITLES
                if titled and not is_safe(node.value):
                    yield f"{node.lineno}: a title that is no Content"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_drawn_is_read_as_markup(path: Path) -> None:
    assert list(risks(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "self.notify(text)",
        "Static(f'hello {name}')",
        "Label(name, id='x')",
        "Text.from_markup(name)",
        "box.border_title = name",
        "box.border_subtitle = f'{a}'",
        "Markdown(body)",
        "app.notify(text, markup=True)",
    ],
)
def test_the_check_finds_what_it_is_for(source: str) -> None:
    assert list(risks(source))


@pytest.mark.parametrize(
    "source",
    ["self.notify(text, markup=False)", "Static('fixed')", "Static(Content(name))",
     "box.border_title = Content(name)", "Static(name, markup=False)"],
)  # fmt: skip
def test_the_check_lets_safe_ways_pass(source: str) -> None:
    assert not list(risks(source))
