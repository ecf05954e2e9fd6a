"""The FAQ: the answers that visitors of the chat read, ordered, published, translated."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from helpdesk_tui.domain.faq import FaqDraft, FaqItem
from helpdesk_tui.domain.text import clean, fold
from helpdesk_tui.screens.beside.searched_list import SearchedListScreen
from helpdesk_tui.screens.beside.side_screen import Handlers
from helpdesk_tui.widgets.faq_page import faq_lines, faq_page
from helpdesk_tui.widgets.ink import Span
from helpdesk_tui.widgets.keys import Group, Scope
from helpdesk_tui.widgets.line_page import PageLines
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.words.errors import sentence_of
from helpdesk_tui.widgets.words.keys import key_words
from helpdesk_tui.widgets.words.language import N_, _, ngettext

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.widgets.keymap import Keymap
    from helpdesk_tui.widgets.signs import Signs

_FIRST = "en"
"""The language a first question is offered in."""


class FaqScreen(SearchedListScreen[FaqItem]):
    """The questions of one language at the left, the answer under the cursor at the right."""

    TITLE_TEXT: ClassVar[str] = N_("FAQ")
    SCOPE: ClassVar[Scope] = Scope.FAQ
    GROUP: ClassVar[Group] = Group.FAQ
    PLACE: ClassVar[str] = "faq"

    SEARCH_HINT: ClassVar[str] = N_("type to find a question")

    def __init__(
        self,
        desk: Desk,
        keymap: Keymap,
        signs: Signs,
        *,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__(desk, keymap, signs, now=now, zone=zone)
        self._faq = desk.faq
        self._all: tuple[FaqItem, ...] | None = None
        self._language = ""
        self._removed = 0

    def row_lines(self, row: FaqItem, width: int, picked: bool) -> tuple[list[Span], list[Span]]:
        """Return a row of the list."""
        return faq_lines(row, width, self.signs, picked=picked)

    def row_key(self, row: FaqItem) -> int:
        """Return what a row is known by."""
        return row.id

    def handlers(self) -> Handlers:
        """Return what the keys do."""
        return {
            **self.moves(),
            "app.back": self.leave,
            "faq.edit": self._edit,
            "faq.new": self._new,
            "faq.translate": self._translate,
            "faq.publish": self._publish,
            "faq.up": partial(self._move, -1),
            "faq.down": partial(self._move, 1),
            "faq.language": self._next_language,
            "faq.search": self.open_search,
            "faq.remove": self._remove,
            "faq.restore": self._restore,
        }

    # the list --------------------------------------------------------------------------------

    @property
    def _languages(self) -> list[str]:
        return list(dict.fromkeys(item.language for item in self._all or ()))

    def load(self, select: int = 0) -> None:
        """Read the questions, and put the cursor on one of them."""

        def show(found: tuple[FaqItem, ...]) -> None:
            if found != self._all:
                self._all = found
                chosen = next((item for item in found if item.id == select), None)
                if chosen is not None:
                    self._language = chosen.language
                self.narrow()
            if select:
                self.list.select(select)

        self.read(self._faq.all, show, group="faq")

    def narrow(self) -> None:
        """Show the questions of the language that fit."""
        languages = self._languages
        if self._language not in languages:
            self._language = languages[0] if languages else ""
        words = fold(self.searched).split()
        rows = [
            item
            for item in self._all or ()
            if item.language == self._language and all(word in _findable(item) for word in words)
        ]
        self.list.notice = self._notice()
        self.list.show(rows)
        self._count()

    def _notice(self) -> RowList.Notice:
        if self._all:
            return RowList.Notice(_("No question fits."), _("Esc takes the search away."))
        new = key_words(self.keymap, "faq")["new"]
        return RowList.Notice(
            _("No question yet. Visitors of the chat read here before they ask."),
            _("{key} writes the first; helpdesk faq import brings a file.").format(key=new),
        )

    def _count(self) -> None:
        mine = [item for item in self._all or () if item.language == self._language]
        shown = sum(item.published for item in mine)
        count = len(mine)
        said = ngettext("{count} question", "{count} questions", count).format(count=count)
        said = _("{questions}, {shown} published").format(questions=said, shown=shown)
        if len(self._languages) > 1:
            said = f"{' '.join(self._marked(each) for each in self._languages)} · {said}"
        if not self._faq.may_edit:
            said = _("{count} · to read: managers change them").format(count=said)
        self.title_line.say(said)

    def _marked(self, language: str) -> str:
        return f"[{language}]" if language == self._language else language

    def page_lines(self, row: FaqItem) -> Callable[[int], PageLines]:
        """Return what makes the page of a question."""
        others = tuple(
            item.language for item in self._all or () if item.key == row.key and item.id != row.id
        )
        signs, zone = self.signs, self._zone
        return lambda width: faq_page(row, others, width, signs, zone)

    def _next_language(self) -> None:
        languages = self._languages
        if len(languages) > 1:
            self._language = languages[(languages.index(self._language) + 1) % len(languages)]
            self.narrow()
            self.show_page()
        else:
            key = key_words(self.keymap, "faq")["translate"]
            self.footer.say(_("there is one language: {key} adds another").format(key=key))

    # changing --------------------------------------------------------------------------------

    def _may(self) -> bool:
        """Say who may change the FAQ before anything is typed, not after."""
        if not self._faq.may_edit:
            self.footer.say(sentence_of("faq.by-managers", role=self._desk.actor.role.value))
        return self._faq.may_edit

    def _edit(self) -> None:
        row = self.list.current
        if row is None:
            self._new()
        elif self.is_narrow and not self.on_page:
            self.go(to_page=True)
        elif self._may():
            self._open_editor(row.draft, row)

    def _new(self) -> None:
        if self._may():
            row = self.list.current
            category = row.category if row is not None else ""
            language = self._language or _FIRST
            self._open_editor(FaqDraft(language, "", "", category=category), None)

    def _translate(self) -> None:
        row = self.list.current
        if row is None or not self._may():
            return
        from helpdesk_tui.screens.dialogs.text import LineDialog

        def chosen(language: str | None) -> None:
            if language and language.strip():
                draft = FaqDraft(
                    language.strip(), row.question, row.answer, row.key, row.category, ""
                )
                self._open_editor(draft, None)

        hint = _("Such as pl, sv or pt-BR: visitors read their own language.")
        self.app.push_screen(LineDialog(_("one more language"), "", hint), chosen)

    def _open_editor(self, draft: FaqDraft, item: FaqItem | None) -> None:
        from helpdesk_tui.screens.dialogs.faq_edit import FaqEditor

        def left(saved: int | None) -> None:
            if saved:
                self.footer.say(_("saved"))
                self.load(saved)

        self.app.push_screen(FaqEditor(self._desk, draft, item), left)

    def _publish(self) -> None:
        row = self.list.current
        if row is not None and self._may():
            wanted = not row.published
            said = _("visitors read it now") if wanted else _("hidden from visitors")
            self._change(
                lambda: self._faq.publish(row.id, is_published=wanted, version=row.version), said
            )

    def _move(self, by: int) -> None:
        row = self.list.current
        if self.searched:
            self.footer.say(_("take the search away first: only the whole list has an order"))
        elif row is not None and self._may():
            self._change(lambda: self._faq.move(row.id, by), "", select=row.id)

    def _remove(self) -> None:
        row = self.list.current
        if row is None or not self._may():
            return
        self._removed = row.id
        key = key_words(self.keymap, "faq")["restore"]
        said = _("taken out: {name} · {key} brings it back").format(
            name=clean(row.question), key=key
        )
        self._change(lambda: self._faq.remove(row.id, version=row.version), said)

    def _restore(self) -> None:
        if not self._removed:
            self.footer.say(_("nothing was taken out here"))
        elif self._may():
            brought, self._removed = self._removed, 0
            self._change(lambda: self._faq.restore(brought), _("brought back"), select=brought)

    def _change(self, do: Callable[[], object], said: str, *, select: int = 0) -> None:
        self.change(do, said, lambda: self.load(select))


def _findable(item: FaqItem) -> str:
    return fold(f"{item.question}\n{item.answer}\n{item.category}\n{item.words}\n{item.key}")
