"""From nothing to a working desk: init, agents, channels, doctor, configuration."""

from __future__ import annotations

import io
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from helpdesk_tui.domain.accounts import AccountState, Check
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.desk import open_desk
from helpdesk_tui.services.setup import prepare_store
from helpdesk_tui.sync.channels import email
from tests.support.shell import Shell, add

SECRET = "correct horse PLANTED battery"


def stored_bytes(folder: Path, but: Path) -> bytes:
    """Return the bytes of all files under ``folder`` but one."""
    files = (path for path in folder.rglob("*") if path.is_file() and path != but)
    return b"".join(path.read_bytes() for path in files)


def test_init_makes_a_private_store_with_an_owner(shell: Shell) -> None:
    told = shell.json("init", "--non-interactive", "--set", "agent.name=anna",
                      "--set", "agent.email=anna@shop.example")  # fmt: skip
    assert told == {"store": str(shell.store), "agent": "anna"}
    assert stat.S_IMODE(shell.store.stat().st_mode) == 0o700
    (agent,) = shell.json("agent", "list")["agents"]
    assert (agent["name"], agent["role"], agent["email"]) == ("anna", "owner", "anna@shop.example")


def test_init_refuses_a_store_that_is_there(desk: Shell) -> None:
    desk("init", "--non-interactive", code=2)
    assert str(desk.store) in desk.err


@pytest.mark.parametrize("setting", ["nonsense=1", "agent.name", "agent.name=Bad Name!"])
def test_init_refuses_what_it_does_not_know(shell: Shell, setting: str) -> None:
    shell("init", "--non-interactive", "--set", setting, code=2)
    assert len(shell.err.splitlines()) == 1


def test_init_asks_in_a_terminal(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.StringIO("Shop Support\nbo\n\n\n")
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)
    shell("init")
    assert "short name" in shell.err
    assert shell.json("agent", "list")["agents"][0]["name"] == "bo"


def test_init_asks_again_what_cannot_be_taken(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = io.StringIO("Shop\nAnna Nowak\nAnna\nAnna Nowak\nnobody\nanna@shop.example\n")
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)
    shell("init")
    assert "anna nowak is no agent name" in shell.err
    assert "nobody is no mail address" in shell.err
    (agent,) = shell.json("agent", "list")["agents"]
    assert (agent["name"], agent["email"]) == ("anna", "anna@shop.example")


def test_init_left_before_its_end_writes_nothing(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = io.StringIO("Shop\n")
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)
    shell("init", code=130)
    assert not shell.store.exists()


def test_init_takes_up_a_store_without_anybody_in_it(shell: Shell) -> None:
    prepare_store(shell.store)
    shell("init", "--non-interactive", "--set", "agent.name=anna")
    assert [agent["name"] for agent in shell.json("agent", "list")["agents"]] == ["anna"]


@pytest.mark.parametrize("setting", ["agent.name=Bad Name!", "agent.email=nobody"])
def test_init_checks_the_answers_before_it_makes_a_store(shell: Shell, setting: str) -> None:
    shell("init", "--non-interactive", "--set", setting, code=2)
    assert not shell.store.exists()


def test_init_without_a_terminal_says_how_to_go_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    shell("init", code=2)
    assert "--non-interactive" in shell.err
    assert not shell.store.exists()


def test_agents_are_added_by_whoever_may(desk: Shell) -> None:
    desk("agent", "add", "bo", "--full-name", "Bo Berg", "--email", "bo@shop.example")
    desk("agent", "add", "bo", "--agent", "anna", code=2)
    desk("agent", "add", "cy", "--agent", "bo", code=3)
    assert {agent["name"] for agent in desk.json("agent", "list")["agents"]} == {"anna", "bo"}


def test_a_mailbox_is_tried_and_then_saved(
    desk: Shell, answered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SECRET}\n"))
    account = desk.json(*add("--password-stdin", "--sender", "Acme Support"))
    assert (account["name"], account["state"], account["enabled"]) == ("support", "new", True)
    assert answered == [SECRET]
    (listed,) = desk.json("channel", "list")["channels"]
    assert account.items() <= listed.items()
    assert (listed["last_sync_at"], listed["error_at"], listed["failed"]) == (None, None, 0)
    checks = desk.json("channel", "test", "support")
    assert checks["ok"] is True
    assert answered == [SECRET, SECRET]


def test_the_password_is_in_the_secrets_file_only(
    desk: Shell, answered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SECRET}\n"))
    printed = desk(*add("--password-stdin"))
    secrets = desk.home / "config" / "helpdesk" / "secrets.toml"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert SECRET in secrets.read_text()
    assert SECRET.encode() not in stored_bytes(desk.home, but=secrets)
    assert SECRET not in printed + desk.err


