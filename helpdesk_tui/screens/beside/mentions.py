"""Where one was mentioned: notes that name this agent, what is new first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from helpdesk_tui.domain.messages import MentionRow
from helpdesk_tui.screens.beside.side_screen import Handlers, ListScreen
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.keys import Group, Scope
from helpdesk_tui.widgets.line_page import PageLines
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.words.language import N_, _, ngettext
from helpdesk_tui.widgets.words.mentions import MentionLine, mention_lines, mention_page


class MentionsScreen(ListScreen[MentionRow, MentionRow]):
    """The notes at the left, the one under the cursor at the right; enter goes to it."""

    TITLE_TEXT: ClassVar[str] = N_("Mentions")
    SCOPE: ClassVar[Scope] = Scope.MENTIONS
    GROUP: ClassVar[Group] = Group.MENTIONS
    PLACE: ClassVar[str] = "mentions"
    ANEW: ClassVar[float] = 2.0

    def row_lines(self, row: MentionRow, width: int, picked: bool) -> Sequence[MentionLine]:
        """Return a row of the list."""
        return mention_lines(row, width, self._now(), self.signs, picked=picked)

    def row_key(self, row: MentionRow) -> int:
        """Return what a row is known by."""
        return row.message_id

    def handlers(self) -> Handlers:
        """Return what the keys do."""
        return {**self.moves(), "mention.open": self._open, "mention.seen": self._see}

    def load(self) -> None:
        """Read the notes."""

        def show(found: tuple[MentionRow, ...]) -> None:
            self.list.notice = RowList.Notice(
                _("Nobody has mentioned you yet."),
                _("A colleague writes @ and your name in a note, and it stands here."),
            )
            if found != self.list.rows or not found:
                self.list.show(found)
                self.show_page()
            new = sum(not row.is_seen for row in found)
            words = ngettext("{count} new", "{count} new", new).format(count=new)
            self.title_line.say(words if new else _("all seen"), Ink.FRESH if new else Ink.DIM)

        self.read(self._desk.mentions.newest, show, group="mentions")

    def page_lines(self, row: MentionRow) -> Callable[[int], PageLines]:
        """Return what makes the page of a note."""
        zone = self._zone
        return lambda width: mention_page(row, width, zone)

    def _open(self) -> None:
        row = self.list.current
        if row is None:
            return
        self.start(
            lambda: self._desk.mentions.seen(row.ticket_id),
            lambda _count: self.dismiss(row),
            self.refuse,
            group="mention",
        )

    def _see(self) -> None:
        row = self.list.current
        if row is not None:
            self.start(
                lambda: self._desk.mentions.seen(row.ticket_id),
                lambda _count: self.load(),
                self.refuse,
                group="mention",
            )
