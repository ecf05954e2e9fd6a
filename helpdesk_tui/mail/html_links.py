"""Links of an HTML body: where each really leads, and whether its text says something else."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from helpdesk_tui.domain.text import clean

MAX_LINKS = 500
MAX_ADDRESS = 4096
_MAX_SHOWN = 300

_HOST = re.compile(r"(?<![\w.-])((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})(?![\w-])")
_SCHEME = re.compile(r"^(?:https?://|mailto:)", re.IGNORECASE)


def link_target(address: str) -> tuple[str, str] | None:
    """Return a link's address and the host it really leads to; only http, https, mailto."""
    address = clean(address).replace(" ", "")
    if len(address) > MAX_ADDRESS:
        return None
    scheme, colon, rest = address.partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in ("http", "https", "mailto"):
        return None
    if scheme == "mailto":
        return address, rest.partition("?")[0].rpartition("@")[2].lower()
    address = f"{scheme}:{rest.partition('?')[0].replace(chr(92), '/')}" + "".join(
        rest.partition("?")[1:]
    )
    try:
        host = urlsplit(address).hostname or ""
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return None
    return (address, host) if host else None


class Links:
    """Numbers the links of a document in the order in which they are met."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self._numbers: dict[str, int] = {}

    def mark(self, target: tuple[str, str], shown: str) -> str:
        """Return what stands behind the text of a link: its number, and its host if need be.

        A text that is the address itself needs no number; one that names another host than the
        link leads to gets the real one beside it.
        """
        address, host = target
        shown = shown.strip()
        if shown and _says(shown, address):
            return ""
        number = self._numbers.get(address)
        if number is None:
            if len(self.found) >= MAX_LINKS:
                return ""
            self.found.append(target)
            number = self._numbers[address] = len(self.found)
        if not shown:
            return ""
        return f" [{number}] ({host})" if _lies(shown, host) else f" [{number}]"


def _says(shown: str, address: str) -> bool:
    """Tell whether the text of a link is its address."""
    if address[:7].lower() == "mailto:":
        to = address[7:].partition("?")[0].lower()
        return "@" in to and shown.lower().strip("<>()[]") == to
    return bool(_SCHEME.match(shown)) and shown.rstrip("/") == address.rstrip("/")


def _lies(shown: str, host: str) -> bool:
    """Tell whether the text of a link names a host that is not the one it leads to."""
    if "." not in shown:
        return False
    for named in _HOST.findall(shown[:_MAX_SHOWN].lower()):
        bare, real = named.removeprefix("www."), host.removeprefix("www.")
        if bare != real and not real.endswith(f".{bare}"):
            return True
    return False
