"""What is asked or refused before a message leaves: limits of its files, and private data in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError, UsageError
from helpdesk_tui.domain.media.limits import Finding
from helpdesk_tui.domain.media.personal_data import PersonalData
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import quoted, size_label
from helpdesk_tui.widgets.words.media import personal_words

if TYPE_CHECKING:
    from helpdesk_tui.domain.messages import AttachmentRow
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.services.desk import Desk

_SIZES = ("size", "limit")


class MayBePrivate(HelpdeskError):
    """Something in a message looks like private data: whether it may leave has to be asked."""

    def __init__(self, found: Sequence[PersonalData]) -> None:
        super().__init__("reply.may-be-private")
        self.found = tuple(found)


def refusal(finding: Finding) -> UsageError:
    """Return why files cannot leave as an error, its sizes for people."""
    values = {
        name: size_label(value) if name in _SIZES and isinstance(value, int) else value
        for name, value in finding.values.items()
    }
    return UsageError(finding.code, **values)


class LookingOver:
    """Looks a message over before it is queued, and asks once about what looks private."""

    def __init__(self, pane: ComposerPane, desk: Callable[[], Desk]) -> None:
        self._pane = pane
        self._desk = desk
        self._allowed: tuple[int, str] | None = None
        """Ticket and text about which the agent has said that it may leave."""

    def check(self, ticket: int, text: str, files: Sequence[AttachmentRow]) -> None:
        """Refuse what cannot leave, and what has to be asked about first. Blocks.

        Raises:
            UsageError: what the channel does not carry, with the numbers.
            MayBePrivate: something looks like private data, and nobody was asked.
        """
        looked = self._desk().outgoing.look_over(ticket, text, files)
        if looked.refusal is not None:
            raise refusal(looked.refusal)
        if looked.personal and self._allowed != (ticket, text):
            raise MayBePrivate(looked.personal)

    def ask(self, ticket: int, text: str, error: MayBePrivate, send: Callable[[], None]) -> None:
        """Ask whether it may leave all the same; ``send`` sends it then."""
        from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog

        pane = self._pane

        def answered(yes: bool | None) -> None:
            if yes:
                self._allowed = (ticket, text)
                send()
            else:
                pane.composer.editor.focus()

        question = _("Send it all the same?")
        body = "\n".join([*map(private_words, error.found), "", _why()])
        pane.app.push_screen(ConfirmDialog(question, body, _("sends it")), answered)


def _why() -> str:
    return _("It is not in this conversation so far. Nothing is held back: you decide.")


def private_words(found: PersonalData) -> str:
    """Return what looks private, and where it stands."""
    what = f"{personal_words(found.kind)}: {clean(found.masked)}"
    if not found.where:
        return _("{what}, in the text").format(what=what)
    return _("{what}, in the name of the file {name}").format(
        what=what, name=quoted(clean(found.where))
    )
