"""Opening a desk: who acts, which stores are refused, and what is never loaded."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.db.store import SCHEMA_VERSION
from helpdesk_tui.domain.actor import SYSTEM, ActorKind, Role
from helpdesk_tui.domain.errors import NotAllowed, NotFound, StoreError
from helpdesk_tui.domain.tickets import View, ViewFilter
from helpdesk_tui.services.desk import Desk, open_desk
from tests.support.store import add_agent, add_message, add_ticket, make_desk, make_root, make_store

HEAVY = ("sqlmodel", "sqlalchemy", "alembic", "imapclient", "aiosmtplib", "keyring", "pydantic")


def test_the_agent_of_a_name_acts(tmp_path):
    store = make_store(tmp_path)
    number = add_agent(store, "anna", role="manager")
    store.close()
    desk = open_desk(store.paths.root, agent="anna")
    actor = desk.actor
    assert (actor.kind, actor.agent_id, actor.role) == (ActorKind.AGENT, number, Role.MANAGER)
    desk.close()


def test_without_a_name_the_system_acts(tmp_path):
    desk = open_desk(make_root(tmp_path))
    assert desk.actor is SYSTEM
    desk.close()


def test_a_given_actor_is_taken_as_it_is(tmp_path):
    desk = open_desk(make_root(tmp_path), SYSTEM, agent="nobody-of-this-name")
    assert desk.actor is SYSTEM
    desk.close()


def test_unknown_and_former_agents_are_refused(tmp_path):
    store = make_store(tmp_path)
    add_agent(store, "old", active=0)
    store.close()
    with pytest.raises(NotFound, match=r"agent\.unknown"):
        open_desk(store.paths.root, agent="nobody")
    with pytest.raises(NotAllowed, match=r"agent\.inactive"):
        open_desk(store.paths.root, agent="old")


@pytest.mark.parametrize(
    ("version", "code"), [(SCHEMA_VERSION + 1, "store.newer"), (0, "store.outdated")]
)
def test_another_schema_is_refused_and_left_alone(tmp_path, version, code):
    root = make_root(tmp_path)
    with closing(sqlite3.connect(root / "helpdesk.db")) as link:
        link.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(StoreError) as caught:
        open_desk(root)
    assert caught.value.code == code
    assert caught.value.values == {"path": str(root), "known": SCHEMA_VERSION, "found": version}


def test_a_missing_store_and_one_that_is_no_database_are_named(tmp_path):
    with pytest.raises(NotFound, match=r"store\.missing"):
        open_desk(tmp_path / "nowhere")
    root = make_root(tmp_path)
    (root / "helpdesk.db").write_bytes(b"no database " * 1000)
    with pytest.raises(StoreError, match=r"store\.broken"):
        open_desk(root)


def test_a_read_only_desk_reads_and_refuses_to_write(tmp_path):
    store = make_store(tmp_path)
    ticket = add_ticket(store)
    store.close()
    desk = open_desk(store.paths.root, read_only=True)
    assert desk.threads.detail(ticket).row.id == ticket
    with pytest.raises(StoreError, match=r"store\.read-only"):
        desk.settings.set("x", 1)
    desk.close()


@pytest.mark.parametrize(
    ("named", "zone"), [("", "Asia/Tokyo"), ("Europe/Warsaw", "Europe/Warsaw")]
)
def test_days_are_counted_in_the_zone_of_the_agent(tmp_path, monkeypatch, named, zone):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    now = datetime(2026, 5, 1, 23, 30, tzinfo=UTC)
    store = make_store(tmp_path)
    early = add_ticket(store, at=now - timedelta(hours=9))
    late = add_ticket(store, at=now - timedelta(minutes=10))
    store.close()
    with closing(open_desk(store.paths.root, zone=named, clock=lambda: now)) as desk:
        found = desk.inbox.page(ViewFilter(View.ALL, query="created:today"))
        assert desk.zone == zone
        assert early not in [row.id for row in found.rows]
        assert late in [row.id for row in found.rows]


def test_services_are_made_once(tmp_path):
    desk = make_desk(tmp_path)
    names = ("inbox", "threads", "attachments", "presence", "changes", "settings", "team")
    for name in names:
        assert getattr(desk, name) is getattr(desk, name)
    desk.close()


def test_the_team_by_name(tmp_path):
    desk = make_desk(tmp_path)
    add_agent(desk.store, "zoe", role="owner", signature="Zoë", active=0)
    assert [agent.name for agent in desk.team.agents()] == ["anna", "zoe"]
    zoe = desk.team.agent("zoe")
    assert (zoe.role, zoe.signature, zoe.active) == ("owner", "Zoë", False)
    with pytest.raises(NotFound, match=r"agent\.unknown"):
        desk.team.agent("nobody")
    desk.close()


def test_an_agent_s_own_setting_comes_before_the_desk_s(tmp_path):
    desk = make_desk(tmp_path)
    system = Desk(desk.store, SYSTEM)
    assert desk.settings.get("theme", "dark") == "dark"
    system.settings.set("theme", "light")
    assert desk.settings.get("theme") == "light"
    desk.settings.set("theme", {"name": "ansi"})
    assert desk.settings.get("theme") == {"name": "ansi"}
    assert system.settings.get("theme") == "light"
    desk.settings.set("theme", None)
    assert desk.settings.get("theme", "dark") is None
    desk.close()


def test_settings_of_the_desk_need_a_role(tmp_path):
    desk = make_desk(tmp_path)
    with pytest.raises(NotAllowed, match=r"settings\.not-allowed"):
        desk.settings.set("theme", "light", desk=True)
    store = make_store(tmp_path)
    add_agent(store, "boss", role="owner")
    store.close()
    boss = open_desk(desk.store.paths.root, agent="boss")
    boss.settings.set("theme", "light", desk=True)
    assert desk.settings.get("theme") == "light"
    boss.close()
    desk.close()


def test_reading_loads_no_object_mapper_no_network_and_no_keyring(tmp_path):
    store = make_store(tmp_path)
    add_agent(store)
    add_message(store, add_ticket(store), files=[("a.pdf", b"x")])
    store.close()
    code = f"""
import json, sys
from pathlib import Path
from helpdesk_tui.services.desk import open_desk
from helpdesk_tui.domain.tickets import View, ViewFilter
desk = open_desk(Path({str(store.paths.root)!r}), agent="anna")
desk.inbox.counts()
page = desk.inbox.page(ViewFilter(View.ALL))
desk.threads.load(page.rows[0].id)
searching = "helpdesk_tui.db.reads.search" in sys.modules
desk.changes.poll()
desk.presence.beat(page.rows[0].id)
desk.inbox.page(ViewFilter(View.ALL, query="hello"))
desk.close()
loaded = {{name.partition(".")[0] for name in sys.modules}}
print(json.dumps([searching, sorted(loaded & set({HEAVY!r}))]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},  # noqa: PTH109
    )
    assert json.loads(done.stdout) == [False, []]
