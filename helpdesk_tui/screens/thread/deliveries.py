"""What an agent decides about messages on their way: take back, try again, it was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.messages import Delivery, Draft, MessageRow
from helpdesk_tui.domain.setting.interface import LANGUAGE
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.screens.dialogs.snooze import SnoozeChoice
    from helpdesk_tui.screens.thread.pane import ThreadPane
    from helpdesk_tui.services.desk import Desk


class Deliveries:
    """Acts on messages of a pane's thread: on the selected one if meant, else the newest."""

    def __init__(self, pane: ThreadPane, desk: Callable[[], Desk]) -> None:
        self._pane = pane
        self._desk = desk

    def take_back(self) -> int:
        """Take the newest reply that has not left back into the composer.

        Returns:
            The id of the reply; 0 if there is none, so that ``z`` may mean something else.
        """
        message = self._find(Delivery.QUEUED)
        if message is None:
            # one that leaves another day is meant only where the cursor stands on it
            message = self._pane.view.selected
        if message is None or message.delivery not in (Delivery.QUEUED, Delivery.SCHEDULED):
            return 0

        def done(draft: Draft) -> None:
            self._pane.writing.recall(draft)
            self._pane.delivery_changed(message.ticket_id, taken_back=draft.kind)

        self._pane.start(lambda: self._desk().replies.undo_send(message.id), done, group="send")
        return message.id

    def retry(self) -> None:
        """Send a failed message again, or one of which nobody knows."""
        failed, unknown = self._find(Delivery.FAILED), self._find(Delivery.UNKNOWN)
        if failed is not None:
            self._settle(failed, lambda: self._desk().replies.retry(failed.id))
        elif unknown is not None:
            self._settle(unknown, lambda: self._desk().replies.resolve(unknown.id, sent=False))

    def change_moment(self) -> None:
        """Ask when a scheduled reply shall leave, and let it leave then."""
        message, pane = self._find(Delivery.SCHEDULED), self._pane
        if message is None:
            pane.notify(_("no reply of this ticket is scheduled"), markup=False)
            return
        from helpdesk_tui.screens.dialogs.schedule import ScheduleDialog

        def chosen(when: SnoozeChoice | None) -> None:
            if when is not None and when.until is not None:
                until = when.until
                self._settle(message, lambda: self._desk().replies.reschedule(message.id, until))

        def ask(language: object) -> None:
            zone = self._desk().zone
            dialog = ScheduleDialog(pane.writing.now(), zone, language=str(language or ""))
            pane.app.push_screen(dialog, chosen)

        pane.ask(lambda: self._desk().settings.get(LANGUAGE, ""), ask, group="ask")

    def was_sent(self) -> None:
        """Keep an uncertain message as sent."""
        unknown = self._find(Delivery.UNKNOWN)
        if unknown is not None:
            self._settle(unknown, lambda: self._desk().replies.resolve(unknown.id, sent=True))

    def _settle(self, message: MessageRow, job: Callable[[], None]) -> None:
        self._pane.start(
            job, lambda _: self._pane.delivery_changed(message.ticket_id), group="send"
        )

    def _find(self, state: Delivery) -> MessageRow | None:
        selected = self._pane.view.selected
        if selected is not None and selected.delivery is state:
            return selected
        thread = self._pane.thread
        messages = thread.messages if thread is not None else ()
        return next((one for one in reversed(messages) if one.delivery is state), None)
