"""Shell completion and the manual page: both come from the tree of commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk_tui.cli.completing import next_words
from helpdesk_tui.cli.manual import page
from helpdesk_tui.cli.parser import build_parser
from helpdesk_tui.db.store import Store
from tests.support.shell import Shell
from tests.support.store import add_agent, add_ticket

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def filled(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    store = Store(desk.store)
    add_agent(store, "ben")
    add_ticket(store, tags=["returns", "refund"])
    store.close()
    monkeypatch.setenv("HELPDESK_AGENT", "anna")
    desk("view", "save", "Late ones", "is:open")
    return desk


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("tick",), {"ticket"}),
        (("ticket", "sn"), {"snooze"}),
        (("ticket", "list", "--v"), {"--view", "--verbose"}),
        (("ticket", "priority", ""), {"low", "normal", "high", "urgent"}),
        (("ticket", "tag", "1", "re"), {"returns", "refund"}),
        (("ticket", "assign", "1", "--to", ""), {"anna", "ben", "me", "none"}),
        (("ticket", "list", "--view", "late"), {"Late ones"}),
        (("view", "delete", ""), {"Late ones"}),
        (("activity", "--by", "b"), {"ben"}),
        (("--agent", "an"), {"anna"}),
        (("--agent", "anna", "activity", "--kind", "ta"), {"tags"}),
        (("ticket", "show", "1", ""), set()),
        (("nonsense", ""), None),
    ],
)
def test_what_may_stand_next_is_offered(
    filled: Shell, words: tuple[str, ...], offered: set[str] | None
) -> None:
    found = set(filled("completion", "--words", *words).splitlines())
    assert found == offered if offered is not None else "ticket" in found


def test_without_a_store_the_commands_are_offered_all_the_same(shell: Shell) -> None:
    assert shell("completion", "--words", "agent", "a").split() == ["add", "available", "away"]
    assert shell("completion", "--words", "ticket", "assign", "1", "--to", "x") == ""
    assert not shell.store.exists()


def test_the_store_on_the_line_is_the_one_that_is_asked(filled: Shell, tmp_path: Path) -> None:
    line = ("ticket", "tag", "1", "re")
    nowhere = ("--store", str(tmp_path / "none"))
    assert filled("completion", "--words", *nowhere, *line) == ""
    here = f"--store={filled.store}"
    assert filled("completion", "--words", here, *line).split() == ["refund", "returns"]


def test_options_that_are_hidden_are_not_offered() -> None:
    words = next_words(build_parser(), ["demo", "--"], lambda source: [])
    assert "--headless" in words
    assert "--seed" not in words


def test_bash_takes_what_is_offered(filled: Shell, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "helpdesk"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m helpdesk_tui "$@"\n')
    program.chmod(0o755)
    script = (
        'eval "$(helpdesk completion bash)"\n'
        "COMP_WORDS=(helpdesk view delete L); COMP_CWORD=3; _helpdesk\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    env = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    made = subprocess.run(
        ["bash", "-c", script], env=env, capture_output=True, text=True, check=True
    )
    assert made.stdout == "Late\\ ones\n"


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_every_shell_has_its_script(shell: Shell, name: str) -> None:
    assert "helpdesk completion --words" in shell("completion", name)


def test_a_shell_has_to_be_named(shell: Shell) -> None:
    assert "SHELL" in shell.fails("completion", code=2)


def test_the_manual_page_is_the_tree_of_commands(shell: Shell) -> None:
    made = shell("man")
    kept = (ROOT / "docs/helpdesk.1").read_text("utf-8")
    assert kept == made, "the options have changed: run make man"
    assert made == "\n".join(page(build_parser())) + "\n"
    assert ".SS ticket close" in made
    assert r"\-\-password\-stdin" in made
