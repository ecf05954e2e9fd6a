"""All macros: found, read as they would be in a ticket, made, changed, copied and deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.macros.form import MacroForm, form_of
from helpdesk_tui.domain.macros.search import findable, score_of
from helpdesk_tui.domain.subjects import typed_number
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.beside.searched_list import SearchedListScreen
from helpdesk_tui.screens.beside.side_screen import Handlers
from helpdesk_tui.widgets.ink import Span
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.keys import Group, Scope
from helpdesk_tui.widgets.line_page import PageLines
from helpdesk_tui.widgets.macro_page import macro_lines, macro_page
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.errors import sentence, sentence_of
from helpdesk_tui.widgets.words.keys import key_words
from helpdesk_tui.widgets.words.language import N_, _, ngettext

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.macros.macros import MacroPreview, MacroRow


class MacrosScreen(SearchedListScreen["MacroRow"]):
    """The macros at the left, the one under the cursor as it would be in a ticket at the right."""

    TITLE_TEXT: ClassVar[str] = N_("Macros")
    SCOPE: ClassVar[Scope] = Scope.MACROS
    GROUP: ClassVar[Group] = Group.MACROS
    PLACE: ClassVar[str] = "macros"

    SEARCH_HINT: ClassVar[str] = N_("type to find a macro")

    def __init__(
        self,
        desk: Desk,
        keymap: Keymap,
        signs: Signs,
        *,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
        ticket_id: int = 0,
    ) -> None:
        super().__init__(desk, keymap, signs, now=now, zone=zone)
        self._macros = desk.macros
        self._ticket_id = ticket_id
        self._all: tuple[MacroRow, ...] = ()
        self._previews: dict[tuple[int, int], MacroPreview | HelpdeskError] = {}
        self._keys: dict[int, str] = {}

    def row_lines(self, row: MacroRow, width: int, picked: bool) -> tuple[list[Span], list[Span]]:
        """Return a row of the list."""
        key = self._keys.get(row.id, "")
        return macro_lines(row, key, width, self._now(), self.signs, picked=picked)

    def row_key(self, row: MacroRow) -> int:
        """Return what a row is known by."""
        return row.id

    def handlers(self) -> Handlers:
        """Return what the keys do."""
        return {
            **self.moves(),
            "app.back": self.leave,
            "macro.edit": self._edit,
            "macro.new": self._new,
            "macro.copy": self._copy,
            "macro.delete": self._delete,
            "macro.file": self._edit_file,
            "macro.favourite": self._favour,
            "macro.search": self.open_search,
            "macro.try": self._try,
        }

    # the list --------------------------------------------------------------------------------

    def load(self, select: int = 0) -> None:
        """Read the macros, and put the cursor on one of them."""

        def work() -> tuple[tuple[MacroRow, ...], dict[int, str]]:
            keys = {row.id: key for key, row in self._macros.favourites().items()}
            return self._macros.all(), keys

        def show(found: tuple[tuple[MacroRow, ...], dict[int, str]]) -> None:
            rows, keys = found
            if rows != self._all or keys != self._keys or not rows:
                self._all, self._keys = rows, keys
                self.narrow()
            if select:
                self.list.select(select)
            self._count()

        self.read(work, show, group="macros")

    def narrow(self) -> None:
        """Show the macros that fit, the best first."""
        typed = self.searched
        scored = [(score_of(typed, findable(row.name, row.source)), row) for row in self._all]
        fitting = [pair for pair in scored if pair[0]]
        if typed:
            fitting.sort(key=lambda pair: (-pair[0], -pair[1].uses, pair[1].name))
        self.list.notice = self._notice()
        self.list.show([row for _score, row in fitting])

    def _notice(self) -> RowList.Notice:
        if self._all:
            return RowList.Notice(_("No macro fits."), _("Esc takes the search away."))
        new = key_words(self.keymap, "macro")["new"]
        return RowList.Notice(_("No macro yet."), _("{key} makes one.").format(key=new))

    def _count(self) -> None:
        count = len(self._all)
        said = ngettext("{count} macro", "{count} macros", count).format(count=count)
        if not self._macros.may_edit:
            said = _("{count} · to read: managers change them").format(count=said)
        self.title_line.say(said)

    def page_lines(self, row: MacroRow) -> Callable[[int], PageLines]:
        """Return what makes the page of a macro."""
        key = row.id, row.version
        preview = self._previews.get(key)
        if preview is None and self._ticket_id:
            self.start(
                lambda: self._macros.preview(row.id, self._ticket_id),
                lambda found: self._previewed(key, found),
                lambda error: self._previewed(key, error),
                group="macro-preview",
            )
        keys, signs, zone, ticket = self._keys.get(row.id, ""), self.signs, self._zone, 0
        ticket = self._ticket_id
        return lambda width: macro_page(row, preview, width, keys, signs, zone, ticket)

    def _previewed(self, key: tuple[int, int], found: MacroPreview | HelpdeskError) -> None:
        self._previews[key] = found
        row = self.list.current
        if row is not None and row.id == key[0]:
            self.show_page()

    def _try(self) -> None:
        """Ask for the ticket that macros are shown in."""
        from helpdesk_tui.screens.dialogs.text import LineDialog

        def chosen(typed: str | None) -> None:
            number = typed_number(typed or "")
            if number is not None:
                self._ticket_id = number
                self._previews.clear()
                self.show_page()

        hint = _("The number of a ticket: what each macro would say and do there is shown.")
        known = str(self._ticket_id) if self._ticket_id else ""
        self.app.push_screen(LineDialog(_("show it in ticket"), known, hint), chosen)

    # changing --------------------------------------------------------------------------------

    def _may(self) -> bool:
        """Say who may change macros before anything is typed, not after."""
        if not self._macros.may_edit:
            self.footer.say(sentence_of("macro.not-allowed"))
        return self._macros.may_edit

    def _edit(self) -> None:
        row = self.list.current
        if row is None:
            self._new()
        elif self.is_narrow and not self.on_page:
            self.go(to_page=True)
        elif self._may():
            self._open_editor(form_of(row.macro), row)

    def _new(self) -> None:
        if self._may():
            self._open_editor(MacroForm(texts={"en.email": ""}), None)

    def _copy(self) -> None:
        row = self.list.current
        if row is not None and self._may():
            from dataclasses import replace

            name = _("{name} (copy)").format(name=row.name)
            self._open_editor(replace(form_of(row.macro), name=name, keys=""), None)

    def _open_editor(self, form: MacroForm, row: MacroRow | None) -> None:
        from helpdesk_tui.screens.dialogs.macro_edit import MacroEditor

        def left(saved: int | None) -> None:
            if saved:
                self.footer.say(_("saved"))
                self.load(saved)

        self.app.push_screen(
            MacroEditor(self._desk, form, row, ticket_id=self._ticket_id, signs=self.signs), left
        )

    def _edit_file(self) -> None:
        """Change the file itself in the agent's own editor."""
        row = self.list.current
        if row is None or not self._may():
            return
        from helpdesk_tui.screens.composing.outside import edit_outside

        source, problem = edit_outside(self.app, row.source, self._desk.actor)
        if problem:
            self.footer.say(problem)
        elif source.strip() != row.source.strip():
            self._change(
                lambda: self._macros.save(source + "\n", macro_id=row.id, version=row.version),
                _("saved"),
            )

    def _delete(self) -> None:
        row = self.list.current
        if row is None or not self._may():
            return
        from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog

        def answer(yes: bool | None) -> None:
            if yes:
                delete = self._macros.delete
                self._change(lambda: delete(row.id, version=row.version), _("deleted"))

        title = _("Delete {name}?").format(name=clean(row.name))
        body = _("What it has done stays. Nobody can use it any more.")
        self.app.push_screen(ConfirmDialog(title, body, _("delete")), answer)

    def _favour(self) -> None:
        """Put the macro on the first free key of this agent, or take it off its key."""
        row = self.list.current
        if row is None:
            return
        mine = self._keys.get(row.id, "")
        free = [digit for digit in "123456789" if digit not in self._keys.values()]
        if not mine and not free:
            self.footer.say(_("all nine keys are taken: take one off first"))
            return
        keys = "" if mine else free[0]
        said = _("off its key") if mine else _("m {key} uses it").format(key=keys)
        self._change(lambda: self._macros.prefer(row.id, keys), said)

    def _change(self, do: Callable[[], object], said: str) -> None:
        self.change(do, said, self.load)

    def refuse(self, error: HelpdeskError) -> None:
        """Say why something was not done, with the line it is about."""
        line = error.values.get("line")
        where = _("line {line}:").format(line=line) + " " if line else ""
        self.notify(f"{where}{sentence(error)}", severity="warning", markup=False)
