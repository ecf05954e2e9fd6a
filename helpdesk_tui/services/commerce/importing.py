"""Customers out of files: kept beside the profiles, as most of them have never written to us.

Whoever writes later is found there like at any other source. What a file says again is the same,
so that reading it twice changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db.commerce import imported as rows
from helpdesk_tui.db.commerce.group import load_group
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor, require_admin
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Section
from helpdesk_tui.domain.commerce.identities import Identities, Match, MatchedBy
from helpdesk_tui.domain.commerce.own_data import MOST, OwnCustomer, read_customer
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.commerce.matching import identities_of
from helpdesk_tui.services.commerce.storing import ContextStore

if TYPE_CHECKING:
    import sqlite3

_LISTS = tuple(one.value for one in MOST)
_NEWEST = {"orders": "created_at", "events": "at"}


class Imports:
    """Keeps and finds imported customers; every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now
        self._kept = ContextStore(store, now=now)

    def take(self, source: ConnectedSource, told: Sequence[Mapping[str, Any]]) -> int:
        """Keep customers, and tell those profiles of it that are some of them.

        A section that is a list is joined to what is known, by the ids in it; of others each field
        that is told replaces the one before.

        Returns:
            How many were new or changed.

        Raises:
            NotAllowed: ``role.admin-needed``.
            UsageError: ``source.not-imported`` for a source that is asked itself.
        """
        require_admin(self._actor)
        if not source.spec.is_imported:
            raise UsageError("source.not-imported", name=source.name)
        now, changed = self._now(), 0
        touched: dict[int, tuple[Match, OwnCustomer]] = {}
        with self._store.write(bulk=True) as connection:
            for each in map(_storable, told):
                known = self._known(connection, source, each)
                body = _merged(known or {}, each)
                customer = read_customer(body)
                addresses = _addresses(customer)
                if rows.save_imported(connection, source.id, customer.id, body, addresses, now):
                    changed += 1
                for profile in rows.profiles_with(connection, addresses):
                    group = load_group(connection, profile)
                    match = _match(connection, source, identities_of(connection, group))
                    if match is not None and match.external_id == customer.id:
                        touched[group.root] = (match, customer)
        for profile, (match, customer) in touched.items():
            self._kept.store(source, profile, match, customer.facts, asked=tuple(Section))
        return changed

    def match(self, source: ConnectedSource, identities: Identities) -> Match | None:
        """Return who a profile is among the imported customers, by what is verified."""
        with self._store.read() as connection:
            return _match(connection, source, identities)

    def facts(
        self, source: ConnectedSource, external_id: str, sections: Collection[Section]
    ) -> Facts | None:
        """Return what was told of a customer; None: nobody of this id."""
        with self._store.read() as connection:
            body = rows.load_imported(connection, source.id, external_id)
        return None if body is None else read_customer(body, frozenset(sections)).facts

    def count(self, source: ConnectedSource) -> int:
        """Return how many customers were told of."""
        with self._store.read() as connection:
            return rows.count_imported(connection, source.id)

    def _known(
        self, connection: sqlite3.Connection, source: ConnectedSource, told: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """Return what is known of a customer already: by their id, or by an address."""
        known = rows.load_imported(connection, source.id, str(told.get("id", "")))
        if known is not None or not told.get("is_by_address"):
            return known
        customer = read_customer({**told, "id": told["id"]}, frozenset())
        for kind, values in (("email", customer.emails), ("phone", customer.phones)):
            found = rows.find_imported(connection, source.id, kind, values)
            if found is not None:
                return rows.load_imported(connection, source.id, found[0])
        return None


def _match(
    connection: sqlite3.Connection, source: ConnectedSource, identities: Identities
) -> Match | None:
    for by, kind, values in (
        (MatchedBy.EMAIL, "email", identities.emails),
        (MatchedBy.PHONE, "phone", identities.phones),
    ):
        found = rows.find_imported(connection, source.id, kind, values)
        if found is not None:
            return Match(found[0], by, found[1])
    return None


def _addresses(customer: OwnCustomer) -> list[tuple[str, str]]:
    return [("email", one) for one in customer.emails] + [("phone", one) for one in customer.phones]


def _merged(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of a customer once more is told."""
    found = {name: one for name, one in {**known, **told}.items() if name != "is_by_address"}
    found["id"] = known.get("id", told.get("id"))
    for name in ("emails", "phones"):
        every = [*_list(known.get(name)), *_list(told.get(name))]
        found[name] = list(dict.fromkeys(one for one in every if isinstance(one, str)))
    for section in ("profile", "value"):
        if isinstance(known.get(section), dict) and isinstance(told.get(section), dict):
            found[section] = {**known[section], **told[section]}
    for section in _LISTS:
        if isinstance(known.get(section), list) and isinstance(told.get(section), list):
            found[section] = _joined(section, known[section], told[section])
    return found


def _storable(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a customer without halves of characters: JSON may hold them, a database may not."""
    text = json.dumps(told, ensure_ascii=False)
    found: dict[str, Any] = json.loads(text.encode("utf-8", "replace"))
    return found


def _list(said: Any) -> list[Any]:
    """Return a list as it is, and nothing of what should be one and is none."""
    return said if isinstance(said, list) else []


def _joined(section: str, known: list[Any], told: list[Any]) -> list[Any]:
    """Return two lists as one, the newest first: what is told again replaces what was."""
    by_id = {str(one.get("id")): one for one in (*known, *told) if isinstance(one, dict)}
    found = list(by_id.values())
    newest = _NEWEST.get(section)
    if newest is not None:
        found.sort(key=lambda one: str(one.get(newest, "")), reverse=True)
    return found[: MOST[Section(section)]]
