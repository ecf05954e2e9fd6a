"""The drafts of an agent: what is begun and not sent, to go on with or to throw away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from helpdesk_tui.domain.messages import Draft, DraftKind
from helpdesk_tui.domain.tickets import TicketRow
from helpdesk_tui.screens.beside.side_screen import Handlers, ListScreen
from helpdesk_tui.widgets.ink import Span
from helpdesk_tui.widgets.keys import Group, Scope
from helpdesk_tui.widgets.line_page import PageLines
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.words.drafts import draft_lines, draft_page
from helpdesk_tui.widgets.words.language import N_, _, ngettext

Row = tuple[Draft, TicketRow]
_KINDS = tuple(DraftKind)


class DraftsScreen(ListScreen[Row, Draft]):
    """The drafts at the left, the one under the cursor at the right; enter goes on writing it."""

    TITLE_TEXT: ClassVar[str] = N_("Drafts")
    SCOPE: ClassVar[Scope] = Scope.DRAFTS
    GROUP: ClassVar[Group] = Group.DRAFTS
    PLACE: ClassVar[str] = "drafts"
    ANEW: ClassVar[float] = 2.0
    thrown: list[Draft]
    """What was thrown away since the program began, the newest last; it outlives this screen."""

    def row_lines(self, row: Row, width: int, picked: bool) -> Sequence[Sequence[Span]]:
        """Return a row of the list."""
        return draft_lines(*row, width, self._now(), self.signs, picked=picked)

    def row_key(self, row: Row) -> int:
        """Return what a row is known by."""
        draft = row[0]
        return draft.ticket_id * len(_KINDS) + _KINDS.index(draft.kind)

    def page_lines(self, row: Row) -> Callable[[int], PageLines]:
        """Return what makes the page of a draft."""
        return lambda width: draft_page(*row, width, self._zone)

    def handlers(self) -> Handlers:
        """Return what the keys do."""
        return {
            **self.moves(),
            "draft.open": self._open,
            "draft.discard": self._discard,
            "draft.restore": self._restore,
        }

    def load(self) -> None:
        """Read the drafts."""
        self.read(lambda: tuple(self._desk.drafts.all()), self._show, group="drafts")

    def _show(self, rows: tuple[Row, ...]) -> None:
        self.list.notice = RowList.Notice(
            _("No drafts."),
            _("What you begin and do not send waits here, saved as you type. Back: press q"),
        )
        if rows != self.list.rows or not rows:
            self.list.show(rows)
            self.show_page()
        count = len(rows)
        self.title_line.say(ngettext("{count} draft", "{count} drafts", count).format(count=count))

    def _open(self) -> None:
        if self.list.current is not None:
            self.dismiss(self.list.current[0])

    def _discard(self) -> None:
        if self.list.current is None:
            return
        draft = self.list.current[0]

        def done(_unused: None) -> None:
            self.thrown.append(draft)
            said = _("the draft of #{id} is thrown away · z brings it back")
            self.footer.say(said.format(id=draft.ticket_id))
            self.load()

        self.start(
            lambda: self._desk.drafts.discard(draft.ticket_id, draft.kind),
            done,
            self.refuse,
            group="draft-act",
        )

    def _restore(self) -> None:
        if not self.thrown:
            self.footer.say(_("nothing was thrown away here"))
            return
        draft = self.thrown.pop()

        def done(_unused: None) -> None:
            self.footer.say(_("the draft of #{id} is back").format(id=draft.ticket_id))
            self.load()

        self.start(lambda: self._desk.drafts.restore(draft), done, self.refuse, group="draft-act")
