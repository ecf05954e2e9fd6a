"""What the relay refuses: a status, a code and values; never a stack trace, never a detail."""

from __future__ import annotations

import math
from collections.abc import Mapping


class Refused(Exception):
    """A request that is not done.

    ``code`` and ``values`` are the answer's JSON; the widget has the sentence for the code.
    """

    def __init__(self, status: int, code: str, **values: object) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.values = values

    @property
    def body(self) -> dict[str, object]:
        """Return the JSON of the answer."""
        return {"error": self.code, **self.values}

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the headers that go with it: when to come back, how to sign in."""
        if "retry_after" in self.values:
            seconds = self.values["retry_after"]
            return {"Retry-After": str(math.ceil(float(str(seconds))))}
        if self.status == 408:
            # who sends so slowly is not waited for any longer
            return {"Connection": "close"}
        if self.status == 401:
            return {"WWW-Authenticate": "Bearer"}
        return {}


def not_found() -> Refused:
    """Return the refusal of what is not there, or not this visitor's: both read the same."""
    return Refused(404, "not.found")


def unreadable(what: str = "body") -> Refused:
    """Return the refusal of a request that is not of the agreed form."""
    return Refused(400, "request.unreadable", what=what)


def too_large(limit: int) -> Refused:
    """Return the refusal of a text, a body or a number of files above the limit."""
    return Refused(413, "too.large", limit=limit)


def too_many(retry_after: float) -> Refused:
    """Return the refusal of somebody who is too fast; ``retry_after`` in seconds."""
    return Refused(429, "too.many", retry_after=max(1, math.ceil(retry_after)))
