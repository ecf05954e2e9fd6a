"""The settings: a General tab and one for each channel, every one changed in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal

from helpdesk_tui.domain.setting.table import GROUPS, is_on
from helpdesk_tui.domain.setting.values import Kind
from helpdesk_tui.screens.beside.side_screen import Handlers, ListScreen
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.keys import Group, Scope
from helpdesk_tui.widgets.line_page import PageLines
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.setting_lines import SettingRow, setting_lines, setting_page
from helpdesk_tui.widgets.tab_line import TabLine
from helpdesk_tui.widgets.too_small import TooSmall
from helpdesk_tui.widgets.words.keys import key_words
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.services.settings import Held

Followed = Callable[[], None]
"""What the program does once a setting was changed."""


class SettingsScreen(ListScreen[SettingRow, None]):
    """The settings of a tab at the left, the one under the cursor at the right."""

    TITLE_TEXT: ClassVar[str] = N_("Settings")
    SCOPE: ClassVar[Scope] = Scope.SETTINGS
    GROUP: ClassVar[Group] = Group.SETTINGS
    PLACE: ClassVar[str] = "settings"

    opens_at = ""
    """Name of the setting to begin with."""
    followed: Followed = staticmethod(lambda: None)

    def compose(self) -> ComposeResult:
        """Lay out the title, the tabs, the list beside its page, and the footer."""
        self.tabs = TabLine(GROUPS, id="tabs")
        self._rows: dict[str, list[SettingRow]] = {}
        self._wanted = self.opens_at
        yield self.title_line
        yield self.tabs
        with Horizontal(id="side-body"):
            yield from self.parts()
        yield self.footer
        yield TooSmall()

    def row_lines(self, row: SettingRow, width: int, picked: bool) -> tuple[list[Span], list[Span]]:
        """Return a row of the list."""
        return setting_lines(row, width, self.signs, picked=picked)

    def row_key(self, row: SettingRow) -> int:
        """Return what a row is known by."""
        return hash(row.setting.name)

    def handlers(self) -> Handlers:
        """Return what the keys do."""
        return {
            **self.moves(),
            "settings.change": self._change,
            "settings.reset": self._reset,
            "settings.snippet": self._snippets,
            "settings.next-tab": partial(self._step, 1),
            "settings.previous-tab": partial(self._step, -1),
        }

    # the list --------------------------------------------------------------------------------

    def load(self) -> None:
        """Read what holds."""

        def show(held: Sequence[Held]) -> None:
            self._rows = {group: [] for group in GROUPS}
            for one in held:
                row = SettingRow(one.setting, one.value, one.is_own, one.is_default, one.may_change)
                self._rows[one.setting.group].append(row)
            self._show_wanted()
            self._show_tab()

        self.read(lambda: tuple(self._desk.settings.held().values()), show, group="settings")

    def _show_wanted(self) -> None:
        wanted, self._wanted = self._wanted, ""
        for place, group in enumerate(GROUPS):
            if any(row.setting.name == wanted for row in self._rows[group]):
                self.tabs.open(place)
                self._show_tab()
                self.list.select(hash(wanted))

    def _show_tab(self) -> None:
        rows = tuple(self._rows.get(GROUPS[self.tabs.at], ()))
        self.list.notice = RowList.Notice(_("Nothing to set here yet."))
        if rows != self.list.rows:
            self.list.show(rows)
        own = sum(not row.is_default for group in self._rows.values() for row in group)
        self.title_line.say(_("{count} changed").format(count=own) if own else "", Ink.SOFT)

    def _step(self, by: int) -> None:
        self.tabs.step(by)
        self._show_tab()
        self.list.move(-1_000_000)

    def on_tab_line_picked(self, message: TabLine.Picked) -> None:
        """Open the tab that was clicked."""
        self._step(message.place - self.tabs.at)

    def page_lines(self, row: SettingRow) -> Callable[[int], PageLines]:
        """Return what makes the page of a setting."""
        keys = key_words(self.keymap, "settings")
        return lambda width: setting_page(row, width, keys)

    # the shop --------------------------------------------------------------------------------

    def _snippets(self) -> None:
        """Offer what the shop puts on its pages and on its server."""
        from helpdesk_tui.screens.dialogs.snippet import show_snippets

        show_snippets(self, self._desk)

    # changing --------------------------------------------------------------------------------

    def _change(self) -> None:
        row = self.list.current
        if row is None:
            return
        if not row.may_change:
            self.footer.say(_("only an administrator changes it"))
        elif self.is_narrow and not self.on_page:
            self.go(to_page=True)
        elif row.setting.kind is Kind.SWITCH:
            self._write(row, ["off" if is_on(row.value) else "on"])
        elif row.setting.kind is Kind.CHOICE:
            self._choose(row)
        elif row.setting.kind is Kind.CHOICES:
            self._switch(row)
        else:
            self._type(row)

    def _choose(self, row: SettingRow) -> None:
        from helpdesk_tui.screens.menu import Choice, Menu

        values = list(row.setting.choices or {})
        choices = [
            Choice(str(place), value or _("as usual"), value, _(meaning))
            for place, (value, meaning) in enumerate((row.setting.choices or {}).items(), 1)
        ]
        at = values.index(str(row.value)) if row.value in values else 0

        def chosen(value: str | None) -> None:
            if value is not None:
                self._write(row, [value])

        menu = Menu(row.setting.name, choices, opened_by="settings.change", current=at)
        self.app.push_screen(menu, chosen)

    def _switch(self, row: SettingRow) -> None:
        from helpdesk_tui.screens.dialogs.setting import SwitchesDialog

        def chosen(values: list[str] | None) -> None:
            if values is not None:
                self._write(row, values)

        value = row.value if isinstance(row.value, list) else [row.value]
        self.app.push_screen(SwitchesDialog(row.setting, value), chosen)

    def _type(self, row: SettingRow) -> None:
        from helpdesk_tui.screens.dialogs.setting import ValueDialog
        from helpdesk_tui.screens.dialogs.text import LinesDialog

        def typed(text: str | None) -> None:
            if text is not None:
                self._write(row, [text])

        if row.setting.kind is Kind.LINES:
            dialog = LinesDialog(row.setting.name, str(row.value), _(row.setting.meaning))
            self.app.push_screen(dialog, typed)
        else:
            self.app.push_screen(ValueDialog(row.setting, row.value), typed)

    def _write(self, row: SettingRow, words: Sequence[str]) -> None:
        name = row.setting.name
        self._do(lambda: self._desk.settings.change(name, words), _("{name} is set"), name)

    def _reset(self) -> None:
        row = self.list.current
        if row is not None:
            name = row.setting.name
            said = _("{name} has its default again")
            self._do(lambda: self._desk.settings.reset(name), said, name)

    def _do(self, work: Callable[[], object], said: str, name: str) -> None:
        def done(_result: object) -> None:
            self.footer.say(said.format(name=name))
            self.followed()
            self.load()

        self.start(work, done, self.refuse, group="settings-change")
