"""What the documents promise is what the program does."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_tui.cli.parser import build_parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.fixture(scope="module")
def parser() -> argparse.ArgumentParser:
    return build_parser()


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


def anchors(page: Path) -> set[str]:
    """Return what a link may name behind its ``#``: the headings, as browsers are given them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for name, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]+))?\)", page.read_text("utf-8")):
        target = page.parent / name if name else page
        assert target.exists(), name
        assert not anchor or anchor in anchors(target), f"{name}#{anchor}"


def blocks(page: Path) -> Iterator[str]:
    """Yield the commands that stand on lines of their own, without what the shell adds to them.

    Where ``…`` stands for the rest of one that was named before, there is nothing to try.
    """
    text = re.sub(r"\s*\\\n\s*", " ", page.read_text("utf-8"))
    for line in re.findall(r"^ {4}(?:\S*/)?helpdesk(?: (.*))?$", text, re.MULTILINE):
        if "…" not in line.split():
            # a comment, in the shell's way or in a column of its own; what it is piped to
            yield re.split(r"\s#|\s{3,}|\s[|<>&]|;", line)[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_blocks_are_understood_to_the_last_option(
    page: Path, parser: argparse.ArgumentParser
) -> None:
    for command in blocks(page):
        # what is wrong is printed, and ends the process
        parsed = parser.parse_args(shlex.split(re.sub(r"\$\(.*?\)", "X", command)))
        assert parsed.run, command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_the_pages_exist(page: Path, parser: argparse.ArgumentParser) -> None:
    known = set(commands(parser))
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
