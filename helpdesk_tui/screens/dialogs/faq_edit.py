"""A question of the FAQ that is written or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from helpdesk_tui.domain.errors import Conflict, HelpdeskError
from helpdesk_tui.domain.faq import FaqDraft, FaqItem, checked
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.screens.dialogs.view_edit import Setting
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

_FIELDS = {"question": "faq-question", "answer": "faq-answer", "words": "faq-words",
           "category": "faq-category"}  # fmt: skip


class FaqEditor(Dialog[int], Jobs):
    """Stays open until the question is kept, or nothing of it is wanted."""

    DEFAULT_CSS = """
    FaqEditor > #dialog-box { width: 96%; max-width: 100; height: 90%; padding: 0 1; }
    FaqEditor #faq-form { height: 1fr; }
    FaqEditor CleanInput, FaqEditor CleanInput.-textual-compact {
        background: $surface; padding: 0 1;
    }
    FaqEditor CleanInput:focus { background: $selection; padding: 0 1; }
    FaqEditor .label { color: $dim; padding: 0 0 0 1; height: 1; }
    FaqEditor TextArea {
        border: none; padding: 0 1; background: $surface; color: $text; height: 3;
        scrollbar-size-vertical: 1;
    }
    FaqEditor TextArea:focus { border: none; background: $selection; }
    FaqEditor #faq-answer { height: 1fr; min-height: 3; }
    FaqEditor #dialog-news { height: auto; max-height: 3; }
    """
    HINT: ClassVar[str] = N_("ctrl+o saves · tab next · esc closes")

    def __init__(self, desk: Desk, draft: FaqDraft, item: FaqItem | None) -> None:
        super().__init__()
        self._desk = desk
        self._first = draft
        self._item = item
        self._version = item.version if item is not None else None
        self._leaves = False

    def parts(self) -> Sequence[Widget]:
        """Return the fields."""
        draft = self._first
        states = [(False, _("hidden")), (True, _("published"))]
        return (
            Vertical(
                Static(Content(_("question, as a customer would ask it")), classes="label"),
                CleanInput(draft.question, _("How do I return something?"), id="faq-question"),
                Static(Content(_("answer: plain text, addresses become links")), classes="label"),
                self._area(draft.answer, "faq-answer"),
                Static(Content(_("category")), classes="label"),
                CleanInput(draft.category, _("such as Returns"), id="faq-category"),
                Static(
                    Content(_("other ways to ask it, one in a line; never shown")), classes="label"
                ),
                self._area(draft.words, "faq-words"),
                Setting(_("visitors"), states, draft.published, id="faq-published"),
                id="faq-form",
            ),
            Static("", id="dialog-news", classes="problem", markup=False),
        )

    @staticmethod
    def _area(text: str, name: str) -> TextArea:
        area = TextArea(clean_lines(text), id=name, theme="css", compact=True)
        area.tab_behavior = "focus"
        area.cursor_blink = False
        area.highlight_cursor_line = False
        return area

    def prepare(self) -> None:
        """Be ready to type."""
        super().prepare()
        title = _("change a question") if self._item is not None else _("new question")
        box = self.query_one("#dialog-box")
        box.border_title = Content(f"{title} · {clean(self._first.language)}")
        self._say("")
        self.query_one("#faq-question", CleanInput).focus()

    @property
    def draft(self) -> FaqDraft:
        """What stands in the fields now."""
        return replace(
            self._first,
            question=self.query_one("#faq-question", CleanInput).value.strip(),
            answer=clean_lines(self.query_one("#faq-answer", TextArea).text).strip("\n"),
            category=self.query_one("#faq-category", CleanInput).value.strip(),
            words=clean_lines(self.query_one("#faq-words", TextArea).text).strip("\n"),
            published=bool(self.query_one("#faq-published", Setting).value),
        )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next field."""
        event.stop()
        self.focus_next()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Forget what was said."""
        event.stop()
        self._leaves = False

    def press(self, event: events.Key) -> None:
        """Save, move, choose, or close; what was typed is thrown away only by a second esc."""
        setting = self.focused if isinstance(self.focused, Setting) else None
        if event.key == "ctrl+o":
            event.stop()
            self._save()
        elif event.key in ("tab", "shift+tab"):
            event.stop()
            event.prevent_default()
            _moved = self.focus_next() if event.key == "tab" else self.focus_previous()
        elif setting is not None and event.key in ("left", "right", "space", "enter"):
            event.stop()
            setting.turn(-1 if event.key == "left" else 1)
        elif event.key == "escape" and self.draft != self._first and not self._leaves:
            event.stop()
            self._leaves = True
            self._say(_("not saved yet: ctrl+o saves, esc again throws it away"))
        else:
            super().press(event)

    def _save(self) -> None:
        draft, item, version, faq = self.draft, self._item, self._version, self._desk.faq
        try:
            checked(draft)
        except HelpdeskError as error:
            self._refused(error)
            return

        def work() -> int:
            if item is None:
                return faq.add(draft).id
            return faq.change(item.id, draft, version=version).id

        self.start(work, self.dismiss, self._refused, group="faq-save")

    def _refused(self, error: HelpdeskError) -> None:
        said = sentence(error)
        if isinstance(error, Conflict):
            self._version = None
            said = _("{problem} · ctrl+o again writes over it").format(problem=said)
        self._say(said)
        field = _FIELDS.get(str(error.values.get("name", "")))
        if field is not None:
            self.query_one(f"#{field}").focus()

    def _say(self, problem: str) -> None:
        news = self.query_one("#dialog-news", Static)
        news.display = bool(problem)
        news.update(Content(clean_lines(problem)))
