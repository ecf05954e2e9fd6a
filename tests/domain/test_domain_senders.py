"""Whether a sender is who the mail says."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.mail import Address, AuthResult
from helpdesk_tui.domain.own import make_own
from helpdesk_tui.domain.senders import Proof, is_spoofed, proof_evidence, proof_of
from tests.support.mails import make_mail

MX = "mx.shop.example"
TRUSTED = frozenset({MX, "mx2.shop.example"})
OWN = make_own(support=["support@shop.example"])


def said(server: str, *methods: str) -> AuthResult:
    pairs = (method.split("=") for method in methods)
    return AuthResult(server, tuple((name, value) for name, value in pairs))


@pytest.mark.parametrize(
    ("results", "wanted"),
    [
        ((), Proof.UNKNOWN),
        ((said(MX, "spf=pass", "dmarc=fail"),), Proof.FAILED),
        ((said(MX, "dmarc=pass"),), Proof.PASSED),
        ((said(MX, "spf=pass"),), Proof.NONE),
        ((said(MX, "dmarc=temperror"),), Proof.NONE),
        ((said("evil.example", "dmarc=pass"),), Proof.UNKNOWN),
        ((said("", "dmarc=pass"),), Proof.UNKNOWN),
        ((said("evil.example", "dmarc=pass"), said(MX, "dmarc=fail")), Proof.FAILED),
        ((said(MX, "dmarc=fail"), said(MX, "dmarc=pass")), Proof.FAILED),
        ((said(MX, "dmarc=pass"), said(MX, "dmarc=fail")), Proof.PASSED),
        ((said(MX, "dmarc=pass", "dmarc=fail"),), Proof.FAILED),
        ((said(MX, "dmarc=pass", "dmarc=none"),), Proof.NONE),
        ((said(MX, "dkim=fail"), said(MX, "dmarc=fail")), Proof.FAILED),
        ((said(MX, "spf=pass"), said(MX, "dmarc=pass")), Proof.NONE),
        ((said(MX, "spf=pass"), said("mx2.shop.example", "dmarc=fail")), Proof.NONE),
    ],
)  # fmt: skip
def test_only_the_topmost_trusted_server_is_believed(
    results: tuple[AuthResult, ...], wanted: Proof
) -> None:
    mail = make_mail(auth=results[0] if results else None, auth_results=results)
    assert proof_of(mail, TRUSTED) is wanted
    assert proof_of(mail, frozenset()) is Proof.UNKNOWN


def test_a_from_that_leaves_open_who_wrote_counts_as_forged() -> None:
    passed = (said(MX, "dmarc=pass"),)
    mail = make_mail(auth=passed[0], auth_results=passed, defects=("unclear-from",))
    assert proof_of(mail, TRUSTED) is Proof.FAILED
    assert proof_of(mail, frozenset()) is Proof.FAILED
    assert "several" in proof_evidence(mail, TRUSTED, Proof.FAILED).detail


def test_the_evidence_names_who_said_it_or_why_nobody_counts() -> None:
    forged = make_mail(auth_results=(said(MX, "spf=pass", "dmarc=fail"),))
    shown = proof_evidence(forged, TRUSTED, Proof.FAILED)
    assert (shown.code, shown.detail) == ("sender.failed", f"{MX}: spf=pass, dmarc=fail")
    silent = make_mail(auth=said(MX))
    assert proof_evidence(silent, TRUSTED, Proof.NONE).detail == f"{MX}: nothing"
    other = make_mail(auth_results=(said("evil.example"), said("")))
    detail = proof_evidence(other, TRUSTED, Proof.UNKNOWN).detail
    assert detail == "not trusted: evil.example, a server without name"
    assert proof_evidence(make_mail(), TRUSTED, Proof.UNKNOWN).detail == "no server says"


@pytest.mark.parametrize(
    ("name", "addr", "wanted"),
    [
        ("Lena Doe", "lena@example.net", False),
        ("lena@example.net", "lena@example.net", False),
        ("support@shop.example", "trudy@attacker.example", True),
        ("Shop <support@shop.example>", "trudy@attacker.example", True),
        ("lena@bank.example via list", "lena@example.net", True),
        ("Shop Support", "trudy@attacker.example", True),
        ("SHOP support ", "trudy@attacker.example", True),
        ("Shop Support", "support@shop.example", False),
        ("Shop Support Team", "trudy@attacker.example", False),
        ("Lena @ home", "lena@example.net", False),
        ("", "lena@example.net", False),
        ("support@shop.example", "", False),
    ],
)
def test_a_name_may_not_be_another_address_or_ours(name: str, addr: str, wanted: bool) -> None:
    assert is_spoofed(Address(name, addr), OWN, frozenset({"shop support"})) is wanted
