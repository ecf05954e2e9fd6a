"""What came into a thread while it was being read."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_tui.domain.messages import MessageRow, Thread
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import ngettext


def arrived(before: Thread | None, after: Thread) -> list[MessageRow]:
    """Return the messages that were not there before."""
    newest = max((one.id for one in before.messages), default=0) if before else 0
    known = {one.id for one in before.messages} if before else set()
    return [one for one in after.messages if one.id not in known and one.id > newest]


def announcement(news: Sequence[MessageRow]) -> str:
    """Return the line that tells about new messages below."""
    name = clean(news[-1].author_name) or clean(news[-1].sender)
    said = ngettext(
        "{count} new message from {name} · G goes there",
        "{count} new messages, the last from {name} · G goes there",
        len(news),
    )
    return "↓ " + said.format(count=len(news), name=name)


def has_returned(before: Thread, after: Thread) -> bool:
    """Return whether a scheduled reply has gone back to its draft since, as the customer wrote."""
    newest = max((event.id for event in before.events), default=0)
    return any(event.id > newest and event.kind == "message.unscheduled" for event in after.events)
