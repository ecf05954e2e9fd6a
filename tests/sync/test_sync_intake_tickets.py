"""Rejected mail becomes a ticket: the right customer, once, and later answers find it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import JobState
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.message_ids import make_id
from helpdesk_tui.domain.received import Source
from helpdesk_tui.services import adoption
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.intake import Intake
from helpdesk_tui.services.jobs import Jobs
from helpdesk_tui.sync.accounts import RunningAccounts
from helpdesk_tui.sync.intake_tickets import make_ticket
from helpdesk_tui.sync.parser import ParserProcess
from helpdesk_tui.sync.requests import JobLoop
from tests.support.forwards import attached, by_text
from tests.support.mails import AT, receive_raw
from tests.support.store import add_agent, add_mailbox, make_store

SOURCE = Source(account_id=1, address="box@shop.example", folder="INBOX", validity=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    add_mailbox(store, account="shop", name="Shop")
    add_agent(store, "bo", email="bo@shop.example")
    yield store
    store.close()


@pytest.fixture(scope="module")
def parser() -> Iterator[ParserProcess]:
    with ParserProcess() as parser:
        yield parser


@pytest.fixture
def anna(store: Store) -> Actor:
    return Actor(ActorKind.AGENT, add_agent(store, "anna"), "anna")


def ingest(store: Store, *raw: bytes) -> list[int]:
    Inbound(store, SYSTEM).ingest([receive_raw(each) for each in raw], source=SOURCE)
    return [row.id for row in reversed(Intake(store, SYSTEM).page().rows)]


def rows(store: Store, query: str, *values: object) -> list[dict[str, Any]]:
    with store.read() as connection:
        cursor = connection.execute(query, values)
        names = [part[0] for part in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def messages(store: Store, ticket: int) -> list[dict[str, Any]]:
    return rows(store, "SELECT * FROM message WHERE ticket_id = ? ORDER BY id", ticket)


def files(store: Store, message: int) -> list[str]:
    found = rows(store, "SELECT filename FROM attachment WHERE message_id = ?", message)
    return [row["filename"] for row in found]


AGAIN = (
    "From: Eva <eva@shop.example>\r\nTo: support@shop.example\r\nSubject: Fwd: Fwd: Broken lamp\r\n"
    "Message-ID: <fwd2@shop.example>\r\n\r\nNot mine either.\r\n\r\n"
    "---------- Forwarded message ---------\r\nFrom: Bo Berg <bo@shop.example>\r\n"
    "Date: Fri, 20 Nov 2026 at 09:00\r\nSubject: Fwd: Broken lamp\r\nTo: <eva@shop.example>\r\n\r\n"
    "Can one of you answer her?\r\n\r\n{mark}---------- Forwarded message ---------\r\n"
    "{mark}From: Ana Ruiz <ana@garden.example>\r\n{mark}Date: Thu, 19 Nov 2026 at 16:00\r\n"
    "{mark}Subject: Broken lamp\r\n{mark}To: <bo@shop.example>\r\n{mark}\r\n"
    "{mark}The lamp came broken.\r\n"
)


@pytest.mark.parametrize("mark", ["", "> "])
def test_a_forward_that_one_of_us_forwards_again_is_read_to_its_ground(
    store: Store, parser: ParserProcess, anna: Actor, mark: str
) -> None:
    add_agent(store, "eva", email="eva@shop.example")
    (intake_id,) = ingest(store, AGAIN.format(mark=mark).encode())
    row, _ = Intake(store, SYSTEM).load(intake_id)
    assert (row.reason, row.customer, row.preview) == (
        "forwarded-by-hand", Address("Ana Ruiz", "ana@garden.example"), "The lamp came broken.",
    )  # fmt: skip
    first, note = messages(store, make_ticket(store, anna, parser, intake_id, None))
    assert (first["sender"], first["subject"], first["text"]) == (
        "ana@garden.example", "Broken lamp", "The lamp came broken.",
    )  # fmt: skip
    assert note["text"] == "Not mine either.\n\nCan one of you answer her?"


def test_what_a_customer_forwards_stays_theirs(
    store: Store, parser: ParserProcess, anna: Actor
) -> None:
    add_agent(store, "eva", email="eva@shop.example")
    raw = AGAIN.format(mark="").replace("bo@shop.example", "bo@garden.example").encode()
    (intake_id,) = ingest(store, raw)
    first, _ = messages(store, make_ticket(store, anna, parser, intake_id, None))
    assert first["sender"] == "bo@garden.example"
    assert "Ana Ruiz" in first["text"]


def answer(sender: str, in_reply_to: str) -> bytes:
    return (
        f"From: {sender}\r\nTo: support@shop.example\r\nSubject: Re: Broken lamp\r\n"
        f"Message-ID: <later@garden.example>\r\nIn-Reply-To: <{in_reply_to}>\r\n\r\nAny news?\r\n"
    ).encode()


def test_the_list_names_the_customer_inside(store: Store) -> None:
    (intake_id,) = ingest(store, by_text())
    row, _ = Intake(store, SYSTEM).load(intake_id)
    assert row.reason == "forwarded-by-hand"
    assert row.customer == Address("Ana Ruiz", "ana@garden.example")
    assert row.preview == "The lamp came broken."
    assert not row.is_done


def test_text_of_the_customer_comes_first_and_the_colleague_is_a_note(
    store: Store, parser: ParserProcess, anna: Actor
) -> None:
    (intake_id,) = ingest(store, by_text())
    ticket = make_ticket(store, anna, parser, intake_id, None)
    (found,) = rows(store, "SELECT * FROM ticket")
    assert found["id"] == ticket
    assert (found["customer_name"], found["customer_address"], found["recipient"]) == (
        "Ana Ruiz", "ana@garden.example", "support@shop.example",
    )  # fmt: skip
    assert (found["subject"], found["preview"], found["unread"]) == (
        "Broken lamp", "The lamp came broken.", 1,
    )  # fmt: skip
    assert found["waiting_since"] is not None
    first, note = messages(store, ticket)
    assert (first["direction"], first["sender"], first["text"]) == (
        "inbound", "ana@garden.example", "The lamp came broken.",
    )  # fmt: skip
    assert first["external_id"] == ""
    assert "passed-on" in first["flags"].split()
    assert files(store, first["id"]) == ["lamp.png"]
    assert first["sent_at"] < first["received_at"]
    assert (note["direction"], note["text"], note["author_name"]) == (
        "note", "Can one of you answer her?\nBo", "Bo Berg",
    )  # fmt: skip
    assert note["agent_id"] is not None
    assert files(store, note["id"]) == []
    row, raw = Intake(store, SYSTEM).load(intake_id)
    assert (row.ticket_id, row.is_done, raw) == (ticket, True, by_text())
    assert Intake(store, SYSTEM).count() == 0


def test_attached_mail_keeps_its_id_and_its_files(
    store: Store, parser: ParserProcess, anna: Actor
) -> None:
    (intake_id,) = ingest(store, attached())
    ticket = make_ticket(store, anna, parser, intake_id, None)
    first, note = messages(store, ticket)
    assert (first["external_id"], first["text"]) == ("lamp@garden.example", "The lamp came broken.")
    assert files(store, first["id"]) == ["lamp.png"]
    assert note["text"] == "Can one of you answer her?"
    assert files(store, note["id"]) == ["list.pdf"]
    for digest in rows(store, "SELECT sha256 FROM attachment"):
        assert rows(store, "SELECT 1 FROM blob WHERE sha256 = ?", digest["sha256"])
    assert rows(store, "SELECT 1 FROM blob WHERE sha256 = ?", first["raw_sha256"])


@pytest.mark.parametrize("reference", ["lamp@garden.example", "older@garden.example"])
def test_later_answers_of_the_customer_find_the_ticket(
    store: Store, parser: ParserProcess, anna: Actor, reference: str
) -> None:
    (intake_id,) = ingest(store, attached())
    ticket = make_ticket(store, anna, parser, intake_id, None)
    ingest(store, answer("ana@garden.example", reference))
    assert messages(store, ticket)[-1]["text"].strip() == "Any news?"


def test_what_the_forward_answers_leads_to_the_ticket(
    store: Store, parser: ParserProcess, anna: Actor
) -> None:
    (intake_id,) = ingest(store, by_text("In-Reply-To: <lamp@garden.example>\r\n"))
    ticket = make_ticket(store, anna, parser, intake_id, None)
    ingest(store, answer("ana@garden.example", "lamp@garden.example"))
    assert len(messages(store, ticket)) == 3


def test_our_own_ids_in_it_lead_nowhere(store: Store, parser: ParserProcess, anna: Actor) -> None:
    (secret,) = rows(store, "SELECT secret FROM schema_info")
    keyed = make_id(secret["secret"], 4242, 17, "shop.example")
    (intake_id,) = ingest(store, attached(f"<{keyed}> <older@garden.example>"))
    ticket = make_ticket(store, anna, parser, intake_id, None)
    first, _ = messages(store, ticket)
    assert json.loads(first["thread_ids"]) == ["older@garden.example"]


def test_a_row_becomes_one_ticket_however_often_it_is_asked(
    store: Store, parser: ParserProcess, anna: Actor
) -> None:
    (intake_id,) = ingest(store, by_text())
    made = {make_ticket(store, anna, parser, intake_id, None) for _ in range(2)}
    made.add(make_ticket(store, anna, parser, intake_id, Address("", "other@garden.example")))
    assert len(made) == 1
    assert len(rows(store, "SELECT 1 FROM ticket")) == 1


def test_a_crash_in_between_leaves_nothing_behind(
    store: Store, parser: ParserProcess, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    (intake_id,) = ingest(store, by_text())

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(adoption, "_write_note", fail)
    with pytest.raises(Exception, match="disk"):
        make_ticket(store, anna, parser, intake_id, None)
    monkeypatch.undo()
    assert rows(store, "SELECT 1 FROM ticket") == []
    assert not Intake(store, SYSTEM).load(intake_id)[0].is_done
    make_ticket(store, anna, parser, intake_id, None)
    assert len(rows(store, "SELECT 1 FROM ticket")) == 1


def test_another_customer_may_be_named(store: Store, parser: ParserProcess, anna: Actor) -> None:
    (intake_id,) = ingest(store, by_text())
    ticket = make_ticket(store, anna, parser, intake_id, Address("Max", "MAX@garden.example"))
    (found,) = rows(store, "SELECT * FROM ticket")
    assert (found["customer_address"], found["customer_name"]) == ("max@garden.example", "Max")
    assert messages(store, ticket)[0]["sender"] == "max@garden.example"


def test_own_addresses_are_no_customers(store: Store, parser: ParserProcess, anna: Actor) -> None:
    (intake_id,) = ingest(store, by_text())
    with pytest.raises(UsageError, match="own-address"):
        make_ticket(store, anna, parser, intake_id, Address("", "bo@shop.example"))
    with pytest.raises(UsageError, match="invalid"):
        make_ticket(store, anna, parser, intake_id, Address("", "nobody"))
    with pytest.raises(NotFound):
        make_ticket(store, anna, parser, intake_id + 1, None)


def test_a_forward_that_names_nobody_needs_a_customer(
    store: Store, parser: ParserProcess, anna: Actor
) -> None:
    raw = b"From: bo@shop.example\r\nTo: support@shop.example\r\nSubject: Fwd: lamp\r\n\r\nSee it."
    (intake_id,) = ingest(store, raw)
    with pytest.raises(UsageError, match="customer-missing"):
        make_ticket(store, anna, parser, intake_id, None)
    ticket = make_ticket(store, anna, parser, intake_id, Address("", "ana@garden.example"))
    assert [each["text"] for each in messages(store, ticket)] == ["See it."]


def test_other_rejected_mail_becomes_the_ticket_itself(
    store: Store, parser: ParserProcess, anna: Actor
) -> None:
    raw = (
        b"From: Ana <ana@garden.example>\r\nTo: support@shop.example\r\nSubject: Out of office\r\n"
        b"Auto-Submitted: auto-replied\r\nMessage-ID: <away@garden.example>\r\n\r\nOn Monday.\r\n"
    )
    (intake_id,) = ingest(store, raw)
    ticket = make_ticket(store, anna, parser, intake_id, None)
    (only,) = messages(store, ticket)
    assert (only["external_id"], only["text"]) == ("away@garden.example", "On Monday.\n")
    assert only["flags"] == ""
    ingest(store, answer("ana@garden.example", "away@garden.example"))
    assert len(messages(store, ticket)) == 2


def test_unproven_senders_stay_flagged(store: Store, parser: ParserProcess, anna: Actor) -> None:
    with store.write() as connection:
        connection.execute(
            "INSERT INTO setting (scope, name, value)"
            " VALUES ('desk', 'trusted-authserv-ids', '[\"mx.shop.example\"]')"
        )
    raw = b"Authentication-Results: mx.shop.example; dmarc=fail\r\n" + by_text()
    (intake_id,) = ingest(store, raw)
    ticket = make_ticket(store, anna, parser, intake_id, None)
    assert "auth-failed" in messages(store, ticket)[0]["flags"].split()


def test_a_false_name_inside_stays_flagged(
    store: Store, parser: ParserProcess, anna: Actor
) -> None:
    raw = by_text().replace(b"Ana Ruiz <ana@garden", b'"Max <max@x.example>" <ana@garden')
    (intake_id,) = ingest(store, raw)
    ticket = make_ticket(store, anna, parser, intake_id, None)
    (found,) = rows(store, "SELECT customer_address, flags FROM ticket WHERE id = ?", ticket)
    assert found["customer_address"] == "ana@garden.example"
    assert "spoofed-name" in found["flags"].split()


def test_an_attached_mail_of_two_authors_stays_flagged(
    store: Store, parser: ParserProcess, anna: Actor
) -> None:
    raw = attached().replace(b"From: Ana Ruiz", b"From: Max <max@x.example>,\r\n Ana Ruiz")
    (intake_id,) = ingest(store, raw)
    ticket = make_ticket(store, anna, parser, intake_id, None)
    assert "auth-failed" in messages(store, ticket)[0]["flags"].split()


def test_dismissed_rows_leave_the_list_and_come_back(store: Store, anna: Actor) -> None:
    first, second = ingest(store, by_text(), by_text().replace(b"<fwd@", b"<two@"))
    intake = Intake(store, anna)
    intake.dismiss([first, 999])
    assert [row.id for row in intake.page().rows] == [second]
    assert [row.id for row in intake.page(everything=True).rows] == [second, first]
    assert intake.count() == 1
    intake.dismiss([first])
    intake.restore([first])
    assert intake.count() == 2
    log = rows(store, "SELECT kind, after FROM activity WHERE kind LIKE 'intake.%' ORDER BY id")
    assert [(row["kind"], json.loads(row["after"])) for row in log] == [
        ("intake.dismissed", {"intake": first}), ("intake.restored", {"intake": first}),
    ]  # fmt: skip


def test_what_became_a_ticket_is_not_restored(
    store: Store, parser: ParserProcess, anna: Actor
) -> None:
    (intake_id,) = ingest(store, by_text())
    make_ticket(store, anna, parser, intake_id, None)
    Intake(store, anna).restore([intake_id])
    assert Intake(store, anna).count() == 0


def test_asking_leaves_a_job_for_the_worker(store: Store, anna: Actor) -> None:
    (intake_id,) = ingest(store, by_text())
    intake = Intake(store, anna, now=lambda: AT + timedelta(hours=1))
    job = Jobs(store, SYSTEM).load(intake.ask_ticket(intake_id, Address("Max", "MAX@x.example")))
    assert job.kind == "intake.ticket"
    assert job.arguments == {
        "intake": intake_id, "agent": anna.agent_id, "address": "max@x.example", "name": "Max",
    }  # fmt: skip
    with pytest.raises(UsageError, match="invalid"):
        intake.ask_ticket(intake_id, Address("", "no\nbody@x.example"))


def test_the_worker_makes_the_ticket_and_tells_its_number(store: Store, anna: Actor) -> None:
    (intake_id,) = ingest(store, by_text())
    intake, jobs = Intake(store, anna), Jobs(store, SYSTEM)
    asked = [
        intake.ask_ticket(intake_id), intake.ask_ticket(intake_id), intake.ask_ticket(999),
    ]  # fmt: skip
    running = RunningAccounts(store, lambda *_: "")
    JobLoop(store, "worker", running, dict, lambda *_: "").step()
    first, second, missing = (jobs.load(each) for each in asked)
    (ticket,) = rows(store, "SELECT id FROM ticket")
    assert first.result == second.result == {"ticket": ticket["id"]}
    assert (missing.state, missing.result["code"]) == (JobState.FAILED, "intake.missing")
    (log,) = rows(store, "SELECT agent_id FROM activity WHERE kind = 'intake.ticket'")
    assert log["agent_id"] == anna.agent_id
