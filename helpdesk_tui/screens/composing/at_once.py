"""Sending at the press of enter: one text after the other, and the composer stays open."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import Conflict, HelpdeskError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.screens.composing.looking_over import MayBePrivate
from helpdesk_tui.screens.composing.sending import Plan, locked
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number

if TYPE_CHECKING:
    from helpdesk_tui.domain.messages import AttachmentRow, Thread
    from helpdesk_tui.domain.messaging.parts import TemplateUse
    from helpdesk_tui.screens.composing.draft_files import DraftFiles
    from helpdesk_tui.screens.composing.draft_saving import DraftSaving
    from helpdesk_tui.screens.composing.drafting import DraftKeeper
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.replies import Queued

_MOMENT = 0.7
"""Seconds without a key after which nobody types for now."""


@dataclass(frozen=True, slots=True)
class _Text:
    """Something that was sent and is not in the store yet."""

    ticket_id: int
    text: str
    seen: int | None
    """The newest message that stood in the thread when the text was begun."""
    files: tuple[AttachmentRow, ...]
    plan: Plan
    """Who gets it, where that is more than the customer."""
    turn: int
    """How often the composer had been opened by then."""


@runtime_checkable
class Performs(Protocol):
    """A screen that does what the keys of the list stand for."""

    def perform(self, action: str) -> None:
        """Do an action of the key table by its id."""


class AtOnce:
    """Queues texts in the order of the keys; one that is refused comes back with all after it."""

    def __init__(
        self,
        pane: ComposerPane,
        desk: Callable[[], Desk],
        keeper: DraftKeeper,
        saving: DraftSaving,
        files: DraftFiles,
    ) -> None:
        self._pane = pane
        self._desk = desk
        self._keeper = keeper
        self._saving = saving
        self._files = files
        self._waiting: deque[_Text] = deque()
        self._is_running = False
        self._begun: tuple[int, int | None] | None = None
        """Ticket of the text that is being written, and what was the newest message then."""
        self._edited_at = 0.0

    @property
    def rests(self) -> bool:
        """Whether nothing was typed for a moment: what comes up now takes no letter away."""
        return time.monotonic() - self._edited_at >= _MOMENT

    def edited(self, text: str) -> None:
        """Remember what stood in the thread when a text was begun.

        What a colleague answers while it is written may be said in it again.
        """
        self._edited_at = time.monotonic()
        thread = self._pane.thread
        if not text or thread is None:
            self._begun = None
        elif self._begun is None or self._begun[0] != thread.ticket.row.id:
            self._begun = thread.ticket.row.id, _newest(thread)

    def is_locked(self) -> bool:
        """Return whether nothing can be written now; says why, and offers what is allowed."""
        pane = self._pane
        if pane.thread is None or pane.composer.kind is not DraftKind.REPLY:
            return False
        if pane.ways.offer():
            return True
        if not pane.is_live:
            return False
        why = locked(pane.thread, pane.now())
        if why:
            pane.composer.say(_("{reason} · nothing was sent").format(reason=why))
        return bool(why)

    def send(self) -> None:
        """Let what is written leave; the composer is free for the next text at once."""
        pane, thread = self._pane, self._pane.thread
        if thread is None or pane.waits(self.send) or self.is_locked():
            return
        if pane.macros.holds(self.send) or self._files.holding.holds(self.send):
            return
        text, files = pane.composer.text, self._files.of(DraftKind.REPLY)
        limit = CHANNELS[thread.ticket.row.channel].text_limit
        over = len(text) - limit
        if limit and over > 0:
            said = ngettext(
                "{count} character too many for one message: send it in parts",
                "{count} characters too many for one message: send it in parts",
                over,
            )
            pane.composer.say(said.format(count=number(over)))
        elif text.strip() or files:
            self._take(thread, text, files)

    def _take(self, thread: Thread, text: str, files: tuple[AttachmentRow, ...]) -> None:
        pane = self._pane
        ticket = thread.ticket.row.id
        begun = self._begun or (ticket, _newest(thread))
        seen = begun[1] if begun[0] == ticket else _newest(thread)
        self._begun = None
        self._saving.stop()
        # until the store has it, it is a draft: nothing is lost if the program ends here
        self._keeper.remember(ticket, DraftKind.REPLY, text)
        pane.composer.set_text("")
        pane.composer.say("")
        self._saving.rested()
        self._files.put(DraftKind.REPLY, ())
        self._waiting.append(_Text(ticket, text, seen, files, pane.plan, pane.turn))
        pane.composer.set_state("")
        self._go_on()

    def _go_on(self) -> None:
        if self._is_running or not self._waiting:
            return
        self._is_running = True
        leaving = self._waiting.popleft()
        ticket, text = leaving.ticket_id, leaving.text

        def job() -> Queued:
            self._pane.over.check(ticket, text, leaving.files)
            plan = leaving.plan
            return self._desk().replies.reply(
                ticket, text, cc=plan.cc, bcc=plan.bcc, to=plan.to[0] if plan.to else "",
                seen=leaving.seen,
            )  # fmt: skip

        self._pane.start(
            lambda: self._keeper.hand_over(ticket, DraftKind.REPLY, text, job),
            lambda queued: self._sent(leaving, queued),
            lambda error: self._not_sent(leaving, error),
            group="send",
        )

    def _sent(self, leaving: _Text, queued: Queued) -> None:
        pane = self._pane
        self._is_running = False
        if self._shows(leaving):
            pane.macros.sent()
            self._keeper.noted(leaving.ticket_id, DraftKind.REPLY, "")
            if pane.composer.text and not self._waiting:
                # the draft that went with the reply may have been that of the next text
                self._saving.edited(pane.composer.text)
        self._said(leaving.ticket_id, queued, is_offered=self._shows(leaving))
        self._go_on()

    def _said(self, ticket: int, queued: Queued, *, is_offered: bool) -> None:
        """Tell that something is queued; one key takes it back while it has not left."""
        pane = self._pane
        left = (queued.due_at - pane.now()).total_seconds()
        pane.post_message(pane.Said(ticket, queued.message_id if left > 0 else 0))
        if left > 0 and is_offered and not pane.composer.text:
            pane.back.offer(self._take_back, left)

    def send_template(self, ticket: int, template: TemplateUse) -> None:
        """Let an approved template leave; what is written stays a draft."""
        pane = self._pane
        seen = _newest(pane.thread) if pane.thread is not None else None
        pane.start(
            lambda: self._desk().replies.reply(ticket, "", seen=seen, template=template),
            lambda queued: self._said(ticket, queued, is_offered=pane.is_open),
            pane.refuse,
            group="send",
        )

    def _take_back(self) -> None:
        """Take back the text that was sent last, as the key of the list does."""
        screen = self._pane.screen
        if isinstance(screen, Performs):
            screen.perform("app.undo")

    def _not_sent(self, leaving: _Text, error: HelpdeskError) -> None:
        """Nothing left: this text and those after it stand in the composer, or in the draft."""
        pane, ticket = self._pane, leaving.ticket_id
        self._is_running = False
        after = [one for one in self._waiting if one.ticket_id == ticket]
        self._waiting = deque(one for one in self._waiting if one.ticket_id != ticket)
        is_shown = self._shows(leaving)
        since = pane.composer.text if is_shown else self._keeper.unsaved(ticket, DraftKind.REPLY)
        texts = [leaving.text, *(one.text for one in after), since or ""]
        text = "\n".join(dict.fromkeys(one for one in texts if one))
        self._keeper.remember(ticket, DraftKind.REPLY, text)
        self._saving.soon()
        self._go_on()
        if not is_shown:
            pane.complain(error)
            return
        pane.composer.set_text(text)
        if leaving.files:
            self._files.put(DraftKind.REPLY, leaving.files)
        self._begun = None
        if isinstance(error, MayBePrivate):
            self._pane.over.ask(ticket, text, error, self.send)
        elif isinstance(error, Conflict):
            pane.review()  # reads the thread anew and shows what overtook us
        else:
            pane.refuse(error)

    def _shows(self, leaving: _Text) -> bool:
        """Return whether the composer stands open for this ticket ever since the text left."""
        pane = self._pane
        if not pane.is_open or pane.thread is None or pane.turn != leaving.turn:
            return False
        is_same = pane.thread.ticket.row.id == leaving.ticket_id
        return is_same and pane.composer.kind is DraftKind.REPLY


def _newest(thread: Thread) -> int | None:
    return thread.messages[-1].id if thread.messages else None
