"""The ticket itself: where it stands, who has it, how it came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.ticket_details import TicketDetail
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.sidebar.parts import LABEL, SidebarInput, SideRow, field, heading, row
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind, text_target
from helpdesk_tui.widgets.tickets.lines import PRIORITY_INKS
from helpdesk_tui.widgets.words.chats import CHAT_FLAGS
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import clock, date_and_year, day_month, short_moment
from helpdesk_tui.widgets.words.priority_names import priority_name
from helpdesk_tui.widgets.words.thread import WARNINGS, shown_address
from helpdesk_tui.widgets.words.view_names import status_name
from helpdesk_tui.widgets.wrap import wrap_line


def ticket_rows(shown: SidebarInput) -> Iterator[SideRow]:
    """Yield the section of a ticket."""
    ticket, width = shown.ticket, shown.width
    if ticket is None:
        return
    about = ticket.row
    number = Target(TargetKind.TEXT, "ticket", copied=f"#{about.id}")
    yield heading(_("TICKET"), f"#{about.id}", width, target=number)
    yield field(_("status"), _status(ticket, shown.zone), width)
    yield field(_("assignee"), [(clean(about.assignee or "") or _("nobody"), Ink.TEXT)], width)
    if about.team:
        yield field(_("team"), [(clean(about.team), Ink.TEXT)], width)
    ink = PRIORITY_INKS.get(about.priority, Ink.TEXT)
    yield field(_("priority"), [(priority_name(about.priority), ink)], width)
    if ticket.watchers:
        who = ", ".join([clean(name) for name in ticket.watchers])
        yield field(_("watchers"), [(who, Ink.TEXT)], width)
    yield from _way(ticket, shown)
    yield from _tags(about.tags, width)
    if ticket.merged_into is not None:
        other = f"#{ticket.merged_into}"
        target = Target(TargetKind.TICKET, str(ticket.merged_into), copied=other)
        yield field(_("merged into"), [(other, Ink.LINK)], width, target)
    yield from _warnings(ticket, width)


def _way(ticket: TicketDetail, shown: SidebarInput) -> Iterator[SideRow]:
    """Yield how and when it came, and where it was written to."""
    about, width = ticket.row, shown.width
    spec = CHANNELS.get(about.channel)
    sign: list[Span] = [(f"{spec.icon} ", Ink(spec.color))] if spec else []
    label = spec.label if spec else clean(about.channel)
    yield field(_("channel"), [*sign, (label, Ink.TEXT)], width)
    ours = shown_address(ticket.recipient)
    yield field(_("wrote to"), [(ours or "–", Ink.TEXT)], width, text_target("recipient", ours))
    created = ticket.created_at.astimezone(shown.zone)
    # the year gives way in a narrow sidebar
    full = f"{date_and_year(created)} · {clock(created)}"
    when = full if len(full) <= width - LABEL else f"{day_month(created)} {clock(created)}"
    yield field(_("created"), [(when, Ink.TEXT)], width)


def _status(ticket: TicketDetail, zone: tzinfo | None) -> list[Span]:
    about = ticket.row
    spam: list[Span] = [(" · " + _("spam"), Ink.BAD)] if about.spam else []
    if about.status is Status.SNOOZED and about.snoozed_until is not None:
        local = about.snoozed_until.astimezone(zone)
        keep = " !" if ticket.snooze_keep else ""
        when = short_moment(local, local.year)
        return [(f"{status_name(about.status)} · {when}{keep}", Ink.WAITING), *spam]
    ink = Ink.GOOD if about.status is Status.OPEN else Ink.SOFT
    return [(status_name(about.status), ink), *spam]


def _tags(tags: tuple[str, ...], width: int) -> Iterator[SideRow]:
    if not tags:
        yield field(_("tags"), [("–", Ink.DIM)], width)
        return
    for index, line in enumerate(wrap_line(" ".join([clean(tag) for tag in tags]), width - LABEL)):
        yield field(_("tags") if index == 0 else "", [(line, Ink.TAG)], width)


def _warnings(ticket: TicketDetail, width: int) -> Iterator[SideRow]:
    for flag in ticket.flags:
        if flag in CHAT_FLAGS:
            continue
        for index, line in enumerate(wrap_line(_(WARNINGS.get(flag, clean(flag))), width - 2)):
            yield row(("▲ " if index == 0 else "  ", Ink.WAITING), (line, Ink.WAITING))
