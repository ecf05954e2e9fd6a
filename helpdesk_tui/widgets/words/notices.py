"""What a message carries beside text and files, in plain English: one line or two each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.locale_forms import clock, short_day, short_moment
from helpdesk_tui.widgets.words.messaging_notices import MESSAGING_SIGNS, messaging_lines

_PEOPLE_SHOWN = 6
_INVITATIONS = N_(
    {
        "request": "Invitation",
        "cancel": "Cancelled",
        "counter": "Another time proposed",
        "declinecounter": "Proposed time declined",
        "reply": "Answer to an invitation",
    }
)
_ANSWERS = N_({"accepted": "accepts", "declined": "declines", "tentative": "may come"})
_REPEATS = N_(
    {
        "daily": "every day",
        "weekly": "every week",
        "monthly": "every month",
        "yearly": "every year",
    }
)
_SCHEMES = {"smime": "S/MIME", "pgp": "OpenPGP"}
_SIGNED = N_("Signed with {scheme}: the signature is kept and was not checked here")
_ENCRYPTED = N_("Encrypted with {scheme}: it cannot be read here, only where the key is")

SIGNS = {
    NoticeKind.INVITATION: "◷ ",
    NoticeKind.SIGNED: "◇ ",
    NoticeKind.ENCRYPTED: "▲ ",
    NoticeKind.EMBEDDED: "▣ ",
    **MESSAGING_SIGNS,
}
"""What stands before the first line of a notice."""


def notice_lines(notice: Notice, zone: tzinfo | None, year: int) -> list[str]:
    """Return the lines of a notice, cleaned.

    Args:
        notice: what the mail carries.
        zone: the agent's time zone; None is the machine's.
        year: the year that goes without saying.
    """
    values = {name: clean(value) for name, value in notice.values}
    if notice.kind is NoticeKind.INVITATION:
        return _invitation(values, zone, year)
    if notice.kind is NoticeKind.EMBEDDED:
        return [_embedded(values, zone, year)]
    if notice.kind in MESSAGING_SIGNS:
        return messaging_lines(notice.kind, values)
    sentence = _SIGNED if notice.kind is NoticeKind.SIGNED else _ENCRYPTED
    scheme = values.get("scheme", "")
    return [_(sentence).replace("{scheme}", _SCHEMES.get(scheme, scheme or _("an unknown scheme")))]


def _joined(pieces: Iterable[str]) -> str:
    return " · ".join([piece for piece in pieces if piece])


def _named(word: str, value: str | None) -> str:
    return f"{word} {value}" if value else ""


def _invitation(values: dict[str, str], zone: tzinfo | None, year: int) -> list[str]:
    """Tell what is to happen, when, where and by whom; then who else is asked."""
    organizer, people = values.get("organizer", ""), values.get("attendees", "")
    answer = _(_ANSWERS.get(values.get("answer", ""), ""))
    if answer and people:
        kind, people = f"{people.split(', ')[0]} {answer}", ""
    else:
        kind = _(_INVITATIONS.get(values.get("method", ""), N_("Appointment")))
    untitled = _("without a title")
    first = _joined([
        f"{kind}: {values.get('summary') or untitled}",
        _when(values, zone, year),
        _(_REPEATS.get(values.get("repeats", ""), ""))
        or _named(_("repeats"), values.get("repeats")),
        values.get("place", ""),
        _named(_("from"), organizer),
    ])  # fmt: skip
    return (
        [first, _("with {people}").format(people=_people(people))]
        if people and people != organizer
        else [first]
    )


def _people(joined: str) -> str:
    names = joined.split(", ")
    more = len(names) - _PEOPLE_SHOWN
    shown = ", ".join(names[:_PEOPLE_SHOWN])
    return _("{shown} and {more} more").format(shown=shown, more=more) if more > 0 else shown


def _embedded(values: dict[str, str], zone: tzinfo | None, year: int) -> str:
    moment = _moment(values.get("date", ""), zone)
    subject = values.get("subject") or _("without a subject")
    return _joined([
        _("Attached mail: {subject}").format(subject=subject),
        _named(_("from"), values.get("sender")),
        "" if moment is None else short_moment(moment, year),
    ])  # fmt: skip


def _when(values: dict[str, str], zone: tzinfo | None, year: int) -> str:
    """Return a span of time as the agent's own clock has it."""
    start = _moment(values.get("start", ""), zone)
    end = _moment(values.get("end", ""), zone)
    if start is None:
        return ""
    if values.get("all_day"):
        days = short_day(start, year)
        if end is not None and end.date() > start.date():
            days += f" – {short_day(end, year)}"
        return _("{days}, all day").format(days=days)
    text = short_moment(start, year)
    if end is not None and end > start:
        same_day = end.date() == start.date()
        text += f"–{clock(end)}" if same_day else f" – {short_moment(end, year)}"
    return text + ("" if _has_zone(values["start"]) else " " + _("(no time zone given)"))


def _has_zone(text: str) -> bool:
    moment = _parsed(text)
    return moment is not None and moment.tzinfo is not None


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str, zone: tzinfo | None) -> datetime | None:
    """Return a stored moment in the agent's zone; a day, or a time of no zone, as it stands."""
    moment = _parsed(text)
    if moment is None:
        return None
    try:
        local = moment if moment.tzinfo is None else moment.astimezone(zone)
    except (OverflowError, ValueError, OSError):
        local = moment
    return local.replace(tzinfo=None)
