"""The links of a message with the host they really lead to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from helpdesk_tui.domain.messages import MessageRow
from helpdesk_tui.domain.text import clean

SCHEMES = ("http", "https", "mailto")
_FOUND = re.compile(r"(?:https?://|mailto:)[^\s<>\"'|\\^`{}\[\]]{3,2000}", re.IGNORECASE)
_MAX = 200


@dataclass(frozen=True, slots=True)
class Link:
    """One link: where it goes, and the host that a person should look at."""

    address: str
    host: str

    @property
    def is_allowed(self) -> bool:
        """True for addresses that may be handed to a browser or mail program."""
        scheme, colon, rest = self.address.partition(":")
        if not colon or scheme.lower() not in SCHEMES or self.address != clean(self.address):
            return False
        if " " in self.address or not self.address.isascii():
            return False
        return not rest.lstrip("/").startswith("-") and bool(self.host)


def make_link(address: str) -> Link:
    """Return a link with its real host, in ASCII (punycode), whatever its text says."""
    given, address = address.strip(), clean(address).strip()
    if given != address:
        return Link(address, "")  # what has to be cleaned first is not followed
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return Link(address, "")
    if parts.scheme.lower() == "mailto":
        return Link(address, parts.path.split("?")[0])
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        host = ""
    if not address.isascii() and host:
        address = _in_ascii(address, parts.hostname or "", host)
    return Link(address, host)


def _in_ascii(address: str, host: str, ascii_host: str) -> str:
    from urllib.parse import quote

    at = address.lower().find(host.lower())
    fixed = address if at < 0 else address[:at] + ascii_host + address[at + len(host) :]
    return quote(fixed, safe="!#$%&'()*+,/:;=?@[]~-._")


def _told(message: MessageRow) -> list[tuple[str, str]]:
    """Return what is linked beside the text: a story, a shared post."""
    pairs = [pair for notice in message.notices for pair in notice.values]
    return [(name, value) for name, value in pairs if name == "link" and value]


def links_of(message: MessageRow) -> tuple[Link, ...]:
    """Return the numbered links of a message, then those that only stand in its text."""
    told = [address for _kind, address in _told(message)]
    found = [make_link(address) for address in (*(one for one, _ in message.links), *told)][:_MAX]
    known = set(found)
    for match in _FOUND.finditer(message.text[:200_000]):
        link = make_link(match.group().rstrip(".,;:!?)"))
        if len(found) >= _MAX:
            break
        if link not in known:
            known.add(link)
            found.append(link)
    return tuple(found)
