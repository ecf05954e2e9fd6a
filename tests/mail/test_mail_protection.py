"""Signed and encrypted mail is shown for what it is."""

from __future__ import annotations

import base64

import pytest

from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.mail.parse import parse_mail
from helpdesk_tui.mail.protection import signed_content
from tests.support.raw_mails import mail, multipart

SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")
DATA = bytes.fromhex("06092a864886f70d010701")
TEXT = "Content-Type: text/plain\r\n\r\nHello."
ENTITY = b"Content-Type: text/plain; charset=utf-8\r\n\r\nInside the signature.\r\n"


def der(tag: int, *inner: bytes) -> bytes:
    """Return a value of definite length."""
    content = b"".join(inner)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    return bytes([tag, 0x82]) + size.to_bytes(2, "big") + content


def ber(tag: int, *inner: bytes) -> bytes:
    """Return a value of indefinite length."""
    return bytes([tag, 0x80]) + b"".join(inner) + b"\0\0"


def signed_data(content: bytes, *, indefinite: bool = False) -> bytes:
    """Return what a signature is wrapped around, without certificates or signers."""
    wrap = ber if indefinite else der
    if indefinite:
        octets = ber(0x24, *[der(0x04, content[i : i + 20]) for i in range(0, len(content), 20)])
    else:
        octets = der(0x04, content)
    body = wrap(0x30, b"\x02\x01\x01", wrap(0x31, der(0x30, DATA)),
                wrap(0x30, DATA, wrap(0xA0, octets)), der(0x31))  # fmt: skip
    return wrap(0x30, SIGNED_DATA, wrap(0xA0, body))


def smime(data: bytes, params: str = "; smime-type=signed-data; name=smime.p7m") -> bytes:
    """Return a mail that is one S/MIME part."""
    return mail(base64.encodebytes(data), f"application/pkcs7-mime{params}", "base64")


def said(raw: bytes) -> list[tuple[NoticeKind, str]]:
    """Return kind and scheme of the notices of a mail."""
    return [(notice.kind, dict(notice.values)["scheme"]) for notice in parse_mail(raw).notices]


@pytest.mark.parametrize(
    ("kind", "scheme"),
    [
        ("application/pkcs7-signature; name=smime.p7s", "smime"),
        ("application/x-pkcs7-signature", "smime"),
        ("application/pgp-signature; name=signature.asc", "pgp"),
    ],
)
def test_a_detached_signature_is_told_and_no_file_somebody_sent(kind, scheme):
    raw = multipart(TEXT, f"Content-Type: {kind}\r\n\r\nMIAG", kind="signed")
    assert said(raw) == [(NoticeKind.SIGNED, scheme)]
    parsed = parse_mail(raw)
    assert parsed.text.strip() == "Hello."
    assert [file.inline for file in parsed.attachments] == [True]
    assert parsed.is_signed


@pytest.mark.parametrize("indefinite", [False, True])
def test_a_mail_wrapped_in_a_signature_is_read(indefinite):
    raw = smime(signed_data(ENTITY, indefinite=indefinite))
    assert parse_mail(raw).text.strip() == "Inside the signature."
    assert said(raw) == [(NoticeKind.SIGNED, "smime")]
    assert [file.inline for file in parse_mail(raw).attachments] == [True]


def test_a_wrapped_mail_of_several_parts_keeps_its_alternatives_and_files():
    inner = multipart(
        "Content-Type: text/plain\r\n\r\nplain side", "Content-Type: text/html\r\n\r\n<p>html side",
        'Content-Type: application/pdf; name="a.pdf"\r\n\r\n%PDF', kind="alternative",
    )  # fmt: skip
    parsed = parse_mail(smime(signed_data(inner)))
    assert parsed.text.strip() == "plain side"
    assert "a.pdf" in [file.filename for file in parsed.attachments]


