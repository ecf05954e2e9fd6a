"""What a thread looks like, as lines."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from rich.cells import cell_len

from helpdesk_tui.domain.mail import Fold, FoldKind
from helpdesk_tui.domain.messages import Delivery, Direction
from helpdesk_tui.widgets.ink import Ink, Tone
from helpdesk_tui.widgets.thread.layout import FIRST_LINES, BodyCache, LayoutOptions, lay_out
from tests.support.thread_values import (
    HOSTILE,
    NOW,
    detail,
    event,
    file,
    is_harmless,
    message,
    row,
    thread,
)

OPTIONS = LayoutOptions(60, NOW, UTC, agents={2: "marek"})


def lines_of(*messages, options=OPTIONS, **changes):
    layout = lay_out(thread(*messages, **changes), options)
    return ["".join(text for text, _ in line.spans) for line in layout.lines]


def test_messages_stand_under_their_day_with_sender_time_and_channel():
    lines = lines_of(message(1, text="Hello"))
    assert "Today · Saturday 21 November" in lines[0]
    assert lines[2] == "Anna Kowalska  ✉ 08:43 · 1 h ago"
    assert lines[3] == "Hello"


def test_days_are_separated_once():
    lines = lines_of(message(1, received_at=NOW - timedelta(days=1)), message(2), message(3))
    assert sum("November" in line for line in lines) == 2
    assert any("Yesterday" in line for line in lines)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"delivery": Delivery.SENT}, "✓ sent"),
        ({"delivery": Delivery.DELIVERED}, "✓✓ delivered"),
        ({"delivery": Delivery.READ}, "✓✓ read"),
        ({"delivery": Delivery.SENDING}, "↻ sending"),
        ({"delivery": Delivery.FAILED}, "✗ not sent"),
        ({"delivery": Delivery.UNKNOWN}, "? may have been sent"),
        (
            {"delivery": Delivery.QUEUED, "due_at": NOW + timedelta(seconds=7.5)},
            "leaves in 8 s · z takes it back",
        ),
        ({"delivery": Delivery.QUEUED, "due_at": NOW}, "waiting to leave"),
        (
            {"delivery": Delivery.QUEUED, "due_at": NOW + timedelta(minutes=5), "error_code": "x"},
            "tries again in 5 min",
        ),
    ],
)
def test_delivery_has_a_sign_and_a_word(changes, words):
    ours = message(1, direction=Direction.OUTBOUND, author_name="anna", **changes)
    assert words in " ".join(lines_of(ours, options=replace(OPTIONS, width=100)))


@pytest.mark.parametrize("width", [56, 58, 62])
@pytest.mark.parametrize("name", ["anna", "Anna Kowalska-Wiśniewska of the night desk"])
def test_the_key_that_takes_a_reply_back_is_never_cut(width, name):
    queued = message(
        1, author_name=name, direction=Direction.OUTBOUND, delivery=Delivery.QUEUED,
        received_at=NOW, due_at=NOW + timedelta(seconds=10),
    )  # fmt: skip
    head = lines_of(queued, options=replace(OPTIONS, width=width))[2]
    assert "leaves in 10 s · z takes it back" in head
    assert cell_len(head) <= width


def test_how_long_ago_gives_way_before_the_name_does():
    queued = message(
        1, author_name="anna the third", direction=Direction.OUTBOUND, delivery=Delivery.QUEUED,
        received_at=NOW, due_at=NOW + timedelta(seconds=10),
    )  # fmt: skip
    assert "just now" in lines_of(queued, options=replace(OPTIONS, width=80))[2]
    narrow = lines_of(queued, options=replace(OPTIONS, width=68))[2]
    assert "just now" not in narrow
    assert "anna the third" in narrow


def test_a_mail_to_several_people_names_them_and_no_crowd():
    alone = "\n".join(lines_of(message(1)))
    assert "support@acme.example" not in alone
    crowd = tuple(f"p{number}@x.example" for number in range(500))
    shown = "\n".join(lines_of(message(1, cc=crowd)))
    assert "to support@acme.example · cc p0@x.example" in shown
    assert "and 494 more" in shown
    assert "p6@" not in shown


def test_a_failure_names_its_reason_and_the_retry_key():
    failed = message(
        1, direction=Direction.OUTBOUND, delivery=Delivery.FAILED, error_text="mailbox full"
    )
    assert "✗ mailbox full  T tries again" in lines_of(failed)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("", ""),
        ("bounce.5.2.2", "▲ a delivery report: jo@x.example: mailbox full"),
        ("smtp.some-refused", "▲ not to everybody: jo@x.example: mailbox full"),
    ],
)
def test_what_left_and_did_not_reach_everybody_says_so(code: str, shown: str) -> None:
    text = "jo@x.example: mailbox full" if code else ""
    sent = message(
        1, direction=Direction.OUTBOUND, delivery=Delivery.SENT, error_code=code, error_text=text
    )
    found = "\n".join(lines_of(sent))
    assert "✓ sent" in found
    assert ("▲" in found) == bool(shown)
    assert shown in found


def test_an_introduction_over_an_open_quote_stays_to_read():
    intro = "On Monday, Ana wrote:\n"
    text = f"{intro}> Which size?\nThe big one.\n"
    lines = lines_of(message(1, text=text, folds=(Fold(0, len(intro), FoldKind.QUOTE),)))
    assert lines[3:6] == ["On Monday, Ana wrote:", "> Which size?", "The big one."]


@pytest.mark.parametrize("quoted", ["> One line.", "so many words " * 40])
def test_a_quoted_line_or_one_that_fills_rows_is_folded(quoted):
    text = f"Yes.\n{quoted}\n"
    lines = lines_of(message(1, text=text, folds=(Fold(5, len(text), FoldKind.QUOTE),)))
    assert lines[3:5] == ["Yes.", "▸ 1 quoted line"]


def test_quotes_and_signatures_are_folded_until_asked_for():
    text = "New text\n\n> one\n> two\n\nAnna"
    folds = (
        Fold(text.index(">"), text.index("\n\nAnna"), FoldKind.QUOTE),
        Fold(text.index("Anna"), len(text), FoldKind.SIGNATURE),
    )
    folded = message(1, text=text, folds=folds)
    assert lines_of(folded)[3:6] == ["New text", "▸ 2 quoted lines", "▸ signature"]
    opened = lines_of(folded, options=replace(OPTIONS, unfolded=frozenset({1})))
    assert opened[3:9] == [
        "New text", "▾ 2 quoted lines", "> one", "> two", "▾ signature", "Anna",
    ]  # fmt: skip


def test_a_long_message_shows_its_first_lines_and_the_way_to_the_rest():
    long = message(1, text="\n".join(f"line {n}" for n in range(1000)))
    lines = lines_of(long)
    assert f"line {FIRST_LINES - 1}" in lines
    assert f"line {FIRST_LINES}" not in lines
    assert any(line.startswith("▾ show more") for line in lines)
    more = lines_of(long, options=replace(OPTIONS, limits={1: 2000}))
    assert "line 999" in more
    assert not any("show more" in line for line in more)


def test_notes_have_a_word_a_bar_and_a_tint():
    layout = lay_out(thread(message(1, direction=Direction.NOTE, author_name="marek")), OPTIONS)
    head = layout.lines[2]
    assert "note" in "".join(text for text, _ in head.spans)
    assert (head.bar, head.tone) == (Ink.BAR_NOTE, Tone.NOTE)


def test_files_are_rows_with_name_size_and_type():
    layout = lay_out(thread(message(1, attachments=(file(9), file(10, filename="")))), OPTIONS)
    rows = [line for line in layout.lines if line.hit and line.hit.kind == "file"]
    assert ["".join(text for text, _ in line.spans) for line in rows] == [
        "▣ box.jpg  1.2 MB  image/jpeg", "▣ unnamed file  1.2 MB  image/jpeg",
    ]  # fmt: skip
    assert [line.hit.id for line in rows if line.hit] == [9, 10]


def test_links_are_numbered_with_the_host_they_lead_to():
    linked = message(1, text="see [1]", links=(("https://evil.example/x", "evil.example"),))
    lines = lines_of(linked)
    assert "[1] evil.example  · L all links" in lines


def test_warnings_stand_above_the_text_with_the_address():
    lines = lines_of(message(1, sender="b@x.example", flags=("auth-failed", "odd-flag")))
    assert lines[3].startswith("▲ b@x.example: the sender could not be verified")
    assert "▲ odd flag" in lines


def test_another_address_stands_beside_the_name():
    other = message(1, author_name="anna@example.pl", sender="thief@gооgle.example")
    assert "thief@xn--ggle-55da.example" in lines_of(other)[2]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, "anna closed this ticket"),
        ({"kind": "ticket.assigned", "after": {"assignee_id": 2}}, "anna assigned this to marek"),
        ({"kind": "ticket.assigned", "after": {"assignee_id": None}}, "anna unassigned"),
        (
            {"kind": "ticket.tagged", "before": {"tags": "a"}, "after": {"tags": "a vip"}},
            "anna tagged vip ",
        ),
        (
            {"kind": "ticket.snoozed", "after": {"snoozed_until": "2026-11-23T08:00:00Z"}},
            "anna snoozed this ticket until Mon 23 Nov 08:00",
        ),
        ({"kind": "ticket.reopened", "actor_kind": "customer"}, "reopened by a new message"),
        ({"kind": "ticket.merged", "after": {"merged_into": 7}}, "anna merged this into ticket #7"),
        (
            {"kind": "ticket.absorbed", "after": {"ticket": 9}},
            "anna merged ticket #9 into this one",
        ),
        ({"kind": "ticket.split", "after": {"ticket": 8}}, "anna split off ticket #8"),
        (
            {"kind": "ticket.snoozed", "after": {"status": "snoozed", "snooze_zone": "UTC"}},
            "anna snoozed this ticket until the customer writes",
        ),
        (
            {"kind": "ticket.snoozed", "after": {"snooze_keep": True}},
            "anna snoozed this ticket ",
        ),
        (
            {"kind": "ticket.team", "after": {"team_id": 2, "team": "returns"}},
            "anna gave this to the team returns",
        ),
        ({"kind": "ticket.team", "after": {"team_id": 2}}, "anna gave this to the team ?"),
        ({"kind": "ticket.watched", "after": {"watcher": 1}}, "anna watches this ticket"),
        ({"kind": "ticket.blocked", "after": {"identity": 1}}, "anna blocked the sender"),
    ],
)
def test_events_are_one_line_each(change, sentence):
    values = {"kind": "ticket.closed", **change}
    wide = replace(OPTIONS, width=80)
    lines = lines_of(message(1), events=(event(1, **values),), options=wide)
    assert any(line.startswith(f"  · {sentence}") for line in lines), lines


def test_an_event_keeps_its_time_where_its_sentence_is_cut():
    long = event(1, actor_name="anna " * 30)
    [line] = [line for line in lines_of(message(1), events=(long,)) if line.startswith("  · ")]
    assert re.search(r"… · \d\d:\d\d$", line)
    assert cell_len(line) <= OPTIONS.width


def test_reading_is_no_event_and_many_events_are_folded():
    many = tuple(event(n) for n in range(5))
    assert not any(
        "·  " in line for line in lines_of(message(1), events=(event(1, "ticket.read"),))
    )
    assert "  ▸ 5 events: closed" in lines_of(message(1), events=many)
    opened = lines_of(message(1), events=many, options=replace(OPTIONS, events_open=True))
    assert sum("closed this ticket" in line for line in opened) == 5
    one = replace(OPTIONS, runs=frozenset({0}))
    assert "  ▾ 5 events: closed" in lines_of(message(1), events=many, options=one)
    assert "  ▸ 5 events: closed" in lines_of(
        message(1), events=many, options=replace(one, events_open=True)
    )


def hostile_thread():
    evil = message(
        1, author_name=HOSTILE, sender=HOSTILE, text=f"{HOSTILE}\n{HOSTILE}", channel=HOSTILE,
        flags=(HOSTILE,), links=((HOSTILE, HOSTILE),), automatic=True,
        attachments=(file(9, filename=HOSTILE, content_type=HOSTILE),),
    )  # fmt: skip
    failed = message(
        2, direction=Direction.OUTBOUND, author_name=HOSTILE, delivery=Delivery.FAILED,
        error_text=HOSTILE,
    )  # fmt: skip
    header = detail(row=row(subject=HOSTILE, tags=(HOSTILE,), assignee=HOSTILE), recipient=HOSTILE)
    events = (event(1, "ticket.tagged", actor_name=HOSTILE, after={"tags": HOSTILE}),)
    return thread(evil, failed, ticket=header, events=events)


@pytest.mark.parametrize("width", [12, 24, 60, 140])
def test_hostile_text_is_harmless_in_every_field_and_stays_inside_its_line(width):
    layout = lay_out(hostile_thread(), LayoutOptions(width, NOW, UTC))
    for line in layout.lines:
        text = "".join(part for part, _ in line.spans)
        assert is_harmless(text)
        assert "\n" not in text
        if line.owner:
            assert cell_len(text) <= max(8, width)
    shown = "".join(part for line in layout.lines for part, _ in line.spans)
    assert "[@click=app.quit]x[/]" in shown.replace("\n", "") or width < 60


def test_bodies_are_wrapped_once_per_width():
    cache = BodyCache()
    one = thread(message(1, text="word " * 200))
    first = lay_out(one, OPTIONS, cache)
    second = lay_out(one, replace(OPTIONS, now=NOW + timedelta(minutes=5)), cache)
    assert first.lines[4] is second.lines[4]
    assert first.lines[2] != second.lines[2]


def test_a_huge_message_costs_no_more_than_its_first_lines():
    huge = message(1, text="x" * 5_000_000)
    assert len(lay_out(thread(huge), OPTIONS).lines) < FIRST_LINES + 10
