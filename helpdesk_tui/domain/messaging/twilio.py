"""Twilio's messages as values: what its interface lists and what its hooks post.

Numbers come as text, moments as those of mail, and either may be missing: one odd field must not
cost the message that it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl

from helpdesk_tui.domain.json_fields import id_at, text_at, word_at
from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.received import Medium, OptOut, Received, StatusNews
from helpdesk_tui.domain.messaging.twilio_codes import code_of

WHATSAPP = "whatsapp:"
"""Stands before the numbers of WhatsApp."""
MOST_FILES = 10
_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}", re.ASCII | re.IGNORECASE)
_MEDIA_PATH = re.compile(r"/Media/(ME[0-9a-f]{32})(?:\.json)?$", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_SHORT_CODE = re.compile(r"[1-9]\d{4,5}", re.ASCII)
_AHEAD = timedelta(days=1)
_MOST_FIELDS = 200
_SETTLES = timedelta(minutes=10)
"""How long a message may be on its way in over there before it is taken as it is."""

_STATES = {
    "accepted": Delivery.SENDING,
    "scheduled": Delivery.SENDING,
    "queued": Delivery.SENDING,
    "sending": Delivery.SENDING,
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "partially_delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "failed": Delivery.FAILED,
    "undelivered": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}
_STOP = frozenset(["STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"])
# YES opts in over there too, but whoever was asked something answers with it
_START = frozenset(("START", "UNSTOP"))
_HELP = frozenset(("HELP", "INFO"))


@dataclass(frozen=True, slots=True)
class Listed:
    """A message as Twilio lists it."""

    sid: str
    theirs: str
    """The customer's number, without what stands before numbers of WhatsApp."""
    ours: str
    text: str
    is_inbound: bool
    status: str
    files: int
    at: datetime
    """When it was sent or, before that, made."""
    made_at: datetime
    news: StatusNews | None
    """What became of it; None for one of a customer, or an unknown state."""

    def is_settled(self, now: datetime) -> bool:
        """Tell whether it is all there: of one still on its way in, files may be missing."""
        return self.status != "receiving" or now - self.made_at > _SETTLES


def is_number(text: str) -> bool:
    """Tell whether a text is a number as E.164 writes it, plus sign included."""
    return _NUMBER.fullmatch(text) is not None


def is_short_code(text: str) -> bool:
    """Tell whether a text is a number of five or six digits, good within one country."""
    return _SHORT_CODE.fullmatch(text) is not None


def is_sid(text: str) -> bool:
    """Tell whether a text is one of Twilio's ids."""
    return _SID.fullmatch(text) is not None


def listed(said: object, now: datetime) -> Listed | None:
    """Return one message of a list; None for what is none.

    Args:
        said: The JSON object.
        now: When it was listed, by Twilio's clock.
    """
    sid = id_at(said, "sid")
    if not isinstance(said, Mapping) or not is_sid(sid):
        return None
    is_inbound = word_at(said, "direction") == "inbound"
    sender, to = _address(word_at(said, "from")), _address(word_at(said, "to"))
    made_at = moment_of(said.get("date_created"), now)
    status = word_at(said, "status")
    state = None if is_inbound else _STATES.get(status)
    return Listed(
        sid=sid,
        theirs=sender if is_inbound else to,
        ours=to if is_inbound else sender,
        text=text_at(said, "body"),
        is_inbound=is_inbound,
        status=status,
        files=min(MOST_FILES, _count(word_at(said, "num_media"))),
        at=moment_of(said.get("date_sent"), now) if said.get("date_sent") else made_at,
        made_at=made_at,
        news=None if state is None else StatusNews(
            external_id=sid,
            state=state,
            at=moment_of(said.get("date_updated"), now),
            **_trouble(word_at(said, "error_code"), word_at(said, "error_message")),
        ),
    )  # fmt: skip


def received(message: Listed, *, answers_keywords: bool) -> Received:
    """Return a listed message of a customer.

    Args:
        message: One that came in.
        answers_keywords: Twilio itself acts on STOP and the like, as it does for text messages.
    """
    media = [Medium({"message": message.sid, "index": str(n)}) for n in range(message.files)]
    return Received(
        external_id=message.sid,
        at=message.at,
        address=message.theirs,
        text=message.text,
        media=tuple(media),
        opt_out=opt_out_of(message.text) if answers_keywords and not media else OptOut.NONE,
    )