def test_a_signed_document_is_a_file_somebody_sent():
    data = base64.encodebytes(signed_data(b"%PDF-1.7 contract")).decode()
    kind = 'Content-Type: application/pkcs7-mime; name="contract.pdf.p7m"\r\n'
    parsed = parse_mail(multipart(TEXT, f"{kind}Content-Transfer-Encoding: base64\r\n\r\n{data}"))
    assert parsed.notices == ()
    assert [(f.filename, f.inline) for f in parsed.attachments] == [("contract.pdf.p7m", False)]


def test_signatures_around_signatures_end_somewhere():
    content = ENTITY
    for _ in range(10):
        content = smime(signed_data(content))
    parsed = parse_mail(content)
    assert said(content) == [(NoticeKind.SIGNED, "smime")]
    assert len(parsed.attachments) == 4


@pytest.mark.parametrize(
    ("raw", "way"),
    [
        (smime(der(0x30, ENVELOPED, b"\xa0\x00"), ""), (NoticeKind.ENCRYPTED, "smime")),
        (smime(b"x", "; smime-type=enveloped-data"), (NoticeKind.ENCRYPTED, "smime")),
        (smime(der(0x30, ENVELOPED), "; name=smime.p7m").replace(b"pkcs7-mime", b"octet-stream"),
         (NoticeKind.ENCRYPTED, "smime")),
        (smime(b"x", "; smime-type=authEnveloped-data"), (NoticeKind.ENCRYPTED, "smime")),
        (
            multipart("Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
                      "Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----",
                      kind="encrypted"),
            (NoticeKind.ENCRYPTED, "pgp"),
        ),
        (mail("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"),
         (NoticeKind.ENCRYPTED, "pgp")),
        (mail("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHi\n"),
         (NoticeKind.SIGNED, "pgp")),
    ],
)  # fmt: skip
def test_every_kind_of_protection_is_told(raw, way):
    assert said(raw) == [way]


@pytest.mark.parametrize(
    "raw",
    [
        mail("Hello."),
        smime(b"x", "; smime-type=certs-only"),
        smime(b"x", "; smime-type=compressed-data"),
        multipart(TEXT, 'Content-Type: application/pdf; name="a.pdf"\r\n\r\n%PDF'),
    ],
)
def test_what_is_not_protected_is_not_told(raw):
    assert parse_mail(raw).notices == ()


def test_a_false_structure_yields_nothing():
    whole = signed_data(ENTITY)
    endless = ber(0x30, SIGNED_DATA)[:-2] + b"\xa0\x80\x30\x80\x02\x01\x01" + b"\x31\x80" * 50_000
    for data in (b"", b"\x30", b"\x30\x84\xff\xff\xff\xff", endless, whole[:40], b"\x1f" * 100,
                 der(0x30, ENVELOPED)):  # fmt: skip
        assert signed_content(data) == b""
    for length in range(len(whole)):
        assert ENTITY.startswith(signed_content(whole[:length]))


def test_an_attached_mail_is_told_by_sender_subject_and_date():
    inner = (
        "From: =?utf-8?q?J=C3=B6rg?= <j@example.org>\r\nSubject: Old =?utf-8?b?4oCu?=\x1b[2Jone\r\n"
        "Date: Fri, 20 Nov 2026 09:30:00 +0100\r\n\r\nHi"
    )
    parsed = parse_mail(multipart(TEXT, f"Content-Type: message/rfc822\r\n\r\n{inner}"))
    assert parsed.notices == (
        Notice(NoticeKind.EMBEDDED, (("sender", "Jörg"), ("subject", "Old ␛[2Jone"),
                                     ("date", "2026-11-20T08:30:00+00:00"))),
    )  # fmt: skip


def test_an_attached_mail_of_an_undeclared_charset_is_read_as_its_text_is():
    subject = "转发".encode("gb18030")
    inner = (
        b"Subject: " + subject + b"\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n" + subject
    )
    head, tail = multipart(TEXT, "Content-Type: message/rfc822\r\n\r\nINNER").split(b"INNER")
    (notice,) = parse_mail(head + inner + tail).notices
    assert dict(notice.values)["subject"] == "转发"
