"""A change of an order or a subscription: what it would do, and how it stands. Rows only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from helpdesk_tui.domain.commerce.actions import (
    Action,
    ActionKind,
    ActionState,
    AmountLine,
    Mode,
    Phase,
    Preview,
)
from helpdesk_tui.domain.commerce.changing import Difference
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.money import decimal_of
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.commerce.span_lines import Rows, text_rows
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.painted import fit, spread, width_of
from helpdesk_tui.widgets.words.commerce import (
    every_words,
    fulfilment_words,
    money_words,
    status_words,
)
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import date_and_year
from helpdesk_tui.widgets.words.ordering import (
    REASONS,
    STEPS,
    amount_name,
    mode_line,
    piece_name,
    state_line,
)

_ORDER_KINDS = (ActionKind.ORDER_EDIT, ActionKind.ORDER_CANCEL)
_AMOUNTS = ("total", "refund")
"""What is compared as money."""
_ARROW: Span = (" → ", Ink.DIM)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a dialog is about, for its head."""

    customer: str
    name: str
    """Of the order or subscription."""
    source: str
    """Of the shop, in words."""


def head_rows(subject: Subject, width: int) -> Rows:
    """Return the line that says whose it is, and where."""
    right: list[Span] = [(clean(subject.source), Ink.DIM)]
    left: list[Span] = [
        (clean(subject.customer), Ink.HEADING), ("  ", Ink.DIM), (clean(subject.name), Ink.KEY),
    ]  # fmt: skip
    return [spread(fit(left, width - width_of(right) - 1), right, width), []]


# before a yes ------------------------------------------------------------------------------------


def amount_rows(
    amounts: Sequence[AmountLine], width: int, *, is_old: bool = False, plain: bool = False
) -> Rows:
    """Return amounts of money, one to a line; old ones are dim.

    The total before and after share a line, as what an agent compares.
    """
    by_name = {one.name: one for one in amounts}
    before, after = by_name.pop("total-before", None), by_name.pop("total-after", None)
    rows: Rows = []
    if before is not None and after is not None:
        ink = Ink.DIM if is_old else Ink.HEADING
        right: list[Span] = [(_money(before, plain), Ink.DIM), _ARROW, (_money(after, plain), ink)]
        rows.append(spread([(_("total"), Ink.DIM if is_old else Ink.SOFT)], right, width))
    else:
        rows += [
            _amount_row(one, width, is_old, plain) for one in (before, after) if one is not None
        ]
    return [*rows, *[_amount_row(one, width, is_old, plain) for one in by_name.values()]]


def _amount_row(one: AmountLine, width: int, is_old: bool, plain: bool) -> list[Span]:
    amount = decimal_of(one.amount) or Decimal(0)
    said = _money(one, plain)
    signed = f"+{said}" if one.name == "difference" and amount > 0 else said
    inks = {
        "difference": Ink.NOTE if amount else Ink.SOFT,
        "refund": Ink.GOOD,
        "to-pay": Ink.WAITING,
        "owed": Ink.WAITING,
    }
    ink = Ink.DIM if is_old else inks.get(one.name, Ink.TEXT)
    return spread(
        [(amount_name(one.name), Ink.DIM if is_old else Ink.SOFT)], [(signed, ink)], width
    )


def _money(one: AmountLine, plain: bool) -> str:
    return money_words(decimal_of(one.amount), one.currency, plain=plain)


def change_rows(changes: Sequence[tuple[str, str, str]], width: int) -> Rows:
    """Return what becomes what."""
    rows: Rows = []
    for what, before, after in changes:
        is_gone = after in ("", "0")
        seen, then = value_words(what, before), value_words(what, after)
        right: list[Span] = [(seen, Ink.DIM), _ARROW]
        gone = _("removed") if after == "0" else then
        right.append((gone, Ink.BAD if is_gone else Ink.NOTE))
        if width_of(right) > width // 2:
            rows += [
                [(piece_name(what), Ink.SOFT)], *text_rows(seen, width, Ink.DIM),
                *text_rows(then, width, Ink.BRIGHT, ("→ ", Ink.DIM)),
            ]  # fmt: skip
            continue
        left = fit([(piece_name(what), Ink.TEXT)], width - width_of(right) - 1)
        rows.append(spread(left, right, width))
    return rows


