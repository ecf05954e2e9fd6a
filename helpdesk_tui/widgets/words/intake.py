"""The words of rejected and unusual mail: what happened, and what helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk_tui.domain.intake import BY_HAND, IntakeRow
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.line_page import PageLines, hanging, pairs, paragraph
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.language import N_, Marked, _
from helpdesk_tui.widgets.words.thread import shown_address
from helpdesk_tui.widgets.wrap import cells, shorten_cells


@dataclass(frozen=True, slots=True)
class Reason:
    """What is said about one reason."""

    word: str
    """Two words at most, for the list."""
    what: str
    """One sentence on what happened."""
    fixes: tuple[str, ...] = ()
    """What helps, each a sentence; keys stand in it by verb, such as ``{dismiss}``."""
    done: str = N_("dismissed")
    """The word for one that nothing has to be done about any more."""


_FORGED = "bounce.forged"
"""Evidence that tells more than the reason it stands beside."""


REASONS: Marked[dict[str, Reason]] = {
    BY_HAND: Reason(
        "forwarded by hand",
        "A colleague forwarded this mail by hand, so it came from the colleague and not from the"
        " customer: a ticket of it would answer the colleague.",
        (
            "Set up automatic forwarding, so that mail to the old address arrives here by itself"
            " and from the customer: {forwarding} opens the support addresses.",
            "Work in the helpdesk instead of forwarding: assign tickets and write notes here.",
            "This one: {ticket} makes the ticket for the customer, after asking whose it is.",
        ),
    ),
    "own-mail": Reason(
        "our own mail",
        "This desk sent it itself and it came back: a copy, or a forwarding that leads in a"
        " circle.",
        ("If many of these arrive, look for a forwarding that sends our own replies back.",),
    ),
    "keyword": Reason(
        "keyword",
        "The message was nothing but a word that gives or withdraws consent, or asks for help, and"
        " its writer has no ticket: consent was noted, and the word answered.",
        ("Nothing has to be done: {dismiss} takes it off the list.",),
        done=N_("in its ticket"),
    ),
    "outside-first": Reason(
        "written elsewhere",
        "Somebody of ours wrote to this customer in another program, and the customer has no"
        " ticket here: the customer's answer makes one.",
    ),
    "unreadable": Reason(
        "not readable",
        "The provider handed over a message that cannot be stored as it is. What it is about"
        " stands here, its raw form is kept.",
        ("Look for it in the provider's own console, and answer from there.",),
    ),
    "bounce": Reason(
        "delivery report",
        "A mail server reports that a mail did not arrive, but the mail it names is none that was"
        " sent from here.",
        ("Somebody may use your address as a sender: check SPF, DKIM and DMARC of your domain.",),
    ),
    _FORGED: Reason(
        "delivery report",
        "A report that a mail did not arrive, but it fails the checks of its sender: it may be"
        " forged, so no message was marked.",
        ("{source} shows what came in. If it is true, send that message again.",),
    ),
    "out-of-office": Reason(
        "out of office",
        "An automatic answer to nothing that was sent from here.",
        ("Nothing has to be done: {dismiss} dismisses it.",),
    ),
    "address-test": Reason(
        "address test",
        "A test mail of a support address: it came through the forwarding.",
        ("Nothing has to be done: {forwarding} shows the support addresses.",),
        done="done",
    ),
    "feedback-report": Reason(
        "spam complaint",
        "A mail provider reports that somebody marked a mail of this desk as spam.",
        ("Look at that message: was it wanted? {dismiss} dismisses this report.",),
    ),
    "empty": Reason(
        "empty",
        "It has no sender, no text and no file.",
        ("{source} shows what came in.",),
    ),
}


def reason_of(code: str) -> Reason:
    """Return the words of a reason; an unknown one is shown as it is."""
    known = REASONS.get(code)
    if known is not None:
        fixes = tuple(_(fix) for fix in known.fixes)
        return Reason(_(known.word), _(known.what), fixes, _(known.done))
    return Reason(clean(code).replace("-", " "), _("Kept apart: {code}.").format(code=clean(code)))


def reason_for(row: IntakeRow) -> Reason:
    """Return the words for a row: those of what was found out about it, else of its reason."""
    is_forged = any(code == _FORGED for code, _ in row.evidence)
    return reason_of(_FORGED if is_forged else row.reason)


def intake_lines(
    row: IntakeRow, width: int, age: str, signs: Signs, *, picked: bool
) -> tuple[list[Span], list[Span]]:
    """Return a row of the list: who, when and why, then what it is about."""
    faint = Ink.SOFT if picked else Ink.DIM
    words = reason_for(row)
    sign, ink = (signs.closed, faint) if row.is_done else (signs.waiting, Ink.WAITING)
    state = words.word
    if row.ticket_id is not None:
        state, ink = f"#{row.ticket_id}", Ink.GOOD
    elif row.is_done:
        state = words.done
    room = width - cells(age) - 8
    name = shorten_cells(shown_address(row.sender) or _("no sender"), max(4, room))
    gap = " " * max(1, width - cells(name) - cells(age) - 5)
    first: list[Span] = [
        (f"  {sign} ", ink), (name, Ink.SOFT if row.is_done else Ink.HEADING), (gap, faint),
        (f"{age} ", faint),
    ]  # fmt: skip
    left = max(8, width - cells(state) - 8)
    subject = shorten_cells(clean(row.subject) or _("(no subject)"), left)
    gap = " " * max(1, width - 5 - cells(subject) - cells(state))
    return first, [("    ", faint), (subject, Ink.TEXT), (gap, faint), (f"{state} ", ink)]


def intake_page(row: IntakeRow, width: int, when: str, keys: Mapping[str, str]) -> PageLines:
    """Return the page of one mail: why it is here, what helps, and what it says."""
    words = reason_for(row)
    lines: PageLines = [[(clean(row.subject) or _("(no subject)"), Ink.HEADING)], []]
    lines += pairs(
        (
            (_("from"), shown_address(row.sender) or _("nobody")),
            (_("customer"), _customer(row)),
            (_("received"), f"{when}{f' · {clean(row.account)}' if row.account else ''}"),
            (_("ticket"), f"#{row.ticket_id}" if row.ticket_id is not None else ""),
        ),
        width,
    )
    lines += [[], *hanging(("▲ ", Ink.WAITING), words.what, width, Ink.WAITING)]
    for fix in words.fixes:
        said = fix.format_map(keys)
        lines += hanging(("  → ", Ink.ACCENT), said, width, Ink.SOFT)
    lines.append([])
    preview = clean_lines(row.preview).strip()
    lines += paragraph(preview, width) if preview else [[(_("no text"), Ink.DIM)]]
    lines += [[], *_evidence(row, width)]
    return lines


def what_becomes(row: IntakeRow) -> str:
    """Return what a ticket of a mail would be, for the question before it is made."""
    who = shown_address(row.customer.addr if row.customer is not None else row.sender)
    subject = clean(row.subject) or _("(no subject)")
    return _(
        "It becomes an open ticket in Unassigned: “{subject}”, with {who} as its"
        " customer. An answer goes there.\n\nThis has no way back: the ticket can be"
        " closed or marked as spam, but it stays a ticket."
    ).format(subject=subject, who=who or _("nobody"))


def _customer(row: IntakeRow) -> str:
    if row.customer is None or not row.customer.addr:
        return _("not found: it will be asked for") if row.reason == BY_HAND else ""
    address, name = shown_address(row.customer.addr), clean(row.customer.name)
    return f"{name} <{address}>" if name and name != address else address


def _evidence(row: IntakeRow, width: int) -> PageLines:
    """Return what the reason rests on, in small letters: the codes of mail explain."""
    codes = [
        f"{clean(code)} ({shown_address(detail)})" if detail else clean(code)
        for code, detail in row.evidence
    ]
    return hanging((_("why:") + " ", Ink.DIM), ", ".join(codes), width, Ink.DIM) if codes else []
