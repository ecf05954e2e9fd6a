"""Mail that tells the team of new tickets: gathered from the log, sent by the worker.

Looking for new tickets reads the log from where it last stopped, so that receiving mail never
waits for it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk_tui.db import team_mail as rows
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.db.team_mail import Mail
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.channels import CHANNELS, SMS
from helpdesk_tui.domain.mail import Address, OutgoingMail
from helpdesk_tui.domain.reply_headers import id_domain
from helpdesk_tui.domain.setting.held import Held, list_in, span_in, text_in
from helpdesk_tui.domain.setting.interface import LANGUAGE
from helpdesk_tui.domain.setting.messaging import SMS_MAIL
from helpdesk_tui.domain.setting.values import is_on
from helpdesk_tui.domain.team_mail import (
    DEFAULT_EVERY,
    MOST_TRIES,
    TEAM_MAIL_EVERY,
    pause_after,
    subject_of,
    team_mail,
    text_of,
)
from helpdesk_tui.services.chat.follow_up import store_name
from helpdesk_tui.services.clock import Clock, utc_now

_BEHIND = 500
"""Entries of the log that may have to be looked at again after a restart."""
_KEEP_EVERY = timedelta(minutes=5)
_LONG_AGO = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A mail that is about to be tried."""

    row: Mail
    mail: OutgoingMail


class TeamMail:
    """Gathers new tickets into mails, and notes what became of each mail; used by one thread."""

    def __init__(self, store: Store, *, now: Clock = utc_now) -> None:
        self._store = store
        self._now = now
        self._looked: int | None = None
        self._kept_at = now()

    def gather(self) -> None:
        """Put tickets that are new since the last look into mails that wait."""
        while not self._gather_part():
            continue

    def _gather_part(self) -> bool:
        """Look at a part of the log; tell whether that was all of it."""
        now = self._now()
        with self._store.read() as connection:
            kept = rows.load_position(connection)
            newest = rows.newest_entry(connection)
            if kept is not None and newest <= max(kept, self._looked or 0):
                return True
            after = newest if kept is None else max(kept, self._looked or 0)
            settings = load_desk_settings(connection)
            found, until = rows.load_new(connection, after, now)
            words: list[int] = []
            if _tells_all(settings):
                # its first message tells of a new ticket too
                found.pop(SMS.name, None)
                words = rows.load_words(connection, SMS.name, after, until, now)
        wanted = {
            channel: ids for channel, ids in found.items() if list_in(settings, team_mail(channel))
        }
        is_due = until - (kept or 0) >= _BEHIND or now - self._kept_at >= _KEEP_EVERY
        must_keep = bool(wanted or words) or kept is None or is_due
        if must_keep and not self._keep(kept, until, wanted, words, settings, now):
            self._looked = None
            return False
        self._looked = until
        return until >= newest

    def _keep(
        self,
        kept: int | None,
        until: int,
        wanted: dict[str, list[int]],
        words: list[int],
        settings: Held,
        now: datetime,
    ) -> bool:
        """Write tickets, messages and up to where was looked in one transaction: none comes twice.

        False if somebody else did that meanwhile.
        """
        every = span_in(settings, TEAM_MAIL_EVERY, DEFAULT_EVERY)
        with self._store.write() as connection:
            if rows.load_position(connection) != kept:
                return False
            for channel, tickets in wanted.items():
                rows.add_tickets(connection, channel, tickets, now, every)
            rows.add_words(connection, SMS.name, words, now, every)
            rows.save_position(connection, until)
        self._kept_at = now
        return True

    def due(self) -> list[Mail]:
        """Return the mails to try now, those that somebody died over among them."""
        with self._store.read() as connection:
            return rows.due_mails(connection, self._now())

    def next_due(self) -> datetime | None:
        """Return when the next mail is due."""
        with self._store.read() as connection:
            return rows.next_due(connection)

    def prepare(self, row: Mail, account: Account) -> Prepared | None:
        """Return a mail ready to be tried, its Message-ID and recipients fixed from now on.

        None for one that nobody is to get any more, or that was tried too often.
        """
        now = self._now()
        with self._store.write() as connection:
            settings = load_desk_settings(connection)
            desk = load_desk(connection)
            tickets = (
                rows.load_messages(connection, row.messages)
                if row.messages
                else rows.load_tickets(connection, row.tickets)
            )
            told = row.recipients or list_in(settings, team_mail(row.channel))
            # what we read ourselves would come back as mail of ours
            people = [each for each in told if not desk.own.support_of(each)]
            trouble = _trouble(row, is_empty=not tickets, has_people=bool(people))
            if trouble is not None:
                rows.finish(connection, row.id, *trouble)
                return None
            message_id = row.message_id or _message_id(row.id, account.address)
            rows.begin(connection, row, message_id, people)
        language = text_in(settings, LANGUAGE)
        name = store_name(settings)
        return Prepared(
            row,
            OutgoingMail(
                message_id=message_id,
                date=now,
                sender=Address(name, account.address),
                to=tuple(Address("", each) for each in people),
                cc=(),
                subject=subject_of(
                    language, CHANNELS[row.channel].label, tickets, of_messages=bool(row.messages)
                ),
                text=text_of(language, name, tickets),
                html="",
                in_reply_to="",
                references=(),
                instance=desk.instance,
                automatic=True,
            ),
        )

    def sent(self, mail: Prepared) -> None:
        """The server took it."""
        with self._store.write() as connection:
            rows.finish(connection, mail.row.id, "sent", now=self._now())

    def failed(self, mail: Prepared, code: str) -> None:
        """It will never leave."""
        with self._store.write() as connection:
            rows.finish(connection, mail.row.id, "failed", now=self._now(), code=code)

    def later(self, mail: Prepared, code: str) -> None:
        """It did not leave, or perhaps did: the same mail is tried again, the same id on it."""
        due = self._now() + pause_after(mail.row.attempts + 1)
        with self._store.write() as connection:
            rows.retry(connection, mail.row.id, due, code)


def team_mail_trouble(store: Store, *, now: Clock = utc_now) -> str:
    """Return why a mail to the team failed for good within the last day; empty where none did."""
    with store.read() as connection:
        return rows.load_failed(connection, now() - _LONG_AGO)


def own_recipients(store: Store) -> list[str]:
    """Return addresses that are to be told of new tickets and are read by the desk itself."""
    with store.read() as connection:
        settings = load_desk_settings(connection)
        own = load_desk(connection).own
    told = {each for channel in CHANNELS for each in list_in(settings, team_mail(channel))}
    return sorted(each for each in told if own.support_of(each))


def _tells_all(settings: Held) -> bool:
    """Tell whether the team hears of every SMS and not only of new tickets."""
    return bool(list_in(settings, team_mail(SMS.name))) and is_on(settings.get(SMS_MAIL, "on"))


def _trouble(row: Mail, *, is_empty: bool, has_people: bool) -> tuple[str, datetime, str] | None:
    if row.attempts >= MOST_TRIES:
        return "failed", row.created_at, "team-mail.gave-up"
    if is_empty:
        # all of it turned out to be spam
        return "sent", row.created_at, ""
    return None if has_people else ("failed", row.created_at, "team-mail.nobody")


def _message_id(mail_id: int, address: str) -> str:
    return f"team.{mail_id}.{secrets.token_hex(12)}@{id_domain(address)}"
