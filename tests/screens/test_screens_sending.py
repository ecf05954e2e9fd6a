"""Recipients, quotations and forwards as an agent sees and types them."""

from __future__ import annotations

from pathlib import Path

from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.screens.dialogs.recipients import RecipientsDialog
from helpdesk_tui.screens.dialogs.review import ReviewDialog
from helpdesk_tui.screens.menu import Menu
from tests.screens.test_screens_answering import answering, composer, review, write
from tests.support.driven import Driven
from tests.support.store import add_message

CUSTOMER, SUPPLIER = "c0@example.net", "orders@supplier.example"


async def ask_recipients(it: Driven) -> None:
    await it.press("ctrl+l")
    await it.until(lambda: isinstance(it.app.screen, RecipientsDialog))
    await it.pilot.pause()


async def test_the_review_names_who_is_missing_and_who_is_new(tmp_path: Path) -> None:
    async with answering(tmp_path, size=(120, 50)) as it:
        add_message(
            it.store, it.ids[0], sender=CUSTOMER, text="hello", flags="auth-failed",
            recipients=["support@shop.example", "friend@y.example"],
        )  # fmt: skip
        with it.store.write() as connection:
            connection.execute("UPDATE support_address SET signature = 'Shop Ltd, Kraków'")
        await write(it, "Hi")
        await ask_recipients(it)
        await it.press(*"new@z.example", "tab", *"boss@z.example", "enter")
        await it.until(lambda: "+ 1 cc + 1 bcc" in str(composer(it).border_title))
        await review(it)
        text = it.text()
        assert "- friend@y.example was on the mail and does not get this" in text
        assert "+ new@z.example was not on the mail" in text
        assert "boss@z.example (unseen by the others)" in text
        assert "could not be verified" in text
        assert "Shop Ltd, Kraków" in text
        assert "Shop <support@shop.example>" in text
        assert "and below it the message of" in text
        await it.press("y")
        await it.until(lambda: len(it.inbox.desk.threads.load(it.ids[0]).messages) == 3)
        sent = it.inbox.desk.threads.load(it.ids[0]).messages[-1]
        assert (sent.to, sent.cc) == ((CUSTOMER,), ("new@z.example",))
        assert sent.bcc == ("boss@z.example",)
        await it.until(lambda: "cc new@z.example · bcc boss@z.example" in it.text())
        await it.press("z")
        await it.until(lambda: composer(it).is_open and composer(it).text == "Hi")
        assert "+ 1 cc + 1 bcc" in str(composer(it).border_title)


