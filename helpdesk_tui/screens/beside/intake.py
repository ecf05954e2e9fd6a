"""Rejected and unusual mail: what made no ticket, why, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from helpdesk_tui.domain.accounts import Job
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.intake import BY_HAND, IntakePage, IntakeRow
from helpdesk_tui.domain.mail import Address
from helpdesk_tui.screens.beside.job_watch import JobWatch
from helpdesk_tui.screens.beside.side_screen import Handlers, ListScreen
from helpdesk_tui.screens.thread.source_view import SourceViewer
from helpdesk_tui.widgets.ages import age
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.keys import Group, Scope
from helpdesk_tui.widgets.line_page import PageLines, hanging
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.intake import intake_lines, intake_page, what_becomes
from helpdesk_tui.widgets.words.keys import key_words
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.locale_forms import number, short_moment

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

_PAGE = 50
_MOST = 500
"""Rows that stay loaded when the list is read anew."""
FORWARDING = -1
"""Answer of the screen that asks for the support addresses instead of a ticket."""


class IntakeScreen(ListScreen[IntakeRow, int]):
    """The list at the left, the mail at the right; answers with the ticket that was made."""

    TITLE_TEXT: ClassVar[str] = N_("Rejected and unusual mail")
    SCOPE: ClassVar[Scope] = Scope.INTAKE
    GROUP: ClassVar[Group] = Group.INTAKE
    PLACE: ClassVar[str] = "intake"

    def __init__(
        self,
        desk: Desk,
        keymap: Keymap,
        signs: Signs,
        *,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__(desk, keymap, signs, now=now, zone=zone)
        self._watch = JobWatch(self, desk)
        self._sources = SourceViewer(self, lambda: desk, keymap)
        self._everything = False
        self._has_more = False
        self._asked_more = False
        self._dismissed: list[int] = []
        self._troubles: dict[int, str] = {}
        self._making: int | None = None

    def handlers(self) -> Handlers:
        """Return what the keys do."""
        return {
            **self.moves(),
            "intake.ticket": self._ticket,
            "intake.dismiss": self._dismiss_row,
            "intake.restore": self._restore,
            "intake.source": self._source,
            "intake.everything": self._toggle_everything,
            "intake.forwarding": partial(self.dismiss, FORWARDING),
        }

    # the list --------------------------------------------------------------------------------

    def row_lines(self, row: IntakeRow, width: int, picked: bool) -> tuple[list[Span], list[Span]]:
        """Return a row of the list."""
        shown_age = age(row.received_at, self._now())
        return intake_lines(row, width, shown_age, self.signs, picked=picked)

    def row_key(self, row: IntakeRow) -> int:
        """Return what a row is known by."""
        return row.id

    def load(self) -> None:
        """Read the list again: as many rows as are shown."""
        everything = self._everything
        limit = max(_PAGE, min(len(self.list.rows), _MOST))

        def read() -> tuple[IntakePage, int]:
            intake = self._desk.intake
            return intake.page(limit=limit, everything=everything), intake.count()

        def show(found: tuple[IntakePage, int]) -> None:
            if everything == self._everything:
                self._show(*found)

        self.read(read, show, group="intake")

    def _show(self, found: IntakePage, count: int) -> None:
        self._has_more, self._asked_more = found.has_more, False
        self.list.notice = RowList.Notice(
            _("Nothing waits here."),
            _("Mail that makes no ticket lands here with its reason. Back: press q"),
        )
        self.title_line.say(
            _("{count} waiting").format(count=number(count)) if count else _("nothing waits")
        )
        if found.rows != self.list.rows or not found.rows:
            self.list.show(found.rows)

    def on_row_list_more_wanted(self, message: RowList.MoreWanted) -> None:
        """Read older rows."""
        rows, everything = self.list.rows, self._everything
        if not self._has_more or self._asked_more or not rows:
            return
        self._asked_more = True

        def show(found: IntakePage) -> None:
            self._asked_more = False
            if self.list.rows and self.list.rows[-1].id == rows[-1].id:
                self._has_more = found.has_more
                self.list.show((*self.list.rows, *found.rows))

        self.start(
            lambda: self._desk.intake.page(after=rows[-1].id, limit=_PAGE, everything=everything),
            show,
            self.refuse,
            group="intake-more",
        )

    def page_lines(self, row: IntakeRow) -> Callable[[int], PageLines]:
        """Return what makes the page of a mail, with what stood in the way of its ticket."""
        received = row.received_at.astimezone(self._zone)
        when = short_moment(received)
        trouble = self._troubles.get(row.id, "")
        keys = key_words(self.keymap, "intake")

        def lines(width: int) -> PageLines:
            above = hanging(("✗ ", Ink.BAD), trouble, width, Ink.BAD) if trouble else []
            return [*above, *intake_page(row, width, when, keys)]

        return lines

    # acting ----------------------------------------------------------------------------------

    def _ticket(self) -> None:
        row = self.list.current
        if row is None:
            return
        if self.is_narrow and not self.on_page:
            self.go(to_page=True)  # what it is about is read first
        elif row.ticket_id is not None:
            self.dismiss(row.ticket_id)
        elif self._making is not None:
            self.footer.say(_("one moment, a ticket is being made"))
        elif row.reason == BY_HAND:
            from helpdesk_tui.screens.dialogs.whose import WhoseDialog

            self.app.push_screen(WhoseDialog(row.customer), partial(self._make, row))
        else:
            self._ask(row)

    def _ask(self, row: IntakeRow) -> None:
        """Ask first: unlike dismissing it, making a ticket has no way back."""
        from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog

        def answer(yes: bool | None) -> None:
            self._make(row, None, confirmed=bool(yes))

        dialog = ConfirmDialog(
            _("Make a ticket of this mail?"), what_becomes(row), _("make the ticket")
        )
        self.app.push_screen(dialog, answer)

    def _make(self, row: IntakeRow, customer: Address | None, *, confirmed: bool = False) -> None:
        """Have the worker make the ticket; its parser reads the mail."""
        if customer is None and not confirmed:
            return
        self._making = row.id
        self._troubles.pop(row.id, None)
        self.title_line.say(_("making the ticket …"), Ink.WAITING)

        def asked(job_id: int) -> None:
            self._watch.follow(job_id, self._made, partial(self._not_made, row.id), self._waits)

        self.start(
            lambda: self._desk.intake.ask_ticket(row.id, customer),
            asked,
            partial(self._not_made, row.id),
            group="intake-ticket",
        )

    def _waits(self, is_worked: bool) -> None:
        text = _("making the ticket …") if is_worked else _("waiting for the worker: sync is off")
        self.title_line.say(text, Ink.WAITING)

    def _made(self, job: Job) -> None:
        self._making = None
        ticket = job.result.get("ticket")
        self.dismiss(ticket if isinstance(ticket, int) else None)

    def _not_made(self, intake_id: int, error: HelpdeskError) -> None:
        self._making = None
        self._troubles[intake_id] = sentence(error)
        self.title_line.say(_("no ticket was made"), Ink.BAD)
        self.show_page()

    def _dismiss_row(self) -> None:
        row = self.list.current
        if row is None or row.is_done:
            return
        self._dismissed.append(row.id)
        self._change(lambda: self._desk.intake.dismiss([row.id]), _("dismissed · z restores"))

    def _restore(self) -> None:
        row = self.list.current
        if row is not None and row.is_done and row.ticket_id is None:
            target = row.id
        elif self._dismissed:
            target = self._dismissed[-1]
        else:
            self.footer.say(_("nothing to restore"))
            return
        self._dismissed = [one for one in self._dismissed if one != target]
        self._change(lambda: self._desk.intake.restore([target]), _("restored"))

    def _change(self, do: Callable[[], None], said: str) -> None:
        def done(_: None) -> None:
            self.footer.say(said)
            self.load()

        self.start(do, done, self.refuse, group="intake-change")

    def _toggle_everything(self) -> None:
        self._everything = not self._everything
        self.footer.say(_("dismissed ones too") if self._everything else _("only what waits"))
        self.load()

    def _source(self) -> None:
        row = self.list.current
        if row is not None:
            self._sources.intake(row.id)
