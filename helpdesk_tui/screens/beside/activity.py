"""Everything that happened to a ticket, or on the desk: read, filtered, taken back, exported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from helpdesk_tui.domain.activity import ActivityFilter, ActivityPage, ActivityRow
from helpdesk_tui.domain.activity_filter import Asked, parse_filter
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.screens.acting.undo_from_log import ask_undo
from helpdesk_tui.screens.beside.side_screen import Handlers, ListScreen
from helpdesk_tui.widgets.ages import age
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.keys import Group, Scope
from helpdesk_tui.widgets.line_page import PageLines
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.activity import exact, moved_words, what, who
from helpdesk_tui.widgets.words.activity_lines import activity_lines, activity_page
from helpdesk_tui.widgets.words.keys import key_words
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.thread import ago

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

_PAGE = 50
_MOST = 500
"""Rows that stay loaded when the list is read anew."""
_LOOKS = 10
"""Pages that are looked at for one that the words of a filter leave something of."""


class ActivityScreen(ListScreen[ActivityRow, int]):
    """The log at the left, one entry of it at the right; answers with the ticket to go to."""

    TITLE_TEXT: ClassVar[str] = N_("Activity")
    SCOPE: ClassVar[Scope] = Scope.ACTIVITY
    GROUP: ClassVar[Group] = Group.ACTIVITY
    PLACE: ClassVar[str] = "activity"

    def __init__(
        self,
        desk: Desk,
        keymap: Keymap,
        signs: Signs,
        *,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
        ticket_id: int | None = None,
    ) -> None:
        super().__init__(desk, keymap, signs, now=now, zone=zone)
        self._ticket_id = ticket_id
        self._typed = ""
        self._asked = Asked()
        self._wanted = ActivityFilter(ticket_id)
        self._next: int | None = None
        self._asked_more = False

    def handlers(self) -> Handlers:
        """Return what the keys do."""
        return {
            **self.moves(),
            "activity.open": self._open,
            "activity.undo": self._undo,
            "activity.filter": self._filter,
            "activity.export": self._export,
        }

    # the list --------------------------------------------------------------------------------

    def row_lines(
        self, row: ActivityRow, width: int, picked: bool
    ) -> tuple[list[Span], list[Span]]:
        """Return a row of the list."""
        shown_age = age(row.at, self._now())
        return activity_lines(row, width, shown_age, self.signs, self._zone, picked=picked)

    def row_key(self, row: ActivityRow) -> int:
        """Return what a row is known by."""
        return row.id

    def page_lines(self, row: ActivityRow) -> Callable[[int], PageLines]:
        """Return what makes the page of an entry."""
        at = row.at.astimezone(self._zone)
        when = f"{exact(at)} · {ago(row.at, self._now())}"
        keys = key_words(self.keymap, "activity")
        return lambda width: activity_page(row, width, when, self._zone, keys)

    def load(self) -> None:
        """Read the list again: as many rows as are shown."""
        limit = max(_PAGE, min(len(self.list.rows), _MOST))
        wanted, words = self._wanted, self._asked.words

        def show(found: ActivityPage) -> None:
            if (wanted, words) == (self._wanted, self._asked.words):
                self._show(found)

        self.read(lambda: self._read(wanted, words, None, limit), show, group="activity")

    def _read(
        self, wanted: ActivityFilter, words: tuple[str, ...], after: int | None, limit: int
    ) -> ActivityPage:
        """Look at pages until one leaves something, but not for ever; runs in a thread."""
        rows: list[ActivityRow] = []
        for _look in range(_LOOKS):
            page = self._desk.activity.page(wanted, after=after, limit=limit)
            rows += [row for row in page.rows if self._fits(row, words)]
            after = page.next
            if after is None or len(rows) >= limit:
                break
        return ActivityPage(tuple(rows), after)

    def _fits(self, row: ActivityRow, words: tuple[str, ...]) -> bool:
        if not words:
            return True
        number = "" if row.ticket_id is None else f"#{row.ticket_id}"
        parts = (who(row), what(row), number, row.subject, row.kind, moved_words(row, self._zone))
        text = " ".join(parts).lower()
        return all(word in text for word in words)

    def _show(self, found: ActivityPage) -> None:
        self._next, self._asked_more = found.next, False
        self.list.notice = self._notice()
        self._say_scope()
        if found.rows != self.list.rows or not found.rows:
            self.list.show(found.rows)

    def _notice(self) -> RowList.Notice:
        key = key_words(self.keymap, "activity")["filter"]
        if self._typed and self._next is not None:
            return RowList.Notice(
                _("Nothing like this lately."),
                _("Older entries were not looked at: narrow the days with {key}").format(key=key),
            )
        if self._typed:
            help_line = _("Another filter: press {key}").format(key=key)
            return RowList.Notice(_("Nothing like this."), help_line)
        return RowList.Notice(_("Nothing happened yet."), _("Back: press q"))

    def _say_scope(self) -> None:
        scope = _("the desk") if self._ticket_id is None else f"#{self._ticket_id}"
        typed = clean(self._typed)
        self.title_line.say(f"{scope} · {typed}" if typed else scope, Ink.SOFT)

    def on_row_list_more_wanted(self, message: RowList.MoreWanted) -> None:
        """Read older entries."""
        rows, after = self.list.rows, self._next
        if after is None or self._asked_more:
            return
        self._asked_more = True
        wanted, words = self._wanted, self._asked.words

        def show(found: ActivityPage) -> None:
            self._asked_more = False
            if (wanted, words, after) == (self._wanted, self._asked.words, self._next):
                self._next = found.next
                self.list.show((*rows, *found.rows))

        self.start(
            lambda: self._read(wanted, words, after, _PAGE), show, self.refuse,
            group="activity-more",
        )  # fmt: skip

    # acting ----------------------------------------------------------------------------------

    def _open(self) -> None:
        row = self.list.current
        if row is None:
            return
        if self.is_narrow and not self.on_page:
            self.go(to_page=True)
        elif row.ticket_id is None:
            self.footer.say(_("this is of no single ticket"))
        else:
            self.dismiss(row.ticket_id)

    def _filter(self) -> None:
        from helpdesk_tui.screens.dialogs.text import LineDialog

        def chosen(typed: str | None) -> None:
            if typed is not None:
                self._apply(typed)

        hint = _("by:anna  kind:tags,status  since:3d  until:2026-11-20, and words. Empty: all.")
        dialog = LineDialog(_("filter"), self._typed, hint, keys=_("enter filters · esc closes"))
        self.app.push_screen(dialog, chosen)

    def _apply(self, typed: str) -> None:
        """Read the log as it is asked for."""

        def understood() -> tuple[Asked, ActivityFilter]:
            asked = parse_filter(typed, self._now(), self._desk.zone)
            agent = self._desk.team.agent(asked.agent).id if asked.agent else None
            base = ActivityFilter(self._ticket_id, agent, asked.groups)
            return asked, replace(base, since=asked.since, until=asked.until)

        def apply(found: tuple[Asked, ActivityFilter]) -> None:
            self._typed = typed
            self._asked, self._wanted = found
            self.list.show(())
            self.list.notice = RowList.Notice(_("Looking …"))
            self.load()

        self.start(understood, apply, self.refuse, group="activity-filter", exclusive=True)

    def _undo(self) -> None:
        row = self.list.current
        if row is None:
            return
        if not row.can_undo:
            self.footer.say(_("this cannot be taken back"))
            return
        self.start(
            lambda: self._desk.activity.preview(row.change_id),
            lambda preview: ask_undo(self, self._desk, preview, self._zone, self._undone),
            self.refuse,
            group="activity-undo",
        )

    def _undone(self, change: Change, said: str) -> None:
        self.footer.say(said)
        self.load()

    def _export(self) -> None:
        from helpdesk_tui.screens.dialogs.text import LineDialog

        about = "desk" if self._ticket_id is None else str(self._ticket_id)
        hint = _("A new file: .jsonl for JSON lines, .csv for a table.")
        keys = _("enter writes it · esc closes")
        dialog = LineDialog(_("export to"), f"~/activity-{about}.jsonl", hint, keys=keys)
        self.app.push_screen(dialog, self._write)

    def _write(self, path: str | None) -> None:
        if not path:
            return
        wanted = self._wanted

        def write() -> Path:
            from helpdesk_tui.services.activity_export import export

            return export(self._desk.activity, wanted, Path(path))

        def written(target: Path) -> None:
            self.footer.say(_("written to {path}").format(path=clean(str(target))))

        self.footer.say(_("writing …"))
        self.start(write, written, self.refuse, group="activity-export")
