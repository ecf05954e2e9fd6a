"""Doctor on sources of facts: each is tried, and what is wrong comes with its mend."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_tui.cli.doctor_sources import sources_findings
from helpdesk_tui.cli.main import run
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.secrets import Secret, set_secret
from tests.support.shell import Shell
from tests.support.shops.endpoint import OwnEndpoint
from tests.support.shops.running import running_shops
from tests.support.store import add_agent, make_store


@pytest.fixture(name="store")
def _store(tmp_path: Path, shell: Shell) -> Store:
    return make_store(tmp_path)


@pytest.fixture(name="shop")
def _shop() -> Iterator[OwnEndpoint]:
    shop = OwnEndpoint()
    with running_shops(shop):
        yield shop


def found(store: Store) -> list[tuple[str, str, str]]:
    return [(one.state, one.detail, one.mend) for one in sources_findings(store.paths.root)]


def test_a_source_that_works_is_fine(store: Store, shop: OwnEndpoint):
    Sources(store, SYSTEM).add("endpoint", "own", {"url": f"{shop.url}/helpdesk"})
    set_secret(store.paths.root, "source-own", Secret(shop.token))
    Sources(store, SYSTEM).add("table", "old", {})
    assert [one[:2] for one in found(store)] == [
        ("ok", "own: 3 steps went well"), ("ok", "old: 1 step went well"),
    ]  # fmt: skip


def test_a_wrong_token_and_a_missing_one_are_named(store: Store, shop: OwnEndpoint):
    Sources(store, SYSTEM).add("endpoint", "own", {"url": f"{shop.url}/helpdesk"})
    ((state, detail, mend),) = found(store)
    assert (state, mend) == ("failed", "helpdesk source test own")
    assert "helpdesk source secret own" in detail
    set_secret(store.paths.root, "source-own", Secret("wrong"))
    ((state, detail, mend),) = found(store)
    assert "the key is refused" in detail


def test_one_that_is_off_is_not_asked(store: Store):
    sources = Sources(store, SYSTEM)
    sources.add("endpoint", "own", {"url": "https://shop.invalid/helpdesk"})
    sources.set_enabled("own", enabled=False)
    assert [one[:2] for one in found(store)] == [("ok", "own: off")]


def test_that_the_worker_has_given_up_is_said(store: Store, shop: OwnEndpoint):
    sources = Sources(store, SYSTEM)
    source = sources.add("endpoint", "own", {"url": f"{shop.url}/helpdesk"})
    set_secret(store.paths.root, "source-own", Secret(shop.token))
    sources.trouble(source.id, "source.credentials", {})
    (state, detail, mend) = found(store)[-1]
    assert state == "warning"
    assert "has not tried again since: the key is refused" in detail
    assert mend == "helpdesk source test own"
    assert run(["--store", str(store.paths.root), *mend.split()[1:]]) == 0
    assert [one[0] for one in found(store)] == ["ok"]


def test_a_desk_without_sources_hears_nothing(store: Store):
    assert found(store) == []


def test_changes_that_nobody_can_tell_of_are_said(store: Store):
    source = Sources(store, SYSTEM).add("table", "old", {})
    agent = add_agent(store, "anna")
    with store.write() as connection:
        connection.execute(
            "INSERT INTO shop_action (key, kind, source_id, target, name, agent_id, arguments,"
            " expected, dry_run, state, phase, progress, result, error_code, error_values, tries,"
            " claimed_by, created_at, deadline, changed_at) VALUES ('k', 'order.cancel', ?, '1',"
            " '#1', ?, '{}', '{}', 0, 'unknown', 'asked', '{}', '{}', '', '{}', 0, '', 0, 0, 0)",
            (source.id, agent),
        )
    assert found(store)[-1] == (
        "warning",
        "1 change of an order or subscription: nobody can tell whether it was made",
        "helpdesk action list --state unknown",
    )
