"""How a thread looks as a whole, and what it tells the pane that it stands in."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from helpdesk_tui.domain.messages import AttachmentRow
from helpdesk_tui.widgets.line_view import LineView


class ThreadLines(LineView):
    """The lines of a thread, whatever stands in them."""

    DEFAULT_CSS = """
    ThreadLines {
        background: $surface; overflow-x: hidden; scrollbar-gutter: stable;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0;
        scrollbar-background: $surface; scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface; scrollbar-color: $selection;
        scrollbar-color-hover: $selection; scrollbar-color-active: $dim;
    }
    """

    @dataclass
    class OlderWanted(Message, namespace="thread_view"):
        """The top was reached and there are older messages."""

        before: int

    @dataclass
    class FileChosen(Message, namespace="thread_view"):
        """A file was clicked."""

        file: AttachmentRow

    class LinksChosen(Message, namespace="thread_view"):
        """A row of links was clicked."""

    class EndReached(Message, namespace="thread_view"):
        """The last line is in sight."""
