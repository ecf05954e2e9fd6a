"""The intake list: what was received and made no ticket, with its reason; and what is done with it.

A row is dismissed, restored, or made a ticket. Making one is a job of the worker, because mail is
read in its parser process only; :meth:`Intake.adopt` writes what it read.
"""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.intake import set_done
from helpdesk_tui.db.reads.intake import count_open, load_intake, load_intake_row
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.intake import Adoption, IntakePage, IntakeRow
from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.reply_headers import check_address
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.jobs import INTAKE_TICKET, Jobs


class Intake:
    """Reads and settles the intake list; every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def page(
        self, *, after: int | None = None, limit: int = 50, everything: bool = False
    ) -> IntakePage:
        """Return the newest open rows, or those behind the row with the id ``after``.

        Args:
            after: Where the page before ended.
            limit: How many rows at most.
            everything: Also what was dismissed or made a ticket.
        """
        with self._store.read() as connection:
            rows = load_intake(connection, after=after, limit=limit + 1, everything=everything)
        return IntakePage(rows[:limit], has_more=len(rows) > limit)

    def count(self) -> int:
        """Return how many rows are open."""
        with self._store.read() as connection:
            return count_open(connection)

    def load(self, intake_id: int) -> tuple[IntakeRow, bytes]:
        """Return a row with the mail byte for byte as it came in.

        Raises:
            NotFound: if there is no such row, or its mail is gone.
        """
        with self._store.read() as connection:
            found = load_intake_row(connection, intake_id)
            if found is None:
                raise NotFound("intake.missing", id=intake_id)
            row, key = found
            if row.is_message and not key:
                return row, b""
            return row, get_blob(connection, self._store.paths, key)

    def dismiss(self, ids: Sequence[int]) -> None:
        """Take rows off the list; they stay, and can be restored."""
        self._settle(ids, "intake.dismissed", to_us(self._now()))

    def restore(self, ids: Sequence[int]) -> None:
        """Put dismissed rows back on the list; what became a ticket stays away."""
        self._settle(ids, "intake.restored", None)

    def _settle(self, ids: Sequence[int], kind: str, at: int | None) -> None:
        with self._store.write() as connection:
            changed = set_done(connection, ids, at)
            entries = [Entry(kind, after={"intake": each}) for each in changed]
            activity.record(connection, self._actor, self._now(), entries)

    def ask_ticket(self, intake_id: int, customer: Address | None = None) -> int:
        """Ask the worker to make a ticket of a row; return the job, whose result is ``ticket``.

        Asked twice it makes one ticket, and both jobs name it.

        Raises:
            UsageError: ``address.invalid``.
        """
        arguments: dict[str, object] = {"intake": intake_id, "agent": self._actor.agent_id}
        if customer is not None:
            arguments |= {"address": check_address(customer.addr), "name": customer.name}
        return Jobs(self._store, self._actor, now=self._now).ask(INTAKE_TICKET, arguments)

    def adopt_message(self, intake_id: int) -> int:
        """Make a ticket of a row that is no mail, in one transaction; return the ticket.

        Raises:
            NotFound: ``intake.missing``.
            UsageError: ``intake.customer-missing``.
        """
        from helpdesk_tui.services.messaging.adoption import write_ticket

        with self._store.write() as connection:
            return write_ticket(connection, self._store.paths, self._actor, self._now(), intake_id)

    def adopt(self, intake_id: int, adoption: Adoption) -> int:
        """Write a row as a ticket, in one transaction; return the ticket, made now or before.

        Raises:
            NotFound: ``intake.missing``.
        """
        from helpdesk_tui.services.adoption import write_ticket

        with self._store.write() as connection:
            return write_ticket(
                connection, self._store.paths, self._actor, self._now(), intake_id, adoption
            )
