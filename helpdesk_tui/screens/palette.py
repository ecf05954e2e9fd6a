"""What the palette finds by name: actions, views, themes, macros, settings, shop commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.keymap import shown
from helpdesk_tui.widgets.keys import KEYS
from helpdesk_tui.widgets.theme import THEMES
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.wrap import shorten_cells

if TYPE_CHECKING:
    from textual.await_complete import AwaitComplete

    from helpdesk_tui.app import HelpdeskApp
    from helpdesk_tui.domain.commerce.commands import Command
    from helpdesk_tui.screens.keyboard import Hold

Entry = tuple[str, str, Callable[[], None]]

WIDTH = 76
"""Columns of the palette where the terminal has them."""
_AS_TYPED = 1000.0
"""Lifts names that hold the words of the query above all that only hold its letters."""
_COMMANDED = 3000.0
"""The rank of commands that are typed out."""
_NAMED, _MEANT = 0.02, 0.01
"""The ranks of settings that hold the words in their name, or only in their meaning."""
_AROUND = 8
"""Columns of its frame, its padding and its scrollbar."""


class MacroCommands(Provider):
    """Offers macros by name: what is chosen is used on the ticket under the cursor."""

    async def search(self, query: str) -> Hits:
        """Offer what matches; macros are many, so nothing is offered before something is typed."""
        app = cast("HelpdeskApp", self.app)
        macros = app.inbox.macros
        if macros is None:
            return
        matcher = self.matcher(query)
        for row in macros.rows:
            name = _("Macro: {name}").format(name=clean(row.name))
            score = matcher.match(name)
            if score > 0:
                use = partial(macros.insert_named, row.id)
                yield Hit(score, matcher.highlight(name), use, name)


class Commands(Provider):
    """Offers actions with their keys, then saved views, then themes."""

    async def discover(self) -> Hits:
        """Offer everything while nothing is typed."""
        for name, keys, do in self._entries():
            yield DiscoveryHit(self._row(Content(name), keys), do, name)

    async def search(self, query: str) -> Hits:
        """Offer what matches: first what holds the words as they are typed."""
        matcher = self.matcher(query)
        for name, keys, do in self._entries():
            score = matcher.match(name)
            if score > 0:
                words = query.casefold().split()
                is_held = all(word in name.casefold() for word in words)
                rank = score + (_AS_TYPED if is_held else 0)
                yield Hit(rank, self._row(matcher.highlight(name), keys), do, name)

    def _row(self, name: Content, keys: str) -> Content:
        """Return one line: the name, and its keys at the right end."""
        width = min(WIDTH, int(self.app.size.width * 0.94)) - _AROUND
        gap = max(2, width - name.cell_length - Content(keys).cell_length)
        return Content.assemble(name, " " * gap, (keys, "$link"))

    def _entries(self) -> Iterator[Entry]:
        app = cast("HelpdeskApp", self.app)
        inbox = app.inbox
        for key in KEYS:
            if key.in_palette and (key.id in inbox.can or key.id.startswith("app.")):
                keys = "  ".join(shown(one) for one in inbox.keymap[key.id])
                yield _(key.description), keys, partial(inbox.perform, key.id)
        if inbox.views is not None:
            for view in inbox.views.saved:
                yield (
                    _("View: {name}").format(name=clean(view.name)),
                    view.pin,
                    partial(inbox.views.open, view),
                )
        for name in THEMES:
            title = _("Theme: {name}").format(name=name.removeprefix("helpdesk-"))
            yield title, "", partial(app.use_theme, name)


class SettingCommands(Provider):
    """Offers settings by name: what is chosen is opened on the settings screen."""

    async def search(self, query: str) -> Hits:
        """Offer those whose name or meaning holds every word, behind all actions that match."""
        from helpdesk_tui.domain.setting.table import SETTINGS

        settings = cast("HelpdeskApp", self.app).inbox.settings
        words = query.casefold().split()
        if settings is None or not words:
            return
        width = min(WIDTH, int(self.app.size.width * 0.94)) - _AROUND
        for each in SETTINGS.values():
            name = _("Setting: {name}").format(name=each.name)
            text = f"{name} · {_(each.meaning)}"
            if all(word in text.casefold() for word in words):
                rank = _NAMED if all(word in name.casefold() for word in words) else _MEANT
                line = shorten_cells(text, width)
                yield Hit(rank, Content(line), partial(settings.open, each.name), text)


class ShopCommands(Provider):
    """Offers changes of orders and subscriptions; the name of one may stand behind."""

    async def discover(self) -> Hits:
        """Offer them all while nothing is typed."""
        from helpdesk_tui.domain.commerce.commands import COMMANDS, Command

        for name, kind in COMMANDS.items():
            yield DiscoveryHit(*self._line(name, Command(kind)))

    async def search(self, query: str) -> Hits:
        """Offer those that begin as it is typed, above all others."""
        from helpdesk_tui.domain.commerce.commands import commands_for

        for name, wanted in commands_for(query):
            yield Hit(_COMMANDED, *self._line(name, wanted))

    def _line(self, name: str, wanted: Command) -> tuple[Content, Callable[[], None], str]:
        from helpdesk_tui.screens.commerce.commanding import command
        from helpdesk_tui.widgets.words.ordering import COMMANDS as MEANINGS

        inbox = cast("HelpdeskApp", self.app).inbox
        shown_name = clean(name)
        line = Content.assemble(shown_name, (f"  {_(MEANINGS[wanted.kind])}", "$soft"))
        return line, partial(command, inbox, wanted), shown_name


PROVIDERS: list[type[Provider]] = [Commands, MacroCommands, ShopCommands, SettingCommands]
"""Where the palette looks."""


class Palette(CommandPalette):
    """The line and list of everything that can be done.

    Enter chooses of what was found for the words as they stand, never of what is still shown for
    shorter ones.
    """

    def __init__(self) -> None:
        super().__init__(providers=PROVIDERS, placeholder=_("action, view or theme"))
        self._search: tuple[str, Worker[None]] | None = None
        """The words that are looked for, and what looks for them."""
        self._hold: Hold | None = None
        """Enter was pressed before all was found for the words: what comes then waits for it."""

    @property
    def _line(self) -> Input:
        return self.query_one(Input)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        """Do what is chosen, or what fits best once all is found."""
        event.stop()
        # the library would take what is highlighted now, for whatever words that was found
        event.prevent_default()
        self._choose()

    def _choose(self) -> None:
        if self._hold is None:
            app = cast("HelpdeskApp", self.app)
            self._hold = app.hold_keys(app.inbox)
        self._choose_if_found()

    def _let_go(self) -> None:
        hold, self._hold = self._hold, None
        if hold is not None:
            hold.release()

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close; keys go on behind what was chosen, which the library does only after this."""
        self.app.call_later(self.app.call_later, self._let_go)
        return super().dismiss(result)

    def _gather_commands(self, search_value: str) -> Worker[None]:
        worker = super()._gather_commands(search_value)
        self._search = search_value, worker
        return worker

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Choose, where that was waited for: all is found."""
        self._choose_if_found()

    def _choose_if_found(self) -> None:
        if self._hold is None or self._search is None:
            return
        words, worker = self._search
        if words == self._line.value and worker.state is WorkerState.SUCCESS:
            if self.query_one(CommandList).option_count:
                self._select_or_command()
            else:
                self._let_go()
