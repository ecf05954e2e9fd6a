"""Received mail finds its ticket: by references, markers and people, and never by a forgery."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpdesk_tui.db.known import MAX_SIBLINGS
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.message_ids import make_id, make_marker
from helpdesk_tui.domain.received import Summary
from tests.support.mailboxes import rows
from tests.support.mails import make_mail
from tests.support.receiving import OURS, STRANGER, desk_secret, only, receiving_store, take


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return receiving_store(tmp_path)


def test_the_answer_joins_and_reopens(store: Store) -> None:
    take(store, make_mail(message_id="a@x"))
    with store.write() as connection:
        connection.execute(
            "UPDATE ticket SET status = 'closed', unread = 0, waiting_since = NULL, closed_at = 1"
        )
    assert take(store, make_mail(references="a@x", text="Still nothing")) == Summary(
        seen=1, messages=1
    )
    assert only(store, "SELECT status, unread, closed_at, preview, message_count, version"
               " FROM ticket") == ("open", 1, None, "Still nothing", 2, 2)  # fmt: skip
    event = only(store, "SELECT before, after FROM activity WHERE kind = 'ticket.reopened'")
    assert [json.loads(text) for text in event] == [{"status": "closed"}, {"status": "open"}]
    assert only(store, "SELECT total, unread FROM ticket_tally WHERE status = 'open'") == (1, 1)


def test_a_snoozed_ticket_wakes_unless_it_was_told_not_to(store: Store) -> None:
    take(store, make_mail(message_id="a@x"), make_mail("max@example.net", message_id="b@x"))
    with store.write() as connection:
        connection.execute("UPDATE ticket SET status = 'snoozed', snoozed_until = 9")
        connection.execute("UPDATE ticket SET snooze_keep = 1 WHERE id = 2")
    take(store, make_mail(references="a@x", text="1"),
         make_mail("max@example.net", references="b@x", text="2"))  # fmt: skip
    assert rows(store, "SELECT status, snoozed_until FROM ticket ORDER BY id") == [
        ("open", None), ("snoozed", 9)]  # fmt: skip
    assert len(rows(store, "SELECT 1 FROM activity WHERE kind = 'ticket.woken'")) == 1


def test_a_whole_thread_of_one_batch_stands_in_one_ticket(store: Store) -> None:
    summary = take(
        store,
        make_mail(message_id="a@x"),
        make_mail(OURS, to="lena@example.net", message_id="b@x", references="a@x", text="Sent."),
        make_mail(message_id="c@x", references="a@x b@x", text="Thanks"),
    )
    assert summary == Summary(seen=3, tickets=1, messages=2)
    assert only(store, "SELECT customer_address, message_count FROM ticket") == (
        "lena@example.net", 3)  # fmt: skip
    assert rows(store, "SELECT author_kind, flags FROM message ORDER BY id") == [
        ("customer", ""), ("customer", "from-own-address"), ("customer", "")]  # fmt: skip


def test_an_answer_that_comes_before_its_question_joins_it(store: Store) -> None:
    take(store, make_mail(message_id="b@x", references="a@x", text="me again"))
    assert take(store, make_mail(message_id="a@x")) == Summary(seen=1, messages=1)
    assert take(store, make_mail(STRANGER, message_id="c@x", references="lost@x")).tickets == 1


def test_our_answer_before_the_question_gives_the_ticket_to_the_customer(store: Store) -> None:
    take(store, make_mail(OURS, to="lena@example.net", message_id="b@x", references="a@x"))
    assert only(store, "SELECT customer_address, flags FROM ticket") == (
        OURS, "own-address-customer")  # fmt: skip
    assert take(store, make_mail(message_id="a@x")).messages == 1
    assert only(store, "SELECT customer_address, customer_name, flags FROM ticket") == (
        "lena@example.net", "Lena", "")  # fmt: skip


def test_our_mail_lets_nobody_else_into_a_ticket(store: Store) -> None:
    take(store, make_mail(message_id="a@x"))
    take(store, make_mail(OURS, to=["lena@example.net", STRANGER], message_id="b@x",
                          references="a@x", text="forged"))  # fmt: skip
    assert take(store, make_mail(STRANGER, references="b@x")).tickets == 1


def test_who_was_written_to_before_may_join(store: Store) -> None:
    take(store, make_mail(message_id="a@x", cc="max@example.net"))
    assert take(store, make_mail("max@example.net", references="a@x")).messages == 1


def test_who_was_only_copied_and_writes_to_us_alone_is_marked(store: Store) -> None:
    lena = "lena@example.net"
    take(store, make_mail(STRANGER, message_id="news@shop", cc=lena))
    take(store, make_mail(in_reply_to="news@shop", message_id="1@x"))
    both = ["support@shop.example", STRANGER]
    take(store, make_mail(in_reply_to="news@shop", message_id="2@x", to=both))
    ours = make_id(desk_secret(store), 1, 9, "shop.example")
    take(store, make_mail(in_reply_to=ours, message_id="3@x", text="Answering you."))
    assert rows(store, "SELECT ticket_id, sender, flags FROM message ORDER BY id") == [
        (1, STRANGER, ""), (1, lena, "new-participant"), (1, lena, ""), (1, lena, "")]  # fmt: skip


def test_nobody_draws_the_answers_of_others_into_their_ticket(store: Store) -> None:
    lena = "lena@example.net"
    take(store, make_mail(STRANGER, message_id="e@x", references="news@shop", cc=lena))
    alone = make_mail(message_id="l@x", references="news@shop", subject="Re: News")
    assert take(store, alone).tickets == 1
    together = make_mail(references="news@shop", to=["support@shop.example", STRANGER])
    assert take(store, together).messages == 1
    assert rows(store, "SELECT ticket_id, sender FROM message ORDER BY id") == [
        (1, STRANGER), (2, lena), (1, lena)]  # fmt: skip


def test_a_stranger_joins_by_a_keyed_id_but_never_as_the_customer(store: Store) -> None:
    take(store, make_mail(message_id="a@x"))
    keyed = make_id(desk_secret(store), 1, 5, "shop.example")
    assert take(store, make_mail(STRANGER, in_reply_to=keyed)).messages == 1
    assert only(store, "SELECT customer_address, flags FROM ticket") == (
        "lena@example.net", "new-sender")  # fmt: skip
    assert only(store, "SELECT role FROM participant WHERE address = ?", STRANGER) == ("joined",)


def test_a_marker_and_a_number_lead_to_their_ticket(store: Store) -> None:
    take(store, make_mail(message_id="a@x"))
    marked = make_mail(STRANGER, markers=(make_marker(desk_secret(store), 1),))
    numbered = make_mail(subject="Re: parcel [#1]")
    unsure = make_mail("mallory@evil.example", markers=("{hd-1-" + "0" * 32 + "}",), subject="[#1]")
    assert take(store, marked, numbered, unsure) == Summary(seen=3, tickets=1, messages=2)


def test_another_address_of_the_customer_may_join(store: Store) -> None:
    take(store, make_mail(message_id="a@x"))
    with store.write() as connection:
        connection.execute(
            "INSERT INTO identity (profile_id, kind, value) VALUES (1, 'email', 'lena@work.net')"
        )
    assert take(store, make_mail("lena@work.net", references="a@x")).messages == 1


def test_a_newsletter_that_many_answer_stays_cheap(store: Store) -> None:
    many = [make_mail(f"reader{n}@x", message_id=f"{n}@x", references="news@x") for n in range(60)]
    assert take(store, *many).tickets == 60
    assert only(store, "SELECT count(*) FROM thread_ref") == (MAX_SIBLINGS,)


def test_thousands_of_mails_with_one_id_hide_nobody_elses(store: Store) -> None:
    with store.write() as connection:
        connection.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5100)"
            " INSERT INTO intake (received_at, reason, detail, sender, subject, external_id,"
            " content_hash, raw_sha256, preview, customer_name, customer_address)"
            " SELECT 0, 'own-mail', '{}', '', '', 'aa@x', '', '', '', '', '' FROM n UNION ALL"
            " SELECT 0, 'own-mail', '{}', '', '', 'zz@x', ?, '', '', '', ''",
            (make_mail().content_hash,),
        )
    flood = make_mail("trudy@x.example", message_id="aa@x")
    (instance,) = only(store, "SELECT instance FROM schema_info")
    found = take(store, flood, make_mail(message_id="zz@x", instance=instance))
    assert (found.tickets, found.duplicates) == (1, 1)


def test_a_forged_reference_makes_a_ticket_that_names_the_other(store: Store) -> None:
    take(store, make_mail(message_id="a@x"))
    assert take(store, make_mail(STRANGER, references="a@x")).tickets == 1
    assert only(store, "SELECT flags FROM ticket WHERE id = 2") == ("forged-reference",)
    created = only(
        store, "SELECT after FROM activity WHERE kind = 'ticket.created' AND ticket_id = 2"
    )
    assert json.loads(created[0])["named_ticket"] == 1


def test_merged_tickets_are_followed_also_in_circles(store: Store) -> None:
    take(store, *(make_mail(message_id=f"{n}@x", subject=str(n)) for n in range(5)))
    with store.write() as connection:
        for source, target in ((1, 2), (2, 3), (4, 5), (5, 4)):
            connection.execute("UPDATE ticket SET merged_into = ? WHERE id = ?", (target, source))
    take(store, make_mail(references="0@x", text="joins the last"))
    assert only(store, "SELECT ticket_id FROM message WHERE text = 'joins the last'") == (3,)
    take(store, make_mail(references="3@x", text="round and round"))
    assert only(store, "SELECT ticket_id FROM message WHERE text = 'round and round'")[0] in (4, 5)
