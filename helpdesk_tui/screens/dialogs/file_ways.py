"""Ways to look at a file where nothing can open it: here, saved, or on the agent's own machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.widgets.chords import key_name
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.wrap import wrap_line

_WIDTH = 56


@dataclass(frozen=True, slots=True)
class FileWays:
    """What works with one file here."""

    name: str
    command: str
    """Fetches it, typed on the agent's own machine."""
    folder: str
    """Where it would be saved; empty where nothing is saved."""
    can_view: bool
    has_path: bool
    has_viewer: bool


class FileWaysDialog(Dialog[str]):
    """Answers with a way: ``view``, ``open``, ``save``, ``path`` or ``command``."""

    TITLE_TEXT: ClassVar[str] = N_("look at the file")

    def __init__(self, ways: FileWays) -> None:
        super().__init__()
        self._ways = ways

    def parts(self) -> Sequence[Widget]:
        """Return the name, the ways, and the command in full."""
        ways = self._ways
        command = "\n".join(wrap_line(clean(ways.command), _WIDTH))
        return (
            Static(Content.styled(clean(ways.name), "bold"), markup=False),
            Static(self._told(), classes="hint", markup=False),
            Static(Content("\n").join(self._lines()), classes="gap", markup=False),
            Static(Content(command), classes="gap hint", markup=False),
        )

    def _told(self) -> Content:
        if self._ways.has_viewer:
            return Content(_("ways to go on with it"))
        return Content(_("no display here that could open it; what works instead:"))

    def _lines(self) -> list[Content]:
        ways = self._ways
        said: list[tuple[str, str]] = []
        if ways.can_view:
            said.append(("v", _("look at it here, with zoom")))
        if ways.has_viewer:
            said.append(("o", _("open it in the system viewer")))
        if ways.folder:
            said.append(("S", _("save it in {folder}").format(folder=clean(ways.folder))))
        if ways.has_path:
            said.append(("p", _("copy its path on this machine")))
        said.append(("y", _("copy the command that fetches it to yours:")))
        return [Content.assemble((f"{key}  ", "bold $link"), words) for key, words in said]

    def press(self, event: events.Key) -> None:
        """Answer with the way of a key."""
        event.stop()
        ways = self._ways
        known = {
            "v": "view" if ways.can_view else "",
            "enter": "view" if ways.can_view else "command",
            "o": "open" if ways.has_viewer else "close",
            "S": "save" if ways.folder else "",
            "p": "path" if ways.has_path else "",
            "y": "command",
            "escape": "close",
            "q": "close",
        }
        way = known.get(key_name(event.key, event.character), "")
        if way:
            self.dismiss(None if way == "close" else way)
