"""The step between writing and sending: what would leave is shown, and one key decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.domain.messages import AttachmentRow, DraftKind
from helpdesk_tui.domain.setting.interface import LANGUAGE
from helpdesk_tui.screens.composing.looking_over import refusal
from helpdesk_tui.screens.composing.sending import Choice, Review, review_of, shut_for_replies
from helpdesk_tui.widgets.words.language import spoken

if TYPE_CHECKING:
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.screens.dialogs.snooze import SnoozeChoice, SnoozeDialog
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.replies import Then


class ReviewStep:
    """Shows a reply or forward before it leaves, and queues it as decided."""

    def __init__(self, pane: ComposerPane, desk: Callable[[], Desk]) -> None:
        self._pane = pane
        self._desk = desk
        self._language = ""

    def begin(self, kind: DraftKind, text: str, files: tuple[AttachmentRow, ...]) -> None:
        """Look at the ticket as it is now, and show what would leave."""
        pane = self._pane
        if pane.thread is None:
            return
        ticket = pane.thread.ticket.row.id
        shut = shut_for_replies(pane.thread, pane.now())
        if shut is not None:
            pane.refuse(shut)
            return
        if kind is DraftKind.FORWARD and not pane.plan.to:
            pane.copies.choose(then=lambda: self.begin(kind, text, files))
            return
        plan = pane.plan

        def look() -> Review:
            # what a colleague sent a moment ago must be in the picture
            desk = self._desk()
            thread = desk.threads.load(ticket)
            # read now: keys that follow the choice must find the next dialog open
            self._language = str(desk.settings.get(LANGUAGE, "") or "") or spoken()
            preview = desk.replies.preview(
                ticket, text, to=plan.to, cc=plan.cc, bcc=plan.bcc, kind=kind
            )
            looked = desk.outgoing.look_over(ticket, text, files)
            if looked.refusal is not None:
                raise refusal(looked.refusal)
            return review_of(thread, plan, text, files, kind=kind, preview=preview, looked=looked)

        pane.start(look, self._ask, pane.refuse, group="review")

    def _ask(self, review: Review) -> None:
        if not self._pane.is_open:
            return
        if self._pane.composer.text != review.text:
            self._pane.review()  # more was typed while it was looked at
            return
        from helpdesk_tui.screens.dialogs.review import ReviewDialog

        self._pane.app.push_screen(
            ReviewDialog(review), lambda choice: self._decide(review, choice or Choice.EDIT)
        )

    def _decide(self, review: Review, choice: Choice) -> None:
        pane = self._pane
        if not pane.is_open:
            return
        if review.kind is DraftKind.REPLY:
            pane.plan = replace(pane.plan, to=(review.chosen_to,) if review.chosen_to else ())
        if choice is Choice.KEEP:
            pane.keep_draft()
        elif choice is Choice.SNOOZE:
            from helpdesk_tui.screens.dialogs.snooze import SnoozeDialog

            self._ask_moment(SnoozeDialog, lambda when: self._send_snoozed(review, when))
        elif choice is Choice.SCHEDULE:
            from helpdesk_tui.screens.dialogs.schedule import ScheduleDialog

            self._ask_moment(ScheduleDialog, lambda when: self._send_later(review, when))
        elif choice is Choice.REDACT:
            pane.redacting.begin(review.kind)
        elif choice is Choice.EDIT:
            pane.composer.editor.focus()
        else:
            then: Then = "close" if choice is Choice.CLOSE else "none"
            self._send(review, then, goes_on=choice is Choice.NEXT)

    def _ask_moment(
        self, dialog: type[SnoozeDialog], then: Callable[[SnoozeChoice | None], None]
    ) -> None:
        """Ask a moment in the words of the agent's language and by their clock."""
        pane = self._pane
        zone = self._desk().zone
        pane.app.push_screen(dialog(pane.now(), zone, language=self._language), then)

    def _send_snoozed(self, review: Review, when: SnoozeChoice | None) -> None:
        if when is None:
            self._pane.composer.editor.focus()
            return
        from helpdesk_tui.domain.triage import Snooze

        self._send(review, Snooze(when.until, when.keep, when.zone))

    def _send_later(self, review: Review, when: SnoozeChoice | None) -> None:
        if when is None or when.until is None:
            self._ask(review)
            return
        self._send(review, "none", at=when.until)

    def _send(
        self, review: Review, then: Then, *, at: datetime | None = None, goes_on: bool = False
    ) -> None:
        ticket, text = review.ticket_id, review.text
        if self._pane.composer.text != text:
            self._pane.review()  # what came back to the draft meanwhile was not looked at
            return

        def job() -> object:
            replies = self._desk().replies
            if review.kind is DraftKind.FORWARD:
                return replies.forward(
                    ticket,
                    text,
                    to=review.passed_to,
                    cc=review.cc,
                    bcc=review.bcc,
                    then=then,
                    at=at,
                )
            return replies.reply(
                ticket,
                text,
                cc=review.cc,
                bcc=review.bcc,
                to=review.chosen_to,
                then=then,
                seen=review.newest,
                at=at,
            )

        self._pane.off.queue(ticket, review.kind, text, job, at=at, goes_on=goes_on)
