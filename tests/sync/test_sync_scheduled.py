"""Scheduled replies and a real mail server: on time, once, and not when the customer was first."""

from __future__ import annotations

import email
import email.policy
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.received import Source
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.replies import Replies
from tests.support.mailboxes import one, rows
from tests.support.mails import make_mail, receive
from tests.support.smtp import MailServer
from tests.support.store import add_message, add_ticket
from tests.support.waiting import AT_ONCE, until
from tests.sync.test_sync_delivery import crash, deliver, state

pytestmark = pytest.mark.dovecot


def schedule(store: Store, after: timedelta) -> tuple[int, datetime]:
    """Schedule a reply in a new ticket; return its message and its moment."""
    ticket = add_ticket(store, channel_account_id=1, email="lena@example.net")
    add_message(store, ticket, text="help", external_id="m1@x.example", sender="lena@example.net")
    actor = Actor(ActorKind.AGENT, one(store, "SELECT id FROM agent LIMIT 1"), "anna")
    at = datetime.now(UTC) + after
    return Replies(store, actor).reply(ticket, "Good morning!", at=at).message_id, at


def wait_for(at: datetime) -> None:
    until(lambda: datetime.now(UTC) > at)


def let_come(store: Store, message: int) -> datetime:
    """Let the moment of a scheduled message be now, whatever time went by; return it."""
    at = datetime.now(UTC)
    with store.write() as connection:
        connection.execute("UPDATE message SET due_at = ? WHERE id = ?", (to_us(at), message))
    return at


def test_it_leaves_at_its_moment_dated_then(store: Store, smtp: MailServer) -> None:
    message, _ = schedule(store, timedelta(hours=1))
    deliver(store)
    assert smtp.taken == []
    assert state(store, message)[0] == "scheduled"
    # its date has whole seconds: not the one in which it was written
    time.sleep(1.1)
    at = let_come(store, message)
    deliver(store)
    (taken,) = smtp.taken
    assert state(store, message)[0] == "sent"
    mail = email.message_from_bytes(taken.raw, policy=email.policy.default)
    dated = parsedate_to_datetime(str(mail["Date"]))
    assert dated >= at.replace(microsecond=0)
    assert "Good morning!" in str(mail.get_body(("plain",)))


@pytest.mark.parametrize("point", ["claimed", "before-commit"])
def test_a_worker_killed_at_that_moment_is_followed_by_one_mail(
    store: Store, smtp: MailServer, point: str
) -> None:
    message, at = schedule(store, timedelta(seconds=0.5))
    wait_for(at)
    crash(store, point)
    deliver(store)
    deliver(store)
    assert len(smtp.taken) == 1
    assert state(store, message)[0] == "sent"


def test_the_loop_wakes_up_for_it_by_itself(store: Store, smtp: MailServer) -> None:
    from helpdesk_tui.sync.delivery import DeliveryLoop
    from tests.support.mailboxes import secret

    message, _ = schedule(store, timedelta(seconds=AT_ONCE))
    loop = DeliveryLoop(store, "worker", secret, look_again_after=0.05)
    slept = loop.step()
    assert 0 < slept <= AT_ONCE
    assert smtp.taken == []
    let_come(store, message)
    loop.step()
    loop.finish()
    assert len(smtp.taken) == 1
    assert state(store, message)[0] == "sent"


def test_nothing_leaves_once_the_customer_has_written(store: Store, smtp: MailServer) -> None:
    message, at = schedule(store, timedelta(seconds=1.0))
    mail = make_mail(references="m1@x.example", text="It came, thank you and good night")
    source = Source(account_id=1, folder="INBOX", validity=7)
    Inbound(store, SYSTEM).ingest([receive(mail, uid=1)], source=source)
    wait_for(at)
    deliver(store)
    assert smtp.taken == []
    assert rows(store, "SELECT id FROM message WHERE id = ?", message) == []
    assert one(store, "SELECT text FROM draft") == "Good morning!"
