"""The line for a status bar, and the table of keys, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.flow import Flow, FlowState, flow_of
from helpdesk_tui.widgets.keys import KEYS
from helpdesk_tui.widgets.status_line import plain_line, status_parts, tmux_line
from tests.support.shell import Shell
from tests.support.store import START, add_mailbox, add_ticket


@pytest.fixture
def busy(desk: Shell) -> Shell:
    """Return a desk with two open tickets of its only agent and one of nobody's."""
    store = Store(desk.store)
    with store.read() as connection:
        agent = connection.execute("SELECT id FROM agent").fetchone()[0]
    add_ticket(store, assignee_id=agent, unread=1, waiting_since=START)
    add_ticket(store, assignee_id=agent, unread=0)
    add_ticket(store, unread=1)
    store.close()
    return desk


def test_the_line_says_what_waits(busy: Shell) -> None:
    line = busy("status")
    assert line.startswith("unread 2 · mine 1/2 · unassigned 1/1 · waiting ")
    assert line.count("\n") == 1


def test_json_has_the_numbers(busy: Shell) -> None:
    found = busy.json("status")
    assert busy("status", "--format", "json") == busy("status", "--json")
    assert (found["unread"], found["mine"], found["mine_unread"]) == (2, 2, 1)
    assert (found["unassigned"], found["unassigned_unread"]) == (1, 1)
    assert found["waiting_since"].endswith("Z")
    assert found["sync"] == {"state": "none", "account": None}


def test_the_worker_that_does_not_run_is_told(busy: Shell) -> None:
    store = Store(busy.store)
    add_mailbox(store)
    store.close()
    assert busy("status").rstrip().endswith("sync off")
    assert "#[fg=yellow]sync off#[fg=default]" in busy("status", "--format", "tmux")


def test_the_store_and_the_agent_have_to_be_there(desk: Shell, tmp_path: Path) -> None:
    desk.fails("--agent", "nobody", "status", code=4)
    desk.fails("--store", str(tmp_path / "none"), "status", code=4)


def test_several_agents_and_none_named_is_nobodys_line(busy: Shell) -> None:
    busy("agent", "add", "bo")
    assert busy.json("status")["mine"] == 0
    assert busy.json("--agent", "bo", "status")["mine"] == 0


@pytest.mark.parametrize(
    ("states", "running", "held", "wanted"),
    [
        ([], True, "", Flow(FlowState.NONE)),
        ([AccountState.OK], True, "", Flow(FlowState.GOOD)),
        ([AccountState.OK], True, "box", Flow(FlowState.HELD, "box")),
        ([AccountState.RETRYING], True, "box", Flow(FlowState.RETRYING, "box")),
        ([AccountState.RETRYING], False, "", Flow(FlowState.OFF)),
        ([AccountState.OK, AccountState.STOPPED], False, "", Flow(FlowState.STOPPED, "box")),
    ],
)
def test_the_worst_of_the_flow_is_said(
    states: list[AccountState], running: bool, held: str, wanted: Flow
) -> None:
    accounts = [Account(1, "box", "email", "a@b.example", True, "{}", one, "") for one in states]
    assert flow_of(accounts, running=running, held=held) == wanted


def test_names_bring_no_colours_of_their_own() -> None:
    parts = status_parts(
        mine=(0, 0), unassigned=(0, 0), unread=0, waiting="",
        flow=Flow(FlowState.STOPPED, "#[fg=red]#(reboot)\x1b[2J"),
    )  # fmt: skip
    line = tmux_line(parts)
    assert line.count("#[") - line.count("##[") == 2
    assert "##(reboot)" in line
    assert "\x1b" not in line + plain_line(parts)


def test_the_table_of_keys_names_every_action(desk: Shell) -> None:
    assert [each["action"] for each in desk.json("keys")["keys"]] == [key.id for key in KEYS]
    gmail = desk.json("keys", "--preset", "gmail")
    assert gmail["preset"] == "gmail"
    assert ["a", "R"] in [each["keys"] for each in gmail["keys"]]
    assert "ticket.close" in desk("keys")
    assert "vim-strict" in desk.fails("keys", "--preset", "emacs", code=2)


def test_a_keymap_that_cannot_be_used_is_told_whole(desk: Shell, tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(
        'keymap-preset = "vim-strict"\n[keys]\n"ticket.reply" = "u"\n'
        'go.mine = "ctrl+m"\n# a comment\n  "x.y"=["z"]\n'
    )
    lines = desk.fails("keys", "--file", str(file), code=2).splitlines()
    assert "3" in lines[0]
    assert sorted(line.split(":")[0].strip() for line in lines[1:]) == [
        "line 3",
        "line 4",
        "line 6",
    ]
    file.write_text('[keys]\n"ticket.reply" = "ctrl+b"\n')
    desk("keys", "--file", str(file))
    assert "line 2: ctrl+b for ticket.reply may not arrive" in desk.err
