"""What connected sources cost whoever opens a ticket: the same picture with and without them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

from benchmarks.common import SMALL, Result, interleaved, seeded, ui
from benchmarks.screen import BRIDGE, PREVIEW_DELAY, first_customer
from benchmarks.term import Term, terminal

_ROUNDS = 60
_KNOWN = 200
"""Customers of whom everything is kept: all that the measurement reaches."""


def context_open() -> list[Result]:
    """Preview tickets in a wide window: without sources, with nothing kept yet, with all kept."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder, ExitStack() as stack:
        sides = []
        for name, fill in (("none", None), ("cold", _connect), ("warm", _fill)):
            store = Path(folder) / name
            shutil.copytree(seeded(SMALL), store)
            if fill is not None:
                fill(store)
            term = stack.enter_context(terminal(ui(store), first_customer(store)))
            sides.append(_preview(term))
        (none, cold, warm), _ = interleaved(sides, _ROUNDS)
    note = f"{none * 1000:.0f}, {cold * 1000:.0f} and {warm * 1000:.0f} ms"
    return [
        Result("CC7", "ticket shown, nothing kept of its customer / no source", cold / none, "×",
               1.1, 1.0, note),
        Result("CC8", "ticket shown, everything kept / no source", warm / none, "×", 1.5, 1.2),
    ]  # fmt: skip


def _preview(term: Term) -> Callable[[], float]:
    turn = count()

    def measure() -> float:
        answer = term.press("j" if next(turn) % 10 < 5 else "k", BRIDGE)
        term.calm(0.2)
        if answer.last is None:
            raise RuntimeError("waited for the next ticket: there was none")
        return answer.last - PREVIEW_DELAY

    return measure


def _connect(store: Path) -> None:
    """Connect a source that nobody asks: no worker runs."""
    from helpdesk_tui.db.store import Store
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.services.commerce.sources import Sources

    opened = Store(store)
    try:
        sources = Sources(opened, SYSTEM)
        sources.add("klaviyo", "klaviyo", {})
        sources.add("shopify", "shop", {"shop": "acme.myshopify.com"})
        sources.add("recharge", "recharge", {})
    finally:
        opened.close()


def _fill(store: Path) -> None:
    """Keep everything of everybody who can come up."""
    from helpdesk_tui.db.store import Store
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.domain.commerce import facts
    from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
    from helpdesk_tui.services.commerce.sources import Sources
    from helpdesk_tui.services.commerce.storing import ContextStore

    _connect(store)
    now = datetime.now(UTC)
    orders = tuple(
        facts.Order(
            f"o{number}", f"#10{number}", now - timedelta(days=number), currency="EUR",
            total=Decimal("89.50"), payment="paid", fulfilment="fulfilled",
            items=tuple(facts.OrderItem(f"{number}.{at}", "Trail shoes", 1) for at in range(4)),
        )
        for number in range(8)
    )  # fmt: skip
    events = tuple(
        facts.CustomerEvent(f"e{number}", "Opened Email", now - timedelta(hours=number), "News")
        for number in range(40)
    )
    known = facts.Facts(
        profile=facts.ProfileFacts(name="Ada L.", location="Kraków, Poland"),
        segments=(facts.Segment("1", "VIP"), facts.Segment("2", "Repeat buyers")),
        value=facts.Value("EUR", Decimal(412), Decimal(95), orders=8, churn=Decimal("0.18")),
        orders=orders,
        subscriptions=(),
        events=facts.EventsPage(events, is_all=True),
    )
    opened = Store(store)
    try:
        with opened.read() as connection:
            ids = [row[0] for row in connection.execute(
                "SELECT DISTINCT profile_id FROM ticket ORDER BY last_message_at DESC LIMIT ?",
                (_KNOWN,),
            )]  # fmt: skip
        keeper = ContextStore(opened)
        for source in Sources(opened, SYSTEM).all():
            for each in ids:
                match = Match(f"c{each}", MatchedBy.EMAIL, "a@example.com")
                keeper.store(source, each, match, known, asked=source.spec.sections)
    finally:
        opened.close()
