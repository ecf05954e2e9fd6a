"""A macro that is made or changed: its texts, its actions, and what it would be in a ticket."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.macros.file import parse_macro
from helpdesk_tui.domain.macros.form import TEXTS, MacroForm, Mistake, form_of, mistakes, source_of
from helpdesk_tui.domain.macros.macro import Mode
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.screens.dialogs.form import FormDialog
from helpdesk_tui.screens.dialogs.view_edit import Setting
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.ink import Ink, Tone
from helpdesk_tui.widgets.line_page import LinePage, PageLines, paragraph
from helpdesk_tui.widgets.macro_preview import preview_lines
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.errors import sentence, sentence_of
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.macros.macros import MacroPreview, MacroRow

_LOOK_AFTER = 0.25
"""Seconds of rest after which the preview is made anew."""


class Texts(Setting[str]):
    """Which of the texts stands in the editor."""

    def offer(self, values: Sequence[tuple[str, str]], value: str) -> None:
        """Offer other texts."""
        self._values = tuple(values)
        self._at = [each for each, _label in values].index(value)
        self.refresh()


class MacroEditor(FormDialog[int]):
    """Stays open until the macro is kept, or nothing of it is wanted."""

    DEFAULT_CSS = """
    MacroEditor > #dialog-box { width: 96%; max-width: 150; height: 92%; padding: 0 1; }
    MacroEditor #macro-form { width: 1fr; height: 1fr; }
    MacroEditor #macro-columns { height: 1fr; }
    MacroEditor #macro-sight {
        width: 42%; height: 1fr; background: $raised; border-left: solid $rules; padding: 0 0 0 2;
        scrollbar-background: $raised; display: none;
    }
    MacroEditor.-beside #macro-sight { display: block; }
    MacroEditor TextArea { height: 5; }
    MacroEditor #macro-text { height: 1fr; min-height: 3; }
    MacroEditor #macro-scope { height: 2; }
    """
    HINT: ClassVar[str] = N_("ctrl+o saves · tab next · ctrl+t language · ctrl+g file · esc closes")

    def __init__(
        self, desk: Desk, form: MacroForm, row: MacroRow | None, *, ticket_id: int, signs: Signs
    ) -> None:
        super().__init__(row.version if row is not None else None)
        self._desk = desk
        self._first = form
        self._form = form
        self._row = row
        self._ticket_id = ticket_id
        self._signs = signs
        self._where = next(iter(form.texts), f"{form.language}.email")
        self._timer: Timer | None = None

    def parts(self) -> Sequence[Widget]:
        """Return the fields and the preview."""
        form = self._form
        keys = [("", _("none")), *((digit, digit) for digit in "123456789")]
        modes = [(Mode.INSERT.value, _("goes into the draft")), (Mode.RUN.value, _("is sent"))]
        fields = Vertical(
            CleanInput(form.name, _("its name, such as Refund"), id="macro-name"),
            Setting(_("key"), keys, form.keys, id="macro-keys"),
            Setting(_("its text"), modes, form.mode, id="macro-mode"),
            Texts(_("text"), self._texts(), self._where, id="macro-which"),
            self.area(form.texts.get(self._where, ""), "macro-text"),
            Static(Content(_("actions, one in a line: tag +refund · assign me · status close")),
                   classes="label"),
            self.area(form.actions, "macro-actions"),
            Static(Content(_("offered where: teams … · channels email · tags …")),
                   classes="label"),
            self.area(form.scope, "macro-scope"),
            id="macro-form",
        )  # fmt: skip
        sight = LinePage(signs=self._signs, tone=Tone.RAISED, id="macro-sight")
        return (
            Horizontal(fields, sight, id="macro-columns"),
            self.news_line(),
        )

    def _texts(self) -> list[tuple[str, str]]:
        """Return every text there may be; what is written already has a sign."""
        found: list[tuple[str, str]] = []
        for language in self._form.languages:
            for kind in TEXTS:
                where = f"{language}.{kind}"
                sign = " ✓" if self._form.texts.get(where, "").strip() else ""
                label = self._signs.plain(f"{kind} · {language}{sign}")
                found.append((where, label))
        return found

    def prepare(self) -> None:
        """Be ready to type."""
        super().prepare()
        box = self.query_one("#dialog-box")
        name = clean(self._row.name) if self._row is not None else _("new macro")
        box.border_title = Content(name)
        box.border_subtitle = key_hints(_(self.HINT))
        self.query_one("#macro-sight", LinePage).can_focus = False
        self.set_class(self.app.size.width >= 110, "-beside")
        (self.query_one("#macro-text") if self._row else self.query_one("#macro-name")).focus()
        source = self._row.source if self._row is not None else ""
        if any(line.lstrip().startswith("#") for line in source.split("\n")):
            self.say(_("saving here drops the comments of its file: ctrl+g changes the file"))
        self._look()

    def on_resize(self, event: events.Resize) -> None:
        """Show the preview where there is room."""
        self.set_class(self.app.size.width >= 110, "-beside")

    # what is typed ---------------------------------------------------------------------------

    @property
    def form(self) -> MacroForm:
        """What stands in the fields now."""
        texts = {**self._form.texts, self._where: self._text("macro-text")}
        return replace(
            self._form,
            name=self.query_one("#macro-name", CleanInput).value.strip(),
            keys=str(self.query_one("#macro-keys", Setting).value),
            mode=str(self.query_one("#macro-mode", Setting).value),
            actions=self._text("macro-actions"),
            scope=self._text("macro-scope"),
            texts=texts,
        )

    def _text(self, name: str) -> str:
        return clean_lines(self.query_one(f"#{name}", TextArea).text)

    @property
    def is_changed(self) -> bool:
        """Whether anything was typed."""
        return source_of(self.form) != source_of(self._first)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Check what is typed."""
        event.stop()
        self._changed()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Check the name."""
        event.stop()
        self._changed()

    def on_setting_changed(self, message: Setting.Changed) -> None:
        """Show the text that was chosen, or check the choice."""
        message.stop()
        which = self.query_one("#macro-which", Texts)
        if which.value != self._where:
            self._form = self.form
            self._show_text(which.value)
        self._changed()

    def _show_text(self, where: str) -> None:
        self._where = where
        self.query_one("#macro-which", Texts).offer(self._texts(), where)
        self.query_one("#macro-text", TextArea).load_text(self._form.texts.get(where, ""))

    def _changed(self) -> None:
        self.leaves = False
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_LOOK_AFTER, self._look)
        found = [one for one in mistakes(self.form) if one.finding.is_error]
        is_begun = bool(self.form.name or self.is_changed)
        self.say(self._told(found[0]) if found and is_begun else "")

    def _told(self, mistake: Mistake) -> str:
        """Return a mistake in words, with a caret under the place where it stands."""
        said = sentence_of(mistake.finding.code, **dict(mistake.finding.values))
        if mistake.where == "name":
            return said
        text = self._field_text(mistake.where).split("\n")
        line = text[mistake.row] if mistake.row < len(text) else ""
        label = _("{where}, line {line}:").format(where=mistake.where, line=mistake.row + 1) + " "
        start = max(0, mistake.column - 30)
        caret = " " * (mistake.column - start) + "^"
        return f"{line[start : start + 60]}\n{caret}\n{label}{said}"

    def _field_text(self, where: str) -> str:
        form = self.form
        return {"actions": form.actions, "scope": form.scope}.get(where, form.texts.get(where, ""))

    def _look(self) -> None:
        """Show what it would say and do in the ticket."""
        self._timer = None
        page = self.query_one("#macro-sight", LinePage)
        form = self.form
        wrong = any(one.finding.is_error for one in mistakes(form))
        if wrong or not self._ticket_id:
            hint = _("What it would say and do in a ticket stands here once it is right.")
            page.show(lambda width: paragraph(hint, width, Ink.DIM))
            return
        language = self._where.partition(".")[0]
        source, ticket = source_of(form), self._ticket_id

        def show(preview: MacroPreview) -> None:
            runs = preview.row.macro.mode is Mode.RUN

            def make(width: int) -> PageLines:
                title = _("IN TICKET #{id}").format(id=ticket)
                return [[(title, Ink.DIM)], [], *preview_lines(preview, width, runs=runs)]

            if self.is_attached:
                page.show(make)

        self.start(
            lambda: self._desk.macros.sketch(source, ticket, language=language),
            show,
            lambda error: page.show(lambda width: paragraph(sentence(error), width, Ink.WAITING)),
            group="macro-sketch",
            exclusive=True,
        )

    # keys ------------------------------------------------------------------------------------

    def verbs(self) -> Mapping[str, Callable[[], None]]:
        """Return what further keys do."""
        return {"ctrl+t": self._add_language, "ctrl+g": self._outside}

    def _add_language(self) -> None:
        from helpdesk_tui.screens.dialogs.text import LineDialog

        def chosen(code: str | None) -> None:
            if code:
                self._form = self.form
                where = f"{code.strip().replace('-', '_')}.email"
                self._form = self._form.with_text(where, self._form.texts.get(where, ""))
                self._show_text(where)
                self.query_one("#macro-text").focus()
                self._changed()

        hint = _("Such as pl, sv or pt_BR: customers get their own language.")
        self.app.push_screen(LineDialog(_("one more language"), "", hint), chosen)

    def _outside(self) -> None:
        """Change the file in the agent's own editor."""
        from helpdesk_tui.screens.composing.outside import edit_outside

        before = source_of(self.form)
        source, problem = edit_outside(self.app, before, self._desk.actor)
        if problem:
            self.say(problem)
            return
        try:
            form = form_of(parse_macro(source))
        except HelpdeskError as error:
            where = _("line {line}:").format(line=error.values.get("line", 1)) + " "
            self.say(f"{where}{sentence(error)}")
            return
        self._fill(form)

    def _fill(self, form: MacroForm) -> None:
        self._form = form
        self.query_one("#macro-name", CleanInput).value = form.name
        for name, value in (("macro-keys", form.keys), ("macro-mode", form.mode)):
            setting = self.query_one(f"#{name}", Setting)
            while setting.value != value:
                setting.turn(1)
        self.query_one("#macro-actions", TextArea).load_text(form.actions)
        self.query_one("#macro-scope", TextArea).load_text(form.scope)
        self._show_text(next(iter(form.texts), f"{form.language}.email"))
        self._changed()

    def save(self) -> None:
        """Keep the macro; a mistake is shown where it stands."""
        form = self.form
        wrong = [one for one in mistakes(form) if one.finding.is_error]
        if wrong:
            self.say(self._told(wrong[0]))
            self._go_to(wrong[0])
            return
        row, source, version = self._row, source_of(form), self.version

        def work() -> int:
            macro_id = row.id if row is not None else None
            return self._desk.macros.save(source, macro_id=macro_id, version=version).id

        self.start(work, self.dismiss, self.refused, group="macro-save")

    def _go_to(self, mistake: Mistake) -> None:
        if mistake.where == "name":
            self.query_one("#macro-name").focus()
            return
        if mistake.where in ("actions", "scope"):
            area = self.query_one(f"#macro-{mistake.where}", TextArea)
        else:
            self._form = self.form
            self._show_text(mistake.where)
            area = self.query_one("#macro-text", TextArea)
        area.focus()
        area.move_cursor((mistake.row, mistake.column))
