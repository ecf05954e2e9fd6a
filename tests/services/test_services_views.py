"""Saved views: who keeps them, how they are named, ordered and pinned, what they count."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_tui.domain.errors import Conflict, HelpdeskError, NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.query.parsing import QueryError
from helpdesk_tui.domain.tickets import Sort, Status, View
from helpdesk_tui.domain.views import ViewDraft, ViewUnread, pinned
from helpdesk_tui.services.changes import ChangeFeed
from helpdesk_tui.services.desk import open_desk
from helpdesk_tui.services.view_counts import ViewCounts
from helpdesk_tui.services.views import Views
from helpdesk_tui.widgets.words.errors import sentence
from tests.support.store import START, FakeClock, add_agent, add_message, add_ticket, make_desk


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, clock=FakeClock())
    yield desk
    desk.close()


@pytest.fixture
def boss(desk):
    add_agent(desk.store, "olga", role="manager")
    other = open_desk(desk.store.paths.root, agent="olga", clock=desk.clock)
    yield other
    other.close()


def _names(desk):
    return [view.name for view in desk.views.all()]


def _refunds(desk, name="Refunds", query="refund", **fields):
    return desk.views.save(ViewDraft(name, query, **fields))


def test_a_saved_view_opens_the_list_it_was_saved_from(desk):
    ticket = add_ticket(desk.store, status="open")
    add_message(desk.store, ticket, text="A refund, please")
    add_message(desk.store, add_ticket(desk.store, status="closed"), text="refund done")
    view = _refunds(desk, sort=Sort.OLDEST)
    assert [row.id for row in desk.inbox.page(view.where).rows] == [ticket]
    assert view.where.saved_id == view.id
    assert desk.views.all() == (view,)


def test_own_views_come_first_and_everybody_sees_the_shared_ones(desk, boss):
    boss.views.save(ViewDraft("Team", "is:open", is_shared=True))
    boss.views.save(ViewDraft("Only mine", "is:open"))
    _refunds(desk)
    assert _names(desk) == ["Refunds", "Team"]
    assert _names(boss) == ["Only mine", "Team"]


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (ViewDraft("", "x"), "view.bad-name"),
        (ViewDraft("   ", "x"), "view.bad-name"),
        (ViewDraft("x" * 41, "x"), "view.bad-name"),
        (ViewDraft("my INBOX", "x"), "view.reserved-name"),
        (ViewDraft("Spam", "x"), "view.reserved-name"),
        (ViewDraft("réFUNDS", "x"), "view.exists"),
        (ViewDraft("A", "x", pin="0"), "view.bad-pin"),
        (ViewDraft("A", "x", pin="12"), "view.bad-pin"),
        (ViewDraft("A", "x", sort=Sort.CREATED), "view.bad-sort"),
        (ViewDraft("A", "x", is_shared=True), "view.shared-by-managers"),
    ],
)
def test_what_cannot_be_a_view_is_refused_in_words(desk, draft, code):
    _refunds(desk)
    with pytest.raises(HelpdeskError) as caught:
        desk.views.save(draft)
    assert caught.value.code == code
    assert "{" not in sentence(caught.value)
    assert _names(desk) == ["Refunds"]


@pytest.mark.parametrize("query", ["colour:red", "(refund", "is:opne", "tag:nowhere"])
def test_a_query_that_is_not_understood_is_no_view(desk, query):
    with pytest.raises(QueryError) as caught:
        _refunds(desk, query=query)
    assert caught.value.values["text"] == query
    assert _names(desk) == []


def test_saving_over_a_view_has_to_be_asked_for(desk):
    first = _refunds(desk)
    with pytest.raises(UsageError, match=r"view\.exists"):
        _refunds(desk, name="refunds", query="return")
    second = desk.views.save(ViewDraft("refunds", "return"), replaces=True)
    assert (second.id, second.query, second.version) == (first.id, "return", 2)


def test_views_of_others_can_neither_be_seen_nor_touched(desk, boss):
    theirs = boss.views.save(ViewDraft("Hers", "x"))
    for act in (
        lambda: desk.views.delete(theirs.id),
        lambda: desk.views.rename(theirs.id, "y"),
        lambda: desk.views.pin(theirs.id, "5"),
        lambda: desk.views.move(theirs.id, 1),
        lambda: desk.views.find("Hers"),
    ):
        with pytest.raises(NotFound):
            act()


def test_shared_views_are_changed_by_managers_only(desk, boss):
    team = boss.views.save(ViewDraft("Team", "x", is_shared=True))
    for act in (
        lambda: desk.views.delete(team.id),
        lambda: desk.views.rename(team.id, "y"),
        lambda: desk.views.move(team.id, 1),
        lambda: desk.views.change(team.id, ViewDraft("Team", "x")),
        lambda: desk.views.restore(team),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert desk.views.all() == (team,)
    assert boss.views.rename(team.id, "Crew").name == "Crew"


def test_a_key_goes_from_one_view_to_the_next_and_one_s_own_wins(desk, boss):
    boss.views.save(ViewDraft("Team", "x", is_shared=True, pin="5"))
    first = _refunds(desk, pin="5")
    assert pinned(desk.views.all())["5"] == first
    second = _refunds(desk, name="VIP", pin="5")
    keys = pinned(desk.views.all())
    assert keys["5"] == second
    assert desk.views.find("Refunds").pin == ""
    assert keys["1"] is View.MINE
    assert "6" not in keys
    desk.views.pin(second.id, "1")
    keys = pinned(desk.views.all())
    assert keys["1"] == desk.views.find("VIP")
    assert keys["5"] == desk.views.find("Team")
    desk.views.pin(second.id, "")
    assert pinned(desk.views.all())["1"] is View.MINE


def test_views_are_put_in_order(desk):
    views = [_refunds(desk, name=name) for name in "abcd"]
    desk.views.move(views[3].id, -2)
    assert _names(desk) == ["a", "d", "b", "c"]
    desk.views.move(views[0].id, 99)
    assert _names(desk) == ["d", "b", "c", "a"]


def test_a_deleted_view_comes_back_where_it_was(desk):
    for name in "abc":
        _refunds(desk, name=name, pin="7" if name == "b" else "")
    before = desk.views.all()
    gone = desk.views.delete(before[1].id)
    assert _names(desk) == ["a", "c"]
    back = desk.views.restore(gone)
    assert _names(desk) == ["a", "b", "c"]
    assert (back.id, back.pin) == (gone.id, "7")
    with pytest.raises(UsageError, match=r"view\.exists"):
        desk.views.restore(gone)


def test_a_change_over_somebody_else_s_is_refused(desk):
    view = _refunds(desk)
    desk.views.rename(view.id, "Money back")
    with pytest.raises(Conflict):
        desk.views.change(view.id, ViewDraft("X", "y"), version=view.version)
    assert _names(desk) == ["Money back"]


def test_a_view_is_shared_and_made_private_again(boss):
    view = boss.views.save(ViewDraft("A", "x"))
    shared = boss.views.change(view.id, ViewDraft("A", "x", is_shared=True))
    assert shared.is_shared
    assert not boss.views.change(view.id, ViewDraft("A", "x")).is_shared


def test_without_an_agent_only_shared_views_can_be_kept(desk):
    system = open_desk(desk.store.paths.root, clock=desk.clock)
    with pytest.raises(UsageError, match=r"view\.nobodys"):
        system.views.save(ViewDraft("A", "x"))
    system.views.save(ViewDraft("A", "x", is_shared=True))
    assert _names(desk) == ["A"]
    system.close()


def test_unread_tickets_are_counted_under_the_status_of_the_view(desk):
    for status, unread in (("open", 1), ("open", 1), ("open", 0), ("closed", 1), ("snoozed", 1)):
        ticket = add_ticket(desk.store, status=status, unread=unread, tags=["refund"])
        add_message(desk.store, ticket, text="a refund")
        add_message(desk.store, ticket, text="the refund again")
    add_ticket(desk.store, status="open", unread=1)
    add_message(desk.store, add_ticket(desk.store, spam=1, unread=1), text="refund refund")
    count = desk.views.unread
    assert count(_refunds(desk)) == ViewUnread(2)
    assert count(_refunds(desk, name="any", status=None)) == ViewUnread(4)
    assert count(_refunds(desk, name="everything", query="", status=None)) == ViewUnread(5)
    assert count(_refunds(desk, name="or", query="refund OR is:closed")) == ViewUnread(2)
    assert count(_refunds(desk, name="two", query="refund limit:1 sort:oldest")) == ViewUnread(2)


def test_more_than_a_hundred_unread_tickets_are_not_counted(desk):
    for number in range(120):
        at = START + timedelta(minutes=number)
        add_ticket(desk.store, status="open", unread=1, at=at)
    view = _refunds(desk, query="")
    assert desk.views.unread(view).badge == "99+"


@pytest.mark.parametrize(
    ("unread", "badge"),
    [
        (ViewUnread(0), ""),
        (ViewUnread(7), "7"),
        (ViewUnread(99), "99"),
        (ViewUnread(100), "99+"),
        (ViewUnread(12, True), "12+"),
        (ViewUnread(0, True), "…"),
    ],
)
def test_badges(unread, badge):
    assert unread.badge == badge


def test_a_view_whose_tag_is_gone_counts_nothing_and_says_so_when_opened(desk):
    add_ticket(desk.store, status="open", unread=1, tags=["vip"])
    view = _refunds(desk, query="tag:vip")
    assert desk.views.unread(view) == ViewUnread(1)
    with desk.store.write() as connection:
        connection.execute("DELETE FROM ticket_tag")
        connection.execute("DELETE FROM tag")
    assert desk.views.unread(view) == ViewUnread(0)
    with pytest.raises(QueryError):
        desk.inbox.page(view.where)


def test_counting_goes_on_where_the_time_was_up(desk):
    for number in range(3):
        add_ticket(desk.store, status="open", unread=1, at=START + timedelta(minutes=number))
    views = [_refunds(desk, name=name, query="") for name in "abc"]
    counts = ViewCounts(desk.views)
    assert counts.numbers(views) == {}
    assert not counts.refresh(views, budget=0.0)
    assert counts.refresh(views)
    assert counts.numbers(views) == {view.id: ViewUnread(3) for view in views}
    with desk.store.write() as connection:
        connection.execute("UPDATE ticket SET unread = 0")
    # what was counted before stands until it is counted anew
    assert counts.numbers(views)[views[0].id] == ViewUnread(3)
    counts.refresh(views)
    assert counts.numbers(views)[views[0].id] == ViewUnread(0)


def test_counting_asks_every_view_in_turn_when_time_is_short(desk, monkeypatch):
    views = [_refunds(desk, name=name, query="") for name in "abc"]
    asked = []
    clock = iter(range(1000))
    monkeypatch.setattr("helpdesk_tui.services.view_counts.monotonic", lambda: next(clock))

    def unread(self, view):
        asked.append(view.name)
        return ViewUnread(1)

    monkeypatch.setattr(Views, "unread", unread)
    counts = ViewCounts(desk.views)
    assert [counts.refresh(views, budget=2) for _ in range(3)] == [False, False, False]
    assert asked == ["a", "b", "c"]
    # nothing changed any more: what is left is counted once, and that is the end
    assert not counts.refresh(views, anew=False, budget=2)
    assert counts.refresh(views, anew=False, budget=2)
    assert counts.refresh(views, anew=False, budget=2)
    assert asked == ["a", "b", "c", "a", "b"]


def test_other_desks_hear_of_a_view(desk, boss):
    feed = ChangeFeed(desk.store)
    boss.views.save(ViewDraft("Team", "is:open", is_shared=True))
    changes = feed.poll()
    assert changes is not None
    assert changes.kinds == {"view.saved"}
    assert not changes.counts_changed


def test_status_and_order_are_kept(desk):
    view = _refunds(desk, status=Status.SNOOZED, sort=Sort.WAITING)
    assert (view.where.status, view.where.sort) == (Status.SNOOZED, Sort.WAITING)
