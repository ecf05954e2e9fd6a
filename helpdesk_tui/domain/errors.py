"""The errors of the desk: a code and values; the sentence for people is made at the edge."""

from __future__ import annotations


class HelpdeskError(Exception):
    """Something an agent or administrator has to know.

    ``code`` names the sentence that screens and commands show, ``values`` fill it in.
    """

    exit_code = 1

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.code} ({details})" if details else self.code


class UsageError(HelpdeskError):
    """The call or the configuration is wrong: say what to change."""

    exit_code = 2


class NotAllowed(HelpdeskError):
    """Refused by role, consent, channel window or state."""

    exit_code = 3


class NotFound(HelpdeskError):
    """The named thing does not exist."""

    exit_code = 4


class RemoteError(HelpdeskError):
    """A remote service refused or was unreachable."""

    exit_code = 5


class StoreError(HelpdeskError):
    """The store cannot be opened or written: missing, read-only, full, or newer than we are."""

    exit_code = 2


class Conflict(HelpdeskError):
    """Somebody else changed the thing meanwhile; nothing was written."""
