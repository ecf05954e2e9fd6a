"""The further steps of the pipeline: proofs, offers, thanks, complaints, and their evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.inbound import Desk, Place, decide, recipient_of
from helpdesk_tui.domain.mail import Bounce, Evidence, FailedRecipient, MailClass
from helpdesk_tui.domain.matching import Nothing, StoredMail
from helpdesk_tui.domain.message_ids import make_reply_address, verify_reply_address
from helpdesk_tui.domain.offers import Recent
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.domain.times import span_us
from tests.support.lookup import DESK, LENA, OURS, SECRET, STRANGER, Memory, make_ticket
from tests.support.mails import make_file, make_mail

DAY = span_us(timedelta(days=1))


def explained(lookup: Any = None, desk: Desk = DESK, at: int | None = None, **fields: Any) -> Any:
    return decide(make_mail(**fields), desk, lookup or Memory(), at=at)


@pytest.mark.parametrize("header", ["to", "cc", "delivered_to"])
def test_a_keyed_reply_address_is_a_proof_wherever_it_stands(header: str) -> None:
    keyed = make_reply_address(SECRET, 7, OURS)
    fields: dict[str, Any] = {"sender": STRANGER, "to": "x@y.example", header: keyed}
    if header == "delivered_to":
        fields["delivered_to"] = (keyed,)
    verdict = explained(**fields)
    assert (verdict.ticket_id, verdict.is_stranger) == (7, True)
    assert Evidence("match.reply-address", keyed) in verdict.evidence
    assert recipient_of(make_mail(**fields), DESK.own, "box@shop.example") == OURS


@pytest.mark.parametrize(
    "address",
    [
        make_reply_address("cd" * 32, 7, OURS),
        make_reply_address(SECRET, 7, OURS).replace("hd.7.", "hd.9."),
        make_reply_address(SECRET, 7, "other@attacker.example"),
        f"support+hd.7@{OURS.partition('@')[2]}",
    ],
)
def test_no_other_plus_address_opens_a_ticket(address: str) -> None:
    assert explained(sender=STRANGER, to=address).ticket_id is None


def test_a_reply_address_that_would_be_too_long_is_none() -> None:
    assert make_reply_address(SECRET, 7, "a-very-long-name-of-a-support-desk@shop.example") == ""
    assert make_reply_address(SECRET, 7, "nobody") == ""
    assert verify_reply_address(SECRET, make_reply_address(SECRET, 7, OURS)) == 7


def test_a_ticket_alike_is_offered_and_only_where_a_person_opens_one() -> None:
    memory = Memory()
    memory.recents = [Recent(7, 0, "Where is my parcel?", "")]
    alike: dict[str, Any] = {"subject": "Re: where is my parcel?"}
    verdict = explained(memory, at=DAY, **alike)
    assert (verdict.place, verdict.offer) == (Place.NEW, "merge:7")
    assert Evidence("offer.merge", "#7 has the same subject") in verdict.evidence
    assert explained(memory, at=5 * DAY, **alike).offer == ""
    assert explained(memory, **alike).offer == ""
    assert explained(memory, at=DAY, subject="Other").offer == ""
    assert explained(memory, at=DAY, sender=STRANGER, **alike).offer == ""
    assert explained(memory, at=DAY, defects=("unclear-from",), **alike).offer == ""
    assert explained(memory, at=DAY, mail_class=MailClass.BULK, **alike).offer == ""


def test_another_subject_in_an_old_thread_is_offered_to_be_split() -> None:
    memory = Memory()
    fields: dict[str, Any] = {"in_reply_to": "first@example.net", "subject": "Invoice"}
    verdict = explained(memory, at=31 * DAY, **fields)
    assert (verdict.ticket_id, verdict.offer) == (7, "split")
    assert Evidence("offer.split", "not about: Where is my parcel?") in verdict.evidence
    assert explained(memory, at=29 * DAY, **fields).offer == ""
    memory.known["first@example.net"] = [StoredMail("hash", 1, 7, subject="Re: Invoice")]
    assert explained(memory, at=31 * DAY, **fields).offer == ""
    memory.tickets = {}
    assert explained(memory, at=31 * DAY, **fields).offer == ""


@pytest.mark.parametrize(
    ("ticket", "fields", "wanted"),
    [
        ({}, {}, Evidence("stays", "#7 open")),
        ({"status": Status.CLOSED}, {}, Evidence("reopens", "#7 was closed")),
        ({"status": Status.SNOOZED}, {}, Evidence("reopens", "#7 was snoozed")),
        ({"status": Status.SNOOZED, "snooze_keep": True}, {}, Evidence("stays", "#7 snoozed!")),
        ({"status": Status.CLOSED, "spam": True}, {}, Evidence("stays", "#7 spam")),
        ({"status": Status.CLOSED}, {"mail_class": MailClass.OOO},
         Evidence("stays", "#7 closed (automatic)")),
        ({"status": Status.CLOSED}, {"text": "Thanks a lot!"},
         Evidence("stays", "#7 closed (gratitude)")),
        ({"status": Status.CLOSED}, {"text": "Thanks!", "attachments": (make_file(),)},
         Evidence("reopens", "#7 was closed")),
    ],
)  # fmt: skip
def test_the_evidence_says_what_becomes_of_the_status(
    ticket: dict[str, Any], fields: dict[str, Any], wanted: Evidence
) -> None:
    memory = Memory()
    memory.tickets[7] = make_ticket(**ticket)
    desk = replace(DESK, keeps_thanks=True)
    verdict = explained(memory, desk, in_reply_to="first@example.net", **fields)
    assert wanted in verdict.evidence
    assert verdict.is_thanks is ("(gratitude)" in wanted.detail)


def test_thanks_reopen_unless_the_desk_wants_otherwise() -> None:
    verdict = explained(in_reply_to="first@example.net", text="Thanks!")
    assert not verdict.is_thanks
    assert "gratitude" not in verdict.flags


def test_a_match_in_a_merged_ticket_says_where_it_leads() -> None:
    verdict = explained(subject="Re: [#8]")
    assert Evidence("match.merged", "#8 into #7") in verdict.evidence


def test_every_step_that_a_mail_passed_is_named() -> None:
    names = explained().passed
    assert names[0] == "duplicate"
    assert {"own-mail", "bounce", "forwarded-by-hand"} <= set(names)
    own = explained(instance="desk1")
    assert own.reason == "own-mail"
    assert own.passed == names[: names.index("own-mail")]


def test_the_name_of_another_is_flagged_on_message_and_ticket() -> None:
    verdict = explained(name=OURS, sender=STRANGER)
    assert "spoofed-name" in verdict.flags
    assert "spoofed-name" in verdict.ticket_flags


@pytest.mark.parametrize(
    ("reported", "message"), [("ours@shop.example", 2), ("x@y", None), ("", None)]
)
def test_a_complaint_is_shelved_and_marks_the_message_it_is_about(
    reported: str, message: int | None
) -> None:
    verdict = explained(is_feedback_report=True, reported_id=reported, mail_class=MailClass.AUTO)
    assert (verdict.place, verdict.reason) == (Place.INTAKE, "feedback-report")
    assert verdict.failed_message == message


@pytest.mark.parametrize(
    ("status", "hard", "flagged"),
    [("5.1.1", True, True), ("", True, True), ("5.2.1", True, True), ("5.2.2", True, False),
     ("5.7.1", True, False), ("4.2.2", False, False)],
)  # fmt: skip
def test_only_codes_that_speak_of_the_address_flag_it(
    status: str, hard: bool, flagged: bool
) -> None:
    bounce = Bounce(status, hard, LENA, "ours@shop.example", "reason")
    verdict = explained(mail_class=MailClass.BOUNCE, bounce=bounce)
    assert ("address-fails" in verdict.ticket_flags) is flagged


def test_every_failed_recipient_is_evidence() -> None:
    failures = (FailedRecipient(LENA, "5.1.1", True, "no"), FailedRecipient("", "", False, "busy"))
    bounce = Bounce("5.1.1", True, LENA, "ours@shop.example", "no", failures)
    verdict = explained(mail_class=MailClass.BOUNCE, bounce=bounce)
    assert Evidence("bounce.failed", f"{LENA} 5.1.1") in verdict.evidence
    assert Evidence("bounce.delayed", "somebody") in verdict.evidence
    silent = explained(mail_class=MailClass.BOUNCE, bounce=None, in_reply_to="ours@shop.example")
    assert silent.failed_message == 2
    assert silent.ticket_flags == ()


def test_a_blocked_sender_is_kept_from_view_and_alters_no_ticket() -> None:
    memory = Memory()
    memory.blocked.add(LENA)
    fields: dict[str, Any] = {
        "reply_to": "other@example.net",
        "subject": "Something else altogether",
    }
    joins = explained(memory, at=31 * DAY, in_reply_to="first@example.net", **fields)
    assert joins.is_blocked
    assert not joins.waits
    assert joins.flags == (Flag.BLOCKED,)
    assert (joins.ticket_flags, joins.offer, joins.reply_to) == ((), "", "")
    assert Evidence("stays", "#7 open") in joins.evidence
    memory.tickets[7] = make_ticket(status=Status.CLOSED)
    stays = explained(memory, in_reply_to="first@example.net")
    assert Evidence("stays", "#7 closed (blocked)") in stays.evidence
    new = explained(memory)
    assert new.is_blocked
    assert Evidence("sender.blocked", LENA) in new.evidence


def test_nobody_is_blocked_who_is_one_of_us() -> None:
    memory = Memory()
    memory.blocked.add(OURS)
    assert not explained(memory, sender=OURS).is_blocked
    assert not Nothing().is_blocked(OURS)
