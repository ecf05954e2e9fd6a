"""By what a customer may be looked up at a source, and what is due to be fetched of them.

Nobody is looked up by something they have only said of themselves, as the answer would show one
customer's orders to another. What counts:

- a mail address that a mail came from, unless that mail failed its authentication;
- a number that a carrier or WhatsApp delivered a message from, and an account of Instagram;
- an identity of a chat that the shop's own server has signed;
- what a source calls a customer whom it was matched to by one of these.

Everything else is a claim: an address typed into a form or found in a forwarded text, one whose
only mails failed authentication, a number that stands on a profile and never wrote. A claim is
shown and not looked up, until an agent vouches for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk_tui.db.commerce import matches as rows
from helpdesk_tui.db.commerce.group import Group, load_group
from helpdesk_tui.db.commerce.sections import SectionRow, load_sections
from helpdesk_tui.db.commerce.sources import forget_said, load_sources
from helpdesk_tui.db.commerce.values import kept_of
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.domain.commerce.identities import Identities, Identity, Match, MatchedBy
from helpdesk_tui.domain.commerce.wants import OPENED

if TYPE_CHECKING:
    import sqlite3

SENDS_SETTLE = timedelta(minutes=1)
"""How long after a message what was sent before it may still be noted at a source; and how often
somebody who writes several times is asked for at most."""

SKEW = timedelta(minutes=5)
"""How far ahead of ours a clock may be that has noted when something was asked."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be fetched of a customer at one source."""

    source: ConnectedSource
    profile_id: int
    """For whom it is stored: of linked profiles the one that was found there."""
    match: Match | None
    """Who they are there; None: not looked up yet, or not there when they were."""
    sections: frozenset[Section]


def identities_of(
    connection: sqlite3.Connection, group: Group, *, but_of: int | None = None
) -> Identities:
    """Return all that a customer is known by: verified, or vouched for, or only claimed.

    What a source calls them goes by its kind: the names of sources are up to whoever connects them.

    Args:
        connection: A connection in a transaction.
        group: The customer.
        but_of: Leave out what this source calls them.
    """
    found = [
        Identity(each.kind, each.value, _counts(connection, group, each))
        for each in rows.load_addresses(connection, group)
    ]
    kinds = {each.id: each.kind for each in load_sources(connection)}
    found += [
        Identity(kinds[source], match.external_id, is_verified=True)
        for _, source, match in rows.load_matches(connection, group)
        if source in kinds and source != but_of
    ]
    return Identities(group.root, tuple(found))


def is_foreign(
    connection: sqlite3.Connection, source_id: int, profile_id: int, match: Match
) -> bool:
    """Tell whether a customer was found by something that is not theirs, or no longer.

    While they were asked for, a link may have been taken back or a number have become another's.
    """
    group = load_group(connection, profile_id)
    if match.matched_by is MatchedBy.PROVIDER_ID:
        known = identities_of(connection, group, but_of=source_id).all
        return not any(each.value == match.value for each in known)
    return rows.is_anothers(connection, group, match.value)


def forget_foreign(connection: sqlite3.Connection, profile_id: int) -> None:
    """Remove what was found by something that is not this customer's any more."""
    is_done = False
    while not is_done:
        is_done = True
        # whom one source has found by an address, another may have found by the number there
        group = load_group(connection, profile_id)
        for of, source, match in rows.load_matches(connection, group):
            if is_foreign(connection, source, of, match):
                forget_said(connection, source, of)
                is_done = False


def own_number(connection: sqlite3.Connection, profile_id: int, match: Match | None) -> str:
    """Return the number of a customer, where a source has not said yet which one it knows."""
    if match is not None and match.matched_by is MatchedBy.PHONE:
        return match.value
    group = load_group(connection, profile_id)
    known = rows.load_addresses(connection, group)
    return next((one.value for one in known if one.kind == "phone" and one.is_verified), "")


def as_proved(connection: sqlite3.Connection, profile_id: int, match: Match) -> Match:
    """Return a match that says so where only an agent vouches for what it was found by."""
    if match.matched_by not in (MatchedBy.EMAIL, MatchedBy.PHONE):
        return match
    group = load_group(connection, profile_id)
    for each in rows.load_addresses(connection, group):
        is_it = (each.kind, each.value) == (match.matched_by.value, match.value)
        if is_it and each.is_vouched and not each.is_verified:
            has_written = each.kind == "email" and rows.has_written_from(
                connection, group, each.value
            )
            return match if has_written else replace(match, matched_by=MatchedBy.HAND)
    return match


def claims_of(connection: sqlite3.Connection, group: Group) -> tuple[Identity, ...]:
    """Return the addresses and numbers that a customer has only named."""
    known = rows.load_addresses(connection, group)
    found = {
        (each.kind, each.value): Identity(each.kind, each.value, is_verified=False)
        for each in known
        if each.kind in ("email", "phone") and not _counts(connection, group, each)
    }
    have = {(each.kind, each.value) for each in known}
    for kind, value in rows.load_written_down(connection, group):
        if (kind, value) not in have:
            found.setdefault((kind, value), Identity(kind, value, is_verified=False))
    return tuple(found.values())


