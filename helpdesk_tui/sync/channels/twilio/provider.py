"""Twilio as the sender of messages sees it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from helpdesk_tui.domain.json_fields import id_at
from helpdesk_tui.domain.messaging.parts import PartKind, PartLimits, PlannedPart, Reply, plan
from helpdesk_tui.domain.messaging.received import StatusNews
from helpdesk_tui.domain.messaging.twilio import Listed, is_short_code, listed
from helpdesk_tui.domain.sms import count_segments
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.sync.channels.errors import AuthFailed, Gone, Rejected
from helpdesk_tui.sync.channels.messaging.provider import Accepted, OutgoingPart
from helpdesk_tui.sync.channels.twilio.client import TwilioClient
from helpdesk_tui.sync.channels.twilio.settings import TwilioSettings

SMS_LIMITS = PartLimits(text=1_600, files=10, caption=1_600, caption_kinds=frozenset("*"))
WHATSAPP_LIMITS = PartLimits(
    text=1_600, files=1, caption=1_024, caption_kinds=frozenset(("image", "video"))
)
"""Documents and sounds take no words beside them: those travel as a message of their own."""
_BURST = 10.0
"""Seconds of work that may be handed over at once: the rest would only queue over there."""
_SLACK = timedelta(seconds=2)
"""Clocks over there say whole seconds only."""
_DAY = timedelta(days=1)
_TRIAL = "Sent from your Twilio trial account - "


class TwilioProvider:
    """Sends for one number of ours; used by one thread."""

    needs_url = True
    can_find = True
    polls_status = True

    def __init__(
        self,
        settings: TwilioSettings,
        client: TwilioClient,
        *,
        is_known: Callable[[str], bool],
        callback: Callable[[], str] = str,
        now: Clock = utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make the provider of an account.

        Args:
            settings: The account's.
            client: What is asked.
            is_known: Tells whether an id is one of a message of ours that is accounted for.
            callback: Gives the address that is told what becomes of messages; empty: none.
            now: Our clock.
            clock: Counts seconds.
        """
        self._settings = settings
        self._client = client
        self._is_known = is_known
        self._callback = callback
        self._now = now
        self._clock = clock
        self._free_at = 0.0

    def plan(self, reply: Reply) -> list[PlannedPart]:
        """Return the parts a reply leaves in."""
        return plan(reply, WHATSAPP_LIMITS if self._settings.is_whatsapp else SMS_LIMITS)

    def pace(self, address: str) -> float:
        """Return the seconds until the next part may go: the rate is that of our number."""
        return max(0.0, self._free_at - self._clock() - _BURST)

    def send(self, part: OutgoingPart) -> Accepted:
        """Make the request of a part; raises as the protocol says."""
        form = self._form(part)
        try:
            said = self._client.send(form)
        except Gone as error:
            # the account itself is what cannot be found
            raise AuthFailed("provider.credentials") from error
        self._free_at = max(self._free_at, self._clock()) + self._cost(part)
        found = listed(said, self._now())
        if found is None or found.news is None:
            return Accepted(id_at(said, "sid"))
        return Accepted(found.sid, found.news.state)

    def find(self, part: OutgoingPart) -> str | None:
        """Return the id of a message that may have left: same words, made after the attempt."""
        begun = part.begun_at or self._now()
        to, ours = self._settings.address_of(part.address), self._settings.ours
        found: list[Listed] = []
        for page in self._client.pages(since=begun - _DAY, to=to, sender=ours):
            # both clocks may be wrong; how far they are apart is known
            earliest = begun + (page.at - self._now()) - _SLACK
            messages = [listed(each, page.at) for each in page.messages]
            found += [
                each for each in messages if each is not None and self._is_it(each, part, earliest)
            ]
        return min(found, key=lambda each: each.made_at).sid if found else None

    def status(self, part: OutgoingPart) -> StatusNews | None:
        """Return what became of a part."""
        try:
            found = listed(self._client.message(part.provider_id), self._now())
        except Gone:
            return None
        return None if found is None else found.news

    def read(self, address: str, external_id: str) -> None:
        """Twilio tells nobody that a message was read."""

    def close(self) -> None:
        """Drop the connections."""
        self._client.close()

    def _form(self, part: OutgoingPart) -> dict[str, str | Sequence[str]]:
        form: dict[str, str | Sequence[str]] = {
            "To": self._settings.address_of(part.address),
            "From": self._settings.ours,
        }
        if self._settings.messaging_service:
            form["MessagingServiceSid"] = self._settings.messaging_service
        callback = self._callback()
        if callback:
            form["StatusCallback"] = callback
        if part.kind is PartKind.TEMPLATE:
            return form | self._template(part)
        if part.text:
            form["Body"] = part.text
        if part.files:
            form["MediaUrl"] = [file.url for file in part.files]
        return form

    def _template(self, part: OutgoingPart) -> dict[str, str]:
        if part.template is None or not part.template_id:
            name = part.template.name if part.template else ""
            raise Rejected("twilio.no-template", name=name)
        values = {str(at): value for at, value in enumerate(part.template.values, 1)}
        return {"ContentSid": part.template_id, "ContentVariables": json.dumps(values)}

    def _cost(self, part: OutgoingPart) -> float:
        """Return the seconds that our number is busy with a part."""
        if self._settings.is_whatsapp:
            return 1 / 1.5 if part.files else 0.1
        rate = 100.0 if is_short_code(self._settings.number) else 1.0
        return max(1, count_segments(part.text).segments) / rate

    def _is_it(self, message: Listed, part: OutgoingPart, earliest: datetime) -> bool:
        if message.is_inbound or message.made_at < earliest or self._is_known(message.sid):
            return False
        if part.kind is PartKind.TEMPLATE:
            return True
        return message.files == len(part.files) and _same(message.text, part.text)


def _same(theirs: str, ours: str) -> bool:
    """Tell whether two texts are the same words: spaces at the ends get lost on the way."""
    return " ".join(theirs.removeprefix(_TRIAL).split()) == " ".join(ours.split())
