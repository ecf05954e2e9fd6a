"""A change that was asked for: followed to its end, decided where nobody can tell, told of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk_tui.domain.commerce.actions import Action, ActionState, AmountLine, Mode
from helpdesk_tui.domain.commerce.changing import Difference, Person, differences
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.reply_lines import reply_line
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean_lines
from helpdesk_tui.screens.commerce.asking import Asker
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.widgets.commerce.change_page import (
    Subject,
    amount_rows,
    head_rows,
    line_rows,
    stale_rows,
    standing_rows,
)
from helpdesk_tui.widgets.commerce.span_lines import Rows, SpanLines
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.words.commerce import source_label
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import LANGUAGES, _, known
from helpdesk_tui.widgets.words.ordering import title_of

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

_SHARE = 0.9
_AROUND = 4
"""Lines of the box that are frame and padding."""
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Case:
    """Whose order or subscription a dialog is about, and what it works with."""

    desk: Desk
    person: Person
    source: ConnectedSource
    now: Callable[[], datetime]
    zone: tzinfo | None = None
    language: str = "en"
    """Of the customer."""
    mode: Mode = Mode.ON
    plain: bool = False
    """The terminal has letters only."""

    def subject(self, name: str) -> Subject:
        """Return what the head of a dialog says."""
        return Subject(self.person.name, name, source_label(self.source))


@dataclass(frozen=True, slots=True)
class Answer:
    """What shall happen once a dialog is closed."""

    action: Action | None = None
    line: str = ""
    """Goes into the reply."""
    is_again: bool = False
    """The change is asked for anew, from what is so now."""


class FollowDialog(Dialog[Answer], Jobs):
    """Shows how a change stands, live, until it is over; it can be left at any time."""

    DEFAULT_CSS = """
    FollowDialog > #dialog-box { width: 84; }
    FollowDialog VerticalScroll {
        height: auto; background: $raised; scrollbar-size-vertical: 1;
    }
    FollowDialog #dialog-news { height: auto; max-height: 4; margin: 1 0 0 0; }
    """
    TITLE_TEXT: ClassVar[str] = ""

    def __init__(self, case: Case, action: Action | None = None) -> None:
        super().__init__()
        self.case = case
        self.action = action
        self.amounts: tuple[AmountLine, ...] = ()
        """What was shown before the yes."""
        self.names: Mapping[str, str] = {}
        """What the lines of the order are called, by their ids."""
        self._is_worked = True
        self._pressed = ""
        self._asker: Asker | None = None

    @property
    def asker(self) -> Asker:
        """Asks the desk for this dialog."""
        if self._asker is None:
            self._asker = Asker(self, self.case.desk)
        return self._asker

    def parts(self) -> Sequence[Widget]:
        """Return the head, and the page below it."""
        return (
            SpanLines(id="case-head"),
            VerticalScroll(SpanLines(id="case-text"), id="case-page", can_focus=False),
            Static("", id="dialog-news", classes="problem", markup=False),
        )

    def prepare(self) -> None:
        """Show how it stands, and go on looking."""
        super().prepare()
        self.say("")
        if self.action is not None:
            self.entitle(title_of(self.action.request.kind, self.action.request.name))
            self.head(self.action.request.name)
            self.follow(self.action)

    def entitle(self, title: str) -> None:
        """Say in the frame what the dialog is about."""
        self.query_one("#dialog-box").border_title = Content(title)

    def hint(self, text: str) -> None:
        """Say in the frame what the keys do."""
        self.query_one("#dialog-box").border_subtitle = key_hints(text)

    def head(self, name: str) -> None:
        """Say whose order or subscription it is."""
        subject = self.case.subject(name)
        self.query_one("#case-head", SpanLines).show(lambda width: head_rows(subject, width))

    def page(self, make: Callable[[int], Rows] | None) -> None:
        """Show a page below the head; none takes no room."""
        self.query_one("#case-page").display = make is not None
        self.query_one("#case-text", SpanLines).show(make)
        self.query_one("#case-page").scroll_to(y=0, animate=False)

    def say(self, problem: str) -> None:
        """Show what is wrong; nothing where nothing is."""
        news = self.query_one("#dialog-news", Static)
        news.display = bool(problem)
        news.update(Content(clean_lines(problem)))
        self.fit_pages()

    def refused(self, error: HelpdeskError) -> None:
        """Show why something was not done."""
        self.say(sentence(error, source=self.case.source.name))

    def on_resize(self) -> None:
        """Let the pages have what room there is."""
        self.fit_pages()

    def fit_pages(self) -> None:
        """Let the pages have the room that the rest leaves."""
        room = int(self.size.height * _SHARE) - _AROUND
        for page in self.query(VerticalScroll):
            others = self.rows_beside(page)
            page.styles.max_height = max(_LEAST, room - others)

    def rows_beside(self, page: Widget) -> int:
        """Return how many lines of the box stand beside a page; subclasses have more."""
        return 4

    # following -------------------------------------------------------------------------------

    def follow(self, action: Action) -> None:
        """Show a change, live until it is over."""
        self.show(action, is_worked=True)
        if not action.is_over:
            self.asker.follow(action.id, lambda seen, works: self.show(seen, is_worked=works))

    def show(self, action: Action, *, is_worked: bool) -> None:
        """Show how a change stands now."""
        is_news = self.action is None or self.action.state is not action.state
        self.action, self._is_worked = action, is_worked
        if is_news:
            self._pressed = ""
            self.say("")
        self.page(self._rows)
        self.hint(self._keys())

    @property
    def line(self) -> str:
        """What a reply may say of it; empty while there is nothing to say."""
        action = self.action
        if action is None or action.state is not ActionState.DONE or action.is_dry_run:
            return ""
        if action.request.ticket_id is None:
            return ""
        refunds = action.request.arguments.get("refund") != "none"
        return reply_line(action, self.case.language, self.amounts, refunds=refunds)

    def _rows(self, width: int) -> Rows:
        action = self.action
        if action is None:
            return []
        source = self.case.source.name
        rows = standing_rows(action, width, source=source, is_worked=self._is_worked)
        if action.code == "action.stale" and action.state is ActionState.FAILED:
            found = self._differences(action)
            currency = str(action.request.expected.get("currency") or "")
            plain = self.case.plain
            rows += [[], *stale_rows(found, self.names, width, currency=currency, plain=plain)]
        if action.state is ActionState.DONE and self.amounts:
            rows += [[], *amount_rows(self.amounts, width, plain=self.case.plain)]
        if self.line:
            language = LANGUAGES[known(self.case.language) or "en"]
            rows += line_rows(self.line, language, width)
        return rows

    def _differences(self, action: Action) -> tuple[Difference, ...]:
        now = action.result.get("now")
        return differences(action.request.expected, now) if isinstance(now, Mapping) else ()

    def _keys(self) -> str:
        action = self.action
        if action is None:
            return _("esc closes")
        if action.state is ActionState.UNKNOWN:
            return _("c look now · d it was done · n it was not · esc leaves it")
        if action.state is ActionState.FAILED:
            if action.code == "action.stale":
                return _("enter goes on from what is so now · esc closes")
            return _("enter tries it anew · esc closes")
        if action.state is ActionState.DONE:
            return (
                _("r puts the line into the reply · esc closes") if self.line else _("esc closes")
            )
        return _("esc leaves it running: the ticket tells how it ends")

    # keys ------------------------------------------------------------------------------------

    def press(self, event: events.Key) -> None:
        """Do what a key means for the state it is in."""
        action = self.action
        verbs: dict[str, Callable[[], object]] = {}
        if action is not None:
            verbs = self._verbs(action)
        verbs |= {"escape": self.leave, "q": self.leave}
        moves = {"j": 1, "down": 1, "k": -1, "up": -1}
        if event.key in verbs:
            event.stop()
            verbs[event.key]()
        elif event.key in moves:
            event.stop()
            self.query_one("#case-page").scroll_relative(y=moves[event.key], animate=False)

    def _verbs(self, action: Action) -> dict[str, Callable[[], object]]:
        if action.state is ActionState.UNKNOWN:
            return {
                "c": self._check,
                "d": lambda: self._decide(was_done=True),
                "n": lambda: self._decide(was_done=False),
            }
        if action.state is ActionState.FAILED:
            return {"enter": self._again}
        if action.state is ActionState.DONE and self.line:
            return {"r": self._take_line}
        return {}

    def leave(self) -> None:
        """Close; what is under way goes on."""
        self.dismiss(Answer(self.action))

    def _again(self) -> None:
        self.dismiss(Answer(self.action, is_again=True))

    def _take_line(self) -> None:
        self.dismiss(Answer(self.action, self.line))

    def _check(self) -> None:
        if self.action is not None:
            self.say(_("the shop is looked at now"))
            self.asker.check(self.action.id, self.refused)

    def _decide(self, *, was_done: bool) -> None:
        key = "d" if was_done else "n"
        if self.action is None:
            return
        if self._pressed != key:
            self._pressed = key
            done = _("d again says for good that it was done: nothing is looked up any more")
            not_done = _(
                "n again says for good that it was not done: it may be asked for anew then"
            )
            self.say(done if was_done else not_done)
            return
        self._pressed = ""
        self.asker.decide(self.action.id, was_done=was_done, failed=self.refused)
