"""The files of a draft: put to it, taken off it, shown in the composer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.domain.messages import AttachmentRow, DraftKind
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.composing.outgoing import attach_path, check_count
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.thread import size_label

if TYPE_CHECKING:
    from helpdesk_tui.domain.tickets import TicketRow
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.services.drafts import Drafts


class DraftFiles:
    """Keeps the files of reply and note apart, and asks which one is meant."""

    def __init__(self, pane: ComposerPane, drafts: Callable[[], Drafts]) -> None:
        self._pane = pane
        self._drafts = drafts
        self._files: dict[DraftKind, tuple[AttachmentRow, ...]] = {}

    def of(self, kind: DraftKind) -> tuple[AttachmentRow, ...]:
        """Return the files of the reply or of the note."""
        return self._files.get(kind, ())

    def put(self, kind: DraftKind, files: tuple[AttachmentRow, ...]) -> None:
        """Take the files of a draft as they are now."""
        self._files[kind] = files
        if self._pane.is_open and self._pane.composer.kind is kind:
            self._pane.composer.show_files(files)
            self._pane.composer.say("")

    def clear(self) -> None:
        """Forget all: another ticket is written in."""
        self._files.clear()

    def attach(self, ticket: TicketRow, flush: Callable[[], None]) -> None:
        """Ask for a file and put it to the draft of this kind."""
        from helpdesk_tui.screens.dialogs.attach import AttachDialog

        kind = self._pane.composer.kind

        def add(path: Path | None) -> None:
            if path is None:
                return
            files = self.of(kind)
            present = sum(file.size for file in files)

            def job() -> AttachmentRow:
                check_count(ticket, kind, len(files) + 1)
                flush()
                return attach_path(self._drafts(), ticket, kind, path, present)

            self._pane.start(
                job,
                lambda file: self.put(kind, (*self.of(kind), file)),
                self._pane.refuse,
                group="attach",
            )

        self._pane.app.push_screen(AttachDialog(), add)

    def detach(self) -> None:
        """Take a file off the draft; asks which where there are several."""
        kind = self._pane.composer.kind
        files = self.of(kind)
        if not files:
            self._pane.composer.say(_("no file is attached"))
        elif len(files) == 1:
            self._take_off(kind, files[0])
        else:
            from helpdesk_tui.screens.menu import Choice, Menu

            choices = [
                Choice(str(number % 10), clean(file.filename), file, size_label(file.size))
                for number, file in enumerate(files[:10], start=1)
            ]
            self._pane.app.push_screen(
                Menu(_("take off"), choices, opened_by="composer.detach"),
                lambda file: self._take_off(kind, file) if file is not None else None,
            )

    def _take_off(self, kind: DraftKind, file: AttachmentRow) -> None:
        self._pane.start(
            lambda: self._drafts().detach(file.id),
            lambda _: self.put(kind, tuple(one for one in self.of(kind) if one.id != file.id)),
            self._pane.refuse,
            group="attach",
        )
