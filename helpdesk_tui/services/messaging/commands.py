"""Keywords: consent is noted, the answer queued, and no ticket is made of them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.messaging import consents
from helpdesk_tui.db.messaging import messages as rows
from helpdesk_tui.db.messaging.answers import may_answer_command, queue_answer
from helpdesk_tui.db.messaging.consents import ConsentRow
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.folds import first_words
from helpdesk_tui.domain.messaging.auto_reply import command_text
from helpdesk_tui.domain.messaging.keywords import Command, Keyword, keyword_of
from helpdesk_tui.domain.messaging.providers import carrier_of
from helpdesk_tui.domain.messaging.received import OptOut, Received
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.domain.reopening import ReceivingTicket
from helpdesk_tui.domain.setting.held import Held
from helpdesk_tui.domain.setting.messaging import answer_of, more_words
from helpdesk_tui.domain.text import clean, clean_lines, shorten
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.messaging.auto_reply import facts_of, queue_automatic
from helpdesk_tui.services.messaging.lines import Line, Person

if TYPE_CHECKING:
    import sqlite3

_CUSTOMER = Actor(ActorKind.CUSTOMER)
_SAID: dict[Command, ConsentState] = {
    Command.STOP: ConsentState.WITHDRAWN,
    Command.START: ConsentState.GIVEN,
}


class Commands:
    """Reads and obeys keywords of one account, inside a transaction of the caller."""

    def __init__(
        self, connection: sqlite3.Connection, line: Line, now: datetime, held: Held
    ) -> None:
        self._connection = connection
        self._line = line
        self._account = line.account
        self._now = now
        self._held = held
        self._provider = carrier_of(line.account)

    def read(self, news: Received) -> Keyword | None:
        """Return the command that a message is; None: it is meant for people."""
        if not self._line.spec.has_opt_out or news.media or news.notices:
            return None
        if news.opt_out is not OptOut.NONE:
            word = shorten(" ".join(clean(news.text).split()), 40).casefold()
            return Keyword(Command(news.opt_out.value), word, is_answered=True)
        return keyword_of(
            news.text,
            provider=self._provider,
            channel=self._account.channel,
            is_withdrawn=self._state(news.address) is ConsentState.WITHDRAWN,
            more=more_words(self._held),
        )

    def obey(self, news: Received, person: Person, keyword: Keyword, raw_sha256: str) -> None:
        """Do what a keyword wants; it stands in the person's ticket, or on the intake list."""
        was = self._state(news.address)
        source = "provider" if news.opt_out is not OptOut.NONE else "keyword"
        self._note_consent(news, keyword.command, source, keyword.word)
        ticket = self._line.standing(person.contact)
        self._line.heard(person, person.contact.ticket_id, news.at)
        if ticket is not None:
            entry = Entry(f"keyword.{keyword.command}", ticket.id, None, {}, {"word": keyword.word})
            activity.record(self._connection, _CUSTOMER, self._now, [entry])
            rows.touch(self._connection, ticket.id, self._now)
        is_new = _SAID.get(keyword.command) is not was
        if is_new and not keyword.is_answered and not person.is_blocked:
            self._answer(keyword.command, person, ticket)
        self._to_intake(news, person, keyword, raw_sha256, None if ticket is None else ticket.id)

    def _answer(self, command: Command, person: Person, ticket: ReceivingTicket | None) -> None:
        """Answer a keyword: in the person's ticket, or beside all tickets where they have none."""
        link, account, address = self._connection, self._account, person.contact.address
        facts = facts_of(link, self._held, address, person.name)
        text = command_text(command, answer_of(self._held, command), facts)
        if not text or not may_answer_command(link, account.id, address, self._now):
            return
        if ticket is None:
            queue_answer(link, account.id, address, text, self._now, command=command.value)
        else:
            queue_automatic(
                link, account, ticket.id, address, text, self._now, flag=Flag.KEYWORD_ANSWER
            )

    def provider_obeyed(self, news: Received) -> None:
        """Note what the provider has made of a message that is more than a keyword for us."""
        if self._line.spec.has_opt_out:
            self._note_consent(news, Command(news.opt_out.value), "provider", "")

    def _state(self, address: str) -> ConsentState:
        found = consents.newest_consent(
            self._connection, self._account.channel, address, self._account.address
        )
        return ConsentState.UNKNOWN if found is None else found.state

    def _note_consent(self, news: Received, command: Command, source: str, word: str) -> None:
        state = _SAID.get(command)
        if state is None:
            return
        row = ConsentRow(
            channel=self._account.channel, address=news.address, state=state, source=source,
            at=min(news.at, self._now), ours=self._account.address, detail=word,
        )  # fmt: skip
        consents.add_consent(self._connection, row)

    def _to_intake(
        self, news: Received, person: Person, keyword: Keyword, raw_sha256: str,
        ticket_id: int | None,
    ) -> None:  # fmt: skip
        """Put a keyword on the list; one that stands in a ticket needs nobody's eyes there."""
        now = to_us(self._now)
        text = clean_lines(news.text).strip()
        detail = {"command": keyword.command.value, "text": text}
        if ticket_id is not None:
            detail["ticket"] = str(ticket_id)
        rows.insert_intake(
            self._connection,
            {
                "channel_account_id": self._account.id,
                "received_at": now,
                "reason": "keyword",
                "detail": json.dumps(detail),
                "sender": news.address,
                "external_id": news.external_id,
                "raw_sha256": raw_sha256,
                "preview": first_words(text),
                "customer_name": person.name,
                "customer_address": news.address,
                "done_at": None if ticket_id is None else now,
            },
        )
