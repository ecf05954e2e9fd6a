"""The words of support addresses: how they fare, what is next, and how a test goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from helpdesk_tui.domain.accounts import (
    AddressState,
    AddressTest,
    AddressTestStage,
    Confirmation,
    SupportAddress,
)
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import PageLines, hanging, pairs, paragraph
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.codes import address_state_name
from helpdesk_tui.widgets.words.errors import address_trouble, sentence_of
from helpdesk_tui.widgets.words.forwarding_guides import advice, guide_for, waiting_hint
from helpdesk_tui.widgets.words.language import Marked, _
from helpdesk_tui.widgets.words.locale_forms import short_moment
from helpdesk_tui.widgets.words.thread import shown_address
from helpdesk_tui.widgets.wrap import cells, shorten_cells

_INKS: Mapping[AddressState, Ink] = {
    AddressState.PENDING: Ink.WAITING,
    AddressState.VERIFIED: Ink.GOOD,
    AddressState.FAILING: Ink.BAD,
    AddressState.OFF: Ink.DIM,
}
_MEANINGS: Marked[Mapping[AddressState, str]] = {
    AddressState.PENDING: "Not proven yet that its mail arrives here: {open} goes on with the"
    " set-up.",
    AddressState.VERIFIED: "A test mail came through: what customers write arrives here.",
    AddressState.FAILING: "Its mail may not arrive: {open} says what to check, {test} tests again.",
    AddressState.OFF: "Switched off: replies do not leave from it. {toggle} switches it on again.",
}
_STAGES: Marked[Mapping[AddressTestStage, str]] = {
    AddressTestStage.QUEUED: "waiting for the worker",
    AddressTestStage.SENDING: "sending the test mail",
    AddressTestStage.SENT: "the test mail is on its way through the forwarding",
    AddressTestStage.ARRIVED: "the test mail arrived",
    AddressTestStage.FAILED: "the test mail could not be sent",
    AddressTestStage.TIMED_OUT: "the test mail did not arrive in time",
}


def state_span(state: AddressState, signs: Signs) -> Span:
    """Return sign and word of a state."""
    sign = {
        AddressState.PENDING: signs.ellipsis,
        AddressState.VERIFIED: signs.ok,
        AddressState.FAILING: signs.fault,
        AddressState.OFF: signs.away,
    }[state]
    return f"{sign} {address_state_name(state)}", _INKS[state]


def address_lines(
    row: SupportAddress, width: int, signs: Signs, *, picked: bool
) -> tuple[list[Span], list[Span]]:
    """Return a row of the list: the address and its state, then where its mail goes."""
    faint = Ink.SOFT if picked else Ink.DIM
    state = state_span(row.state, signs)
    ink = faint if row.state is AddressState.OFF else state[1]
    room = max(4, width - cells(state[0]) - 5)
    address = shorten_cells(shown_address(row.address), room)
    gap = " " * max(1, width - 3 - cells(address) - cells(state[0]))
    heading = Ink.SOFT if row.state is AddressState.OFF else Ink.HEADING
    first: list[Span] = [("  ", faint), (address, heading), (gap, faint), (f"{state[0]} ", ink)]
    into = (
        _("the mailbox itself")
        if row.is_workspace
        else _("into {workspace}").format(workspace=shown_address(row.workspace))
    )
    name = f"{clean(row.name)} · " if row.name else ""
    second = shorten_cells(signs.plain(f"{name}{into}"), max(4, width - 4))
    return first, [("  ", faint), (second, Ink.SOFT)]


def address_page(
    row: SupportAddress, width: int, zone: tzinfo | None, signs: Signs, keys: Mapping[str, str]
) -> PageLines:
    """Return the page of one address: how it fares, what is next, and its settings."""
    lines: PageLines = [[(shown_address(row.address), Ink.HEADING)], []]
    lines += [[state_span(row.state, signs)]]
    lines += paragraph(_meaning(row).format_map(keys), width, Ink.SOFT)
    if row.error_code:
        said = address_trouble(row.error_code, row.address)
        lines += hanging(("✗ ", Ink.BAD), said, width, Ink.BAD)
    if row.confirmation is not None:
        lines += [[], *confirmation_lines(row.confirmation, width)]
    lines.append([])
    lines += pairs(
        (
            (
                _("workspace"),
                _("{workspace}  ({copy} copies)").format(
                    workspace=shown_address(row.workspace), copy=keys["copy"]
                ),
            ),
            (_("mailbox"), clean(row.account)),
            (_("provider"), guide_for(row.provider).title if row.provider else ""),
            (
                _("sender name"),
                clean(row.name) or _("none: {rename} gives one").format(rename=keys["rename"]),
            ),
            (_("forwarding"), _moment(_("said to be set up"), row.forwarded_at, zone)),
            (_("last test"), _moment("", row.asked_at, zone)),
            (_("verified"), _moment("", row.verified_at, zone)),
        ),
        width,
    )
    lines += [[], [(_("SIGNATURE"), Ink.DIM)]]
    lines += paragraph(
        row.signature or _("only the agent's own (s changes it)"),
        width,
        Ink.TEXT if row.signature else Ink.DIM,
    )
    return lines


def _meaning(row: SupportAddress) -> str:
    if row.is_workspace and row.state is AddressState.VERIFIED:
        return _("The connected mailbox itself: its mail needs no forwarding.")
    return _(_MEANINGS[row.state])


def _moment(words: str, moment: datetime | None, zone: tzinfo | None) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(zone)
    return f"{words} {short_moment(local)}".strip()


def confirmation_lines(found: Confirmation, width: int) -> PageLines:
    """Return the code and link of the provider's mail that asks to confirm a forwarding."""
    about = (
        " " + _("to forward {address}").format(address=shown_address(found.address))
        if found.address
        else ""
    )
    said = _("{provider} asks to confirm{about}:").format(
        provider=clean(found.provider), about=about
    )
    lines = hanging(("● ", Ink.FRESH), said, width, Ink.TEXT)
    if found.code:
        lines.append([("  " + _("code") + "  ", Ink.DIM), (clean(found.code), Ink.HEADING)])
    if found.link:
        lines += hanging(("  " + _("link") + "  ", Ink.DIM), clean(found.link), width, Ink.LINK)
    return lines


