"""Macros while writing: their text at the cursor, their actions once the reply is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.widgets.text_area import Selection

from helpdesk_tui.domain.errors import HelpdeskError, UsageError
from helpdesk_tui.domain.macros.macro import Then
from helpdesk_tui.domain.macros.render import open_holes
from helpdesk_tui.domain.messages import Draft, DraftKind
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.completion import Offer, Place
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.macro_names import offer_names

if TYPE_CHECKING:
    from helpdesk_tui.domain.messages import Thread
    from helpdesk_tui.screens.composing.draft_files import DraftFiles
    from helpdesk_tui.screens.composing.drafting import DraftKeeper
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.screens.dialogs.macro_offers import PickedMacro
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.macros.drafts import Drafted, Following
    from helpdesk_tui.services.macros.macros import MacroPreview

_SLASH = 4
"""Characters that may stand behind a slash before the picker is up: what was typed meanwhile."""
Pick = Callable[[str, Callable[["PickedMacro | None"], None]], None]
"""Asks for a macro for the draft, with what was typed of its name."""


class DraftMacros:
    """Puts macros into the draft of one composer, and keeps what follows when it is sent."""

    def __init__(
        self, pane: ComposerPane, desk: Callable[[], Desk], keeper: DraftKeeper, files: DraftFiles
    ) -> None:
        self._pane = pane
        self._desk = desk
        self._keeper = keeper
        self._files = files
        self._following: tuple[Following, ...] = ()
        self._ticket_id = 0
        self._busy = 0
        self._waiting: list[Callable[[], None]] = []
        self._then: Callable[[], None] | None = None
        self._inserted = ""
        self._refused_row = -1
        self._values: dict[str, str] | None = None
        self._is_asking = False
        self.ask: Pick | None = None
        """How to ask for a macro; the screen says."""
        self.repeat: Callable[[], None] = lambda: None

    # what follows ----------------------------------------------------------------------------

    @property
    def following(self) -> tuple[Following, ...]:
        """The macros whose actions follow when the reply is sent."""
        return self._following

    @property
    def then(self) -> Then:
        """Where the last macro of the draft wants the list to go after sending."""
        found = [each.then for each in self._following if each.then]
        return found[-1] if found else Then.USUAL

    def opened(self, thread: Thread, kind: DraftKind) -> None:
        """Show what follows the draft that was opened; another ticket knows of nothing yet."""
        ticket = thread.ticket.row.id
        if ticket != self._ticket_id:
            self._ticket_id, self._following, self._values = ticket, (), None
        self._busy -= len(self._waiting)
        self._waiting.clear()
        self._inserted, self._refused_row = "", -1
        self._show()

    def restored(self, draft: Draft) -> None:
        """Find out what follows a draft that was read from the store."""
        if not draft.macros or draft.kind is not DraftKind.REPLY or self._busy:
            return
        ticket = draft.ticket_id
        self._pane.start(
            lambda: self._desk().macros.following(ticket),
            lambda drafted: self._drafted(ticket, DraftKind.REPLY, drafted),
            self._pane.refuse,
            group="macro",
        )

    def ready(self) -> None:
        """Go on with what waited for the draft to be read: it is in the editor now."""
        self._inserted = ""
        waiting, self._waiting = self._waiting, []
        self._busy -= len(waiting)
        for begin in waiting:
            begin()

    def joint(self, before: str) -> str:
        """Return what goes between a draft and a macro that was put in before it was read."""
        is_apart = not before.strip() or before.endswith("\n")
        return "" if is_apart or not self._inserted else "\n\n"

    def sent(self) -> None:
        """Forget what followed: it was done with the reply."""
        self._following = ()
        self._show()

    def _show(self) -> None:
        shows = self._following if self._pane.composer.kind is DraftKind.REPLY else ()
        self._pane.composer.macro_line.show(shows)

    def _drafted(self, ticket: int, kind: DraftKind, drafted: Drafted) -> None:
        if ticket != self._ticket_id:
            return
        if kind is DraftKind.REPLY:
            self._following = drafted.following
        self._files.put(kind, drafted.files)
        self._show()

    def detach(self) -> None:
        """Take a file off the draft, or what follows it; asks which where there are both."""
        is_reply = self._pane.composer.kind is DraftKind.REPLY
        if not self._following or not is_reply:
            self._files.detach()
        elif not self._files.of(DraftKind.REPLY):
            self.drop()
        else:
            from helpdesk_tui.screens.menu import Choice, Menu

            names = ", ".join(clean(each.name) for each in self._following)
            choices = [
                Choice("f", _("a file"), self._files.detach),
                Choice("m", _("what the macro does"), self.drop, names),
            ]
            self._pane.app.push_screen(
                Menu(_("take off"), choices, opened_by="composer.detach"),
                lambda do: do() if do is not None else None,
            )

    def drop(self) -> None:
        """Let nothing follow: the text stays."""
        ticket = self._ticket_id
        self._work(lambda: self._desk().macros.drop(ticket), ticket, DraftKind.REPLY)

    # putting in ------------------------------------------------------------------------------

    def pick(self, typed: str = "", *, slash: bool = False) -> None:
        """Ask for a macro and put it in at the cursor."""
        if self.ask is None:
            return
        row = self._pane.composer.editor.cursor_location[0]

        def chosen(picked: PickedMacro | None) -> None:
            self._is_asking = False
            if not self._pane.is_open:
                return
            self._pane.composer.editor.focus()
            if picked is None:
                self._refused_row = row if slash else -1
                return
            if slash:
                self._take_slash(row)
            self.take(picked)

        self._is_asking = True
        self.ask(typed, chosen)

    def _take_slash(self, row: int) -> None:
        editor = self._pane.composer.editor
        line = editor.document.get_line(row)
        editor.replace("", (row, 0), (row, min(len(line), editor.cursor_location[1])))

    def take(self, picked: PickedMacro) -> None:
        """Put in what was chosen, filled in first where that was not done yet."""
        ticket = self._ticket_id
        if picked.preview is not None:
            self.insert(picked.preview, picked.typed)
            return
        self._pane.ask(
            lambda: self._desk().macros.preview(picked.row.id, ticket, language=picked.language),
            lambda preview: self.insert(preview, picked.typed) if self._is_here(ticket) else None,
            self._pane.refuse,
            group="macro",
        )

    def _is_here(self, ticket: int) -> bool:
        return self._pane.is_open and ticket == self._ticket_id

    def insert(self, preview: MacroPreview, typed: str = "") -> None:
        """Put a macro's text in at the cursor; nothing that is written goes."""
        composer, kind = self._pane.composer, self._pane.composer.kind
        editor = composer.editor
        text = preview.text
        at = editor.selection.end
        editor.selection = Selection(at, at)
        start = offset_of(editor.text, at)
        editor.insert(text + typed, at, maintain_selection_offset=False)
        self._inserted = text
        written = composer.text
        holes = [hole for hole in open_holes(written) if hole.start >= start]
        if holes and not typed:
            self._go_to(holes[0].start, holes[0].end)
        else:
            end = start + len(text) + len(typed)
            place = place_of(written, end)
            editor.selection = Selection(place, place)
        ticket, row, language = self._ticket_id, preview.row, preview.plan.language

        def work() -> Drafted:
            # the draft has to be there before anything can belong to it
            self._keeper.flush(frozenset({(ticket, kind)}))
            return self._desk().macros.draft(row.id, ticket, written, language=language, kind=kind)

        def begin() -> None:
            self._keeper.remember(ticket, kind, composer.text)
            self._work(work, ticket, kind)

        if self._pane.is_restoring:
            # written now, it would take the place of a draft that is not read yet
            self._busy += 1
            self._waiting.append(begin)
        else:
            begin()

    def _work(self, job: Callable[[], Drafted], ticket: int, kind: DraftKind) -> None:
        """Change what belongs to the draft; sending waits for it."""
        self._busy += 1

        def over() -> None:
            self._busy -= 1
            then, self._then = (None, self._then) if self._busy else (self._then, None)
            if then is not None:
                then()

        def done(drafted: Drafted) -> None:
            self._drafted(ticket, kind, drafted)
            over()

        def failed(error: HelpdeskError) -> None:
            self._then = None
            over()
            self._pane.refuse(error)

        self._pane.start(job, done, failed, group="macro")

    # sending ---------------------------------------------------------------------------------

    def holds(self, review: Callable[[], None]) -> bool:
        """Return whether the text cannot leave yet: a macro is on its way in, or a hole is open."""
        if self._busy:
            self._then = review
            return True
        composer = self._pane.composer
        if composer.kind is not DraftKind.REPLY:
            return False
        found = open_holes(composer.text)
        if found:
            hole = found[0]
            error = UsageError("reply.hole", name=clean(hole.name), start=hole.start, end=hole.end)
            self._pane.refuse(error)
        return bool(found)

    def refused(self, error: HelpdeskError) -> None:
        """Put the cursor on the hole that a refusal is about."""
        start, end = error.values.get("start"), error.values.get("end")
        if error.code == "reply.hole" and isinstance(start, int) and isinstance(end, int):
            self._go_to(start, end)

    def _go_to(self, start: int, end: int) -> None:
        """Mark a place of the text: typing writes over it."""
        editor = self._pane.composer.editor
        first, last = place_of(editor.text, start), place_of(editor.text, end)
        editor.selection = Selection(first, last)
        editor.scroll_cursor_visible()

    # typing ----------------------------------------------------------------------------------

    def edited(self, text: str) -> None:
        """Look whether a slash begins a line: it asks for a macro."""
        if not text.strip() and not self._files.of(DraftKind.REPLY) and self._following:
            # a draft that is gone does nothing any more
            self._following = ()
            self._show()
        editor = self._pane.composer.editor
        row, column = editor.cursor_location
        before = editor.document.get_line(row)[:column]
        if not before.startswith("/"):
            self._refused_row = -1 if row == self._refused_row else self._refused_row
            return
        is_name = len(before) <= _SLASH and not any(char.isspace() for char in before)
        if is_name and row != self._refused_row and not self._is_asking:
            self.pick(before[1:], slash=True)

    def variables(self, place: Place) -> Offer | None:
        """Offer the names that may stand in a macro, with their values in this ticket."""
        offer = offer_names(place, self._values or {})
        if offer is None or self._values is not None:
            return offer
        ticket = self._ticket_id
        self._values = {}

        def read(values: dict[str, str]) -> None:
            if ticket == self._ticket_id:
                self._values = values
                self._pane.composer.look()

        self._pane.start(lambda: self._desk().macros.values(ticket), read, group="macro-values")
        return None


def offset_of(text: str, place: tuple[int, int]) -> int:
    """Return how many characters stand before a row and column."""
    row, column = place
    return sum(len(line) + 1 for line in text.split("\n")[:row]) + column


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Return row and column of a character."""
    before = text[: max(0, offset)]
    return before.count("\n"), len(before) - (before.rfind("\n") + 1)
