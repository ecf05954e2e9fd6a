"""When a new ticket is answered automatically, and every brake that says no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk_tui.domain.auto_answer import (
    Answered,
    AnswerRules,
    Refusal,
    answer_subject,
    brake,
    refusal,
)
from helpdesk_tui.domain.inbound import Desk, decide
from helpdesk_tui.domain.mail import Address, AuthResult, Evidence, MailClass
from helpdesk_tui.domain.matching import Nothing
from helpdesk_tui.domain.own import make_own
from helpdesk_tui.domain.times import span_us
from tests.support.lookup import STRANGER, Memory
from tests.support.mails import make_mail

OURS, MX = "support@shop.example", "mx.shop.example"
OWN = make_own(support=[OURS], others=["anna@shop.example"], domains=["brand.example"])
TRUSTED = frozenset({MX})
ON = AnswerRules("We have got it.")
FAIL = (AuthResult(MX, (("dmarc", "fail"),)),)
PASS = (AuthResult(MX, (("dmarc", "pass"),)),)


def refused(rules: AnswerRules = ON, **fields: Any) -> Refusal | None:
    mail = make_mail(**fields)
    verdict = decide(mail, Desk(OWN, trusted=TRUSTED), Nothing())
    return refusal(mail, verdict, rules, OWN, TRUSTED)


def test_a_person_who_opens_a_ticket_is_answered() -> None:
    assert refused() is None
    assert refused(auth_results=PASS) is None


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"mail_class": MailClass.BULK}, Refusal.NOT_HUMAN),
        ({"mail_class": MailClass.AUTO}, Refusal.NOT_HUMAN),
        ({"mail_class": MailClass.OOO}, Refusal.NOT_NEW),
        ({"mail_class": MailClass.BOUNCE}, Refusal.NOT_NEW),
        ({"evidence": (Evidence("unreadable", "x"),)}, Refusal.NOT_HUMAN),
        ({"is_spam_header": True}, Refusal.SPAM),
        ({"sender": ""}, Refusal.NO_ADDRESS),
        ({"sender": "someone"}, Refusal.NO_ADDRESS),
        ({"sender": "someone@localhost"}, Refusal.NO_ADDRESS),
        ({"sender": "someone@[127.0.0.1]"}, Refusal.NO_ADDRESS),
        ({"evidence": (Evidence("auto-submitted", "no"), Evidence("precedence", "bulk"))},
         Refusal.NOT_HUMAN),
        ({"defects": ("unclear-from",)}, Refusal.FORGED),
        ({"sender": OURS}, Refusal.OWN),
        ({"sender": "support+x@shop.example"}, Refusal.OWN),
        ({"sender": "anybody@brand.example"}, Refusal.OWN),
        ({"sender": "anna@shop.example"}, Refusal.OWN),
        ({"sender": "noreply@x.example"}, Refusal.ROLE),
        ({"sender": "no-reply+4711@x.example"}, Refusal.ROLE),
        ({"sender": "do_not_reply@x.example"}, Refusal.ROLE),
        ({"sender": "mailer-daemon@x.example"}, Refusal.ROLE),
        ({"sender": "postmaster@x.example"}, Refusal.ROLE),
        ({"sender": "owner-list@x.example"}, Refusal.ROLE),
        ({"sender": "list-request@x.example"}, Refusal.ROLE),
        ({"sender": "bounces+4711=a@x.example"}, Refusal.ROLE),
        ({"sender": "newsletter@x.example"}, Refusal.ROLE),
        ({"auth_results": FAIL}, Refusal.FORGED),
        ({"name": "support@shop.example"}, Refusal.SPOOFED),
    ],
)  # fmt: skip
def test_machines_ourselves_and_liars_are_not(fields: dict[str, Any], wanted: Refusal) -> None:
    assert refused(**fields) is wanted


def test_a_person_who_says_so_is_answered() -> None:
    assert refused(evidence=(Evidence("auto-submitted", "no"),)) is None


@pytest.mark.parametrize("sender", ["norma@x.example", "rooty@x.example", "bill@x.example"])
def test_people_whose_names_begin_like_roles_are_answered(sender: str) -> None:
    assert refused(sender=sender) is None


def test_a_customer_whose_mail_a_forwarder_wrote_anew_is_answered() -> None:
    customer = (("x-original-from", Address("Lena", "lena@example.net")),)
    assert refused(sender=OURS, original_senders=customer) is None


def test_without_a_text_nothing_is_answered() -> None:
    assert refused(AnswerRules()) is Refusal.OFF


@pytest.mark.parametrize(
    ("before", "rules", "fields", "wanted"),
    [
        (Answered(), ON, {}, None),
        (Answered(sender=1), ON, {}, Refusal.SENDER),
        (Answered(inbox=19), ON, {}, None),
        (Answered(inbox=20), ON, {}, Refusal.INBOX),
        (Answered(inbox=2), AnswerRules("x", per_hour=2), {}, Refusal.INBOX),
        (Answered(), AnswerRules("x", per_hour=0), {}, Refusal.INBOX),
        (Answered(sender=1, inbox=20), ON, {}, Refusal.SENDER),
        (Answered(), AnswerRules("x", proven_only=True), {}, Refusal.UNPROVEN),
        (Answered(is_known=True), AnswerRules("x", proven_only=True), {}, None),
        (Answered(), AnswerRules("x", proven_only=True), {"auth_results": PASS}, None),
    ],
)
def test_what_was_answered_before_holds_answers_back(
    before: Answered, rules: AnswerRules, fields: dict[str, Any], wanted: Refusal | None
) -> None:
    assert brake(make_mail(**fields), rules, TRUSTED, before, age_us=0) is wanted


def test_mail_that_lay_for_a_day_is_not_answered() -> None:
    late, fresh = span_us(timedelta(hours=25)), span_us(timedelta(hours=23))
    assert brake(make_mail(), ON, TRUSTED, Answered(), age_us=late) is Refusal.TOO_OLD
    assert brake(make_mail(), ON, TRUSTED, Answered(), age_us=fresh) is None


def test_the_subject_is_the_desks_own() -> None:
    assert answer_subject(ON, 7) == "We have received your message [#7]"
    assert answer_subject(AnswerRules("x", "Danke"), 7) == "Danke [#7]"


def test_a_blocked_sender_is_not_answered() -> None:
    memory = Memory()
    memory.blocked.add(STRANGER)
    mail = make_mail(STRANGER)
    verdict = decide(mail, Desk(OWN, trusted=TRUSTED), memory)
    assert refusal(mail, verdict, ON, OWN, TRUSTED) is Refusal.BLOCKED
