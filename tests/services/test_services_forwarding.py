"""Mail that a server passed on by itself: the customer is who wrote it, never a colleague.

The headers are those that the providers and programs describe; the mails are our own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.received import Source
from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.intake import Intake
from tests.support.mails import receive_raw
from tests.support.store import add_mailbox, make_store

SOURCE = Source(account_id=1, address="box@desk.example", folder="INBOX", validity=1)
ANA = "From: Ana Ruiz <ana@garden.example>\r\n"
VIA = "From: 'Ana Ruiz' via Support <support@shop.example>\r\n"
REST = (
    "To: undisclosed-recipients:;\r\nSubject: {subject}\r\nMessage-ID: <one@garden.example>\r\n"
    "Date: Fri, 20 Nov 2026 09:00:00 +0000\r\n\r\nThe lamp came broken.\r\n"
)
GROUP = (
    "Precedence: list\r\nMailing-list: list support@shop.example; contact"
    " support+owners@shop.example\r\nList-ID: <support.shop.example>\r\n"
    "X-Google-Group-Id: 1234567890\r\nList-Post: <https://groups.google.com/a/shop.example/group/"
    "support/post>, <mailto:support@shop.example>\r\nList-Archive: <https://groups.google.com/a/"
    "shop.example/group/support/>\r\nList-Unsubscribe: <mailto:googlegroups-manage+1@x.example>\r\n"
)

FORWARDS = {
    "gmail": (
        "Delivered-To: box@desk.example\r\n"
        "Return-Path: <support+caf_=box=desk.example@shop.example>\r\n"
        "X-Forwarded-To: box@desk.example\r\n"
        "X-Forwarded-For: support@shop.example box@desk.example\r\n"
        "Delivered-To: support@shop.example\r\n" + ANA
    ),
    "gmail-return-path-only": (
        "Delivered-To: box@desk.example\r\n"
        "Return-Path: <support+caf_=box=desk.example@shop.example>\r\n" + ANA
    ),
    "workspace-routing": (
        "Delivered-To: box@desk.example\r\nX-Gm-Original-To: support@shop.example\r\n" + ANA
    ),
    "workspace-group": (
        "Delivered-To: box@desk.example\r\nX-Original-Sender: ana@garden.example\r\n"
        "X-Original-Authentication-Results: mx.google.com; dmarc=pass\r\n" + GROUP + ANA
    ),
    "workspace-group-rewritten": (
        "Delivered-To: box@desk.example\r\nX-Original-Sender: ana@garden.example\r\n"
        "X-Original-From: Ana Ruiz <ana@garden.example>\r\n"
        "Reply-To: Ana Ruiz <ana@garden.example>\r\nSender: support@shop.example\r\n" + GROUP + VIA
    ),
    "microsoft-forwarding": (
        "Return-Path: support+SRS=XyZ12=QK=garden.example=ana@shop.example\r\n"
        "Resent-From: <support@shop.example>\r\n"
        "X-MS-Exchange-ForwardingLoop: support@shop.example;0a1b2c3d-0000-0000-0000\r\n"
        "X-MS-Exchange-Parent-Message-Id: <one@garden.example>\r\n" + ANA
    ),
    "microsoft-inbox-rule": (
        "Resent-From: <support@shop.example>\r\n"
        "X-MS-Exchange-Inbox-Rules-Loop: support@shop.example\r\n" + ANA
    ),
    "microsoft-return-path-only": (
        "Return-Path: <support+SRS=XyZ12=QK=garden.example=ana@shop.example>\r\n" + ANA
    ),
    "yahoo": (
        "X-Yahoo-Forwarded: from support@shop.example to box@desk.example\r\n"
        "Delivered-To: box@desk.example\r\n" + ANA
    ),
    "icloud": "Original-recipient: rfc822;support@shop.example\r\n" + ANA,
    "postfix-alias": (
        "X-Original-To: support@shop.example\r\nDelivered-To: box@desk.example\r\n" + ANA
    ),
    "dot-forward": (
        "X-Original-To: box@desk.example\r\nDelivered-To: box@desk.example\r\n"
        "Received: from mx.shop.example by mx.desk.example; Fri, 20 Nov 2026 09:00:02 +0000\r\n"
        "X-Original-To: support@shop.example\r\nDelivered-To: support@shop.example\r\n" + ANA
    ),
    "sieve-redirect": (
        "X-Sieve: Pigeonhole Sieve 0.5.21\r\nX-Sieve-Redirected-From: support@shop.example\r\n"
        "Delivered-To: box@desk.example\r\n" + ANA
    ),
    "resent": (
        "Resent-From: Support <support@shop.example>\r\nResent-To: box@desk.example\r\n"
        "Resent-Message-ID: <two@shop.example>\r\n" + ANA
    ),
    "exim": "Envelope-to: support@shop.example\r\nDelivery-date: now\r\n" + ANA,
    "fastmail": (
        "X-Delivered-to: box@desk.example\r\n"
        "X-Original-Delivered-to: support@shop.example\r\n" + ANA
    ),
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    addresses = ("other@shop.example", "support@shop.example")
    add_mailbox(store, account="shop", box="box@desk.example", addresses=addresses, name="Shop")
    yield store
    store.close()


@pytest.mark.parametrize("subject", ["Broken lamp", "Fwd: your receipt"])
@pytest.mark.parametrize("headers", FORWARDS.values(), ids=FORWARDS)
def test_passed_on_mail_is_the_customers_own(store: Store, headers: str, subject: str) -> None:
    raw = (headers + REST.format(subject=subject)).encode()
    Inbound(store, SYSTEM).ingest([receive_raw(raw)], source=SOURCE)
    assert Intake(store, SYSTEM).count() == 0
    with store.read() as connection:
        (found,) = connection.execute(
            "SELECT customer_address, recipient, automatic, flags FROM ticket"
        ).fetchall()
    assert found == ("ana@garden.example", "support@shop.example", 0, "")


@pytest.mark.parametrize("headers", FORWARDS.values(), ids=FORWARDS)
def test_an_address_that_is_named_wins(store: Store, headers: str) -> None:
    rest = REST.format(subject="x").replace("undisclosed-recipients:;", "other@shop.example")
    Inbound(store, SYSTEM).ingest([receive_raw((headers + rest).encode())], source=SOURCE)
    with store.read() as connection:
        assert connection.execute("SELECT recipient FROM ticket").fetchone() == (
            "other@shop.example",
        )


def test_chained_forward_without_a_trace_is_flagged(store: Store) -> None:
    raw = ("From: Shop <other@shop.example>\r\n" + REST.format(subject="Lamp")).encode()
    Inbound(store, SYSTEM).ingest([receive_raw(raw)], source=SOURCE)
    with store.read() as connection:
        flags = connection.execute("SELECT flags FROM ticket").fetchone()[0].split()
    assert "own-address-customer" in flags


def test_chained_forward_is_traced_by_reply_to(store: Store) -> None:
    raw = ("From: Shop <other@shop.example>\r\nReply-To: Ana <ana@garden.example>\r\n"
           + REST.format(subject="Lamp")).encode()  # fmt: skip
    Inbound(store, SYSTEM).ingest([receive_raw(raw)], source=SOURCE)
    with store.read() as connection:
        found = connection.execute("SELECT customer_address, flags FROM ticket").fetchone()
    assert found == ("ana@garden.example", "")


def test_newsletters_and_foreign_lists_stay_bulk(store: Store) -> None:
    foreign = GROUP.replace("shop.example", "club.example")
    campaign = GROUP + "X-Campaign: spring\r\n"
    mails = [
        (each + ANA + REST.format(subject=f"News {n}")).replace("<one@", f"<{n}@").encode()
        for n, each in enumerate((foreign, campaign, "Precedence: bulk\r\n"))
    ]
    Inbound(store, SYSTEM).ingest([receive_raw(each) for each in mails], source=SOURCE)
    with store.read() as connection:
        found = connection.execute("SELECT automatic FROM ticket").fetchall()
    assert found == [(1,)] * 3


def test_exchange_rule_that_answers_is_automatic() -> None:
    rule = "X-MS-Exchange-Inbox-Rules-Loop: ana@garden.example\r\n"
    parsed = parse_mail((rule + ANA + REST.format(subject="x")).encode())
    assert parsed.mail_class == "auto"


def test_names_of_delivery_headers_hold_no_rubbish() -> None:
    raw = (
        "Delivered-To: Mailing list, no address\r\nX-Forwarded-For: 10.0.0.1, unknown\r\n"
        "X-Original-To: <SUPPORT@Shop.example>\r\nReturn-Path: <ana+tag@garden.example>\r\n" + ANA
    )
    assert parse_mail(raw.encode() + b"\r\nx").delivered_to == ("support@shop.example",)
