"""Whether and how pictures can be drawn on this screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_tui.domain.messages import AttachmentRow, FileState
from helpdesk_tui.domain.pictures import KINDS, PAGES
from helpdesk_tui.widgets.cursor_bar import has_few_colors

if TYPE_CHECKING:
    from textual.app import App


def can_draw(app: App[Any]) -> bool:
    """Return whether pictures can be drawn at all: that needs colours, and more than letters."""
    return not has_few_colors(app)


def can_be_viewed(file: AttachmentRow) -> bool:
    """Return whether a file can be looked at in the terminal."""
    kind = file.content_type.lower()
    return file.state is FileState.HERE and (kind in KINDS or kind in PAGES)
