"""Ways to one person and nobody else: there are no copies, and nothing is quoted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpdesk_tui.domain.channels import ChannelSpec
from helpdesk_tui.domain.errors import NotAllowed, UsageError
from helpdesk_tui.services.recipients import Envelope, Recipients

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.replies import Answered, Target
    from helpdesk_tui.services.ways.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Ends:
    """The two ends of a way."""

    account_id: int
    ours: str
    theirs: str
    also: tuple[str, ...] = ()
    """By what else the person is known to whoever names them."""


class DirectWay:
    """What ways to one person share; see :class:`helpdesk_tui.services.ways.way.Way`."""

    def __init__(self, spec: ChannelSpec) -> None:
        self._spec = spec

    def ends(self, connection: sqlite3.Connection, target: Target) -> Ends:
        """Return the ends of a ticket's way; raises NotAllowed."""
        raise NotImplementedError

    def check(self, connection: sqlite3.Connection, target: Target) -> None:
        """Refuse a ticket without a way."""
        self.ends(connection, target)

    def columns(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted
    ) -> dict[str, Any]:
        """Return whom a message goes to, and which account of ours it leaves from."""
        ends = self._checked(connection, target, wanted)
        return {
            "channel_account_id": ends.account_id,
            "sender": ends.ours,
            "recipients": json.dumps([ends.theirs]),
        }

    def addressees(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted
    ) -> tuple[Envelope, Answered | None]:
        """Return the person; nothing is quoted."""
        return Envelope((self._checked(connection, target, wanted).theirs,)), None

    def sender(self, connection: sqlite3.Connection, target: Target) -> tuple[int, str, str]:
        """Return our end."""
        ends = self.ends(connection, target)
        return ends.account_id, ends.ours, ""

    def proposed(
        self, connection: sqlite3.Connection, target: Target, *, everyone: bool
    ) -> Recipients:
        """Return the person, and nobody else."""
        ends = self.ends(connection, target)
        return Recipients(ends.ours, "", (ends.theirs,), ())

    def _checked(self, connection: sqlite3.Connection, target: Target, wanted: Wanted) -> Ends:
        """Refuse everybody but the one person, by whichever name they are known.

        Raises:
            UsageError: ``reply.no-recipient`` or ``reply.no-copies``.
            NotAllowed: ``reply.not-participant``.
        """
        ends = self.ends(connection, target)
        if not ends.theirs:
            raise UsageError("reply.no-recipient", id=target.id)
        if wanted.cc or wanted.bcc:
            raise UsageError("reply.no-copies", channel=self._spec.label)
        for each in wanted.to:
            if each.strip() not in (ends.theirs, *ends.also):
                raise NotAllowed("reply.not-participant", address=each)
        return ends
