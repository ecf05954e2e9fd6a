"""The connected channels: how each fares, a test of it, off and on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from helpdesk_tui.domain.accounts import AccountReport, AccountState, Check, Job
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.setting.table import undo_send
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.beside.job_watch import JobWatch, checks_of
from helpdesk_tui.screens.beside.side_screen import Handlers, ListScreen
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.keys import Group, Scope
from helpdesk_tui.widgets.line_page import PageLines
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.words.channels import channel_lines, channel_page
from helpdesk_tui.widgets.words.keys import key_words
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Account


class ChannelsScreen(ListScreen[AccountReport, None]):
    """The channel accounts at the left, the one under the cursor at the right."""

    TITLE_TEXT: ClassVar[str] = N_("Channels")
    SCOPE: ClassVar[Scope] = Scope.CHANNELS
    GROUP: ClassVar[Group] = Group.CHANNELS
    PLACE: ClassVar[str] = "channels"
    ANEW: ClassVar[float] = 2.0

    settings: Callable[[str], None] = staticmethod(lambda _: None)
    """Opens the settings at one of them."""

    def on_mount(self) -> None:
        """Read the accounts, and again every few seconds."""
        self._checks: dict[int, tuple[Check, ...]] = {}
        self._watch = JobWatch(self, self._desk)
        super().on_mount()

    def row_lines(
        self, row: AccountReport, width: int, picked: bool
    ) -> tuple[list[Span], list[Span]]:
        """Return a row of the list."""
        return channel_lines(row, width, self.signs, self._now(), picked=picked)

    def row_key(self, row: AccountReport) -> int:
        """Return what a row is known by."""
        return row.account.id

    def page_lines(self, row: AccountReport) -> Callable[[int], PageLines]:
        """Return what makes the page of a channel."""
        checks, now, zone = self._checks.get(row.account.id), self._now(), self._zone
        keys = key_words(self.keymap, "channel")
        return lambda width: channel_page(row, checks, width, now, zone, self.signs, keys)

    def handlers(self) -> Handlers:
        """Return what the keys do."""
        return {
            **self.moves(),
            "channel.test": self._test,
            "channel.toggle": self._toggle,
            "channel.copy": self._copy,
            "channel.sync": self._sync,
            "channel.settings": self._settings,
        }

    def load(self) -> None:
        """Read how the accounts fare."""

        def show(found: tuple[AccountReport, ...]) -> None:
            self.list.notice = RowList.Notice(
                _("No channel is connected yet."),
                _("helpdesk channel add email|webchat|sms|whatsapp|instagram connects one."),
            )
            if found != self.list.rows or not found:
                self.list.show(found)
            self.show_page()
            self._count(found)

        self.read(self._desk.admin.channel_reports, show, group="channels")

    def _count(self, rows: tuple[AccountReport, ...]) -> None:
        on = [row.account.state for row in rows if row.account.enabled]
        bad = sum(state in (AccountState.STOPPED, AccountState.RETRYING) for state in on)
        if bad:
            self.title_line.say(_("{bad} in trouble").format(bad=bad), Ink.BAD)
        else:
            self.title_line.say(_("all well") if rows else "")

    # acting ----------------------------------------------------------------------------------

    def _account(self) -> Account | None:
        row = self.list.current
        return None if row is None else row.account

    def _test(self) -> None:
        account = self._account()
        if account is None:
            return
        self._checks[account.id] = ()
        self.show_page()
        if self.is_narrow:
            self.go(to_page=True)

        def done(job: Job) -> None:
            self._checks[account.id] = checks_of(job)
            self.show_page()

        from helpdesk_tui.services.jobs import CHANNEL_TEST

        self._ask(CHANNEL_TEST, account, done)

    def _sync(self) -> None:
        account = self._account()
        if account is None:
            return

        def done(job: Job) -> None:
            self.footer.say(_("{name} is in step").format(name=clean(account.name)))
            self.load()

        from helpdesk_tui.services.jobs import SYNC_NOW

        self._ask(SYNC_NOW, account, done)

    def _ask(self, kind: str, account: Account, done: Callable[[Job], None]) -> None:
        desk = self._desk

        def ask() -> int:
            from helpdesk_tui.services.jobs import Jobs

            jobs = Jobs(desk.store, desk.actor, now=desk.clock)
            return jobs.ask(kind, {"channel": account.name})

        def failed(error: HelpdeskError) -> None:
            self._checks.pop(account.id, None)
            self.show_page()
            self.refuse(error)

        def waits(is_worked: bool) -> None:
            if not is_worked:
                self.footer.say(_("no worker runs: 'helpdesk sync' starts one"))

        self.start(
            ask, lambda job: self._watch.follow(job, done, failed, waits), failed, group="channel"
        )

    def _toggle(self) -> None:
        account = self._account()
        if account is None:
            return
        desk, is_on = self._desk, not account.enabled

        def done(_nothing: object) -> None:
            self.footer.say(_("is on again") if is_on else _("is off"))
            self.load()

        self.start(
            lambda: desk.admin.set_channel_state(account.id, enabled=is_on),
            done,
            self.refuse,
            group="channel",
        )

    def _copy(self) -> None:
        account = self._account()
        if account is not None:
            self.app.copy_to_clipboard(clean(account.address))
            self.footer.say(_("copied {workspace}").format(workspace=clean(account.address)))

    def _settings(self) -> None:
        account = self._account()
        if account is None:
            return
        if self.is_narrow and not self.on_page:
            self.go(to_page=True)
        else:
            self.settings(undo_send(CHANNELS[account.channel].name))
