"""The wizard that adds a support address, step by step; left early, it goes on from the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.accounts import (
    Account,
    AddressTest,
    AddressTestStage,
    Provider,
    SupportAddress,
)
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import Dialog, opening_keys
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.widgets.choices import ChoiceRow, Choices, CleanInput
from helpdesk_tui.widgets.chords import key_name
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.ink import Tone
from helpdesk_tui.widgets.line_page import LinePage
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.wizard_pages import (
    Step,
    WizardState,
    handout_before,
    hint_of,
    mailbox_rows,
    page_of,
    provider_row,
    provider_rows,
    title_of,
)
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.forwarding_guides import guide_for, handout
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

_EVERY = 1.0
"""Seconds between two looks at the address and its test."""
_SCROLL = {"j": 1, "down": 1, "k": -1, "up": -1, "space": 10, "pagedown": 10, "pageup": -10}


class AddressWizard(Dialog[str], Jobs):
    """Asks, explains, and waits for the test mail; answers with the address it was about."""

    DEFAULT_CSS = """
    AddressWizard > #dialog-box { width: 92; height: 24; max-height: 96%; }
    AddressWizard LinePage { background: $raised; padding: 0; height: 1fr; }
    AddressWizard CleanInput { margin: 1 0 1 0; background: $surface; }
    AddressWizard Choices { max-height: 8; }
    """

    def __init__(
        self, desk: Desk, signs: Signs, row: SupportAddress | None = None, *, tests: bool = False
    ) -> None:
        super().__init__()
        self._desk = desk
        self._signs = signs
        self._state = WizardState(Step.TEST if tests else _first_step(row), row=row)
        self._tests = tests
        self._job = 0
        self._is_looking = False
        self._picks_provider = False
        self.page = LinePage(signs=signs, tone=Tone.RAISED, id="wizard-page")

    def parts(self) -> Sequence[Widget]:
        """Return the page, the line, the rows and the news."""
        return (
            self.page,
            CleanInput(placeholder="support@yourcompany.com", id="wizard-input"),
            Choices(id="wizard-choices"),
            Static("", id="dialog-news", markup=False),
        )

    def prepare(self) -> None:
        """Show the first page, and look at the address from then on."""
        super().prepare()
        self._line.first = self._before_typing
        self._show()
        self.ask(self._desk.addresses.mailboxes, self._know_mailboxes, self._refuse, group="ask")
        self.set_interval(_EVERY, self._look)
        if self._tests:
            self._send_test()
        else:
            self._look()

    @property
    def _line(self) -> CleanInput:
        return self.query_one("#wizard-input", CleanInput)

    @property
    def _rows(self) -> Choices:
        return self.query_one(Choices)

    # what is shown ---------------------------------------------------------------------------

    def _know_mailboxes(self, found: tuple[Account, ...]) -> None:
        self._state = replace(self._state, mailboxes=found, mailbox=found[0] if found else None)
        self._show()

    def _go(self, step: Step) -> None:
        self._picks_provider = False
        self._say("")
        self._state = replace(self._state, step=step)
        if step is Step.MAILBOX:
            self._rows.show(mailbox_rows(self._state.mailboxes))
        elif step is Step.ADDRESS:
            self._rows.show(provider_rows(self._line.value, self._width))
        self._show()

    @property
    def _width(self) -> int:
        return min(86, int(self.app.size.width * 0.96) - 8)

    def _show(self, *, keep_place: bool = False) -> None:
        state = self._state
        types = state.step is Step.ADDRESS
        self._line.display = types
        self._rows.display = types or state.step is Step.MAILBOX or self._picks_provider
        self.page.styles.height = 3 if self._rows.display else "1fr"
        self.page.show(lambda width: page_of(state, width), keep_place=keep_place)
        box = self.query_one("#dialog-box")
        box.border_title = Content(clean(title_of(state)))
        hint = _("↑↓ move · enter takes it") if self._picks_provider else hint_of(state)
        box.border_subtitle = key_hints(self._signs.plain(hint))
        (self._line if types else self.page).focus()

    def _say(self, text: str, *, is_problem: bool = False) -> None:
        line = self.query_one("#dialog-news", Static)
        line.display = bool(text)
        line.set_class(is_problem, "problem")
        line.set_class(not is_problem, "hint")
        line.update(Content(clean(text)))

    def _refuse(self, error: HelpdeskError) -> None:
        self._say(sentence(error), is_problem=True)

    # keys ------------------------------------------------------------------------------------

    def _before_typing(self, event: events.Key) -> bool:
        """Move in the rows below the line; True: not to be typed."""
        steps = {"down": 1, "up": -1, "tab": 1, "shift+tab": -1}
        if event.key in steps:
            self._rows.move(steps[event.key])
            return True
        return False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Let the provider of what is typed be the first."""
        event.stop()
        if self._state.step is Step.ADDRESS:
            self._say("")
            self._rows.show(provider_rows(event.value, self._width))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Add the address."""
        event.stop()
        self._add(event.value.strip())

    def on_choices_clicked(self, message: Choices.Clicked) -> None:
        """Take the clicked row, where a row is all that is asked for."""
        message.stop()
        if self._state.step is not Step.ADDRESS:
            self._take(message.row)

    def press(self, event: events.Key) -> None:
        """Give a key to the step."""
        key = key_name(event.key, event.character)
        if key == "escape" or self._closes_on(key):
            event.stop()
            self._leave()
            return
        if self._state.step is Step.ADDRESS:
            return
        event.stop()
        event.prevent_default()
        if self._rows.display and key in ("j", "down", "k", "up", "tab"):
            self._rows.move(-1 if key in ("k", "up") else 1)
        elif self._rows.display and key == "enter" and self._rows.current is not None:
            self._take(self._rows.current)
        elif (do := self._keys().get(key)) is not None:
            do()
        elif key in _SCROLL:
            self.page.scroll_relative(y=_SCROLL[key], animate=False)

    def _closes_on(self, key: str) -> bool:
        """Return whether this is the key that opened it, and has no other meaning here."""
        is_typed = self._state.step is Step.ADDRESS and len(key) == 1
        is_free = not is_typed and key not in self._keys()
        return is_free and key in opening_keys(self, "address.add")

    def _keys(self) -> dict[str, Callable[[], object]]:
        state = self._state
        if state.step is Step.ACCESS:
            return {"enter": self._begin, "c": self._copy_steps, "q": self._leave}
        common = {
            "y": self._copy_workspace, "c": self._copy_steps, "l": self._copy_link,
            "q": self._leave,
        }  # fmt: skip
        if state.step is Step.FORWARD:
            return {**common, "d": self._done, "enter": self._done, "p": self._pick_provider}
        if state.is_verified:
            return {**common, "enter": self._leave}
        keys: dict[str, Callable[[], object]] = {**common, "s": lambda: self._go(Step.FORWARD)}
        if state.test is None or state.test.stage.is_over:
            keys |= {"t": self._send_test, "enter": self._send_test}
        return keys

    def _leave(self) -> None:
        if self._picks_provider:
            self._go(Step.FORWARD)
        else:
            self.dismiss(self._state.row.address if self._state.row else None)

    # the steps -------------------------------------------------------------------------------

    def _begin(self) -> None:
        if len(self._state.mailboxes) > 1:
            self._go(Step.MAILBOX)
        elif self._state.mailboxes:
            self._go(Step.ADDRESS)

    def _take(self, row: ChoiceRow) -> None:
        """Take a mailbox, or another provider."""
        if isinstance(row.value, Account):
            self._state = replace(self._state, mailbox=row.value)
            self._go(Step.ADDRESS)
        elif isinstance(row.value, Provider) and self._state.row is not None:
            address, provider = self._state.row.address, row.value
            self._change(lambda: self._desk.addresses.set_provider(address, provider), Step.FORWARD)

    def _add(self, address: str) -> None:
        mailbox, row = self._state.mailbox, self._rows.current
        if mailbox is None or not address:
            self._say(_("type the address first"), is_problem=True)
            return
        provider = row.value if row is not None and isinstance(row.value, Provider) else ""
        self._change(
            lambda: self._desk.addresses.add(mailbox.name, address, provider=provider),
            Step.FORWARD,
        )

    def _done(self) -> None:
        if self._state.row is not None:
            address = self._state.row.address
            self._change(lambda: self._desk.addresses.mark_done(address), Step.TEST)

    def _pick_provider(self) -> None:
        self._picks_provider = True
        self._rows.show([provider_row(one, self._width) for one in Provider])
        self._show()

    def _change(self, do: Callable[[], SupportAddress], then: Step) -> None:
        def done(row: SupportAddress) -> None:
            self._state = replace(self._state, row=row)
            self._go(then)

        self.start(do, done, self._refuse, group="wizard")

    def _send_test(self) -> None:
        if self._state.row is None:
            return
        address = self._state.row.address

        def asked(job: int) -> None:
            self._job = job
            self._look()

        self._say("")
        self.start(lambda: self._desk.addresses.ask_test(address), asked, self._refuse,
                   group="wizard")  # fmt: skip

    # watching --------------------------------------------------------------------------------

    def _look(self) -> None:
        """Read the address and its test anew; the provider's code shows up by that, too."""
        row = self._state.row
        if row is None or self._is_looking or self._state.is_verified:
            return
        self._is_looking = True
        address, job, waits = row.address, self._job, self._state.test is not None

        def read() -> tuple[SupportAddress, AddressTest | None]:
            return self._desk.addresses.load(address), self._progress(address, job, waits=waits)

        def seen(found: tuple[SupportAddress, AddressTest | None]) -> None:
            self._is_looking = False
            if job == self._job:
                self._seen(*found)

        def failed(error: HelpdeskError) -> None:
            self._is_looking = False
            self._refuse(error)

        self.start(read, seen, failed, group="wizard-look")

    def _progress(self, address: str, job: int, *, waits: bool) -> AddressTest | None:
        """Return how the test goes: one asked for here, or one that was left running. Blocks."""
        addresses = self._desk.addresses
        if job:
            return addresses.test_progress(job)
        last = addresses.last_test(address)
        # one that arrived before this wizard opened is no news here
        is_old = last is not None and last.stage is AddressTestStage.ARRIVED and not waits
        return None if is_old else last

    def _seen(self, row: SupportAddress, test: AddressTest | None) -> None:
        before = self._state
        self._state = replace(before, row=row, test=test)
        arrived = test is not None and test.stage is AddressTestStage.ARRIVED
        if arrived and before.step is Step.FORWARD:
            self._go(Step.TEST)
        elif self._state != before and before.step in (Step.FORWARD, Step.TEST):
            self._show(keep_place=True)

    # copying ---------------------------------------------------------------------------------

    def _copy_workspace(self) -> None:
        if self._state.row is not None:
            self._copy(self._state.row.workspace, self._state.row.workspace)

    def _copy_steps(self) -> None:
        if self._state.row is not None:
            self._copy(handout(self._state.row), _("the steps"))
        elif self._state.mailbox is not None:
            self._copy(handout_before(self._state.mailbox), _("the steps"))

    def _copy_link(self) -> None:
        """Copy the link that confirms, or else the provider's own page."""
        row = self._state.row
        if row is None:
            return
        confirming = row.confirmation.link if row.confirmation else ""
        link = confirming or guide_for(row.provider).link
        if link:
            self._copy(
                link, _("the link that confirms") if confirming else _("the provider's page")
            )
        else:
            self._say(_("there is no link for this provider"))

    def _copy(self, text: str, what: str) -> None:
        self.app.copy_to_clipboard(text)
        self._say(_("copied {what}").format(what=what))


def _first_step(row: SupportAddress | None) -> Step:
    if row is None:
        return Step.ACCESS
    return Step.FORWARD if row.forwarded_at is None and row.asked_at is None else Step.TEST
