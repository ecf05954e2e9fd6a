"""The links of a message, each with the host it really leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widgets import Static

from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import PickDialog, fits
from helpdesk_tui.screens.thread.links import Link
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.wrap import shorten_cells, wrap_line


class LinksDialog(PickDialog[tuple[Link, str]]):
    """Shows where a link goes before anything is opened; over SSH it is copied instead."""

    TITLE_TEXT: ClassVar[str] = N_("links")
    OPENED_BY: ClassVar[str] = "thread.links"
    HINT: ClassVar[str] = N_("enter opens · ctrl+y copies · esc closes")

    def __init__(self, links: Sequence[Link]) -> None:
        super().__init__()
        self._links = tuple(links)

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the links that fit a number, a host or an address."""
        rows = []
        for number, link in enumerate(self._links, start=1):
            if typed.isdigit() and not str(number).startswith(typed):
                continue
            if typed.isdigit() or fits(typed, link.host, link.address):
                rows.append(_row(number, link))
        return rows

    def take(self, row: ChoiceRow) -> None:
        """Answer with the link."""
        if isinstance(row.value, Link):
            self.dismiss((row.value, "open"))

    def before_typing(self, event: events.Key) -> bool:
        """Copy with ctrl+y; show the whole address of the selected link."""
        row = self.choices.current
        if event.key == "ctrl+y" and row is not None and isinstance(row.value, Link):
            self.dismiss((row.value, "copy"))
            return True
        self.call_after_refresh(self._show_address)
        return super().before_typing(event)

    def prepare(self) -> None:
        """Show the address of the first link."""
        super().prepare()
        self._show_address()

    def _show_address(self) -> None:
        row = self.choices.current
        line = self.query_one("#dialog-news", Static)
        line.set_class(False, "problem")
        if row is None or not isinstance(row.value, Link):
            return
        line.display = True
        line.set_class(True, "gap")
        lines = wrap_line(clean(row.value.address), 58)
        line.update(Content("\n".join(lines[:4] + (["…"] if len(lines) > 4 else []))))


def _row(number: int, link: Link) -> ChoiceRow:
    host = shorten_cells(clean(link.host) or clean(link.address), 40)
    ink = Ink.LINK if link.is_allowed else Ink.DIM
    right = () if link.is_allowed else ((_("not opened"), Ink.WAITING),)
    return ChoiceRow(((f"[{number}] ", Ink.DIM), (host, ink)), right, link)
