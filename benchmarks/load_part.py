"""One of many on a store: a reader or an agent, for some seconds; prints what became of it.

``load_part.py STORE reader|agent NUMBER SECONDS``
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.tickets import Status, View, ViewFilter
from helpdesk_tui.services.desk import Desk, open_desk

NAMES = ("anna", "marek", "sofia")
SHARED = 12
"""Tickets that all agents work on at once."""
_WRITE_EVERY = 0.2


@dataclass
class Part:
    """What one of them did."""

    times: list[float] = field(default_factory=list)
    busy: int = 0
    errors: list[str] = field(default_factory=list)
    done: int = 0
    refused: int = 0
    expected: list[tuple[int, str]] = field(default_factory=list)
    """Tickets and the tags that must stand on them in the end."""
    gone: list[tuple[int, str]] = field(default_factory=list)
    """Tickets and the tags that must not."""


def read(desk: Desk, number: int, until: float) -> Part:
    """Look at lists, one after the other without a rest."""
    part, chance = Part(), random.Random(number)
    views = [ViewFilter(view, status) for view in (View.UNASSIGNED, View.ALL) for status in Status]
    while time.monotonic() < until:
        started = time.perf_counter()
        try:
            desk.inbox.page(chance.choice(views), limit=50)
        except sqlite3.OperationalError:
            part.busy += 1
        part.times.append(time.perf_counter() - started)
    return part


def shared(desk: Desk) -> list[int]:
    """Return the tickets that everybody changes: the same for all, whatever comes in."""
    rows = desk.inbox.rows(range(1, 400), ViewFilter(View.ALL))
    return [ticket for ticket, row in sorted(rows.items()) if row is not None][:SHARED]


def work(desk: Desk, number: int, until: float) -> Part:
    """Tag tickets that others tag too, never without having seen their newest version."""
    part, chance = Part(), random.Random(number)
    tickets = shared(desk)
    mine: dict[int, str] = {}
    gone: set[tuple[int, str]] = set()
    while time.monotonic() < until:
        ticket = chance.choice(tickets)
        row = desk.inbox.rows([ticket], ViewFilter(View.ALL))[ticket]
        if row is None:
            continue
        tag = mine.get(ticket, f"by-{number}")
        verb = desk.triage.untag if ticket in mine else desk.triage.tag
        started = time.perf_counter()
        try:
            change = verb([ticket], [tag], versions={ticket: row.version})
        except (sqlite3.OperationalError, HelpdeskError) as error:
            part.busy += 1
            part.errors.append(repr(error))
            continue
        if part.done:
            # an agent's program has loaded what it writes with; the first write here has not
            part.times.append(time.perf_counter() - started)
        if change.skipped:
            part.refused += 1  # somebody was faster: it is looked at again and then done
            continue
        part.done += 1
        if mine.pop(ticket, None) is None:
            mine[ticket] = tag
            gone.discard((ticket, tag))
        else:
            gone.add((ticket, tag))
        time.sleep(_WRITE_EVERY)
    part.expected = list(mine.items())
    part.gone = list(gone)
    return part


def main() -> None:
    """Be one of them."""
    store, role, number, seconds = sys.argv[1:]
    desk = open_desk(Path(store), agent=NAMES[int(number) % len(NAMES)])
    try:
        until = time.monotonic() + float(seconds)
        part = (read if role == "reader" else work)(desk, int(number), until)
    finally:
        desk.close()
    print(json.dumps(asdict(part)))


if __name__ == "__main__":
    main()
