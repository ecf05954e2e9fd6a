"""The terminal program: themes, wiring, the way in and the way out. Nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.screen import Screen

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.inbox.screen import AppAction, InboxScreen
from helpdesk_tui.screens.keyboard import KeyboardApp
from helpdesk_tui.screens.preferences import Bindings, Preferences, warn_of_keys
from helpdesk_tui.screens.terminal_pictures import TerminalPictures
from helpdesk_tui.screens.terminal_voice import TerminalVoice
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.services.opening import Opened, open_on
from helpdesk_tui.widgets.last_net import LastNet
from helpdesk_tui.widgets.one_picture import once_written
from helpdesk_tui.widgets.signs import ASCII, UNICODE
from helpdesk_tui.widgets.theme import DARK, THEMES, textual_theme
from helpdesk_tui.widgets.words.language import _, speak, spoken

if TYPE_CHECKING:
    from concurrent.futures import Future

    from textual.driver import Driver

    from helpdesk_tui.screens.inbox.live import LiveDesk
    from helpdesk_tui.services.desk import Desk

log = logging.getLogger(__name__)

_GREETED = 60.0
"""Seconds that a greeting stands: long enough to type an address in it."""
_PATIENCE = 0.05
"""Seconds that the first picture waits for its tickets: about what drawing it empty would take."""


class HelpdeskApp(KeyboardApp):
    """The terminal UI of one agent on one store."""

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    TITLE = "helpdesk"
    CSS = """
    CommandPalette { background: $background 60%; align-horizontal: center; }
    CommandPalette > Vertical {
        margin-top: 3; width: 76; max-width: 94%; background: $raised; border: round $accent;
    }
    CommandPalette SearchIcon { display: none; }
    CommandPalette #--input { border: none; margin: 0; padding: 0 1; }
    CommandPalette CommandList { border: none; background: $raised; scrollbar-size-vertical: 1; }
    CommandPalette CommandList > .option-list--option-highlighted { background: $selection; }
    CommandPalette .command-palette--help-text { color: $dim; }
    ToastRack { margin-bottom: 1; }
    Toast { background: $raised; color: $text; border-left: outer $accent; max-width: 70; }
    """

    def __init__(
        self,
        root: Path | None = None,
        *,
        agent: str = "",
        desk_factory: Callable[[], Desk] | None = None,
        opening: Future[Opened] | None = None,
        now: Callable[[], datetime] = utc_now,
        zone: tzinfo | None = None,
        theme: str = "",
        ascii_only: bool = False,
        ticket: int | None = None,
        bindings: Bindings | None = None,
        start_worker: bool = True,
        live: bool = True,
        greeting: str = "",
    ) -> None:
        super().__init__()
        self._root = root
        self._agent = agent
        self._factory = desk_factory
        self._opening = opening
        self._now = now
        self._starts_worker = start_worker
        self._goes_to = ticket
        self._is_live = live
        self._greeting = greeting
        self._desk: Desk | None = None
        self.refused: HelpdeskError | None = None
        """Why the desk could not be opened, if it could not."""
        self._live: LiveDesk | None = None
        self.voice = TerminalVoice(self._write_out)
        self.pictures = TerminalPictures(self, self._write_out)
        # our themes need no translation of the sixteen colours: the net takes that filter's place
        self._filters[0] = LastNet(ascii_only=ascii_only)
        for colors in THEMES.values():
            self.register_theme(textual_theme(colors))
        self._is_theme_given = theme in THEMES
        # as it stands before anything is styled, a theme that is set makes all be styled twice
        self.set_reactive(App.theme, theme if self._is_theme_given else DARK.name)
        self.stylesheet.set_variables(self.get_css_variables())
        self._key_bindings = bindings or Bindings()
        self.preferences = Preferences()
        # checked once the settings are known: they may name another preset
        self.keymap, self._key_problems = self._key_bindings.laid_over(self._key_bindings.preset)
        self.inbox = InboxScreen(
            self.keymap,
            now=now,
            zone=zone,
            signs=ASCII if ascii_only else UNICODE,
            composed=self._fill,
        )

    def get_driver_class(self) -> type[Driver]:
        """Use the driver that writes few bytes, unless another one was asked for."""
        usual = super().get_driver_class()
        if usual.__name__ != "LinuxDriver":
            return usual
        from helpdesk_tui.widgets.slim_driver import SlimDriver

        return SlimDriver

    def get_default_screen(self) -> Screen[Any]:
        """Open on the inbox."""
        return self.inbox

    # the way in ------------------------------------------------------------------------------
    def on_mount(self) -> None:
        """Leave in good order where the line drops."""
        self.animation_level = "none"
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            # not in the main thread (as under some test runners) there are no signals to handle
            with contextlib.suppress(RuntimeError, ValueError):
                loop.add_signal_handler(number, self.leave)

    def _fill(self) -> None:
        """Give the list its tickets: before its first picture, or where that takes long after."""
        opening = self._opening
        if opening is None:
            self.inbox.start(self._open, self._opened, self._refuse, group="open")
            return
        try:
            self._opened(opening.result(_PATIENCE))
        except TimeoutError:
            self.inbox.start(opening.result, self._opened, self._refuse, group="open")
        except HelpdeskError as error:
            self._refuse(error)

    def _refuse(self, error: HelpdeskError) -> None:
        """End: without a desk there is nothing to do here, and the shell can show the reason."""
        self.refused = error
        self.exit()

    def _open(self) -> Opened:
        return open_on(self._factory() if self._factory is not None else self._open_store())

    def _open_store(self) -> Desk:
        from helpdesk_tui.services.desk import open_desk

        if self._root is None:
            raise ValueError("neither a store nor a desk was given")
        return open_desk(self._root, agent=self._agent, clock=self._now)

    def _opened(self, opened: Opened) -> None:
        self._desk = opened.desk
        try:
            self.follow(Preferences.of(opened.settings))
        except HelpdeskError as error:
            self._refuse(error)
            return
        self.inbox.begin(opened.desk, opened.loaded, name=opened.name)
        once_written(self, self._go_live)
        if self._goes_to is not None:
            once_written(self, self.inbox.go_to, self._goes_to)
        once_written(self, self._bring_back_drafts)
        if self._greeting:
            self.notify(self._greeting, markup=False, timeout=_GREETED)

    def follow(self, preferences: Preferences) -> None:
        """Do as the agent's settings say, from now on.

        Raises:
            UsageError: ``keymap.refused`` if the agent's own keys clash with those of the preset.
        """
        keymap, self._key_problems = self._key_bindings.merged(preferences.keymap_preset)
        is_theme_new = preferences.theme != self.preferences.theme
        self.preferences = preferences
        before = spoken()
        speak(preferences.language)
        self.keymap.update(keymap)
        self.inbox.rebind()
        if is_theme_new and not self._is_theme_given:
            self.theme = preferences.theme or DARK.name
            self.inbox.restyle()
        elif spoken() != before:
            self.inbox.restyle()
        self.pictures.follow(preferences.images)
        self.voice.has_badge = preferences.has_badge
        self.voice.show_title()
        self.call_after_refresh(warn_of_keys, self, self._key_problems)

    def _go_live(self) -> None:
        """Watch the store, and see to it that a worker runs."""
        if self._desk is None or not self._is_live:
            return
        from helpdesk_tui.screens.inbox.live import LiveDesk

        self._live = LiveDesk(
            self._desk, self.inbox, starts_worker=self._starts_worker, tell=self.voice.tell
        )
        self._live.start()

    def _bring_back_drafts(self) -> None:
        """Put texts back into their drafts that could not be saved when the program last ended."""
        desk = self._desk
        if desk is None or desk.actor.agent_id is None:
            return
        from helpdesk_tui.screens.composing.leaving import bring_back_words

        def tell(words: str) -> None:
            if words:
                self.notify(words, severity="warning", markup=False, timeout=30)

        self.inbox.start(lambda: bring_back_words(desk), tell, group="rescue")

    # actions of the whole program ------------------------------------------------------------

    def on_app_action(self, message: AppAction) -> None:
        """Do what a key of the app group asks for."""
        if len(self.screen_stack) > 1 and message.action != "app.quit":
            return
        actions: dict[str, Callable[[], object]] = {
            "app.quit": self._ask_to_quit,
            "app.palette": self._show_palette,
            "app.help": self._show_help,
            "app.help-anywhere": self._show_help,
            "app.theme": self._next_theme,
            "app.sync": self._sync_now,
        }
        action = actions.get(message.action)
        if action is not None:
            action()

    async def action_quit(self) -> None:
        """Ask before leaving; the library's own key for quitting comes here."""
        self._ask_to_quit()

    def action_help_quit(self) -> None:
        """Say which key quits, where an interrupt was typed."""
        self.notify(_("quit with ctrl+q"), markup=False)

    def _show_palette(self) -> None:
        from helpdesk_tui.screens.palette import Palette

        self.push_screen(Palette())

    def _show_help(self) -> None:
        from helpdesk_tui.screens.help import HelpScreen
        from helpdesk_tui.widgets.keys import DESK_GROUPS, WRITING_GROUPS

        writes = self.inbox.panes.context in ("composer", "note")
        groups = WRITING_GROUPS if writes else DESK_GROUPS
        self.push_screen(HelpScreen(self.inbox.keymap, self.inbox.signs, groups))

    def _next_theme(self) -> None:
        names = list(THEMES)
        place = names.index(self.theme) if self.theme in names else -1
        self.use_theme(names[(place + 1) % len(names)])

    def use_theme(self, name: str) -> None:
        """Change to a theme by its name."""
        self.theme = name
        self.inbox.restyle()
        self.inbox.footer.say(_("theme {name}").format(name=name))

    def _sync_now(self) -> None:
        desk = self._desk
        if desk is None:
            return
        from helpdesk_tui.services.jobs import SYNC_NOW, Jobs

        self.inbox.start(
            lambda: Jobs(desk.store, desk.actor, now=desk.clock).ask(SYNC_NOW),
            lambda _unused: self.inbox.footer.say(_("looking for new mail …")),
            group="sync",
        )
        if self.inbox.data is not None:
            self.inbox.data.reload(keep=self.inbox.tickets.cursor_id)

    def on_inbox_screen_counts_changed(self, message: InboxScreen.CountsChanged) -> None:
        """Let the terminal's title carry the unread number."""
        self.voice.name = self.inbox.header.state.desk
        self.voice.unread = message.unread
        self.voice.show_title()

    def _write_out(self, sequence: str) -> None:
        """Send a sequence of our own making to the terminal."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)
            self._driver.flush()

    # the way out -----------------------------------------------------------------------------

    def _ask_to_quit(self) -> None:
        from helpdesk_tui.screens.composing.leaving import unsent
        from helpdesk_tui.screens.dialogs.quit import QuitDialog

        desk = self._desk
        if desk is None:
            self.leave()
            return
        if any(isinstance(screen, QuitDialog) for screen in self.screen_stack):
            self.leave()  # asked twice: that is an answer
            return
        self._save_drafts()
        actions = self.inbox.actions
        running = actions.doing.runs.words if actions is not None else ""

        def answer(yes: bool | None) -> None:
            if yes:
                self.leave()

        self.inbox.ask(
            lambda: unsent(desk, running),
            lambda found: self.push_screen(QuitDialog(found), answer),
            group="quit",
        )

    def _save_drafts(self) -> None:
        thread = self.inbox.panes.thread
        if thread is not None:
            try:
                thread.keeper.flush()
            except HelpdeskError as error:
                # the text stays on the screen; leaving goes on only if the agent wants it
                log.warning("draft not saved: %s", error.code)
                from helpdesk_tui.widgets.words.errors import sentence

                self.notify(sentence(error), severity="error", markup=False)

    def leave(self) -> None:
        """Save what was typed and end: also for SIGHUP (the line dropped) and SIGTERM."""
        try:
            self._save_drafts()
        finally:
            self.exit()

    async def on_unmount(self) -> None:
        """Stop watching, wait for what still runs in threads, then close the store."""
        if self._live is not None:
            self._live.stop()
        if self.inbox.actions is not None:
            self.inbox.actions.doing.runs.stop_all()
        # a connection that is closed under a running query brings the interpreter down
        await asyncio.get_running_loop().shutdown_default_executor()
        self._rescue_drafts()
        if self._desk is not None:
            self._desk.close()

    def _rescue_drafts(self) -> None:
        """Put what the store could not take into a file, and say where it is."""
        pane = self.inbox.panes.thread
        if pane is None or self._desk is None:
            return
        from helpdesk_tui.screens.composing.leaving import rescue

        said = rescue(pane.keeper, self._desk)
        if said:
            self._say_at_the_end(said)

    def _say_at_the_end(self, text: str) -> None:
        from rich.text import Text

        # folded: what is longer than the terminal is wide would be cut, and paths stand at the end
        self._exit_renderables.append(Text(clean(text), overflow="fold"))

    def _fatal_error(self) -> None:
        """End after a fault of the program: one line, no code, no values of variables."""
        error = self._exception
        log.critical("the terminal UI stopped", exc_info=error)
        try:
            self._save_drafts()
        except Exception:
            # a second fault must not hide the first; what is not written goes into a file
            log.critical("drafts not saved", exc_info=True)
        where = f" ({self._desk.store.paths.log})" if self._desk is not None else ""
        kind = type(error).__name__ if error is not None else "unknown"
        self._say_at_the_end(
            _(
                "helpdesk stopped: a fault in the program ({kind}). Drafts are kept; log{where}."
            ).format(kind=kind, where=where)
        )
        self._close_messages_no_wait()
