"""Mail providers: which domains are whose, as far as forwarding needs it."""

from __future__ import annotations

import re
from collections.abc import Iterable
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


_HIDE_OWN_MAIL = ("gmail.com", "googlemail.com", "google.com")


def hides_own_mail(imap_host: str) -> bool:
    """Tell whether a mail server shows no mail that comes back to its sender."""
    host = imap_host.lower()
    return any(host == each or host.endswith(f".{each}") for each in _HIDE_OWN_MAIL)


@dataclass(frozen=True, slots=True)
class Confirmer:
    """A provider that asks the target of a forwarding to confirm it, and how its mail looks."""

    provider: str
    senders: tuple[str, ...]
    """Addresses, or domains with ``@`` in front where nobody else has one; nothing below them."""
    hosts: tuple[str, ...]
    """Hosts of its links, each with everything below it."""
    path: str = ""
    """How the path of the confirming link begins, where that is known."""


_RESERVED = ("noreply", "no-reply", "no_reply", "donotreply", "do-not-reply")
"""Names that no customer of a provider can register."""


def _reserved(*domains: str) -> tuple[str, ...]:
    """Return what a provider itself writes from in domains where its customers have addresses."""
    return tuple(f"{name}@{domain}" for domain in domains for name in _RESERVED)


_GOOGLE = ("mail-settings.google.com", "mail.google.com", "isolated.mail.google.com")
_ZOHO = ("zoho.com", "zoho.eu", "zoho.in", "zoho.com.au", "zoho.jp", "zohocloud.ca")
CONFIRMERS = (
    # the same mail holds a link that takes the forwarding back: only this path confirms
    Confirmer(Provider.GMAIL, ("forwarding-noreply@google.com",), _GOOGLE, "/mail/vf-"),
    Confirmer(
        Provider.MICROSOFT,
        ("@accountprotection.microsoft.com", "@email.microsoft.com", "@microsoft.com",
         *_reserved("outlook.com", "office365.com")),
        ("microsoft.com", "live.com", "office.com", "office365.com", "outlook.com"),
    ),
    Confirmer(
        Provider.YAHOO,
        ("@cc.yahoo-inc.com", "@yahoo-inc.com", "@yahooinc.com", "@mail.yahoo.com",
         *_reserved("yahoo.com", "aol.com")),
        ("yahoo.com", "yahoo.net", "aol.com"),
    ),
    Confirmer(
        Provider.ICLOUD,
        ("@email.apple.com", "@id.apple.com", "@apple.com", *_reserved("icloud.com")),
        ("icloud.com", "apple.com"),
    ),
    Confirmer("zoho", _reserved(*_ZOHO, "zohomail.com"), _ZOHO),
    Confirmer("fastmail", ("@fastmailteam.com", *_reserved("fastmail.com")), ("fastmail.com",)),
    Confirmer("yandex", ("@yandex-team.ru", *_reserved("yandex.ru", "yandex.com")),
              ("yandex.ru", "yandex.com")),
    Confirmer("gmx", ("@gmxnet.de", *_reserved("gmx.net", "gmx.com")), ("gmx.net", "gmx.com")),
    Confirmer("web.de", _reserved("web.de"), ("web.de",)),
    Confirmer("mail.ru", ("@corp.mail.ru", *_reserved("mail.ru", "e.mail.ru")), ("mail.ru",)),
    Confirmer("proton", ("@notify.proton.me", *_reserved("proton.me", "protonmail.com")),
              ("proton.me",)),
    Confirmer("ionos", ("@ionos.com", "@ionos.de", "@1und1.de"),
              ("ionos.com", "ionos.de", "1und1.de")),
    Confirmer("godaddy", ("@godaddy.com", "@secureserver.net"),
              ("godaddy.com", "secureserver.net")),
)  # fmt: skip
"""Whose mail is believed, beside that of the domain of the support address itself."""

_MACHINE = re.compile(
    r"no.?reply|do.?not.?reply|forward|redirect|verif|confirm|notif|account|security|service"
    r"|postmaster|mailer|admin|support|system"
)


_BY_SENDER = {name: each for each in CONFIRMERS for name in each.senders}


def confirmer_of(sender: str, own_domains: Iterable[str] = ()) -> Confirmer | None:
    """Return who writes from an address, if that is a provider and not somebody's mailbox there.

    Args:
        sender: The address.
        own_domains: Domains of our own, whose mail servers are believed as well.
    """
    exact = _BY_SENDER.get(sender)
    local, _, domain = sender.partition("@")
    if exact is not None or not _MACHINE.search(local):
        return exact
    known = _BY_SENDER.get(f"@{domain}")
    if known is not None:
        return known
    for own in own_domains:
        if (domain == own or domain.endswith(f".{own}")) and not guess_provider(f"@{own}"):
            return Confirmer(own, (sender,), (own,))
    return None
