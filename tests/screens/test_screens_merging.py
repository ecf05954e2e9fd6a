"""Merging and splitting by key: the dialogs, the offers over a thread, and the way back."""

from __future__ import annotations

import time
from pathlib import Path

from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.screens.acting.merge import MergeDesk
from helpdesk_tui.screens.dialogs.merge import MergeDialog
from helpdesk_tui.services.desk import open_desk
from tests.support.driving import driving
from tests.support.merged import asked, merged_into, mine, on, shown
from tests.support.store import make_desk
from tests.support.thread_values import HOSTILE, is_harmless


async def test_the_alike_ticket_is_offered_first_and_merged_with_two_keys(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    alike = mine(desk, "Return label", hours=2)
    mine(desk, "Invoice", hours=1)
    ticket = mine(desk, "Re: Return label", hours=0.5, offer=f"merge:{alike}")
    async with driving(desk) as it:
        await on(it, ticket)
        await it.sees(f"alike: #{alike} “Return label”", "2 h ago", "& merges", "X keeps apart")
        await asked(it)
        await it.sees(f"#{ticket} becomes part of #{alike}, which stays", "alike · open · 2h")
        await it.press("enter")
        await it.until(lambda: merged_into(desk, ticket) == alike)
        await it.sees(f"#{ticket} merged into #{alike} · z undo")
        await it.until(lambda: it.inbox.tickets.window.find(ticket) is None)
        assert it.inbox.tickets.cursor_id not in (ticket, None)


async def test_z_brings_a_merged_ticket_back_under_the_cursor(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    target = mine(desk, "Return label", hours=2)
    ticket = mine(desk, "Second mail", hours=1)
    async with driving(desk) as it:
        await on(it, ticket)
        await asked(it)
        await it.press("enter")
        await it.until(lambda: it.inbox.tickets.cursor_id == target)
        await it.press("z")
        await it.until(lambda: it.inbox.tickets.cursor_id == ticket)
        assert merged_into(desk, ticket) is None
        await it.sees(" merged into")


async def test_merging_from_the_thread_goes_on_where_the_conversation_stands(
    tmp_path: Path,
) -> None:
    desk = make_desk(tmp_path)
    target = mine(desk, "Return label", "the first words", hours=2)
    ticket = mine(desk, "Second mail", "the second words", hours=1)
    async with driving(desk, size=(80, 24)) as it:
        await on(it, ticket)
        await it.press("enter")
        await it.sees("the second words")
        await asked(it)
        await it.press("enter")
        await it.sees("the first words", "the second words")
        assert it.inbox.panes.current == "thread"
        assert it.inbox.tickets.cursor_id == target
        await it.press("z")
        await it.until(lambda: it.inbox.tickets.cursor_id == ticket)
        await it.until(lambda: shown(it) == ["the second words"])


async def test_candidates_are_the_customers_own_newest_first_and_filtered(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    old = mine(desk, "Return label", hours=50)
    newer = mine(desk, "Invoice", hours=3, status="closed", closed_at=desk.clock())
    mine(desk, "Somebody else's", hours=2, name="Bo", email="bo@example.org")
    ticket = mine(desk, "Where is it?", hours=1)
    async with driving(desk) as it:
        await on(it, ticket)
        dialog = await asked(it)
        found = [row.value.row.id for row in dialog.rows("")]  # type: ignore[attr-defined]
        assert found == [newer, old]
        await it.sees("closed · 3h", "open · 2d")
        await it.press(*"label")
        await it.sees(f"becomes part of #{old}")
        await it.press("enter")
        await it.until(lambda: merged_into(desk, ticket) == old)


async def test_the_keys_of_the_dialog_say_what_enter_does_there(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    old = mine(desk, "Return label", hours=50)
    newer = mine(desk, "Invoice", hours=3)
    ticket = mine(desk, "Where is it?", hours=1)
    async with driving(desk) as it:
        await on(it, ticket)
        await asked(it)
        await it.sees(f"becomes part of #{newer}")
        await it.press("down")
        await it.sees(f"becomes part of #{old}")
        await it.press("ampersand")
        await it.until(lambda: it.app.screen is it.inbox)
        assert merged_into(desk, ticket) is None


async def test_a_typed_number_is_looked_up_and_refused_in_words(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    other = mine(desk, "Somebody else's", hours=2, name="Bo", email="bo@example.org")
    ticket = mine(desk, "Where is it?", hours=1)
    async with driving(desk) as it:
        await on(it, ticket)
        await asked(it)
        await it.sees("nothing fits")
        await it.press("number_sign", *str(other))
        await it.sees("Somebody else's", "not possible: it belongs to another customer")
        await it.press("enter")
        await it.sees("correct the customer first")
        assert isinstance(it.app.screen, MergeDialog)
        await it.press("backspace", *"4711")
        await it.sees("there is no ticket 4711")
        assert merged_into(desk, ticket) is None


async def test_a_number_of_a_merged_ticket_means_the_one_it_stands_in(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    target, gone = mine(desk, "Return label", hours=3), mine(desk, "Gone", hours=2)
    ticket = mine(desk, "Where is it?", hours=1)
    desk.merging.merge([gone], target)
    async with driving(desk) as it:
        await on(it, ticket)
        await asked(it)
        await it.press(*str(gone))
        await it.sees(f"becomes part of #{target}")


async def test_a_ticket_of_sms_is_not_offered_to_a_mail(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    mine(desk, "Text messages", hours=3, channel="sms")
    ticket = mine(desk, "Where is it?", hours=1)
    async with driving(desk) as it:
        await on(it, ticket)
        await asked(it)
        await it.sees("not possible: SMS and WhatsApp tickets merge only")
        await it.press("enter")
        assert merged_into(desk, ticket) is None


async def test_a_ticket_merged_by_somebody_else_meanwhile_is_refused(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    target, third = mine(desk, "Return label", hours=3), mine(desk, "Third", hours=2)
    ticket = mine(desk, "Where is it?", hours=1)
    async with driving(desk) as it:
        await on(it, ticket)
        await asked(it)
        desk.merging.merge([ticket], third)
        await it.press("down", "enter")
        await it.sees("was merged into another one")
        assert merged_into(desk, ticket) == third
        assert merged_into(desk, target) is None


async def test_what_was_typed_moves_along(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    target = mine(desk, "Return label", hours=3)
    ticket = mine(desk, "Where is it?", hours=1)
    async with driving(desk) as it:
        await on(it, ticket)
        await it.press("r")
        await it.until(lambda: it.inbox.panes.context == "composer")
        await it.press(*"Dear", "escape")
        await it.until(lambda: it.inbox.panes.context == "thread")
        await asked(it)
        await it.press("enter")
        await it.until(lambda: it.inbox.tickets.cursor_id == target)
        await it.until(lambda: desk.drafts.load(target, DraftKind.REPLY))
        draft = desk.drafts.load(target, DraftKind.REPLY)
        assert draft is not None
        assert draft.text.startswith("Dear")
        assert desk.drafts.load(ticket, DraftKind.REPLY) is None


async def test_the_dialog_on_a_ticket_that_is_gone_says_so(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    target, third = mine(desk, "Return label", hours=3), mine(desk, "Third", hours=2)
    ticket = mine(desk, "Where is it?", hours=1)
    async with driving(desk) as it:
        await on(it, ticket)
        await it.press("enter")
        desk.merging.merge([ticket], target)
        await asked(it)
        await it.sees(f"not possible: ticket {ticket} was merged into another one")
        assert merged_into(desk, third) is None


async def test_a_merge_by_a_colleague_leaves_the_list_by_itself(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    target, gone = mine(desk, "Return label", hours=3), mine(desk, "Gone", hours=2)
    ticket = mine(desk, "Where is it?", hours=1)
    async with driving(desk) as it:
        await on(it, ticket)
        other = open_desk(desk.store.paths.root, agent="anna", clock=desk.clock)
        other.merging.merge([gone], target)
        other.close()
        await it.until(lambda: it.inbox.tickets.window.find(gone) is None)
        assert it.inbox.tickets.cursor_id == ticket


async def test_undo_says_when_somebody_put_the_ticket_elsewhere(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    target, third = mine(desk, "Return label", hours=3), mine(desk, "Third", hours=4)
    ticket = mine(desk, "Where is it?", hours=1)
    async with driving(desk) as it:
        await on(it, ticket)
        await asked(it)
        await it.press("enter")
        await it.until(lambda: it.inbox.tickets.cursor_id == target)
        desk.merging.unmerge(ticket)
        desk.merging.merge([ticket], third)
        await it.press("z")
        await it.sees("was changed since: nothing was undone")
        assert merged_into(desk, ticket) == third


async def test_subjects_in_the_dialogs_are_text(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    target = mine(desk, HOSTILE, hours=3)
    ticket = mine(desk, "[red]Where[/] is it?", hours=1, offer=f"merge:{target}")
    async with driving(desk) as it:
        await on(it, ticket)
        await it.sees("alike:")
        await asked(it)
        await it.sees("becomes part of")
        assert is_harmless(it.text().replace("\n", ""))
        await it.press("enter")
        await it.until(lambda: merged_into(desk, ticket) == target)
        desk.merging.unmerge(ticket)
        desk.merging.merge([ticket], target)
        it.inbox.perform("ticket.unmerge")
        await it.sees("[red]Where[/] is it?")


async def test_many_tickets_are_merged_without_holding_up_the_keys(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    target = mine(desk, "Return label", hours=300)
    ids = [mine(desk, f"Part {number}", hours=number + 1) for number in range(200)]
    async with driving(desk) as it:
        await on(it, ids[0])
        handler = it.inbox.handlers["ticket.merge"]
        desk_of_merging = getattr(handler, "__self__")  # noqa: B009
        assert isinstance(desk_of_merging, MergeDesk)
        desk_of_merging.merge_into(ids, target)
        longest = 0.0
        while merged_into(desk, ids[-1]) is None or it.inbox.tickets.window.find(ids[-1]):
            began = time.perf_counter()
            await it.press("j")
            longest = max(longest, time.perf_counter() - began)
        assert longest < 2.0
        await it.until(lambda: it.inbox.tickets.cursor_id == target)
        await it.sees("and 199 more")
        assert desk.threads.detail(target).row.message_count == 201
        await it.press("z")
        await it.until(lambda: merged_into(desk, ids[-1]) is None)
        assert desk.threads.detail(ids[0]).row.status is Status.OPEN
        assert desk.threads.detail(target).row.message_count == 1
