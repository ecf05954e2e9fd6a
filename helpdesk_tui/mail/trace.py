"""The marks that mail servers leave when they deliver or pass on a mail by themselves.

They tell which of our addresses a mail was meant for where To does not name it: it came as a blind
copy, or through an alias. The sender's own headers are left alone by such forwards.
"""

from __future__ import annotations

import re

from helpdesk_tui.mail.addresses import valid_addr
from helpdesk_tui.mail.headers import Headers

DELIVERY_HEADERS = (
    b"delivered-to", b"x-original-to", b"envelope-to", b"x-envelope-to", b"x-delivered-to",
    b"x-original-delivered-to", b"x-resolved-to", b"x-gm-original-to", b"x-forwarded-to",
    b"x-forwarded-for", b"x-yahoo-forwarded", b"x-ms-exchange-forwardingloop",
    b"x-sieve-redirected-from", b"resent-from", b"original-recipient", b"x-rcpt-to", b"x-real-to",
    b"apparently-to", b"mailing-list", b"list-post", b"x-beenthere",
)  # fmt: skip
"""Headers that name the mailboxes a mail came through, the most telling first."""

_LIMIT = 100
_ADDRESS = re.compile(rb"[^\s<>\"',;:()]{1,200}@[^\s<>\"',;:()]{1,200}")
_REWRITTEN = re.compile(rb"\+(?:SRS|caf_)=", re.IGNORECASE)


def delivered_to(headers: Headers) -> tuple[str, ...]:
    """Return the addresses that servers delivered a mail to, or passed it on from.

    The return path counts where a server rewrote it to pass the mail on: it begins with the
    address of the mailbox that did (Gmail ``+caf_=``, Microsoft 365 ``+SRS=``).
    """
    values = [
        value
        for name in DELIVERY_HEADERS
        if name in headers
        for value in headers.every(name)[:_LIMIT]
    ]
    path = headers.first(b"return-path")
    if path and _REWRITTEN.search(path[:1000]):
        values.append(path)
    found = [
        valid_addr(match[0].decode("latin-1"))
        for value in values
        for match in _ADDRESS.finditer(value[:4000])
    ]
    return tuple(dict.fromkeys(each for each in found if each))[:_LIMIT]
