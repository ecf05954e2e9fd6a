"""The line of the composer that says what follows once the reply is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.macros import steps_words

if TYPE_CHECKING:
    from helpdesk_tui.services.macros.drafts import Following


class MacroLine(Static):
    """Names the macros of a draft and what they will do."""

    DEFAULT_CSS = """
    MacroLine { height: auto; display: none; margin: 1 0 0 0; color: $soft; }
    MacroLine.-some { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)

    def show(self, following: Sequence[Following]) -> None:
        """Say what follows; nothing takes the line away."""
        rows: list[Content] = []
        for each in following:
            words = steps_words((step.name, step.values) for step in each.steps)
            name = _("macro: {name}").format(name=clean(each.name))
            rows.append(Content.assemble((name, "bold $tags"), (f" · {words}", "$text")))
        if rows:
            rows[-1] = Content.assemble(
                rows[-1], ("   ctrl+n", "bold $link"), (" " + _("drops it"), "$dim")
            )
        self.update(Content("\n").join(rows))
        self.set_class(bool(rows), "-some")
