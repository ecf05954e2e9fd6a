"""The other tickets of a customer: open ones on other channels first, then all the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.customers import Profile
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Status, TicketRow
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.sidebar.parts import ROWS, Rows, SidebarInput, SideRow, cut, heading, row
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import day_month, number
from helpdesk_tui.widgets.words.view_names import status_name
from helpdesk_tui.widgets.wrap import cells, shorten_cells


def other_channel_rows(shown: SidebarInput) -> Iterator[SideRow]:
    """Yield what is open on other channels."""
    beside = _beside(shown)
    if beside:
        yield heading(_("ALSO OPEN"), _("on other channels"), shown.width)
        yield from cut(_tickets(beside, shown), shown, "beside", limit=2 * ROWS)


def history_rows(shown: SidebarInput) -> Iterator[SideRow]:
    """Yield the rest of the tickets, the newest first."""
    profile = shown.profile
    if profile is None:
        return
    beside = {one.id for one in _beside(shown)}
    rest = [one for one in _others(profile, shown) if one.id not in beside]
    if not rest:
        return
    count = profile.ticket_count
    total = ngettext("{count} ticket in all", "{count} tickets in all", count)
    target = Target(TargetKind.TICKETS, "history")
    yield heading(_("HISTORY"), total.format(count=number(count)), shown.width, target=target)
    # one beside the ticket that is open
    beyond = max(0, count - 1 - len(beside) - len(rest)) if shown.ticket is not None else 0
    yield from cut(_tickets(rest, shown), shown, "history", beyond=beyond, limit=2 * ROWS)


def _others(profile: Profile, shown: SidebarInput) -> list[TicketRow]:
    own = shown.ticket.row.id if shown.ticket is not None else 0
    return [one for one in profile.tickets if one.id != own]


def _beside(shown: SidebarInput) -> list[TicketRow]:
    if shown.profile is None or shown.ticket is None:
        return []
    channel = shown.ticket.row.channel
    others = _others(shown.profile, shown)
    return [one for one in others if one.status is not Status.CLOSED and one.channel != channel]


def _tickets(rows: Sequence[TicketRow], shown: SidebarInput) -> Rows:
    return [line for one in rows for line in _ticket(one, shown)]


def _ticket(about: TicketRow, shown: SidebarInput) -> Rows:
    """Return a ticket on two lines."""
    target = Target(TargetKind.TICKET, str(about.id), copied=f"#{about.id}")
    spec = CHANNELS.get(about.channel)
    when = day_month(about.last_message_at.astimezone(shown.zone))
    status = status_name(about.status)
    sign: Span = (f"{spec.icon} ", Ink(spec.color)) if spec else ("? ", Ink.DIM)
    ink = Ink.GOOD if about.status is Status.OPEN else Ink.DIM
    number_words = f"#{about.id} "
    gap = shown.width - 2 - cells(number_words) - cells(status) - cells(when)
    first = row(
        sign, (number_words, Ink.SOFT), (status, ink), (" " * max(1, gap), Ink.DIM),
        (when, Ink.DIM), target=target,
    )  # fmt: skip
    subject = clean(about.subject) or clean(about.preview) or _("no subject")
    second = row(
        ("  ", Ink.DIM), (shorten_cells(subject, shown.width - 2), Ink.SOFT), target=target
    )
    return [first, second]
