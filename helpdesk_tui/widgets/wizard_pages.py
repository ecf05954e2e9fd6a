"""The pages of the wizard that adds a support address, as lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from helpdesk_tui.domain.accounts import (
    Account,
    AddressState,
    AddressTest,
    AddressTestStage,
    Provider,
    SupportAddress,
)
from helpdesk_tui.domain.providers import guess_provider
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.line_page import PageLines, hanging, paragraph
from helpdesk_tui.widgets.words.addresses import confirmation_lines, trial_lines
from helpdesk_tui.widgets.words.forwarding_guides import GUIDES, guide_for, handout, steps_for
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.thread import shown_address
from helpdesk_tui.widgets.wrap import shorten_cells


class Step(Enum):
    """Where the wizard stands."""

    ACCESS = 1
    MAILBOX = 2
    ADDRESS = 3
    FORWARD = 4
    TEST = 5

    @property
    def number(self) -> int:
        """Its number as people count the steps: choosing a mailbox belongs to the address."""
        return {Step.ACCESS: 1, Step.MAILBOX: 2, Step.ADDRESS: 2, Step.FORWARD: 3, Step.TEST: 4}[
            self
        ]


@dataclass(frozen=True, slots=True)
class WizardState:
    """All that the pages of the wizard depend on."""

    step: Step
    mailboxes: tuple[Account, ...] = ()
    mailbox: Account | None = None
    row: SupportAddress | None = None
    test: AddressTest | None = None

    @property
    def is_verified(self) -> bool:
        """Whether the test of this wizard arrived."""
        return self.test is not None and self.test.stage is AddressTestStage.ARRIVED


def page_of(state: WizardState, width: int) -> PageLines:
    """Return the page of a step."""
    if state.step is Step.ACCESS:
        return _access(state, width)
    if state.step is Step.MAILBOX:
        return paragraph(_("Into which mailbox is the mail going to be forwarded?"), width)
    if state.step is Step.ADDRESS:
        return _address(width)
    if state.row is None:
        return []
    return _forward(state.row, width) if state.step is Step.FORWARD else _test(state, width)


def hint_of(state: WizardState) -> str:
    """Return the keys of a step."""
    if state.step is Step.ACCESS:
        if not state.mailboxes:
            return _("esc closes")
        return _("enter go on · c copies the steps for that person · esc closes")
    if state.step is Step.MAILBOX:
        return _("↑↓ move · enter takes it · esc closes")
    if state.step is Step.ADDRESS:
        return _("↑↓ provider · enter adds the address · esc closes")
    if state.step is Step.FORWARD:
        return _("y copy workspace · c steps · l link · p provider · d done · esc later")
    if state.is_verified:
        return _("enter closes")
    if state.test is not None and not state.test.stage.is_over:
        return _("s steps · y copy workspace · esc later: it goes on by itself")
    return _("t send test · s steps · l copy link · esc later")


def title_of(state: WizardState) -> str:
    """Return the title of a step."""
    about = shown_address(state.row.address) if state.row else _("add a support address")
    return _("{about} · step {number} of 4").format(about=about, number=state.step.number)


def handout_before(mailbox: Account) -> str:
    """Return the job as text while the address is not known yet."""
    return handout(
        SupportAddress(
            id=0,
            address=_("our support address"),
            name="",
            account=mailbox.name,
            workspace=mailbox.address,
            state=AddressState.PENDING,
            provider="",
            asked_at=None,
            verified_at=None,
            error_code="",
            confirmation=None,
            signature="",
        )
    )


def mailbox_rows(mailboxes: Sequence[Account]) -> list[ChoiceRow]:
    """Return the mailboxes to choose from."""
    return [
        ChoiceRow(((shown_address(one.address), Ink.BRIGHT),), ((clean(one.name), Ink.DIM),), one)
        for one in mailboxes
    ]


def provider_rows(typed: str, width: int) -> list[ChoiceRow]:
    """Return the providers to choose from, the likeliest for an address first."""
    likely = guess_provider(typed.strip().lower()) or Provider.GENERIC
    order = sorted(Provider, key=lambda one: one != likely)
    return [provider_row(one, width) for one in order]


def provider_row(provider: Provider, width: int) -> ChoiceRow:
    """Return one provider: its name, and how to tell it from others."""
    name, _bracket, note = _(GUIDES[provider].title).partition(" (")
    shown = shorten_cells(note.rstrip(")"), max(0, width - len(name) - 4))
    return ChoiceRow(((name, Ink.BRIGHT),), ((shown, Ink.DIM),), provider)


def _access(state: WizardState, width: int) -> PageLines:
    if not state.mailboxes:
        lines = paragraph(
            _("No mailbox is connected yet, so there is nothing to forward to."), width
        )
        return lines + paragraph(
            _("In a shell: helpdesk channel add email --help"), width, Ink.SOFT
        )
    texts = (
        _(
            "Mail to a support address is forwarded into the connected mailbox, automatically and"
            " on the server of the mail provider."
        ),
        _(
            "Administrator access to that provider is needed for this, and where mail is routed by"
            " DNS to the domain as well."
        ),
    )
    lines = [line for text in texts for line in [*paragraph(text, width), []]]
    return lines + hanging(
        ("→ ", Ink.ACCENT),
        _("Is that somebody else? c copies the steps as a text for that person."),
        width,
        Ink.SOFT,
    )


def _address(width: int) -> PageLines:
    lines = paragraph(_("Which address do customers write to, and who runs its mail?"), width)
    text = _("Gmail and Google Workspace are not the same: is there an administrator? Then it is")
    return lines + paragraph(_("{text} Workspace.").format(text=text), width, Ink.SOFT)


def _forward(row: SupportAddress, width: int) -> PageLines:
    lines: PageLines = [[(_("FORWARD TO"), Ink.DIM)]]
    lines += hanging(("  ", Ink.DIM), shown_address(row.workspace), width, Ink.HEADING)
    lines += [[], [(guide_for(row.provider).title.upper().partition(" (")[0], Ink.DIM)]]
    for number, step in enumerate(steps_for(row), 1):
        lines += hanging((f"{number}. ", Ink.ACCENT), step, width)
    link = guide_for(row.provider).link
    if link:
        lines += hanging(("   ", Ink.DIM), link, width, Ink.LINK)
    lines.append([])
    return lines + _confirmation(row, width)


def _confirmation(row: SupportAddress, width: int) -> PageLines:
    if row.confirmation is not None:
        return confirmation_lines(row.confirmation, width)
    text = _("A code or link that the provider sends here shows up on this page by itself.")
    return hanging(("… ", Ink.DIM), text, width, Ink.DIM)


def _test(state: WizardState, width: int) -> PageLines:
    row, test = state.row, state.test
    if row is None:
        return []
    if test is None:
        lines = paragraph(
            _(
                "A test mail goes to {address}, and has to come back through the forwarding."
                " Nobody else gets it."
            ).format(address=shown_address(row.address)),
            width,
        )
        return [*lines, [], *_confirmation(row, width)]
    lines = trial_lines(row, test, width)
    if state.is_verified:
        said = _("{address} is verified: customers can write to it.").format(
            address=shown_address(row.address)
        )
        return [*lines, [], *paragraph(said, width, Ink.HEADING)]
    if row.confirmation is not None:
        lines += [[], *_confirmation(row, width)]
    return lines
