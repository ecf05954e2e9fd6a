"""Writing in a ticket: drafts, the review before sending, and what happens after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.message import Message

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.macros.macro import Then
from helpdesk_tui.domain.messages import Draft, DraftKind, Thread
from helpdesk_tui.screens.composing.at_once import AtOnce
from helpdesk_tui.screens.composing.completing import Completing
from helpdesk_tui.screens.composing.copies import Copies
from helpdesk_tui.screens.composing.draft_files import DraftFiles
from helpdesk_tui.screens.composing.draft_saving import DraftSaving
from helpdesk_tui.screens.composing.drafting import DraftKeeper
from helpdesk_tui.screens.composing.framing import Framing
from helpdesk_tui.screens.composing.looking_over import LookingOver
from helpdesk_tui.screens.composing.macros import DraftMacros
from helpdesk_tui.screens.composing.own_editor import write_outside
from helpdesk_tui.screens.composing.quoting import quote
from helpdesk_tui.screens.composing.redacting import Redacting
from helpdesk_tui.screens.composing.review_step import ReviewStep
from helpdesk_tui.screens.composing.sending import Plan
from helpdesk_tui.screens.composing.sending_off import SendingOff
from helpdesk_tui.screens.composing.taking_back import TakingBack
from helpdesk_tui.screens.composing.ways import Ways
from helpdesk_tui.screens.inbox.news import has_returned
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.widgets.composer import Composer, Editor, composer_keys
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk


class ComposerPane(Jobs):
    """Holds the composer and talks to the desk for it."""

    DEFAULT_CSS = """
    ComposerPane { height: auto; max-height: 70%; background: $surface; }
    """

    @dataclass
    class Queued(Message):
        """A reply is queued, or a note added."""

        ticket_id: int
        kind: DraftKind
        message_id: int = 0
        """The reply; 0 for a note, which never leaves."""
        note_id: int = 0
        """The note, if it is one."""
        then: Then = Then.USUAL
        """Where a macro of the text wants the list to go, or the agent who sent it."""
        at: datetime | None = None
        """When it leaves, if that is a moment of its own."""

    @dataclass
    class Kept(Message):
        """The composer was put away and its draft is in the store (or empty, and gone)."""

        ticket_id: int

    @dataclass
    class Said(Message):
        """A text is queued; the composer stays open for the next one."""

        ticket_id: int
        message_id: int
        """The text, if it can be taken back; 0: it has left."""

    class NotQueued(Message):
        """A text could not be queued; it is in its draft again."""

    class Turned(Message):
        """The composer changed between reply and note."""

    class Closed(Message):
        """The composer was put away; the draft is kept."""

    def __init__(
        self,
        desk: Callable[[], Desk],
        keeper: DraftKeeper,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        keymap: Keymap | None = None,
    ) -> None:
        super().__init__(id="thread-writing")
        self._desk = desk
        self._now = now
        self._keys = composer_keys(keymap)
        self._keeper = keeper
        self.thread: Thread | None = None
        self._seen: int | None = None
        self._plans: dict[DraftKind, Plan] = {}
        self._recalled: Draft | None = None
        self.copies = Copies(self, desk)
        self._step = ReviewStep(self, desk)
        self.files = DraftFiles(self, desk)
        self.over = LookingOver(self, desk)
        self.redacting = Redacting(self, desk, self.files)
        self.macros = DraftMacros(self, desk, keeper, self.files)
        self._saving = DraftSaving(self, desk, keeper, self.files)
        self.off = SendingOff(self, keeper, self._saving, self.files)
        self.at_once = AtOnce(self, desk, keeper, self._saving, self.files)
        self.ways = Ways(self, desk)
        self.frame = Framing(self)
        self.back = TakingBack(self)
        self._completing = Completing(self, desk)
        self._opening = 0
        self._opened_empty = True
        self._then: Callable[[], None] | None = None
        self._is_commanding = False
        self.composer = Composer(self._keys, id="composer")
        """The box itself; every key asks it."""

    def compose(self) -> ComposeResult:
        """Make the composer."""
        for source in (self.macros.variables, self._completing.mentions, self._completing.emoji):
            self.composer.completions.add(source)
        yield self.composer

    @property
    def is_open(self) -> bool:
        """True while something is being written."""
        return self.is_mounted and self.composer.is_open

    @property
    def plan(self) -> Plan:
        """What was decided about the message that is being written, besides its text."""
        return self.plan_of(self.composer.kind)

    @plan.setter
    def plan(self, plan: Plan) -> None:
        self._plans[self.composer.kind] = plan

    def plan_of(self, kind: DraftKind) -> Plan:
        """Return what was decided about a message of a kind, besides its text."""
        return self._plans.get(kind) or Plan(seen=self._seen)

    def now(self) -> datetime:
        """Return the moment it is."""
        return self._now()

    @property
    def is_restoring(self) -> bool:
        """True while the draft is read that what is typed will stand below."""
        return self._saving.is_restoring

    @property
    def is_typing(self) -> bool:
        """True for a few seconds after each key."""
        return self._saving.is_typing

    # -- opening and closing --------------------------------------------------------------------

    def open(self, thread: Thread, kind: DraftKind) -> None:
        """Open the composer with the draft of this kind, if there is one."""
        ticket = thread.ticket.row.id
        self._keep_typed()
        if self.thread is None or self.thread.ticket.row.id != ticket or not self.is_open:
            self._seen = thread.messages[-1].id if thread.messages else None
            self._plans.clear()
            self.files.clear()
        self._take_recalled(thread)
        self.thread = thread
        self._opening += 1
        self._then = None
        turn = self._opening
        if kind is DraftKind.NOTE:
            self._completing.read_team()
        unsaved = self._keeper.unsaved(ticket, kind)
        self._opened_empty = not unsaved
        if unsaved is None:
            # written before it is read, a text leaves what the store holds below it
            self._keeper.noted(ticket, kind, "")
        self.composer.open(kind, self.frame.heading(thread, kind), unsaved or "")
        self.frame.opened()
        self.macros.opened(thread, kind)

        # what is typed from here on must not be written over a draft that is not read yet
        self._saving.is_restoring, before = True, self._keeper.dirty

        def load() -> Draft | None:
            self._keeper.flush(before)
            return self._desk().drafts.load(ticket, kind)

        self.start(
            load, lambda draft: self._restore(turn, draft), self._saving.failed, group="draft"
        )

    def _restore(self, turn: int, draft: Draft | None) -> None:
        """Put a stored draft under what was typed while it was being read."""
        if turn != self._opening:
            return
        self._saving.is_restoring = False
        if not self.is_open or self.thread is None:
            return
        ticket, kind = self.thread.ticket.row.id, self.composer.kind
        self._keeper.noted(ticket, kind, draft.text if draft is not None else "")
        if draft is not None:
            self._put_under(draft)
        self.macros.ready()
        if self._then is not None:
            self._then()

    def _put_under(self, draft: Draft) -> None:
        self.files.put(draft.kind, draft.files)
        self.macros.restored(draft)
        typed = self.composer.text
        if not typed:
            self.composer.set_text(draft.text)
            self.composer.set_state(_("draft restored"))
            if draft.kind is DraftKind.FORWARD:
                # what is passed on stands below what is written about it
                self.composer.editor.move_cursor((0, 0))
        elif self._opened_empty:
            self.composer.set_text(f"{draft.text}{self.macros.joint(draft.text)}{typed}")
            self._saving.edited(self.composer.text)

    def recall(self, draft: Draft) -> None:
        """Remember whom a message that was taken back would have gone to."""
        self._recalled = draft

    def _take_recalled(self, thread: Thread) -> None:
        draft, ticket = self._recalled, thread.ticket
        if draft is not None and draft.ticket_id == ticket.row.id:
            is_usual = draft.kind is DraftKind.REPLY and draft.to == (ticket.customer_address,)
            to = () if is_usual else draft.to
            self._plans[draft.kind] = Plan(self._seen, draft.cc, to, draft.bcc)
            self._recalled = None

    def put_away(self) -> None:
        """Close without a word; the draft is written."""
        if self.is_open and self.thread is not None:
            ticket = self.thread.ticket.row.id
            self._keep_typed()
            before = self._keeper.dirty
            self.start(
                lambda: self._keeper.flush(before),
                lambda _: self.post_message(self.Kept(ticket)),
                self._saving.failed,
                group="draft",
            )
            self.composer.close()
        self.thread = None

    def thread_changed(self, thread: Thread) -> None:
        """Take the newest values of the ticket; what was seen when writing began stays."""
        if self.thread is not None and self.thread.ticket.row.id == thread.ticket.row.id:
            before, self.thread = self.thread, thread
            self.frame.refresh()
            if self.is_open and has_returned(before, thread):
                # the draft holds more than the editor by now: saving brings it here
                self._keeper.remember(thread.ticket.row.id, self.composer.kind, self.composer.text)
                self._saving.now()

    @property
    def is_live(self) -> bool:
        """True where both sides are there at once."""
        return self.thread is not None and CHANNELS[self.thread.ticket.row.channel].is_live

    def waits(self, then: Callable[[], None]) -> bool:
        """Put off what is asked for until the draft is read: it leaves with what was typed."""
        if self._saving.is_restoring:
            self._then = then
        return self._saving.is_restoring

    def keep_draft(self) -> None:
        """Put the composer away; the draft stays."""
        self.put_away()
        self.post_message(self.Closed())

    def _keep_typed(self) -> None:
        """Have what stands in the editor written if it is newer than the store."""
        if self.is_open and self.composer.is_catching_up and not self._is_commanding:
            self.composer.editor.type_held()
        if self.is_open and not self.off.is_shown and self.composer.take_edit():
            # the message that tells of the last letters is still on its way
            self._saving.edited(self.composer.text)
        if self._saving.stop():
            self._saving.now()

    def edited(self, text: str) -> None:
        """Know that the text was changed otherwise than by typing."""
        self._saving.edited(text)

    def on_composer_edited(self, message: Composer.Edited) -> None:
        """Remember each edit; write it a moment later."""
        message.stop()
        if message.text != self.composer.text or self.off.is_shown:
            return  # another text stands there by now, or a newer edit is told in a moment
        self.composer.take_edit()
        self.composer.hush()
        self._saving.edited(message.text)
        self.macros.edited(message.text)
        self.at_once.edited(message.text)
        self.back.edited()

    # -- commands -------------------------------------------------------------------------------

    def on_editor_command(self, message: Editor.Command) -> None:
        """Run what a key of the composer stands for."""
        message.stop()
        self._is_commanding = True  # what is held back comes after the command
        self.run_command(message.action)
        self._is_commanding = False
        self.composer.editor.go_on()

    def run_command(self, action: str) -> None:
        """Run an action of the key table by its id."""
        commands = {
            "composer.review": self.review,
            "composer.send": self.at_once.send,
            "composer.take-back": self.back.run,
            "composer.kind": self.switch_kind,
            "composer.attach": self.attach,
            "composer.detach": self.macros.detach,
            "composer.macro": self.macros.pick,
            "composer.recipients": self.copies.choose,
            "composer.quote": lambda: quote(self),
            "composer.editor": lambda: write_outside(self, self._desk().actor),
            "composer.close": self.keep_draft,
        }
        command = commands.get(action)
        if command is not None and self.is_open and not self.off.is_under_way:
            self.composer.hush()
            command()

    def switch_kind(self) -> None:
        """Change between reply and note; each has a draft of its own."""
        if self.thread is not None:
            is_note = self.composer.kind is DraftKind.NOTE
            self.open(self.thread, DraftKind.REPLY if is_note else DraftKind.NOTE)
            self.post_message(self.Turned())

    def attach(self) -> None:
        """Ask for a file and put it to the draft."""
        if self.thread is not None:
            self.files.attach(self.thread.ticket, self._keeper.flush)

    def on_editor_pasted(self, message: Editor.Pasted) -> None:
        """Attach pasted files; put pasted text in."""
        message.stop()
        self.files.pasted(self.thread, message.text, self._keeper.flush)

    def review(self) -> None:
        """Show what would leave and to whom; a note is added at once, it goes nowhere."""
        thread, kind, text = self.thread, self.composer.kind, self.composer.text
        if thread is None:
            return
        if self.waits(self.review) or self.at_once.is_locked():
            return
        if self.macros.holds(self.review) or self.files.holding.holds(self.review):
            return
        ticket, files = thread.ticket.row.id, self.files.of(kind)
        if not text.strip() and not files:
            self.composer.say(_("nothing is written yet"))
            return
        if kind is DraftKind.NOTE:
            self.off.queue(ticket, kind, text, lambda: self._desk().replies.note(ticket, text))
            return
        self._step.begin(kind, text, files)

    @property
    def turn(self) -> int:
        """How often the composer was opened."""
        return self._opening

    def refuse(self, error: HelpdeskError) -> None:
        """Say under the text what went wrong; a toast where the composer is gone."""
        if not self.is_open:
            self.complain(error)
            return
        self.composer.set_state(_("draft saved"))
        self.composer.say(
            _("{problem} · nothing was sent, you are still in the draft").format(
                problem=sentence(error)
            )
        )
        self.composer.editor.focus()
        self.macros.refused(error)
