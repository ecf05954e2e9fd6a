"""An order or a subscription, looked at; from here it is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk_tui.domain.commerce.actions import ActionKind, Mode
from helpdesk_tui.domain.commerce.changing import check_order, check_subscription
from helpdesk_tui.domain.commerce.facts import Order, Subscription
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.commerce.following import Case
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.widgets.commerce.change_page import head_rows
from helpdesk_tui.widgets.commerce.order_page import order_rows
from helpdesk_tui.widgets.commerce.span_lines import Rows, SpanLines, key_rows, text_rows
from helpdesk_tui.widgets.commerce.subscription_page import subscription_rows
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import N_, _, pgettext
from helpdesk_tui.widgets.words.ordering import mode_line
from helpdesk_tui.widgets.wrap import cells

_AROUND = 8
_SHARE = 0.9
_LEAST = 4
_WIDTH, _WIDE = 84, 0.96
"""Cells of the box, and its share of a terminal that is narrower."""
_CORNERS, _FRAME = 4, 6
"""Cells that keys in the frame, and rows inside of it, have less."""

_Keys = Mapping[tuple[str, ActionKind], str]
_ORDER_KEYS: _Keys = N_(
    {("e", ActionKind.ORDER_EDIT): "edit", ("c", ActionKind.ORDER_CANCEL): "cancel"},
    context="change",
)
_SUBSCRIPTION_KEYS: _Keys = N_(
    {
        ("s", ActionKind.SUBSCRIPTION_SKIP): "skip",
        ("u", ActionKind.SUBSCRIPTION_UNSKIP): "take skip back",
        ("d", ActionKind.SUBSCRIPTION_DATE): "date",
        ("e", ActionKind.SUBSCRIPTION_CHANGE): "change",
        ("a", ActionKind.SUBSCRIPTION_ADDRESS): "address",
        ("c", ActionKind.SUBSCRIPTION_CANCEL): "cancel",
        ("r", ActionKind.SUBSCRIPTION_ACTIVATE): "reactivate",
    },
    context="change",
)


class DetailsDialog(Dialog[ActionKind]):
    """Shows it whole, and answers with the change that is wanted."""

    DEFAULT_CSS = """
    DetailsDialog > #dialog-box { width: 84; }
    DetailsDialog VerticalScroll {
        height: auto; background: $raised; scrollbar-size-vertical: 1;
    }
    DetailsDialog #dialog-news { margin: 1 0 0 0; }
    """
    KEYS: ClassVar[_Keys] = MappingProxyType({})

    def __init__(self, case: Case, problem: HelpdeskError | None = None) -> None:
        """Make the dialog.

        Args:
            case: What it is about.
            problem: Why what was asked for cannot be done.
        """
        super().__init__()
        self.case = case
        self._problem = problem

    @property
    def called(self) -> str:
        """What it is called; subclasses say."""
        raise NotImplementedError

    @property
    def copied(self) -> str:
        """What `y` copies; empty where there is nothing to copy."""
        return ""

    def rows(self, width: int) -> Rows:
        """Return what is shown of it; subclasses say."""
        raise NotImplementedError

    def check(self, kind: ActionKind) -> None:
        """Find out what speaks against a change; subclasses say.

        Raises:
            HelpdeskError: what does.
        """
        raise NotImplementedError

    def parts(self) -> Sequence[Widget]:
        """Return the head, the page and the line for what stands in the way."""
        return (
            SpanLines(id="case-head"),
            VerticalScroll(SpanLines(id="case-text"), id="case-page", can_focus=False),
            SpanLines(id="case-keys"),
            Static("", id="dialog-news", classes="problem", markup=False),
        )

    def prepare(self) -> None:
        """Show it."""
        super().prepare()
        subject = self.case.subject(self.called)
        self.query_one("#case-head", SpanLines).show(lambda width: head_rows(subject, width))
        self.query_one("#case-text", SpanLines).show(self._rows)
        news = self.query_one("#dialog-news", Static)
        news.display = self._problem is not None
        if self._problem is not None:
            news.update(Content(sentence(self._problem, source=self.case.source.name)))
        box = self.query_one("#dialog-box")
        box.border_title = Content(pgettext("shop", self.TITLE_TEXT))
        self._show_keys()

    def _show_keys(self) -> None:
        """Name the keys in the frame, or in lines of their own; the page has what room is left."""
        words = [f"{key} {pgettext('change', word)}" for key, word in self._usable()]
        if self.copied:
            words.append(_("y copy tracking"))
        box, closes = self.query_one("#dialog-box"), _("esc closes")
        hint = " · ".join([*words, closes])
        frame = min(_WIDTH, int(self.app.size.width * _WIDE))
        fits = cells(hint) <= frame - _CORNERS
        box.border_subtitle = key_hints(hint if fits else closes)
        rows: Rows = [] if fits else [[], *key_rows(words, frame - _FRAME)]
        self.query_one("#case-keys", SpanLines).show((lambda _width: rows) if rows else None)
        room = int(self.app.size.height * _SHARE) - _AROUND - len(rows)
        self.query_one("#case-page").styles.max_height = max(_LEAST, room)

    def _rows(self, width: int) -> Rows:
        rows = self.rows(width)
        words = mode_line(self.case.mode) if self.case.source.spec.actions else ""
        if words:
            rows = [*rows, [], *text_rows(words, width, Ink.WAITING, ("▲ ", Ink.WAITING))]
        return rows

    def _usable(self) -> list[tuple[str, str]]:
        """Return key and word of the changes that the source can make and that make sense now."""
        return [(key, word) for (key, kind), word in self.KEYS.items() if self._is_usable(kind)]

    def _is_usable(self, kind: ActionKind) -> bool:
        if kind not in self.case.source.spec.actions or self.case.mode is Mode.OFF:
            return False
        try:
            self.check(kind)
        except HelpdeskError:
            return False
        return True

    def on_resize(self) -> None:
        """Let the page have what room there is."""
        self._show_keys()

    def press(self, event: events.Key) -> None:
        """Ask for a change, scroll, or close."""
        event.stop()
        wanted: Mapping[str, ActionKind] = dict(self.KEYS.keys())
        moves = {"j": 1, "down": 1, "k": -1, "up": -1, "space": 8, "pagedown": 8, "pageup": -8}
        if event.key in wanted:
            self.dismiss(wanted[event.key])
        elif event.key in moves:
            self.query_one("#case-page").scroll_relative(y=moves[event.key], animate=False)
        elif event.key == "y" and self.copied:
            self.app.copy_to_clipboard(self.copied)
            self.notify(_("copied {text}").format(text=self.copied), markup=False)
        elif event.key in ("escape", "q", "enter"):
            self.dismiss(None)


class OrderDialog(DetailsDialog):
    """An order."""

    TITLE_TEXT: ClassVar[str] = N_("order", context="shop")
    KEYS = _ORDER_KEYS

    def __init__(self, case: Case, order: Order, problem: HelpdeskError | None = None) -> None:
        super().__init__(case, problem)
        self.order = order

    @property
    def called(self) -> str:
        """Its name."""
        return self.order.name

    @property
    def copied(self) -> str:
        """The tracking numbers of its parcels."""
        return ", ".join([clean(one.number) for one in self.order.parcels if one.number])

    def rows(self, width: int) -> Rows:
        """Return the order."""
        return order_rows(self.order, width, self.case.now(), self.case.zone, plain=self.case.plain)

    def check(self, kind: ActionKind) -> None:
        """Find out what speaks against a change."""
        check_order(kind, self.order)


class SubscriptionDialog(DetailsDialog):
    """A subscription."""

    TITLE_TEXT: ClassVar[str] = N_("subscription", context="shop")
    KEYS = _SUBSCRIPTION_KEYS

    def __init__(
        self, case: Case, subscription: Subscription, problem: HelpdeskError | None = None
    ) -> None:
        super().__init__(case, problem)
        self.subscription = subscription

    @property
    def called(self) -> str:
        """What people call it."""
        return self.subscription.product

    def rows(self, width: int) -> Rows:
        """Return the subscription."""
        return subscription_rows(self.subscription, width, self.case.now(), plain=self.case.plain)

    def check(self, kind: ActionKind) -> None:
        """Find out what speaks against a change."""
        check_subscription(kind, self.subscription)
