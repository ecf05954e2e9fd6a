"""Support addresses from the command line, without any server."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.cli.address import _StageLine
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import AddressTest, AddressTestStage
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.received import Source
from helpdesk_tui.services.desk import open_desk
from helpdesk_tui.services.inbound import Inbound
from tests.support.mails import make_mail, receive
from tests.support.shell import Shell
from tests.support.store import START

BOX, HELP = "box@desk.example", "help@brand.example"


@pytest.fixture
def mailbox(desk: Shell, tmp_path: Path) -> Shell:
    opened = open_desk(tmp_path / "store", SYSTEM)
    opened.admin.add_channel("main", "email", BOX, settings={"imap_host": "localhost"})
    opened.close()
    return desk


def found(desk: Shell, *arguments: str) -> Any:
    return desk.json("channel", "address", *arguments)


def test_adding_an_address_says_what_to_do(mailbox: Shell) -> None:
    said = mailbox("channel", "address", "add", HELP, "--provider", "workspace")
    assert f"workspace address: {BOX}" in said
    assert "dministrator access" in said
    assert "https://support.google.com/a/answer/4524505" in said
    assert f"channel address test {HELP}" in said


def test_the_list_shows_the_state(mailbox: Shell) -> None:
    added = found(mailbox, "add", HELP)
    assert (added["state"], added["workspace"], added["provider"]) == ("pending", BOX, None)
    assert len(added["steps"]) > 2
    listed = found(mailbox, "list")["addresses"]
    assert [(each["address"], each["state"]) for each in listed] == [
        (BOX, "verified"), (HELP, "pending"),
    ]  # fmt: skip
    assert "pending" in mailbox("channel", "address", "list")
    assert mailbox("channel", "address", "list", "-q").split() == [BOX, HELP]


def test_the_handout_is_for_somebody_else(mailbox: Shell) -> None:
    mailbox("channel", "address", "add", HELP)
    said = mailbox("channel", "address", "show", HELP, "--handout")
    assert said.startswith(f"Please let all mail to {HELP} be forwarded automatically to {BOX}.")
    assert said.strip() == found(mailbox, "show", HELP)["handout"]


def test_an_address_is_changed(mailbox: Shell) -> None:
    mailbox("channel", "address", "add", HELP)
    assert found(mailbox, "off", HELP)["state"] == "off"
    assert found(mailbox, "on", HELP)["state"] == "pending"
    assert found(mailbox, "rename", HELP, "Brand Help")["name"] == "Brand Help"
    assert found(mailbox, "provider", HELP, "yahoo")["provider"] == "yahoo"
    assert found(mailbox, "signature", HELP, "--text", "Yours")["signature"] == "Yours"
    assert found(mailbox, "done", HELP)["forwarded_at"] is not None
    shown = mailbox("channel", "address", "show", HELP)
    assert "Brand Help" in shown
    assert "Yahoo" in shown
    mailbox("channel", "address", "remove", HELP)
    assert [each["address"] for each in found(mailbox, "list")["addresses"]] == [BOX]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "nonsense"), 2, "no mail address"),
        (("add", BOX), 2, "already one of our addresses"),
        (("add", "a@b.example", "--channel", "nope"), 4, "no channel called nope"),
        (("add", "a@b.example", "--provider", "fax"), 2, "invalid choice"),
        (("test", "a@b.example"), 4, "none of our support addresses"),
        (("show", "a@b.example"), 4, "none of our support addresses"),
        (("remove", BOX), 3, "connected mailbox itself"),
    ],
)
def test_what_is_wrong_is_said(
    mailbox: Shell, arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert said in mailbox.fails("channel", "address", *arguments, code=code)


def test_a_mailbox_is_needed_and_named(desk: Shell, tmp_path: Path) -> None:
    assert "no mailbox is connected" in desk.fails("channel", "address", "add", HELP, code=4)
    opened = open_desk(tmp_path / "store", SYSTEM)
    opened.admin.add_channel("main", "email", BOX)
    opened.admin.add_channel("second", "email", "two@desk.example")
    opened.close()
    assert "main, second" in desk.fails("channel", "address", "add", HELP, code=2)
    assert found(desk, "add", HELP, "--channel", "second")["workspace"] == "two@desk.example"


def test_a_mailbox_that_does_not_work_ends_the_test(mailbox: Shell) -> None:
    mailbox("channel", "address", "add", HELP)
    said = mailbox.fails("channel", "address", "test", HELP, code=5)
    assert "no password for main" in said
    assert found(mailbox, "show", HELP)["state"] == "pending"


def test_the_doctor_names_what_does_not_arrive(mailbox: Shell, tmp_path: Path) -> None:
    mailbox("channel", "address", "add", HELP)
    mailbox("channel", "address", "add", "shop@brand.example")
    opened = open_desk(tmp_path / "store", SYSTEM)
    opened.addresses.not_sent("shop@brand.example", "address.test-refused", is_final=True)
    opened.close()
    found = mailbox.json("doctor", code=1)["checks"]
    checks = [each for each in found if each["name"] == "addresses"]
    assert [(each["detail"].partition(":")[0], each["state"]) for each in checks] == [
        (BOX, "ok"), (HELP, "warning"), ("shop@brand.example", "failed"),
    ]  # fmt: skip
    assert checks[2]["mend"] == "helpdesk channel address test shop@brand.example"


def test_what_a_provider_asks_for_is_shown(mailbox: Shell, tmp_path: Path) -> None:
    mailbox("channel", "address", "add", HELP)
    link = "https://mail-settings.google.com/mail/vf-abc"
    asks = make_mail(
        "forwarding-noreply@google.com", subject="(#729154863) Gmail Forwarding Confirmation",
        text=f"{HELP} forwards to {BOX}\n{link}\n",
    )  # fmt: skip
    store = Store(tmp_path / "store")
    Inbound(store, SYSTEM).ingest([receive(asks)], source=Source(account_id=1, folder="INBOX"))
    store.close()
    assert link in mailbox("channel", "address", "show", HELP)
    assert "729154863" in mailbox("channel", "address", "list")
    asked = found(mailbox, "show", HELP)["confirmation"]
    assert (asked["code"], asked["link"], asked["address"]) == ("729154863", link, HELP)
    (ticket,) = json.loads(mailbox("ticket", "list", "--json"))["tickets"]
    assert ticket["assignee"] is None


def test_what_must_be_known_meanwhile_is_said_once(
    mailbox: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mailbox("channel", "address", "add", HELP)
    opened = open_desk(tmp_path / "store", SYSTEM)
    found = replace(opened.addresses.load(HELP), hides_own_mail=True)
    opened.close()
    line = _StageLine(found)
    values = {"address": HELP, "token": "hdt-1"}
    for seconds, code in ((1, ""), (2, "address.test-by-hand"), (3, "address.test-by-hand")):
        line.show(AddressTest(AddressTestStage.SENT, START, seconds, code, values=values))
    line.end()
    said = capsys.readouterr().err.splitlines()
    assert [text.split()[0] for text in said] == [BOX, "sent;", "the"]
    assert "hdt-1" in said[0]
    assert "forwarded by a person" in said[2]
