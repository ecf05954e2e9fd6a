"""The doctor proposes whom to believe about senders by what it has seen, and believes nobody."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.senders import SENDERS
from tests.support.shell import Shell, add

OURS = "mx.shop.example; spf=pass smtp.mailfrom=x; dmarc=pass header.from=x"
THEIRS = "mx.evil.example; dmarc=pass header.from=x"
COMMAND = "helpdesk setting set trusted-authserv-ids mx.shop.example"


@pytest.fixture(name="mailbox")
def _mailbox(desk: Shell, answered: list[str]) -> Shell:
    desk(*add("--password-command", "echo x"))
    return desk


def bring(
    desk: Shell, folder: Path, *mails: Sequence[str], domain: str = "d{number}.example"
) -> None:
    """Import mails, each with its Authentication-Results from the top."""
    folder.mkdir()
    for number, judged in enumerate(mails):
        headers = "".join(f"Authentication-Results: {each}\n" for each in judged)
        sender = f"jo@{domain.format(number=number)}"
        (folder / f"{number:03}.eml").write_text(
            f"Received: from x by y\n{headers}From: Jo <{sender}>\nTo: support@shop.example\n"
            f"Message-ID: <{folder.name}.{number}@x.example>\nSubject: Hello {number}\n"
            f"Date: Fri, 20 Nov 2026 09:{number:02}:00 +0000\n\nHello {number}.\n",
            encoding="utf-8",
        )
    desk("import", str(folder), "--mailbox", "support@shop.example")


def said(desk: Shell) -> dict[str, str]:
    """Return what is found of senders; empty if all is well."""
    checks = desk.json("doctor")["checks"]
    found = [one for one in checks if "about senders" in one["detail"]]
    return {"detail": found[0]["detail"], "mend": found[0]["mend"]} if found else {}


def test_server_that_judges_all_mail_is_proposed_and_not_taken(
    mailbox: Shell, tmp_path: Path
) -> None:
    bring(mailbox, tmp_path / "mails", *[[OURS, THEIRS]] * 9, [THEIRS])
    found = said(mailbox)
    assert found["mend"].startswith(COMMAND + ", if that is the server that receives")
    assert "9 of the newest 10 mails" in found["mend"]
    assert said(mailbox) == found
    mailbox("setting", "set", "trusted-authserv-ids", "mx.shop.example")
    assert said(mailbox) == {}


@pytest.mark.parametrize(
    "mails",
    [
        pytest.param([[OURS]] * 2, id="too few"),
        pytest.param([[OURS]] * 5 + [[]] * 5, id="not at most of them"),
        pytest.param([["$(reboot); dmarc=pass"]] * 5, id="no name of a server"),
        pytest.param([["`reboot`.example; dmarc=pass"]] * 5, id="a command"),
        pytest.param([["dmarc=pass"]] * 5, id="no name"),
        pytest.param([], id="no mail"),
    ],
)
def test_what_is_not_clear_is_not_proposed(
    mailbox: Shell, tmp_path: Path, mails: list[list[str]]
) -> None:
    if mails:
        bring(mailbox, tmp_path / "mails", *mails)
    found = said(mailbox)
    assert found["mend"].endswith("says how to find the name")
    assert "reboot" not in found["mend"]


def test_somebody_who_writes_much_does_not_speak_for_all(mailbox: Shell, tmp_path: Path) -> None:
    bring(mailbox, tmp_path / "before", *[[OURS]] * 4)
    bring(mailbox, tmp_path / "flood", *[[THEIRS]] * (SENDERS + 5), domain="evil.example")
    assert said(mailbox)["mend"].startswith(COMMAND)


def test_trusted_server_that_says_nothing_any_more_is_told_of(
    mailbox: Shell, tmp_path: Path
) -> None:
    mailbox("setting", "set", "trusted-authserv-ids", "old.shop.example")
    assert said(mailbox) == {}
    bring(mailbox, tmp_path / "mails", *[[OURS]] * 5)
    found = said(mailbox)
    assert found["detail"].startswith("old.shop.example: trusted about senders, but named")
    assert "trusted-authserv-ids old.shop.example mx.shop.example, if" in found["mend"]


def test_with_a_shop_connected_it_says_what_that_means(mailbox: Shell) -> None:
    assert "bought" not in said(mailbox)["detail"]
    with closing(Store(mailbox.store)) as store:
        Sources(store, SYSTEM).add("table", "files", {})
    assert "has bought" in said(mailbox)["detail"]