def value_words(what: str, text: str) -> str:
    """Return what something was or becomes, in words: days, intervals and states."""
    text = ", ".join(part for part in clean_lines(text).split("\n") if part.strip())
    if what in ("next-date", "next_date", "date"):
        try:
            return date_and_year(date.fromisoformat(text))
        except ValueError:
            return text or "–"
    if what == "interval":
        every, _space, unit = text.partition(" ")
        return (every_words(int(every), unit) if every.isdigit() else "") or text or "–"
    if what == "status":
        return status_words(text)
    if what == "fulfilment":
        return fulfilment_words(text) or "–"
    return text or "–"


def confirm_rows(preview: Preview, mode: Mode, width: int, *, plain: bool = False) -> Rows:
    """Return all that an agent has to know before they say yes."""
    said = _said(preview)
    blocks: list[Rows] = [text_rows(said, width, Ink.BRIGHT) if said else []]
    blocks.append(change_rows(preview.changes, width))
    if preview.beside:
        head = _("In the same box, and it leaves as planned:")
        named = [fit([("  ", Ink.DIM), (clean(one), Ink.TEXT)], width) for one in preview.beside]
        blocks.append([[(head, Ink.SOFT)], *named])
    blocks += [amount_rows(preview.amounts, width, plain=plain), _besides(preview, width)]
    warned = [sentence(HelpdeskError(code, **values)) for code, values in preview.warnings]
    warnings = [(one, Ink.WAITING) for one in warned]
    if words := mode_line(mode):
        warnings.append((words, Ink.NOTE))
    for one, ink in warnings:
        blocks[-1] += text_rows(one, width, ink, ("▲ ", Ink.WAITING))
    rows: Rows = []
    for block in blocks:
        rows += [*([[]] if rows and block else []), *block]
    return rows


def _said(preview: Preview) -> str:
    """Return what a change means, where that is not plain from what becomes what."""
    request, name = preview.request, clean(preview.request.name)
    if request.kind is ActionKind.ORDER_CANCEL:
        return _("All of order {name} is cancelled. That cannot be taken back.").format(name=name)
    if request.kind is ActionKind.SUBSCRIPTION_SKIP:
        items = request.arguments.get("items", ())
        if len(items) > 1:
            return _("Everything in this box is left out this time, {name} too.").format(name=name)
        return _("{name} is left out this time.").format(name=name)
    if request.kind is ActionKind.SUBSCRIPTION_UNSKIP:
        return _("{name} comes as it was planned before the skip.").format(name=name)
    return ""


def _besides(preview: Preview, width: int) -> Rows:
    """Return what goes along with a change: reason, stock, and whether the customer is told."""
    arguments, kind = preview.request.arguments, preview.request.kind
    rows: Rows = []
    if reason := arguments.get("reason"):
        words = _(REASONS[reason]) if reason in REASONS else clean(str(reason))
        rows += text_rows(words, width, Ink.TEXT, (f"{_('because')}  ", Ink.DIM))
    if note := arguments.get("note"):
        sign = (f"{_('note in the shop')}  ", Ink.DIM)
        rows += text_rows(clean(str(note)), width, Ink.TEXT, sign)
    if kind in _ORDER_KINDS and "restock" in arguments:
        back, gone = _("what does not leave goes back to stock"), _("the stock stays as it is")
        rows.append(_switch(back if arguments["restock"] else gone, bool(arguments["restock"])))
    if kind is ActionKind.ORDER_CANCEL and arguments.get("refund") == "none":
        rows.append(_switch(_("no money goes back"), False))
    tells = bool(arguments.get("notify", preview.notifies))
    told, silent = (
        _("the customer gets a message from the shop"),
        _("the shop tells the customer nothing"),
    )
    rows.append(_switch(told if tells else silent, tells))
    return [fit(row, width) for row in rows]


