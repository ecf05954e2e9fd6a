"""Automatic answers as rows: what was answered before, and the answer that a batch queues."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from helpdesk_tui.db.settings import DESK, load_desk_settings, save_setting
from helpdesk_tui.domain.auto_answer import (
    ANSWER_OUTSIDE_ONLY,
    ANSWER_PER_HOUR,
    ANSWER_PROVEN_ONLY,
    ANSWER_SUBJECT,
    ANSWER_TEXT,
    HOUR,
    PER_HOUR,
    PER_SENDER,
    Answered,
    AnswerRules,
    Refusal,
    answer_subject,
    brake,
    mailbox_of,
    refusal,
)
from helpdesk_tui.domain.mail import ParsedMail
from helpdesk_tui.domain.message_ids import make_id
from helpdesk_tui.domain.messages import AuthorKind, Delivery, Direction
from helpdesk_tui.domain.reply_headers import chain, id_domain
from helpdesk_tui.domain.setting.table import is_on
from helpdesk_tui.domain.text import fold
from helpdesk_tui.domain.times import span_us
from helpdesk_tui.domain.verdicts import Desk, Verdict

HELD = "auto-reply.held"
"""Name of the desk's own note that the limit per hour held answers back."""

_RECENT = """
    SELECT address FROM (SELECT address, at FROM auto_answer ORDER BY ticket_id DESC LIMIT 20000)
    WHERE at > ?
"""
_INBOX = "SELECT count(*) FROM auto_answer WHERE channel_account_id = ? AND at > ?"


def load_rules(connection: sqlite3.Connection) -> AnswerRules:
    """Return what the desk wants answered automatically."""
    settings = load_desk_settings(connection)
    per_hour = str(settings.get(ANSWER_PER_HOUR, ""))
    return AnswerRules(
        text=str(settings.get(ANSWER_TEXT) or "").strip(),
        subject=str(settings.get(ANSWER_SUBJECT) or "").strip(),
        per_hour=int(per_hour) if per_hour.isdecimal() else PER_HOUR,
        proven_only=is_on(settings.get(ANSWER_PROVEN_ONLY)),
        outside_only=is_on(settings.get(ANSWER_OUTSIDE_ONLY)),
    )


def load_held(connection: sqlite3.Connection, since: int) -> str:
    """Return the name of the inbox whose answers were held back since a moment, or nothing."""
    found = load_desk_settings(connection).get(HELD)
    if not isinstance(found, dict) or found.get("at", 0) < since:
        return ""
    row = connection.execute(
        "SELECT name FROM channel_account WHERE id = ?", (found.get("account"),)
    ).fetchone()
    return str(row[0]) if row else ""


@dataclass(frozen=True, slots=True)
class AnswerRows:
    """The rows of one automatic answer."""

    message: tuple[Any, ...]
    search: tuple[Any, ...]
    counted: tuple[Any, ...]


class Answering:
    """Decides about automatic answers in one transaction, and counts those it gives."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        desk: Desk,
        account_id: int | None,
        now: int,
        *,
        is_open: Callable[[], bool] = bool,
    ) -> None:
        self.rules = load_rules(connection)
        self._is_open = is_open
        self._connection = connection
        self._desk = desk
        self._account = account_id
        self._now = now
        self._answered: set[str] | None = None
        self._inbox: int | None = None

    def refuses(
        self, mail: ParsedMail, verdict: Verdict, received_at: int, *, is_known: bool
    ) -> Refusal | None:
        """Return why a mail gets no automatic answer, or None if it gets one.

        Args:
            mail: The mail.
            verdict: What becomes of it.
            received_at: When the mail server got it.
            is_known: Its sender was a customer before.
        """
        if self._account is None:
            return Refusal.OFF
        found = refusal(mail, verdict, self.rules, self._desk.own, self._desk.trusted)
        if found is not None:
            return found
        is_open = self.rules.outside_only and self._is_open()
        before = Answered(self._given_to(verdict.customer.addr), self._given(), is_known, is_open)
        age = self._now - received_at
        return brake(mail, self.rules, self._desk.trusted, before, age_us=age)

    def hold(self) -> None:
        """Note that the limit per hour held an answer back, for everybody to see."""
        note = {"account": self._account, "at": self._now}
        save_setting(self._connection, HELD, DESK, json.dumps(note))

    def rows(
        self, mail: ParsedMail, verdict: Verdict, ticket_id: int, message_id: int, sender: str
    ) -> AnswerRows:
        """Return the rows of the answer to a mail, and count it.

        It holds nothing that the customer wrote and names no message that it
        answers, because that one would be quoted.
        """
        address = verdict.customer.addr
        self._mailboxes().add(mailbox_of(address))
        self._inbox = self._given() + 1
        account, sender = self._leaves_from(sender)
        subject = answer_subject(self.rules, ticket_id)
        external_id = make_id(self._desk.secret, ticket_id, message_id, id_domain(sender))
        thread = chain(mail.message_id, (*mail.references, *mail.in_reply_to), {})
        message = (
            message_id, ticket_id, ticket_id, "email", account, Direction.OUTBOUND,
            AuthorKind.AUTO, "", sender, json.dumps([address]), subject, self.rules.text, True,
            external_id, json.dumps(list(thread)), self._now, self._now, Delivery.QUEUED,
            self._now,
        )  # fmt: skip
        search = (message_id, fold(subject), fold(self.rules.text), fold(sender), "")
        return AnswerRows(message, search, (ticket_id, address, self._account, self._now))

    def _leaves_from(self, recipient: str) -> tuple[int | None, str]:
        """Return account and address that an answer leaves from: the address written to."""
        row = self._connection.execute(
            "SELECT channel_account_id, address FROM support_address"
            " WHERE address = ? AND state != 'off'",
            (recipient.lower(),),
        ).fetchone()
        return (row[0], row[1]) if row else (self._account, recipient)

    def _given_to(self, address: str) -> int:
        return int(mailbox_of(address) in self._mailboxes())

    def _mailboxes(self) -> set[str]:
        """Return the mailboxes answered within the time of a sender, which are few."""
        if self._answered is None:
            since = self._now - span_us(PER_SENDER)
            found = self._connection.execute(_RECENT, (since,))
            self._answered = {mailbox_of(row[0]) for row in found}
        return self._answered

    def _given(self) -> int:
        if self._inbox is None:
            since = self._now - span_us(HOUR)
            row = self._connection.execute(_INBOX, (self._account, since)).fetchone()
            self._inbox = int(row[0])
        return self._inbox
