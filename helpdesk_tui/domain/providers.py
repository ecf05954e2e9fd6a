"""Mail providers: which domains are whose, as far as forwarding needs it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpdesk_tui.domain.accounts import Provider

_DOMAINS: dict[Provider, str] = {
    Provider.GMAIL: "gmail.com googlemail.com",
    Provider.MICROSOFT: "outlook.com hotmail.com live.com msn.com outlook.de hotmail.de hotmail.fr"
    " hotmail.co.uk live.co.uk",
    Provider.YAHOO: "yahoo.com ymail.com rocketmail.com aol.com yahoo.de yahoo.co.uk yahoo.fr"
    " yahoo.it yahoo.es yahoo.com.br",
    Provider.ICLOUD: "icloud.com me.com mac.com",
}
_PROVIDER_OF = {domain: kind for kind, names in _DOMAINS.items() for domain in names.split()}


def guess_provider(address: str) -> str:
    """Return whose mail an address is by its domain; empty for a domain of one's own."""
    return _PROVIDER_OF.get(address.rpartition("@")[2].lower(), "")


@dataclass(frozen=True, slots=True)
class Confirmer:
    """A provider that asks the target of a forwarding to confirm it, and how its mail looks."""

    provider: str
    senders: tuple[str, ...]
    """Addresses, or domains with ``@`` in front; nothing below a domain is meant by it."""
    hosts: tuple[str, ...]
    """Hosts of its links, each with everything below it."""
    path: str = ""
    """How the path of the confirming link begins, where that is known."""


_GOOGLE = ("mail-settings.google.com", "mail.google.com", "isolated.mail.google.com")
_ZOHO = ("zoho.com", "zoho.eu", "zoho.in", "zoho.com.au", "zoho.jp", "zohocloud.ca")
CONFIRMERS = (
    # the same mail holds a link that takes the forwarding back: only this path confirms
    Confirmer(Provider.GMAIL, ("forwarding-noreply@google.com",), _GOOGLE, "/mail/vf-"),
    Confirmer(
        Provider.MICROSOFT,
        ("@accountprotection.microsoft.com", "@microsoft.com", "@email.microsoft.com",
         "@outlook.com", "@office365.com"),
        ("microsoft.com", "live.com", "office.com", "office365.com", "outlook.com"),
    ),
    Confirmer(
        Provider.YAHOO,
        ("@cc.yahoo-inc.com", "@yahoo-inc.com", "@mail.yahoo.com", "@yahooinc.com", "@yahoo.com"),
        ("yahoo.com", "yahoo.net", "aol.com"),
    ),
    Confirmer(
        Provider.ICLOUD,
        ("@email.apple.com", "@id.apple.com", "@apple.com", "@icloud.com"),
        ("icloud.com", "apple.com"),
    ),
    Confirmer("zoho", tuple(f"@{name}" for name in (*_ZOHO, "zohomail.com")), _ZOHO),
    Confirmer("fastmail", ("@fastmail.com", "@fastmailteam.com"), ("fastmail.com",)),
    Confirmer("yandex", ("@yandex.ru", "@yandex.com", "@yandex-team.ru"),
              ("yandex.ru", "yandex.com")),
    Confirmer("gmx", ("@gmx.net", "@gmx.com", "@gmxnet.de"), ("gmx.net", "gmx.com")),
    Confirmer("web.de", ("@web.de",), ("web.de",)),
    Confirmer("mail.ru", ("@corp.mail.ru", "@mail.ru", "@e.mail.ru"), ("mail.ru",)),
    Confirmer("proton", ("@proton.me", "@protonmail.com", "@notify.proton.me"), ("proton.me",)),
    Confirmer("ionos", ("@ionos.com", "@ionos.de", "@1und1.de"),
              ("ionos.com", "ionos.de", "1und1.de")),
    Confirmer("godaddy", ("@godaddy.com", "@secureserver.net"), ("godaddy.com",
              "secureserver.net")),
)  # fmt: skip
"""Whose mail is believed, beside that of the domain of the support address itself."""

_MACHINE = re.compile(
    r"no.?reply|do.?not.?reply|forward|redirect|verif|confirm|notif|account|security|service"
    r"|postmaster|mailer|admin|support|system"
)


def confirmer_of(sender: str) -> Confirmer | None:
    """Return the provider that writes from an address; anybody's mailbox there is not it."""
    local, _, domain = sender.partition("@")
    for each in CONFIRMERS:
        if sender in each.senders:
            return each
        if f"@{domain}" in each.senders and _MACHINE.search(local):
            return each
    return None


def domain_confirmer(sender: str, domains: frozenset[str]) -> Confirmer | None:
    """Return a mail server under one of some domains as the one that writes from an address."""
    local, _, domain = sender.partition("@")
    for each in domains:
        if (domain == each or domain.endswith(f".{each}")) and _MACHINE.search(local):
            return Confirmer(each, (sender,), (each,))
    return None
