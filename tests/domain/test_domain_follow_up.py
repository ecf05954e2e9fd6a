"""When a follow-up is due, what it says, which files fit; and mail to the team."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain import team_mail
from helpdesk_tui.domain.follow_up import (
    FollowedChat,
    Reply,
    due_at,
    fitting,
    subject_of,
    text_of,
)
from helpdesk_tui.domain.team_mail import NewTicket, pause_after, without_links

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("chat", "due"),
    [
        (FollowedChat(NOW, 1, NOW - MINUTE), NOW + 3 * MINUTE),
        (FollowedChat(NOW, 1, NOW + 9 * MINUTE), NOW + 9 * MINUTE),
        (FollowedChat(NOW, 1, None), None),
        (FollowedChat(NOW, 0, NOW), None),
        (FollowedChat(None, 0, NOW), None),
        (FollowedChat(NOW, 1, NOW, is_told=True), None),
    ],
)
def test_it_is_due_once_both_hold(chat: FollowedChat, due: datetime | None) -> None:
    assert due_at(chat) == due


def test_the_text_says_who_wrote_what_and_how_to_go_on() -> None:
    replies = [Reply(1, "Anna", "One."), Reply(2, "Anna", "Two."), Reply(3, "Bo", "Three."),
               Reply(4, "Bo", "  ")]  # fmt: skip
    text = text_of("en", "Ana Silva", replies, ["film.mp4"])
    assert text.startswith("Hello Ana Silva,")
    assert "Anna:\nOne.\n\nTwo.\n\nBo:\nThree.\n\nToo large for this mail: film.mp4" in text
    assert text_of("pl", "", [Reply(1, "", "Tak.")], ()).startswith("Dzień dobry,\n\n")


def test_no_line_of_a_name_breaks_out() -> None:
    assert "\n" not in subject_of("en", "Tea\r\nBcc: x@example.net")
    assert text_of("en", "Ana\nBcc: x", [], ()).startswith("Hello Ana Bcc: x,")


@pytest.mark.parametrize(
    ("sizes", "limit", "going"),
    [
        ([], 0, ()),
        ([10, 10], 0, (0, 1)),
        ([40_000, 10], 50_000, (1,)),
        ([10_000, 10_000], 50_000, (0,)),
        ([5_000, 5_000], 60_000, (0, 1)),
    ],
)
def test_files_go_along_as_long_as_there_is_room(
    sizes: list[int], limit: int, going: tuple[int, ...]
) -> None:
    assert fitting(sizes, limit) == going


def test_the_teams_mail_has_a_line_for_each_ticket_and_no_links() -> None:
    tickets = [NewTicket(1, "Ana", "Hi, see https://evil.example/?x and www.evil.example now"),
               NewTicket(2, "", ""), NewTicket(3, "Bo\x1b[31m", "Two\nlines")]  # fmt: skip
    text = team_mail.text_of("en", "Tea", tickets)
    assert "#1  Ana: Hi, see […] and […] now\n#2\n" in text
    assert "#3  Bo" in text
    assert "Two lines" in text
    assert "\x1b" not in text
    assert team_mail.subject_of("sv", "Webchat", tickets) == "Nya ärenden (Webchat): 3"


def test_a_flood_is_counted_rather_than_listed() -> None:
    text = team_mail.text_of("en", "Tea", [NewTicket(n, "Ana", "Hi") for n in range(100)])
    assert text.count("#") == 40
    assert "and more of them: 60" in text


@pytest.mark.parametrize("text", ["HTTP://x.example", "a://b", "see:https://x", "WWW.x.example"])
def test_nothing_can_be_clicked(text: str) -> None:
    assert "x" not in without_links(text).lower()


def test_pauses_grow_to_half_an_hour() -> None:
    pauses = [pause_after(attempts) for attempts in (0, 1, 2, 3, 50)]
    assert pauses == [timedelta(seconds=each) for each in (30, 30, 60, 120, 1800)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("see https://evil.example/x?y and www.evil.example", "see […] and […]"),
        ("log in at evil.example/login, now.", "log in at evil .example/login, now."),
        ("my.bank.example", "my .bank .example"),
        ("write to zofia@customer.example", "write to zofia@customer.example"),
        ("3.50 euro. Where is it? v1.2", "3.50 euro. Where is it? v1.2"),
    ],
)
def test_the_team_reads_nothing_of_strangers_that_a_mail_client_links(
    written: str, read: str
) -> None:
    assert without_links(written) == read
