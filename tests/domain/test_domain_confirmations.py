from __future__ import annotations

import pytest

from helpdesk_tui.domain.accounts import AddressState
from helpdesk_tui.domain.confirmations import read_confirmation
from helpdesk_tui.domain.mail import AuthResult, MailClass
from helpdesk_tui.domain.providers import guess_provider
from helpdesk_tui.domain.verification import Outcome, Watched
from tests.support.mails import make_mail

BOX = "box@desk.example"
NEWEST = Watched("shop@brand.example", 1, BOX, AddressState.PENDING, "")
OLDER = Watched("help@brand.example", 1, BOX, AddressState.FAILING, "")
ELSEWHERE = Watched("info@other.example", 2, "two@desk.example", AddressState.PENDING, "")
WATCHED = (
    ELSEWHERE,
    NEWEST,
    Watched("sales@brand.example", 1, BOX, AddressState.VERIFIED, ""),
    OLDER,
    Watched(BOX, 1, BOX, AddressState.VERIFIED, ""),
)
GOOGLE = "forwarding-noreply@google.com"
VF = "https://mail-settings.google.com/mail/vf-%5BANGjdJ8abc%5D-Xyz_1"
UF = "https://mail-settings.google.com/mail/uf-%5BANGjdJ8abc%5D-Xyz_2"


def google(subject: str, before: str = "", after: str = "") -> dict[str, str]:
    """Return a mail as Google writes it: a code, a link that confirms, one that takes it back."""
    text = f"help@brand.example {before} {BOX}.\n\n{after}: 729154863\n\n{VF}\n\n{UF}\n"
    return {"sender": GOOGLE, "subject": subject, "text": text}


@pytest.mark.parametrize(
    "subject",
    [
        "(#729154863) Gmail Forwarding Confirmation - Receive Mail from help@brand.example",
        "(#729154863) Gmail-Bestätigung der Weiterleitung - E-Mails von help@brand.example",
        "(#729154863) Confirmación de reenvío de Gmail: recibir correo de help@brand.example",
        "(#729154863) Confirmation de transfert Gmail - Recevoir les e-mails",
        "（#729154863）Gmail の転送の確認 - help@brand.example からメールを受信",
        "(#729154863) Gmail 转发确认",
        "(#729154863) Potwierdzenie przekazywania dalej w Gmailu",
    ],
)
def test_google_asks_in_any_language(subject):
    found = read_confirmation(make_mail(**google(subject)), WATCHED, account_id=1)
    assert found is not None
    asked = found.confirmation
    assert (asked.code, asked.link, asked.provider) == ("729154863", VF, "workspace")
    assert found.change is not None
    assert (found.change.address, found.change.outcome) == (
        "help@brand.example", Outcome.CONFIRMATION,
    )  # fmt: skip
    assert found.change.confirmation == asked


def test_gmail_and_workspace_are_told_apart_by_the_address():
    text = f"alice.shop@gmail.com wants to forward to {BOX}\n{VF}"
    found = read_confirmation(make_mail(GOOGLE, subject="x", text=text), WATCHED, account_id=1)
    assert found is not None
    assert (found.confirmation.provider, found.confirmation.address) == (
        "gmail", "alice.shop@gmail.com",
    )  # fmt: skip
    # none of ours is named: the newest that waits in this mailbox
    assert found.change is not None
    assert found.change.address == NEWEST.address


@pytest.mark.parametrize(
    ("sender", "subject", "text", "links", "provider", "code", "link"),
    [
        (
            "no-reply@cc.yahoo-inc.com", "Please verify your forwarding address",
            "help@brand.example asked Yahoo Mail to forward to you.", (
                "https://help.yahoo.com/kb/forwarding",
                "https://mail.yahoo.com/forward/verify?token=a1b2c3",
            ), "yahoo", "", "https://mail.yahoo.com/forward/verify?token=a1b2c3",
        ),
        (
            "noreply@email.apple.com", "Bestätige deine Adresse für die Weiterleitung",
            "Gib diesen Code in iCloud Mail ein:\n\n    482913\n\nApple", (),
            "icloud", "482913", "",
        ),
        (
            "account-security-noreply@accountprotection.microsoft.com",
            "Microsoft-konto: bekräfta vidarebefordran", "Kod: 5512093\nhelp@brand.example", (),
            "microsoft", "5512093", "",
        ),
        (
            "noreply@zoho.com", "Email forwarding verification",
            "Confirm at https://mail.zoho.com/zm/verify.do?key=7&mail=support@brand.example.", (),
            "zoho", "", "https://mail.zoho.com/zm/verify.do?key=7&mail=support@brand.example",
        ),
        (
            "no-reply@yandex.ru", "Подтвердите пересылку писем",
            "Код: 99120034", (), "yandex", "99120034", "",
        ),
        (
            "postmaster@mail.brand.example", "Confirmer le transfert des messages",
            "https://mail.brand.example/forward/confirm/83ba7e\nhttps://evil.example/confirm", (),
            "brand.example", "", "https://mail.brand.example/forward/confirm/83ba7e",
        ),
    ],
)  # fmt: skip
def test_other_providers_ask_too(sender, subject, text, links, provider, code, link):
    mail = make_mail(sender, subject=subject, text=text, links=tuple((a, "") for a in links))
    found = read_confirmation(mail, WATCHED, account_id=1)
    assert found is not None
    asked = found.confirmation
    assert (asked.provider, asked.code, asked.link) == (provider, code, link)
    assert found.change is not None


