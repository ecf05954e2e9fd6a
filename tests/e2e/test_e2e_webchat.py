"""A whole chat: a real browser, the real relay, the real worker, the real program in a terminal."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from helpdesk_tui.cli.demo.web import SITE, Web, connect, web_of
from helpdesk_tui.domain.faq import FaqDraft
from helpdesk_tui.domain.messages import AttachmentRow, FileState
from helpdesk_tui.services.desk import Desk, open_desk
from helpdesk_tui.services.worker_state import start_worker
from tests.support.store import add_agent, make_root
from tests.support.terminal import Terminal
from tests.support.waiting import PATIENCE, until

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.slow]

SAFE = ("--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chat:
    """What a chat needs on both sides."""

    root: Path
    web: Web
    page: Page

    @property
    def tab(self) -> Locator:
        """The chat tab on the shop's page."""
        return self.page.locator("helpdesk-chat")


@pytest.fixture
def page() -> Iterator[Page]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("HELPDESK_REQUIRE_CHROMIUM"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = [*SAFE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        context = browser.new_context(locale="en-GB", timezone_id="Europe/Warsaw")
        context.set_default_timeout(PATIENCE * 1000)
        yield context.new_page()
        browser.close()


@pytest.fixture
def chat(tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """Run shop, relay and worker over an empty store with one answer in its FAQ."""
    root = make_root(tmp_path)
    with web_of(tmp_path / "relay") as web:
        with closing(open_desk(root)) as desk:
            add_agent(desk.store, "anna", role="owner", full_name="Anna Zielińska")
            desk.admin.add_channel("chat", "webchat", SITE)
        with closing(open_desk(root, agent="anna")) as desk:
            connect(desk, web)
            desk.faq.add(FaqDraft("en", "When does it arrive?", "In two days.", published=True))
        environ: dict[str, str] = {**os.environ}
        web.hand_over(environ)
        worker = start_worker(root, environ=environ)
        try:
            yield Chat(root, web, page)
        finally:
            worker.terminate()
            worker.communicate(timeout=PATIENCE)


def desk_ui(chat: Chat) -> Terminal:
    argv = [sys.executable, "-m", "helpdesk_tui", "--store", str(chat.root), "--agent", "anna"]
    return Terminal(argv, (140, 40), {"HELPDESK_WORKER": "off"})


def picture(folder: Path, name: str, colour: str) -> Path:
    path = folder / name
    Image.new("RGB", (64, 48), colour).save(path)
    return path


def write(chat: Chat, text: str) -> None:
    chat.tab.get_by_role("textbox", name="Write a message").fill(text)
    chat.tab.get_by_role("button", name="Send", exact=True).click()


def opened_tab(chat: Chat) -> None:
    chat.page.goto(chat.web.shop)
    chat.tab.get_by_role("button", name="Open chat").click()


def test_a_chat_from_the_first_question_to_its_end(chat: Chat, tmp_path: Path) -> None:
    with desk_ui(chat) as desk:
        desk.see("Unassigned")
        _reads_then_asks(chat, desk)
        _both_type(chat, desk)
        _answer_is_read(chat, desk)
        _pictures_go_both_ways(chat, desk, tmp_path)
        chat.page.reload()
        chat.tab.get_by_role("button", name="Enlarge picture label.png").wait_for()
        _visitor_ends_it(chat, desk)
    with closing(open_desk(chat.root, agent="anna")) as look:
        assert look.triage.reopen([1]).skipped == ((1, "ticket.chat-ended"),)


def _reads_then_asks(chat: Chat, desk: Terminal) -> None:
    """The answer that is there already makes no ticket; the first message does."""
    opened_tab(chat)
    chat.tab.get_by_role("button", name="When does it arrive?").click()
    chat.tab.get_by_text("In two days.").wait_for()
    chat.tab.get_by_role("button", name="I still need help").click()
    chat.tab.get_by_role("link", name="Privacy policy").first.wait_for()
    desk.press("2")
    assert "Zofia" not in desk.text()
    write(chat, "Where is order 1042?")
    desk.see("#1 open · unassigned")
    desk.see("Zofia Nowak")


def _both_type(chat: Chat, desk: Terminal) -> None:
    box = chat.tab.get_by_role("textbox", name="Write a message")
    desk.press("enter")
    desk.see("q back")
    desk.again(lambda: box.press("a"), lambda: "Zofia Nowak is typing" in desk.text())
    desk.press("r")
    desk.see("─ chat with Zofia Nowak")
    desk.type("It left ")
    there = chat.tab.get_by_text("is typing").first
    desk.again(lambda: desk.press("x", "backspace"), there.is_visible)


def _answer_is_read(chat: Chat, desk: Terminal) -> None:
    """Enter sends; the ticket is the replier's; that it was read comes back."""
    desk.type("yesterday.")
    desk.see("│ It left yesterday.")
    desk.press("enter")
    chat.tab.get_by_text("It left yesterday.").first.wait_for()
    desk.see("✓✓ read")
    with closing(open_desk(chat.root, agent="anna", read_only=True)) as look:
        assert look.threads.load(1).ticket.row.assignee == "anna"


def _pictures_go_both_ways(chat: Chat, desk: Terminal, folder: Path) -> None:
    sent = picture(folder, "shoes.png", "#c04030")
    chat.tab.locator("input[type=file]").set_input_files(str(sent))
    write(chat, "They look like this")
    desk.see("▣ shoes.png  ")
    back = picture(folder, "label.png", "#3060c0")
    desk.press("ctrl+f")
    desk.see("─ attach files")
    desk.type(str(back))
    desk.see("▌  label.png")
    desk.press("enter")
    desk.gone("─ attach files")
    desk.see("▣ label.png  ")
    desk.type("Like so")
    desk.see("│ Like so")
    desk.press("enter")
    chat.tab.get_by_role("button", name="Enlarge picture label.png").wait_for()
    with closing(open_desk(chat.root, agent="anna", read_only=True)) as look:
        # bytes come after their names
        until(lambda: all(each.state is FileState.HERE for each in _files(look)))
        files = _files(look)
        assert [each.filename for each in files] == ["shoes.png", "label.png"]
        _, data = look.attachments.read(files[0].id)
        assert Image.open(io.BytesIO(data)).size == (64, 48)


def _files(look: Desk) -> list[AttachmentRow]:
    return [file for one in look.threads.load(1).messages for file in one.attachments]


def _visitor_ends_it(chat: Chat, desk: Terminal) -> None:
    chat.tab.get_by_role("button", name="Options").click()
    chat.tab.get_by_role("menuitem", name="End chat").click()
    chat.tab.get_by_role("button", name="End chat").last.click()
    chat.tab.get_by_text("You ended this chat.").first.wait_for()
    desk.see("ended the chat")
