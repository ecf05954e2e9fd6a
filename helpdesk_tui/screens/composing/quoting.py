"""Putting a message into the composer, quoted, to be answered between its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.domain.messages import Direction, DraftKind, MessageRow
from helpdesk_tui.domain.reply_headers import quotation
from helpdesk_tui.widgets.thread.view import ThreadView
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.screens.composing.pane import ComposerPane


def quote(pane: ComposerPane) -> None:
    """Insert the selected message, or the customer's newest, at the cursor."""
    message = _wanted(pane)
    if message is None:
        pane.composer.say(_("there is nothing to quote"))
        return
    if message.direction is Direction.NOTE and pane.composer.kind is not DraftKind.NOTE:
        pane.composer.say(_("a note stays here: it is never quoted to the outside"))
        return
    name = message.author_name or message.sender
    text = quotation(message.reply_text, name=name, at=message.sent_at)
    editor = pane.composer.editor
    start = "" if editor.cursor_at_start_of_line else "\n\n"
    editor.insert(f"{start}{text}\n\n")


def _wanted(pane: ComposerPane) -> MessageRow | None:
    messages = pane.thread.messages if pane.thread is not None else ()
    selected = next((view.selected for view in pane.screen.query(ThreadView)), None)
    shown = {one.id for one in messages}
    if (
        selected is not None
        and selected.id in shown
        and selected.direction is not Direction.OUTBOUND
    ):
        return selected
    inbound = [one for one in messages if one.direction is Direction.INBOUND]
    return inbound[-1] if inbound else None
