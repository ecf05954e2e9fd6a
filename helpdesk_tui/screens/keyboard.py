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

from helpdesk_tui.widgets.chords import key_name

if TYPE_CHECKING:
    from textual.await_complete import AwaitComplete
    from textual.message_pump import MessagePump
    from textual.screen import Screen
    from textual.widget import Widget
    from textual.worker import Worker

HELD_FOR = 10.0
"""Seconds that keys wait for what they are meant for. What waited longer is dropped: nobody knows
any more what it meant, and what comes then is meant for what is on the screen."""
_LOST = 1.0
"""Seconds after which a key counts as taken though nobody has said so."""
_ROUNDS = 4
"""How often, at most, it is looked at whether a key has set off something more."""
_LOOK_AGAIN = 0.1
"""Seconds between two looks at whether whoever has a key, or holds keys, is still there."""
_MOVES = ("move.down", "move.up")
_NEVER_HELD = ("ctrl+q", "ctrl+c")
"""Keys that lead out of the program, whatever else is waited for."""


class Hold:
    """A reason for keys to wait: what they are meant for is being made ready."""

    def __init__(self, owner: Widget, ended: Callable[[Hold], None]) -> None:
        self.owner = owner
        self.job: Worker[None] | None = None
        """What makes it ready, where that can be given up for another."""
        self._until = monotonic() + HELD_FOR
        self._ended = ended

    @property
    def is_over(self) -> bool:
        """True where it took too long."""
        return monotonic() > self._until

    @property
    def is_wanted(self) -> bool:
        """Whether somebody is still there who makes it ready and waits for it."""
        is_given_up = self.job is not None and self.job.is_cancelled
        return self.owner.is_attached and not is_given_up

    def release(self) -> None:
        """Let the keys go on: what they wait for is there, or will not come."""
        self._ended(self)


class KeyboardApp(App[None]):
    """A program that gives a key on when the one before it has been taken."""

    keymap: dict[str, tuple[str, ...]]

    class Taken(Message):
        """Comes up behind a key, by the same way: whoever wanted the key has had it."""

        def __init__(self, turn: int) -> None:
            super().__init__()
            self.turn = turn

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key | events.Paste] = deque()
        """What is not given on yet."""
        self._last: events.Key | events.Paste | None = None
        """What was given on last."""
        self._turn = 0
        """Counts what was given on."""
        self._taker: Widget | None = None
        """Who has been given the last key, until that is taken."""
        self._since = 0.0
        self._round = 0
        """How many messengers have followed that key."""
        self._is_followed = False
        """The last of them is not back yet."""
        self._holds: list[Hold] = []
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
        if any(hold.is_over for hold in self._holds):
            self.drop_keys()
        self._holds = [hold for hold in self._holds if hold.is_wanted and not hold.is_over]
        return bool(self._holds)

    # giving on ---------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Line up what is typed and pasted; all else goes its way."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
            return
        self._is_held()  # what has waited for too long goes before this comes
        self._typed.append(event)
        await self._give_on()

    async def _give_on(self) -> None:
        while self._typed:
            is_onward = self._is_onward(self._typed[0])
            event = self._next() if is_onward or self._is_taken() else None
            if event is None:
                self._watch()
                return
            await self._give(event, is_onward=is_onward)

    async def _give(self, event: events.Key | events.Paste, *, is_onward: bool) -> None:
        self._last, self._round = event, 0
        if is_onward:
            await super().on_event(event)
            return
        self._turn += 1
        self._taker, self._since = self.focused or self.screen, monotonic()
        await super().on_event(event)
        self._follow(self._taker)

    def _is_onward(self, event: events.Key | events.Paste) -> bool:
        """Tell whether a key goes on with what the one before it does: rows, or letters.

        Neither opens anything, and a key that is held down must not fall behind.
        """
        last, taker = self._last, self._taker
        if not isinstance(event, events.Key) or not isinstance(last, events.Key) or taker is None:
            return False
        is_both = all(self._moves(one) or _is_letter(one, taker) for one in (last, event))
        return is_both and bool(self.screen_stack) and taker is (self.focused or self.screen)

    def _moves(self, key: events.Key) -> bool:
        name = key_name(key.key, key.character)
        return any(name in self.keymap[action] for action in _MOVES)

    def _next(self) -> events.Key | events.Paste | None:
        """Take the next one out of the line; while that is held, only what leads out."""
        if not self.screen_stack:
            self.drop_keys()  # the program ends
        is_held = self._is_held()
        for place, event in enumerate(self._typed):
            if not is_held or (isinstance(event, events.Key) and event.key in _NEVER_HELD):
                del self._typed[place]
                return event
        return None

    def _is_taken(self) -> bool:
        """Tell whether the last key is done with, and all that it has set off."""
        taker = self._taker
        if taker is None:
            return True
        if self._is_followed:
            return False
        # a line posts "submitted" to itself: that comes behind the first messenger
        chain = taker.ancestors_with_self[:-1]
        if self._round < _ROUNDS and any(each.message_queue_size for each in chain):
            self._follow(taker)
        if not self._is_followed:
            self._taker = None
        return not self._is_followed

    def _follow(self, taker: Widget) -> None:
        """Send a messenger behind the last key."""
        self._round += 1
        self._is_followed = taker.post_message(self.Taken(self._turn))

    async def on_keyboard_app_taken(self, message: Taken) -> None:
        """Give on the next key, if there is one by now."""
        message.stop()
        if message.turn == self._turn:
            self._is_followed = False
            if self._typed:
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
            self._forget()
        await self._give_on()

    def _forget(self) -> None:
        self._taker, self._is_followed = None, False

    # screens -----------------------------------------------------------------------------------

    def push_screen(self, screen: Any, *args: Any, **options: Any) -> Any:
        """Put a screen up; keys wait until it has the focus."""
        asker = active_message_pump.get(self)
        pushed = super().push_screen(screen, *args, **options)
        self._askers[self.screen] = asker
        hold = self.hold_keys(self.screen)
        # released behind the focus that it asks for while it is mounted
        self.screen.call_after_refresh(self.call_later, hold.release)
        return pushed

    def pop_screen(self) -> AwaitComplete:
        """Take a screen away; the key that did it is taken once the answer is."""
        asker = self._askers.pop(self.screen, self)
        popped = super().pop_screen()
        if not asker.call_later(self._answered, self._turn):
            self.call_later(self._answered, self._turn)
        return popped

    async def _answered(self, turn: int) -> None:
        if turn == self._turn:
            self._forget()
            await self._give_on()


def _is_letter(key: events.Key, taker: Widget) -> bool:
    """Tell whether a key is a letter, a digit or a space of what is typed."""
    letter = key.character or ""
    is_plain = letter.isalnum() or letter == " "
    return is_plain and taker.check_consume_key(key.key, key.character)
