"""The tabs of the screen of a customer, and what each of them shows."""

from __future__ import annotations

from helpdesk_tui.domain.commerce.timeline import RANKS, EntryKind
from helpdesk_tui.widgets.words.language import Marked

TABS: Marked[tuple[str, ...]] = (
    "timeline",
    "messages",
    "orders",
    "subscriptions",
    "events",
    "profile",
)
KINDS: dict[str, tuple[EntryKind, ...]] = {
    "all": RANKS,
    "messages": (EntryKind.MESSAGE,),
    "orders": (EntryKind.ORDER,),
    "subscriptions": (EntryKind.SUBSCRIPTION,),
    "events": (EntryKind.EVENT,),
    "profile": RANKS,
}
PLACES = tuple(KINDS)
FACTS, EVENTS = PLACES.index("profile"), PLACES.index("events")
Asked = tuple[str, str, tuple[str, ...]]
"""What a list was asked for: its tab, words, and kinds of events."""
