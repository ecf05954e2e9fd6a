"""Own addresses: the support addresses, the mailboxes, the team's, and the brand's domains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

OWN_ADDRESSES = "own-addresses"
"""Name of the desk setting that lists further own addresses."""
OWN_DOMAINS = "own-domains"
"""Name of the desk setting that lists the brand's domains."""
TRUSTED_SERVERS = "trusted-authserv-ids"
"""Name of the desk setting that lists the servers whose Authentication-Results count."""

_FREE_MAIL_NAMES = """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com aol.com
    icloud.com me.com mac.com gmx.de gmx.net gmx.com web.de t-online.de freenet.de mail.com
    proton.me protonmail.com pm.me fastmail.com zoho.com yandex.ru yandex.com mail.ru wp.pl o2.pl
    onet.pl interia.pl op.pl orange.fr free.fr laposte.net libero.it uol.com.br bol.com.br
    terra.com.br qq.com 163.com 126.com naver.com hanmail.net telia.com
"""
_FREE_MAIL = frozenset(_FREE_MAIL_NAMES.split())


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """Who "we" are in a mail; all in lower case."""

    addresses: frozenset[str] = frozenset()
    """Every own address: support addresses, mailboxes, agents, further ones by setting."""
    support: frozenset[str] = frozenset()
    """Those that customers write to."""
    domains: frozenset[str] = frozenset()
    """The brand's domains; never those of a free-mail provider."""

    def __contains__(self, address: object) -> bool:
        if not isinstance(address, str) or not address:
            return False
        if address in self.addresses:
            return True
        local, _, domain = address.rpartition("@")
        if domain in self.domains:
            return True
        base, plus, _ = local.partition("+")
        return bool(plus) and f"{base}@{domain}" in self.addresses

    def support_of(self, address: str) -> str:
        """Return the support address that a mail to ``address`` is meant for, or nothing.

        What stands behind a plus in an address of ours names a ticket or a purpose.
        """
        if address in self.support:
            return address
        local, _, domain = address.rpartition("@")
        base = f"{local.partition('+')[0]}@{domain}"
        return base if base in self.support else ""

    def with_address(self, address: str) -> OwnAddresses:
        """Return these with one more, such as the mailbox that is being read."""
        known = address.strip().lower()
        return replace(self, addresses=self.addresses | {known}) if known else self


def make_own(
    *,
    support: Iterable[str] = (),
    others: Iterable[str] = (),
    domains: Iterable[str] = (),
) -> OwnAddresses:
    """Return own addresses from what is configured; free-mail domains are left out."""
    shown = frozenset(_normal(support))
    return OwnAddresses(
        addresses=shown | frozenset(_normal(others)),
        support=shown,
        domains=frozenset(name.lstrip("@") for name in _normal(domains)) - _FREE_MAIL,
    )


def unnamed_domains(addresses: Iterable[str], domains: Iterable[str]) -> list[str]:
    """Return the domains that some of our addresses are in and that nobody named as ours.

    Where anybody can have an address nothing is missing.
    """
    named = frozenset(name.lstrip("@") for name in _normal(domains))
    found = {domain for each in _normal(addresses) if (domain := each.rpartition("@")[2])}
    return sorted(found - named - _FREE_MAIL)


def is_free_mail(domain: str) -> bool:
    """Tell whether anybody can have an address under a domain."""
    return domain.strip().lower() in _FREE_MAIL


def _normal(values: Iterable[str]) -> Iterable[str]:
    return (text for value in values if (text := value.strip().lower()))
