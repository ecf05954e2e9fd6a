"""Follow-ups: one mail for a visitor who left a chat before reading its replies."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.chat import timers as rows
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import AddressState, SupportAddress
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.channels import EMAIL
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.follow_up import (
    FOLLOW_UP,
    FOLLOW_UP_ADDRESS,
    due_at,
    fitting,
    subject_of,
    text_of,
)
from helpdesk_tui.domain.own import is_free_mail
from helpdesk_tui.domain.setting.held import Held, text_in
from helpdesk_tui.domain.setting.values import is_on
from helpdesk_tui.domain.setting.webchat import shop_name

if TYPE_CHECKING:
    import sqlite3


def queue_follow_ups(store: Store, now: datetime) -> datetime | None:
    """Queue the follow-ups that are due; return when the next one may be, or None.

    Each in a transaction of its own, together with the note that it was queued: whoever is killed
    has done both or neither, and of two who try only one finds it not done.
    """
    with store.read() as connection:
        settings = load_desk_settings(connection)
        if not is_on(settings.get(FOLLOW_UP, "on")):
            return None
        left = rows.load_left(connection, now)
        if not left or rows.load_origin(connection, wanted_address(settings)) is None:
            return None
    following: list[datetime] = []
    for ticket_id, chat in left:
        due = due_at(chat)
        if due is not None and due > now:
            following.append(due)
        elif due is not None:
            _queue(store, ticket_id, settings, now)
    return min(following, default=None)


def _queue(store: Store, ticket_id: int, settings: Held, now: datetime) -> None:
    """Queue one, unless the visitor came back, read or was told meanwhile."""
    with store.read() as connection:
        if not rows.load_visitor(connection, ticket_id).address:
            return
    with store.write() as connection:
        chat = rows.load_left_chat(connection, ticket_id)
        due = None if chat is None else due_at(chat)
        origin = rows.load_origin(connection, wanted_address(settings))
        visitor = rows.load_visitor(connection, ticket_id)
        if due is None or due > now or origin is None or not visitor.address:
            return
        if not rows.claim_follow_up(connection, ticket_id, now):
            return
        message = _message(connection, ticket_id, settings, origin, visitor)
        queued = rows.queue_automatic(connection, message, now)
        rows.add_customer(connection, ticket_id, visitor)
        told = Entry("chat.followed-up", ticket_id, queued.message_id)
        activity.record(connection, SYSTEM, now, [queued, told])


def _message(
    connection: sqlite3.Connection,
    ticket_id: int,
    settings: Held,
    origin: rows.Origin,
    visitor: rows.Visitor,
) -> rows.Automatic:
    replies = rows.load_unread(connection, ticket_id)
    files = rows.load_reply_files(connection, replies)
    limit = min(filter(None, (origin.size_limit, EMAIL.attachment_limit)))
    going = frozenset(fitting([size for _, _, size, _ in files], limit))
    left_out = [file[0] for number, file in enumerate(files) if number not in going]
    return rows.Automatic(
        ticket_id=ticket_id,
        channel=EMAIL.name,
        account_id=origin.account_id,
        sender=origin.address,
        recipient=visitor.address,
        subject=subject_of(visitor.language, store_name(settings)),
        text=text_of(visitor.language, visitor.name, replies, left_out),
        flags=Flag.FOLLOW_UP,
        files=tuple(file for number, file in enumerate(files) if number in going),
    )


def wanted_address(settings: Held) -> str:
    """Return the address that is configured for follow-ups, or nothing."""
    return text_in(settings, FOLLOW_UP_ADDRESS)


def store_name(settings: Held) -> str:
    """Return the name that customers know the shop by."""
    return shop_name(settings) or "Support"


def follow_up_trouble(settings: Held, addresses: tuple[SupportAddress, ...]) -> tuple[str, str]:
    """Return what is wrong about the address of follow-ups, as a code and the address.

    ``none``: there is no verified one; ``unverified``: the configured one is not; ``free-mail``:
    anybody can have an address under its domain. Both empty: nothing is wrong.
    """
    verified = [each.address for each in addresses if each.state is AddressState.VERIFIED]
    wanted = wanted_address(settings)
    if not is_on(settings.get(FOLLOW_UP, "on")):
        return "", ""
    if not verified:
        return "none", ""
    if wanted and wanted not in verified:
        return "unverified", wanted
    used = wanted or verified[0]
    return ("free-mail", used) if is_free_mail(used.rpartition("@")[2]) else ("", "")
