"""The timeline of a customer over channels and sources, and the filters of events."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.commerce.facts import CustomerEvent, EventsPage
from helpdesk_tui.domain.commerce.timeline import Entry, EntryKind, Place
from helpdesk_tui.domain.errors import Conflict, NotFound, UsageError
from helpdesk_tui.services.desk import Desk
from tests.support.known_customer import facts, tell
from tests.support.store import START, add_message, add_ticket, make_desk


def shop_desk(tmp_path: Path) -> tuple[Desk, int]:
    """Make a desk with a customer who wrote on two channels and bought."""
    desk = make_desk(tmp_path)
    for channel, text in (("email", "where is 50% of it?"), ("sms", "hello")):
        ticket = add_ticket(desk.store, channel=channel, email="anna@x.example", at=START)
        add_message(desk.store, ticket, channel=channel, text=text, at=START)
    profile = desk.threads.detail(ticket).customer_id
    tell(desk, profile, facts())
    return desk, profile


def whole(desk: Desk, profile: int, limit: int) -> list[Entry]:
    """Read all pages of a size."""
    entries: list[Entry] = []
    before: Place | None = None
    while True:
        page = desk.timeline.page(profile, before=before, limit=limit)
        entries += page.entries
        if page.next is None:
            return entries
        before = page.next


def test_messages_orders_subscriptions_and_events_stand_in_one_row(tmp_path: Path) -> None:
    desk, profile = shop_desk(tmp_path)
    page = desk.timeline.page(profile)
    assert {entry.kind for entry in page.entries} == set(EntryKind)
    assert [entry.at for entry in page.entries] == sorted(
        (entry.at for entry in page.entries), reverse=True
    )
    assert {one.channel for one in page.entries if one.kind is EntryKind.MESSAGE} == {
        "email", "sms",
    }  # fmt: skip


def test_the_list_shows_what_was_written_and_the_page_what_was_quoted_too(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    ticket = add_ticket(desk.store, email="anna@x.example", at=START)
    text = "On Monday Ana wrote:\n> Where is it?\n\nIt came, thank you!\n-- \nAnna"
    folds = [[0, text.index("It"), "quote"], [text.index("-- "), len(text), "signature"]]
    add_message(desk.store, ticket, text=text, folds=folds, at=START)
    [entry] = desk.timeline.page(desk.threads.detail(ticket).customer_id).entries
    assert (entry.first_words, entry.text) == ("It came, thank you!", text)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_pages_of_any_size_hold_everything_once(tmp_path: Path, limit: int) -> None:
    desk, profile = shop_desk(tmp_path)
    at_once = [CustomerEvent(f"t{n}", "Active on Site", START) for n in range(9)]
    tell(desk, profile, facts(events=EventsPage(tuple(at_once), is_all=True)))
    entries = whole(desk, profile, limit)
    assert entries == whole(desk, profile, 1000)
    assert len({(one.kind, one.id) for one in entries}) == len(entries)
    assert sum(one.at == START for one in entries) >= 11


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("coffee", {EntryKind.SUBSCRIPTION}),
        ("1042", {EntryKind.ORDER}),
        ("50%", {EntryKind.MESSAGE}),
        ("5_", set()),
        ("viewed thing", {EntryKind.EVENT}),
        ("nowhere-to-be-found", set()),
    ],
)
def test_a_search_leaves_what_holds_all_words(
    tmp_path: Path, words: str, kinds: set[EntryKind]
) -> None:
    desk, profile = shop_desk(tmp_path)
    page = desk.timeline.page(profile, search=words)
    assert {entry.kind for entry in page.entries} == kinds


def test_one_kind_is_shown_alone_and_another_customer_not_at_all(tmp_path: Path) -> None:
    desk, profile = shop_desk(tmp_path)
    other = add_ticket(desk.store, email="bo@x.example", at=START - timedelta(days=1))
    stranger = desk.threads.detail(other).customer_id
    assert desk.timeline.page(stranger).entries == ()
    page = desk.timeline.page(profile, kinds=(EntryKind.ORDER,))
    assert [entry.title for entry in page.entries] == ["#1042", "#1041", "#1040"]


def test_linked_profiles_have_one_timeline(tmp_path: Path) -> None:
    desk, profile = shop_desk(tmp_path)
    ticket = add_ticket(desk.store, email="bo@x.example", at=START)
    add_message(desk.store, ticket, text="me again", at=START)
    before = len(desk.timeline.page(profile).entries)
    desk.people.link(desk.threads.detail(ticket).customer_id, profile)
    assert len(desk.timeline.page(profile).entries) == before + 1


def test_a_filter_of_events_is_kept_changed_and_deleted(tmp_path: Path) -> None:
    filters = make_desk(tmp_path).event_filters
    kept = filters.save(" money ", ["Placed Order", "Refunded", "Placed Order"])
    assert (kept.name, kept.metrics) == ("money", ("Placed Order", "Refunded"))
    assert filters.save("money", ["Refunded"]).id == kept.id
    assert [one.metrics for one in filters.all()] == [("Refunded",)]
    filters.delete(kept.id)
    assert filters.all() == ()
    with pytest.raises(NotFound):
        filters.delete(kept.id)
    with pytest.raises(UsageError):
        filters.save("", ["Refunded"])


@pytest.mark.parametrize("search", ["a " * 5_000, "\ud800", "%_\\" * 90, "x\x00y", "\x1b[31m"])
def test_whatever_is_pasted_into_the_search_is_looked_for(tmp_path: Path, search: str) -> None:
    desk, profile = shop_desk(tmp_path)
    assert desk.timeline.page(profile, search=search) is not None


def test_a_filter_is_named_anew_where_the_name_is_free(tmp_path: Path) -> None:
    filters = make_desk(tmp_path).event_filters
    first, second = filters.save("one", ["A"]), filters.save("two", ["B"])
    assert filters.rename(first.id, "  three ") == "three"
    assert filters.rename(first.id, "three") == "three"
    assert [one.name for one in filters.all()] == ["three", "two"]
    with pytest.raises(Conflict, match=r"event-filter\.taken"):
        filters.rename(second.id, "three")
    with pytest.raises(UsageError, match=r"event-filter\.no-name"):
        filters.rename(first.id, "  ")
    with pytest.raises(NotFound, match=r"event-filter\.missing"):
        filters.rename(99, "four")


def test_only_events_of_some_kinds_are_read(tmp_path: Path) -> None:
    desk, profile = shop_desk(tmp_path)
    kinds = frozenset({EntryKind.EVENT})
    every = desk.timeline.page(profile, kinds=kinds).entries
    titles = {one.title for one in every}
    wanted = sorted(titles)[:1]
    found = desk.timeline.page(profile, kinds=kinds, metrics=wanted).entries
    assert list(found) == [one for one in every if one.title in wanted]
    assert 0 < len(found) < len(every)
