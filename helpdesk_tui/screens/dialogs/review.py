"""The last look before a reply leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messages import Delivery, DraftKind, MessageRow
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.screens.composing.looking_over import private_words
from helpdesk_tui.screens.composing.redacting import pictures_of
from helpdesk_tui.screens.composing.sending import Choice, Review
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.widgets.ink import Ink, Palette, Span, Tone
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.media import finding_words
from helpdesk_tui.widgets.words.messaging import length_meter
from helpdesk_tui.widgets.words.thread import REVIEW_WARNINGS, WARNINGS, shown_address, size_label
from helpdesk_tui.widgets.wrap import wrap_line, wrap_text

_MOST_LINES = 500
_OVERTAKEN_LINES = 8
_MOST_NAMED = 5
"""People that have a line each; more of them share one."""

Row = list[Span]


def review_rows(review: Review, width: int) -> list[Row]:
    """Lay out what will leave: warnings first, then who, what goes along, and the text."""
    rows: list[Row] = []
    if review.overtaken is not None:
        is_later = review.overtaken.delivery is Delivery.SCHEDULED
        did = _("answers at a later moment") if is_later else _("answered while you were writing")
        rows += _meanwhile(review.overtaken, did, width)
    if review.answered is not None:
        rows += _meanwhile(review.answered, _("wrote while you were writing"), width)
    rows += [*_people(review, width), *_warnings(review, width), []]
    rows += [[(line, Ink.TEXT)] for line in _text_lines(review.leaves, width)]
    rows += [*_below(review, width), *_files(review, width)]
    return rows


def _meanwhile(message: MessageRow, what: str, width: int) -> Iterator[Row]:
    name = clean(message.author_name) or shown_address(message.sender)
    yield [("▲ ", Ink.WAITING), (f"{name} {what}", Ink.NOTE)]
    lines, cut = wrap_text(clean_lines(message.reply_text), width - 2, _OVERTAKEN_LINES)
    for line in lines:
        yield [("│ ", Ink.BAR_NOTE), (line, Ink.SOFT)]
    if cut:
        yield [("│ …", Ink.BAR_NOTE)]
    yield []


def _people(review: Review, width: int) -> Iterator[Row]:
    to = ", ".join(shown_address(one) for one in review.recipients if one) or _("the customer")
    yield from _field(_("to"), to, Ink.BRIGHT, width)
    if review.reply_to and review.reply_to != review.customer:
        other = review.customer if review.chosen_to else review.reply_to
        why = _("the customer's own address") if review.chosen_to else _("asked for by Reply-To")
        for index, line in enumerate(
            wrap_line(_("{other} is {why}").format(other=shown_address(other), why=why), width - 18)
        ):
            sign: Span = ("▲ ", Ink.WAITING) if index == 0 else ("  ", Ink.DIM)
            row: Row = [("        ", Ink.DIM), sign, (line, Ink.WAITING)]
            yield [*row, ("  t", Ink.KEY), (" " + _("takes it"), Ink.DIM)] if index == 0 else row
    if review.cc:
        yield from _field(
            _("cc"), ", ".join(shown_address(one) for one in review.cc), Ink.TEXT, width
        )
    if review.bcc:
        hidden = ", ".join(shown_address(one) for one in review.bcc)
        yield from _field(
            _("bcc"), _("{hidden} (unseen by the others)").format(hidden=hidden), Ink.TEXT, width
        )
    yield from _changes(review, width)
    yield from _field(_("from"), _sender(review), Ink.SOFT, width)
    spec = CHANNELS[review.channel]
    if spec.has_subject:
        yield from _field(_("about"), clean(review.subject) or _("no subject"), Ink.SOFT, width)
    meter = length_meter(review.leaves, spec)
    if meter is not None and review.leaves:
        ink = Ink.WAITING if meter.warns else Ink.SOFT
        yield from _field(_("length"), meter.words, ink, width)


def _changes(review: Review, width: int) -> Iterator[Row]:
    """Yield who is missing and who is new, compared with the mail that is answered."""
    for sign, ink, people, why in (
        ("- ", Ink.WAITING, review.missing, _("was on the mail and does not get this")),
        ("+ ", Ink.GOOD, review.added, _("was not on the mail")),
    ):
        names = [shown_address(address) for address in people]
        if len(names) > _MOST_NAMED:
            names = [_("{names}: each").format(names=", ".join(names))]
        for name in names:
            lines = wrap_line(f"{name} {why}", width - 10)
            for index, line in enumerate(lines):
                mark: Span = (sign if index == 0 else "  ", ink)
                yield [("        ", Ink.DIM), mark, (line, Ink.SOFT)]


def _sender(review: Review) -> str:
    name = clean(review.preview.sender_name) if review.preview is not None else ""
    address = shown_address(review.sender)
    return f"{name} <{address}>" if name else address


def _warnings(review: Review, width: int) -> Iterator[Row]:
    found = [(one.code, one.detail) for one in review.preview.warnings] if review.preview else []
    if review.passed_over:
        found.append(("passed-over", review.passed_over))
    for each in review.looked.personal if review.looked is not None else ():
        yield from _warning(private_words(each), width)
    for code, address in found:
        words = _(REVIEW_WARNINGS.get(code) or WARNINGS.get(code, code))
        yield from _warning(f"{shown_address(address)}: {words}", width)


def _warning(words: str, width: int) -> Iterator[Row]:
    for index, line in enumerate(wrap_line(words, width - 2)):
        yield [("▲ " if index == 0 else "  ", Ink.WAITING), (line, Ink.WAITING)]


def _below(review: Review, width: int) -> Iterator[Row]:
    """Yield what follows the text: whose message is quoted."""
    quoted = clean(review.preview.quoted) if review.preview is not None else ""
    if quoted:
        yield []
        yield [
            (
                wrap_line(
                    _("… and below it the message of {quoted}, quoted").format(quoted=quoted), width
                )[0],
                Ink.DIM,
            )
        ]


def _field(label: str, value: str, ink: Ink, width: int) -> Iterator[Row]:
    for index, line in enumerate(wrap_line(value, width - 8)):
        yield [(f"{label if index == 0 else '':<8}", Ink.DIM), (line, ink)]


def _text_lines(text: str, width: int) -> list[str]:
    lines, cut = wrap_text(clean_lines(text).strip("\n"), width, _MOST_LINES)
    return [*lines, "…"] if cut else lines


def _files(review: Review, width: int) -> Iterator[Row]:
    if not review.files:
        return
    yield []
    for file in review.files:
        name = wrap_line(clean(file.filename) or _("unnamed file"), width - 12)[0]
        yield [("▣ ", Ink.DIM), (name, Ink.TEXT), (f"  {size_label(file.size)}", Ink.DIM)]
    if pictures_of(review.files):
        yield [("r", Ink.KEY), (" " + _("blacks out a part of a picture"), Ink.DIM)]
    for finding in review.looked.findings if review.looked is not None else ():
        yield from _warning(finding_words(finding), width)
    if not review.text.strip():
        yield [("· " + _("a line of text with the file helps the customer"), Ink.DIM)]


class ReviewBody(ScrollView, can_focus=False):
    """Draws the review; scrolls when it is long."""

    DEFAULT_CSS = """
    ReviewBody {
        height: auto; max-height: 24; background: $raised; overflow-x: hidden;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; scrollbar-gutter: stable;
        scrollbar-background: $raised; scrollbar-color: $selection;
    }
    """

    def __init__(self, review: Review) -> None:
        super().__init__(id="review-body")
        self._review = review
        self._rows: list[Row] = []

    def on_resize(self) -> None:
        """Lay out for another width."""
        self.lay_out()

    def lay_out(self) -> None:
        """Lay out anew: a choice changed, or the width."""
        width = max(20, self.scrollable_content_region.width)
        self._rows = review_rows(self._review, width)
        self.virtual_size = Size(width, len(self._rows))
        self.styles.height = max(3, min(len(self._rows), self.app.size.height - 8))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        index = y + self.scroll_offset.y
        row = self._rows[index] if 0 <= index < len(self._rows) else []
        return Palette.of(self.app.theme_variables).strip(row, self.size.width, Tone.RAISED)


class ReviewDialog(Dialog[Choice]):
    """Shows everything that leaves; one key decides."""

    DEFAULT_CSS = """
    ReviewDialog > #dialog-box { width: 80; }
    """
    TITLE_TEXT: ClassVar[str] = N_("review")
    HINT: ClassVar[str] = N_(
        "y send · c + close · b + snooze · n + next · s later · e edit · p keep"
    )

    _KEYS: ClassVar[dict[str, Choice]] = {
        "y": Choice.SEND,
        "r": Choice.REDACT,
        "c": Choice.CLOSE,
        "b": Choice.SNOOZE,
        "n": Choice.NEXT,
        "s": Choice.SCHEDULE,
        "e": Choice.EDIT,
        "p": Choice.KEEP,
        "escape": Choice.EDIT,
        "ctrl+o": Choice.EDIT,
    }

    def __init__(self, review: Review) -> None:
        super().__init__()
        self._review = review

    def prepare(self) -> None:
        """Say at once where it goes: to the customer, or to somebody outside."""
        super().prepare()
        if self._review.kind is DraftKind.FORWARD:
            title = _("review · forward to somebody outside, unseen by the customer")
            self.query_one("#dialog-box").border_title = Content(title)
        elif self._review.overtaken is not None or self._review.answered is not None:
            title = _("review · this ticket has moved on: read that, then decide")
            self.query_one("#dialog-box").border_title = Content(title)

    def parts(self) -> Sequence[Widget]:
        """Return the review."""
        return (ReviewBody(self._review),)

    def press(self, event: events.Key) -> None:
        """Decide, scroll, or take the other recipient."""
        event.stop()
        body = self.query_one(ReviewBody)
        if event.key == "r" and not pictures_of(self._review.files):
            return
        if event.key in self._KEYS:
            self.dismiss(self._KEYS[event.key])
        elif event.key in ("j", "down", "space", "pagedown"):
            body.scroll_relative(y=1 if event.key in ("j", "down") else 10, animate=False)
        elif event.key in ("k", "up", "pageup"):
            body.scroll_relative(y=-1 if event.key in ("k", "up") else -10, animate=False)
        elif event.key == "t" and self._review.reply_to:
            review = self._review
            review.chosen_to = "" if review.chosen_to else review.reply_to
            body.lay_out()
