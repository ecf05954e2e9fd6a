"""The log in pages, and going back on what stands in it: once, exactly, and forward again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from helpdesk_tui.db.reads import activity as reads
from helpdesk_tui.domain.activity import ActivityFilter, ActivityGroup
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.macros.macro import Mode
from helpdesk_tui.domain.tickets import Priority, Status
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.services.activity import Activity
from helpdesk_tui.services.desk import Desk, open_desk
from tests.support.store import (
    START,
    FakeClock,
    add_activity,
    add_agent,
    add_mailbox,
    add_message,
    add_profile,
    add_ticket,
    make_desk,
    make_store,
)

MACRO = 'name = "Late"\n[actions]\ntag = "+late"\nstatus = "close"\n[body]\nemail = "x"\n'
TABLES = (
    "ticket", "ticket_tag", "message", "participant", "watch", "block", "profile", "identity",
)  # fmt: skip
MOVING = {"version", "updated_at", "created_at"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = make_store(tmp_path)
    add_agent(store, "anna", role="admin")
    add_mailbox(store)
    store.close()
    desk = make_desk(tmp_path, clock=FakeClock(START + timedelta(hours=1)))
    yield desk
    desk.close()


@pytest.fixture
def ticket(desk: Desk) -> int:
    ticket = add_ticket(desk.store, waiting_since=START, tags=["old"], unread=0)
    add_message(desk.store, ticket)
    add_message(desk.store, ticket, text="And a second thing")
    with desk.store.write() as connection:
        connection.execute(
            "INSERT INTO participant (ticket_id, address, name) VALUES (?, ?, ?)",
            (ticket, "lena@example.net", "Lena Doe"),
        )
    return ticket


def picture(desk: Desk) -> dict[str, list[dict[str, object]]]:
    """Return all that actions move, without versions and times of change."""
    out = {}
    with desk.store.read() as connection:
        for table in TABLES:
            found = connection.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in found.description]
            rows = [
                {k: v for k, v in zip(names, row, strict=True) if k not in MOVING} for row in found
            ]
            out[table] = sorted(rows, key=repr)
    return out


def merge(desk: Desk, ticket: int) -> Change:
    other = add_ticket(desk.store)
    add_message(desk.store, other, text="the same again")
    return desk.merging.merge([other], ticket)


def link(desk: Desk, ticket: int) -> Change:
    other = add_profile(desk.store, "Lena", "lena@work.example")
    add_ticket(desk.store, email="lena@work.example")
    return desk.people.link(other, desk.threads.detail(ticket).customer_id or 0)


def split(desk: Desk, ticket: int) -> Change:
    newest = desk.threads.load(ticket).messages[-1].id
    return desk.merging.split(newest, following=True).change


def macro(desk: Desk, ticket: int) -> Change:
    row = desk.macros.save(MACRO)
    applied = desk.macros.apply(row.id, [ticket], mode=Mode.INSERT)
    return Change(applied.change_id, applied.changed)


def block_and(desk: Desk, ticket: int) -> Change:
    desk.blocks.block([ticket])
    return desk.blocks.unblock([ticket])


def watch_and(desk: Desk, ticket: int) -> Change:
    desk.watching.watch([ticket])
    return desk.watching.unwatch([ticket])


def to_team(desk: Desk, ticket: int) -> Change:
    team = desk.teams.add("returns")
    return desk.triage.assign_team([ticket], team)


def unmerge(desk: Desk, ticket: int) -> Change:
    other = merge(desk, ticket).changed[0]
    return desk.merging.unmerge(other)


ACTIONS: dict[str, Callable[[Desk, int], Change]] = {
    "close": lambda desk, ticket: desk.triage.close([ticket]),
    "reopen": lambda desk, ticket: desk.triage.reopen([desk.triage.close([ticket]).changed[0]]),
    "snooze": lambda desk, ticket: desk.triage.snooze(
        [ticket], desk.clock() + timedelta(days=1), keep=True
    ),
    "snooze until they reply": lambda desk, ticket: desk.triage.snooze([ticket], None),
    "assign": lambda desk, ticket: desk.triage.assign([ticket], desk.actor.agent_id),
    "team": to_team,
    "priority": lambda desk, ticket: desk.triage.set_priority([ticket], Priority.URGENT),
    "tag": lambda desk, ticket: desk.triage.tag([ticket], ["new", "old"]),
    "untag": lambda desk, ticket: desk.triage.untag([ticket], ["old"]),
    "unread": lambda desk, ticket: desk.triage.mark_unread([ticket]),
    "spam": lambda desk, ticket: desk.triage.spam([ticket]),
    "not spam": lambda desk, ticket: desk.triage.not_spam([desk.triage.spam([ticket]).changed[0]]),
    "watch": lambda desk, ticket: desk.watching.watch([ticket]),
    "unwatch": watch_and,
    "block": lambda desk, ticket: desk.blocks.block([ticket]),
    "unblock": block_and,
    "customer": lambda desk, ticket: desk.customers.set_customer(ticket, "ana@garden.example"),
    "link": link,
    "merge": merge,
    "unmerge": unmerge,
    "split": split,
    "macro": macro,
}
MADE_ONCE = {"split", "merge", "unmerge", "link", "customer", "team"}
"""They make rows (a ticket, a profile, a team) that stay behind, empty, when they are undone."""


@pytest.mark.parametrize("name", ACTIONS)
def test_everything_reversible_goes_back_and_forth_exactly(
    desk: Desk, ticket: int, name: str
) -> None:
    before = picture(desk)
    change = ACTIONS[name](desk, ticket)
    assert change.changed
    done = picture(desk)
    assert name in ("reopen", "not spam", "unwatch", "unblock") or done != before
    undone = desk.activity.undo(change.change_id)
    assert undone.changed
    assert undone.kept == ()
    back = picture(desk)
    assert back != done
    again = desk.activity.undo(undone.change_id)
    assert again.changed
    assert picture(desk) == done
    assert desk.activity.undo(again.change_id).changed
    assert picture(desk) == back
    if name not in MADE_ONCE and name not in ("reopen", "not spam", "unwatch", "unblock"):
        assert back == before


def test_of_two_who_undo_at_once_one_does_it_and_the_other_is_told(desk: Desk, ticket: int) -> None:
    add_agent(desk.store, "ben")
    ben = open_desk(desk.store.paths.root, agent="ben", clock=desk.clock)
    change = desk.triage.tag([ticket], ["vip"])
    assert desk.activity.undo(change.change_id).changed == (ticket,)
    told = ben.activity.undo(change.change_id)
    assert (told.changed, told.skipped) == ((), ((ticket, "undo.already-undone"),))
    # what was tagged anew since is not the business of the old change
    ben.triage.tag([ticket], ["vip"])
    assert ben.triage.undo(change.change_id).skipped == ((ticket, "undo.already-undone"),)
    assert "vip" in ben.threads.detail(ticket).row.tags
    ben.close()


def test_of_many_who_undo_in_the_same_moment_one_does_it(desk: Desk, ticket: int) -> None:
    change = desk.triage.close([ticket]).change_id
    start = Barrier(4)

    def undo(_number: int) -> Change:
        start.wait()
        return desk.activity.undo(change)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(undo, range(4)))
    assert sorted(len(each.changed) for each in done) == [0, 0, 0, 1]
    codes = {code for each in done for _ticket, code in each.skipped}
    assert codes == {"undo.already-undone"}
    assert desk.threads.detail(ticket).row.status is Status.OPEN


def test_a_preview_says_what_would_be_restored_and_what_is_left_and_changes_nothing(
    desk: Desk, ticket: int
) -> None:
    row = desk.macros.save(MACRO.replace("status", 'assign = "@anna"\nstatus'))
    applied = desk.macros.apply(row.id, [ticket], mode=Mode.INSERT)
    desk.triage.assign([ticket], add_agent(desk.store, "ben"))
    before = picture(desk)
    preview = desk.activity.preview(applied.change_id)
    assert picture(desk) == before
    assert (preview.tickets, preview.again, preview.agent) == (1, False, "anna")
    assert preview.kept == ((ticket, "assignee_id"),)
    merged = {k: v for entry in preview.entries for k, v in entry.after.items()}
    assert merged["status"] == "open"
    assert merged["tags"] == ["old"]
    assert {entry.kind for entry in preview.done} >= {"macro.applied", "ticket.closed"}
    desk.activity.undo(applied.change_id)
    assert desk.activity.preview(applied.change_id).again
    with pytest.raises(NotFound):
        desk.activity.preview("0000")


def test_undo_from_the_log_walks_back_through_what_stands(desk: Desk, ticket: int) -> None:
    assert desk.activity.newest_undoable() is None
    first = desk.triage.tag([ticket], ["one"])
    second = desk.triage.close([ticket])
    desk.triage.mark_unread([ticket])
    desk.triage.mark_read([ticket])
    ben = Activity(desk.store, desk.actor.__class__(desk.actor.kind, add_agent(desk.store, "ben")))
    assert ben.newest_undoable() is None
    found = desk.activity.newest_undoable()
    # marked unread and read again: taking that back would change nothing
    assert found is not None
    assert found.change_id == second.change_id
    desk.activity.undo(found.change_id)
    found = desk.activity.newest_undoable()
    assert found is not None
    assert found.change_id == first.change_id
    again = desk.activity.undo(desk.activity.preview(second.change_id).change_id)
    assert again.changed == (ticket,)
    found = desk.activity.newest_undoable()
    assert found is not None
    assert found.change_id == again.change_id
    assert desk.threads.detail(ticket).row.status is Status.CLOSED


def test_a_reply_is_taken_back_from_the_log_while_it_has_not_left(desk: Desk, ticket: int) -> None:
    queued = desk.replies.reply(ticket, "Bye", then="close")
    found = desk.activity.newest_undoable()
    assert found is not None
    assert found.change_id == queued.change_id
    undone = desk.activity.undo(found.change_id)
    assert undone.changed == (ticket,)
    assert desk.threads.detail(ticket).row.status is Status.OPEN
    page = desk.activity.page(ActivityFilter(ticket))
    assert next(row for row in page.rows if row.kind == "message.queued").is_undone
    assert desk.activity.undo(undone.change_id).skipped[0][1] == "undo.not-again"
    # one that has left stays, what followed it is taken back
    queued = desk.replies.reply(ticket, "Bye", then="close")
    with desk.store.write() as connection:
        connection.execute("UPDATE message SET delivery = 'sent' WHERE delivery = 'queued'")
    assert desk.activity.undo(queued.change_id).changed == (ticket,)
    assert desk.threads.detail(ticket).row.status is Status.OPEN


def test_a_scheduled_reply_is_taken_back_from_the_log_as_well(desk: Desk, ticket: int) -> None:
    at = desk.clock() + timedelta(days=1)
    queued = desk.replies.reply(ticket, "Bye", at=at, then="close")
    found = desk.activity.newest_undoable()
    assert found is not None
    assert found.change_id == queued.change_id
    assert desk.activity.undo(found.change_id).changed == (ticket,)
    assert desk.threads.detail(ticket).row.status is Status.OPEN
    assert desk.replies.outbox() == ()


def test_pages_of_a_ticket_hold_its_parts_and_end(desk: Desk, ticket: int) -> None:
    other = merge(desk, ticket).changed[0]
    for name in "abc":
        desk.triage.tag([ticket], [name])
    page = desk.activity.page(ActivityFilter(ticket), limit=2)
    seen = [row.id for row in page.rows]
    while page.next is not None:
        page = desk.activity.page(ActivityFilter(ticket), after=page.next, limit=2)
        seen += [row.id for row in page.rows]
    whole = desk.activity.page(ActivityFilter(ticket)).rows
    assert seen == [row.id for row in whole] == sorted(seen, reverse=True)
    assert {row.ticket_id for row in whole} == {ticket, other}
    assert whole[0].agent == "anna"
    with pytest.raises(NotFound):
        desk.activity.page(ActivityFilter(99))


def test_the_desk_is_filtered_and_never_read_whole(
    desk: Desk, ticket: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minute in range(30):
        at = START + timedelta(minutes=minute)
        add_activity(desk.store, ticket, "ticket.tagged" if minute % 10 else "view.saved", at=at)
    monkeypatch.setattr(reads, "SCAN", 8)
    wanted = ActivityFilter(groups=frozenset({ActivityGroup.DESK}))
    page = desk.activity.page(wanted, limit=50)
    assert (len(page.rows), page.next is not None) == (0, True)
    seen = 0
    while page.next is not None:
        page = desk.activity.page(wanted, after=page.next)
        seen += len(page.rows)
    assert seen == 3
    part = ActivityFilter(since=START + timedelta(minutes=5), until=START + timedelta(minutes=9))
    page = desk.activity.page(part, limit=3)
    assert [row.at.minute for row in page.rows] == [8, 7, 6]
    page = desk.activity.page(part, after=page.next, limit=3)
    assert [row.at.minute for row in page.rows] == [5]
    nobody = ActivityFilter(agent_id=add_agent(desk.store, "ben"))
    assert desk.activity.page(nobody).rows == ()
