"""The connected sources of customer data: how each fares, a test of it, off and on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from helpdesk_tui.domain.accounts import Check, Job
from helpdesk_tui.domain.actor import require_admin
from helpdesk_tui.domain.commerce.actions import Mode
from helpdesk_tui.domain.commerce.connected import ConnectedSource, Standing
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.screens.beside.job_watch import JobWatch, checks_of
from helpdesk_tui.screens.beside.side_screen import Handlers, ListScreen
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.keys import Group, Scope
from helpdesk_tui.widgets.line_page import PageLines
from helpdesk_tui.widgets.words.keys import key_words
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.sources import guide_lines, source_lines, source_page

_OF_KEYS = ("source.no-key", "secret.")
"""How the codes begin of what is wrong with a key before anybody is asked."""
_Found = tuple[tuple[ConnectedSource, ...], Mode]


class SourcesScreen(ListScreen[ConnectedSource, None]):
    """The sources at the left, the one under the cursor at the right; a guide where none is."""

    TITLE_TEXT: ClassVar[str] = N_("Sources of customer data")
    SCOPE: ClassVar[Scope] = Scope.SOURCES
    GROUP: ClassVar[Group] = Group.SOURCES
    PLACE: ClassVar[str] = "sources"
    ANEW: ClassVar[float] = 2.0
    DEFAULT_CSS = """
    SourcesScreen.-none RowList { display: none; }
    SourcesScreen.-none LinePage { display: block; border-left: none; }
    """

    def on_mount(self) -> None:
        """Read the sources, and again every few seconds."""
        self._checks: dict[int, tuple[Check, ...]] = {}
        self._mode = Mode.ON
        self._watch = JobWatch(self, self._desk)
        super().on_mount()

    def row_lines(
        self, row: ConnectedSource, width: int, picked: bool
    ) -> tuple[list[Span], list[Span]]:
        """Return a row of the list."""
        return source_lines(row, width, self.signs, self._now(), picked=picked)

    def row_key(self, row: ConnectedSource) -> int:
        """Return what a row is known by."""
        return row.id

    def page_lines(self, row: ConnectedSource) -> Callable[[int], PageLines]:
        """Return what makes the page of a source."""
        checks, now, mode = self._checks.get(row.id), self._now(), self._mode
        keys = key_words(self.keymap, "sources")
        return lambda width: source_page(
            row, mode, checks, width, now, self._zone, self.signs, keys
        )

    def handlers(self) -> Handlers:
        """Return what the keys do."""
        return {
            **self.moves(),
            "sources.test": self._test,
            "sources.toggle": self._toggle,
            "sources.open": partial(self.go, to_page=True),
        }

    def load(self) -> None:
        """Read how the sources fare."""
        desk = self._desk

        def read() -> _Found:
            return desk.sources.all(), desk.shop_actions.mode()

        self.read(read, self._show, group="sources")

    def _show(self, found: _Found) -> None:
        rows, self._mode = found
        was_empty = self.has_class("-none")
        self.set_class(not rows, "-none")
        if rows != self.list.rows:
            self.list.show(rows)
        self.show_page()
        if not rows:
            self.page.show(guide_lines, keep_place=was_empty)
        if was_empty is not self.has_class("-none"):
            # what is not shown yet takes no focus
            self.call_after_refresh(self.go, to_page=not rows)
        self._count(rows)

    def _count(self, rows: tuple[ConnectedSource, ...]) -> None:
        bad = sum(row.standing is Standing.SHUT for row in rows)
        if bad:
            self.title_line.say(_("{bad} in trouble").format(bad=bad), Ink.BAD)
        else:
            self.title_line.say(_("all well") if rows else "")

    def _back(self) -> None:
        if self.list.rows:
            super()._back()
        else:
            self.dismiss(None)

    # acting ----------------------------------------------------------------------------------

    def _test(self) -> None:
        source = self.list.current
        if source is None:
            return
        desk = self._desk
        self._checks[source.id] = ()
        self.show_page()
        if self.is_narrow:
            self.go(to_page=True)

        def ask() -> int:
            from helpdesk_tui.services.jobs import SOURCE_TEST, Jobs

            require_admin(desk.actor)
            jobs = Jobs(desk.store, desk.actor, now=desk.clock)
            return jobs.ask(SOURCE_TEST, {"source": source.name})

        def done(job: Job) -> None:
            self._checks[source.id] = checks_of(job)
            self.load()

        def failed(error: HelpdeskError) -> None:
            self._checks.pop(source.id, None)
            self.show_page()
            self.refuse(error)

        def ended(error: HelpdeskError) -> None:
            if not error.code.startswith(_OF_KEYS):
                failed(error)
                return
            # there is no key to try: the step that comes first
            self._checks[source.id] = (
                Check("login", ok=False, code=error.code, values=error.values),
            )
            self.show_page()

        def waits(is_worked: bool) -> None:
            if not is_worked:
                self.footer.say(_("no worker runs: 'helpdesk sync' starts one"))

        self.start(
            ask, lambda job: self._watch.follow(job, done, ended, waits), failed, group="source"
        )

    def _toggle(self) -> None:
        source = self.list.current
        if source is None:
            return
        desk, is_on = self._desk, not source.is_enabled

        def done(_changed: object) -> None:
            self.footer.say(_("is on again") if is_on else _("is off"))
            self.load()

        self.start(
            lambda: desk.sources.set_enabled(source.name, enabled=is_on),
            done,
            self.refuse,
            group="source",
        )
