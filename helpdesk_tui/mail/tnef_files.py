"""A ``winmail.dat`` among the files of a mail: replaced by what is inside it."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from email.utils import format_datetime
from typing import NamedTuple

from helpdesk_tui.domain.mail import MailAttachment, Notice, NoticeKind
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.mail.files import UNKNOWN, kind_of, label_of
from helpdesk_tui.mail.tnef import SIGNATURE, Meeting, Tnef, TnefFile, read_tnef

MAX_FILES = 500
_KINDS = ("application/ms-tnef", "application/vnd.ms-tnef", UNKNOWN)
_METHODS = {"request": "request", "canceled": "cancel", "resp.pos": "reply", "resp.neg": "reply",
            "resp.tent": "reply"}  # fmt: skip
_ANSWERS = {"resp.pos": "accepted", "resp.neg": "declined", "resp.tent": "tentative"}
_TYPES = {
    "pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "png": "image/png",
    "htm": "text/html", "html": "text/html", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    "gif": "image/gif", "doc": "application/msword", "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip", "ics": "text/calendar", "eml": "message/rfc822",
}  # fmt: skip


class Unpacked(NamedTuple):
    """What came out of a ``winmail.dat``."""

    files: tuple[MailAttachment, ...]
    """What takes its place; itself too where it could not be read in full."""
    text: str = ""
    links: tuple[tuple[str, str], ...] = ()
    notices: tuple[Notice, ...] = ()


def is_tnef(file: MailAttachment) -> bool:
    """Tell whether a file is a TNEF stream, whatever it is called."""
    return file.data.startswith(SIGNATURE) and file.content_type in _KINDS


def unpack_tnef(file: MailAttachment) -> Unpacked:
    """Return what is inside a TNEF stream; the file itself where nothing could be read."""
    found = read_tnef(file.data)
    if found is None or not (found.files or found.text.strip() or found.meeting):
        return Unpacked((file,))
    files = _attachments(found)[:MAX_FILES]
    return Unpacked(
        files=(*files, file) if found.is_damaged else files,
        text=clean_lines(found.text).strip("\n"),
        links=found.links,
        notices=() if found.meeting is None else (_notice(found, found.meeting),),
    )


def _attachments(found: Tnef) -> tuple[MailAttachment, ...]:
    """Return the files inside; an attached message as a mail, with its own files behind it."""
    out: list[MailAttachment] = []
    for file in found.files:
        if file.message is None:
            out.append(_attachment(file))
        else:
            name = label_of(file.filename or file.message.subject) or "message"
            out.append(_made(f"{name}.eml", "message/rfc822", _as_mail(file.message)))
            out.extend(_attachments(file.message))
    return tuple(out)


def _attachment(file: TnefFile) -> MailAttachment:
    label = label_of(file.filename)
    kind = kind_of(file.content_type)
    if kind == UNKNOWN:
        kind = _TYPES.get(label.rpartition(".")[2].lower(), UNKNOWN)
    return _made(label, kind, file.data, clean(file.content_id))


def _made(name: str, kind: str, data: bytes, content_id: str = "") -> MailAttachment:
    return MailAttachment(
        filename=name,
        content_type=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        inline=bool(content_id),
        content_id=content_id,
        data=data,
    )


def _as_mail(message: Tnef) -> bytes:
    """Return an attached Outlook message as a mail of plain text."""
    address = message.sender_address if "@" in message.sender_address else ""
    heads = [f"From: {_word(message.sender_name)} <{_bare(address)}>",
             f"Subject: {_word(message.subject)}"]  # fmt: skip
    if message.sent_at is not None:
        heads.append(f"Date: {format_datetime(message.sent_at)}")
    heads += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
              "Content-Transfer-Encoding: base64", "", ""]  # fmt: skip
    text = clean_lines(message.text).encode("utf-8", "replace")
    return "\r\n".join(heads).encode("ascii", "replace") + base64.encodebytes(text)


def _word(text: str) -> str:
    """Return a text as an encoded word; readers join the pieces of a long one."""
    pieces = clean(text)
    return "\r\n ".join(
        f"=?utf-8?b?{base64.b64encode(pieces[at : at + 12].encode('utf-8', 'replace')).decode()}?="
        for at in range(0, min(len(pieces), 600), 12)
    )


def _bare(address: str) -> str:
    return "".join(char for char in clean(address) if char.isascii() and char not in "<> ")[:254]


def _notice(found: Tnef, meeting: Meeting) -> Notice:
    """Return the meeting as a notice; a day that is over at midnight is the last one."""
    start, end = meeting.start, meeting.end
    if meeting.all_day and start and end and end > start:
        end -= timedelta(seconds=1)
    organizer = clean(found.sender_name or found.sender_address)
    pairs = {
        "method": _METHODS.get(meeting.kind, "publish"),
        "summary": " ".join(clean(found.subject).split()),
        "start": "" if start is None else start.isoformat(timespec="seconds"),
        "end": "" if end is None else end.isoformat(timespec="seconds"),
        "all_day": "yes" if meeting.all_day else "",
        "place": " ".join(clean(meeting.place).split()),
        "answer": _ANSWERS.get(meeting.kind, ""),
        "organizer": "" if meeting.kind.startswith("resp.") else " ".join(organizer.split()),
        "attendees": " ".join(organizer.split()) if meeting.kind.startswith("resp.") else "",
    }
    return Notice(NoticeKind.INVITATION, tuple((key, text) for key, text in pairs.items() if text))
