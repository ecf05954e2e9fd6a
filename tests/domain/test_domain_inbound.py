"""Deciding about received mails, step by step, without a store."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk_tui.domain.inbound import Place, VerdictKind, decide, recipient_of
from helpdesk_tui.domain.mail import (
    Address,
    AuthResult,
    Bounce,
    Evidence,
    MailClass,
)
from helpdesk_tui.domain.matching import (
    MAX_IDS,
    Nothing,
    StoredMail,
    nameless_key,
    referenced_ids,
)
from helpdesk_tui.domain.message_ids import (
    make_marker,
)
from tests.support.lookup import DESK, KEYED, LENA, OURS, SECRET, STRANGER, Memory
from tests.support.mails import make_mail


def outcome(lookup: Any = None, **fields: Any) -> tuple[VerdictKind, Place, int | None]:
    verdict = decide(make_mail(**fields), DESK, lookup or Memory())
    return verdict.kind, verdict.place, verdict.ticket_id


NEW = (VerdictKind.TICKET, Place.NEW, None)
JOINS = (VerdictKind.JOINS, Place.APPEND, 7)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, NEW),
        ({"in_reply_to": "first@example.net"}, JOINS),
        ({"references": "other@x first@example.net unknown@x"}, JOINS),
        ({"references": "unknown@x"}, NEW),
        ({"references": "shelved@example.net"}, NEW),
        ({"subject": "Re: parcel [#7]"}, JOINS),
        ({"subject": "Re: parcel [#8]"}, JOINS),
        ({"subject": "Re: parcel [#404]"}, NEW),
        ({"subject": "Re: parcel [#7]", "sender": STRANGER}, NEW),
        ({"in_reply_to": KEYED}, JOINS),
        ({"in_reply_to": KEYED, "sender": STRANGER}, JOINS),
        ({"in_reply_to": KEYED.replace("hd.7", "hd.9"), "sender": STRANGER}, NEW),
        ({"markers": (make_marker(SECRET, 7),), "sender": STRANGER}, JOINS),
        ({"markers": (make_marker("cd" * 32, 7),), "sender": STRANGER}, NEW),
        ({"in_reply_to": "first@example.net", "sender": STRANGER}, NEW),
        ({"in_reply_to": "first@example.net", "sender": ""}, NEW),
        ({"in_reply_to": "first@example.net", "sender": OURS, "to": LENA}, JOINS),
    ],
)  # fmt: skip
def test_a_mail_joins_only_with_a_trace_its_sender_may_use(
    fields: dict[str, Any], wanted: tuple[VerdictKind, Place, int | None]
) -> None:
    assert outcome(**fields) == wanted


def test_a_keyed_id_leads_to_where_the_message_stands_today() -> None:
    memory = Memory()
    memory.known[KEYED] = [StoredMail("h", 70, 9, is_outbound=True)]
    assert outcome(memory, in_reply_to=KEYED) == (VerdictKind.JOINS, Place.APPEND, 9)


def test_a_stranger_with_a_proof_is_marked_and_one_without_gets_a_ticket_with_a_link() -> None:
    let_in = decide(make_mail(STRANGER, in_reply_to=KEYED), DESK, Memory())
    assert let_in.is_stranger
    assert "new-sender" in let_in.flags
    kept_out = decide(make_mail(STRANGER, in_reply_to="first@example.net"), DESK, Memory())
    assert kept_out.refused_ticket == 7
    assert "forged-reference" in kept_out.flags
    assert "forged-reference" in kept_out.ticket_flags
    assert Evidence("match.refused.known-id", "first@example.net") in kept_out.evidence


def test_an_id_that_two_tickets_hold_leads_to_the_one_its_sender_is_in() -> None:
    memory = Memory()
    memory.known["first@example.net"].insert(0, StoredMail("x", 5, 9))
    assert outcome(memory, in_reply_to="first@example.net") == JOINS


def test_a_number_does_not_help_a_sender_who_failed_authentication() -> None:
    fail = AuthResult("mx.shop.example", (("spf", "pass"), ("dmarc", "fail")))
    assert outcome(subject="parcel [#7]", auth=fail) == NEW
    other = AuthResult("mx.other.example", (("dmarc", "fail"),))
    assert outcome(subject="parcel [#7]", auth=other) == JOINS


def test_failed_authentication_is_shown_on_message_and_ticket() -> None:
    fail = AuthResult("mx.shop.example", (("dmarc", "fail"),))
    verdict = decide(make_mail(auth=fail), DESK, Nothing())
    assert verdict.flags == ("auth-failed",)
    assert verdict.ticket_flags == ("auth-failed",)


def test_answers_to_a_mail_that_never_came_stand_together() -> None:
    memory = Memory(**{"lost@example.net": [7]})
    assert outcome(memory, references="lost@example.net") == JOINS
    assert outcome(memory, references="lost@example.net", sender=STRANGER) == NEW
    assert outcome(memory, message_id="lost@example.net") == JOINS


def test_an_answer_to_a_mail_without_id_finds_it_by_person_and_subject() -> None:
    memory = Memory(**{nameless_key(LENA, "Where is my parcel?"): [7]})
    answer = {"references": "made-up@relay", "subject": "Re: where is my  PARCEL?", "to": LENA}
    verdict = decide(make_mail(OURS, **answer), DESK, memory)
    assert verdict.ticket_id == 7
    assert verdict.flags == ("from-own-address", "unproven-thread")
    assert outcome(memory, sender=STRANGER, **answer) == NEW
    memory.people[7].add("max@example.net")
    assert outcome(memory, sender="max@example.net", **answer) == JOINS
    without = {**answer, "references": ""}
    assert outcome(memory, sender=OURS, **without)[1] is Place.NEW


@pytest.mark.parametrize(
    ("fields", "verdict", "reason"),
    [
        ({"instance": "desk1"}, VerdictKind.REJECTED, "own-mail"),
        ({"message_id": KEYED}, VerdictKind.REJECTED, "own-mail"),
        ({"sender": "", "subject": "", "text": " ", "to": []}, VerdictKind.REJECTED, "empty"),
        ({"sender": "anna@shop.example", "is_forward": True}, VerdictKind.REJECTED,
         "forwarded-by-hand"),
        ({"mail_class": MailClass.OOO}, VerdictKind.AUTOMATIC, "out-of-office"),
        ({"mail_class": MailClass.BOUNCE}, VerdictKind.BOUNCE, "bounce"),
    ],
)  # fmt: skip
def test_what_makes_no_ticket_goes_to_the_intake_list(
    fields: dict[str, Any], verdict: VerdictKind, reason: str
) -> None:
    found = decide(make_mail(**fields), DESK, Memory())
    assert (found.kind, found.place, found.reason) == (verdict, Place.INTAKE, reason)
    assert found.evidence


def test_another_desk_and_a_customers_forward_make_tickets() -> None:
    assert outcome(instance="desk2") == NEW
    assert outcome(is_forward=True) == NEW


@pytest.mark.parametrize("mail_class", [MailClass.OOO, MailClass.AUTO, MailClass.BULK])
def test_automatic_mail_joins_its_thread(mail_class: MailClass) -> None:
    verdict = decide(
        make_mail(mail_class=mail_class, in_reply_to="first@example.net"), DESK, Memory()
    )
    assert (verdict.kind, verdict.place, verdict.ticket_id, verdict.automatic) == (
        VerdictKind.AUTOMATIC, Place.APPEND, 7, True)  # fmt: skip


@pytest.mark.parametrize("mail_class", [MailClass.AUTO, MailClass.BULK])
def test_unmatched_automatic_mail_makes_a_marked_ticket(mail_class: MailClass) -> None:
    verdict = decide(make_mail(mail_class=mail_class), DESK, Memory())
    assert (verdict.kind, verdict.place, verdict.automatic) == (
        VerdictKind.AUTOMATIC, Place.NEW, True)  # fmt: skip


@pytest.mark.parametrize(
    ("original", "references", "hard", "flags"),
    [
        ("ours@shop.example", "", True, ("address-fails",)),
        ("ours@shop.example", "", False, ()),
        ("", "ours@shop.example", True, ("address-fails",)),
    ],
)
def test_a_bounce_belongs_to_the_message_that_did_not_arrive(
    original: str, references: str, hard: bool, flags: tuple[str, ...]
) -> None:
    bounce = Bounce("5.1.1", hard, LENA, original, "no such user")
    mail = make_mail("mailer-daemon@mx.example", mail_class=MailClass.BOUNCE, bounce=bounce,
                     references=references)  # fmt: skip
    verdict = decide(mail, DESK, Memory())
    assert (verdict.kind, verdict.place, verdict.ticket_id) == (
        VerdictKind.BOUNCE, Place.APPEND, 7)  # fmt: skip
    assert (verdict.failed_message, verdict.ticket_flags) == (2, flags)


def test_a_forged_bounce_marks_nothing() -> None:
    bounce = Bounce("5.1.1", True, LENA, "ours@shop.example", "no such user")
    said = AuthResult("mx.shop.example", (("dmarc", "fail"),))
    mail = make_mail("mailer-daemon@mx.example", mail_class=MailClass.BOUNCE, bounce=bounce,
                     auth=said, auth_results=(said,))  # fmt: skip
    verdict = decide(mail, DESK, Memory())
    assert (verdict.failed_message, verdict.place) == (None, Place.INTAKE)


def test_a_bounce_of_somebody_elses_mail_marks_nothing() -> None:
    bounce = Bounce("5.1.1", True, LENA, "first@example.net", "no such user")
    mail = make_mail("mailer-daemon@mx", mail_class=MailClass.BOUNCE, bounce=bounce)
    assert decide(mail, DESK, Memory()).reason == "bounce"


def test_a_duplicate_needs_the_same_content() -> None:
    again = make_mail(message_id="first@example.net", content_hash="hash")
    assert decide(again, DESK, Memory()).kind is VerdictKind.DUPLICATE
    other = make_mail(message_id="first@example.net", content_hash="other")
    verdict = decide(other, DESK, Memory())
    assert verdict.kind is VerdictKind.TICKET
    assert "same-id" in verdict.flags
    nameless = make_mail(content_hash="hash")
    assert decide(nameless, DESK, Memory()).place is Place.NOWHERE


@pytest.mark.parametrize(
    ("headers", "customer", "found_in"),
    [
        ([("x-original-from", LENA)], LENA, "x-original-from"),
        ([("x-original-from", OURS), ("resent-from", LENA)], LENA, "resent-from"),
        ([("x-forwarded-for", ""), ("reply-to", LENA)], LENA, "reply-to"),
        ([("x-original-from", "anna@shop.example")], OURS, "from"),
    ],
)
def test_a_chained_forward_shows_the_true_sender(
    headers: list[tuple[str, str]], customer: str, found_in: str
) -> None:
    trace = tuple((name, Address("", address)) for name, address in headers)
    verdict = decide(make_mail(OURS, original_senders=trace), DESK, Memory())
    assert (verdict.customer.addr, verdict.found_in) == (customer, found_in)
    assert ("own-address-customer" in verdict.ticket_flags) is (customer == OURS)


def test_forward_headers_of_a_customer_do_not_count() -> None:
    trace = (("x-original-from", Address("", STRANGER)),)
    assert decide(make_mail(LENA, original_senders=trace), DESK, Memory()).customer.addr == LENA


@pytest.mark.parametrize(
    ("reply_to", "wanted"),
    [(STRANGER, STRANGER), (LENA, ""), (OURS, ""), ([OURS, STRANGER], STRANGER), ("", "")],
)
def test_another_reply_address_is_flagged_and_ours_is_ignored(reply_to: Any, wanted: str) -> None:
    verdict = decide(make_mail(reply_to=reply_to), DESK, Memory())
    assert verdict.reply_to == wanted
    assert ("reply-to-differs" in verdict.ticket_flags) is bool(wanted)


@pytest.mark.parametrize(
    ("fields", "flag"),
    [
        ({"evidence": (Evidence("unreadable", "timeout"),)}, "unreadable"),
        ({"defects": ("too-many-parts",)}, "cut"),
        ({"defects": ("header-too-long",)}, "cut"),
    ],
)
def test_a_mail_that_was_not_read_whole_says_so(fields: dict[str, Any], flag: str) -> None:
    assert flag in decide(make_mail(**fields), DESK, Memory()).flags


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, OURS),
        ({"to": ["box@gmail.example", OURS]}, OURS),
        ({"to": "x@y.example", "cc": OURS}, OURS),
        ({"to": "x@y.example", "delivered_to": (OURS,)}, OURS),
        ({"to": "x@y.example"}, "box@shop.example"),
    ],
)
def test_the_recipient_is_the_support_address_written_to(
    fields: dict[str, Any], wanted: str
) -> None:
    assert recipient_of(make_mail(**fields), DESK.own, "box@shop.example") == wanted


def test_ids_are_tried_nearest_first_and_long_chains_keep_the_first() -> None:
    mail = make_mail(message_id="me", in_reply_to="b", references="a me b c")
    assert referenced_ids(mail) == ("b", "c", "a")
    chain = referenced_ids(make_mail(references=" ".join(f"i{n}" for n in range(200))))
    assert len(chain) == MAX_IDS
    assert (chain[0], chain[-1]) == ("i199", "i0")


def test_an_empty_store_knows_nothing() -> None:
    fields = {"references": "first@example.net", "subject": "[#7]", "message_id": "m@x"}
    assert outcome(Nothing(), **fields) == NEW
    assert Nothing().ticket(1) is None
    assert Nothing().recent(LENA) == ()
    assert outcome(Nothing()) == NEW
    assert not Nothing().takes_part(7, LENA)
