"""Files of customers with something else than what should stand there: read, or refused."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.services.commerce.importing import Imports
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.desk import Desk
from tests.support.store import FakeClock, add_profile, make_desk

ADA: dict[str, Any] = {
    "id": "7", "emails": ["ada@example.com"], "phones": ["+15557770001"],
    "profile": {"name": "Ada", "email": "ada@example.com", "tags": ["a"]},
    "value": {"currency": "EUR", "spent": "5.5", "orders": 3},
    "segments": [{"id": "1", "name": "VIP"}],
    "orders": [{"id": "1", "name": "#1", "created_at": "2026-06-01T00:00:00Z", "total": "5",
                "items": [{"id": "i", "title": "Tea", "quantity": 2}]}],
    "subscriptions": [{"id": "s", "title": "Tea", "status": "active"}],
    "events": [{"id": "e", "metric": "m", "at": "2026-06-01T00:00:00Z"}],
}  # fmt: skip
ODD: list[Any] = [
    None, True, -5, 2**70, 1e308, float("nan"), float("inf"), "", "NaN", "1e999", "-1",
    "\x1b]52;c;AAAA\x07", "\ud800", "a\u202eb", "x" * 50_000, "file:///etc/passwd",
    "=cmd|' /C calc'!A0", [], {}, [None], [[]], {"a": [{}]}, "2026-13-45",
]  # fmt: skip
Place = tuple[str | int, ...]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = make_desk(tmp_path, clock=FakeClock())
    yield opened
    opened.close()


def places(said: Any, place: Place = ()) -> Iterator[Place]:
    """Yield where something stands in a document."""
    inside = said.items() if isinstance(said, dict) else enumerate(said) \
        if isinstance(said, list) else ()  # fmt: skip
    for name, one in inside:
        yield (*place, name)
        yield from places(one, (*place, name))


def with_odd(place: Place, odd: Any) -> dict[str, Any]:
    """Return the customer with something odd in one place."""
    found = copy.deepcopy(ADA)
    inside: Any = found
    for name in place[:-1]:
        inside = inside[name]
    inside[place[-1]] = odd
    return found


def test_whatever_stands_in_a_file_is_read_or_refused_in_words(desk: Desk) -> None:
    profile = add_profile(desk.store, "Ada", "ada@example.com")
    with desk.store.write() as connection:
        connection.execute("UPDATE identity SET verified = 1")
    source = Sources(desk.store, SYSTEM, now=desk.clock).add("table", "files", {})
    imports = Imports(desk.store, SYSTEM, now=desk.clock)
    every = [(place, odd) for place in places(ADA) for odd in ODD]
    for place, odd in random.Random(7).sample(every, 200):
        with suppress(HelpdeskError):
            imports.take(source, [with_odd(place, odd)])
    imports.take(source, [ADA])
    found = desk.customer_context.load(profile)
    assert [one.name for _, one in found.profiles] == ["Ada"]
    assert "\x1b" not in repr(found)
    assert all(not one.url for _, one in found.profiles)
