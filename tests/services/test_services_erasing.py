"""An erased customer is gone for good; others, figures and their opting out stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind, Role
from helpdesk_tui.domain.commerce.facts import Facts, Order, ProfileFacts, Section, Segment
from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
from helpdesk_tui.domain.errors import NotAllowed
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.services.commerce.erasing import Erasing
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.commerce.storing import ContextStore
from helpdesk_tui.services.desk import Desk
from tests.support.store import START, FakeClock, add_message, add_profile, add_ticket, make_desk

NAME, ADDRESS, NUMBER = "Wilhelmina Zuckerbrot", "wilhelmina@zuckerbrot.example", "+46701740605"
SECRET = "my shoes are too small"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = make_desk(tmp_path, clock=FakeClock())
    yield opened
    opened.close()


@pytest.fixture
def ticket(desk: Desk) -> int:
    """A ticket with a mail, a file shared with somebody else, and one of her own."""
    store = desk.store
    number = add_ticket(store, name=NAME, email=ADDRESS, subject=f"{NAME} asks")
    add_message(store, number, text=SECRET, sender=ADDRESS, author_name=NAME,
                files=[("terms.pdf", b"for everybody"), ("foot.jpg", b"her foot")])  # fmt: skip
    other = add_ticket(store, name="Bo", email="bo@example.net")
    add_message(store, other, text="hello", files=[("terms.pdf", b"for everybody")])
    source = Sources(store, SYSTEM, now=desk.clock).add("table", "shop", {})
    order = Order(
        "1", "#1042", START - timedelta(days=1), total=Decimal(5), address=f"{NAME}\nOslo"
    )
    facts = Facts(profile=ProfileFacts(name=NAME, phone=NUMBER), orders=(order,),
                  segments=(Segment("1", "VIP"),))  # fmt: skip
    match = Match("c1", MatchedBy.EMAIL, ADDRESS)
    ContextStore(store, now=desk.clock).store(
        source, add_profile(store, NAME, ADDRESS), match, facts, asked=tuple(Section)
    )
    return number


def erasing(desk: Desk, role: Role = Role.OWNER) -> Erasing:
    return Erasing(desk.store, Actor(ActorKind.AGENT, 1, "anna", role), now=desk.clock)


def profile_of(desk: Desk, ticket: int) -> int:
    with desk.store.read() as connection:
        query = "SELECT profile_id FROM ticket WHERE id = ?"
        return int(connection.execute(query, (ticket,)).fetchone()[0])


def contents(desk: Desk) -> str:
    """Return every value of every table as one text."""
    connection = sqlite3.connect(desk.store.paths.database)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    found = [
        repr(row)
        for (table,) in tables
        if not table.startswith("message_fts")
        for row in connection.execute(f"SELECT * FROM {table}")
    ]
    connection.close()
    return "\n".join(found)


def test_nothing_of_a_customer_is_left_in_any_table(desk: Desk, ticket: int) -> None:
    profile = profile_of(desk, ticket)
    before = contents(desk)
    assert all(text in before for text in (NAME, ADDRESS, NUMBER, SECRET, "foot.jpg", "VIP"))
    done = erasing(desk).erase(profile)
    after = contents(desk)
    for text in (NAME, ADDRESS, NUMBER, SECRET, "foot.jpg", "VIP", "#1042"):
        assert text not in after, text
    assert done.tickets == (ticket,)
    assert done.files >= 1


def test_bytes_that_somebody_else_holds_stay(desk: Desk, ticket: int) -> None:
    erasing(desk).erase(profile_of(desk, ticket))
    with desk.store.read() as connection:
        kept = connection.execute("SELECT count(*) FROM blob").fetchone()[0]
        named = connection.execute("SELECT count(DISTINCT sha256) FROM attachment").fetchone()[0]
    assert (kept, named) == (1, 1)


def test_the_search_finds_nothing_and_the_index_stays_whole(desk: Desk, ticket: int) -> None:
    erasing(desk).erase(profile_of(desk, ticket))
    with desk.store.write() as connection:
        hits = "SELECT count(*) FROM message_fts WHERE message_fts MATCH ?"
        assert connection.execute(hits, ("shoes",)).fetchone()[0] == 0
        assert connection.execute(hits, ("hello",)).fetchone()[0] == 1
        connection.execute("INSERT INTO message_fts (message_fts) VALUES ('integrity-check')")


def test_times_stay_so_that_no_figure_changes(desk: Desk, ticket: int) -> None:
    before = desk.threads.load(ticket)
    erasing(desk).erase(profile_of(desk, ticket))
    after = desk.threads.load(ticket)
    assert [one.sent_at for one in after.messages] == [one.sent_at for one in before.messages]


def test_who_has_opted_out_stays_opted_out(desk: Desk, ticket: int) -> None:
    profile = profile_of(desk, ticket)
    with desk.store.write() as connection:
        connection.execute(
            "INSERT INTO identity (profile_id, kind, value, verified) VALUES (?, 'phone', ?, 1)",
            (profile, NUMBER),
        )
    desk.consent.record(NUMBER, ConsentState.GIVEN, "form of Zuckerbrot")
    desk.clock.advance(hours=1)  # type: ignore[attr-defined]
    desk.consent.record(NUMBER, ConsentState.WITHDRAWN, "STOP", source="keyword")
    erasing(desk).erase(profile)
    entries = desk.consent.entries(address=NUMBER)
    assert [(one.state, one.detail) for one in entries] == [(ConsentState.WITHDRAWN, "")]


def test_what_was_broken_off_is_finished_by_the_next_run(desk: Desk, ticket: int) -> None:
    profile = profile_of(desk, ticket)
    erasing(desk).erase(profile)
    again = erasing(desk).erase(profile)
    assert (again.tickets, again.files) == ((ticket,), 0)


def test_facts_that_come_late_are_not_kept(desk: Desk, ticket: int) -> None:
    profile = profile_of(desk, ticket)
    source = desk.customer_context.load(profile).sources[0]
    erasing(desk).erase(profile)
    late = Facts(profile=ProfileFacts(name=NAME))
    keeper = ContextStore(desk.store, now=desk.clock)
    keeper.store(source, profile, Match("c1", MatchedBy.EMAIL, ADDRESS), late, asked=tuple(Section))
    assert desk.customer_context.load(profile).profiles == ()
    assert NAME not in contents(desk)


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.MANAGER, Role.ADMIN])
def test_only_owners_erase(desk: Desk, ticket: int, role: Role) -> None:
    with pytest.raises(NotAllowed) as caught:
        erasing(desk, role).erase(profile_of(desk, ticket))
    assert caught.value.code == "role.owner-needed"
    assert NAME in contents(desk)


def test_what_is_on_its_way_is_waited_for(desk: Desk, ticket: int) -> None:
    add_message(desk.store, ticket, direction="outbound", author_kind="agent", delivery="sending")
    with pytest.raises(NotAllowed) as caught:
        erasing(desk).erase(profile_of(desk, ticket))
    assert caught.value.code == "erase.busy"
