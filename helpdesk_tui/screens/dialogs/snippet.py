"""What the shop puts on its pages and its server: chosen by language, read, copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import PickDialog
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.words.language import N_, _, ngettext

if TYPE_CHECKING:
    from helpdesk_tui.screens.beside.side_screen import SideScreen
    from helpdesk_tui.services.desk import Desk

_NAMES: Mapping[str, str] = {
    "html": "HTML", "python": "Python", "node": "Node", "ruby": "Ruby", "php": "PHP",
    "liquid": "Liquid",
}  # fmt: skip
_HTML = N_("the line for the pages of the shop")
_SERVER = N_("signs a customer, on the shop's server")


class SnippetDialog(PickDialog[tuple[str, str]]):
    """Lists the snippets of each chat; answers with the chat and the language."""

    TITLE_TEXT: ClassVar[str] = N_("for the shop")
    OPENED_BY: ClassVar[str] = "settings.snippet"
    HINT: ClassVar[str] = N_("enter copies and shows it · esc closes")

    def __init__(self, snippets: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__()
        self._snippets = snippets

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return what fits."""
        wanted = typed.strip().lower()
        return [
            ChoiceRow(
                left=(
                    (f"{_NAMES[language]:<8}", Ink.BRIGHT),
                    (self._about(name, language), Ink.DIM),
                ),
                value=(name, language),
            )
            for name, texts in self._snippets.items()
            for language in texts
            if wanted in f"{name} {_NAMES[language]}".lower()
        ]

    def _about(self, name: str, language: str) -> str:
        about = _(_HTML) if language == "html" else _(_SERVER)
        return f"{about} · {clean(name)}" if len(self._snippets) > 1 else about

    def take(self, row: ChoiceRow) -> None:
        """Answer with it."""
        if isinstance(row.value, tuple):
            self.dismiss(row.value)


def show_snippets(screen: SideScreen[None], desk: Desk) -> None:
    """Let one be chosen, copy it to the agent's own clipboard and show it."""
    from helpdesk_tui.services.snippets import snippets_of

    def offer(snippets: dict[str, dict[str, str]]) -> None:
        if not snippets:
            screen.footer.say(_("no chat is connected: helpdesk channel add webchat --help"))
            return

        def chosen(picked: tuple[str, str] | None) -> None:
            if picked is not None:
                _show(screen, _NAMES[picked[1]], snippets[picked[0]][picked[1]])

        screen.app.push_screen(SnippetDialog(snippets), chosen)

    screen.ask(lambda: snippets_of(desk), offer, screen.refuse, group="snippets")


def _show(screen: SideScreen[None], name: str, text: str) -> None:
    from helpdesk_tui.screens.dialogs.output import OutputDialog
    from helpdesk_tui.screens.thread.message_source import source_of

    screen.app.copy_to_clipboard(text)
    lines = len(text.splitlines())
    copied = ngettext("{count} line copied", "{count} lines copied", lines).format(count=lines)
    screen.app.push_screen(OutputDialog(name, source_of(text.encode()), copied))
