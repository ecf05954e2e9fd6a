"""Which approved template is sent, and what stands in its places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.messaging.templates import TemplateRow, filled
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.screens.dialogs.base import Dialog, PickDialog, fits
from helpdesk_tui.widgets.choices import ChoiceRow, CleanInput
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.words.language import N_, _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number

_MOST_LINES = 8


class TemplateDialog(PickDialog[TemplateRow]):
    """Lists the approved templates, with what the selected one says."""

    DEFAULT_CSS = """
    TemplateDialog > #dialog-box { width: 84; }
    TemplateDialog #dialog-choices { max-height: 7; }
    TemplateDialog #template-body {
        height: auto; max-height: 9; border-left: thick $bar-us; padding: 0 0 0 1;
        margin: 1 0 0 0; background: $raised; color: $text;
    }
    """
    TITLE_TEXT: ClassVar[str] = N_("approved templates")
    PLACEHOLDER: ClassVar[str] = N_("type to find a template")
    HINT: ClassVar[str] = N_("enter fills it in · ↑↓ move · esc keeps the draft")

    def __init__(self, templates: Sequence[TemplateRow]) -> None:
        super().__init__()
        self._templates = tuple(templates)

    def parts(self) -> Sequence[Widget]:
        """Return the line, the rows, and what the template says."""
        line, gap, choices, news = super().parts()
        return line, gap, choices, Static("", id="template-body", markup=False), news

    def prepare(self) -> None:
        """Show the first template."""
        super().prepare()
        self.choices.empty = _("no approved template: an administrator adds them at the provider")
        self._show()

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the templates that fit what is typed, by name, language or text."""
        return [
            ChoiceRow(
                ((clean(one.name), Ink.BRIGHT),),
                (
                    (_places(one), Ink.DIM), ("  ", Ink.DIM),
                    (clean(one.category).lower(), Ink.SOFT), ("  ", Ink.DIM),
                    (clean(one.language), Ink.KEY),
                ),
                one,
            )
            for one in self._templates
            if fits(typed, one.name, one.language, one.body)
        ]  # fmt: skip

    def take(self, row: ChoiceRow) -> None:
        """Answer with the template."""
        if isinstance(row.value, TemplateRow):
            self.dismiss(row.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter, and show the first that fits."""
        super().on_input_changed(event)
        self._show()

    def before_typing(self, event: events.Key) -> bool:
        """Move, and show what is selected then."""
        is_taken = super().before_typing(event)
        if is_taken and self.is_attached:
            self._show()
        return is_taken

    def _show(self) -> None:
        row = self.choices.current
        body = row.value.body if row is not None and isinstance(row.value, TemplateRow) else ""
        self.query_one("#template-body", Static).update(_marked(body, ()))


class TemplateValuesDialog(Dialog[tuple[str, ...]]):
    """Asks for the value of each place; what the customer will read stands below."""

    DEFAULT_CSS = """
    TemplateValuesDialog > #dialog-box { width: 84; }
    TemplateValuesDialog VerticalScroll { height: auto; max-height: 8; background: $raised; }
    TemplateValuesDialog CleanInput { margin: 0 0 0 0; }
    TemplateValuesDialog #template-body {
        height: auto; max-height: 10; border-left: thick $bar-us; padding: 0 0 0 1;
        margin: 1 0 0 0;
    }
    """
    HINT: ClassVar[str] = N_("enter next, at last it sends · esc keeps the draft")

    def __init__(self, template: TemplateRow) -> None:
        super().__init__()
        self._template = template

    def parts(self) -> Sequence[Widget]:
        """Return a line for each place, and the text with what is typed."""
        places = range(1, self._template.places + 1)
        lines = [CleanInput("", _("value of {place}").format(place=f"{{{{{place}}}}}"),
                            id=f"template-{place}") for place in places]  # fmt: skip
        return (
            VerticalScroll(*lines, can_focus=False),
            Static("", id="template-body", markup=False),
            Static("", id="dialog-news", classes="problem", markup=False),
        )

    def prepare(self) -> None:
        """Begin with the first place."""
        super().prepare()
        box = self.query_one("#dialog-box")
        title = f"{_('template')} {self._template.name} · {self._template.language}"
        box.border_title = Content(clean(title))
        lines = self._lines
        if lines:
            lines[0].focus()
        self._show()

    @property
    def _lines(self) -> list[CleanInput]:
        return list(self.query(CleanInput))

    @property
    def _values(self) -> tuple[str, ...]:
        return tuple(line.value.strip() for line in self._lines)

    def _show(self) -> None:
        self.query_one("#template-body", Static).update(_marked(self._template.body, self._values))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what the customer will read."""
        event.stop()
        self.query_one("#dialog-news", Static).update("")
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next empty place; send once there is none."""
        event.stop()
        self._go_on(event.input)

    def press(self, event: events.Key) -> None:
        """Send a template without places at enter."""
        if event.key == "enter":
            event.stop()
            self._go_on(None)
        else:
            super().press(event)

    def _go_on(self, line: Input | None) -> None:
        lines = self._lines
        empty = [each for each in lines if not each.value.strip()]
        if not empty:
            self.dismiss(self._values)
            return
        behind = lines[lines.index(line) + 1 :] if isinstance(line, CleanInput) else []
        ahead = [each for each in behind if each in empty]
        if line in empty and not ahead:
            said = _("every place needs a value: the provider refuses it otherwise")
            self.query_one("#dialog-news", Static).update(Content(said))
        (ahead or empty)[0].focus()


def _places(template: TemplateRow) -> str:
    count = template.places
    if not count:
        return ""
    return ngettext("{count} value", "{count} values", count).format(count=number(count))


def _marked(body: str, values: Sequence[str]) -> Content:
    """Return the text of a template with its places filled in as far as they are known."""
    known = [
        value or f"{{{{{place}}}}}" for place, value in enumerate([*values, *[""] * 100][:100], 1)
    ]
    text = clean_lines(filled(body, known)).strip()
    lines = text.split("\n")
    shown = "\n".join([*lines[:_MOST_LINES], *(["…"] if len(lines) > _MOST_LINES else [])])
    return Content(shown).highlight_regex(r"\{\{\d+\}\}", style="bold $waiting")
