"""Twilio's interface for messages: typed, bounded, and read page by page to the end."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx

from helpdesk_tui.domain.json_fields import id_at, objects_at, word_at
from helpdesk_tui.domain.messaging.twilio import is_sid, moment_of
from helpdesk_tui.domain.messaging.twilio_codes import BUSY_SECONDS, Meaning, code_of, meaning_of
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.sync.channels.errors import (
    AuthFailed,
    ChannelError,
    Gone,
    Rejected,
    Retry,
    Uncertain,
)
from helpdesk_tui.sync.channels.twilio.settings import TwilioSettings
from helpdesk_tui.sync.cutting import Cutter
from helpdesk_tui.sync.http import Answer, Web, retry_after

PAGE_SIZE = 1_000
_MOST_PAGES = 2_000
_MOST = 16_000_000
"""Bytes of one page: a thousand messages of 1,600 characters each."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some messages of a list, newest first."""

    messages: tuple[Mapping[str, Any], ...]
    at: datetime
    """When it was made, by the clock over there."""


@dataclass(frozen=True, slots=True)
class Number:
    """What a number of the account can do."""

    sms: bool
    mms: bool


class TwilioClient:
    """One account at Twilio; used by one thread at a time, :meth:`close` by any.

    Every call blocks and raises only :class:`ChannelError`.
    """

    def __init__(
        self,
        settings: TwilioSettings,
        secret: str,
        *,
        cutter: Cutter | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._base = f"/2010-04-01/Accounts/{settings.account_sid}"
        self._web = Web(
            settings.api,
            auth=(settings.login, secret),
            refused=refused,
            cutter=cutter,
            transport=transport,
        )

    def close(self) -> None:
        """Drop the connections; what waits for an answer ends."""
        self._web.close()

    def pages(self, *, since: datetime, to: str = "", sender: str = "") -> Iterator[Page]:
        """Give the messages sent after a moment, page by page, the newest first.

        Args:
            since: By the clock over there.
            to: Only those to this address.
            sender: Only those from this address.
        """
        # the interface promises days of Greenwich only, its own examples hold moments
        after = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        asked = {"To": to, "From": sender, "DateSent>": after, "PageSize": str(PAGE_SIZE)}
        path, params = f"{self._base}/Messages.json", {k: v for k, v in asked.items() if v}
        seen = set()
        for _ in range(_MOST_PAGES):
            # the address of a page holds its query already
            answer = self._web.request(
                "GET", path, params=params or None, repeats=True, seconds=30.0, most=_MOST
            )
            said = answer.object()
            if not isinstance(said.get("messages"), list):
                raise Retry("provider.nonsense", status=answer.status)
            yield Page(tuple(objects_at(said, "messages")), clock_of(answer))
            path, params = _next(said), {}
            if not path:
                return
            if path in seen or not path.startswith(f"{self._base}/Messages.json"):
                raise Retry("provider.nonsense", status=answer.status)
            seen.add(path)
        raise Retry("provider.nonsense", status="pages")

    def message(self, sid: str) -> Mapping[str, Any]:
        """Return one message as it is now.

        Raises:
            Gone: ``provider.gone``.
        """
        return self._get(f"/Messages/{quote(sid, safe='')}.json").object()

    def media(self, sid: str) -> list[tuple[str, str]]:
        """Return (id, content type) of the files of a message in the order they were sent."""
        said = self._get(f"/Messages/{quote(sid, safe='')}/Media.json").object()
        now = utc_now()
        found = [
            (moment_of(each.get("date_created"), now), id_at(each, "sid"), each)
            for each in objects_at(said, "media_list")
        ]
        found.sort(key=lambda each: each[:2])
        return [
            (media, word_at(each, "content_type").lower())
            for _at, media, each in found
            if is_sid(media)
        ]

    def media_url(self, sid: str, media: str) -> str:
        """Return where a file of a message is; it leads on to a storage."""
        return f"{self._settings.api}{self._base}/Messages/{sid}/Media/{media}"

    def send(self, form: Mapping[str, str | Sequence[str]]) -> Mapping[str, Any]:
        """Send a message; return it as it was taken.

        Raises:
            Uncertain: it may have been taken, and nobody said so.
        """
        answer = self._web.request(
            "POST", f"{self._base}/Messages.json", form=form, repeats=False, seconds=30.0
        )
        said = answer.object()
        if not is_sid(id_at(said, "sid")):
            raise Uncertain("provider.uncertain", reason="no id")
        return said

    def clock(self) -> datetime:
        """Return what time it is over there."""
        return clock_of(self._web.request("GET", f"{self._base}.json", repeats=True))

    def status(self) -> str:
        """Return how the account stands: ``active``, ``suspended`` or ``closed``."""
        return word_at(
            self._web.request("GET", f"{self._base}.json", repeats=True).object(), "status"
        )

    def number(self, number: str) -> Number | None:
        """Return what a number of the account can do; None if it is not one of it."""
        said = self._get("/IncomingPhoneNumbers.json", {"PhoneNumber": number}).object()
        for each in objects_at(said, "incoming_phone_numbers"):
            if word_at(each, "phone_number") == number:
                can = each.get("capabilities")
                can = can if isinstance(can, Mapping) else {}
                return Number(can.get("sms") is True, can.get("mms") is True)
        return None

    def _get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        return self._web.request("GET", f"{self._base}{path}", params=params, repeats=True)


def refused(answer: Answer) -> ChannelError:
    """Return what a refusal means."""
    said = answer.said()
    found = word_at(said, "code")
    number = int(found) if found.isascii() and found.isdecimal() and len(found) < 9 else 0
    text = word_at(said, "message")
    meaning = meaning_of(number)
    if meaning is Meaning.BUSY:
        return Retry(code_of(number), after=retry_after(answer.headers) or BUSY_SECONDS)
    if meaning is Meaning.LOGIN or (answer.status in (401, 403) and number in (0, 20403)):
        return AuthFailed(
            code_of(number) if number else "provider.credentials", number=number, text=text
        )
    if answer.status == 404:
        return Gone("provider.gone")
    return Rejected(code_of(number), number=number or answer.status, text=text)


def login_headers(settings: TwilioSettings, secret: str) -> dict[str, str]:
    """Return what logs in where files are (RFC 7617)."""
    packed = base64.b64encode(f"{settings.login}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {packed}"}


def clock_of(answer: Answer) -> datetime:
    """Return when an answer was made, by the clock over there."""
    return moment_of(answer.headers.get("Date"), utc_now())


def _next(said: Mapping[str, Any]) -> str:
    found = said.get("next_page_uri")
    return found if isinstance(found, str) else ""
