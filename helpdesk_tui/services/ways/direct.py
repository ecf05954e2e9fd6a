"""Ways to one person and nobody else: there are no copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import NotAllowed, UsageError

if TYPE_CHECKING:
    from helpdesk_tui.services.queueing import Wanted


def check_only(wanted: Wanted, label: str, *known: str) -> None:
    """Refuse everybody but the one person, by whichever name they are known.

    Raises:
        UsageError: ``reply.no-copies``.
        NotAllowed: ``reply.not-participant``.
    """
    if wanted.cc or wanted.bcc:
        raise UsageError("reply.no-copies", channel=label)
    for each in wanted.to:
        if each.strip() not in known:
            raise NotAllowed("reply.not-participant", address=each)