def test_a_password_command_is_kept_instead_of_the_password(
    desk: Shell, answered: list[str]
) -> None:
    desk(*add("--password-command", f"printf '%s' '{SECRET}'"))
    desk("channel", "test", "support")
    assert answered == [SECRET, SECRET]
    assert not (desk.home / "config" / "helpdesk" / "secrets.toml").exists()


def test_a_mailbox_that_does_not_answer_is_not_saved(
    desk: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SECRET}\n"))
    refused = [Check("imap-connect", False, "imap.unreachable", {"host": "imap.invalid"})]
    monkeypatch.setattr(email, "test", lambda *_: refused)
    desk(*add("--password-stdin"), code=5)
    assert desk.json("channel", "list")["channels"] == []
    assert not (desk.home / "config").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--imap-tls", "none"),
        ("--smtp-tls", "none"),
        ("--imap-port", "70000"),
        ("--password-stdin",),
        (),
    ],
)
def test_what_is_unsafe_or_missing_is_refused(
    desk: Shell, answered: list[str], monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    desk(*add(*options), code=2)
    assert len(desk.err.splitlines()) == 1
    assert answered == []


def test_a_password_is_changed_and_tried_out_first(
    desk: Shell, answered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("old\nnew\n"))
    desk(*add("--password-stdin"))
    desk("channel", "password", "support", "--password-stdin")
    desk("channel", "test", "support")
    assert answered == ["old", "new", "new"]


def test_a_password_that_is_refused_changes_nothing(
    desk: Shell, answered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("old\nnew\n"))
    desk(*add("--password-stdin"))
    refused = [Check("imap-login", False, "imap.login-refused", {"user": "u", "text": "No."})]
    with monkeypatch.context() as patch:
        patch.setattr(email, "test", lambda *_: refused)
        printed = desk("channel", "password", "support", "--password-stdin", code=5)
    assert "IMAP login refused for u: No; check" in printed
    desk("channel", "test", "support")
    assert answered == ["old", "old"]


def test_a_new_password_starts_a_stopped_channel_again(
    desk: Shell, answered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("old\nnew\n"))
    desk(*add("--password-stdin"))
    with closing(open_desk(desk.store, SYSTEM)) as opened:
        accounts = Accounts(opened.store, SYSTEM)
        accounts.report(accounts.enabled()[0], AccountState.STOPPED, "imap.login-refused", "")
    assert "IMAP: the login was refused" in desk("channel", "list")
    (listed,) = desk.json("channel", "list")["channels"]
    assert listed["error_at"] is not None
    assert "IMAP: the login was refused" in desk("doctor", code=1)
    assert desk.json("channel", "password", "support", "--password-stdin")["state"] == "new"


def test_a_password_that_is_kept_elsewhere_is_changed_there(
    desk: Shell, answered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELPDESK_SECRET_SUPPORT", "x")
    desk(*add())
    desk("channel", "password", "support", "--password-stdin", code=2)
    assert "environment" in desk.err


def test_a_channel_is_switched_off_and_on(desk: Shell, answered: list[str]) -> None:
    desk(*add("--password-command", "echo x"))
    assert desk.json("channel", "disable", "support")["enabled"] is False
    assert desk.json("channel", "enable", "support")["enabled"] is True
    desk("channel", "disable", "nobody", code=4)
    desk(*add("--password-command", "echo x"), code=2)


def test_a_store_open_to_everybody_is_not_used(desk: Shell) -> None:
    desk.store.chmod(0o707)
    desk("ticket", "list", code=2)
    assert "chmod" in desk.err


def test_a_broken_configuration_is_one_line(desk: Shell, tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text("agent = [")
    desk("--config", str(file), "ticket", "list", code=2)
    assert str(file) in desk.err
    file.write_text('nonsense = "x"')
    desk("--config", str(file), "ticket", "list", code=2)
    assert "nonsense" in desk.err


def test_an_unexpected_failure_leaves_its_traceback_in_the_log_only(
    desk: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(args: object) -> int:
        raise ZeroDivisionError("planted \x1b[31m")

    monkeypatch.setattr("helpdesk_tui.cli.status.run", fail)
    assert desk("status", code=1) == ""
    (line,) = desk.err.splitlines()
    assert "helpdesk.log" in line
    log = (desk.store / "helpdesk.log").read_text()
    assert "ZeroDivisionError" in log
    assert "\x1b" not in log
    desk("status", "--verbose", code=1)
    assert "ZeroDivisionError: planted ␛[31m" in desk.err


def test_people_get_tables_of_the_team_and_the_channels(desk: Shell, answered: list[str]) -> None:
    assert "no channels yet" in desk("channel", "list")
    desk(*add("--password-command", "echo x"))
    assert "support@shop.example" in desk("channel", "list")
    desk("channel", "disable", "support")
    assert " off" in desk("channel", "list")
    assert "owner" in desk("agent", "list")
    assert desk("agent", "list", "-q") == "1\n"
