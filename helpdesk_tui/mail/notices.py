"""What a mail carries beside its text and files: invitations, protection, attached mails.

Most mails carry none of it; what reads them is only loaded for those that do.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from helpdesk_tui.domain.mail import MailAttachment, MailClass, Notice, NoticeKind
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.mail.addresses import addresses, date_of
from helpdesk_tui.mail.headers import Headers, split_head, start_of
from helpdesk_tui.mail.mime import MAX_PARTS, Part, decoded
from helpdesk_tui.mail.protection import is_technical, protection_of
from helpdesk_tui.mail.words import header_text

MAX_NOTICES = 20
MAX_UNPACKED = 3
"""``winmail.dat`` files and calendars of one mail that are looked into."""
_MAX_LABEL = 200
_TNEF = b"\x78\x9f\x3e\x22"
_HEAD = 65_536
_CHARSET = re.compile(rb"charset=\"?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_CALENDAR_ENDS = (".ics", ".vcs")


class Beyond(NamedTuple):
    """Text, files and notices of a mail when all it carries has been looked into."""

    text: str
    attachments: tuple[MailAttachment, ...]
    notices: tuple[Notice, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """Numbered links of a text that came out of a file."""


def look_beyond(
    parts: tuple[Part, ...], text: str, attachments: tuple[MailAttachment, ...],
    mail_class: MailClass,
) -> Beyond:  # fmt: skip
    """Return what there is beside text and plain files; the same ones where there is nothing."""
    found = Beyond(text, attachments)
    if attachments:
        found = _unpacked(found)
    found = _invitations(found, parts)
    if attachments or "-----BEGIN PGP " in text:
        found = _protected(found, parts)
    if attachments and mail_class is not MailClass.BOUNCE:
        mails = [f for f in found.attachments if f.content_type == "message/rfc822"]
        told = [_embedded(file.data) for file in mails[:MAX_NOTICES]]
        found = found._replace(notices=(*found.notices, *told))
    return found._replace(notices=found.notices[:MAX_NOTICES]) if found.notices else found


def _unpacked(found: Beyond) -> Beyond:
    """Put what is inside a ``winmail.dat`` in its place, and its text where there is no other."""
    if not any(file.data.startswith(_TNEF) for file in found.attachments):
        return found
    from helpdesk_tui.mail.tnef_files import is_tnef, unpack_tnef

    files: list[MailAttachment] = []
    left = MAX_UNPACKED
    for file in found.attachments:
        if not left or not is_tnef(file):
            files.append(file)
            continue
        left -= 1
        inside = unpack_tnef(file)
        files.extend(inside.files if len(files) + len(inside.files) <= MAX_PARTS else (file,))
        if not found.text.strip() and inside.text:
            found = found._replace(text=inside.text, links=inside.links)
        found = found._replace(notices=(*found.notices, *inside.notices))
    return found._replace(attachments=tuple(files))


def _invitations(found: Beyond, parts: tuple[Part, ...]) -> Beyond:
    """Read the calendars of a mail, among them a text that is nothing but one."""
    is_text = found.text[:40].lstrip()[:15].upper() == "BEGIN:VCALENDAR"
    calendars = [
        file for file in found.attachments
        if file.content_type == "text/calendar" or file.filename.lower().endswith(_CALENDAR_ENDS)
    ]  # fmt: skip
    if not is_text and not calendars:
        return found
    from helpdesk_tui.mail.calendar import read_calendar

    notices: dict[Notice, None] = dict.fromkeys(found.notices)
    named = [part for part in parts if part.kind == "text/calendar"]
    charsets = iter([part.params.get("charset", "") for part in named])
    if is_text:
        data = decoded(named[0], []) if named else found.text.encode("utf-8", "replace")
        entries, description = read_calendar(data, next(charsets, ""))
        notices.update(dict.fromkeys(entries))
        found = found._replace(text=description) if entries else found
    for file in calendars[:MAX_UNPACKED]:
        charset = next(charsets, "") if file.content_type == "text/calendar" else ""
        entries, description = read_calendar(file.data, charset)
        notices.update(dict.fromkeys(entries))
        if not found.text.strip():
            found = found._replace(text=description)
    files = tuple(_named(file) for file in found.attachments)
    return found._replace(attachments=files, notices=tuple(notices))


def _named(file: MailAttachment) -> MailAttachment:
    """Return a calendar that came as one form of the text as what it is, not as a file sent."""
    if file.content_type != "text/calendar" or file.filename:
        return file
    return replace(file, filename="invitation.ics", inline=True)


def _protected(found: Beyond, parts: tuple[Part, ...]) -> Beyond:
    """Tell how a mail is protected; its signatures are no files that anybody sent."""
    notices = protection_of(parts, found.text)
    if not notices:
        return found
    files = tuple(
        replace(file, inline=True) if is_technical(file) else file for file in found.attachments
    )
    return found._replace(attachments=files, notices=(*found.notices, *notices))


def _embedded(data: bytes) -> Notice:
    """Return who wrote an attached mail, when and about what."""
    data = data[:_HEAD]
    headers = split_head(data, start_of(data), len(data), [])[0]
    hints = tuple([name.decode("ascii") for name in _CHARSET.findall(data)[:4]])
    people = addresses(headers.first(b"from")[:4000], hints)
    date = date_of(headers.first(b"date")[:200])
    pairs = {
        "sender": (people[0].name or people[0].addr) if people else "",
        "subject": _line(headers, b"subject", hints),
        "date": "" if date is None else date.isoformat(timespec="seconds"),
    }
    return Notice(
        NoticeKind.EMBEDDED,
        tuple((name, shorten(value, _MAX_LABEL)) for name, value in pairs.items() if value),
    )


def _line(headers: Headers, name: bytes, hints: tuple[str, ...]) -> str:
    return " ".join(clean(header_text(headers.first(name)[:4000], hints)).split())