@pytest.mark.parametrize(
    "link",
    [
        UF,
        "http://mail-settings.google.com/mail/vf-abc",
        "https://mail-settings.google.com.evil.example/mail/vf-abc",
        "https://mail-settings.google.com@evil.example/mail/vf-abc",
        "https://evil.example/mail-settings.google.com/mail/vf-abc",
        "https://mail-settings.google.com:8443/mail/vf-abc",
        "https://sites.google.com/mail/vf-abc",
        "https://[mail-settings.google.com/mail/vf-abc",
        "https://evil.example\\.mail.google.com/mail/vf-abc",
        "https://mail-settings.google.com/mail/vf-/../../url?q=https://evil.example",
        "https://mail-settings.google.com/mail/vf-/%2e%2e/%2E./url?q=https://evil.example",
        "https://mail-settings.google.com/mail/vf-abc\u241b]52;c",
    ],
)
def test_only_the_link_that_confirms_at_the_provider_is_kept(link):
    mail = make_mail(GOOGLE, subject="(#729154863) x", text=link, links=((link, "google.com"),))
    found = read_confirmation(mail, WATCHED, account_id=1)
    assert found is not None
    assert (found.confirmation.code, found.confirmation.link) == ("729154863", "")


@pytest.mark.parametrize(
    "sender",
    [
        "forwarding-noreply@google.com.evil.example",
        "forwarding-noreply@googIe.com",
        "forwarding-noreply@gmail.com",
        "someone@google.com",
        "no-reply@evil.example",
        "lena@yahoo.com",
        "peter@outlook.com",
        "security-notification@outlook.com",
        "noreply-forwarding@yahoo.com",
        "mail-forwarding@zoho.com",
        "lena@brand.example",
        "noreply@accountprotection.microsoft.com.evil.example",
        "",
    ],
)
def test_nobody_else_is_believed(sender):
    mail = make_mail(**{**google("(#729154863) Gmail Forwarding Confirmation"), "sender": sender})
    assert read_confirmation(mail, WATCHED, account_id=1) is None


@pytest.mark.parametrize(
    ("methods", "believed"),
    [
        ((("dmarc", "pass"),), True),
        ((("dkim", "pass"), ("spf", "fail")), True),
        ((), True),
        ((("dmarc", "fail"), ("spf", "pass")), False),
        ((("dkim", "fail"), ("spf", "softfail")), False),
    ],
)
def test_a_trusted_server_has_the_last_word(methods, believed):
    mail = make_mail(**google("(#729154863) x"), auth=AuthResult("mx.desk.example", methods))
    trusted = frozenset({"mx.desk.example"})
    found = read_confirmation(mail, WATCHED, account_id=1, trusted=trusted)
    assert (found is not None) is believed
    assert read_confirmation(mail, WATCHED, account_id=1) is not None


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (GOOGLE, "Your storage is full", "Buy more: https://one.google.com/plans"),
        ("no-reply@zoho.com", "Invoice 20260101", "Amount due: 123456"),
        ("no-reply@cc.yahoo-inc.com", "Verify your account", "Code: 123456"),
        ("noreply@email.apple.com", "Weiterleitung", "Nichts zu tun"),
    ],
)
def test_other_mail_of_a_provider_is_just_mail(sender, subject, text):
    assert read_confirmation(make_mail(sender, subject=subject, text=text), WATCHED) is None


@pytest.mark.parametrize("sender", ["noreply@brand.example", "support@brand.example"])
def test_our_own_addresses_ask_for_nothing(sender):
    watched = (*WATCHED, Watched("support@brand.example", 1, BOX, AddressState.VERIFIED, ""))
    text = "Please confirm the forwarding of order\n: 729154863"
    found = read_confirmation(make_mail(sender, text=text), watched, account_id=1)
    assert (found is None) is (sender == "support@brand.example")


@pytest.mark.parametrize("kind", [MailClass.BOUNCE, MailClass.OOO])
def test_reports_and_absences_ask_for_nothing(kind):
    text = "could not verify the forwarding\nCode: 123456"
    mail = make_mail("postmaster@mail.brand.example", text=text, mail_class=kind)
    assert read_confirmation(mail, WATCHED, account_id=1) is None


def test_without_an_address_that_waits_nothing_is_changed():
    done = (Watched("help@brand.example", 1, BOX, AddressState.VERIFIED, ""), ELSEWHERE)
    found = read_confirmation(make_mail(**google("(#729154863) x")), done, account_id=1)
    assert found is not None
    assert found.change is None


@pytest.mark.parametrize("piece", ["a@", "@a.", "https://", ":1", "(1", "forward confirm "])
def test_long_lines_cost_little(piece):
    text = piece * (200_000 // len(piece))
    assert read_confirmation(make_mail("noreply@zoho.com", text=text), WATCHED) is None


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("a@gmail.com", "gmail"), ("a@Hotmail.com", "microsoft"), ("a@yahoo.de", "yahoo"),
        ("a@me.com", "icloud"), ("a@brand.example", ""),
    ],
)  # fmt: skip
def test_the_provider_is_guessed_by_the_domain(address, provider):
    assert guess_provider(address) == provider
