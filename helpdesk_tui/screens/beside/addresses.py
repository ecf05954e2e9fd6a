"""The support addresses: whether mail to them arrives, and what they are called."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from helpdesk_tui.domain.accounts import AddressState, SupportAddress
from helpdesk_tui.screens.beside.side_screen import Handlers, ListScreen
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.keys import Group, Scope
from helpdesk_tui.widgets.line_page import PageLines
from helpdesk_tui.widgets.row_list import RowList
from helpdesk_tui.widgets.words.addresses import address_lines, address_page
from helpdesk_tui.widgets.words.keys import key_words
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    pass


class AddressesScreen(ListScreen[SupportAddress, None]):
    """The addresses at the left, the one under the cursor at the right."""

    TITLE_TEXT: ClassVar[str] = N_("Support addresses")
    SCOPE: ClassVar[Scope] = Scope.ADDRESSES
    GROUP: ClassVar[Group] = Group.ADDRESSES
    PLACE: ClassVar[str] = "addresses"
    ANEW: ClassVar[float] = 2.0

    def row_lines(
        self, row: SupportAddress, width: int, picked: bool
    ) -> tuple[list[Span], list[Span]]:
        """Return a row of the list."""
        return address_lines(row, width, self.signs, picked=picked)

    def row_key(self, row: SupportAddress) -> int:
        """Return what a row is known by."""
        return row.id

    def handlers(self) -> Handlers:
        """Return what the keys do."""
        return {
            **self.moves(),
            "address.open": self._open,
            "address.add": partial(self._wizard, None),
            "address.copy": self._copy,
            "address.test": self._test,
            "address.toggle": self._toggle,
            "address.rename": self._rename,
            "address.signature": self._sign,
            "address.remove": self._remove,
        }

    # the list --------------------------------------------------------------------------------

    def load(self, select: str = "") -> None:
        """Read the addresses, and put the cursor on one of them."""

        def show(found: tuple[SupportAddress, ...]) -> None:
            self.list.notice = RowList.Notice(
                _("No support address yet."),
                _("Connect a mailbox first, or press a to add an address."),
            )
            if found != self.list.rows or not found:
                self.list.show(found)
            for row in found:
                if row.address == select:
                    self.list.select(row.id)
            self._count(found)

        self.read(self._desk.addresses.list, show, group="addresses")

    def _count(self, rows: tuple[SupportAddress, ...]) -> None:
        bad = sum(row.state is AddressState.FAILING for row in rows)
        pending = sum(row.state is AddressState.PENDING for row in rows)
        if bad:
            self.title_line.say(_("{bad} failing").format(bad=bad), Ink.BAD)
        elif pending:
            self.title_line.say(_("{pending} pending").format(pending=pending), Ink.WAITING)
        else:
            self.title_line.say(_("all verified") if rows else "")

    def page_lines(self, row: SupportAddress) -> Callable[[int], PageLines]:
        """Return what makes the page of an address."""
        zone, signs = self._zone, self.signs
        keys = key_words(self.keymap, "address")
        return lambda width: address_page(row, width, zone, signs, keys)

    # acting ----------------------------------------------------------------------------------

    def _open(self) -> None:
        row = self.list.current
        if row is None:
            self._wizard(None)
        elif self.is_narrow and not self.on_page:
            self.go(to_page=True)
        elif row.state is AddressState.OFF:
            self.footer.say(_("it is off: o switches it on"))
        elif row.is_workspace:
            self.footer.say(_("the mailbox itself needs no forwarding"))
        else:
            self._wizard(row)

    def _wizard(self, row: SupportAddress | None, *, tests: bool = False) -> None:
        from helpdesk_tui.screens.dialogs.address_wizard import AddressWizard

        def left(address: str | None) -> None:
            self.load(address or "")

        wizard = AddressWizard(self._desk, self.signs, row, tests=tests)
        self.app.push_screen(wizard, left)

    def _test(self) -> None:
        row = self.list.current
        if row is not None and row.state is AddressState.OFF:
            self.footer.say(_("it is off: o switches it on"))
        elif row is not None:
            self._wizard(row, tests=True)

    def _copy(self) -> None:
        row = self.list.current
        if row is not None:
            self.app.copy_to_clipboard(row.workspace)
            self.footer.say(_("copied {workspace}").format(workspace=row.workspace))

    def _toggle(self) -> None:
        row = self.list.current
        if row is None:
            return
        is_off = row.state is AddressState.OFF
        target = AddressState.PENDING if is_off else AddressState.OFF
        self._change(
            lambda: self._desk.addresses.set_state(row.address, target),
            _("is on again") if is_off else _("is off"),
        )

    def _rename(self) -> None:
        row = self.list.current
        if row is None:
            return
        from helpdesk_tui.screens.dialogs.text import LineDialog

        def chosen(name: str | None) -> None:
            if name is not None:
                self._change(lambda: self._desk.addresses.rename(row.address, name), _("renamed"))

        title = _("sender name of {address}").format(address=row.address)
        hint = _("What customers see as the sender of replies.")
        self.app.push_screen(LineDialog(title, row.name, hint), chosen)

    def _sign(self) -> None:
        row = self.list.current
        if row is None:
            return
        from helpdesk_tui.screens.dialogs.text import LinesDialog

        def chosen(text: str | None) -> None:
            if text is not None:
                self._change(
                    lambda: self._desk.addresses.set_signature(row.address, text), _("is signed so")
                )

        title = _("signature of {address}").format(address=row.address)
        hint = _("Stands below replies from this address. Empty: the desk's or the agent's own.")
        self.app.push_screen(LinesDialog(title, row.signature, hint), chosen)

    def _remove(self) -> None:
        row = self.list.current
        if row is None:
            return
        from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog

        def answer(yes: bool | None) -> None:
            if yes:
                self._change(lambda: self._desk.addresses.remove(row.address), _("removed"))

        body = _("Only an address that was never used can be removed; others are switched off.")
        self.app.push_screen(
            ConfirmDialog(_("Remove {address}?").format(address=row.address), body, _("remove")),
            answer,
        )

    def _change(self, do: Callable[[], object], said: str) -> None:
        def done(_: object) -> None:
            self.footer.say(said)
            self.load()

        self.start(do, done, self.refuse, group="address-change")