def opt_out_of(text: str) -> OptOut:
    """Return what Twilio makes of a text: it looks at the whole, in any case."""
    word = text.strip().upper()
    if word in _STOP:
        return OptOut.STOP
    if word in _START:
        return OptOut.START
    return OptOut.HELP if word in _HELP else OptOut.NONE


def posted(body: str) -> dict[str, str]:
    """Return the fields of a body that a hook got; the first one of a name counts."""
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return dict(reversed(pairs))


def news_of(
    form: Mapping[str, str], at: datetime, *, ours: str, answers_keywords: bool
) -> Received | StatusNews | None:
    """Return what a hook was told; None for what is not about this number of ours, or is nothing.

    Args:
        form: The fields that were posted.
        at: When they came: nothing in them says so.
        ours: The number of the account, without what stands before numbers of WhatsApp.
        answers_keywords: As of :func:`received`.
    """
    sid = id_at(form, "MessageSid") or id_at(form, "SmsSid")
    if not is_sid(sid):
        return None
    state = _STATES.get(form.get("MessageStatus", ""))
    if state is not None:
        return _status(form, sid, state, at) if _address(form.get("From", "")) == ours else None
    if _address(form.get("To", "")) != ours or not _address(form.get("From", "")):
        return None
    media = tuple(_posted_media(form, sid))
    text = text_at(form, "Body")
    said = form.get("OptOutType", "").lower()
    opt_out = OptOut(said) if said in tuple(OptOut) else OptOut.NONE
    if not opt_out and answers_keywords and not media:
        opt_out = opt_out_of(text)
    return Received(
        external_id=sid,
        at=at,
        address=_address(form.get("From", "")),
        text=text,
        name=word_at(form, "ProfileName"),
        media=media,
        opt_out=opt_out,
        answers=id_at(form, "OriginalRepliedMessageSid"),
        notices=_place(form),
    )


def moment_of(value: object, otherwise: datetime) -> datetime:
    """Return a moment as mail writes it (RFC 2822); ``otherwise`` where there is none."""
    try:
        found = parsedate_to_datetime(value) if isinstance(value, str) else otherwise
        # a minus before zeros says that the zone is not known: the contract promises GMT
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return otherwise
    return otherwise if found > otherwise + _AHEAD else found


def _status(form: Mapping[str, str], sid: str, state: Delivery, at: datetime) -> StatusNews:
    if form.get("EventType", "").upper() == "READ":
        state = Delivery.READ
    trouble = _trouble(form.get("ErrorCode", ""), word_at(form, "ErrorMessage"))
    return StatusNews(sid, state, at, **trouble)


def _posted_media(form: Mapping[str, str], sid: str) -> list[Medium]:
    found = []
    for number in range(min(MOST_FILES, _count(form.get("NumMedia", "")))):
        url = form.get(f"MediaUrl{number}", "").partition("?")[0]
        match = _MEDIA_PATH.search(url)
        where = {"media": match[1]} if match else {"index": str(number)}
        kind = word_at(form, f"MediaContentType{number}").lower()
        found.append(Medium({"message": sid, **where}, kind))
    return found


def _place(form: Mapping[str, str]) -> tuple[Notice, ...]:
    """Return the place that somebody has sent by WhatsApp."""
    if not form.get("Latitude"):
        return ()
    names = {
        "name": "Label",
        "address": "Address",
        "latitude": "Latitude",
        "longitude": "Longitude",
    }
    found = tuple((name, word_at(form, field)) for name, field in names.items())
    return (Notice(NoticeKind.LOCATION, found),)


def _address(text: str) -> str:
    return word_at({"it": text.strip()}, "it").removeprefix(WHATSAPP)


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0


def _trouble(number: str, words: str) -> dict[str, str]:
    """Return code and text of why a message failed; empty ones where it did not."""
    if not number.isascii() or not number.isdecimal() or len(number) > 9 or int(number) == 0:
        return {"code": "", "text": words}
    return {"code": code_of(int(number)), "text": f"{number} {words}".rstrip()}
