"""Connecting sources: who may, what is refused, what stands in the log, how they fare."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.services.commerce.sources import Sources
from tests.support.store import FakeClock, add_agent, make_store

URL = {"url": "https://shop.example/helpdesk"}


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


def kinds(store: Store) -> list[str]:
    with store.read() as connection:
        found = connection.execute("SELECT kind FROM activity ORDER BY id").fetchall()
    return [row[0] for row in found]


def test_a_source_is_connected_changed_switched_and_removed(store: Store):
    sources = Sources(store, SYSTEM)
    added = sources.add("endpoint", "own", URL)
    assert (added.name, added.kind, added.settings, added.is_enabled) == (
        "own", "endpoint", URL, True,
    )  # fmt: skip
    other = {"url": "https://other.example/h"}
    assert sources.change("own", other).settings == other
    assert sources.set_enabled("own", enabled=False).is_enabled is False
    sources.set_enabled("own", enabled=False)
    assert sources.enabled() == ()
    assert sources.remove("own") == 0
    assert sources.all() == ()
    assert kinds(store) == ["source.added", "source.changed", "source.changed", "source.removed"]


@pytest.mark.parametrize(
    ("kind", "name", "settings", "code"),
    [
        ("nothing", "own", {}, "source.unknown"),
        ("endpoint", "own", {}, "source.needs"),
        ("endpoint", "own", {"url": " "}, "source.needs"),
        ("endpoint", "Own shop", URL, "source.bad-name"),
        ("endpoint", "../x", URL, "source.bad-name"),
        ("endpoint", "own", {**URL, "token": "t"}, "source.bad-setting"),
        ("endpoint", "own", {"url": "http://shop.example"}, "source.bad-address"),
        ("endpoint", "own", {"url": "https://shop.example/?q=1"}, "source.bad-address"),
        ("klaviyo", "own", {"api": "http://evil.example"}, "source.bad-address"),
        ("table", "own", {"api": "https://shop.example"}, "source.bad-setting"),
        ("endpoint", "taken", URL, "source.exists"),
    ],
)
def test_what_cannot_be_connected_is_refused(
    store: Store, kind: str, name: str, settings: dict[str, str], code: str
):
    sources = Sources(store, SYSTEM)
    sources.add("table", "taken", {})
    with pytest.raises((UsageError, NotFound)) as caught:
        sources.add(kind, name, settings)
    assert caught.value.code == code
    assert [one.name for one in sources.all()] == ["taken"]


def test_only_administrators_connect(store: Store):
    Sources(store, SYSTEM).add("table", "old", {})
    sam = Sources(store, Actor(ActorKind.AGENT, add_agent(store, "sam")))
    for work in (
        lambda: sam.add("table", "new", {}),
        lambda: sam.change("old", {}),
        lambda: sam.set_enabled("old", enabled=False),
        lambda: sam.remove("old"),
    ):
        with pytest.raises(NotAllowed, match=r"role\.admin-needed"):
            work()
    assert [one.name for one in sam.all()] == ["old"]


def test_trouble_is_news_once_and_so_is_its_end(store: Store):
    clock = FakeClock()
    sources = Sources(store, SYSTEM, now=clock)
    source = sources.add("table", "old", {})
    for _ in range(2):
        sources.trouble(source.id, "source.refused", {"text": "\x1b[31mno"})
    found = sources.named("old")
    assert (found.error_code, found.error_at) == ("source.refused", clock.now)
    assert "\x1b" not in found.error_values["text"]
    for _ in range(2):
        sources.told(source.id, {"name": "Tea \x1b]0;x\x07shop"})
    found = sources.named("old")
    assert (found.error_code, found.ok_at) == ("", clock.now)
    assert not set("\x1b\x07") & set(found.told["name"])
    assert kinds(store) == ["source.added", "source.state", "source.state"]


def test_what_was_changed_through_a_source_stays_in_the_books(store: Store):
    sources = Sources(store, SYSTEM)
    source, agent = sources.add("table", "old", {}), add_agent(store, "anna")
    with store.write() as connection:
        connection.execute(
            "INSERT INTO shop_action (key, kind, source_id, target, name, agent_id, arguments,"
            " expected, dry_run, state, phase, progress, result, error_code, error_values, tries,"
            " claimed_by, created_at, deadline, changed_at) VALUES ('k', 'order.cancel', ?, '1',"
            " '#1', ?, '{}', '{}', 0, 'done', '', '{}', '{}', '', '{}', 0, '', 0, 0, 0)",
            (source.id, agent),
        )
    with pytest.raises(NotAllowed, match=r"source\.has-actions"):
        sources.remove("old")
    assert sources.named("old").is_enabled


def test_a_source_that_is_not_there_is_named_with_those_that_are(store: Store):
    sources = Sources(store, SYSTEM)
    sources.add("table", "old", {})
    with pytest.raises(NotFound) as caught:
        sources.named("new")
    assert caught.value.values["known"] == "old"
