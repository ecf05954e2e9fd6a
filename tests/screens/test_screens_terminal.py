"""The program in a real terminal: what survives signals, sizes, colleagues and bad starts."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.services.desk import Desk, open_desk
from tests.support.store import add_agent, add_message, add_ticket, make_store
from tests.support.terminal import Terminal

TEXT = "Dear Lena, your parcel left on Friday"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with two agents and three unread tickets of anna."""
    store = make_store(tmp_path)
    add_agent(store, "anna")
    add_agent(store, "marek")
    now = datetime.now(UTC)
    for number in range(3):
        at = now - timedelta(minutes=10 * number + 1)
        ticket = add_ticket(
            store, name=f"Customer {number}", email=f"c{number}@example.net", at=at,
            subject=f"subject {number}", assignee="anna", status="open", unread=1,
        )  # fmt: skip
        add_message(store, ticket, text=f"question {number}", at=at)
    with store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (id, name, channel, address, created_at)"
            " VALUES (1, 'shop', 'email', 'support@shop.example', 0)"
        )
        connection.execute(
            "INSERT INTO support_address (address, name, channel_account_id)"
            " VALUES ('support@shop.example', 'Shop', 1)"
        )
    yield store
    store.close()


def environment(store: Store, **more: str) -> dict[str, str]:
    home = str(store.paths.root.parent / "home")
    return {
        "HOME": home, "XDG_CONFIG_HOME": f"{home}/config", "XDG_DATA_HOME": f"{home}/data",
        "HELPDESK_WORKER": "off", "HELPDESK_STORE": "", "HELPDESK_AGENT": "", "TZ": "UTC", **more,
    }  # fmt: skip


def program(store: Store, *arguments: str, agent: str = "anna") -> list[str]:
    root = str(store.paths.root)
    return [sys.executable, "-m", "helpdesk_tui", "--store", root, "--agent", agent, *arguments]


def opened(
    store: Store, agent: str = "anna", size: tuple[int, int] = (120, 36), **more: str
) -> Terminal:
    return Terminal(program(store, agent=agent), size=size, env=environment(store, **more))


def writing(screen: Terminal, text: str = TEXT) -> None:
    screen.see("question 0")
    screen.press("r")
    screen.see("reply to Customer 0")
    screen.type(text)
    screen.see(text)


def desk_of(store: Store, agent: str = "anna") -> Desk:
    return open_desk(store.paths.root, agent=agent)


def draft_text(store: Store, ticket: int = 1) -> str:
    desk = desk_of(store)
    try:
        draft = desk.drafts.load(ticket, DraftKind.REPLY)
        return draft.text if draft is not None else ""
    finally:
        desk.close()


def test_text_typed_soon_before_kill_9_is_there_at_the_next_start(store: Store) -> None:
    with opened(store) as screen:
        writing(screen)
        # a second, where nobody else computes
        screen.until(lambda: draft_text(store) == TEXT)
        screen.type(" and then")
        screen.signal(signal.SIGKILL)
        assert screen.ended()
    with opened(store) as screen:
        screen.see("question 0")
        screen.press("r")
        assert TEXT in screen.see(TEXT)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM], ids=["SIGHUP", "SIGTERM"])
def test_a_signal_saves_the_last_letter_and_ends_cleanly(
    store: Store, number: signal.Signals
) -> None:
    with opened(store) as screen:
        writing(screen, "To the last letter")
        os.write(screen.fd, b"!")
        screen.see("letter!")
        screen.signal(number)
        assert screen.ended()
        assert b"Traceback" not in screen.raw
        # the terminal is given back as it was
        assert screen.raw.rfind(b"\x1b[?1049l") > screen.raw.rfind(b"\x1b[?1049h")
    assert draft_text(store) == "To the last letter!"


def test_a_window_of_any_size_keeps_text_and_selection(store: Store) -> None:
    with opened(store) as screen:
        screen.see("question 0")
        screen.press("j")
        screen.see("question 1")
        screen.press("r")
        screen.see("reply to Customer 1")
        screen.type(TEXT)
        screen.resize(20, 5)
        screen.see("80")
        screen.resize(1, 1)
        screen.pump(0.6, quiet=0.3)
        screen.resize(120, 36)
        screen.see(TEXT)
        assert "reply to Customer 1" in screen.text()
        screen.type("!")
        screen.see(f"{TEXT}!")
        screen.press("esc")
        screen.gone("reply to")
        screen.see("✎ draft")


def test_without_colours_only_greys_are_written(store: Store) -> None:
    with opened(store, NO_COLOR="1") as screen:
        screen.see("question 0")
        screen.press("j")
        screen.see("question 1")
        colours = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", bytes(screen.raw))
        assert all(len(set(one)) == 1 for one in colours)


def test_in_ascii_mode_the_list_is_made_of_letters(store: Store, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("ascii = true\n")
    with opened(store, HELPDESK_CONFIG=str(tmp_path / "config.toml")) as screen:
        screen.see("question 0")
        assert "* E Customer 0" in screen.text()
        left = "".join(line[:50] for line in screen.text().splitlines())
        assert left.isascii(), [sign for sign in left if not sign.isascii()]


def test_what_a_colleague_does_shows_up_here(store: Store) -> None:
    with opened(store) as mine, opened(store, "marek") as theirs:
        mine.see("question 0")
        theirs.see("helpdesk" if theirs.columns > 139 else "Mine")
        theirs.press("3")
        theirs.see("question 0")
        theirs.press("t")
        theirs.see("type to find or to make a tag")
        theirs.type("urgent")
        theirs.press("enter")
        mine.see("urgent")
        theirs.press("r")
        theirs.see("reply to Customer 0")
        theirs.type("On its way")
        theirs.press("ctrl+o")
        theirs.see("y send")
        theirs.press("y")
        mine.see("On its way")
        theirs.see("leaves in")
        theirs.press("e")
        mine.see("#1 closed")


def test_a_reply_overtaken_by_a_colleague_asks(store: Store) -> None:
    marek = desk_of(store, "marek")
    with opened(store) as screen:
        writing(screen, "Mine")
        marek.replies.reply(1, "I did it already")
        screen.press("ctrl+o")
        screen.see("I did it already")
        screen.see("Marek answered")
        assert all(one.text != "Mine" for one in marek.threads.load(1).messages)
    marek.close()


def test_the_title_of_the_window_carries_the_unread_number(store: Store) -> None:
    with opened(store) as screen:
        screen.see("question 0")
        screen.writes(b"\x1b]2;(3) ")
        screen.press("enter")
        screen.writes(b"\x1b]2;(2) ")


@pytest.mark.parametrize(
    ("agent", "folder", "part"),
    [("nobody", "store", "nobody"), ("anna", "elsewhere", "elsewhere")],
    ids=["unknown agent", "missing store"],
)
def test_a_wrong_start_is_one_line(
    store: Store, tmp_path: Path, agent: str, folder: str, part: str
) -> None:
    argv = [
        sys.executable, "-m", "helpdesk_tui", "--store", str(tmp_path / folder), "--agent", agent,
    ]  # fmt: skip
    with Terminal(argv, size=(300, 10), env=environment(store)) as screen:
        assert screen.ended()
        screen.see(part)
        lines = [line for line in screen.text().splitlines() if line.strip()]
        assert len(lines) == 1, lines
        assert b"Traceback" not in screen.raw
