"""Mail that tells the team of every SMS: a burst is one mail, and no ticket is new twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.mail import OutgoingMail
from helpdesk_tui.domain.messaging.received import Medium
from helpdesk_tui.services.team_mail import TeamMail
from helpdesk_tui.services.triage import Triage
from tests.support.messaging import MessagingBox
from tests.support.store import FakeClock, add_agent, make_store

MAILBOX = Account(9, "support", "email", "support@shop.example", True, "{}", AccountState.OK, "")


@pytest.fixture
def box(tmp_path: Path) -> Iterator[MessagingBox]:
    store = make_store(tmp_path)
    box = MessagingBox(store, FakeClock())
    box.set("team-mail-sms", ["team@shop.example"])
    yield box
    store.close()


@pytest.fixture
def mails(box: MessagingBox) -> TeamMail:
    mails = TeamMail(box.store, now=box.clock)
    mails.gather()
    return mails


def sent(box: MessagingBox, mails: TeamMail) -> list[OutgoingMail]:
    """Gather what is new and send what is due in a minute."""
    mails.gather()
    box.clock.advance(minutes=2)
    out = []
    for row in mails.due():
        prepared = mails.prepare(row, MAILBOX)
        if prepared is not None:
            out.append(prepared.mail)
            mails.sent(prepared)
    return out


def lines(mail: OutgoingMail) -> list[str]:
    return [line for line in mail.text.splitlines() if line.startswith("#")]


def test_every_message_is_told_of_and_a_ticket_is_new_once(
    box: MessagingBox, mails: TeamMail
) -> None:
    ticket = box.told(box.sms, "where is my parcel?", name="Lena")
    box.told(box.sms, "hello?")
    (mail,) = sent(box, mails)
    assert mail.subject == "New messages (SMS): 2"
    assert lines(mail) == [
        f"#{ticket} (new)  Lena: where is my parcel?",
        f"#{ticket}  Lena: hello?",
    ]
    assert sent(box, mails) == []
    box.told(box.sms, "anybody?")
    (mail,) = sent(box, mails)
    assert lines(mail) == [f"#{ticket}  Lena: anybody?"]


def test_a_reopened_ticket_is_told_of_and_is_not_new(box: MessagingBox, mails: TeamMail) -> None:
    anna = Actor(ActorKind.AGENT, add_agent(box.store, "anna"), "anna")
    ticket = box.told(box.sms, "hi", name="Lena")
    sent(box, mails)
    Triage(box.store, anna, now=box.clock).close([ticket])
    box.told(box.sms, "again")
    (mail,) = sent(box, mails)
    assert lines(mail) == [f"#{ticket}  Lena: again"]


def test_new_tickets_only_where_it_is_so_set(box: MessagingBox, mails: TeamMail) -> None:
    box.set("sms-mail-every-message", "off")
    ticket = box.told(box.sms, "one", name="Lena")
    box.told(box.sms, "two")
    (mail,) = sent(box, mails)
    assert mail.subject == "New tickets (SMS): 1"
    assert lines(mail) == [f"#{ticket}  Lena: one"]
    box.told(box.sms, "three")
    assert sent(box, mails) == []


@pytest.mark.parametrize("channel", ["whatsapp", "instagram"])
def test_other_channels_tell_of_new_tickets(
    box: MessagingBox, mails: TeamMail, channel: str
) -> None:
    box.set(f"team-mail-{channel}", ["team@shop.example"])
    account = getattr(box, channel)
    box.told(account, "one")
    box.told(account, "two")
    (mail,) = sent(box, mails)
    assert len(lines(mail)) == 1


def test_spam_keywords_and_nobodys_words_are_not_told_of(
    box: MessagingBox, mails: TeamMail
) -> None:
    anna = Actor(ActorKind.AGENT, add_agent(box.store, "anna"), "anna")
    ticket = box.told(box.sms, "buy now")
    Triage(box.store, anna, now=box.clock).spam([ticket])
    box.hear(box.sms, box.said("STOP"), box.answered("from elsewhere"))
    assert sent(box, mails) == []


def test_nobody_is_told_where_no_address_is_set(box: MessagingBox, mails: TeamMail) -> None:
    box.set("team-mail-sms", [])
    box.told(box.sms)
    assert sent(box, mails) == []
    assert box.rows("team_mail") == []


def test_a_picture_alone_is_told_of_by_its_name(box: MessagingBox, mails: TeamMail) -> None:
    box.told(box.sms, "", name="Lena", media=(Medium({"url": "/1"}, "image/jpeg"),))
    (mail,) = sent(box, mails)
    assert lines(mail)[0].endswith("Lena: image .jpg")
