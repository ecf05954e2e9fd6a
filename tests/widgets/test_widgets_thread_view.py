"""The thread on screen: selection, place, folding, and what reaches the terminal."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from textual.app import App
from textual.pilot import Pilot

from helpdesk_tui.domain.mail import Fold, FoldKind
from helpdesk_tui.domain.messages import Delivery, Direction
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.widgets.sidebar import Sidebar, SidebarInput, sidebar_rows
from helpdesk_tui.widgets.theme import DARK, textual_theme
from helpdesk_tui.widgets.thread.head import ThreadHead
from helpdesk_tui.widgets.thread.view import ThreadView
from tests.support.thread_values import (
    HOSTILE,
    NOW,
    detail,
    file,
    is_harmless,
    message,
    profile,
    row,
    thread,
)


class Show(App[None]):
    """Only what is tested."""

    CSS = "ThreadView { height: 12; } Sidebar { height: 8; }"

    def __init__(self):
        super().__init__()
        self.register_theme(textual_theme(DARK))
        self.theme = DARK.name
        self.now = NOW
        self.seen = []

    pilot: Pilot[None]

    def get_theme_variable_defaults(self):
        return textual_theme(DARK).variables

    def compose(self):
        yield ThreadHead(now=lambda: self.now, zone=UTC)
        yield ThreadView(now=lambda: self.now, zone=UTC)
        yield Sidebar(now=lambda: self.now, zone=UTC)

    @property
    def view(self):
        return self.query_one(ThreadView)

    def on_thread_view_older_wanted(self, message):
        self.seen.append(message.before)


def screen_lines(app, widget):
    return [
        "".join(segment.text for segment in widget.render_line(y))
        for y in range(widget.size.height)
    ]


def line_of(app, text):
    lines = screen_lines(app, app.view)
    return next(y for y, line in enumerate(lines) if text in line)


@asynccontextmanager
async def showing(size=(60, 24)):
    app = Show()
    async with app.run_test(size=size) as app.pilot:
        await app.pilot.pause()
        yield app


def many(count=20, **changes):
    return [message(n, text=f"text of {n}\nsecond line", **changes) for n in range(1, count + 1)]


async def test_a_thread_opens_at_its_newest_message():
    async with showing() as app:
        app.view.show(thread(*many()))
        await app.pilot.pause()
        assert any("text of 20" in line for line in screen_lines(app, app.view))
        assert app.view.selected.id == 20


async def test_n_and_p_walk_through_messages_and_bring_them_on_screen():
    async with showing() as app:
        app.view.show(thread(*many()))
        for _ in range(6):
            app.view.select_next(-1)
            await app.pilot.pause()
        assert app.view.selected.id == 14
        assert any("text of 14" in line for line in screen_lines(app, app.view))
        app.view.select_next(1)
        assert app.view.selected.id == 15


async def test_new_messages_do_not_move_what_is_being_read():
    async with showing() as app:
        messages = many()
        app.view.show(thread(*messages))
        await app.pilot.pause()
        app.view.scroll_to(y=20, animate=False, immediate=True)
        await app.pilot.pause()
        before = screen_lines(app, app.view)
        app.view.show(thread(*messages, message(21)))
        await app.pilot.pause()
        assert screen_lines(app, app.view) == before


async def test_older_messages_come_in_above_without_a_jump():
    async with showing() as app:
        messages = many(40)
        app.view.show(thread(*messages[20:], older=21))
        await app.pilot.pause()
        app.view.scroll_to(y=1, animate=False, immediate=True)
        await app.pilot.pause()
        assert app.seen == [21]
        place = line_of(app, "text of 21")
        app.view.show(thread(*messages))
        await app.pilot.pause()
        assert line_of(app, "text of 21") == place
        assert app.view.scroll_offset.y > 20


async def test_quotes_open_and_close_for_one_message_and_for_all():
    async with showing() as app:
        text = "new\n> old one"
        folds = (Fold(4, len(text), FoldKind.QUOTE),)
        app.view.show(
            thread(message(1, text=text, folds=folds), message(2, text=text, folds=folds))
        )
        app.view.toggle_fold()
        assert sum("> old one" in line for line in screen_lines(app, app.view)) == 1
        app.view.toggle_all_folds()
        app.view.toggle_all_folds()
        assert sum("> old one" in line for line in screen_lines(app, app.view)) == 2


async def test_the_selected_file_is_that_of_the_selected_message():
    async with showing() as app:
        first = message(1, attachments=(file(8), file(9)))
        app.view.show(thread(first, message(2), message(3, attachments=(file(10),))))
        assert app.view.selected_file.id == 10
        app.view.select_next(-1)
        assert app.view.selected_file.id == 10
        app.view.select_next(-1)
        assert app.view.selected_file.id == 8
        app.view.select_file(1)
        app.view.select_file(1)
        assert app.view.selected_file.id == 9


async def test_a_countdown_changes_with_the_clock_only():
    async with showing() as app:
        due = NOW + timedelta(seconds=9)
        ours = message(1, direction=Direction.OUTBOUND, delivery=Delivery.QUEUED, due_at=due)
        app.view.show(thread(ours))
        assert app.view.counts_down
        assert "leaves in 9 s" in "".join(screen_lines(app, app.view))
        app.now += timedelta(seconds=4)
        app.view.tick()
        assert "leaves in 5 s" in "".join(screen_lines(app, app.view))
        app.now += timedelta(seconds=6)
        assert not app.view.counts_down


async def test_nothing_hostile_reaches_a_line_of_thread_head_or_sidebar():
    async with showing() as app:
        evil_row = row(subject=HOSTILE, tags=(HOSTILE,), assignee=HOSTILE, customer_name=HOSTILE)
        header = detail(
            row=evil_row,
            customer_address=HOSTILE,
            recipient=HOSTILE,
            flags=(HOSTILE, "new-sender"),
            reply_to=HOSTILE,
        )
        evil = message(
            1,
            author_name=HOSTILE,
            text=HOSTILE,
            sender=HOSTILE,
            attachments=(file(filename=HOSTILE),),
        )
        person = profile(
            name=HOSTILE, email=HOSTILE, phone=HOSTILE, location=HOSTILE, timezone=HOSTILE,
            handles=((HOSTILE, HOSTILE),), tickets=(replace(evil_row, id=43),),
        )  # fmt: skip
        app.view.show(thread(evil, ticket=header))
        app.query_one(ThreadHead).show(header)
        app.query_one(ThreadHead).show_others([(HOSTILE, "typing")])
        app.query_one(Sidebar).show(header, person)
        await app.pilot.pause()
        for widget in (app.view, app.query_one(ThreadHead), app.query_one(Sidebar)):
            for y in range(widget.size.height):
                strip = widget.render_line(y)
                assert strip.cell_length == widget.size.width
                assert is_harmless("".join(segment.text for segment in strip))


def texts(shown):
    return [one.text for one in sidebar_rows(shown)]


def test_the_sidebar_tells_ticket_person_and_history():
    others = tuple(row(id=n, subject=f"other {n}") for n in range(50, 58))
    person = profile(tickets=(row(), *others), ticket_count=9)
    shown = SidebarInput(detail(row=row(assignee="marek")), person, 32, NOW, UTC)
    lines = texts(shown)
    assert lines[1:4] == ["Anna Kowalska", "anna@example.pl", "+48 601 222 333"]
    assert "Kraków · 11:42 local" in lines
    assert "assignee  marek" in lines
    assert "wrote to  support@acme.example" in lines
    assert "▾ 4 more" in lines
    assert "  other 57" not in lines
    assert "  other 57" in texts(replace(shown, opened=frozenset({"history"})))


@pytest.mark.parametrize(
    ("width", "words"), [(32, "customer since 22 Nov 2024"), (24, "customer since Nov 2024")]
)
def test_in_a_narrow_sidebar_the_day_gives_way_and_the_year_stays(width, words):
    person = profile(created_at=datetime(2024, 11, 22, tzinfo=UTC))
    assert words in texts(SidebarInput(detail(), person, width, NOW, UTC))


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (NOW.replace(hour=23, minute=36), "until 23:36"),
        (NOW.replace(hour=9, minute=36) + timedelta(days=1), "until 22 Nov 09:36"),
        (NOW.replace(year=NOW.year + 1, hour=9, minute=36), "until 21 Nov 2027 09:36"),
    ],
)
@pytest.mark.parametrize("width", [56, 62, 100])
async def test_the_time_a_snooze_ends_is_never_cut(width, until, words):
    async with showing(size=(width, 20)) as app:
        header = detail(
            row=row(
                id=1234567, status=Status.SNOOZED, snoozed_until=until, assignee="a" * 30,
                subject="s" * 200,
            )
        )  # fmt: skip
        head = app.query_one(ThreadHead)
        head.show(header)
        line = "".join(segment.text for segment in head.render_line(0))
        assert words in line
        assert len(line) == head.size.width


def test_a_sidebar_row_is_never_wider_than_the_sidebar():
    person = profile(name="N" * 99, email=f"{'e' * 99}@x.example", tickets=(row(id=5),))
    for width in (12, 24, 40):
        shown = SidebarInput(detail(row=row(tags=("t" * 80,))), person, width, NOW, UTC)
        assert all(len(line) <= max(width, 26) for line in texts(shown))
