"""Rejected and unusual mail: read with its reason, made a ticket, dismissed and restored."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.intake import IntakeRow
from helpdesk_tui.domain.received import Source
from helpdesk_tui.screens.beside.intake import IntakeScreen
from helpdesk_tui.screens.dialogs.source import SourceDialog
from helpdesk_tui.screens.dialogs.whose import WhoseDialog
from helpdesk_tui.screens.help import HelpScreen
from helpdesk_tui.screens.inbox.screen import InboxScreen
from helpdesk_tui.screens.preferences import Bindings
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.widgets.words.intake import intake_page, reason_of
from tests.support.addressed import AWAY, FORWARDED, UNKNOWN_SENDER, addressed_desk, do_jobs
from tests.support.driving import Driving, driving
from tests.support.mails import receive_raw
from tests.support.thread_values import HOSTILE, is_harmless


async def opened(it: Driving) -> IntakeScreen:
    """Open the list by its keys, and wait for its rows."""
    await it.press("g", "x")
    await it.until(lambda: isinstance(it.app.screen, IntakeScreen))
    screen = it.app.screen
    assert isinstance(screen, IntakeScreen)
    await it.until(lambda: screen.list.rows or "Nothing waits" in it.text())
    return screen


async def test_a_forward_by_hand_tells_what_happened_and_both_halves_of_the_fix(
    tmp_path: Path,
) -> None:
    async with driving(addressed_desk(tmp_path, AWAY, FORWARDED)) as it:
        await opened(it)
        await it.sees("Fwd: Broken zipper", "Lena Doe <lena@example.net>", "2 waiting")
        text = " ".join(it.text().split())
        for part in ("forwarded this mail by hand", "Set up automatic forwarding", "Work in the"):
            assert part in text


async def test_a_narrow_list_says_how_to_read_a_mail_before_anything_is_made_of_it(
    tmp_path: Path,
) -> None:
    async with driving(addressed_desk(tmp_path, FORWARDED), size=(80, 24)) as it:
        await opened(it)
        assert "l read" in it.text()
        assert "forwarded this mail by hand" not in it.text()
        await it.press("l")
        await it.sees("forwarded this mail by hand")


async def test_it_becomes_the_ticket_of_the_customer_that_was_found(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path, FORWARDED)) as it:
        await opened(it)
        await it.press("enter")
        await it.until(lambda: isinstance(it.app.screen, WhoseDialog))
        await it.sees("lena@example.net")
        await it.press("enter")
        await it.until(lambda: "waiting for the worker" in it.text())
        await asyncio.to_thread(do_jobs, it.desk)
        await it.until(lambda: isinstance(it.app.screen, InboxScreen))
        await it.sees("zipper of my jacket", "lena@example.net", "Can somebody answer her?")
        ticket = it.inbox.tickets.cursor_row
        assert ticket is not None
        assert it.inbox.panes.current == "thread"
        assert it.desk.threads.detail(ticket.id).customer_address == "lena@example.net"
        assert it.desk.intake.count() == 0
        # a second time it leads to the same ticket
        await it.press("q")
        screen = await opened(it)
        await it.press("a")
        await it.until(lambda: screen.list.rows)
        await it.press("t")
        await it.until(lambda: isinstance(it.app.screen, InboxScreen))
        assert it.inbox.tickets.cursor_id == ticket.id


async def test_the_customer_is_asked_for_where_none_was_found(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path, UNKNOWN_SENDER)) as it:
        await opened(it)
        await it.sees("not found: it will be asked for")
        await it.press("t")
        await it.until(lambda: isinstance(it.app.screen, WhoseDialog))
        await it.press("enter")
        await it.sees("not an address")
        await it.press(*"mia", "at", *"example", "full_stop", *"org", "enter")
        await it.until(lambda: isinstance(it.app.screen, IntakeScreen))
        await it.until(lambda: "waiting for the worker" in it.text())
        await asyncio.to_thread(do_jobs, it.desk)
        await it.sees("Who takes this?", "mia@example.org →")


async def test_what_stands_in_the_way_is_said_on_the_page_of_the_mail(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path, UNKNOWN_SENDER)) as it:
        await opened(it)
        await it.press("t")
        await it.press(*"marek", "at", *"shop", "full_stop", *"example", "enter")
        await it.until(lambda: "waiting for the worker" in it.text())
        await asyncio.to_thread(do_jobs, it.desk)
        await it.sees("no ticket was made", "✗")
        assert it.desk.intake.count() == 1


async def test_other_mail_becomes_a_ticket_after_a_question(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path, AWAY)) as it:
        await opened(it)
        for key in ("t", "enter"):
            await it.press(key)
            await it.sees("Make a ticket of this mail?", "open ticket in Unassigned", "no way back")
            await it.press("escape")
            await it.until(lambda: isinstance(it.app.screen, IntakeScreen))
            assert "making the ticket" not in it.text()
        await it.press("t")
        await it.sees("Make a ticket of this mail?")
        await it.press("y")
        await it.until(lambda: "waiting for the worker" in it.text())
        await asyncio.to_thread(do_jobs, it.desk)
        await it.until(lambda: isinstance(it.app.screen, InboxScreen))
        await it.sees("Back on Monday.")


async def test_dismissed_mail_goes_and_comes_back(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path, AWAY, FORWARDED)) as it:
        screen = await opened(it)
        await it.press("j", "e")
        await it.until(lambda: len(screen.list.rows) == 1)
        await it.sees("1 waiting", "z restores")
        await it.press("z")
        await it.until(lambda: len(screen.list.rows) == 2)
        await it.press("z")
        await it.sees("nothing to restore")
        await it.press("e", "a")
        await it.until(lambda: any(row.is_done for row in screen.list.rows))
        await it.sees("dismissed")
        place = next(at for at, row in enumerate(screen.list.rows) if row.is_done)
        screen.list.select(screen.list.rows[place].id)
        await it.press("z")
        await it.until(lambda: not any(row.is_done for row in screen.list.rows))


async def test_how_many_wait_stands_in_the_header(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path, AWAY, FORWARDED)) as it:
        await it.sees("gx Rejected 2")


async def test_how_many_wait_stands_in_the_rail(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path, AWAY), size=(180, 50)) as it:
        await it.until(lambda: re.search(r"gx Rejected +1", it.text()))
        await it.pilot.click(it.inbox.rail, offset=(3, 5))
        await it.until(lambda: isinstance(it.app.screen, IntakeScreen))


async def test_where_none_waits_nothing_says_so(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path)) as it:
        await it.until(lambda: not list(it.app.workers))
        assert "Rejected" not in it.text()


async def test_where_it_is_narrow_the_mail_is_read_before_it_becomes_a_ticket(
    tmp_path: Path,
) -> None:
    async with driving(addressed_desk(tmp_path, FORWARDED), size=(80, 24)) as it:
        await opened(it)
        assert "forwarded this mail by hand" not in it.text()
        await it.press("enter")
        await it.sees("forwarded this mail by hand")
        await it.press("q")
        await it.until(lambda: "forwarded this mail by hand" not in it.text())
        await it.press("enter", "enter")
        await it.until(lambda: isinstance(it.app.screen, WhoseDialog))
        await it.press("escape", "q", "q")
        await it.until(lambda: isinstance(it.app.screen, InboxScreen))


async def test_the_source_and_the_help_are_there(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path, AWAY)) as it:
        await opened(it)
        await it.press("v")
        await it.until(lambda: isinstance(it.app.screen, SourceDialog))
        await it.sees("Auto-Submitted: auto-replied", "headers only")
        assert it.text().count("Back on Monday.") == 2  # the one behind the dialog, and here
        await it.press("h")
        await it.until(lambda: it.text().count("Back on Monday.") == 1)
        await it.sees("Auto-Submitted: auto-replied", "whole source")
        await it.press("h")
        await it.until(lambda: it.text().count("Back on Monday.") == 2)
        await it.press("q", "question_mark")
        await it.until(lambda: isinstance(it.app.screen, HelpScreen))
        await it.sees("REJECTED MAIL", "Make a ticket of this mail", "Pane to the right")
        assert "Next unread ticket" not in it.text(), "a key that does nothing here"


async def test_the_original_is_a_private_page_whose_path_is_said_without_a_display(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(tmp_path / "downloads"))
    monkeypatch.setattr("sys.platform", "linux")
    async with driving(addressed_desk(tmp_path, AWAY), size=(180, 50)) as it:
        await opened(it)
        await it.press("v", "b")
        await it.sees("no display here", "mail-1.html")
        await it.press("S")
        await it.sees("saved as")
        page = (tmp_path / "downloads" / "mail-1.html").read_text("utf-8")
        assert "Content-Security-Policy" in page
        assert "Back on Monday." in page


async def test_nothing_in_such_a_mail_acts(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path, AWAY)
    with desk.store.write() as connection:
        connection.execute(
            "UPDATE intake SET sender = :x, subject = :x, preview = :x, reason = :x,"
            " customer_name = :x, customer_address = :x",
            {"x": HOSTILE},
        )
    async with driving(desk) as it:
        await opened(it)
        await it.sees("[@click=app.quit]x[/]")
        assert is_harmless(it.text().replace("\n", ""))


async def test_an_empty_list_teaches_and_f_leads_to_the_addresses(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path)) as it:
        await opened(it)
        await it.sees("Nothing waits here.", "press q")
        await it.press("t", "e", "z", "v", "f")
        await it.sees("Support addresses", "desk@shop.example")


async def test_long_lists_are_read_by_pages(tmp_path: Path) -> None:
    mails = [
        AWAY.replace(b"<away@x>", b"<away%d@x>" % number).replace(b"Out of", b"%d out of" % number)
        for number in range(120)
    ]
    async with driving(addressed_desk(tmp_path, *mails)) as it:
        screen = await opened(it)
        assert len(screen.list.rows) == 50
        await it.press("G")
        await it.until(lambda: len(screen.list.rows) == 100)
        await it.press("G")
        await it.until(lambda: len(screen.list.rows) == 120)
        await it.press("G")
        await it.sees("0 out of office")


async def test_letters_only_terminals_get_letters_only(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path, FORWARDED), ascii_only=True) as it:
        screen = await opened(it)
        await it.sees("Set up automatic forwarding")
        lines = it.text().splitlines()
        half = screen.list.size.width
        shown = "".join(line[:half] + line[half + 1 :] for line in lines)
        assert shown.isascii(), sorted({char for char in shown if not char.isascii()})


def test_an_unknown_reason_is_shown_as_it_is() -> None:
    assert reason_of("something-new").word == "something new"


@pytest.mark.parametrize(
    ("code", "said"),
    [("bounce.unmatched", "none that was sent from here"), ("bounce.forged", "may be forged")],
)
def test_a_report_is_told_by_what_was_found_out_about_it(code: str, said: str) -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    row = IntakeRow(1, at, "bounce", (("class.bounce", ""), (code, "")), "mailer@x.example",
                    "Undelivered", "shop", "", None)  # fmt: skip
    keys = {"dismiss": "e", "source": "v", "forwarding": "f", "ticket": "t"}
    lines = intake_page(row, 300, "today", keys)
    text = "".join(span[0] for line in lines for span in line)
    assert "reports that a mail did not arrive" in text or "report that a mail did not" in text
    assert said in text
    assert "nobody sent" not in text


async def test_what_comes_in_moves_neither_the_cursor_nor_the_page(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path, FORWARDED, AWAY)
    async with driving(desk, size=(100, 24)) as it:
        screen = await opened(it)
        await it.press("j", "l", "j", "j", "j")
        await it.until(lambda: screen.page.scroll_offset.y > 0)
        row, top = screen.list.current, screen.page.scroll_offset.y
        late = AWAY.replace(b"<away@x>", b"<late@x>")
        Inbound(desk.store, SYSTEM).ingest(
            [receive_raw(late, uid=9)], source=Source(account_id=1, folder="INBOX", validity=7)
        )
        screen.load()
        await it.until(lambda: len(screen.list.rows) == 3)
        assert screen.list.current == row
        assert screen.page.scroll_offset.y == top


async def test_sentences_name_the_keys_that_this_agent_has(tmp_path: Path) -> None:
    own = Bindings({"intake.forwarding": "F", "intake.ticket": "M"})
    async with driving(addressed_desk(tmp_path, FORWARDED), bindings=own) as it:
        await opened(it)
        text = " ".join(it.text().split())
        await it.until(lambda: "This one: M makes the ticket" in it.text())
        assert " f opens" not in text
        await it.press("M")
        await it.until(lambda: isinstance(it.app.screen, WhoseDialog))
