"""Beginning a forward: which mail, then the composer with what is passed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.messages import Direction, Draft, DraftKind, MessageRow
from helpdesk_tui.widgets.words.language import _, ngettext

if TYPE_CHECKING:
    from helpdesk_tui.screens.thread.pane import ThreadPane
    from helpdesk_tui.services.desk import Desk

WHOLE = 0
"""Stands for the whole talk with the customer where the id of a message could stand."""


def start_forward(pane: ThreadPane, desk: Desk) -> None:
    """Ask what to pass on; a draft that was begun is opened as it is."""
    thread = pane.thread
    if thread is None:
        return
    ticket = thread.ticket.row.id

    def open_draft(draft: Draft) -> None:
        if pane.thread is not None and pane.thread.ticket.row.id == draft.ticket_id:
            pane.write(DraftKind.FORWARD)

    def begin(message_id: int | None) -> None:
        if message_id is not None:
            pane.ask(
                lambda: desk.replies.start_forward(ticket, message_id or None),
                open_draft,
                group="forward",
            )

    def known(draft: Draft | None) -> None:
        if draft is not None:
            pane.write(DraftKind.FORWARD)
            return
        message = passed_message(thread.messages, pane.view.selected)
        if message is None:
            begin(WHOLE)
        else:
            _ask(pane, message, begin)

    pane.ask(lambda: desk.drafts.load(ticket, DraftKind.FORWARD), known, group="forward")


def _ask(pane: ThreadPane, message: MessageRow, begin: Callable[[int | None], None]) -> None:
    from helpdesk_tui.domain.text import clean
    from helpdesk_tui.screens.menu import Choice, Menu

    name = clean(message.author_name or message.sender)
    files = len(message.attachments)
    note = ngettext("{count} file", "{count} files", files).format(count=files) if files else ""
    choices = (
        Choice("m", _("this message of {name}").format(name=name), message.id, note),
        Choice("w", _("the whole talk with the customer"), WHOLE),
    )
    pane.app.push_screen(Menu(_("forward"), choices, opened_by="ticket.forward"), begin)


def passed_message(
    messages: tuple[MessageRow, ...], selected: MessageRow | None
) -> MessageRow | None:
    """Return the message to pass on: the selected one, else the newest from outside."""
    if selected is not None and selected.direction is not Direction.NOTE:
        return selected
    inbound = [one for one in messages if one.direction is Direction.INBOUND]
    return inbound[-1] if inbound else None
