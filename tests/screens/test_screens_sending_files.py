"""Files on their way out: picked, pasted, measured, made smaller, blacked out, asked about."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from textual import events

from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.screens.dialogs.attach import AttachDialog
from helpdesk_tui.screens.dialogs.redact import RedactDialog
from helpdesk_tui.services.desk import Desk
from tests.support.chatting import texts
from tests.support.driving import Driving, driving
from tests.support.store import START, FakeClock, make_desk
from tests.support.talks import add_talk, add_word


def photo(path: Path, side: int = 900, *, kind: str = "JPEG") -> Path:
    """Write a photograph that does not pack well; white on its right half."""
    noise = Image.effect_noise((side, side), 90).convert("RGB")
    noise.paste((255, 255, 255), (side // 2, 0, side, side))
    noise.save(path, kind, quality=97)
    return path


def desk_with(tmp_path: Path, channel: str = "sms", **fields: Any) -> tuple[Desk, int]:
    desk = make_desk(tmp_path, clock=FakeClock())
    ticket = add_talk(desk.store, channel, assignee="anna", heard_at=START, **fields)
    add_word(desk.store, "sms")
    return desk, ticket


async def write(it: Driving) -> Any:
    """Open the composer of the ticket under the cursor; return the pane."""
    await it.until(lambda: it.inbox.tickets.cursor_row is not None)
    await it.press("enter", "r")
    await it.sees("reply to Maria Silva")
    pane = it.inbox.panes.thread
    assert pane is not None
    await it.until(lambda: not pane.writing.is_restoring and pane.writing.composer.editor.has_focus)
    return pane


def files_of(desk: Desk, ticket: int) -> list[str]:
    """Return the names of the files of the draft."""
    draft = desk.drafts.load(ticket, DraftKind.REPLY)
    return [file.filename for file in draft.files] if draft is not None else []


async def paste(it: Driving, text: str) -> None:
    """Paste as a terminal does."""
    editor = it.inbox.panes.thread.writing.composer.editor  # type: ignore[union-attr]
    editor.post_message(events.Paste(text))
    await it.pilot.pause()


# the picker --------------------------------------------------------------------------------------


async def picker(it: Driving, folder: Path) -> AttachDialog:
    """Open the picker in a folder."""
    await it.press("ctrl+f")
    await it.until(lambda: isinstance(it.app.screen, AttachDialog))
    dialog = it.app.screen
    assert isinstance(dialog, AttachDialog)
    await it.paste(f"{folder}/")
    await it.until(lambda: dialog._listing.folder == folder)
    return dialog


async def test_several_files_are_marked_and_attached_at_once(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path)
    folder = tmp_path / "out"
    folder.mkdir()
    for at, name in enumerate(("label.pdf", ".hidden.txt", "note.txt")):
        (folder / name).write_bytes(b"%PDF-1.4 text")
        os.utime(folder / name, (at, at))
    desk.settings.set("attach-folders", [str(folder), str(tmp_path / "gone")])
    async with driving(desk) as it:
        await write(it)
        await it.press("ctrl+f")
        await it.sees("label.pdf", "note.txt", "13 B")
        assert ".hidden.txt" not in it.text()
        await it.press("full_stop")
        await it.sees(".hidden.txt")
        await it.press("full_stop", *"lab")
        await it.until(lambda: "note.txt" not in it.text())
        await it.press("insert", "backspace", "backspace", "backspace")
        await it.sees("1 file marked")
        await it.press("space")
        await it.sees("2 files marked")
        await it.press("enter")
        await it.until(lambda: len(files_of(desk, ticket)) == 2)
        assert set(files_of(desk, ticket)) == {"label.pdf", "note.txt"}


async def test_the_folder_is_remembered_for_next_time(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path)
    folder = tmp_path / "labels"
    folder.mkdir()
    (folder / "label.pdf").write_bytes(b"%PDF-1.4")
    async with driving(desk) as it:
        await write(it)
        await picker(it, folder)
        await it.press(*"lab", "tab", "enter")
        await it.until(lambda: files_of(desk, ticket) == ["label.pdf"])
        await it.until(lambda: desk.settings.get("attach-folders") == [str(folder)])
        await it.press("ctrl+f")
        await it.sees("attach files", "label.pdf")


# pasted and dropped paths ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    ["{path}", "'{path}'", '"{path}"', "{escaped}", "file://{url}", "{path}\n", " {path} "],
)
async def test_a_dropped_path_becomes_a_file(tmp_path: Path, form: str) -> None:
    desk, ticket = desk_with(tmp_path)
    path = tmp_path / "my label.pdf"
    path.write_bytes(b"%PDF-1.4")
    plain = str(path)
    text = form.format(path=plain, escaped=plain.replace(" ", "\\ "), url=plain.replace(" ", "%20"))
    async with driving(desk) as it:
        pane = await write(it)
        await it.press(*"see ")
        await paste(it, text)
        await it.press(*"it")
        await it.until(lambda: files_of(desk, ticket) == ["my label.pdf"])
        assert pane.writing.composer.text == "see it"


async def test_several_dropped_files_come_together_and_go_back_to_text(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path)
    paths = [tmp_path / name for name in ("a.txt", "b c.txt")]
    for path in paths:
        path.write_bytes(b"text")
    text = f"{paths[0]} '{paths[1]}'"
    async with driving(desk) as it:
        pane = await write(it)
        await paste(it, text)
        await it.sees("a.txt", "b c.txt", "takes it back")
        await it.press("ctrl+u")
        await it.until(lambda: pane.writing.composer.text == text)
        assert files_of(desk, ticket) == []


@pytest.mark.parametrize(
    "text", ["/tmp/there is no such file", "look at /etc/hosts", "~nobody/x", "file://far/x"]
)
async def test_other_text_stays_text(tmp_path: Path, text: str) -> None:
    desk, ticket = desk_with(tmp_path)
    async with driving(desk) as it:
        pane = await write(it)
        await paste(it, text)
        await it.press("x")
        await it.until(lambda: pane.writing.composer.text == f"{text}x")
        assert files_of(desk, ticket) == []


# limits ------------------------------------------------------------------------------------------


async def test_a_picture_over_the_mms_limit_is_made_smaller_once_seen(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path)
    path = photo(tmp_path / "shoes.jpg", 1400)
    before = path.stat().st_size
    assert before > 600_000
    async with driving(desk) as it:
        await write(it)
        await paste(it, str(path))
        await it.sees("shrink to fit", "before", "after", "1400 × 1400")
        await it.press("y")
        await it.sees("made smaller")
        draft = desk.drafts.load(ticket, DraftKind.REPLY)
        assert draft is not None
        assert draft.files[0].size <= 600_000
        await it.press("ctrl+u")
        await it.until(lambda: desk.drafts.load(ticket, DraftKind.REPLY).files[0].size > 600_000)  # type: ignore[union-attr]


async def test_what_the_channel_does_not_take_is_refused_with_the_reason(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path)
    path = tmp_path / "all.zip"
    path.write_bytes(b"PK\x03\x04" + bytes(2000))
    async with driving(desk) as it:
        await write(it)
        await paste(it, str(path))
        await it.sees("are not taken here", "all.zip")
        assert files_of(desk, ticket) == []


async def test_without_a_relay_no_file_is_picked_in_vain(tmp_path: Path) -> None:
    desk, _ticket = desk_with(tmp_path, account={"relay": ""})
    async with driving(desk) as it:
        await write(it)
        await it.press("ctrl+f")
        await it.sees("fetches files from an address")
        assert not isinstance(it.app.screen, AttachDialog)


async def test_a_file_without_words_gets_one_gentle_hint(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path)
    path = tmp_path / "label.pdf"
    path.write_bytes(b"%PDF-1.4")
    async with driving(desk) as it:
        pane = await write(it)
        await picker(it, tmp_path)
        await it.press(*"label", "enter")
        await it.sees("add a line of context?")
        await it.press("enter")
        await it.until(lambda: len(desk.threads.load(ticket).messages) == 2)
        assert pane.writing.composer.text == ""
        assert desk.threads.load(ticket).messages[-1].attachments[0].filename == "label.pdf"


# private data ------------------------------------------------------------------------------------


async def test_a_card_number_is_asked_about_and_never_held_back(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path)
    text = "Your card 4111 1111 1111 1111"
    async with driving(desk) as it:
        pane = await write(it)
        await it.press(*text, "enter")
        await it.sees("Send it all the same?", "a card number: 4111…1111, in the text")
        await it.press("escape")
        await it.until(lambda: pane.writing.composer.text == text)
        assert texts(desk, ticket) == []
        await it.press("enter")
        await it.sees("Send it all the same?")
        await it.press("y")
        await it.until(lambda: texts(desk, ticket) == [text])


# blacking out ------------------------------------------------------------------------------------


async def test_a_part_of_a_picture_is_blacked_out_before_it_leaves(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path)
    path = photo(tmp_path / "card.png", 120, kind="PNG")
    async with driving(desk) as it:
        await write(it)
        await paste(it, str(path))
        await it.sees("card.png")
        before = desk.drafts.load(ticket, DraftKind.REPLY).files[0]  # type: ignore[union-attr]
        await it.press("ctrl+o")
        await it.sees("blacks out a part of a picture")
        await it.press("r")
        await it.until(lambda: isinstance(it.app.screen, RedactDialog))
        await it.sees("black out", "╋")
        await it.press("y")
        await it.sees("nothing is chosen yet")
        await it.press(*["ctrl+left"] * 12, *["ctrl+up"] * 8, "space", "down", "right", "space")
        await it.sees("1 region")
        await it.press("u", "left", "up", "space")
        await it.press(*["ctrl+down"] * 8, *["ctrl+right"] * 12, "space", "y")
        await it.sees("blacked out")
        after = desk.drafts.load(ticket, DraftKind.REPLY).files[0]  # type: ignore[union-attr]
        assert after.sha256 != before.sha256
        with Image.open(io.BytesIO(desk.outgoing.bytes_of(after))) as image:
            assert image.size == (120, 120)
            assert image.convert("L").getextrema() == (0, 0)
        await it.press("ctrl+u")
        await it.until(
            lambda: desk.drafts.load(ticket, DraftKind.REPLY).files[0].sha256 == before.sha256  # type: ignore[union-attr]
        )


async def test_a_region_is_drawn_with_the_mouse(tmp_path: Path) -> None:
    desk, _ticket = desk_with(tmp_path)
    path = photo(tmp_path / "card.png", 120, kind="PNG")
    async with driving(desk) as it:
        await write(it)
        await paste(it, str(path))
        await it.sees("card.png")
        await it.press("ctrl+o")
        await it.sees("blacks out a part of a picture")
        await it.press("r")
        await it.sees("╋")
        picture = it.app.screen.query_one("#redact-picture")
        middle = picture.size.width // 2
        await it.pilot.mouse_down(picture, offset=(middle - 4, 2))
        await it.pilot.hover(picture, offset=(middle + 4, 5))
        await it.pilot.mouse_up(picture, offset=(middle + 4, 5))
        await it.sees("1 region")


async def test_a_file_put_from_elsewhere_shows_while_the_draft_is_written(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path)
    async with driving(desk) as it:
        pane = await write(it)
        await it.press("H", "i")
        other = make_desk(tmp_path, clock=FakeClock())
        other.drafts.attach(ticket, DraftKind.REPLY, "label.pdf", b"%PDF-1.4 label")
        await it.until(lambda: len(pane.writing.files.of(DraftKind.REPLY)) == 1)
        await it.sees("label.pdf")
        (file,) = pane.writing.files.of(DraftKind.REPLY)
        # what is taken off here does not come back by the next look
        other.drafts.detach(file.id)
        pane.writing.files.put(DraftKind.REPLY, ())
        other.drafts.attach(ticket, DraftKind.REPLY, "second.pdf", b"%PDF-1.4 second")
        await it.until(lambda: len(pane.writing.files.of(DraftKind.REPLY)) == 1)
        await it.sees("second.pdf")
        other.store.close()
