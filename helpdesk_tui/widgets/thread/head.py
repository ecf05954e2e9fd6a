"""The two lines above a thread: what it is about, where it stands, who else is here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.presence import VisitorNow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.ticket_details import TicketDetail
from helpdesk_tui.domain.tickets import Status, TicketRow
from helpdesk_tui.widgets.ink import Ink, Palette, Span
from helpdesk_tui.widgets.keymap import Keymap, default_keymap, shown
from helpdesk_tui.widgets.painted import fit, width_of
from helpdesk_tui.widgets.tickets.lines import PRIORITY_INKS
from helpdesk_tui.widgets.words.chats import (
    CHAT_FLAGS,
    banner_of,
    is_answered_by_itself,
    presence_spans,
    visitor_address,
)
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.locale_forms import clock, date_and_year, day_month
from helpdesk_tui.widgets.words.offers import offer_lines
from helpdesk_tui.widgets.words.priority_names import priority_name
from helpdesk_tui.widgets.words.thread import WARNINGS, WAYS_ON, shown_address
from helpdesk_tui.widgets.words.view_names import status_name
from helpdesk_tui.widgets.wrap import cells, wrap_line

_MOST = 6
"""Lines that all that is unusual may take …"""
_MOST_SIBLINGS = 3
_MOST_LOW = 3
"""… and where there are few."""

_STATUS: dict[Status, Ink] = {
    Status.OPEN: Ink.GOOD,
    Status.SNOOZED: Ink.WAITING,
    Status.CLOSED: Ink.DIM,
}

_PRESENT: dict[str, tuple[str, Ink, str]] = {
    "typing": ("✎", Ink.WAITING, N_("{name} is typing")),
    "viewing": ("●", Ink.GOOD, N_("{name} is viewing")),
    "idle": ("○", Ink.DIM, N_("{name} is idle")),
}


class ThreadHead(Widget):
    """Subject and state; addresses and tags; and further lines only for what is unusual."""

    DEFAULT_CSS = """
    ThreadHead { height: 4; background: $surface; padding: 1 2 0 2; }
    ThreadHead.-low { padding: 0 2; }
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
        keymap: Keymap | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._zone = zone
        self._keymap = keymap if keymap is not None else default_keymap()
        self._ticket: TicketDetail | None = None
        self._others: tuple[tuple[str, str], ...] = ()
        self._visitor: VisitorNow | None = None
        self._siblings: tuple[TicketRow, ...] = ()
        self._palette: tuple[str, Palette] | None = None
        self._unusual: list[list[Span]] = []

    def show(self, ticket: TicketDetail | None) -> None:
        """Show the head of a ticket, or nothing."""
        if ticket is None or self._ticket is None or ticket.row.id != self._ticket.row.id:
            self._others, self._visitor, self._siblings = (), None, ()
        self._ticket = ticket
        self._settle()

    def show_visitor(self, visitor: VisitorNow | None) -> None:
        """Show whether the visitor of this chat is there."""
        before, self._visitor = self._visitor, visitor
        if (before and before.online) != (visitor and visitor.online):
            self.tick()

    def show_siblings(self, siblings: Sequence[TicketRow]) -> None:
        """Show what else of this customer is open, on other channels."""
        if tuple(siblings) != self._siblings:
            self._siblings = tuple(siblings)
            self._settle()

    def tick(self) -> None:
        """Let countdowns and ages be those of now; only lines that may differ are drawn."""
        before = self._unusual
        self._lay_out()
        lines = {1, *(2 + place for place, line in enumerate(self._unusual)
                      if line not in before[place : place + 1])}  # fmt: skip
        if len(before) != len(self._unusual):
            self.refresh()
        elif self._ticket is not None and self._ticket.chat is not None:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in lines))

    def show_others(self, others: Sequence[tuple[str, str]]) -> None:
        """Show which colleagues are here, as (name, ``viewing`` or ``typing``)."""
        if tuple(others) != self._others:
            self._others = tuple(others)
            self._settle()

    def _settle(self) -> None:
        self._lay_out()
        self.refresh()

    def on_resize(self) -> None:
        """Break the warnings for another width."""
        self._lay_out()

    def set_low(self, *, is_low: bool) -> None:
        """Take fewer lines where there are few."""
        if self.has_class("-low") != is_low:
            self.set_class(is_low, "-low")
            self._lay_out()

    def _lay_out(self) -> None:
        """Take as many lines as there is something unusual to say."""
        is_low = self.has_class("-low")
        room = self.size.width if self.size.width > 0 else 80
        most = _MOST_LOW if is_low else _MOST
        offer = offer_lines(self._ticket, self._now(), self._keymap, room) if self._ticket else []
        # what can be mended by key is always in sight
        self._unusual = [*self._unusual_lines(room)[: most - len(offer)], *offer]
        height = (3 if is_low else 4) + len(self._unusual)
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height

    @property
    def _colors(self) -> Palette:
        name = self.app.theme
        if self._palette is None or self._palette[0] != name:
            self._palette = name, Palette.of(self.app.theme_variables)
        return self._palette[1]

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        width = self.size.width
        if self._ticket is None:
            return self._colors.strip((), width)
        if y == 0:
            now = self._now().astimezone(self._zone)
            spans = _two_sided(*_subject_line(self._ticket, now, width // 2), width, kept=2)
        elif y == 1:
            spans = _two_sided(*_address_line(self._ticket, self._presence()), width)
        else:
            spans = self._unusual[y - 2] if y - 2 < len(self._unusual) else []
        return self._colors.strip(fit(spans, width), width)

    def _presence(self) -> list[Span]:
        chat = self._ticket.chat if self._ticket is not None else None
        return presence_spans(chat, self._visitor, self._now()) if chat is not None else []

    def _unusual_lines(self, width: int) -> list[list[Span]]:
        """Return who else is here, and a sentence for each flag, with the key that helps."""
        lines: list[list[Span]] = []
        banner = banner_of(self._ticket, self._now(), self._keymap) if self._ticket else []
        if banner:
            lines.append(banner)
        if self._siblings:
            lines.append(sibling_spans(self._siblings, self._keymap))
        others: list[Span] = []
        for name, state in self._others:
            sign, ink, words = _PRESENT.get(state, _PRESENT["viewing"])
            said = _(words).format(name=clean(name))
            others += [(f"{sign} ", ink), (f"{said}   ", Ink.SOFT)]
        if others:
            lines.append(others)
        for flag in self._ticket.flags if self._ticket else ():
            if flag in WARNINGS and flag not in CHAT_FLAGS:
                lines += self._warning(flag, width)
        return lines

    def _warning(self, flag: str, width: int) -> list[list[Span]]:
        pieces = wrap_line(_(WARNINGS[flag]), max(10, width - 2))
        lines: list[list[Span]] = [
            [("▲ " if place == 0 else "  ", Ink.WAITING), (piece, Ink.WAITING)]
            for place, piece in enumerate(pieces)
        ]
        action, words = WAYS_ON.get(flag, ("", ""))
        keys = self._keymap.get(action, ())
        if keys:
            way: list[Span] = [(" · ", Ink.DIM), (shown(keys[0]), Ink.KEY), (f" {words}", Ink.SOFT)]
            if width_of([*lines[-1], *way]) <= width:
                lines[-1] += way
            else:
                lines.append([("  ", Ink.DIM), *way[1:]])
        return lines


def _subject_line(ticket: TicketDetail, now: datetime, room: int) -> tuple[list[Span], list[Span]]:
    row = ticket.row
    subject = clean(row.subject) or _("no subject")
    number = f"#{row.id} "
    status = _status_word(ticket, now, room - len(number))
    right: list[Span] = [(number, Ink.DIM), (status, _status_ink(ticket))]
    if row.spam:
        right.append((" " + _("spam"), Ink.BAD))
    if row.priority in PRIORITY_INKS:
        right.append((f" {priority_name(row.priority)}", PRIORITY_INKS[row.priority]))
    right += [(" · ", Ink.DIM), (owner_of(row), Ink.SOFT)]
    return [(subject, Ink.HEADING)], right


def owner_of(row: TicketRow) -> str:
    """Return whose a ticket is: the agent, and the team whose queue it is in."""
    team = _("team {name}").format(name=clean(row.team)) if row.team else ""
    agent = clean(row.assignee or "")
    if agent and team:
        return f"{agent} · {team}"
    return agent or team or _("unassigned")


def _status_ink(ticket: TicketDetail) -> Ink:
    if is_answered_by_itself(ticket):
        return Ink.TAG
    is_closing = ticket.chat is not None and ticket.chat.is_closing
    return Ink.WAITING if is_closing else _STATUS[ticket.row.status]


def _status_word(ticket: TicketDetail, now: datetime, room: int) -> str:
    """Return the status; words of a snooze give way in a narrow head, its time never does."""
    until = ticket.row.snoozed_until
    if ticket.chat is not None and ticket.chat.is_closing:
        return _("closing")
    if is_answered_by_itself(ticket):
        return _("assistant")
    if ticket.row.status is not Status.SNOOZED or until is None:
        return status_name(ticket.row.status)
    local = until.astimezone(now.tzinfo)
    day = day_month(local) if local.year == now.year else date_and_year(local)
    when = clock(local) if local.date() == now.date() else f"{day} {clock(local)}"
    keep = " !" if ticket.snooze_keep else ""
    full = _("snoozed until {moment}").format(moment=when) + keep
    return full if cells(full) <= room else _("until {moment}").format(moment=when) + keep


def sibling_spans(siblings: Sequence[TicketRow], keymap: Keymap) -> list[Span]:
    """Return what else of a customer is open on other channels, and the key that goes there."""
    spans: list[Span] = [(_("also open:") + " ", Ink.DIM)]
    for place, row in enumerate(siblings[:_MOST_SIBLINGS]):
        spec = CHANNELS.get(row.channel)
        sign: Span = (f"{spec.icon} ", Ink(spec.color)) if spec else ("? ", Ink.DIM)
        gap = "  " if place else ""
        spans += [(gap, Ink.DIM), sign, (f"{spec.label if spec else row.channel} ", Ink.SOFT)]
        spans.append((f"#{row.id}", Ink.LINK))
    keys = keymap.get("go.sibling", ())
    if keys:
        spans += [(" · ", Ink.DIM), (shown(keys[0]), Ink.KEY), (" " + _("goes there"), Ink.SOFT)]
    return spans


def _address_line(
    ticket: TicketDetail, presence: Sequence[Span] = ()
) -> tuple[list[Span], list[Span]]:
    row = ticket.row
    channel = CHANNELS.get(row.channel)
    left: list[Span] = []
    if channel is not None:
        left.append((f"{channel.icon} ", Ink(channel.color)))
    if ticket.chat is not None:
        left.append((visitor_address(ticket), Ink.SOFT))
    else:
        left.append((_customer_address(ticket), Ink.SOFT))
    if presence:
        left += [("  ", Ink.DIM), *presence, (" ", Ink.DIM)]
    if ticket.recipient:
        left += [(" → ", Ink.DIM), (shown_address(ticket.recipient), Ink.DIM)]
    if ticket.automatic:
        left.append(("  " + _("automatic mail"), Ink.WAITING))
    right: list[Span] = [(" ".join(clean(tag) for tag in row.tags), Ink.TAG)] if row.tags else []
    return left, right


def _customer_address(ticket: TicketDetail) -> str:
    """Return where the customer is; a person of Instagram by the name that others see there."""
    if ticket.messaging is not None and ticket.messaging.handle:
        return "@" + clean(ticket.messaging.handle).removeprefix("@")
    return shown_address(ticket.customer_address) or clean(ticket.row.customer_name)


def _two_sided(left: list[Span], right: list[Span], width: int, *, kept: int = 0) -> list[Span]:
    """Put spans at both edges; the left side gives way, but keeps half of the line.

    The first ``kept`` spans of the right side are not cut for that.
    """
    right_size = width_of(right)
    most = max(width // 2, width_of(right[:kept]))
    if right_size > most:
        right = fit(right, most)
        right_size = width_of(right)
    left = fit(left, max(0, width - right_size - 2))
    gap = width - right_size - width_of(left)
    return [*left, (" " * max(1, gap), Ink.DIM), *right] if right else left
