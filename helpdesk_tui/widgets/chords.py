"""From key presses to actions: single keys and sequences such as ``g i`` or ``yy``."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.keys import BY_ID, Scope


def key_name(key: str, character: str | None) -> str:
    """Return a key press as the key table writes it: the character where there is one."""
    if character == " ":
        return "space"
    if character is not None and character.isprintable():
        return character
    return key


@dataclass(frozen=True, slots=True)
class Hit:
    """What a key press led to: an action, a sequence still open, or neither."""

    action: str = ""
    pending: str = ""

    def __bool__(self) -> bool:
        return bool(self.action or self.pending)


@dataclass(slots=True)
class Chords:
    """Follows key presses through the key table of one scope.

    A key that is both an action and the start of a longer one (``y`` and ``yy``) acts at once and
    may be continued, so that no key ever waits for a time-out.
    """

    keymap: Keymap
    scopes: frozenset[Scope]
    _actions: dict[tuple[str, ...], str] = field(init=False, default_factory=dict)
    _starts: set[tuple[str, ...]] = field(init=False, default_factory=set)
    _typed: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        for action, sequences in self.keymap.items():
            if BY_ID[action].scope not in self.scopes:
                continue
            for sequence in sequences:
                parts = tuple(sequence.split())
                self._actions.setdefault(parts, action)
                self._starts.update(parts[:end] for end in range(1, len(parts)))

    @property
    def pending(self) -> tuple[str, ...]:
        """The keys of a sequence that is not finished."""
        return self._typed

    def clear(self) -> None:
        """Forget an unfinished sequence."""
        self._typed = ()

    def feed(self, key: str) -> Hit:
        """Take one key press and say what it leads to."""
        typed = (*self._typed, key)
        if typed not in self._actions and typed not in self._starts:
            if self._typed and self._typed not in self._actions:
                # an unknown end of a sequence does nothing, rather than something unexpected
                self._typed = ()
                return Hit(action="none")
            typed = (key,)
        action = self._actions.get(typed, "")
        self._typed = typed if typed in self._starts else ()
        return Hit(action, " ".join(self._typed))
