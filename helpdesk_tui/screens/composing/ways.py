"""What can be done where no reply can leave: said in the composer, and chosen from a menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messaging.parts import TemplateUse
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.screens.composing.sending import lock_in
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.messaging import LOCKS
from helpdesk_tui.widgets.words.view_names import status_name

if TYPE_CHECKING:
    from helpdesk_tui.domain.messages import Thread
    from helpdesk_tui.domain.messaging.templates import TemplateRow
    from helpdesk_tui.domain.tickets import TicketRow
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.screens.dialogs.consent import Given
    from helpdesk_tui.screens.menu import Menu
    from helpdesk_tui.services.desk import Desk

_MOST_SIBLINGS = 3


@runtime_checkable
class GoesTo(Protocol):
    """A screen that can show another ticket."""

    def go_to(self, ticket_id: int) -> None:
        """Go into a ticket, wherever it stands."""


@dataclass(frozen=True, slots=True)
class Way:
    """Something that is allowed."""

    key: str
    short: str
    """In the composer, in a word or two."""
    label: str
    """In the menu."""
    note: str
    take: Callable[[], None]


class Ways:
    """Knows what is allowed in a ticket that takes no reply now."""

    def __init__(self, pane: ComposerPane, desk: Callable[[], Desk]) -> None:
        self._pane = pane
        self._desk = desk
        self._menu: Menu[Way] | None = None

    def words(self, thread: Thread, now: datetime) -> tuple[str, ...]:
        """Return what is allowed, in a word or two each; nothing where one arrives."""
        return tuple(way.short for way in self._ways(thread, now))

    def offer(self) -> bool:
        """Ask what is to be done instead of a reply; False where a reply can leave."""
        pane = self._pane
        if pane.thread is None:
            return False
        lock = lock_in(pane.thread, pane.now())
        if lock is None:
            return False
        from helpdesk_tui.screens.menu import Choice, Menu

        ways = self._ways(pane.thread, pane.now())
        choices = [Choice(way.key, way.label, way, way.note) for way in ways]
        title = _("locked: {reason}").format(reason=_(LOCKS.get(lock.code, lock.code)))
        self._menu = Menu(title, choices, opened_by="composer.review")
        pane.app.push_screen(self._menu, self._taken)
        return True

    def lift(self) -> None:
        """Take back what was said of a lock once there is none any more."""
        pane = self._pane
        if pane.thread is None or lock_in(pane.thread, pane.now()) is not None:
            return
        pane.composer.say("")
        if self._menu is not None and self._menu.is_current:
            self._menu.dismiss(None)

    def _taken(self, way: Way | None) -> None:
        self._menu = None
        if way is None:
            self._pane.composer.editor.focus()
        else:
            way.take()

    def _ways(self, thread: Thread, now: datetime) -> list[Way]:
        lock = lock_in(thread, now)
        if lock is None:
            return self._siblings() if self._is_in_vain(thread) else []
        info, found = thread.ticket.messaging, []
        if lock.allows_template and info is not None:
            count = info.templates
            known = ngettext("{count} approved", "{count} approved", count).format(count=count)
            found.append(
                Way("t", _("send a template"), _("send an approved template"), known,
                    self._pick_template)
            )  # fmt: skip
        if lock.code == "reply.no-consent":
            found.append(
                Way("c", _("record their consent"), _("record their consent"),
                    _("with where they gave it"), self._record_consent)
            )  # fmt: skip
        found += self._siblings()
        found.append(
            Way("n", _("write a note"), _("write an internal note"), _("never sent"),
                self._pane.switch_kind)
        )  # fmt: skip
        return found

    @staticmethod
    def _is_in_vain(thread: Thread) -> bool:
        """Tell whether the provider has said that nothing arrives at this address."""
        return thread.ticket.messaging is not None and bool(thread.ticket.messaging.dead_end)

    def _siblings(self) -> list[Way]:
        found = self._pane.frame.siblings[:_MOST_SIBLINGS]
        return [self._sibling(place, one) for place, one in enumerate(found, start=1)]

    def _sibling(self, place: int, row: TicketRow) -> Way:
        label = CHANNELS[row.channel].label
        short = _("{channel} #{id}").format(channel=label, id=row.id)
        return Way(
            str(place), short, _("answer by {channel} in #{id}").format(channel=label, id=row.id),
            status_name(row.status), lambda: self._go(row.id),
        )  # fmt: skip

    def _go(self, ticket: int) -> None:
        screen = self._pane.screen
        if isinstance(screen, GoesTo):
            self._pane.keep_draft()
            screen.go_to(ticket)

    # consent ---------------------------------------------------------------------------------

    def _record_consent(self) -> None:
        """Ask where they gave it, and record it; the composer opens by itself then."""
        from helpdesk_tui.screens.dialogs.consent import ConsentDialog

        pane, thread = self._pane, self._pane.thread
        if thread is None or thread.ticket.messaging is None:
            return
        row, info = thread.ticket.row, thread.ticket.messaging

        def given(answer: Given | None) -> None:
            pane.composer.editor.focus()
            if answer is not None:
                self._record(row.id, answer)

        label = CHANNELS[row.channel].label
        pane.app.push_screen(ConsentDialog(row.customer_name, info.address, label), given)

    def _record(self, ticket: int, given: Given) -> None:
        pane = self._pane

        def job() -> Thread:
            desk = self._desk()
            desk.consent.record_for(ticket, ConsentState.GIVEN, given.detail, kind=given.kind)
            return desk.threads.load(ticket)

        def done(thread: Thread) -> None:
            pane.thread_changed(thread)
            pane.composer.say(_("recorded: they may be written to"), soft=True)

        pane.start(job, done, pane.refuse, group="consent")

    # templates -------------------------------------------------------------------------------

    def _pick_template(self) -> None:
        """Ask which template, fill it in, and send it; the draft stays as it is."""
        pane, thread = self._pane, self._pane.thread
        if thread is None:
            return
        ticket = thread.ticket.row.id

        def show(templates: list[TemplateRow]) -> None:
            from helpdesk_tui.screens.dialogs.template import TemplateDialog

            pane.app.push_screen(TemplateDialog(templates), lambda one: self._fill(ticket, one))

        pane.ask(
            lambda: self._desk().templates.of_ticket(ticket), show, pane.refuse, group="template"
        )

    def _fill(self, ticket: int, template: TemplateRow | None) -> None:
        from helpdesk_tui.screens.dialogs.template import TemplateValuesDialog

        pane = self._pane
        if template is None:
            pane.composer.editor.focus()
            return

        def filled(values: tuple[str, ...] | None) -> None:
            pane.composer.editor.focus()
            if values is not None:
                pane.at_once.send_template(
                    ticket, TemplateUse(template.name, template.language, values)
                )

        pane.app.push_screen(TemplateValuesDialog(template), filled)
