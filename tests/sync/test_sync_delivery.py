"""What becomes of a reply when sending goes wrong at any point: sent once, failed, or unknown."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.sync.channels.email import Mailbox, read_settings
from helpdesk_tui.sync.delivery import DeliveryLoop
from tests.support.dovecot import PASSWORD, USER, Dovecot
from tests.support.mailboxes import one, queue_reply, rows, secret
from tests.support.smtp import MailServer
from tests.support.store import add_message, add_ticket
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.dovecot

CRASH = """
import os, sys
from pathlib import Path
from helpdesk_tui.db.store import Store
from helpdesk_tui.services.outbox import Outbox
from helpdesk_tui.sync.channels.email.smtp import Mailer
from helpdesk_tui.sync.channels.email import Mailbox, read_settings
from helpdesk_tui.sync.delivery import DeliveryLoop
from tests.support.mailboxes import secret

point = sys.argv[2]

def die(*args, **kwargs):
    os._exit(9)

class DyingOutbox(Outbox):
    rendered = die if point == "claimed" else Outbox.rendered
    sent = die if point == "taken" else Outbox.sent

    def begin_data(self, *args):
        if point == "before-commit":
            die()
        super().begin_data(*args)
        if point == "before-data":
            die()

loop = DeliveryLoop(Store(Path(sys.argv[1])), "dead-worker", secret)
loop._outbox = DyingOutbox(Store(Path(sys.argv[1])))
loop.deliver()
"""


def queued(store: Store) -> int:
    ticket = add_ticket(store, channel_account_id=1)
    add_message(store, ticket, text="help", external_id="m1@x.example")
    return queue_reply(store, ticket)


def deliver(store: Store, owner: str = "worker") -> DeliveryLoop:
    loop = DeliveryLoop(store, owner, secret, look_again_after=0.05)
    loop.deliver()
    loop.finish()
    return loop


def state(store: Store, message: int) -> tuple[Any, ...]:
    found = rows(store, "SELECT delivery, error_code, attempts FROM message WHERE id = ?", message)
    return found[0]


def crash(store: Store, point: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(store.paths.root), point],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 9, done.stderr.decode()


@pytest.mark.parametrize("point", ["claimed", "before-commit"])
def test_a_worker_that_dies_before_the_content_leaves_is_followed_by_one_mail(
    store: Store, smtp: MailServer, point: str
):
    message = queued(store)
    crash(store, point)
    assert state(store, message)[0] == "sending"
    deliver(store)
    assert len(smtp.taken) == 1
    assert state(store, message)[0] == "sent"


def test_a_worker_that_dies_around_the_content_leaves_an_unknown(store: Store, smtp: MailServer):
    message = queued(store)
    crash(store, "before-data")
    loop = deliver(store)
    assert smtp.taken == []
    assert state(store, message)[:2] == ("unknown", "outbox.uncertain")
    assert loop.done["unknown"] == 1
    deliver(store)
    assert smtp.taken == []


def test_a_worker_that_dies_after_the_content_left_never_sends_again(
    store: Store, smtp: MailServer
):
    message = queued(store)
    crash(store, "taken")
    assert len(smtp.taken) == 1
    deliver(store)
    assert len(smtp.taken) == 1
    assert state(store, message)[0] == "unknown"


def test_what_is_found_in_sent_was_sent(store: Store, smtp: MailServer):
    message = queued(store)
    crash(store, "taken")
    settings = read_settings(one(store, "SELECT settings FROM channel_account"), USER)
    box = Mailbox(settings, PASSWORD)
    box.append(box.sent_folder(), smtp.taken[0].raw, datetime(2026, 11, 21, tzinfo=UTC))
    box.close()
    deliver(store)
    assert state(store, message)[0] == "sent"
    assert one(store, "SELECT filed FROM message WHERE id = ?", message) == 1
    assert len(smtp.taken) == 1


def test_a_connection_lost_in_the_content_is_settled_by_sent(store: Store, smtp: MailServer):
    message = queued(store)

    def cut(server: Any) -> str:
        server.transport.abort()
        return "250 never heard"

    smtp.after_data = cut
    deliver(store)
    assert state(store, message)[0] == "unknown"
    assert len(smtp.taken) == 1


def test_a_sent_folder_that_cannot_be_seen_decides_nothing(
    store: Store, smtp: MailServer, dovecot: Dovecot
):
    message = queued(store)
    crash(store, "taken")
    settings = one(store, "SELECT settings FROM channel_account")
    with store.write() as connection:
        connection.execute(
            "UPDATE channel_account SET settings = ?",
            (settings.replace(str(dovecot.tls_port), "9"),),
        )
    deliver(store)
    assert state(store, message)[0] == "sending"
    with store.write() as connection:
        connection.execute("UPDATE channel_account SET settings = ?", (settings,))
    deliver(store, "next worker")
    assert state(store, message)[0] == "unknown"
    assert len(smtp.taken) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("451 later", ("queued", "smtp.busy")), ("550 no such user", ("failed", "smtp.refused"))],
)
def test_a_refused_recipient_waits_or_fails(
    store: Store, smtp: MailServer, answer: str, expected: tuple[str, str]
):
    message = queued(store)
    address = one(store, "SELECT customer_address FROM ticket")
    smtp.refuse[address] = answer
    deliver(store)
    assert state(store, message)[:2] == expected
    deliver(store)
    assert state(store, message)[:2] == expected
    assert smtp.taken == []


def test_an_unreachable_server_is_tried_again_later(store: Store, smtp: MailServer):
    message = queued(store)
    settings = one(store, "SELECT settings FROM channel_account")
    with store.write() as connection:
        connection.execute(
            "UPDATE channel_account SET settings = ?", (settings.replace(str(smtp.port), "9"),)
        )
    loop = deliver(store)
    assert state(store, message) == ("queued", "smtp.unreachable", 1)
    assert loop.errors[0]["code"] == "smtp.unreachable"
    with store.write() as connection:
        connection.execute("UPDATE channel_account SET settings = ?", (settings,))
        connection.execute("UPDATE message SET due_at = 0 WHERE id = ?", (message,))
    deliver(store)
    assert state(store, message) == ("sent", "", 2)
    assert len(smtp.taken) == 1


def test_a_copy_that_cannot_be_filed_never_sends_again(
    store: Store, smtp: MailServer, dovecot: Dovecot
):
    message = queued(store)
    settings = one(store, "SELECT settings FROM channel_account")
    with store.write() as connection:
        connection.execute(
            "UPDATE channel_account SET settings = ?",
            (settings.replace(str(dovecot.tls_port), "9"),),
        )
    deliver(store)
    assert state(store, message)[0] == "sent"
    assert one(store, "SELECT filed FROM message WHERE id = ?", message) == 0
    with store.write() as connection:
        connection.execute("UPDATE channel_account SET settings = ?", (settings,))
    deliver(store)
    deliver(store)
    assert one(store, "SELECT filed FROM message WHERE id = ?", message) == 1
    assert len(smtp.taken) == 1
    identifier = one(store, "SELECT external_id FROM message WHERE id = ?", message).encode()
    assert sum(identifier in copy for copy in dovecot.folder("Gesendet")) == 1


def test_a_copy_that_is_gone_keeps_no_other_from_the_sent_folder(
    store: Store, smtp: MailServer, dovecot: Dovecot
):
    first, second = queued(store), queued(store)
    settings = one(store, "SELECT settings FROM channel_account")
    with store.write() as connection:
        connection.execute(
            "UPDATE channel_account SET settings = ?",
            (settings.replace(str(dovecot.tls_port), "9"),),
        )
    deliver(store)
    with store.write() as connection:
        connection.execute("UPDATE channel_account SET settings = ?", (settings,))
        connection.execute(
            "DELETE FROM blob WHERE sha256 = (SELECT raw_sha256 FROM message WHERE id = ?)",
            (first,),
        )
    deliver(store)
    assert one(store, "SELECT filed FROM message WHERE id = ?", first) == 0
    assert one(store, "SELECT filed FROM message WHERE id = ?", second) == 1


def test_several_replies_leave_once_each(store: Store, smtp: MailServer):
    messages = [queued(store) for _ in range(3)]
    deliver(store)
    deliver(store)
    assert len(smtp.taken) == 3
    assert {state(store, message)[0] for message in messages} == {"sent"}


@pytest.mark.parametrize("seen", [True, False])
def test_an_unsettled_mail_that_somebody_else_settled_holds_nothing_up(
    store: Store, smtp: MailServer, seen: bool, monkeypatch: pytest.MonkeyPatch
):
    lost = queued(store)
    crash(store, "before-data")
    waiting = queued(store)
    loop = DeliveryLoop(store, "worker", secret, look_again_after=0.05)

    def settled_meanwhile(*_: object) -> bool:
        with store.write() as connection:
            connection.execute(
                "UPDATE message SET delivery = 'sent', claimed_by = '' WHERE id = ?", (lost,)
            )
        return seen

    monkeypatch.setattr(loop._sender, "holds", settled_meanwhile)
    loop.deliver()
    loop.finish()
    assert state(store, waiting)[0] == "sent"
    assert loop._unsettled == {}


def test_a_claim_lost_while_the_mail_left_holds_nothing_up(store: Store, smtp: MailServer):
    first, second = queued(store), queued(store)

    def taken_over(_: object) -> str:
        with store.write() as connection:
            connection.execute(
                "UPDATE message SET delivery = 'unknown', claimed_by = '' WHERE id = ?", (first,)
            )
        return "250 queued"

    smtp.after_data = taken_over
    deliver(store)
    assert (state(store, first)[0], state(store, second)[0]) == ("unknown", "sent")


def test_three_refused_logins_stop_the_sending(store: Store, smtp: MailServer):
    def wrong(account: object, purpose: str) -> str:
        return "wrong"

    messages = [queued(store) for _ in range(4)]
    loop = DeliveryLoop(store, "worker", wrong)
    for _ in range(4):
        with store.write() as connection:
            connection.execute("UPDATE message SET due_at = 0 WHERE delivery = 'queued'")
        loop.deliver()
    assert {state(store, message)[0] for message in messages} == {"failed"}
    assert smtp.taken == []