async def test_the_review_tells_that_somebody_else_wrote_last(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        add_message(it.store, it.ids[0], sender=SUPPLIER, text="It is here.", flags="new-sender")
        with it.store.write() as connection:
            connection.execute(
                "INSERT INTO participant (ticket_id, address, role) VALUES (?, ?, 'joined')",
                (it.ids[0], SUPPLIER),
            )
        await write(it, "Hi")
        await review(it)
        assert f"{SUPPLIER}: wrote last and does not get this" in it.text()
        await it.press("e")
        await it.until(lambda: composer(it).editor.has_focus)
        await ask_recipients(it)
        await it.press("up", "ctrl+u", *"ord", "tab", "enter")
        await it.until(lambda: SUPPLIER in str(composer(it).border_title))
        await review(it)
        assert "wrote last and does not" not in it.text()
        assert "new in this ticket" in it.text()


async def test_a_message_is_quoted_and_answered_between_its_lines(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        add_message(it.store, it.ids[0], sender=CUSTOMER, text="It is broken.\n\nWhat now?")
        await write(it, "Hi,")
        await it.until(lambda: len(it.inbox.panes.thread.thread.messages) == 2)
        await it.press("ctrl+y")
        await it.until(lambda: "> What now?" in composer(it).text)
        text = composer(it).text
        assert text.startswith("Hi,\n\nOn 20")
        assert "wrote:\n> It is broken.\n>\n> What now?\n\n" in text
        await review(it)
        assert "and below it" not in it.text()


async def test_a_note_is_not_quoted_to_the_outside(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        add_message(it.store, it.ids[0], direction="note", text="SECRET margin", sender="")
        await write(it, "x")
        await it.until(lambda: len(it.inbox.panes.thread.thread.messages) == 2)
        view = it.inbox.panes.thread.view
        while view.selected is None or view.selected.text != "SECRET margin":
            view.select_next(1)
            await it.pilot.pause()
        await it.press("ctrl+y")
        await it.until(lambda: "never quoted" in it.text())
        assert composer(it).text == "x"
        await it.press("ctrl+t")
        await it.until(lambda: composer(it).kind is DraftKind.NOTE)
        await it.press("ctrl+y")
        await it.until(lambda: "> SECRET margin" in composer(it).text)


async def test_a_message_is_forwarded_to_somebody_outside(tmp_path: Path) -> None:
    async with answering(tmp_path, size=(140, 50)) as it:
        add_message(
            it.store, it.ids[0], sender=CUSTOMER, text="See the photo.",
            files=[("photo.png", b"png")],
        )  # fmt: skip
        await it.press("f")
        await it.until(lambda: isinstance(it.app.screen, Menu))
        await it.press("m")
        await it.until(lambda: "Forwarded message" in composer(it).text)
        assert composer(it).kind is DraftKind.FORWARD
        assert "forward to somebody outside" in str(composer(it).border_title)
        assert "photo.png" in it.text()
        await it.press(*"Please look.")
        assert composer(it).text.startswith("Please look.\n")
        await it.press("ctrl+o")
        await it.until(lambda: isinstance(it.app.screen, RecipientsDialog))
        await it.pilot.pause()
        await it.press(*SUPPLIER, "enter")
        await it.until(lambda: isinstance(it.app.screen, ReviewDialog))
        await it.pilot.pause()
        assert SUPPLIER in it.text()
        assert "Fwd: " in it.text()
        await it.press("y")
        await it.until(lambda: len(it.inbox.desk.threads.load(it.ids[0]).messages) == 3)
        thread = it.inbox.desk.threads.load(it.ids[0])
        assert thread.messages[-1].to == (SUPPLIER,)
        assert thread.ticket.customer_address == CUSTOMER
        await it.until(lambda: f"to {SUPPLIER}" in it.text())
        await it.press("z")
        await it.until(lambda: composer(it).is_open and composer(it).kind is DraftKind.FORWARD)
        await it.until(lambda: composer(it).text.startswith("Please look.\n"))
        assert SUPPLIER in str(composer(it).border_title)


async def test_a_forward_taken_back_from_the_list_is_a_forward_again(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await it.press("f")
        await it.until(lambda: isinstance(it.app.screen, Menu))
        await it.press("w")
        await it.until(lambda: "Forwarded message" in composer(it).text)
        await it.press(*"Look", "ctrl+o")
        await it.until(lambda: isinstance(it.app.screen, RecipientsDialog))
        await it.pilot.pause()
        await it.press(*SUPPLIER, "enter")
        await it.until(lambda: isinstance(it.app.screen, ReviewDialog))
        await it.press("c")
        await it.until(lambda: it.tickets.window.index_of(it.ids[0]) is None)
        await it.press("q", "z")
        await it.until(lambda: it.tickets.cursor_id == it.ids[0])
        await it.until(lambda: composer(it).is_open and composer(it).text.startswith("Look\n"))
        assert composer(it).kind is DraftKind.FORWARD
        assert SUPPLIER in str(composer(it).border_title)


async def test_a_forward_and_a_reply_keep_their_recipients_apart(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await it.press("f")
        await it.until(lambda: isinstance(it.app.screen, Menu))
        await it.press("w")
        await it.until(lambda: "Forwarded message" in composer(it).text)
        await ask_recipients(it)
        await it.press(*SUPPLIER, "enter")
        await it.until(lambda: SUPPLIER in str(composer(it).border_title))
        await it.press("escape")
        await it.until(lambda: not composer(it).is_open)
        await write(it, "Hi")
        await review(it)
        assert SUPPLIER not in it.text()
        await it.press("p")
        await it.until(lambda: not composer(it).is_open)
        await it.press("f")
        await it.until(lambda: composer(it).is_open and "Forwarded" in composer(it).text)


async def test_escape_forwards_nothing(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await it.press("f")
        await it.until(lambda: isinstance(it.app.screen, Menu))
        await it.press("escape")
        await it.pilot.pause(0.2)
        assert not composer(it).is_open
        assert it.inbox.desk.drafts.all() == []
