"""What may go wrong in a channel: nothing else leaves an adapter."""

from __future__ import annotations

from helpdesk_tui.domain.errors import RemoteError


class ChannelError(RemoteError):
    """A channel could not do its work; the code and values say why."""


class Retry(ChannelError):
    """The trouble may pass: try again, after ``after`` seconds where the other side said so."""

    def __init__(self, code: str, *, after: float = 0.0, **values: object) -> None:
        super().__init__(code, **values)
        self.after = after


class Rejected(ChannelError):
    """Refused for good; an agent has to know."""


class AuthFailed(ChannelError):
    """The credentials are refused: stop until they change, or the account gets locked."""


class Uncertain(ChannelError):
    """A message may have left or not: ask the other side before anything else."""


class Gone(ChannelError):
    """What was asked for, or written to, is not over there any more."""


class NotYet(ChannelError):
    """A message waits for its turn, ``after`` seconds long; nothing is wrong with it."""

    def __init__(self, code: str = "", *, after: float, **values: object) -> None:
        super().__init__(code, **values)
        self.after = after


class Undecided(ChannelError):
    """Nobody can tell whether a message has left, and nobody is left to ask: a person decides."""
