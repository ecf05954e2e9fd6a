"""Keys one at a time, in the order of typing: each goes to what the one before it has opened.

Over a slow line several keys come in one read. Handed over at once, ``t``, ``urgent`` and enter
would all reach the list, and an ``e`` among them would close the ticket: a dialog has the focus
only after it was put up, and what most of them show is read in a thread before that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import events
from textual._context import active_message_pump
from textual.app import App
from textual.message import Message

if TYPE_CHECKING:
    from textual.await_complete import AwaitComplete
    from textual.message_pump import MessagePump
    from textual.screen import Screen
    from textual.widget import Widget

HELD_FOR = 10.0
"""Seconds that keys wait for what they are meant for. What waited longer is dropped: nobody knows
any more what it meant, and what comes then is meant for what is on the screen."""
_LOST = 1.0
"""Seconds after which a key counts as taken though nobody has said so."""
_ROUNDS = 4
"""How often, at most, it is looked at whether a key has set off something more."""
_LOOK_AGAIN = 0.1
"""Seconds between two looks at whether whoever has a key, or holds keys, is still there."""
_NEVER_HELD = ("ctrl+q", "ctrl+c")
"""Keys that lead out of the program, whatever else is waited for."""


class Hold:
    """A reason for keys to wait: what they are meant for is being made ready."""

    def __init__(self, owner: Widget, ended: Callable[[Hold], None]) -> None:
        self.owner = owner
        self.until = monotonic() + HELD_FOR
        self._ended = ended

    def release(self) -> None:
        """Let the keys go on: what they wait for is there, or will not come."""
        self._ended(self)


class KeyboardApp(App[None]):
    """A program that gives a key on when the one before it has been taken."""

    class Taken(Message):
        """Comes up behind a key, by the same way: whoever wanted the key has had it."""

        def __init__(self, turn: int, round_: int) -> None:
            super().__init__()
            self.turn = turn
            self.round = round_

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key | events.Paste] = deque()
        """What is not given on yet."""
        self._turn = 0
        """Counts what was given on."""
        self._taker: Widget | None = None
        """Who has been given the last key, until that is taken."""
        self._since = 0.0
        self._holds: list[Hold] = []
        self._arriving: Screen[Any] | None = None
        """The screen that has been put up and has not got the focus yet."""
        self._askers: dict[Screen[Any], MessagePump] = {}
        """Who takes the answer of each screen."""
        self._is_watching = False

    # holding -----------------------------------------------------------------------------------

    def hold_keys(self, owner: Widget) -> Hold:
        """Keep keys back from here on: what they are meant for is being made ready.

        Args:
            owner: Where the answer is awaited; when it goes, nothing is waited for any more.
        """
        hold = Hold(owner, self._released)
        self._holds.append(hold)
        return hold

    def drop_keys(self) -> None:
        """Forget what waits: what it was meant for will not come."""
        self._typed.clear()

    def _released(self, hold: Hold) -> None:
        if hold in self._holds:
            self._holds.remove(hold)
            self.call_later(self._give_on)

    def _is_held(self) -> bool:
        now = monotonic()
        if any(hold.until < now for hold in self._holds):
            self.drop_keys()
        self._holds = [hold for hold in self._holds if hold.until >= now and hold.owner.is_attached]
        return bool(self._holds) or self._arriving is not None

    # giving on ---------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Line up what is typed and pasted; all else goes its way."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
            return
        is_held = self._is_held()
        if is_held and isinstance(event, events.Key) and event.key in _NEVER_HELD:
            await super().on_event(event)
            return
        self._typed.append(event)
        if is_held or self._taker is not None:
            self._watch()
        else:
            await self._give_on()

    async def _give_on(self) -> None:
        if self._taker is not None or self._is_held() or not self._typed:
            return
        event = self._typed.popleft()
        self._turn += 1
        self._taker, self._since = self.focused or self.screen, monotonic()
        await super().on_event(event)
        await self._follow(1)
        if self._typed:
            self._watch()

    async def _follow(self, round_: int) -> None:
        """Send a messenger behind the last key."""
        taker = self._taker
        if taker is not None and not taker.post_message(self.Taken(self._turn, round_)):
            await self._go_on()

    async def on_keyboard_app_taken(self, message: Taken) -> None:
        """Give on the next key, once what the last one has set off is done too."""
        message.stop()
        taker = self._taker
        if message.turn != self._turn or taker is None:
            return
        # a line posts "submitted" to itself: that comes behind the first messenger
        is_busy = any(each.message_queue_size for each in taker.ancestors_with_self[:-1])
        if is_busy and message.round < _ROUNDS:
            await self._follow(message.round + 1)
        else:
            await self._go_on()

    async def _go_on(self) -> None:
        self._taker = None
        await self._give_on()

    def _watch(self) -> None:
        """See to it that keys do not wait for somebody who is gone."""
        if not self._is_watching:
            self._is_watching = True
            self.set_timer(_LOOK_AGAIN, self._look_again)

    async def _look_again(self) -> None:
        self._is_watching = False
        taker = self._taker
        if taker is not None and (not taker.is_attached or monotonic() - self._since > _LOST):
            self._taker = None
        await self._give_on()
        if self._typed:
            self._watch()

    # screens -----------------------------------------------------------------------------------

    def push_screen(self, screen: Any, *args: Any, **options: Any) -> Any:
        """Put a screen up; keys wait until it has the focus."""
        asker = active_message_pump.get(self)
        pushed = super().push_screen(screen, *args, **options)
        self._arriving = top = self.screen
        self._askers[top] = asker

        def arrived() -> None:
            # behind the focus that it asked for while it was mounted
            self.call_later(self._arrived, top)

        if not top.call_after_refresh(arrived):
            self._arriving = None
        return pushed

    async def _arrived(self, screen: Screen[Any]) -> None:
        if self._arriving is screen:
            self._arriving = None
            await self._give_on()

    def pop_screen(self) -> AwaitComplete:
        """Take a screen away; the key that did it is taken once the answer is."""
        gone = self.screen
        popped = super().pop_screen()
        if self._arriving is gone:
            self._arriving = None
        asker = self._askers.pop(gone, self)
        if not asker.call_later(self._answered, self._turn):
            self.call_later(self._answered, self._turn)
        return popped

    async def _answered(self, turn: int) -> None:
        if turn == self._turn:
            await self._go_on()
