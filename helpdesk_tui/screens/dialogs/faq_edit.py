"""A question of the FAQ that is written or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.faq import FaqDraft, FaqItem, checked
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.screens.dialogs.form import FormDialog
from helpdesk_tui.screens.dialogs.view_edit import Setting
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

_FIELDS = {"question": "faq-question", "answer": "faq-answer", "words": "faq-words",
           "category": "faq-category"}  # fmt: skip


class FaqEditor(FormDialog[int]):
    """Stays open until the question is kept, or nothing of it is wanted."""

    DEFAULT_CSS = """
    FaqEditor > #dialog-box { width: 96%; max-width: 100; height: 90%; padding: 0 1; }
    FaqEditor #faq-form { height: 1fr; }
    FaqEditor TextArea { height: 3; }
    FaqEditor #faq-answer { height: 1fr; min-height: 3; }
    """
    HINT: ClassVar[str] = N_("ctrl+o saves · tab next · esc closes")

    def __init__(self, desk: Desk, draft: FaqDraft, item: FaqItem | None) -> None:
        super().__init__(item.version if item is not None else None)
        self._desk = desk
        self._first = draft
        self._item = item

    def parts(self) -> Sequence[Widget]:
        """Return the fields."""
        draft = self._first
        states = [(False, _("hidden")), (True, _("published"))]
        return (
            Vertical(
                Static(Content(_("question, as a customer would ask it")), classes="label"),
                CleanInput(draft.question, _("How do I return something?"), id="faq-question"),
                Static(Content(_("answer: plain text, addresses become links")), classes="label"),
                self.area(draft.answer, "faq-answer"),
                Static(Content(_("category")), classes="label"),
                CleanInput(draft.category, _("such as Returns"), id="faq-category"),
                Static(
                    Content(_("other ways to ask it, one in a line; never shown")), classes="label"
                ),
                self.area(draft.words, "faq-words"),
                Setting(_("visitors"), states, draft.published, id="faq-published"),
                id="faq-form",
            ),
            self.news_line(),
        )

    def prepare(self) -> None:
        """Be ready to type."""
        super().prepare()
        title = _("change a question") if self._item is not None else _("new question")
        box = self.query_one("#dialog-box")
        box.border_title = Content(f"{title} · {clean(self._first.language)}")
        self.say("")
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

    def on_input_changed(self, event: Input.Changed) -> None:
        """Forget what was said."""
        event.stop()
        self.leaves = False

    @property
    def is_changed(self) -> bool:
        """Whether anything was typed."""
        return self.draft != self._first

    def save(self) -> None:
        """Keep the question."""
        draft, item, version, faq = self.draft, self._item, self.version, self._desk.faq
        try:
            checked(draft)
        except HelpdeskError as error:
            self.refused(error)
            return

        def work() -> int:
            if item is None:
                return faq.add(draft).id
            return faq.change(item.id, draft, version=version).id

        self.start(work, self.dismiss, self.refused, group="faq-save")

    def refused(self, error: HelpdeskError) -> None:
        """Say why it was not kept, in the field it is about."""
        super().refused(error)
        field = _FIELDS.get(str(error.values.get("name", "")))
        if field is not None:
            self.query_one(f"#{field}").focus()
