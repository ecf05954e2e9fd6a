"""What keys do with the files, the links and the source of the thread on screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.messages import AttachmentRow
from helpdesk_tui.screens.thread.media import Media
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.words.files import can_be_fetched
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.screens.thread.pane import ThreadPane
    from helpdesk_tui.services.desk import Desk


class ThreadFiles:
    """Acts on the chosen file or message of a thread pane."""

    def __init__(
        self, pane: ThreadPane, desk: Callable[[], Desk], keymap: Keymap | None = None
    ) -> None:
        self._pane = pane
        self.media = Media(pane, desk, keymap)

    def open(self) -> None:
        """Open the chosen file in the system viewer, or ask which other way."""
        self._with_file(self.media.open)

    def save(self) -> None:
        """Save the chosen file to the download folder."""
        self._with_file(self.media.save)

    def view(self) -> None:
        """Look at the chosen file here in the terminal."""
        self._with_file(lambda file: self.media.view((file,), 0))

    def gallery(self) -> None:
        """Show all files of the ticket."""
        if self._pane.ticket_id:
            self.media.gallery(self._pane.ticket_id, self._pane.view.selected_file)

    def fetch(self) -> None:
        """Let the chosen file be fetched from its provider again."""

        def ask(file: AttachmentRow) -> None:
            if can_be_fetched(file):
                self.media.fetch(file, self._pane.refresh_ticket)
            else:
                self._pane.notify(_("this file is as it was sent: nothing to fetch"), markup=False)

        self._with_file(ask)

    def _with_file(self, act: Callable[[AttachmentRow], None]) -> None:
        file = self._pane.view.selected_file
        if file is None:
            self._pane.notify(_("no files in this thread"), markup=False)
        else:
            act(file)

    def show_links(self) -> None:
        """List the links of the selected message with where they really lead."""
        self.media.links(self._pane.view.selected)

    def show_source(self) -> None:
        """Show the selected message as it came."""
        self.media.source(self._pane.view.selected)