def _switch(words: str, is_on: bool) -> list[Span]:
    return [("✓ " if is_on else "○ ", Ink.GOOD if is_on else Ink.WAITING), (words, Ink.TEXT)]


# after it ----------------------------------------------------------------------------------------


def standing_rows(action: Action, width: int, *, source: str = "", is_worked: bool = True) -> Rows:
    """Return how far a change has come, step by step, and what came of it.

    Args:
        action: The change.
        width: Of the rows.
        source: The name of the source, for what has to be mended there.
        is_worked: Something works on it now.
    """
    sign, words, ink = state_line(action)
    rows: Rows = [[(f"{sign} {words}", ink)]]
    if action.state in (ActionState.QUEUED, ActionState.RUNNING):
        rows += [[], *_steps(action)]
        if not is_worked:
            said = _("nothing works on it now: it goes on as soon as “helpdesk sync” runs")
            rows += [[], *text_rows(said, width, Ink.WAITING, ("▲ ", Ink.WAITING))]
        return rows
    if action.state is ActionState.UNKNOWN:
        return [*rows, [], *_unknown(width)]
    if action.code and action.code != "action.stale":
        said = sentence(HelpdeskError(action.code, **action.values), source=source)
        rows += [[], *text_rows(said, width, Ink.TEXT)]
    return rows


def _steps(action: Action) -> Rows:
    phases = [phase for phase, _words in STEPS]
    at = phases.index(action.phase)
    rows: Rows = []
    for place, (phase, words) in enumerate(STEPS):
        if phase is Phase.ACCEPTED and at < place:
            continue  # many are simply done at once
        is_over, is_here = place < at, place == at
        sign = "✓" if is_over else "●" if is_here else "·"
        inks = (Ink.GOOD, Ink.SOFT) if is_over else (Ink.ACCENT, Ink.BRIGHT)
        ink, text = inks if is_over or is_here else (Ink.DIM, Ink.DIM)
        rows.append([(f"  {sign} ", ink), (_(words), text)])
    return rows


def _unknown(width: int) -> Rows:
    said = _(
        "The request left and no answer came. It is never sent again by itself: the shop is looked"
        " at again and again for a day, and what is found is shown here and in the ticket."
    )
    then = _("If you can see in the shop what became of it, say so here.")
    return [*text_rows(said, width, Ink.TEXT), [], *text_rows(then, width, Ink.SOFT)]


def stale_rows(
    found: Sequence[Difference],
    names: Mapping[str, str],
    width: int,
    *,
    currency: str = "",
    plain: bool = False,
) -> Rows:
    """Return what is not as the agent saw it.

    Args:
        found: What differs.
        names: What lines of the order are called, by their ids.
        width: Of the rows.
        currency: Of amounts among it.
        plain: The terminal has letters only.
    """

    def words(what: str, text: str) -> str:
        amount = decimal_of(text) if what in _AMOUNTS else None
        if amount is not None:
            return money_words(amount, currency, plain=plain)
        return value_words(what, text)

    said = _(
        "It has changed since you looked, so nothing was done. What you saw, and what is so now:"
    )
    rows: Rows = [*text_rows(said, width, Ink.TEXT), []]
    if not found:
        return [
            *text_rows(_("It has changed since you looked, so nothing was done."), width, Ink.TEXT)
        ]
    for one in found:
        name = clean(names.get(one.name, "")) or piece_name(one.name)
        seen, now = words(one.name, one.seen), words(one.name, one.now)
        right: list[Span] = [(seen, Ink.DIM), _ARROW, (now, Ink.NOTE)]
        left = fit([("  ", Ink.DIM), (name, Ink.TEXT)], max(4, width - width_of(right) - 1))
        rows.append(spread(left, right, width))
    return rows


def line_rows(line: str, language: str, width: int) -> Rows:
    """Return the line that a reply could say, as it would go into the reply."""
    head = _("A line for the reply ({language}), to be looked over:").format(language=language)
    rows: Rows = [[], *text_rows(head, width, Ink.SOFT)]
    for row in text_rows(clean_lines(line), width - 2, Ink.BRIGHT):
        rows.append([("▌ ", Ink.BAR_US), *row])
    return rows
