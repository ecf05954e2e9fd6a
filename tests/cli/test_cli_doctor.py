"""What the doctor finds, and the mend it names with each thing."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.desk import open_desk
from helpdesk_tui.services.drafts import Drafts
from tests.support.shell import Shell, add
from tests.support.store import add_agent, add_ticket


def test_doctor_names_each_thing_and_its_mend(desk: Shell) -> None:
    found = desk.json("doctor")
    assert found["ok"] is True
    states = {check["name"]: check["state"] for check in found["checks"]}
    assert states["store"] == states["modes"] == states["secrets"] == "ok"
    assert states["channels"] == "warning"
    assert all(check["mend"] for check in found["checks"] if check["state"] != "ok")


def test_doctor_finds_what_is_wrong(desk: Shell) -> None:
    desk.store.chmod(0o755)
    checks = desk.json("doctor", code=1)["checks"]
    assert any(check["name"] == "modes" and check["state"] == "failed" for check in checks)


def test_doctor_wants_to_know_who_is_believed_about_senders(
    desk: Shell, answered: list[str]
) -> None:
    desk(*add("--password-command", "echo x"))
    assert "forged ones are not noticed" in desk("doctor")
    desk("setting", "set", "trusted-authserv-ids", "mx.shop.example")
    assert "forged" not in desk("doctor")


def test_doctor_wants_to_know_which_domains_are_ours(desk: Shell, answered: list[str]) -> None:
    assert "domains" not in desk("doctor")
    desk(*add("--password-command", "echo x"))
    store = Store(desk.store)
    add_agent(store, "lea", email="lea@gmail.com")
    add_agent(store, "max", email="Max@Other.example")
    add_agent(store, "eva", email="eva@old.example", active=0)
    store.close()
    (found,) = [each for each in desk.json("doctor")["checks"] if each["name"] == "domains"]
    assert found["state"] == "warning"
    assert found["detail"].startswith("other.example, shop.example: ")
    assert "setting set own-domains other.example shop.example" in found["mend"]
    desk("setting", "set", "own-domains", "shop.example")
    assert "set own-domains shop.example other.example" in desk("doctor")
    desk("setting", "set", "own-domains", "shop.example", "other.example")
    assert "domains" not in desk("doctor")


def test_doctor_tells_of_an_inbox_that_gave_too_many_automatic_answers(
    desk: Shell, answered: list[str]
) -> None:
    desk(*add("--password-command", "echo x"))
    with closing(open_desk(desk.store, SYSTEM)) as opened:
        held = {"account": 1, "at": to_us(datetime.now(UTC))}
        opened.settings.set("auto-reply.held", held, desk=True)
    checks = desk.json("doctor")["checks"]
    (found,) = [check for check in checks if "automatic answers" in check["detail"]]
    assert found["state"] == "warning"
    assert "support" in found["detail"]


def test_doctor_works_without_a_store(shell: Shell) -> None:
    found = shell.json("doctor", code=1)
    (store,) = [check for check in found["checks"] if check["name"] == "store"]
    assert (store["state"], store["mend"]) == ("failed", "helpdesk init")


def test_doctor_tells_of_a_channel_without_its_password(
    desk: Shell, answered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELPDESK_SECRET_SUPPORT", "x")
    desk(*add())
    assert answered == ["x"]
    found = desk.json("doctor")
    assert any("found in the environment" in check["detail"] for check in found["checks"])
    monkeypatch.delenv("HELPDESK_SECRET_SUPPORT")
    checks = desk.json("doctor", code=1)["checks"]
    (missing,) = [check for check in checks if check["state"] == "failed"]
    assert missing["name"] == "secrets"
    assert "HELPDESK_SECRET_SUPPORT" in missing["mend"]


def test_doctor_sees_a_running_worker(desk: Shell) -> None:
    from helpdesk_tui.sync.lease import WorkerLock

    lock = WorkerLock(desk.store / "sync.lock")
    assert lock.take()
    try:
        states = {check["name"]: check["state"] for check in desk.json("doctor")["checks"]}
    finally:
        lock.free()
    assert states["worker"] == "ok"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("INSERT INTO ticket_tally VALUES (3, 'snoozed', 0, 5, 5)", "says 5, there are 0"),
        ("UPDATE ticket_tally SET total = total + 2", "says 3, there are 1"),
        ("UPDATE ticket_tally SET unread = unread + 2", "unread open tickets of nobody says 3"),
        ("DELETE FROM ticket_tally", "says 0, there are 1"),
    ],
)
def test_doctor_finds_and_mends_counters_that_are_wrong(desk: Shell, fault: str, said: str) -> None:
    store = Store(desk.store)
    add_ticket(store, status="open", unread=1)
    with store.write() as connection:
        connection.execute(fault)
    store.close()
    printed = desk("doctor", code=1)
    assert said in printed
    assert "→ helpdesk doctor --mend" in printed
    assert "sound" in desk("doctor", "--mend")
    assert "sound" in desk("doctor")


def test_doctor_names_attachments_whose_bytes_are_gone(desk: Shell) -> None:
    store = Store(desk.store)
    ticket = add_ticket(store)
    anna = Actor(ActorKind.AGENT, add_agent(store), "anna")
    Drafts(store, anna).attach(ticket, DraftKind.REPLY, "big.bin", os.urandom(150_000))
    (blob,) = store.paths.blobs.glob("*/*")
    store.close()
    assert "sound" in desk("doctor")
    blob.unlink()
    printed = desk("doctor", code=1)
    assert f"big.bin of ticket {ticket} is gone" in printed
    assert f"cp -rn DIR/blobs/. {desk.store}/blobs/" in printed