def trial_lines(row: SupportAddress, test: AddressTest, width: int) -> PageLines:
    """Return how a test goes: its stage, its progress, and at the end what to do."""
    done = test.stage is AddressTestStage.ARRIVED
    bad = test.stage in (AddressTestStage.FAILED, AddressTestStage.TIMED_OUT)
    sign = ("✓ ", Ink.GOOD) if done else ("✗ ", Ink.BAD) if bad else ("… ", Ink.WAITING)
    said = sentence_of(test.error_code, **{"address": row.address, **test.values})
    # the sentence of a test that went wrong says by itself how it ended; any other reason says why
    is_whole = bad and test.error_code.startswith(_TEST_CODES)
    lines = hanging(sign, said if is_whole else _(_STAGES[test.stage]), width, sign[1])
    if test.stage is AddressTestStage.SENT:
        lines += [[], progress_line(test, width)]
        for said in _meanwhile(row, test):
            lines += [[], *paragraph(said, width, Ink.TEXT)]
    if test.stage is AddressTestStage.QUEUED and test.waited_seconds > _LONG_QUEUED:
        lines += paragraph(_("No worker takes it: is 'helpdesk sync' running?"), width, Ink.WAITING)
    if bad and test.error_code and not is_whole:
        lines += paragraph(said, width, Ink.TEXT)
    if test.stage is AddressTestStage.TIMED_OUT:
        lines += [[], [(_("WHAT TO CHECK"), Ink.DIM)]]
        for line in advice(row, str(test.values.get("token", ""))):
            lines += hanging(("  → ", Ink.ACCENT), line, width, Ink.TEXT)
    return lines


def _meanwhile(row: SupportAddress, test: AddressTest) -> list[str]:
    """Return what has to be known while a test mail is on its way."""
    wrong = sentence_of(test.error_code, address=row.address) if test.error_code else ""
    hint = waiting_hint(row, str(test.values.get("token", "")))
    return [said for said in (wrong, hint) if said]


_TEST_CODES = "address.test-"
_LONG_QUEUED = 5.0
"""Seconds after which a test that nobody takes is told."""


def progress_line(test: AddressTest, width: int) -> list[Span]:
    """Return a bar of the time that a test mail is waited for."""
    share = min(1.0, test.waited_seconds / max(1.0, test.timeout_seconds))
    label = " " + _("{waited_seconds} of {timeout_seconds}").format(
        waited_seconds=clock(test.waited_seconds), timeout_seconds=clock(test.timeout_seconds)
    )
    room = max(10, min(48, width - len(label)))
    full = round(room * share)
    return [("━" * full, Ink.ACCENT), ("─" * (room - full), Ink.RULE), (label, Ink.SOFT)]


def clock(seconds: float) -> str:
    """Return a span of time as ``2:05``."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
