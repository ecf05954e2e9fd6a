"""``hours``, the settings behind it, and what the doctor says of them."""

from __future__ import annotations

from contextlib import closing

import pytest

from helpdesk_tui.db.store import Store
from tests.support.chats import add_site
from tests.support.shell import Shell
from tests.support.store import add_mailbox


def test_without_office_hours_it_is_always_open(desk: Shell) -> None:
    assert "always open" in desk("hours")
    assert desk.json("hours")["always"] is True
    assert "always open" in desk("doctor")


def test_two_weeks_are_shown_with_what_is_special(desk: Shell) -> None:
    desk("setting", "set", "office-hours", "mon-fri", "9:00-17:00,", "fri", "22:00-2:00")
    desk("setting", "set", "office-zone", "Europe/Warsaw")
    found = desk.json("hours")
    assert found["zone"] == "Europe/Warsaw"
    assert len(found["days"]) == 14
    assert [len(day["open"]) for day in found["days"][:7]] == [1, 1, 1, 1, 2, 0, 0]
    last = found["days"][-1]["date"]
    desk("setting", "set", "office-exceptions", f"{last} 0:00-24:00")
    assert desk.json("hours")["days"][-1]["exception"] is True
    said = desk("hours")
    assert "09:00-17:00 22:00-02:00" in said
    assert "closed" in said
    assert "exception" in said


def test_an_office_that_never_opens_says_so(desk: Shell) -> None:
    desk("setting", "set", "office-exceptions", "2020-01-01 closed")
    assert "not open within a year" in desk("hours")
    assert desk.json("hours")["next_opening"] is None


def test_an_office_that_is_open_says_so(desk: Shell) -> None:
    desk("setting", "set", "office-hours", "daily 0:00-24:00")
    assert "open now" in desk("hours")
    assert desk.json("hours")["open"] is True


def test_a_wrong_schedule_is_refused_with_the_part_that_is_wrong(desk: Shell) -> None:
    assert "mnd is no day" in desk.fails("setting", "set", "office-hours", "mnd 9-17", code=2)
    assert "9-25 is no span" in desk.fails("setting", "set", "office-hours", "mon 9-25", code=2)


def test_an_address_anybody_could_have_is_warned_of(desk: Shell) -> None:
    desk("setting", "set", "follow-up-address", "shop@gmail.com")
    assert "anybody can have an address at gmail.com" in desk.err


def test_doctor_names_what_is_missing_about_hours(desk: Shell) -> None:
    desk("setting", "set", "office-hours", "mon 9-17")
    desk("setting", "set", "office-holidays", "XX")
    said = desk("doctor")
    assert "no time zone" in said
    assert "no holidays are known for XX" in said


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "there is no verified support address"),
        ({"mailbox": "support@shop.example"}, "get what they did not read"),
        ({"mailbox": "shop@gmail.com"}, "one that anybody could have"),
        ({"mailbox": "a@shop.example", "follow-up-address": "b@shop.example"}, "is used"),
        ({"mailbox": "a@shop.example", "team-mail-email": "a@shop.example"}, "by this desk itself"),
        ({}, "nobody is told of new chats"),
        ({"team-mail-webchat": "team@shop.example"}, "no mailbox is connected: the team gets"),
    ],
)
def test_doctor_speaks_of_chats_where_there_is_one(
    desk: Shell, settings: dict[str, str], said: str
) -> None:
    assert said not in desk("doctor")
    with closing(Store(desk.store)) as store:
        add_site(store)
        mailbox = settings.get("mailbox")
        if mailbox:
            add_mailbox_beside(store, mailbox)
    for name, value in settings.items():
        if name != "mailbox":
            desk("setting", "set", name, value)
    assert said in " ".join(desk("doctor", code=1).split())


def add_mailbox_beside(store: Store, address: str) -> None:
    with store.write() as connection:
        connection.execute("UPDATE channel_account SET id = 9")
    add_mailbox(store, addresses=(address,))
