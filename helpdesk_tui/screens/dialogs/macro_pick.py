"""Which macro: found as it is typed, shown filled in for this ticket before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.macros.macro import Mode
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import PickDialog
from helpdesk_tui.screens.dialogs.macro_offers import (
    DIGITS,
    PickedMacro,
    Shelf,
    offer_row,
    read_shelf,
    used_line,
)
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.widgets.choices import ChoiceRow, Choices, CleanInput
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.ink import Ink, Tone
from helpdesk_tui.widgets.line_page import LinePage, PageLines, paragraph
from helpdesk_tui.widgets.macro_preview import preview_lines
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import N_, _, ngettext
from helpdesk_tui.widgets.wrap import shorten_cells

if TYPE_CHECKING:
    from helpdesk_tui.services.macros.macros import MacroPreview, MacroRow, Macros

_WIDE = 100
"""Columns from which on the preview stands beside the list."""


class MacroChoices(Choices):
    """The list beside the preview: as tall as there is room."""

    DEFAULT_CSS = """
    MacroChoices { max-height: 100%; }
    """
    MOST: ClassVar[int] = 24


class MacroPicker(PickDialog[PickedMacro], Jobs):
    """Lists macros, the likeliest first; digits take favourites while nothing is typed."""

    DEFAULT_CSS = """
    MacroPicker > #dialog-box { width: 92%; max-width: 132; }
    MacroPicker #macro-body { height: 12; layout: vertical; margin: 1 0 0 0; }
    MacroPicker MacroChoices { height: auto; max-height: 5; }
    MacroPicker #macro-preview {
        height: 1fr; background: $raised; padding: 0 1; scrollbar-background: $raised;
        border-top: solid $rules;
    }
    MacroPicker.-beside #macro-body { layout: horizontal; height: 18; }
    MacroPicker.-beside MacroChoices { width: 42%; max-width: 50; max-height: 100%; }
    MacroPicker.-beside #macro-preview {
        width: 1fr; height: 100%; border-top: none; border-left: solid $rules; padding: 0 0 0 2;
    }
    """
    TITLE_TEXT: ClassVar[str] = N_("macro")
    OPENED_BY: ClassVar[str] = "ticket.macro composer.macro"
    PLACEHOLDER: ClassVar[str] = N_("type to find a macro · 1–9 a favourite")

    def __init__(
        self,
        macros: Macros,
        ticket_id: int,
        *,
        signs: Signs,
        now: Callable[[], datetime],
        shelf: Shelf | None = None,
        typed: str = "",
        count: int = 1,
        from_draft: bool = False,
    ) -> None:
        super().__init__()
        self._macros = macros
        self._ticket_id = ticket_id
        self._signs = signs
        self._now = now
        self.shelf = shelf
        """What is offered; None while it is being read."""
        self._first = typed
        self._count = count
        self._from_draft = from_draft
        self._language = ""
        self._previews: dict[tuple[int, str], MacroPreview] = {}
        self._held = ""
        """What was typed before the macros were there: a key, then text for the draft."""

    # what it shows ---------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Make the line, the rows and the preview."""
        with Vertical(id="dialog-box"):
            yield CleanInput(self._first, _(self.PLACEHOLDER), id="dialog-input")
            with Container(id="macro-body"):
                yield MacroChoices(id="dialog-choices")
                yield LinePage(signs=self._signs, tone=Tone.RAISED, id="macro-preview")
            yield Static("", id="dialog-news", classes="problem", markup=False)

    def prepare(self) -> None:
        """Show what is known already, and read what there is now."""
        self.preview_page.can_focus = False
        self._lay_out()
        self.choices.empty = _("looking …") if self.shelf is None else self._nothing()
        super().prepare()
        box = self.query_one("#dialog-box")
        if self._count > 1:
            said = ngettext("macro for {count} ticket", "macro for {count} tickets", self._count)
            box.border_title = Content(said.format(count=self._count))
        else:
            box.border_title = Content(_("macro for #{id}").format(id=self._ticket_id))
        box.border_subtitle = key_hints(self._hint())
        self.choices.show(self.rows(self.input.value.strip()))
        self.input.cursor_position = len(self.input.value)
        self._preview()
        self.load()

    def _hint(self) -> str:
        if self._count > 1:
            return _("enter runs it on all of them · esc closes")
        if self.app.size.width < _WIDE:
            return _("enter inserts · ! runs · * favourite · esc closes")
        return _("enter inserts · ! runs it at once · * favourite · ctrl+d/u scroll · esc closes")

    def on_resize(self, event: events.Resize) -> None:
        """Put the preview beside the list where there is room."""
        self._lay_out()

    def _lay_out(self) -> None:
        size = self.app.size
        beside = size.width >= _WIDE
        self.set_class(beside, "-beside")
        self.query_one("#macro-body").styles.height = max(8, min(22, size.height - 9))

    @property
    def preview_page(self) -> LinePage:
        """The preview."""
        return self.query_one("#macro-preview", LinePage)

    def load(self) -> None:
        """Read the macros anew; somebody may have changed them."""
        self.start(
            lambda: read_shelf(self._macros, self._ticket_id),
            self._loaded,
            self._failed,
            group="macros",
        )

    def _failed(self, error: HelpdeskError) -> None:
        self.choices.empty = _("the macros cannot be read")
        self.say(sentence(error))
        self.choices.show(())

    def _loaded(self, shelf: Shelf) -> None:
        before = self._current
        known = None if self.shelf is None else [(row.id, row.version) for row in self.shelf.rows]
        self.shelf = shelf
        if known != [(row.id, row.version) for row in shelf.rows]:
            self._previews.clear()
        self.choices.empty = self._nothing()
        if not self._take_held():
            self.choices.show(self.rows(self.input.value.strip()))
            self._select(before)
            self._preview()

    def _nothing(self) -> str:
        if self.shelf is not None and self.shelf.rows:
            return _("nothing fits")
        return _("no macros yet: g M makes them")

    def _select(self, row: MacroRow | None) -> None:
        if row is None:
            return
        for place, each in enumerate(self.rows(self.input.value.strip())):
            if isinstance(each.value, type(row)) and each.value.id == row.id:
                self.choices.move(place)

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the macros that fit what is typed, the likeliest first, favourites on top."""
        shelf = self.shelf
        if shelf is None:
            return ()
        width = self.choices.size.width or 44
        return [
            offer_row(row, shelf.key_of(row.id), width, self._signs) for row in shelf.fitting(typed)
        ]

    # the preview -----------------------------------------------------------------------------

    @property
    def _current(self) -> MacroRow | None:
        from helpdesk_tui.services.macros.macros import MacroRow

        row = self.choices.current
        return row.value if row is not None and isinstance(row.value, MacroRow) else None

    def _preview(self) -> None:
        """Show the chosen macro filled in; read it where that was not done yet."""
        row = self._current
        if row is None:
            self.preview_page.show(lambda _width: [])
            return
        key = row.id, self._language
        if key in self._previews:
            self._show(self._previews[key])
            return
        language = self._language
        self.start(
            lambda: self._macros.preview(row.id, self._ticket_id, language=language),
            lambda preview: self._previewed(key, preview),
            lambda error: self._unseen(key, error),
            group="macro-preview",
            exclusive=True,
        )

    def _previewed(self, key: tuple[int, str], preview: MacroPreview) -> None:
        self._previews[key] = preview
        row = self._current
        if row is not None and key == (row.id, self._language):
            self._show(preview)

    def _unseen(self, key: tuple[int, str], error: HelpdeskError) -> None:
        row = self._current
        if row is not None and row.id == key[0]:
            self.preview_page.show(lambda width: paragraph(sentence(error), width, Ink.BAD))

    def _show(self, preview: MacroPreview) -> None:
        row = preview.row
        runs = row.macro.mode is Mode.RUN or self._count > 1

        def make(width: int) -> PageLines:
            name = shorten_cells(clean(row.name), width)
            lines = preview_lines(preview, width, runs=runs, switches=True)
            return [[(name, Ink.HEADING)], used_line(row, self._now()), [], *lines]

        self.preview_page.show(make)

    # keys ------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as it is typed, and show the first one."""
        event.prevent_default()  # the library calls the handler of the base class as well
        super().on_input_changed(event)
        self._preview()

    def press(self, event: events.Key) -> None:
        """Take keys that came before the line could."""
        if self.before_typing(event):
            event.stop()
        elif event.is_printable and event.character and not self.input.has_focus:
            event.stop()
            self.input.insert_text_at_cursor(event.character)
        else:
            super().press(event)

    def before_typing(self, event: events.Key) -> bool:
        """Take a favourite, run, change the language, or move. True: not to be typed."""
        if self._held:
            self._held += event.character if event.is_printable and event.character else ""
            return True
        if self.shelf is None and self._holds(event):
            return True
        verbs: Mapping[str, Callable[[], object]] = {
            "exclamation_mark": self._run,
            "asterisk": self._favour,
            "ctrl+f": self._favour,
            "ctrl+l": self._other_language,
            "ctrl+d": lambda: self.preview_page.scroll_relative(y=6, animate=False),
            "ctrl+u": lambda: self.preview_page.scroll_relative(y=-6, animate=False),
        }
        if event.key in verbs:
            verbs[event.key]()
            return True
        if not self.input.value and self._take_key(event.character or ""):
            return True
        is_taken = super().before_typing(event)
        if is_taken and self.is_attached:
            self._preview()
        return is_taken

    def closes_on(self, key: str) -> bool:
        """Return whether a first key closes the dialog; letters of a name never do in a draft."""
        is_wanted = len(key) == 1 and (self.shelf is None or self._from_draft)
        return not is_wanted and super().closes_on(key)

    def _holds(self, event: events.Key) -> bool:
        """Keep a choice until the macros are there."""
        is_key = (
            not self.input.value and bool(event.character) and (event.character or "") in DIGITS
        )
        if is_key or event.key in ("enter", "exclamation_mark"):
            self._held = event.character or "" if is_key or event.key != "enter" else "\n"
            return True
        return False

    def _take_held(self) -> bool:
        """Do what was pressed before the macros were there; False if nothing was, or fits."""
        held, self._held = self._held, ""
        if not held:
            return False
        first, typed = held[0], held[1:]
        if first in DIGITS:
            if self._take_key(first, typed):
                return True
            self.input.value = held
            self.input.cursor_position = len(held)
            return False
        self.choices.show(self.rows(self.input.value.strip()))
        row = self._current
        if row is None:
            return False
        self._answer(row, runs=first == "!", typed=typed)
        return True

    def _take_key(self, key: str, typed: str = "") -> bool:
        row = self.shelf.favourites.get(key) if self.shelf is not None else None
        if row is None:
            return False
        self._answer(row, runs=False, typed=typed)
        return True

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the selected row."""
        event.prevent_default()
        event.stop()
        row = self._current
        if row is not None:
            self._answer(row, runs=False)

    def take(self, row: ChoiceRow) -> None:
        """Take the clicked row."""
        current = self._current
        if current is not None:
            self._answer(current, runs=False)

    def _run(self) -> None:
        row = self._current
        if row is not None:
            self._answer(row, runs=True)

    def _answer(self, row: MacroRow, *, runs: bool, typed: str = "") -> None:
        preview = self._previews.get((row.id, self._language))
        runs = runs or self._count > 1 or row.macro.mode is Mode.RUN
        if runs and preview is not None and preview.problems and self._count == 1:
            # said before anything happens, where it can still be inserted and filled in
            problem = preview.problems[0]
            self.say(_("it cannot run: {reason}").format(reason=sentence(problem)))
            return
        self.dismiss(PickedMacro(row, runs, self._language, preview, typed))

    def _other_language(self) -> None:
        row = self._current
        preview = self._previews.get((row.id, self._language)) if row is not None else None
        if row is None or preview is None:
            return
        languages = [bodies.language for bodies in row.macro.bodies]
        if len(languages) > 1:
            place = languages.index(preview.plan.language)
            self._language = languages[(place + 1) % len(languages)]
            self._preview()
        else:
            self.say(_("it is written in one language only"))

    def _favour(self) -> None:
        """Put the chosen macro on the first free key, or take it off its key."""
        row, shelf = self._current, self.shelf
        if row is None or shelf is None:
            return
        mine = shelf.key_of(row.id)
        free = next((digit for digit in DIGITS if digit not in shelf.favourites), "")
        if not mine and not free:
            self.say(_("all nine keys are taken: take one off first"))
            return
        keys = "" if mine else free

        def work() -> Shelf:
            self._macros.prefer(row.id, keys)
            return read_shelf(self._macros, self._ticket_id)

        def done(shelf: Shelf) -> None:
            self.shelf = shelf
            self.choices.show(self.rows(self.input.value.strip()))
            self._select(row)
            self._preview()

        self.start(work, done, lambda error: self.say(sentence(error)), group="macros")