def due_of(
    connection: sqlite3.Connection,
    profile_id: int,
    rank: int,
    now: datetime,
    *,
    is_forced: bool = False,
) -> tuple[Due, ...]:
    """Return what of a customer is not fresh, by source; nothing where nobody may be looked up.

    Args:
        connection: A connection in a transaction.
        profile_id: The customer.
        rank: How near they are to an agent; scarce sections are for those who are open.
        now: The moment.
        is_forced: Take everything as old, also what failed a moment ago.
    """

    def wanted(source: ConnectedSource, section: Section, row: SectionRow | None) -> bool:
        if rank != OPENED and section in source.spec.scarce:
            return False
        return is_forced or _is_due(source, row, now)

    return _due(connection, profile_id, wanted)


def due_for_answer(
    connection: sqlite3.Connection, profile_id: int, answered_at: datetime, now: datetime
) -> tuple[Due, ...]:
    """Return where it is to be looked for what a customer was sent before they wrote.

    Their number there comes along where it is not known: what was sent went to it.

    Args:
        connection: A connection in a transaction.
        profile_id: Who wrote.
        answered_at: When the last word of theirs was stored.
        now: The moment.
    """

    def wanted(_source: ConnectedSource, section: Section, row: SectionRow | None) -> bool:
        if section is Section.PROFILE:
            return row is None or not row.body
        if section is not Section.EVENTS:
            return False
        if row is None:
            return True
        if row.word.retry_at is not None and row.word.retry_at > now:
            return False
        return row.asked_at < answered_at + SENDS_SETTLE and row.asked_at + SENDS_SETTLE <= now

    found = _due(connection, profile_id, wanted)
    return tuple([each for each in found if Section.EVENTS in each.sections])


def finders_of(
    connection: sqlite3.Connection, group: Group
) -> tuple[tuple[ConnectedSource, int, Match], ...]:
    """Return the shops that have more orders of a customer than are kept and can look for one.

    Returns:
        Each with the profile it was found for, and who that is there.
    """
    more = {
        (source, row.profile_id)
        for row in load_sections(connection, group)
        for source, kept in kept_of([row], Section.ORDERS)
        if kept.has_more
    }
    sources = {each.id: each for each in load_sources(connection) if each.is_enabled}
    return tuple(
        [
            (sources[at], of, match)
            for of, at, match in rows.load_matches(connection, group)
            if at in sources and sources[at].spec.finds_orders and (at, of) in more
            and not is_foreign(connection, at, of, match)
        ]
    )  # fmt: skip


def _due(
    connection: sqlite3.Connection,
    profile_id: int,
    is_wanted: Callable[[ConnectedSource, Section, SectionRow | None], bool],
) -> tuple[Due, ...]:
    group = load_group(connection, profile_id)
    sources = [each for each in load_sources(connection) if each.is_enabled]
    if not sources:
        return ()
    known = {
        (row.word.source_id, row.profile_id, row.section): row
        for row in load_sections(connection, group)
    }
    matches = rows.load_matches(connection, group)
    found: list[Due] = []
    for source in sources:
        here: list[tuple[int, Match | None]] = [
            (of, match) for of, at, match in matches if at == source.id
        ]
        for of, match in here or [(group.root, None)]:
            wanted = frozenset(
                section
                for section in source.spec.sections
                if is_wanted(source, section, known.get((source.id, of, section)))
            )
            if wanted:
                # whose number is another's by now is looked up anew
                is_lost = match is not None and is_foreign(connection, source.id, of, match)
                found.append(Due(source, of, None if is_lost else match, wanted))
    if any(each.match is None for each in found) and not _can_be_found(connection, group):
        return tuple([each for each in found if each.match is not None])
    return tuple(found)


def _is_due(source: ConnectedSource, row: SectionRow | None, now: datetime) -> bool:
    if row is None or row.asked_at > now + SKEW:
        # a clock that was ahead once must not keep it for as long as that was
        return True
    if row.word.retry_at is not None:
        return row.word.retry_at <= now
    return row.asked_at + source.spec.fresh[row.section] <= now


def _can_be_found(connection: sqlite3.Connection, group: Group) -> bool:
    """Tell whether there is anything that a customer may be looked up by."""
    return any(
        _counts(connection, group, each) for each in rows.load_addresses(connection, group)
    ) or bool(rows.load_matches(connection, group))


def _counts(connection: sqlite3.Connection, group: Group, address: rows.Address) -> bool:
    if address.is_verified or address.is_vouched:
        return True
    return address.kind == "email" and rows.has_written_from(connection, group, address.value)
