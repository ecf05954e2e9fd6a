"""Reading the list of messages without losing one: where to begin, and when to begin anew.

The list is read again and again, each time to its end: a message may be put into it late, below
ones that are known already. What was stored is known by its id and skipped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from helpdesk_tui.domain.messaging.twilio import Listed, listed
from helpdesk_tui.sync.channels.twilio.client import TwilioClient

_OVERLAP = timedelta(minutes=15)
"""How far before the last reading a usual one begins."""
_DAY = timedelta(days=1)
_MOST_PASSES = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What a reading has found: messages of customers that were not known, oldest first."""

    messages: tuple[Listed, ...]
    raw: Mapping[str, bytes]
    """The provider's words of each by its id."""
    read_at: datetime
    """When the reading began, by the clock over there."""


@dataclass(slots=True)
class _Pass:
    """What one way through all pages has gathered."""

    found: list[Listed] = field(default_factory=list)
    raw: dict[str, bytes] = field(default_factory=dict)
    pages: int = 0
    began: datetime | None = None


class Reading:
    """Reads the messages to one number of ours; used by one thread."""

    def __init__(self, to: str) -> None:
        self._to = to
        self._known: dict[str, datetime] = {}

    def read(self, client: TwilioClient, read_at: datetime, *, whole: bool) -> Found:
        """Return what is new since an earlier reading; blocks.

        Pages shift while they are read: where there was more than one, all are read again until
        a whole way through them brings nothing new.

        Args:
            client: What to ask.
            read_at: When the last reading began, by the clock over there.
            whole: From the day before on: what came late to the list stands far below.

        Raises:
            ChannelError: as the interface fails.
        """
        since = start_of(read_at, whole=whole)
        first = self._pass(client, since, {})
        found, raw, last = list(first.found), dict(first.raw), first
        for _ in range(_MOST_PASSES - 1):
            if last.pages < 2 or (last is not first and not last.found):
                break
            last = self._pass(client, since, raw)
            found += last.found
            raw |= last.raw
        # the list is newest first and says seconds only: of one second, what stands lower is older
        found.reverse()
        found.sort(key=lambda each: each.at)
        return Found(tuple(found), raw, first.began or read_at)

    def stored(self, found: Found) -> None:
        """Note that everything found is in the store."""
        self._known |= {each.sid: each.made_at for each in found.messages}
        oldest = found.read_at - 3 * _DAY
        self._known = {sid: at for sid, at in self._known.items() if at > oldest}

    def _pass(self, client: TwilioClient, since: datetime, before: Mapping[str, bytes]) -> _Pass:
        done = _Pass()
        for page in client.pages(since=since, to=self._to):
            done.pages += 1
            done.began = done.began or page.at
            for said in page.messages:
                message = listed(said, page.at)
                if message is None or not message.is_inbound or not message.theirs:
                    continue
                sid = message.sid
                is_known = sid in self._known or sid in before or sid in done.raw
                if is_known or not message.is_settled(page.at):
                    continue
                done.found.append(message)
                done.raw[sid] = raw_of(said)
        return done


def start_of(read_at: datetime, *, whole: bool) -> datetime:
    """Return from when on the list is read, by the clock over there."""
    if not whole:
        return read_at - _OVERLAP
    day = read_at.replace(hour=0, minute=0, second=0, microsecond=0)
    return day - _DAY


def raw_of(said: Mapping[str, Any]) -> bytes:
    """Return what the provider said as bytes to keep; halves of characters stay escaped."""
    return json.dumps(said, separators=(",", ":")).encode()
