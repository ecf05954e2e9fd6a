"""What a macro is filled in from: the ticket, its customer, who writes, and connected services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import macros as rows
from helpdesk_tui.db.macros import MacroFacts
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.domain.away import AwayFacts, opening_words
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.folds import unpacked_folds
from helpdesk_tui.domain.macros.render import Context, Value
from helpdesk_tui.domain.messages import unfolded
from helpdesk_tui.domain.person_names import split_name
from helpdesk_tui.domain.setting.held import text_in
from helpdesk_tui.domain.setting.interface import DESK_NAME
from helpdesk_tui.domain.setting.messaging import SMS_PREFIX
from helpdesk_tui.domain.setting.webchat import shop_name
from helpdesk_tui.domain.snoozing.snooze import zone_of
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.services.commerce.macro_values import commerce_values

if TYPE_CHECKING:
    import sqlite3


def load_context(
    connection: sqlite3.Connection,
    ticket_id: int,
    agent_id: int | None,
    *,
    language: str,
    zone: str,
    now: datetime | None = None,
) -> tuple[MacroFacts, Context]:
    """Return what is known of a ticket, and what a macro is filled in from.

    Raises:
        NotFound: ``ticket.missing``.
    """
    facts = rows.load_facts(connection, ticket_id)
    if facts is None:
        raise NotFound("ticket.missing", id=ticket_id)
    values: dict[str, Value] = {
        "customer": _customer(facts),
        "ticket": _ticket(facts),
        "message": _message(connection, ticket_id),
        **_desk(connection, facts),
        "hours": _Hours(connection, language, now or utc_now()),
    }
    if agent_id is not None:
        values["agent"] = _person(*rows.load_person(connection, agent_id))
        teams = rows.load_teams_of(connection, agent_id)
        values["team"] = {"name": facts.team or next(iter(teams), "")}
    found, connected = commerce_values(connection, facts.profile_id)
    values |= found
    return facts, Context(values, language, zone_of(zone), connected)


class _Hours(Mapping[str, Value]):
    """``hours.next``, worked out only for a macro that says it: holidays take a while to load."""

    def __init__(self, connection: sqlite3.Connection, language: str, now: datetime) -> None:
        self._settings = load_desk_settings(connection)
        self._language = language
        self._now = now

    def __getitem__(self, name: str) -> Value:
        if name != "next":
            raise KeyError(name)
        from helpdesk_tui.services.hours import load_office_hours

        hours = load_office_hours(self._settings, self._now)
        opening = hours.following_opening(self._now)
        return opening_words(AwayFacts(opening, self._now, hours.zone, language=self._language))

    def __iter__(self) -> Iterator[str]:
        yield "next"

    def __len__(self) -> int:
        return 1


def _customer(facts: MacroFacts) -> dict[str, Value]:
    first, last = split_name(facts.customer_name)
    is_mail = "@" in facts.customer_address
    return {
        # a name that is only the address again is none
        "name": facts.customer_name if first else "",
        "first_name": first,
        "last_name": last,
        "email": facts.email or (facts.customer_address if is_mail else ""),
        "phone": facts.phone or ("" if is_mail else facts.customer_address),
        "location": facts.location,
        "timezone": facts.timezone,
        "ticket_count": facts.ticket_count,
    }


def _person(name: str, full_name: str, email: str) -> dict[str, Value]:
    shown = full_name or name
    first, last = split_name(shown)
    return {"name": shown, "first_name": first, "last_name": last, "email": email}


def _ticket(facts: MacroFacts) -> dict[str, Value]:
    return {
        "id": str(facts.ticket_id),
        "subject": facts.subject,
        "channel": CHANNELS[facts.channel].label,
        "status": facts.status,
        "priority": facts.priority,
        "recipient": facts.recipient,
        "team": facts.team,
        "tags": facts.tags,
        "created_at": facts.created_at,
        "last_message_at": facts.last_message_at,
        "waiting_since": facts.waiting_since,
        "assignee": _person(*facts.assignee) if facts.assignee else None,
    }


def _message(connection: sqlite3.Connection, ticket_id: int) -> dict[str, Value]:
    found = rows.load_last_inbound(connection, ticket_id)
    if found is None:
        return {}
    text, folds, subject, author, sent_at = found
    return {
        "text": unfolded(text, unpacked_folds(folds)),
        "subject": subject,
        "author": author,
        "sent_at": sent_at,
    }


def _desk(connection: sqlite3.Connection, facts: MacroFacts) -> dict[str, Value]:
    settings = load_desk_settings(connection)
    name = settings.get(DESK_NAME)
    desk = name if isinstance(name, str) else ""
    prefix = text_in(settings, SMS_PREFIX) or shop_name(settings)
    return {
        "store": {"name": facts.support_name or desk, "email": facts.recipient},
        "organization": {"name": desk, "prefix": prefix},
        "support": {"name": facts.support_name or desk, "email": facts.recipient},
    }
