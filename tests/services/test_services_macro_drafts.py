"""Macros in a draft: what follows when it is sent, and all of it taken back as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.actor import SYSTEM, Role
from helpdesk_tui.domain.errors import HelpdeskError, NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.macros.macro import Mode
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.macros.macros import Macros
from helpdesk_tui.services.settings import Settings
from tests.support.store import FakeClock, add_message, add_ticket, make_desk

REFUND = """
name = "Refund"
[actions]
note = "money goes back to {{ customer.name }}"
attach = ["label.pdf"]
tag = "+refund"
status = "close"
then = "next"
[body]
email = "Hi {{ customer.first_name }}"
[body.pl]
email = "Cześć"
"""
REPLY, NOTE = DraftKind.REPLY, DraftKind.NOTE
WRITTEN = "Hello, where is my parcel?"
LABEL = {"label.pdf": OutgoingFile("label.pdf", "", b"%PDF")}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = make_desk(tmp_path, clock=FakeClock())
    opened.actor = replace(opened.actor, role=Role.MANAGER)
    with opened.store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (name, channel, address, created_at)"
            " VALUES ('support', 'email', 'support@shop.example', 0)"
        )
    yield opened
    opened.close()


@pytest.fixture
def ticket(desk: Desk) -> int:
    number = add_ticket(desk.store, waiting_since=None)
    add_message(desk.store, number)
    return number


def row_of(desk: Desk, ticket: int) -> tuple[Status, tuple[str, ...]]:
    row = desk.threads.load(ticket).ticket.row
    return row.status, row.tags


def test_the_actions_follow_the_reply_and_go_back_with_it(desk: Desk, ticket: int) -> None:
    macro = desk.macros.save(REFUND, files=LABEL)
    desk.drafts.save(ticket, REPLY, "what I had begun")
    drafted = desk.macros.draft(macro.id, ticket, "what I had begun Hi Lena")
    assert [file.filename for file in drafted.files] == ["label.pdf"]
    assert [step.name for step in drafted.following[0].steps] == ["note", "tag", "status"]
    kept = desk.drafts.load(ticket, REPLY)
    assert kept is not None
    assert (kept.text, kept.macros) == ("what I had begun", ((macro.id, "en"),))
    assert row_of(desk, ticket) == (Status.OPEN, ())  # nothing is done before it is sent

    queued = desk.replies.reply(ticket, "Hi Lena")
    assert row_of(desk, ticket) == (Status.CLOSED, ("refund",))
    assert desk.drafts.load(ticket, REPLY) is None
    assert desk.macros.following(ticket).following == ()
    assert desk.macros.load(macro.id).uses == 1

    back = desk.replies.undo_send(queued.message_id)
    assert row_of(desk, ticket) == (Status.OPEN, ())
    assert (back.text, back.macros) == ("Hi Lena", ((macro.id, "en"),))
    assert not any(one.text.startswith("money") for one in desk.threads.load(ticket).messages)
    assert desk.macros.following(ticket).following[0].name == "Refund"


def test_a_scheduled_reply_goes_back_with_the_actions_of_its_macro(desk: Desk, ticket: int) -> None:
    desk.macros.draft(desk.macros.save(REFUND, files=LABEL).id, ticket, "Hi Lena")
    queued = desk.replies.reply(ticket, "Hi Lena", at=desk.clock() + timedelta(days=1))
    assert row_of(desk, ticket) == (Status.CLOSED, ("refund",))
    assert desk.triage.undo(queued.change_id).skipped == ()
    assert row_of(desk, ticket) == (Status.OPEN, ())
    assert desk.replies.outbox() == ()
    kept = desk.drafts.load(ticket, REPLY)
    assert kept is not None
    assert kept.text == "Hi Lena"


def test_a_reply_whose_macro_cannot_be_done_does_not_leave_without_it(
    desk: Desk, ticket: int
) -> None:
    source = 'name = "a"\n[actions]\ntag = "+x"\nassign = "returns"\n[body]\nemail = "Hi"'
    macro = desk.macros.save(source)
    desk.macros.draft(macro.id, ticket, "Hi")
    with pytest.raises(NotFound) as caught:
        desk.replies.reply(ticket, "Hi")
    assert caught.value.code == "team.unknown"
    assert row_of(desk, ticket) == (Status.OPEN, ())
    assert [one.text for one in desk.threads.load(ticket).messages] == [WRITTEN]
    kept = desk.drafts.load(ticket, REPLY)
    assert kept is not None
    assert kept.text == "Hi"
    desk.macros.drop(ticket)
    desk.replies.reply(ticket, "Hi")  # without it, it may
    assert row_of(desk, ticket) == (Status.OPEN, ())


def test_a_macro_goes_to_a_team(desk: Desk, ticket: int) -> None:
    desk.actor = replace(desk.actor, role=Role.ADMIN)
    desk.__dict__.pop("teams", None)
    desk.teams.add("returns")
    macro = desk.macros.save('name = "a"\n[actions]\nassign = "returns"')
    applied = desk.macros.apply(macro.id, [ticket])
    assert applied.outcomes[0].steps[0].name == "team"
    assert desk.threads.load(ticket).ticket.row.team_id is not None
    desk.triage.undo(applied.change_id)
    assert desk.threads.load(ticket).ticket.row.team_id is None


def test_a_macro_in_a_note_does_nothing_but_write(desk: Desk, ticket: int) -> None:
    macro = desk.macros.save(REFUND, files=LABEL)
    desk.macros.draft(macro.id, ticket, "note", kind=NOTE)
    desk.replies.note(ticket, "note")
    assert row_of(desk, ticket) == (Status.OPEN, ())


@pytest.mark.parametrize("how", ["discarded", "emptied", "deleted"])
def test_a_draft_that_is_gone_leaves_nothing_to_follow(desk: Desk, ticket: int, how: str) -> None:
    macro = desk.macros.save('name = "a"\n[actions]\ntag = "+x"\n[body]\nemail = "Hi"')
    desk.macros.draft(macro.id, ticket, "Hi")
    if how == "discarded":
        desk.drafts.discard(ticket, REPLY)
    elif how == "emptied":
        desk.drafts.save(ticket, REPLY, "")
    else:
        desk.macros.delete(macro.id)
    assert desk.macros.following(ticket).following == ()
    desk.replies.reply(ticket, "another text")
    assert row_of(desk, ticket)[1] == ()


def test_what_follows_moves_with_the_draft_of_a_merged_ticket(desk: Desk, ticket: int) -> None:
    other = add_ticket(desk.store, waiting_since=None)
    add_message(desk.store, other)
    macro = desk.macros.save('name = "a"\n[actions]\ntag = "+x"\n[body]\nemail = "Hi"')
    desk.macros.draft(macro.id, other, "Hi")
    desk.merging.merge([other], ticket)
    assert [one.name for one in desk.macros.following(ticket).following] == ["a"]


def test_a_run_that_is_taken_back_leaves_the_draft_as_it_was(desk: Desk, ticket: int) -> None:
    macro = desk.macros.save('name = "a"\n[actions]\ntag = "+x"\n[body]\nemail = "Ran"')
    desk.drafts.save(ticket, REPLY, "half written")
    outcome = desk.macros.apply(macro.id, [ticket], mode=None).outcomes[0]
    assert outcome.message_id is None  # inserting does its actions only
    ran = desk.macros.apply(macro.id, [ticket], mode=Mode.RUN).outcomes[0]
    assert ran.message_id is not None
    desk.replies.undo_send(ran.message_id)
    kept = desk.drafts.load(ticket, REPLY)
    assert kept is not None
    assert (kept.text, kept.macros) == ("half written", ())


@pytest.mark.parametrize("text", ["Hi {{ customer.first_name }}", "{{first_name}} hi"])
def test_a_variable_that_nobody_filled_in_does_not_leave(
    desk: Desk, ticket: int, text: str
) -> None:
    with pytest.raises(UsageError) as caught:
        desk.replies.reply(ticket, text)
    assert caught.value.code == "reply.hole"
    assert caught.value.values["start"] == text.index("{{")
    desk.replies.reply(ticket, f"as you wrote:\n> {text}")  # what is quoted is theirs


def test_names_have_their_values_for_completion(desk: Desk, ticket: int) -> None:
    values = desk.macros.values(ticket)
    assert values["customer.first_name"] == "Lena"
    assert values["ticket.id"] == str(ticket)
    assert values["order.last.name"] == ""


@pytest.mark.parametrize(
    ("written", "spoken", "language"),
    [
        ("Dzień dobry, kiedy będzie moje zamówienie?", "", "pl"),
        ("Where is my order, and when is it here?", "pl", "en"),
        ("1234", "pl", "pl"),
        ("1234", "", "en"),
        ("Wann kommt meine Bestellung, ich warte auf sie", "", "en"),
    ],
)
def test_the_language_is_the_customers_else_the_agents(
    desk: Desk, written: str, spoken: str, language: str
) -> None:
    macro = desk.macros.save('name = "a"\n[body]\nemail = "Hi"\n[body.pl]\nemail = "Cześć"')
    number = add_ticket(desk.store)
    add_message(desk.store, number, text=written)
    if spoken:
        desk.settings.set("language", spoken)
    assert desk.macros.preview(macro.id, number).plan.language == language
    assert desk.macros.preview(macro.id, number, language="pl").text == "Cześć"


def test_an_agent_who_said_no_language_speaks_that_of_the_desk(desk: Desk) -> None:
    macro = desk.macros.save('name = "a"\n[body]\nemail = "Hi"\n[body.pl]\nemail = "Cześć"')
    number = add_ticket(desk.store)
    Settings(desk.store, SYSTEM).set("language", "pl")
    assert desk.macros.preview(macro.id, number).plan.language == "pl"
    desk.settings.set("language", "en")
    assert desk.macros.preview(macro.id, number).plan.language == "en"


def test_each_agent_may_have_favourites_of_their_own(desk: Desk) -> None:
    first = desk.macros.save('name = "a"\nkeys = "1"\n[body]\nemail = "x"')
    second = desk.macros.save('name = "b"\n[body]\nemail = "x"')
    desk.macros.prefer(second.id, "1")
    assert {key: row.name for key, row in desk.macros.favourites().items()} == {"1": "b"}
    desk.macros.prefer(first.id, "2")
    assert {key: row.name for key, row in desk.macros.favourites().items()} == {"1": "b", "2": "a"}
    desk.macros.prefer(first.id, "")
    desk.macros.prefer(first.id, "2")
    desk.macros.prefer(second.id, "")
    assert {key: row.name for key, row in desk.macros.favourites().items()} == {"2": "a"}
    assert desk.macros.load(first.id).keys == "1"  # the desk's stays as it is
    desk.macros.delete(first.id)
    assert desk.macros.favourites() == {}
    with pytest.raises(HelpdeskError):
        desk.macros.prefer(second.id, "x")


def test_nobody_has_a_draft_without_a_name(desk: Desk, ticket: int) -> None:
    system = Macros(desk.store, SYSTEM, now=desk.clock)
    for call in (lambda: system.following(ticket), lambda: system.prefer(1, "1")):
        with pytest.raises(NotAllowed):
            call()
