"""What the documents promise is what the program does."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_tui.cli.parser import build_parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def commands(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield (*path, name)
                yield from commands(child, (*path, name))


@pytest.mark.parametrize(
    ("script", "page"),
    [("keys-page", "docs/agents/keys.md"), ("settings-page", "docs/admins/settings.md")],
)
def test_pages_of_tables_are_those_tables(script: str, page: str) -> None:
    made = subprocess.run(
        [sys.executable, f"scripts/{script}"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ROOT / page).read_text("utf-8") == made.stdout, "a table has changed: run make keys"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        is_picture_to_come = target.startswith("docs/images/")
        assert is_picture_to_come or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_the_pages_exist(page: Path) -> None:
    known = set(commands(build_parser()))
    for line in page.read_text("utf-8").splitlines():
        found = re.search(
            r"(?:^ {4}|`|&& )(?:\S*/)?helpdesk ((?:--store \S+ )?)([a-z-]+)( [a-z-]+)?", line
        )
        if found is None or found[2].startswith("-"):
            continue
        words = (found[2], (found[3] or "").strip())
        assert (words[0],) in known, line
        if any(len(each) > 1 and each[0] == words[0] for each in known) and words[1]:
            assert words in known, line
