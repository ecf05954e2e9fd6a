"""Mail to the team and follow-ups over a real SMTP server: one mail each, whoever is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.inbound import VerdictKind
from helpdesk_tui.domain.mail import MailClass
from helpdesk_tui.domain.received import Source
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.services.chat.timers import ChatTimers
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.team_mail import own_recipients, team_mail_trouble
from helpdesk_tui.sync.team_mail import TeamMailLoop
from helpdesk_tui.sync.worker import run
from tests.support.chats import add_chat
from tests.support.mailboxes import desk_store, one, rows, secret
from tests.support.mails import make_mail, receive
from tests.support.smtp import MailServer, running_smtp
from tests.support.store import FakeClock, add_message
from tests.support.waiting import PATIENCE, until

ANA, TEAM = "ana@example.net", ["team@shop.example", "boss@shop.example"]
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

CRASH = """
import os, sys
from datetime import datetime
from pathlib import Path
from helpdesk_tui.db.store import Store
from helpdesk_tui.services.team_mail import TeamMail
from helpdesk_tui.sync.channels.email.smtp import Mailer
from helpdesk_tui.sync.team_mail import TeamMailLoop
from tests.support.mailboxes import secret

def die(*args, **kwargs):
    os._exit(9)

point = sys.argv[2]
if point == "begun":
    Mailer.send = die
if point == "taken":
    TeamMail.sent = die
if point == "gathered":
    TeamMail.due = die
