"""Mails that a colleague forwarded by hand: in the text, and as an attached mail."""

from __future__ import annotations

BY_TEXT = (
    "From: Bo Berg <bo@shop.example>\r\nTo: support@shop.example\r\nSubject: Fwd: Broken lamp\r\n"
    "Date: Fri, 20 Nov 2026 09:00:00 +0000\r\nMessage-ID: <fwd@shop.example>\r\n"
    "{extra}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "Can one of you answer her?\r\nBo\r\n\r\n"
    "---------- Forwarded message ---------\r\n"
    "From: Ana Ruiz <ana@garden.example>\r\n"
    "Date: Thu, 19 Nov 2026 16:00:00 +0000\r\nSubject: Broken lamp\r\n"
    "To: Bo Berg <bo@shop.example>\r\nCc: max@garden.example\r\n\r\n"
    "The lamp came broken.\r\n"
    "--b\r\nContent-Type: image/png; name=lamp.png\r\n"
    "Content-Disposition: attachment; filename=lamp.png\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n"
)


INNER = (
    "From: Ana Ruiz <ana@garden.example>\r\nTo: bo@shop.example\r\nSubject: Broken lamp\r\n"
    "Date: Thu, 19 Nov 2026 16:00:00 +0000\r\nMessage-ID: <lamp@garden.example>\r\n"
    "References: {references}\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=c\r\n\r\n"
    "--c\r\nContent-Type: text/plain\r\n\r\nThe lamp came broken.\r\n"
    "--c\r\nContent-Type: image/png; name=lamp.png\r\n"
    "Content-Disposition: attachment; filename=lamp.png\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--c--\r\n"
)


ATTACHED = (
    "From: Bo Berg <bo@shop.example>\r\nTo: support@shop.example\r\nSubject: Broken lamp\r\n"
    "Message-ID: <fwd@shop.example>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain\r\n\r\nCan one of you answer her?\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n"
    "--b\r\nContent-Type: application/pdf; name=list.pdf\r\n"
    "Content-Disposition: attachment; filename=list.pdf\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQ=\r\n--b--\r\n"
)


def by_text(extra: str = "") -> bytes:
    """Return one whose text holds the customer's mail."""
    return BY_TEXT.format(extra=extra).encode()


def attached(references: str = "<older@garden.example>") -> bytes:
    """Return one to which the customer's mail is attached."""
    return ATTACHED.format(inner=INNER.format(references=references)).encode()
