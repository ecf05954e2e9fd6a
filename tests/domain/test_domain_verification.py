from __future__ import annotations

import hmac

import pytest

from helpdesk_tui.domain import verification
from helpdesk_tui.domain.accounts import AddressState
from helpdesk_tui.domain.mail import Bounce, MailClass
from helpdesk_tui.domain.verification import Outcome, Watched, make_token, read_test, token_in
from tests.support.mails import make_mail

BOX = "box@shop.example"
HELP = "help@brand.example"
TOKEN = make_token(bytes(range(20)))
OLD = make_token(b"\xff" * 20)
WATCHED = (
    Watched("other@brand.example", 1, BOX, AddressState.PENDING, make_token(b"\x01" * 20)),
    Watched(HELP, 1, BOX, AddressState.PENDING, TOKEN),
    Watched(BOX, 1, BOX, AddressState.VERIFIED, ""),
)
SUBJECT = f"Forwarding test of {HELP} {TOKEN}"


def test_a_token_is_long_and_found_where_it_stands():
    assert len(TOKEN.removeprefix("hdt-")) * 4 >= 128
    assert token_in(f"a [{TOKEN.upper()}] b") == TOKEN
    assert token_in(TOKEN[:-1]) == ""
    assert token_in(f"{TOKEN}0") == ""
    assert token_in("hdt-" * 50_000) == ""


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"sender": BOX, "address_test": TOKEN}, Outcome.VERIFIED),
        ({"sender": BOX, "address_test": TOKEN, "mail_class": MailClass.AUTO}, Outcome.VERIFIED),
        # a group writes its own address into From, and keeps our header
        ({"sender": HELP, "address_test": TOKEN, "subject": f"[help] {SUBJECT}"}, Outcome.VERIFIED),
        # the header got lost on the way
        ({"sender": BOX, "subject": SUBJECT}, Outcome.VERIFIED),
        ({"sender": BOX, "subject": "[EXTERNAL]", "text": f"x\n\n{TOKEN}\n"}, Outcome.VERIFIED),
        # a person writes the token from elsewhere
        ({"sender": "anna@home.example", "to": HELP, "subject": TOKEN}, Outcome.VERIFIED),
        # a person, or a rule, sends a new mail with the old one in it
        (
            {"sender": "anna@shop.example", "subject": f"Fwd: {SUBJECT}", "is_forward": True},
            Outcome.BY_HAND,
        ),
        ({"sender": HELP, "subject": "New mail", "text": f"{TOKEN}\n"}, Outcome.BY_HAND),
        (
            {"sender": HELP, "subject": f"FW: {SUBJECT}", "is_forward": True,
             "in_reply_to": "a@b", "references": "a@b"},
            Outcome.BY_HAND,
        ),
        (
            {"sender": "mailer-daemon@brand.example", "mail_class": MailClass.BOUNCE,
             "bounce": Bounce("5.1.1", True, HELP, f"{TOKEN}@shop.example", "no such user")},
            Outcome.BOUNCED,
        ),
    ],
)  # fmt: skip
def test_what_came_of_a_test_mail(fields, outcome):
    found = read_test(make_mail(**fields), WATCHED)
    assert found is not None
    assert found.change is not None
    assert (found.change.address, found.change.outcome, found.change.token) == (
        HELP, outcome, TOKEN,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"sender": BOX, "address_test": OLD}, "address-test.unknown-token"),
        ({"sender": BOX, "subject": f"Forwarding test {OLD}"}, "address-test.unknown-token"),
        ({"sender": "x@evil.example", "subject": OLD, "to": HELP}, "address-test.unknown-token"),
        ({"sender": "a@b.example", "subject": TOKEN, "to": BOX}, "address-test.sent-elsewhere"),
    ],
)
def test_a_wrong_token_changes_nothing(fields, code):
    found = read_test(make_mail(**fields), WATCHED)
    assert found is not None
    assert (found.code, found.change) == (code, None)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"subject": "hdt-1234", "text": "hdt-zzzz"},
        # what merely quotes a token goes the way of all mail
        {"sender": "lena@example.net", "text": f"> {TOKEN}\nwhat is this?"},
        {"sender": HELP, "subject": f"Re: {SUBJECT}", "text": TOKEN},
        {"sender": HELP, "subject": f"Automatic reply: {SUBJECT}", "mail_class": MailClass.OOO},
        {"sender": BOX, "subject": SUBJECT, "in_reply_to": f"{TOKEN}@shop.example"},
        {"sender": "help@desk.example", "subject": "We got your request", "text": f"> {TOKEN}"},
        # a report of a delay, or of another mail
        {"mail_class": MailClass.BOUNCE,
         "bounce": Bounce("4.4.7", False, HELP, f"{TOKEN}@shop.example", "later")},
        {"mail_class": MailClass.BOUNCE, "bounce": Bounce("5.1.1", True, HELP, "x@y", "no")},
        {"mail_class": MailClass.BOUNCE, "bounce": None, "text": TOKEN, "address_test": TOKEN},
    ],
)  # fmt: skip
def test_other_mail_is_no_test_mail(fields):
    assert read_test(make_mail(**fields), WATCHED) is None


def test_an_address_without_a_token_is_never_verified():
    waiting = (Watched(HELP, 1, BOX, AddressState.PENDING, ""),)
    found = read_test(make_mail(BOX, address_test=TOKEN), waiting)
    assert found is not None
    assert found.change is None
    assert read_test(make_mail(BOX, subject="hdt-", text=""), waiting) is None


def test_every_token_is_compared_in_constant_time(monkeypatch):
    compared = []

    def spy(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return hmac.compare_digest(one, other)

    class Spied:
        compare_digest = staticmethod(spy)

    monkeypatch.setattr(verification, "hmac", Spied)
    read_test(make_mail(BOX, address_test=TOKEN), WATCHED)
    assert compared == [each.token.encode() for each in WATCHED]
