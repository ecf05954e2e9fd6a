"""The customer beside the thread: the ticket, the person, and their other tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from textual.geometry import Size
from textual.strip import Strip

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Profile, Status, TicketDetail, TicketRow
from helpdesk_tui.widgets.chat_section import chat_rows
from helpdesk_tui.widgets.ink import Ink, Palette, Span, Tone
from helpdesk_tui.widgets.line_view import LineView
from helpdesk_tui.widgets.messaging_section import messaging_rows
from helpdesk_tui.widgets.tickets.lines import PRIORITY_INKS
from helpdesk_tui.widgets.words.chats import CHAT_FLAGS
from helpdesk_tui.widgets.words.codes import priority_name
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import (
    clock,
    date_and_year,
    day_month,
    month_year,
    short_moment,
)
from helpdesk_tui.widgets.words.thread import WARNINGS, shown_address
from helpdesk_tui.widgets.words.view_names import status_name
from helpdesk_tui.widgets.wrap import cells, shorten_cells, wrap_line

ROWS = 4
"""Lines of a section before "more"."""
_INDENT = 2

Row = list[Span]


@dataclass(frozen=True, slots=True)
class SidebarInput:
    """What the sidebar is drawn from."""

    ticket: TicketDetail
    profile: Profile | None
    width: int
    now: datetime
    zone: tzinfo | None = None
    is_open: bool = False
    """True shows whole sections instead of their first lines."""


def sidebar_rows(shown: SidebarInput) -> list[Row]:
    """Lay out the sidebar: a pure function from values to rows of spans."""
    out: list[Row] = [[]]
    if shown.profile is not None:
        out += [*_person(shown.profile, shown), []]
    out += [_heading(_("TICKET"), f"#{shown.ticket.row.id}", shown.width)]
    out += [*_ticket(shown), []]
    if shown.ticket.chat is not None:
        out += [*chat_rows(shown.ticket, shown.width, shown.now, shown.zone), []]
    out += _through_provider(shown)
    if shown.profile is not None:
        out += _others(shown.profile, shown)
    return out


def _through_provider(shown: SidebarInput) -> list[Row]:
    rows = list(messaging_rows(shown.ticket, shown.width, shown.now, shown.zone))
    return [*rows, []] if rows else []


def _others(profile: Profile, shown: SidebarInput) -> Iterator[Row]:
    """Yield what else of a person is open on other channels, then their other tickets."""
    row = shown.ticket.row
    others = [one for one in profile.tickets if one.id != row.id]
    beside = [
        one for one in others if one.status is not Status.CLOSED and one.channel != row.channel
    ]
    if beside:
        yield _heading(_("ALSO OPEN"), "", shown.width)
        yield from _cut(list(_history(beside, shown)), shown, per_row=2)
        yield []
    rest = [one for one in others if one not in beside]
    if rest:
        count = profile.ticket_count
        total = ngettext("{count} ticket in all", "{count} tickets in all", count)
        yield _heading(_("HISTORY"), total.format(count=count), shown.width)
        yield from _cut(list(_history(rest, shown)), shown, per_row=2)


def _heading(title: str, source: str, width: int) -> Row:
    gap = max(1, width - len(title) - len(source))
    return [(title, Ink.DIM), (" " * gap, Ink.DIM), (source, Ink.DIM)]


def _cut(rows: list[Row], shown: SidebarInput, *, per_row: int = 1) -> list[Row]:
    limit = ROWS * per_row
    if shown.is_open or len(rows) <= limit:
        return rows
    more = (len(rows) - limit) // per_row
    return [
        *rows[:limit],
        [("▾ ", Ink.DIM), (_("{more} more").format(more=more), Ink.LINK), (" enter", Ink.DIM)],
    ]


def _person(profile: Profile, shown: SidebarInput) -> Iterator[Row]:
    width = shown.width
    name = (
        clean(profile.name) or shown_address(profile.email) or clean(profile.phone) or _("unknown")
    )
    yield [(shorten_cells(name, width), Ink.HEADING)]
    for value in (shown_address(profile.email), clean(profile.phone)):
        if value and value != name:
            yield [(shorten_cells(value, width), Ink.SOFT)]
    for kind, value in profile.handles[:ROWS]:
        spec = CHANNELS.get(kind)
        sign: Span = (f"{spec.icon} ", Ink(spec.color)) if spec else (f"{clean(kind)} ", Ink.DIM)
        yield [sign, (shorten_cells(shown_address(value), width - cells(sign[0])), Ink.SOFT)]
    place = [clean(profile.location)] if profile.location else []
    local = _local_time(profile.timezone, shown.now)
    if local:
        place.append(local)
    if place:
        yield [(shorten_cells(" · ".join(place), width), Ink.DIM)]
    since = profile.created_at.astimezone(shown.zone)
    since_words = _("customer since {date}")
    full = since_words.format(date=date_and_year(since))
    # a cut year would say less than a month without its day
    words = full if cells(full) <= width else since_words.format(date=month_year(since))
    yield [(shorten_cells(words, width), Ink.DIM)]


def _local_time(zone: str, now: datetime) -> str:
    if not zone:
        return ""
    try:
        return _("{time} local").format(time=clock(now.astimezone(ZoneInfo(zone))))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""


def _ticket(shown: SidebarInput) -> Iterator[Row]:
    ticket, row = shown.ticket, shown.ticket.row
    yield _field(_("status"), _status(ticket, shown.zone), shown.width)
    yield _field(_("assignee"), [(clean(row.assignee or "") or _("nobody"), Ink.TEXT)], shown.width)
    if row.team:
        yield _field(_("team"), [(clean(row.team), Ink.TEXT)], shown.width)
    ink = PRIORITY_INKS.get(row.priority, Ink.TEXT)
    yield _field(_("priority"), [(priority_name(row.priority), ink)], shown.width)
    if ticket.watchers:
        who = ", ".join(clean(name) for name in ticket.watchers)
        yield _field(_("watchers"), [(who, Ink.TEXT)], shown.width)
    spec = CHANNELS.get(row.channel)
    sign: list[Span] = [(f"{spec.icon} ", Ink(spec.color))] if spec else []
    label = spec.label if spec else clean(row.channel)
    yield _field(_("channel"), [*sign, (label, Ink.TEXT)], shown.width)
    yield _field(_("wrote to"), [(shown_address(ticket.recipient) or "–", Ink.TEXT)], shown.width)
    created = ticket.created_at.astimezone(shown.zone)
    # the year gives way in a narrow sidebar
    full = f"{date_and_year(created)} · {clock(created)}"
    when = full if len(full) <= shown.width - 10 else f"{day_month(created)} {clock(created)}"
    yield _field(_("created"), [(when, Ink.TEXT)], shown.width)
    yield from _tags(row.tags, shown.width)
    if ticket.merged_into is not None:
        yield _field(_("merged into"), [(f"#{ticket.merged_into}", Ink.LINK)], shown.width)
    for flag in ticket.flags:
        if flag in CHAT_FLAGS:
            continue
        for index, line in enumerate(
            wrap_line(_(WARNINGS.get(flag, clean(flag))), shown.width - 2)
        ):
            yield [("▲ " if index == 0 else "  ", Ink.WAITING), (line, Ink.WAITING)]


def _field(label: str, value: list[Span], width: int) -> Row:
    room = max(4, width - 10)
    spans: Row = [(f"{shorten_cells(label, 9):<10}", Ink.DIM)]
    for text, ink in value:
        spans.append((shorten_cells(text, room), ink))
        room = max(0, room - cells(text))
    return spans


def _status(ticket: TicketDetail, zone: tzinfo | None) -> list[Span]:
    row = ticket.row
    spam: list[Span] = [(" · " + _("spam"), Ink.BAD)] if row.spam else []
    if row.status is Status.SNOOZED and row.snoozed_until is not None:
        local = row.snoozed_until.astimezone(zone)
        keep = " !" if ticket.snooze_keep else ""
        when = short_moment(local, local.year)
        return [(f"{status_name(row.status)} · {when}{keep}", Ink.WAITING), *spam]
    ink = Ink.GOOD if row.status is Status.OPEN else Ink.SOFT
    return [(status_name(row.status), ink), *spam]


def _tags(tags: tuple[str, ...], width: int) -> Iterator[Row]:
    if not tags:
        yield _field(_("tags"), [("–", Ink.DIM)], width)
        return
    for index, line in enumerate(wrap_line(" ".join(clean(tag) for tag in tags), width - 10)):
        label = _("tags") if index == 0 else ""
        yield [(f"{label:<10}", Ink.DIM), (line, Ink.TAG)]


def _history(rows: list[TicketRow], shown: SidebarInput) -> Iterator[Row]:
    for row in rows:
        spec = CHANNELS.get(row.channel)
        local = row.last_message_at.astimezone(shown.zone)
        when, status = day_month(local), status_name(row.status)
        sign: Span = (f"{spec.icon} ", Ink(spec.color)) if spec else ("? ", Ink.DIM)
        ink = Ink.GOOD if row.status is Status.OPEN else Ink.DIM
        state = f"#{row.id} "
        gap = shown.width - 2 - cells(state) - cells(status) - cells(when)
        yield [sign, (state, Ink.SOFT), (status, ink), (" " * max(1, gap), Ink.DIM),
               (when, Ink.DIM)]  # fmt: skip
        subject = clean(row.subject) or clean(row.preview) or _("no subject")
        yield [("  ", Ink.DIM), (shorten_cells(subject, shown.width - 2), Ink.SOFT)]


class Sidebar(LineView, can_focus=True):
    """Draws the sections; ``enter`` shows whole ones."""

    DEFAULT_CSS = """
    Sidebar {
        background: $background; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0;
        scrollbar-gutter: stable; overflow-x: hidden;
        scrollbar-background: $background; scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        scrollbar-color: $selection; scrollbar-color-hover: $selection;
        scrollbar-color-active: $dim;
    }
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._zone = zone
        self._shown: tuple[TicketDetail, Profile | None] | None = None
        self._rows: list[Row] = []
        self._is_open = False
        self._colors: tuple[str, Palette] | None = None

    def show(self, detail: TicketDetail | None, profile: Profile | None) -> None:
        """Show a ticket and its customer."""
        if detail is None:
            self.clear()
            return
        same = self._shown is not None and self._shown[0].row.id == detail.row.id
        if not same:
            self._is_open = False
            self.scroll_to(y=0, animate=False, immediate=True, force=True)
        self._shown = (detail, profile)
        self._lay_out()

    def clear(self) -> None:
        """Show nothing."""
        self._shown, self._rows = None, []
        self._lay_out()

    def toggle_more(self) -> None:
        """Show whole sections, or their first lines only."""
        self._is_open = not self._is_open
        self._lay_out()

    def key_enter(self) -> None:
        """Show more or less."""
        self.toggle_more()

    def on_click(self) -> None:
        """Show more or less."""
        self.toggle_more()

    def on_resize(self) -> None:
        """Lay out for another width."""
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if self._shown is not None and width > 0:
            detail, profile = self._shown
            self._rows = sidebar_rows(
                SidebarInput(
                    detail,
                    profile,
                    max(12, width - _INDENT - 1),
                    self._now(),
                    self._zone,
                    self._is_open,
                )
            )
        self.fit(Size(max(1, width), len(self._rows)))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        name = self.app.theme
        if self._colors is None or self._colors[0] != name:
            self._colors = name, Palette.of(self.app.theme_variables)
        index = y + self.scroll_offset.y
        row = self._rows[index] if 0 <= index < len(self._rows) else []
        return self._colors[1].strip([(" " * _INDENT, Ink.DIM), *row], self.size.width, Tone.BASE)