now = datetime.fromisoformat(sys.argv[3])
TeamMailLoop(Store(Path(sys.argv[1])), secret, now=lambda: now).deliver()
"""


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running_smtp(None, security="none", login=False) as running:
        yield running


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def desk(tmp_path: Path, server: MailServer) -> Iterator[Store]:
    settings = {"imap_host": "localhost", "smtp_user": "", **server.settings("none")}
    with closing(desk_store(tmp_path, settings)) as store:
        set_desk(store, "team-mail-email", TEAM)
        set_desk(store, "team-mail-webchat", TEAM[:1])
        yield store


def set_desk(store: Store, name: str, value: object) -> None:
    with store.write() as connection:
        save_setting(connection, name, DESK, json.dumps(value))


def come_in(store: Store, clock: FakeClock, number: int, **fields: Any) -> None:
    """Let a mail make a ticket now."""
    source = fields.pop("source", Source(account_id=1, folder="INBOX", validity=7))
    sender = fields.pop("sender", f"c{number}@example.net")
    mail = make_mail(sender, message_id=f"m{number}@x", subject=f"Order {number}",
                     text=f"Where is order {number}? https://evil.example", **fields)  # fmt: skip
    Inbound(store, SYSTEM, now=clock).ingest([receive(mail, at=clock())], source=source)


def loop(store: Store, clock: FakeClock) -> TeamMailLoop:
    return TeamMailLoop(store, secret, now=clock)


def started(store: Store, clock: FakeClock) -> TeamMailLoop:
    """Return a loop that has looked at the log once, as a worker has."""
    made = loop(store, clock)
    made.deliver()
    return made


def mails(server: MailServer) -> list[EmailMessage]:
    found = [message_from_bytes(each.raw, policy=policy.default) for each in server.taken]
    return [each for each in found if isinstance(each, EmailMessage)]


def test_a_burst_is_one_mail(desk: Store, server: MailServer, clock: FakeClock) -> None:
    team = started(desk, clock)
    for number in range(5):
        come_in(desk, clock, number)
        clock.advance(seconds=5)
        team.deliver()
    assert server.taken == []
    clock.advance(seconds=60)
    team.deliver()
    team.deliver()
    (mail,) = mails(server)
    assert server.taken[0].recipients == tuple(TEAM)
    assert server.taken[0].sender == "<>"
    assert mail["Subject"] == "New tickets (Email): 5"
    body = mail.get_content()
    assert all(f"Where is order {number}?" in body for number in range(5))
    assert "://" not in body
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert mail["X-Helpdesk-Instance"]


def test_the_next_burst_is_the_next_mail(desk: Store, server: MailServer, clock: FakeClock) -> None:
    team = started(desk, clock)
    for number in range(2):
        come_in(desk, clock, number)
        team.deliver()
        clock.advance(minutes=2)
        team.deliver()
    assert ["order 0" in each.get_content() for each in mails(server)] == [True, False]


def test_what_is_nobodys_news_is_in_no_mail(
    desk: Store, server: MailServer, clock: FakeClock
) -> None:
    team = started(desk, clock)
    come_in(desk, clock, 1, source=Source(history=True, expected=1))
    come_in(desk, clock, 2, mail_class=MailClass.BULK)
    with desk.write() as connection:
        connection.execute("INSERT INTO block (kind, value, at) VALUES ('email', ?, 1)", (ANA,))
    come_in(desk, clock, 3, sender=ANA)
    come_in(desk, clock, 4)
    with desk.write() as connection:
        connection.execute("UPDATE ticket SET spam = 1 WHERE subject = 'Order 4'")
    team.deliver()
    clock.advance(minutes=2)
    team.deliver()
    assert server.taken == []
    assert rows(desk, "SELECT * FROM team_mail") == []


def test_tickets_from_before_the_first_look_are_old(
    desk: Store, server: MailServer, clock: FakeClock
) -> None:
    come_in(desk, clock, 1)
    team = started(desk, clock)
    clock.advance(minutes=2)
    team.deliver()
    assert server.taken == []


def test_a_chat_is_news_once_a_person_is_needed(
    desk: Store, server: MailServer, clock: FakeClock
) -> None:
    team = started(desk, clock)
    chat = add_chat(desk, at=NOW, flags="with-responder")
    log(desk, chat, "ticket.created", clock)
    team.deliver()
    assert rows(desk, "SELECT * FROM team_mail") == []
    with desk.write() as connection:
        connection.execute("UPDATE ticket SET flags = '' WHERE id = ?", (chat,))
    log(desk, chat, "chat.handed-over", clock)
    log(desk, chat, "chat.handed-over", clock)
    team.deliver()
    log(desk, chat, "chat.handed-over", clock)
    clock.advance(minutes=2)
    loop(desk, clock).deliver()
    (mail,) = mails(server)
    assert mail["Subject"] == "New tickets (Webchat): 1"
    assert mail.get_content().count(f"#{chat} ") == 1


def log(store: Store, ticket: int, kind: str, clock: FakeClock) -> None:
    with store.write() as connection:
        connection.execute(
            "INSERT INTO activity (at, ticket_id, actor_kind, kind, before, after)"
            " VALUES (?, ?, 'customer', ?, '{}', '{}')",
            (to_us(clock()), ticket, kind),
        )


@pytest.mark.parametrize("point", ["gathered", "begun", "taken"])
def test_whoever_is_killed_each_ticket_is_in_one_mail(
    desk: Store, server: MailServer, clock: FakeClock, point: str
) -> None:
    started(desk, clock)
    come_in(desk, clock, 1)
    if point != "gathered":
        loop(desk, clock).deliver()
        clock.advance(minutes=2)
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(desk.paths.root), point, clock().isoformat()],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 9, done.stderr.decode()
    clock.advance(minutes=2)
    come_in(desk, clock, 2)
    loop(desk, clock).deliver()
    clock.advance(minutes=2)
    loop(desk, clock).deliver()
    found = mails(server)
    ids = {each["Message-ID"] for each in found if "order 1" in each.get_content()}
    assert len(ids) == 1
    assert sum("order 2" in each.get_content() for each in found) == 1
    assert one(desk, "SELECT count(*) FROM team_mail WHERE state != 'sent'") == 0


def test_a_busy_server_gets_the_same_mail_again(
    desk: Store, server: MailServer, clock: FakeClock
) -> None:
    team = started(desk, clock)
    come_in(desk, clock, 1)
    team.deliver()
    server.after_data = lambda _: "451 later"
    clock.advance(minutes=2)
    team.deliver()
    first = one(desk, "SELECT message_id FROM team_mail")
    come_in(desk, clock, 2)
    team.deliver()
    server.after_data = None
    clock.advance(minutes=2)
    team.deliver()
    assert one(desk, "SELECT count(*) FROM team_mail") == 2
    assert mails(server)[0]["Message-ID"] == f"<{first}>"
    assert "order 2" not in mails(server)[0].get_content()


def test_a_refused_mail_is_given_up_and_said(
    desk: Store, server: MailServer, clock: FakeClock
) -> None:
    team = started(desk, clock)
    come_in(desk, clock, 1)
    team.deliver()
    server.after_data = lambda _: "554 no"
    clock.advance(minutes=2)
    team.deliver()
    assert team_mail_trouble(desk, now=clock) == "smtp.refused"
    clock.advance(days=2)
    assert team_mail_trouble(desk, now=clock) == ""


def test_a_server_that_is_away_ends_the_tries(
    desk: Store, server: MailServer, clock: FakeClock
) -> None:
    team = started(desk, clock)
    come_in(desk, clock, 1)
    team.deliver()
    server.after_data = lambda _: "451 later"
    for _ in range(10):
        clock.advance(hours=1)
        team.deliver()
    assert rows(desk, "SELECT state, error_code, attempts FROM team_mail") == [
        ("failed", "team-mail.gave-up", 8)
    ]


def test_our_own_addresses_are_told_nothing(
    desk: Store, server: MailServer, clock: FakeClock
) -> None:
    ours = one(desk, "SELECT address FROM support_address")
    set_desk(desk, "team-mail-email", [ours])
    assert own_recipients(desk) == [ours]
    team = started(desk, clock)
    come_in(desk, clock, 1)
    team.deliver()
    clock.advance(minutes=2)
    team.deliver()
    assert server.taken == []
    assert one(desk, "SELECT error_code FROM team_mail") == "team-mail.nobody"


def test_such_a_mail_that_comes_back_makes_no_ticket(
    desk: Store, server: MailServer, clock: FakeClock
) -> None:
    team = started(desk, clock)
    come_in(desk, clock, 1)
    team.deliver()
    clock.advance(minutes=2)
    team.deliver()
    verdict = Inbound(desk, SYSTEM, now=clock).explain(parse_mail(server.taken[0].raw))
    assert (verdict.kind, verdict.reason) == (VerdictKind.REJECTED, "own-mail")


def test_the_worker_follows_chats_up_and_tells_the_team(desk: Store, server: MailServer) -> None:
    set_desk(desk, "team-mail-every", "1s")
    stop = threading.Event()
    root = desk.paths.root
    worker = threading.Thread(target=lambda: run(root, stop=stop, password=secret))
    worker.start()
    try:
        until(lambda: bool(rows(desk, "SELECT 1 FROM setting WHERE name LIKE 'team-mail.p%'")))
        now = datetime.now(UTC)
        chat = add_chat(desk, at=now - timedelta(minutes=9), name="Ana", email=ANA,
                        chat={"offline_since": now - timedelta(minutes=8)})  # fmt: skip
        add_message(desk, chat, at=now - timedelta(minutes=7), channel="webchat",
                    direction="outbound", text="It leaves today.")  # fmt: skip
        log(desk, chat, "ticket.created", FakeClock(now))
        until(lambda: len(server.taken) == 2)
    finally:
        stop.set()
        worker.join(PATIENCE)
    assert {each.recipients for each in server.taken} == {(ANA,), (TEAM[0],)}


def test_a_step_says_when_the_next_mail_is_due(desk: Store, server: MailServer) -> None:
    team = TeamMailLoop(desk, secret)
    assert team.step() == 60.0
    come_in(desk, FakeClock(datetime.now(UTC)), 1)
    assert 50 < team.step() <= 60
    assert one(desk, "SELECT count(*) FROM team_mail") == 1


def test_a_follow_up_leaves_by_smtp_and_its_answer_begins_a_ticket(
    desk: Store, server: MailServer
) -> None:
    from helpdesk_tui.sync.channels.registry import adapters
    from helpdesk_tui.sync.delivery import DeliveryLoop

    now = datetime.now(UTC)
    chat = add_chat(desk, at=now - timedelta(minutes=9), name="Ana", email=ANA,
                    chat={"offline_since": now - timedelta(minutes=8)})  # fmt: skip
    add_message(desk, chat, at=now - timedelta(minutes=7), channel="webchat", direction="outbound",
                text="It leaves today.", files=[("label.pdf", b"%PDF-1.4 x")])  # fmt: skip
    for _ in range(2):
        ChatTimers(desk).run_due(now)
        for adapter in adapters():
            sender = DeliveryLoop(desk, "worker", secret, adapter=adapter)
            sender.deliver()
            sender.finish()
    (mail,) = mails(server)
    assert server.taken[0].recipients == (ANA,)
    assert mail["Subject"] == "Your chat with Support"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "It leaves today." in body.get_content()
    assert [part.get_filename() for part in mail.iter_attachments()] == ["label.pdf"]
    answer = make_mail(ANA, message_id="a@x", in_reply_to=mail["Message-ID"].strip("<>"))
    source = Source(account_id=1, folder="INBOX", validity=7)
    Inbound(desk, SYSTEM).ingest([receive(answer, at=now)], source=source)
    assert rows(desk, "SELECT channel, follows_id FROM ticket WHERE follows_id IS NOT NULL") == [
        ("email", chat)
    ]
