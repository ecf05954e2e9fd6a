"""One small mail of every kind, to be damaged."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from tests.support import tnef as make
from tests.support.raw_mails import mail, multipart

_TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\nHello, where is order 10042?\r\n"
_HTML = (
    "Content-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable"
    "\r\n\r\n<div style=3D'display:none'>pre</div><p>Caf=E9 <a href=3D'https://x.example/?a=3Db'>"
    "link</a><table><tr><td>1<td>2</table><blockquote>old</blockquote>"
)
_CALENDAR = (
    "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n"
    "BEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
    "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"
    "END:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Fitting\\, second\r\n"
    "DTSTART;TZID=Own:20261124T130000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY\r\n"
    'ORGANIZER;CN="Anna; A":mailto:anna@example.org\r\nATTENDEE;CN=Bo:mailto:bo@example.org\r\n'
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)
_REPORT = (
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
    "Final-Recipient: rfc822; gone@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
)
_ATTACHED = (
    "Content-Type: message/rfc822\r\n\r\nFrom: =?utf-8?q?J=C3=B6rg?= <j@example.org>\r\n"
    "Subject: Old\r\nDate: Fri, 20 Nov 2026 09:30:00 +0100\r\n\r\nInner text.\r\n"
)
_FORWARD = (
    "See below.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Bo <bo@example.org>\r\n"
    "Date: Fri, 20 Nov 2026 at 09:30\r\nSubject: Broken\r\nTo: <help@store.example>\r\n\r\n"
    "It is broken.\r\n"
)
_QUOTED = (
    "Thanks!\r\n\r\nOn Fri, 20 Nov 2026 at 09:30, Help <help@store.example> wrote:\r\n"
    "> Hello,\r\n>> older\r\n\r\n-- \r\nBo\r\n+48 600 100 200\r\n"
)


def base64_file(kind: str, data: bytes, name: str = "") -> str:
    """Return a part that is a file."""
    label = f'; name="{name}"' if name else ""
    return (
        f"Content-Type: {kind}{label}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(data).decode().replace("\n", "\r\n")
    )


def _outlook() -> bytes:
    rich = make.packed_rtf(
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1{\*\htmltag64 <p>}Caf\'e9 \u322?{\*\htmltag72 </p>}}"
    )
    inner = make.tnef(
        make.message_props(make.prop(make.UNICODE, make.SUBJECT, "Inner"),
                           make.prop(make.UNICODE, make.BODY, "inner text")),
        make.attached("deep.txt", b"deep"),
    )  # fmt: skip
    return make.tnef(
        make.message_props(
            make.prop(make.UNICODE, make.SUBJECT, "Fitting"),
            make.prop(make.TIME, 0x8001, datetime(2026, 11, 24, 13, tzinfo=UTC), lid=0x820D),
            make.prop(make.BINARY, make.RTF, rich),
        ),
        make.attached("A~1.PDF", b"%PDF-1.4", long_name="Angebot.pdf"),
        make.embedded("Old", inner),
        kind="IPM.Schedule.Meeting.Request",
    )


def _signed() -> bytes:
    """Return a mail wrapped into signed data of indefinite length."""
    entity = multipart(_TEXT, base64_file("application/pdf", b"%PDF-1.4", "a.pdf"))
    pieces = [entity[at : at + 100] for at in range(0, len(entity), 100)]
    octets = b"".join(b"\x04" + bytes([len(piece)]) + piece for piece in pieces)
    signed, data = (bytes.fromhex(f"06092a864886f70d01070{number}") for number in (2, 1))
    return (
        b"\x30\x80" + signed + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80" + data
        + b"\xa0\x80\x24\x80" + octets + b"\0\0" * 7
    )  # fmt: skip


def seed_mails() -> list[bytes]:
    """Return the mails."""
    return [
        mail("Hello.\r\n", subject="=?iso-2022-jp?b?GyRCJDMkcyRLJEEbKEI=?="),
        mail(_QUOTED, in_reply_to="<hd.1@store.example>", references="<a@b> <c@d>"),
        mail(_FORWARD, subject="Fwd: Broken"),
        mail("=1B[2J f=FCr", "text/plain; charset=latin1; format=flowed", "quoted-printable"),
        mail("begin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n"),
        mail("-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nHi\r\n"),
        multipart(_TEXT, _HTML, kind="alternative"),
        multipart(_TEXT, _HTML, _CALENDAR, kind="alternative"),
        multipart(_TEXT, _REPORT, _ATTACHED, kind="report; report-type=delivery-status"),
        multipart(_TEXT, _ATTACHED,
                  base64_file("image/png", b"\x89PNG" * 60, "=?utf-8?q?=C3=A9?=.png")),
        multipart(_TEXT, base64_file("application/ms-tnef", _outlook(), "winmail.dat")),
        multipart(base64_file("application/ms-tnef", _outlook())),
        mail(base64.encodebytes(_signed()), "application/pkcs7-mime; smime-type=signed-data",
             "base64"),
        multipart(_TEXT, "Content-Type: application/pgp-signature\r\n\r\nx", kind="signed"),
        multipart(_TEXT, "Content-Type: application/pdf\r\nContent-Disposition: attachment;"
                  " filename*0*=utf-8''%C3%9C; filename*1*=b%20c.pdf\r\n\r\n%PDF"),
    ]  # fmt: skip
