"""What every source of facts is to the worker: one protocol, whatever is behind it.

A source knows nothing of the store. It is asked by one thread at a time; every call blocks and
raises only :class:`ChannelError`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.commerce.actions import ActionRequest, Phase, Preview
from helpdesk_tui.domain.commerce.facts import Facts, Failure, Order, Section
from helpdesk_tui.domain.commerce.identities import Identities, Match
from helpdesk_tui.sync.channels.errors import ChannelError, Rejected, Retry

Progress = Callable[[Phase, Mapping[str, Any]], None]
"""Commits how far a change has come, before the step is taken; raises to stop it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A customer of the source, and what came along with finding them."""

    match: Match
    facts: Facts = field(default_factory=Facts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a change."""

    result: Mapping[str, Any]
    """What is shown and noted: amounts, the new date …"""
    is_finished: bool = True
    """False: the source works on it; ``progress`` says what to ask for next."""


class Source(Protocol):
    """A connected source."""

    def find(self, identities: Identities, sections: Collection[Section]) -> Found | None:
        """Return who a profile is here, looked up by what is verified; None: nobody.

        Facts of ``sections`` that the look-up brings anyway come along; nothing more is asked for.
        """

    def fetch(
        self, external_id: str, sections: Collection[Section], tell: Callable[[Facts], None]
    ) -> None:
        """Fetch sections of a customer and hand each over as soon as it is there.

        A section that cannot be had is handed over as failed or not available; it never keeps the
        others from coming. Only what concerns all of them is raised: ``AuthFailed``,
        :class:`Suspended`, trouble of the line, and ``Gone`` where the customer is not there any
        more.
        """

    def test(self) -> tuple[Check, ...]:
        """Try the credentials and each scope; returns what was tried, with how to mend it."""

    def about(self) -> Mapping[str, str]:
        """Return what it says of itself: ``name``, ``currency``, ``timezone``, ``domain``."""

    def close(self) -> None:
        """Drop the connections; what waits for an answer ends."""


class OrderFinder(Source, Protocol):
    """A source whose old orders can be asked for by name (``SourceSpec.finds_orders``)."""

    def named_order(self, external_id: str, name: str) -> Order | None:
        """Return the order of a customer that bears a name; None where they have none."""


class ActingSource(Source, Protocol):
    """A source whose orders or subscriptions can be changed."""

    def preview(self, request: ActionRequest) -> Preview:
        """Work out what a change would do, without doing it; fills ``expected`` in.

        Raises:
            Rejected: it cannot be done, with a code that says why (``order.not-editable`` …).
        """

    def act(self, request: ActionRequest, progress: Progress) -> Outcome:
        """Check that all is as ``expected`` says, then do it.

        ``progress`` is called with :attr:`Phase.ASKED` right before the request that changes
        something. What fails before that has changed nothing.

        Raises:
            Stale: what the agent saw is no longer so; it carries what is so now.
            Rejected: the source refuses; nothing was changed.
            Uncertain: the request is out and the answer is not here.
        """

    def look_up(self, request: ActionRequest, progress: Mapping[str, Any]) -> Outcome | None:
        """Find out whether a change whose answer was lost has been made.

        Returns:
            What came of it; None where it was certainly not made. Raises ``Uncertain`` while
            nobody can tell.
        """


def failure_of(error: ChannelError) -> Failure:
    """Return why a section could not be had, as it is handed over."""
    after = error.after if isinstance(error, Retry) else 0.0
    return Failure(error.code, {name: str(each) for name, each in error.values.items()}, after)


class Suspended(ChannelError):
    """The whole account is shut, whoever is asked for: frozen, locked, or our revision retired.

    As after refused credentials nothing is asked there until a probe goes through.
    """


class Stale(Rejected):
    """What the agent saw is no longer so; nothing was changed."""

    def __init__(self, now: Mapping[str, Any], **values: object) -> None:
        super().__init__("action.stale", **values)
        self.now = now
        """What is so now, in the shape of ``expected``."""
