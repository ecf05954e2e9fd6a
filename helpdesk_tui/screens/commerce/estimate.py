"""What a change would do, as far as the shop has worked it out, and for which question."""

from __future__ import annotations

from helpdesk_tui.domain.commerce.actions import ActionRequest, Preview
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.widgets.commerce.change_page import amount_rows
from helpdesk_tui.widgets.commerce.span_lines import Rows, text_rows
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _


class Estimate:
    """Knows whether what was worked out belongs to what is asked now."""

    def __init__(self, source: str = "") -> None:
        self._source = source
        self.preview: Preview | None = None
        self.problem: HelpdeskError | None = None
        """Why what was asked last cannot be done, or not be worked out."""
        self.asked: ActionRequest | None = None
        """The request that is being worked out, or was."""
        self.is_slow = False
        """Nothing works on it now."""
        self._known_for: ActionRequest | None = None
        """What was asked; in the answer the source may have filled the request in."""

    def begin(self, request: ActionRequest | None) -> None:
        """Another request is worked out from now on."""
        self.asked, self.problem, self.is_slow = request, None, False

    def worked_out(self, preview: Preview) -> None:
        """Take what the request would do."""
        self.preview, self._known_for, self.problem = preview, self.asked, None

    def knows(self, request: ActionRequest | None) -> bool:
        """Return whether it is known what a request would do."""
        return request is not None and self.preview is not None and self._known_for == request

    def is_asked(self, request: ActionRequest | None) -> bool:
        """Return whether a request is on its way, or was worked out without a problem."""
        return request == self.asked and self.problem is None

    def rows(self, request: ActionRequest | None, width: int, *, plain: bool) -> Rows:
        """Return what a request would cost; what is known of another one is dim."""
        if self.problem is not None and request == self.asked:
            said = sentence(self.problem, source=self._source)
            return text_rows(said, width, Ink.BAD, ("✗ ", Ink.BAD))
        is_known = self.knows(request)
        amounts = self.preview.amounts if self.preview is not None else ()
        rows = amount_rows(amounts, width, is_old=not is_known, plain=plain)
        return rows if is_known else [*self.working_rows(width), *rows]

    def working_rows(self, width: int) -> Rows:
        """Return that it is being worked out, or why it is not."""
        if self.is_slow:
            said = _("the shop cannot be asked now: it waits until “helpdesk sync” runs")
            return text_rows(said, width, Ink.WAITING, ("▲ ", Ink.WAITING))
        return text_rows(_("working out the price …"), width, Ink.ACCENT, ("↻ ", Ink.ACCENT))
