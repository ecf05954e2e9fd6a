"""Telling a visitor who writes while nobody is there when somebody is back."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.chat import timers as rows
from helpdesk_tui.db.chat.timers import WaitingChat
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.away import AWAY_MESSAGE, OPEN_MESSAGE, SILENT, AwayFacts, away_text
from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.office_hours import OfficeHours
from helpdesk_tui.domain.setting.held import Held, text_in
from helpdesk_tui.domain.snoozing.snooze import zone_of
from helpdesk_tui.services.chat.follow_up import store_name, wanted_address
from helpdesk_tui.services.hours import load_office_hours, office_zone_name

if TYPE_CHECKING:
    import sqlite3


def tell_waiting(store: Store, now: datetime) -> None:
    """Tell the visitors who wrote just now that nobody is there, or what is said while somebody is.

    Once for each conversation and closed period; what is said within office hours once for each
    conversation. The note and the message are one transaction.
    """
    with store.read() as connection:
        settings = load_desk_settings(connection)
        hours = load_office_hours(settings, now)
        wanted = [
            (chat, away)
            for chat in rows.load_waiting(connection, now)
            if (away := _is_away(chat, hours, settings)) is not None
        ]
    for chat, away in wanted:
        with store.write() as connection:
            _tell(connection, chat, hours, settings, now, away=away)


def _is_away(chat: WaitingChat, hours: OfficeHours, settings: Held) -> bool | None:
    """Tell which message a visitor is to be told: that of absence or the other; None for none."""
    if hours.is_open(chat.written_at):
        is_wanted = text_in(settings, OPEN_MESSAGE) not in ("", SILENT)
        return False if is_wanted and chat.open_told_at is None else None
    if text_in(settings, AWAY_MESSAGE) == SILENT:
        return None
    told = chat.away_told_at
    is_told = told is not None and hours.is_same_closing(told, chat.written_at)
    return None if is_told else True


def _tell(
    connection: sqlite3.Connection,
    chat: WaitingChat,
    hours: OfficeHours,
    settings: Held,
    now: datetime,
    *,
    away: bool,
) -> None:
    if not rows.note_told(connection, chat, now, away=away):
        return
    facts = _facts(connection, chat, hours, settings, now)
    text = away_text(text_in(settings, AWAY_MESSAGE if away else OPEN_MESSAGE), facts)
    if not text:
        return
    queued = rows.queue_automatic(
        connection,
        rows.Automatic(
            ticket_id=chat.ticket_id,
            channel=WEBCHAT.name,
            account_id=chat.account_id,
            sender=chat.site,
            recipient=chat.conversation,
            text=text,
        ),
        now,
    )
    kind = "chat.away-told" if away else "chat.open-told"
    told = Entry(kind, chat.ticket_id, queued.message_id)
    activity.record(connection, SYSTEM, now, [queued, told])


def _facts(
    connection: sqlite3.Connection,
    chat: WaitingChat,
    hours: OfficeHours,
    settings: Held,
    now: datetime,
) -> AwayFacts:
    origin = rows.load_origin(connection, wanted_address(settings))
    zone = _zone(chat.timezone)
    name = chat.customer_name
    return AwayFacts(
        opening=hours.next_opening(now),
        now=now,
        zone=zone or hours.zone,
        zone_name="" if zone else office_zone_name(settings),
        language=chat.language,
        support_email="" if origin is None else origin.address,
        store_name=store_name(settings),
        customer_name="" if "@" in name or ":" in name else name,
    )


def _zone(name: str) -> tzinfo | None:
    """Return the visitor's zone; None where the browser names none that we know."""
    try:
        return zone_of(name) if name else None
    except UsageError:
        return None
