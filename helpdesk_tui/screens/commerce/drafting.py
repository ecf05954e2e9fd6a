"""A line about a change, put into the reply: looked over by the agent, never sent by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.domain.macros.language import guess
from helpdesk_tui.domain.messages import Direction, DraftKind
from helpdesk_tui.screens.composing.type_ahead import Writing
from helpdesk_tui.widgets.words.language import LANGUAGES, known, spoken

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.screens.thread.pane import ThreadPane

_NEWEST = 5
"""Messages of the customer that are looked at for their language."""


def customer_language(inbox: InboxScreen, ticket_id: int | None, at_source: str) -> str:
    """Return the language a customer is written to in.

    What they write in comes first, then what a source knows, then what the agent speaks.
    """
    pane = inbox.panes.thread
    thread = pane.thread if pane is not None else None
    if thread is not None and thread.ticket.row.id == ticket_id:
        theirs = [one.text for one in thread.messages if one.direction is Direction.INBOUND]
        found = guess("\n".join(theirs[-_NEWEST:]), list(LANGUAGES))
        if found:
            return found
    return known(at_source) or spoken()


def put_line(inbox: InboxScreen, ticket_id: int, line: str) -> None:
    """Open the reply of a ticket and put a line at its end; what is written there stays."""
    pane = inbox.panes.thread
    if pane is not None and pane.ticket_id == ticket_id and _is_replying(pane):
        _add(pane, line)
        return
    inbox.panes.enter(ticket_id)
    inbox.panes.write_when_loaded(
        ticket_id, Writing.REPLY, first=lambda opened: _add_when_read(opened, line)
    )


def _is_replying(pane: ThreadPane) -> bool:
    return pane.writing.is_open and pane.writing.composer.kind is DraftKind.REPLY


def _add_when_read(pane: ThreadPane, line: str) -> None:
    """Put the line in once the stored draft is there: it goes behind it."""
    if not pane.writing.waits(lambda: _add(pane, line)):
        _add(pane, line)


def _add(pane: ThreadPane, line: str) -> None:
    editor = pane.writing.composer.editor
    written = editor.text
    ends = len(written) - len(written.rstrip("\n"))
    gap = "\n" * max(0, 2 - ends) if written.strip() else ""
    end = editor.document.end
    editor.move_cursor(end)
    editor.insert(f"{gap}{line}", end, maintain_selection_offset=False)
    editor.move_cursor(editor.document.end)
    pane.writing.edited(pane.writing.composer.text)
    editor.focus()
