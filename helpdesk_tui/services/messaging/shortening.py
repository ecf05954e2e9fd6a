"""Links of a reply get short ones as it is queued; which of them it leaves with is seen then."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.db.messaging import short_links as rows
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.domain.channels import SMS
from helpdesk_tui.domain.messaging.links import ALPHABET, CODE_LENGTH, links_in
from helpdesk_tui.domain.setting.messaging import makes_links_short

if TYPE_CHECKING:
    import sqlite3

_TRIES = 5


@dataclass(frozen=True, slots=True)
class ShortOnes:
    """The short links of a message."""

    links: Mapping[str, str]
    """Long address to short one."""
    is_published: bool
    """The relay knows them."""


def shorten_links(
    connection: sqlite3.Connection, message_id: int, channel: str, account_id: int, text: str
) -> int:
    """Give the links of a message short ones, where the desk wants that; return how many.

    The relay is told of them at once: until the message leaves it knows them.
    """
    if channel != SMS.name or "://" not in text:
        return 0
    base = rows.load_base(connection, account_id)
    if not base or not makes_links_short(load_desk_settings(connection)):
        return 0
    found = links_in(text, longer_than=len(short_link(base, "x" * CODE_LENGTH)))
    for url in found:
        for _ in range(_TRIES):
            code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
            if rows.add_link(connection, code, message_id, url):
                break
    return len(found)


def short_link(base: str, code: str) -> str:
    """Return the address of a short link."""
    return f"{base.rstrip('/')}/l/{code}"


def links_of(connection: sqlite3.Connection, message_id: int, account_id: int) -> ShortOnes:
    """Return the short links of a message, and whether the relay knows them all."""
    found = rows.load_links(connection, message_id)
    base = rows.load_base(connection, account_id) if found else ""
    if not base:
        return ShortOnes({}, is_published=True)
    return ShortOnes(
        {url: short_link(base, code) for code, url, _ in found},
        is_published=all(published for _, _, published in found),
    )
