"""Mail providers: which domains are whose, as far as forwarding needs it."""

from __future__ import annotations

from helpdesk_tui.domain.accounts import Provider

_DOMAINS: dict[Provider, str] = {
    Provider.GMAIL: "gmail.com googlemail.com",
    Provider.MICROSOFT: "outlook.com hotmail.com live.com msn.com outlook.de hotmail.de hotmail.fr"
    " hotmail.co.uk live.co.uk",
    Provider.YAHOO: "yahoo.com ymail.com rocketmail.com yahoo.de yahoo.co.uk yahoo.fr yahoo.it"
    " yahoo.es yahoo.com.br",
    Provider.ICLOUD: "icloud.com me.com mac.com",
}
_PROVIDER_OF = {domain: kind for kind, names in _DOMAINS.items() for domain in names.split()}


def guess_provider(address: str) -> str:
    """Return whose mail an address is by its domain; empty for a domain of one's own."""
    return _PROVIDER_OF.get(address.rpartition("@")[2].lower(), "")
