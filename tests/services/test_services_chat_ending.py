"""The end of a chat: taken back in time by every way there is, and by none once it is final."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.actor import Role
from helpdesk_tui.domain.errors import HelpdeskError, NotAllowed
from helpdesk_tui.domain.times import from_us
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.domain.webchat.chats import CLOSING
from helpdesk_tui.services.desk import Desk
from tests.support.chats import add_chat, chat_of, end_chat
from tests.support.store import START, FakeClock, add_mailbox, add_message, add_ticket, make_desk
from tests.support.store import row_of as row

MACRO = """
name = "{name}"
[actions]
{actions}
"""


@pytest.fixture
def desk(tmp_path: Path):
    desk = make_desk(tmp_path)
    desk.actor = replace(desk.actor, role=Role.ADMIN)
    add_mailbox(desk.store)
    yield desk
    desk.close()


@pytest.fixture
def chat(desk: Desk) -> int:
    return add_chat(desk.store)


def clock(desk: Desk) -> FakeClock:
    assert isinstance(desk.clock, FakeClock)
    return desk.clock


def macro(desk: Desk, name: str, actions: str) -> int:
    return desk.macros.save(MACRO.format(name=name, actions=actions)).id


def closing(desk: Desk, chat: int):
    at = chat_of(desk.store, chat)["closing_at"]
    return None if at is None else from_us(at)


def close_by_verb(desk: Desk, chat: int) -> str:
    return desk.triage.close([chat]).change_id


def close_with_reply(desk: Desk, chat: int) -> str:
    return desk.replies.reply(chat, "Bye!", then="close").change_id


def close_by_macro(desk: Desk, chat: int) -> str:
    return desk.macros.apply(macro(desk, "Done", 'status = "close"'), [chat]).change_id


def close_in_bulk(desk: Desk, chat: int) -> str:
    return desk.bulk.run(bulk_close, desk.bulk.named([chat])).change_id


def bulk_close(desk: Desk, ids, versions) -> Change:
    return desk.triage.close(ids, versions=versions)


WAYS: list[Callable[[Desk, int], str]] = [
    close_by_verb,
    close_with_reply,
    close_by_macro,
    close_in_bulk,
]


@pytest.mark.parametrize("close", WAYS)
def test_however_it_is_closed_the_visitor_hears_of_it_in_ten_seconds(desk, chat, close):
    change = close(desk, chat)
    assert closing(desk, chat) == START + CLOSING
    clock(desk).advance(seconds=5)
    desk.triage.undo(change)
    assert (closing(desk, chat), row(desk.store, "ticket", chat)["status"]) == (None, "open")


@pytest.mark.parametrize("close", WAYS)
def test_closing_again_begins_to_count_again(desk, chat, close):
    change = close(desk, chat)
    desk.triage.undo(change)
    at = clock(desk).advance(seconds=8)
    desk.triage.undo(change.partition("~")[0])
    if closing(desk, chat) is None:
        desk.triage.close([chat])
    assert closing(desk, chat) == at + CLOSING


def test_reopening_and_snoozing_take_the_end_back(desk, chat):
    desk.triage.close([chat])
    assert desk.triage.reopen([chat]).changed == (chat,)
    assert closing(desk, chat) is None
    desk.triage.close([chat])
    assert desk.triage.snooze([chat], START + timedelta(hours=1)).changed == (chat,)
    assert closing(desk, chat) is None


def test_undoing_the_desk_takes_only_back_what_is_not_over(desk, chat):
    others = [add_ticket(desk.store) for _ in range(3)]
    over = add_chat(desk.store)
    change = desk.bulk.run(bulk_close, desk.bulk.named([chat, over, *others])).change_id
    end_chat(desk.store, over)
    before = row(desk.store, "ticket", over)
    undone = desk.bulk.undo(change)
    assert set(undone.changed) == {chat, *others}
    assert undone.skipped == ((over, "ticket.chat-ended"),)
    assert row(desk.store, "ticket", over) == before
    assert closing(desk, chat) is None


def skipped(change: Change) -> str:
    assert change.changed == ()
    return change.skipped[0][1]


LATER = START + timedelta(days=1)
REFUSED: dict[str, Callable[[Desk, int], object]] = {
    "close": lambda desk, chat: skipped(desk.triage.close([chat])),
    "reopen": lambda desk, chat: skipped(desk.triage.reopen([chat])),
    "snooze": lambda desk, chat: skipped(desk.triage.snooze([chat], LATER)),
    "take over": lambda desk, chat: skipped(desk.triage.take_over([chat])),
    "merge it": lambda desk, chat: skipped(desk.merging.merge([chat], add_ticket(desk.store))),
    "merge into it": lambda desk, chat: skipped(desk.merging.merge([add_ticket(desk.store)], chat)),
    "split": lambda desk, chat: desk.merging.split(add_message(desk.store, chat)),
    "bulk": lambda desk, chat: (
        desk.bulk.run(lambda d, ids, seen: d.triage.reopen(ids, versions=seen),
                      desk.bulk.named([chat])).skipped[0][1]
    ),
    "macro": lambda desk, chat: (
        desk.macros.apply(macro(desk, "Open", 'status = "open"'), [chat]).outcomes[0].steps[0].code
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_once_it_is_over_everything_refuses_and_changes_nothing(desk, what):
    chat = add_chat(desk.store, texts=("Hello", "anybody?"))
    end_chat(desk.store, chat)
    before, talk = row(desk.store, "ticket", chat), chat_of(desk.store, chat)
    try:
        code = REFUSED[what](desk, chat)
    except HelpdeskError as error:
        code = error.code
    after = row(desk.store, "ticket", chat)
    if what == "split":
        # the message that it was tried with
        counted = ("version", "updated_at", "message_count", "preview")
        before, after = ({k: v for k, v in each.items() if k not in counted}
                         for each in (before, after))  # fmt: skip
    assert code == "ticket.chat-ended"
    assert after == before
    assert chat_of(desk.store, chat) == talk


@pytest.mark.parametrize("close", WAYS)
def test_once_it_is_over_undo_refuses_whichever_way_it_was_closed(desk, chat, close):
    change = close(desk, chat)
    desk.triage.tag([chat], ["late"])
    end_chat(desk.store, chat, by="agent")
    before = row(desk.store, "ticket", chat)
    undone = desk.triage.undo(change)
    assert (chat, "ticket.chat-ended") in undone.skipped
    after = row(desk.store, "ticket", chat)
    assert after == before


def test_what_leaves_it_closed_is_still_done_and_undone(desk, chat):
    end_chat(desk.store, chat)
    tagged = desk.triage.tag([chat], ["late"])
    assert desk.triage.undo(tagged.change_id).changed == (chat,)
    assert desk.triage.assign([chat], 1).changed == (chat,)
    assert desk.triage.mark_read([chat]).changed == (chat,)
    desk.triage.spam([chat])
    assert desk.triage.not_spam([chat]).changed == (chat,)
    assert row(desk.store, "ticket", chat)["status"] == "closed"
    assert desk.replies.note(chat, "called them")


def test_running_chats_are_neither_merged_nor_split(desk, chat):
    mail = add_ticket(desk.store)
    other = add_chat(desk.store)
    for source, target in ((chat, mail), (mail, chat), (other, chat)):
        assert skipped(desk.merging.merge([source], target)) == "merge.chat"
    with pytest.raises(NotAllowed, match=r"split\.chat"):
        desk.merging.split(add_message(desk.store, chat))


def test_the_end_of_a_snooze_opens_no_ended_chat(desk, chat):
    desk.triage.snooze([chat], START + timedelta(hours=1))
    end_chat(desk.store, chat)
    clock(desk).advance(hours=2)
    assert desk.triage.wake_due().changed == ()
