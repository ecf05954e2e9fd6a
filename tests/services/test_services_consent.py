"""Consent is a log that only grows: its last word holds, and nobody opts a customer in again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk_tui.db.messaging.consents import ConsentRow
from helpdesk_tui.db.reads.messaging import load_messaging
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.messaging.state import ConsentInfo, ConsentState
from helpdesk_tui.services.messaging.consent import ConsentLog
from tests.support.messaging import LENA, MessagingBox
from tests.support.store import add_agent, add_ticket

GIVEN, WITHDRAWN = ConsentState.GIVEN, ConsentState.WITHDRAWN


@pytest.fixture
def log(box: MessagingBox) -> ConsentLog:
    anna = Actor(ActorKind.AGENT, add_agent(box.store, "anna"), "anna")
    return ConsentLog(box.store, anna, now=box.clock)


def shown(box: MessagingBox, ticket: int) -> ConsentInfo:
    with box.store.read() as connection:
        info = load_messaging(connection, ticket)
    assert info is not None
    return info.consent


def test_what_an_agent_notes_holds_for_the_ticket_and_says_who_noted_it(
    box: MessagingBox, log: ConsentLog
) -> None:
    ticket = box.told(box.sms)
    assert shown(box, ticket).state == "unknown"
    log.record_for(ticket, GIVEN, "by phone,\non Monday")
    found = shown(box, ticket)
    assert (found.state, found.source, found.detail, found.agent, found.kind) == (
        "given", "agent", "by phone, on Monday", "anna", "transactional",
    )  # fmt: skip
    assert "consent.given" in box.events(ticket)


def test_the_same_thing_is_noted_once(box: MessagingBox, log: ConsentLog) -> None:
    for _ in range(3):
        log.record(LENA, GIVEN, "form 17", at=box.clock.now - timedelta(days=1))
    assert len(log.entries()) == 1


def test_consent_to_both_kinds_of_messages_is_one_line_in_the_ticket(
    box: MessagingBox, log: ConsentLog
) -> None:
    ticket = box.told(box.sms)
    word = ConsentRow("sms", LENA, GIVEN, "crm", box.clock.now, kind="marketing")
    added, refused = log.add([word, replace(word, kind="transactional")])
    assert (added, refused) == (2, [])
    assert box.events(ticket).count("consent.given") == 1
    before = replace(word, at=word.at - timedelta(days=1))
    log.add([before, replace(before, state=WITHDRAWN), replace(before, kind="transactional")])
    assert box.events(ticket).count("consent.given") == 3


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_nobody_opts_in_again_who_has_opted_out_themselves(
    box: MessagingBox, log: ConsentLog, channel: str
) -> None:
    box.hear(getattr(box, channel), box.said("STOP"))
    box.clock.advance(hours=1)
    with pytest.raises(NotAllowed, match=r"consent\.withdrawn-themselves"):
        log.record(LENA, GIVEN, "she said so", channel=channel)
    log.record(LENA, GIVEN, "an old form", channel=channel, at=box.clock.now - timedelta(days=9))
    last = log.state(LENA, channel)
    assert last is not None
    assert last.state is WITHDRAWN


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_who_has_opted_out_meanwhile_stays_out_though_it_is_heard_late(
    box: MessagingBox, log: ConsentLog, channel: str
) -> None:
    account = getattr(box, channel)
    ticket = box.told(account)
    said = box.said("STOP")
    box.clock.advance(minutes=5)
    log.record(LENA, GIVEN, "she said so", channel=channel)
    box.hear(account, said)
    last = log.state(LENA, channel)
    assert last is not None
    assert last.state is WITHDRAWN
    assert shown(box, ticket).state is WITHDRAWN
    box.clock.advance(minutes=5)
    box.hear(account, box.said("START"))
    last = log.state(LENA, channel)
    assert last is not None
    assert last.state is GIVEN


def test_a_table_cannot_say_what_will_be_said(box: MessagingBox, log: ConsentLog) -> None:
    ahead = box.clock.now + timedelta(days=900)
    given = ConsentRow(channel="sms", address=LENA, state=GIVEN, source="import", at=ahead)
    assert log.add([given]) == (1, [])
    box.clock.advance(seconds=1)
    box.hear(box.sms, box.said("STOP"))
    last = log.state(LENA)
    assert last is not None
    assert last.state is WITHDRAWN


def test_what_an_agent_withdrew_an_agent_gives_again(box: MessagingBox, log: ConsentLog) -> None:
    log.record(LENA, WITHDRAWN, "by mistake")
    box.clock.advance(seconds=1)
    log.record(LENA, GIVEN, "form 17")
    last = log.state(LENA)
    assert last is not None
    assert last.state is GIVEN


def test_consent_to_sms_is_none_to_whatsapp(box: MessagingBox, log: ConsentLog) -> None:
    log.record(LENA, GIVEN, "form 17")
    assert log.state(LENA, "whatsapp") is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"address": "0701112233"}, "consent.not-a-number"),
        ({"address": "lena@example.net"}, "consent.not-a-number"),
        ({"channel": "email"}, "consent.channel"),
        ({"channel": "fax"}, "consent.channel"),
        ({"kind": "some"}, "consent.kind"),
        ({"state": ConsentState.UNKNOWN}, "consent.state"),
        ({"detail": "  "}, "consent.no-source"),
    ],
)
def test_what_says_nothing_is_refused(log: ConsentLog, changes: dict[str, str], code: str) -> None:
    values = {"address": LENA, "state": GIVEN, "detail": "form 17", **changes}
    with pytest.raises(UsageError, match=code.replace(".", r"\.")):
        log.record(**values)  # type: ignore[arg-type]
    assert log.entries() == []


def test_only_a_ticket_with_a_number_has_consent(box: MessagingBox, log: ConsentLog) -> None:
    with pytest.raises(NotFound, match=r"ticket\.missing"):
        log.record_for(99, GIVEN, "form 17")
    with pytest.raises(UsageError, match=r"consent\.channel"):
        log.record_for(add_ticket(box.store), GIVEN, "form 17")
    with pytest.raises(UsageError, match=r"consent\.channel"):
        log.record_for(box.told(box.instagram), GIVEN, "form 17")
