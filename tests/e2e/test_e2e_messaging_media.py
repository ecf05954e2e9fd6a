"""Files of messages in a terminal and over SSH: gallery, zoom, saving, blacking out, commands."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from functools import partial

import pytest
from PIL import Image

from tests.support.dovecot import USER
from tests.support.messaging_world import MessagingWorld, photo, running_messaging
from tests.support.providers.values import SimFile
from tests.support.smtp import MailServer, running_smtp
from tests.support.waiting import until

pytestmark = [pytest.mark.slow]

Answers = tuple[tuple[re.Pattern[bytes], bytes], ...]
DA1 = re.compile(rb"\x1b\[c")
CELL = (re.compile(rb"\x1b\[16t"), b"\x1b[6;18;9t")
KITTY = (
    (re.compile(rb"\x1b\[>q"), b"\x1bP>|kitty(0.36.1)\x1b\\"),
    CELL,
    (re.compile(rb"\x1b_Gi=7001[^\x1b]*\x1b\\"), b"\x1b_Gi=7001;OK\x1b\\"),
    (DA1, b"\x1b[?62;c"),
)
SIXEL = (CELL, (DA1, b"\x1b[?62;4;22c"))
ITERM = (
    (re.compile(rb"\x1b\[>q"), b"\x1bP>|iTerm2 3.5.0\x1b\\"),
    CELL,
    (DA1, b"\x1b[?62;c"),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MessagingWorld]:
    with running_messaging(tmp_path_factory.mktemp("media")) as found:
        yield found


@pytest.fixture(scope="module")
def shown(world: MessagingWorld) -> int:
    """Return a ticket in which two pictures of the same name have come."""
    number = "+15557771001"
    world.consented(number)
    files = [SimFile(photo(640, 480), "image/jpeg"), SimFile(photo(480, 640), "image/jpeg")]
    world.sim.twilio.customer_sends(number, "these two", files=files)
    ticket = world.ticket_of("these two")
    world.files_here(ticket, 2)
    return ticket


def test_files_are_looked_at_closely_and_saved_beside_each_other(
    world: MessagingWorld, shown: int
) -> None:
    down = world.folder / "home" / "Downloads"
    down.mkdir()
    with world.opened(shown) as anna:
        anna.see("▀▀▀▀")
        anna.press("O")
        anna.see("2 files")
        anna.press("*")
        anna.see("2 marked")
        anna.press("S")
        anna.until(lambda: len(list(down.iterdir())) == 2)
        anna.see("2 files saved in")
        anna.press("S")
        anna.until(lambda: len(list(down.iterdir())) == 4)
        anna.press("enter")
        anna.see("1/2")
        anna.see("▀" * 60)
        anna.press("+", "+")
        anna.see("×  1/2")
        anna.press("q")
        anna.see("2 files")
        anna.press("q")
        anna.see("these two")
    assert sorted(each.name for each in down.iterdir())[:2] == ["image (2).jpg", "image (3).jpg"]


@pytest.mark.parametrize(
    ("answers", "env", "begins"),
    [
        (KITTY, {"TERM": "xterm-kitty"}, b"\x1b_Ga=T"),
        (SIXEL, {}, b'\x1bP0;1q"1;1;'),
        (ITERM, {"TERM_PROGRAM": "iTerm.app"}, b"\x1b]1337;File="),
    ],
    ids=["kitty", "sixel", "iterm"],
)
def test_pixels_are_drawn_where_the_terminal_can(
    world: MessagingWorld, shown: int, answers: Answers, env: dict[str, str], begins: bytes
) -> None:
    with world.opened(shown, answers=answers, **env) as anna:
        anna.see("these two")
        anna.until(lambda: begins in anna.raw)


def test_files_come_and_go_by_commands_as_over_ssh(world: MessagingWorld, shown: int) -> None:
    ids = [row[0] for row in world.rows("SELECT id FROM attachment ORDER BY id LIMIT 2")]
    got = world.run("attachment", "get", str(ids[0]))
    assert Image.open(io.BytesIO(got.stdout)).size == (640, 480)
    label = photo(200, 100, "PNG")
    world.cli("attachment", "put", str(shown), "--name", "label.png", given=label)
    assert world.sim.sent_to("+15557771001") == []
    with world.opened(shown) as anna:
        anna.see("these two")
        anna.press("r")
        anna.see("▣ label.png")
        anna.type("As promised")
        anna.see("│ As promised")
        anna.press("enter")
        [sent] = world.sent("+15557771001")
    assert (sent.text, sent.files) == ("As promised", (label,))


def test_a_part_of_a_picture_is_blacked_out_before_it_leaves(world: MessagingWorld) -> None:
    number = "+15557771002"
    world.consented(number)
    world.sim.twilio.customer_sends(number, "send me a screenshot")
    ticket = world.ticket_of("send me a screenshot")
    secret = world.folder / "screenshot.png"
    secret.write_bytes(photo(400, 300, "PNG"))
    with world.opened(ticket) as anna:
        anna.see("send me a screenshot")
        anna.press("r")
        anna.see(f"─ reply to {number} · SMS from")
        anna.type(f"\x1b[200~{secret}\x1b[201~")
        anna.see("▣ screenshot.png")
        anna.type("Here, my card is 4111 1111 1111 1111")
        anna.see("│ Here, my card is 4111 1111 1111 1111")
        anna.press("ctrl+o")
        anna.see("r blacks out a part of a picture")
        anna.press("r")
        anna.see("─ black out")
        anna.see("▀╋▀")
        anna.press("space", *["right"] * 6, *["down"] * 4, "space", "y")
        anna.see("blacked out")
        anna.press("enter")
        anna.see("Send it all the same?")
        assert world.sim.sent_to(number) == []
        anna.press("y")
        [sent] = world.sent(number)
    picture = Image.open(io.BytesIO(sent.files[0])).convert("RGB")
    colours = {colour for _, colour in picture.getcolors(1 << 20) or []}
    assert picture.size == (400, 300)
    assert (0, 0, 0) in colours
    assert (208, 32, 32) in colours
    assert secret.read_bytes() == photo(400, 300, "PNG")


def mailed(server: MailServer, text: str) -> bool:
    """Tell whether a mail with a text has been sent."""
    mails = [message_from_bytes(each.raw, policy=policy.default) for each in server.taken]
    bodies = [each.get_body(("plain",)) for each in mails]
    return any(text in body.get_content() for body in bodies if body is not None)


def test_each_sms_is_told_by_mail(world: MessagingWorld) -> None:
    with running_smtp(None, security="none") as mail:
        with world.desk() as desk:
            box = {"imap_host": "localhost", "imap_port": 9, "user": USER}
            settings = {**box, **mail.settings("none")}
            desk.admin.add_channel("support", "email", "support@shop.example", settings=settings)
        world.set(team_mail_sms=["team@shop.example"], team_mail_every="1s")
        number = "+15557771003"
        for text in ("first one", "second one"):
            world.sim.twilio.customer_sends(number, text)
            world.ticket_of(text)
            until(partial(mailed, mail, text))
        assert {each.recipients for each in mail.taken} == {("team@shop.example",)}
