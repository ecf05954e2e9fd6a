"""Approved templates by command, and locks that end a command with their own exit code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.messaging_out import World

REPLY = ("ticket", "reply")


@pytest.fixture
def world(shell):
    made = World(shell.home, "whatsapp")
    with made.store.write() as connection:
        connection.execute("UPDATE agent SET role = 'owner'")
    made.clock.now = datetime.now(UTC)
    yield made
    made.store.close()


def wrote(world, hours):
    at = datetime.now(UTC) - timedelta(hours=hours)
    return str(world.add_ticket("+15557770055", heard_at=at))


def add(shell, text="Hello {{1}}: order {{2}} is here.", language="en_US", name="order_news"):
    return shell(
        "channel", "template", "add", "line", name, "--language", language, "--text", text,
        "--category", "utility",
    )  # fmt: skip


def test_a_shut_window_ends_a_reply_with_exit_code_3_and_a_template_passes(shell, world):
    ticket = wrote(world, hours=30)
    told = shell.fails(*REPLY, ticket, "--text", "hello", code=3)
    assert "24 hours" in told
    add(shell)
    sent = shell.json(
        *REPLY, ticket, "--template", "order_news", "--value", "Lena", "--value", "4711"
    )
    row = world.message(int(sent["message"]))
    assert row["text"] == "Hello Lena: order 4711 is here."
    assert '"language": "en_US"' in row["template"]


def test_an_open_window_takes_a_plain_text(shell, world):
    assert shell(*REPLY, wrote(world, hours=1), "--text", "hello").strip().isdecimal()


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (("--value", "Lena"), 2, "takes 2 values, 1 were given"),
        (("--value", "a", "--value", "b", "--cc", "x@y.example"), 2, "--template"),
        (("--language", "pl", "--value", "a", "--value", "b"), 4, "no template order_news in pl"),
    ],
)
def test_what_cannot_be_sent_says_why(shell, world, more, code, words):
    ticket = wrote(world, hours=30)
    add(shell)
    assert words in shell.fails(*REPLY, ticket, "--template", "order_news", *more, code=code)


def test_a_template_in_several_languages_needs_one_named(shell, world):
    ticket = wrote(world, hours=30)
    add(shell)
    add(shell, language="pl")
    told = shell.fails(*REPLY, ticket, "--template", "order_news", code=2)
    assert "en_US, pl" in told


def test_templates_are_listed_and_removed(shell, world):
    add(shell)
    found = shell.json("channel", "template", "list", "line")["templates"]
    assert [(each["name"], each["values"], each["source"]) for each in found] == [
        ("order_news", 2, "entered")
    ]
    assert "Hello {{1}}" in shell("channel", "template", "list", "line")
    shell("channel", "template", "remove", "line", "order_news")
    assert "no templates" in shell("channel", "template", "list", "line")
    shell.fails("channel", "template", "remove", "line", "order_news", code=4)


def test_sms_without_consent_ends_with_exit_code_3(shell):
    world = World(shell.home, "sms")
    ticket = str(world.add_ticket("+15557770044"))
    told = shell.fails(*REPLY, ticket, "--text", "hello", code=3)
    assert "consent" in told
    world.store.close()
