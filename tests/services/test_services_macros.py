"""Macros over a real store: kept, found, filled in, used and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.actor import Role
from helpdesk_tui.domain.errors import Conflict, NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.macros.macro import Mode, Then
from helpdesk_tui.domain.macros.render import NOT_CONNECTED
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.messages import Delivery, Direction, DraftKind
from helpdesk_tui.domain.tickets import Priority, Status
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.macros.macros import MacroRow, Macros
from tests.support.macro_desk import macro_desk
from tests.support.store import FakeClock, add_agent, add_message, add_ticket

RUN = """
name = "Late parcel"
keys = "1"

[actions]
note = "asked for {{ customer.name }}"
tag = "+shipping -new"
assign = "me"
priority = "high"
snooze = "2d!"
then = "next"

[body]
email = "Hi {{ customer.first_name | default: 'there' }}, ticket {{ ticket.id }}. {{ agent.name }}"
sms = "Hi"

[body.pl]
email = "Cześć {{ customer.first_name }}"
"""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    opened = macro_desk(tmp_path, clock)
    yield opened
    opened.close()


@pytest.fixture
def ticket(desk: Desk) -> int:
    number = add_ticket(desk.store, tags=("new",), waiting_since=None)
    add_message(desk.store, number)
    return number


def saved(desk: Desk, source: str = RUN, **more: Any) -> MacroRow:
    return desk.macros.save(source, **more)


def state(desk: Desk, ticket: int) -> tuple[object, ...]:
    """Return all of a ticket that a macro moves, and how many messages it has."""
    thread = desk.threads.load(ticket)
    row = thread.ticket.row
    return (
        row.status, row.tags, row.assignee, row.priority, row.snoozed_until, row.spam, row.unread,
        row.waiting_since, row.preview, row.message_count, len(thread.messages),
    )  # fmt: skip


def test_a_macro_is_kept_as_its_file_and_found_again(desk: Desk) -> None:
    row = saved(desk)
    assert row.source == RUN
    assert (row.keys, row.uses, row.version) == ("1", 0, 1)
    assert desk.macros.find("LATE  parcel").id == row.id
    assert desk.macros.load(row.id) == row
    assert desk.macros.favourites() == {"1": row}
    with pytest.raises(UsageError, match=r"macro\.exists"):
        saved(desk, 'name = "late Parcel"\n[body]\nemail = "x"')
    with pytest.raises(NotFound, match=r"macro\.unknown .*known=Late parcel"):
        desk.macros.find("late")
    with pytest.raises(NotFound, match=r"macro\.missing"):
        desk.macros.load(99)


def test_a_mistake_keeps_it_from_being_saved(desk: Desk) -> None:
    with pytest.raises(UsageError) as caught:
        saved(desk, 'name = "a"\n[body]\nemail = "{{ customer.nam }}"')
    assert caught.value.code == "macro.unknown-name"
    assert (caught.value.values["line"], caught.value.values["name"]) == (3, "customer.nam")
    assert desk.macros.all() == ()


def test_two_who_edit_one_macro_do_not_overwrite_each_other(desk: Desk) -> None:
    row = saved(desk)
    changed = RUN.replace("Late parcel", "Lost parcel")
    assert saved(desk, changed, macro_id=row.id, version=row.version).version == 2
    with pytest.raises(Conflict, match=r"macro\.changed-meanwhile"):
        saved(desk, RUN, macro_id=row.id, version=row.version)
    with pytest.raises(Conflict, match=r"macro\.changed-meanwhile"):
        desk.macros.delete(row.id, version=1)
    desk.macros.delete(row.id, version=2)
    with pytest.raises(NotFound, match=r"macro\.missing"):
        desk.macros.delete(row.id)
    with pytest.raises(NotFound, match=r"macro\.missing"):
        saved(desk, RUN, macro_id=row.id)


def test_a_key_opens_one_macro(desk: Desk) -> None:
    first = saved(desk)
    second = saved(desk, 'name = "Other"\nkeys = "1"\n[body]\nemail = "x"')
    assert desk.macros.load(first.id).keys == ""
    assert desk.macros.load(first.id).macro.keys == ""
    assert desk.macros.favourite(first.id, "1").keys == "1"
    assert desk.macros.load(second.id).keys == ""
    assert '\n[actions]\nnote = "asked' in desk.macros.load(first.id).source
    with pytest.raises(UsageError, match=r"macro\.bad-value"):
        desk.macros.favourite(first.id, "x")


def test_support_agents_use_macros_and_do_not_edit_them(desk: Desk, ticket: int) -> None:
    row = saved(desk)
    agent = Macros(desk.store, replace(desk.actor, role=Role.SUPPORT), now=desk.clock)
    for act in (
        lambda: agent.save(RUN),
        lambda: agent.delete(row.id),
        lambda: agent.favourite(row.id, "2"),
    ):
        with pytest.raises(NotAllowed, match=r"macro\.not-allowed"):
            act()
    assert agent.apply(row.id, [ticket]).changed == (ticket,)


def test_macros_are_offered_where_their_scope_fits(desk: Desk, ticket: int) -> None:
    def one(name: str, scope: str) -> int:
        return saved(desk, f'name = "{name}"\n[scope]\n{scope}\n[body]\nemail = "x"').id

    fits = {
        one("all", ""),
        one("mail", 'channels = ["email", "sms"]'),
        one("tagged", 'tags = ["new", "old"]'),
    }
    one("sms", 'channels = ["sms"]')
    one("old", 'tags = ["old"]')
    team = one("team", 'teams = ["returns"]')
    assert {row.id for row in desk.macros.search("", ticket)} == fits
    with desk.store.write() as connection:
        connection.execute("INSERT INTO team (id, name, created_at) VALUES (1, 'returns', 0)")
        connection.execute("INSERT INTO membership VALUES (1, ?)", (desk.actor.agent_id,))
    assert {row.id for row in desk.macros.search("", ticket)} == {*fits, team}
    assert [row.name for row in desk.macros.search("sms")] == ["sms"]
    with pytest.raises(NotFound, match=r"ticket\.missing"):
        desk.macros.search("", 99)


def test_the_preview_shows_text_and_actions_and_does_nothing(desk: Desk, ticket: int) -> None:
    row = saved(desk)
    before = state(desk, ticket)
    preview = desk.macros.preview(row.id, ticket)
    assert preview.text == f"Hi Lena, ticket {ticket}. Anna"
    assert [(step.name, dict(step.values)) for step in preview.steps] == [
        ("note", {"text": "asked for Lena Doe"}),
        ("tag", {"tags": "shipping"}),
        ("untag", {"tags": "new"}),
        ("assign", {"name": "anna"}),
        ("priority", {"priority": "high"}),
        ("snooze", {"until": "2026-11-23T10:00+00:00"}),
    ]
    assert not preview.problems
    assert not preview.holes
    assert desk.macros.preview(row.id, ticket, language="pl_PL").text == "Cześć Lena"
    assert state(desk, ticket) == before
    assert desk.macros.load(row.id).uses == 0


def test_running_does_all_of_it_and_one_undo_takes_all_back(desk: Desk, ticket: int) -> None:
    row = saved(desk)
    before = state(desk, ticket)
    desk.drafts.save(ticket, DraftKind.REPLY, "half written")
    desk.drafts.attach(ticket, DraftKind.REPLY, "private.txt", b"not for them")
    applied = desk.macros.apply(row.id, [ticket], mode=Mode.RUN)
    assert applied.then is Then.NEXT
    thread = desk.threads.load(ticket)
    sent = next(each for each in thread.messages if each.direction is Direction.OUTBOUND)
    note = next(each for each in thread.messages if each.direction is Direction.NOTE)
    assert sent.text.startswith(f"Hi Lena, ticket {ticket}. Anna")
    assert sent.delivery is Delivery.QUEUED
    assert sent.attachments == ()
    assert note.text == "asked for Lena Doe"
    now = thread.ticket.row
    assert (now.status, now.tags, now.assignee, now.priority) == (
        Status.SNOOZED, ("shipping",), "anna", Priority.HIGH,
    )  # fmt: skip
    assert thread.ticket.snooze_keep
    assert desk.macros.load(row.id).uses == 1
    change = desk.triage.undo(applied.change_id)
    assert change.changed == (ticket,)
    assert not change.skipped
    assert state(desk, ticket) == before
    draft = desk.drafts.load(ticket, DraftKind.REPLY)
    assert draft is not None
    assert (draft.text, [file.filename for file in draft.files]) == (
        "half written", ["private.txt"],
    )  # fmt: skip


def test_what_has_left_stays_and_is_named(desk: Desk, ticket: int) -> None:
    row = saved(desk)
    applied = desk.macros.apply(row.id, [ticket], mode=Mode.RUN)
    with desk.store.write() as connection:
        connection.execute("UPDATE message SET delivery = 'sent' WHERE direction = 'outbound'")
    change = desk.triage.undo(applied.change_id)
    assert change.skipped == ((ticket, "reply.already-sent"),)
    thread = desk.threads.load(ticket)
    assert [each.direction for each in thread.messages] == [Direction.INBOUND, Direction.OUTBOUND]
    assert thread.ticket.row.status is Status.OPEN


def test_taking_back_one_reply_of_many_leaves_the_others(desk: Desk, ticket: int) -> None:
    row = saved(desk)
    other = add_ticket(desk.store, email="jo@example.net", name="Jo")
    add_message(desk.store, other, sender="jo@example.net")
    applied = desk.macros.apply(row.id, [ticket, other, ticket], mode=Mode.RUN)
    assert applied.changed == (ticket, other)
    first = applied.outcomes[0].message_id
    assert first is not None
    desk.replies.undo_send(first)
    assert desk.threads.detail(ticket).row.status is Status.OPEN
    assert [each.direction for each in desk.threads.load(ticket).messages] == [Direction.INBOUND]
    assert desk.threads.detail(other).row.status is Status.SNOOZED
    desk.triage.undo(applied.change_id)
    assert desk.threads.detail(other).row.status is Status.OPEN
    assert [each.direction for each in desk.threads.load(other).messages] == [Direction.INBOUND]


def test_a_hole_refuses_and_nothing_at_all_is_done(desk: Desk, ticket: int) -> None:
    source = RUN.replace("{{ agent.name }}", "{{ order.last.name }}")
    row = saved(desk, source)
    before = state(desk, ticket)
    applied = desk.macros.apply(row.id, [ticket], mode=Mode.RUN)
    error = applied.outcomes[0].error
    assert error is not None
    assert (error.code, error.values["name"]) == ("macro.hole", "order.last.name")
    assert error.values["reason"] == NOT_CONNECTED
    assert (applied.change_id, applied.changed) == ("", ())
    assert state(desk, ticket) == before
    assert desk.macros.load(row.id).uses == 0


def test_a_hole_in_one_ticket_does_not_stop_the_others(desk: Desk, ticket: int) -> None:
    row = saved(desk, RUN.replace(" | default: 'there'", ""))
    nameless = add_ticket(desk.store, email="x@example.net", name="x@example.net")
    add_message(desk.store, nameless, sender="x@example.net")
    applied = desk.macros.apply(row.id, [nameless, 99, ticket], mode=Mode.RUN)
    codes = [each.error.code if each.error else "" for each in applied.outcomes]
    assert codes == ["macro.hole", "ticket.missing", ""]
    assert applied.changed == (ticket,)


def test_an_inserted_text_keeps_its_holes_and_cannot_leave_with_them(
    desk: Desk, ticket: int
) -> None:
    file = OutgoingFile("label.pdf", "application/pdf", b"%PDF-1.4")
    source = 'name = "a"\n[actions]\nattach = ["files/label.pdf"]\nstatus = "close"\n' + (
        '[body]\nemail = "Your order {{ order.last.name }} is here."'
    )
    row = saved(desk, source, files={"files/label.pdf": file})
    found = desk.macros.insert(row.id, ticket)
    assert found.filled.text == "Your order ⟦order.last.name⟧ is here."
    assert [(each.filename, each.data) for each in found.files] == [("label.pdf", b"%PDF-1.4")]
    assert desk.macros.load(row.id).uses == 1
    with pytest.raises(UsageError) as caught:
        desk.replies.reply(ticket, found.filled.text)
    assert (caught.value.code, caught.value.values["start"]) == ("reply.hole", 11)
    queued = desk.replies.reply(ticket, "Your order 1 is here.\n\n> ⟦quoted⟧")
    applied = desk.macros.apply(row.id, [ticket], mode=Mode.INSERT, change_id=queued.change_id)
    assert applied.change_id == queued.change_id
    assert desk.threads.detail(ticket).row.status is Status.CLOSED
    assert desk.macros.load(row.id).uses == 1
    desk.triage.undo(queued.change_id)
    thread = desk.threads.load(ticket)
    assert thread.ticket.row.status is Status.OPEN
    assert len(thread.messages) == 1
    draft = desk.drafts.load(ticket, DraftKind.REPLY)
    assert draft is not None
    assert draft.text.startswith("Your order 1 is here.")


def test_files_of_a_macro_are_sent_along(desk: Desk, ticket: int) -> None:
    file = OutgoingFile("label.pdf", "", b"%PDF-1.4")
    source = 'name = "a"\nmode = "run"\n[actions]\nattach = ["label.pdf"]\n[body]\nemail = "Here."'
    row = saved(desk, source, files={"label.pdf": file})
    assert desk.macros.file(row.macro.actions.attach[0]).data == b"%PDF-1.4"
    desk.macros.apply(row.id, [ticket])
    sent = desk.threads.load(ticket).messages[-1]
    assert [(each.filename, each.content_type) for each in sent.attachments] == [
        ("label.pdf", "application/pdf")
    ]
    with pytest.raises(NotFound, match=r"macro\.file-missing"):
        saved(desk, source.replace('"a"', '"b"'))


def test_a_dry_run_says_all_and_does_nothing(desk: Desk, ticket: int) -> None:
    row = saved(desk)
    desk.triage.tag([ticket], ["shipping"])
    before = state(desk, ticket)
    applied = desk.macros.apply(row.id, [ticket, 99], mode=Mode.RUN, dry_run=True)
    outcome = applied.outcomes[0]
    assert outcome.text.startswith("Hi Lena")
    assert {step.name: step.code for step in outcome.steps}["tag"] == "ticket.already-tagged"
    assert applied.outcomes[1].error is not None
    assert (applied.change_id, state(desk, ticket)) == ("", before)
    assert desk.macros.load(row.id).uses == 0


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ('assign = "returns"', "team.unknown"),
        ('assign = "round-robin"', "macro.no-round-robin"),
        ('assign = "@nobody"', "agent.unknown"),
        ('order = ["refund 1"]', "macro.not-there"),
        ('sub = ["skip"]', "macro.asks-first"),
        ('order = ["cancel #1042"]', "macro.asks-first"),
        ('webhook = "https://shop.example/hook"', "macro.not-there"),
        ("set = { size = \"XL\" }", "macro.not-there"),
        ('snooze = "2020-01-01"', "snooze.past"),
        ('note = "{{ link.shop }}"', "macro.hole"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_clearly(
    desk: Desk, ticket: int, action: str, code: str
) -> None:
    row = saved(desk, f'name = "a"\n[actions]\n{action}\n[body]\nemail = "x"')
    for dry_run in (True, False):
        for mode in Mode:
            outcome = desk.macros.apply(row.id, [ticket], mode=mode, dry_run=dry_run).outcomes[0]
            assert outcome.error is not None
            assert outcome.error.code == code
    assert len(desk.threads.load(ticket).messages) == 1


def test_a_snooze_may_last_until_the_customer_writes(desk: Desk, ticket: int) -> None:
    row = saved(desk, 'name = "a"\n[actions]\nsnooze = "until they reply"')
    steps = desk.macros.apply(row.id, [ticket]).outcomes[0].steps
    assert [(step.name, dict(step.values)) for step in steps] == [("snooze", {"until": ""})]
    after = desk.threads.detail(ticket).row
    assert (after.status, after.snoozed_until) == (Status.SNOOZED, None)


def test_actions_alone_need_no_text(desk: Desk, ticket: int) -> None:
    add_agent(desk.store, "marek")
    source = 'name = "a"\nmode = "run"\n[actions]\nassign = "@marek"\nspam = true\nstatus = "close"'
    row = saved(desk, source)
    applied = desk.macros.apply(row.id, [ticket])
    after = desk.threads.detail(ticket).row
    assert (after.assignee, after.spam, after.status) == ("marek", True, Status.CLOSED)
    other = saved(desk, 'name = "b"\nmode = "run"\n[actions]\nassign = "none"\nstatus = "open"')
    desk.macros.apply(other.id, [ticket])
    assert desk.threads.detail(ticket).row.assignee is None
    assert desk.threads.detail(ticket).row.status is Status.OPEN
    assert applied.changed == (ticket,)


def test_a_colleague_who_answered_meanwhile_stops_a_run(desk: Desk, ticket: int) -> None:
    row = saved(desk)
    seen = desk.threads.load(ticket).messages[-1].id
    other = add_agent(desk.store, "marek")
    add_message(desk.store, ticket, direction="outbound", agent_id=other)
    outcome = desk.macros.apply(row.id, [ticket], mode=Mode.RUN, seen=seen).outcomes[0]
    assert outcome.error is not None
    assert outcome.error.code == "reply.overtaken"


def test_a_ticket_that_changed_since_it_was_shown_is_left_alone(desk: Desk, ticket: int) -> None:
    row = saved(desk)
    shown = {ticket: desk.threads.detail(ticket).row.version}
    desk.triage.tag([ticket], ["urgent"])
    for dry_run in (True, False):
        applied = desk.macros.apply(
            row.id, [ticket], mode=Mode.RUN, versions=shown, dry_run=dry_run
        )
        error = applied.outcomes[0].error
        assert error is not None
        assert error.code == "ticket.changed-meanwhile"
    shown = {ticket: desk.threads.detail(ticket).row.version}
    assert desk.macros.apply(row.id, [ticket], versions=shown).changed == (ticket,)
