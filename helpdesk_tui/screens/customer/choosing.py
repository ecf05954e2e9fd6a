"""What keys do on a row of the sidebar: open what it is about, copy it, follow where it leads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from helpdesk_tui.widgets.sidebar.person import name_of
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.domain.commerce.changing import Person
    from helpdesk_tui.screens.customer.context_desk import ContextDesk
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk

Handlers = dict[str, Callable[[], None]]


class Choosing:
    """Acts on the rows of the sidebar of one inbox screen."""

    def __init__(self, screen: InboxScreen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        screen.panes.chosen = self.choose

    def handlers(self, others: Handlers) -> Handlers:
        """Return what the keys do; in other panes they keep their meaning.

        Args:
            others: what the same keys do there.
        """
        return {
            "customer.profile": partial(self.profile, "all"),
            "customer.events": self.ask_metrics,
            "customer.refresh": self._refresh,
            "ticket.copy": partial(self._here_or, self._copy, others["ticket.copy"]),
            "attachment.open": partial(self._here_or, self._follow, others["attachment.open"]),
        }

    def _here_or(self, act: Callable[[Target], None], other: Callable[[], None]) -> None:
        sidebar = self._screen.panes.sidebar
        target = sidebar.current if sidebar is not None else None
        if target is None:
            other()
        else:
            act(target)

    @property
    def _context(self) -> ContextDesk | None:
        return self._screen.panes.customer

    # choosing --------------------------------------------------------------------------------

    def choose(self, target: Target) -> None:
        """Do what a row is for."""
        does: dict[TargetKind, Callable[[Target], None]] = {
            TargetKind.CUSTOMER: lambda _target: self.profile("all"),
            TargetKind.ORDERS: lambda _target: self.profile("orders"),
            TargetKind.ALL: lambda one: self.profile(one.id),
            TargetKind.EVENT: lambda one: self.profile("events", one),
            TargetKind.ORDER: self._order,
            TargetKind.SUBSCRIPTION: self._subscription,
            TargetKind.ACTION: self._action,
            TargetKind.METRICS: lambda _target: self.ask_metrics(),
            TargetKind.TICKET: lambda one: self._screen.go_to(int(one.id)),
            TargetKind.TICKETS: lambda _target: self._screen.perform("customer.history"),
            TargetKind.CLAIM: self._claim,
            TargetKind.SAME: lambda _target: self._screen.perform("customer.link"),
            TargetKind.SOURCE: self._source,
        }
        act = does.get(target.kind)
        if act is not None:
            act(target)
        else:
            self._copy(target)

    def whose(self) -> Person | None:
        """Return whose sidebar it is, for the dialogs."""
        from helpdesk_tui.domain.commerce.changing import Person

        shown = self._context.shown if self._context is not None else None
        if shown is None:
            return None
        detail, profile = shown
        return Person(profile.id, name_of(profile), detail.row.id)

    def _order(self, target: Target) -> None:
        from helpdesk_tui.screens.commerce.opening import open_order

        if (person := self.whose()) is not None:
            open_order(self._screen, self._desk, person, target.source_id, target.id)

    def _subscription(self, target: Target) -> None:
        from helpdesk_tui.screens.commerce.opening import open_subscription

        if (person := self.whose()) is not None:
            open_subscription(self._screen, self._desk, person, target.source_id, target.id)

    def _action(self, target: Target) -> None:
        from helpdesk_tui.screens.commerce.opening import open_action

        if (person := self.whose()) is not None:
            open_action(self._screen, self._desk, person, int(target.id))

    def _source(self, target: Target) -> None:
        """Say what is wrong with a source, or how one is connected."""
        said = target.copied or _("helpdesk source add KIND NAME connects a shop")
        self._screen.notify(said, severity="warning" if target.copied else "information",
                            markup=False)  # fmt: skip

    def _claim(self, target: Target) -> None:
        """Ask before somebody is looked up by what nobody has proved."""
        from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog

        shown = self._context.shown if self._context is not None else None
        if shown is None:
            return
        ticket, profile = shown[0].row.id, shown[1].id
        kind, _colon, value = target.id.partition(":")
        desk = self._desk

        def answer(yes: bool | None) -> None:
            if yes:
                self._screen.start(
                    lambda: desk.customer_context.vouch(profile, kind, value, ticket),
                    lambda _done: self._refresh(),
                    group="write",
                )

        title = _("Look {address} up?").format(address=target.copied)
        body = _(
            "Nobody has proved that this address is theirs: they only typed it, or their mail"
            " failed its check. What the shop knows of it stands beside their tickets from then"
            " on, and somebody who lied about it could be told another customer's orders."
        )
        self._screen.app.push_screen(ConfirmDialog(title, body, _("look up")), answer)

    def _refresh(self) -> None:
        """Ask the sources anew."""
        if self._context is not None and self._context.refresh():
            self._screen.footer.say(_("the sources are asked anew"))
        else:
            self._screen.footer.say(_("there is no ticket here"))

    # copying and following -------------------------------------------------------------------

    def _copy(self, target: Target) -> None:
        if target.copied:
            self._screen.app.copy_to_clipboard(target.copied)
            self._screen.footer.say(_("copied {text}").format(text=target.copied))

    def _follow(self, target: Target) -> None:
        thread = self._screen.panes.thread
        if target.url and thread is not None:
            thread.files.media.follow(target.url)
        else:
            self._screen.footer.say(_("this leads nowhere outside"))

    # screens ---------------------------------------------------------------------------------

    def profile(self, tab: str, target: Target | None = None) -> None:
        """Show all that is known of the customer on a screen of its own."""
        row, desk = self._screen.tickets.cursor_row, self._desk
        shown = self._context.shown if self._context is not None else None
        if shown is not None and (target is not None or row is None or row.id == shown[0].row.id):
            self._open_profile(shown[1].id, shown[0].row.id, tab, target)
        elif row is None:
            self._screen.footer.say(_("there is no ticket here"))
        else:
            ticket = row.id
            self._screen.ask(
                lambda: desk.threads.detail(ticket).customer_id,
                lambda profile: self._open_profile(profile, ticket, tab, target),
                group="ask",
            )

    def _open_profile(
        self, profile_id: int, ticket_id: int, tab: str, target: Target | None
    ) -> None:
        from helpdesk_tui.screens.customer.screen import CustomerScreen

        screen = self._screen

        def go_to(other: int) -> None:
            if other != ticket_id or screen.panes.current == "list":
                screen.go_to(other)

        screen.app.push_screen(
            CustomerScreen(
                self._desk, screen.keymap, screen.signs, now=screen.now, zone=screen.zone,
                profile_id=profile_id, ticket_id=ticket_id, tab=tab, target=target, go_to=go_to,
            )
        )  # fmt: skip

    def ask_metrics(self) -> None:
        """Ask which events are shown."""
        from helpdesk_tui.screens.customer.filtering import Filtering

        screen, context = self._screen, self._context
        if context is not None and context.known is not None:
            asking = Filtering(screen, self._desk, context.filter_by, screen.footer.say)
            asking.ask(context.known.metrics, context.filter)
