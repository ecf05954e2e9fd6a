"""What a ``winmail.dat`` holds (MS-OXTNEF): its files, and in which forms its text is there."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from helpdesk_tui.mail import charsets
from helpdesk_tui.mail.html import html_to_text
from helpdesk_tui.mail.tnef_props import (
    LONG,
    OBJECT,
    STRING8,
    TIME,
    UNICODE,
    DamagedError,
    Property,
    attributes,
    charset_of,
    number_of,
    properties,
    text_of,
)
from helpdesk_tui.mail.tnef_rtf import MAX_RTF, rtf_content, unpacked

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_FILES = 500
MAX_DEPTH = 5
MAX_BODY = 2_000_000
"""Bytes of a body that are read."""

_SUBJECT, _BODY, _MESSAGE_PROPS, _CODEPAGE = 0x18004, 0x2800C, 0x69003, 0x69007
_CLASS = 0x78008
_RENDERING, _TITLE, _DATA, _TRANSPORT, _FILE_PROPS = 0x69002, 0x18010, 0x6800F, 0x69001, 0x69005
_EMBEDDED = 5
_IDENTIFIER = 16
"""Bytes that name the interface of an object before its data."""
_MEETING = "ipm.schedule.meeting."
_APPOINTMENT = "ipm.appointment"
_START, _END, _PLACE, _ALL_DAY = 0x820D, 0x820E, 0x8208, 0x8215
"""Numbers that name the properties of an appointment."""


@dataclass(frozen=True, slots=True)
class TnefFile:
    """A file inside."""

    filename: str
    data: bytes
    content_type: str = ""
    content_id: str = ""
    message: Tnef | None = None
    """The message that it is, where Outlook attached one of its own kind; without ``data``."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """An appointment, or a request for or an answer to one, as Outlook keeps it."""

    kind: str
    """What follows ``IPM.Schedule.Meeting.`` in the class of the message, in lower case."""
    start: datetime | None
    end: datetime | None
    place: str
    all_day: bool


@dataclass(frozen=True, slots=True)
class Tnef:
    """The contents of a TNEF stream."""

    files: tuple[TnefFile, ...]
    body_kinds: tuple[str, ...]
    """Which of ``txt``, ``html``, ``rtf`` it has; a copy of the text for old readers is none."""
    text: str = ""
    """The body as readable text, from the best form there is; not yet cleaned."""
    links: tuple[tuple[str, str], ...] = ()
    """Numbered links of an HTML body as (address, host)."""
    is_damaged: bool = False
    """Ends early, or a length in it is false: there may be more than was found."""
    subject: str = ""
    sender_name: str = ""
    sender_address: str = ""
    sent_at: datetime | None = None
    meeting: Meeting | None = None


def read_tnef(data: bytes) -> Tnef | None:
    """Return what is inside, as far as it can be read; None if this is no TNEF stream.

    Never raises. Takes time and memory in proportion to the length of the stream.
    """
    if not data.startswith(SIGNATURE):
        return None
    return _read(memoryview(data), _Budget(), MAX_DEPTH)


@dataclass(slots=True)
class _Budget:
    """What a stream may still cost, the messages embedded in it included."""

    files: int = MAX_FILES
    body: int = 2 * MAX_BODY
    rtf: int = MAX_RTF

    def taken(self, body: memoryview) -> bytes:
        """Return as much of a body as may still be read."""
        found = bytes(body[: self.body])
        self.body -= len(found)
        return found


@dataclass(slots=True)
class _File:
    """An attachment that is being read; names from the most to the least telling."""

    titles: dict[int, str] = field(default_factory=dict)
    data: memoryview | None = None
    object: memoryview | None = None
    method: int = 0
    content_type: str = ""
    content_id: str = ""

    def is_full(self, number: int) -> bool:
        """Tell whether an attribute is of the next file: some writers do not announce it."""
        return self.data is not None and (
            number == _DATA or (number == _TITLE and 1 in self.titles)
        )

    @property
    def has_data(self) -> bool:
        """Tell whether there is more of it than a name."""
        return self.data is not None or self.object is not None


_NAMES = {0x3707: 0, 0x3704: 2, 0x3001: 3, 0x3708: 4}
"""Rank of the properties that name a file; the attribute with its title has rank 1."""


@dataclass(slots=True)
class _Message:
    """A message that is being read."""

    charset: str = "cp1252"
    kind: str = ""
    files: list[_File] = field(default_factory=list)
    copy: memoryview | None = None
    """The text in the form that came before properties."""
    plain: memoryview | None = None
    plain_is_wide: bool = False
    html: memoryview | None = None
    html_is_wide: bool = False
    html_charset: str = ""
    rtf: memoryview | None = None
    texts: dict[int, str] = field(default_factory=dict)
    sent_at: datetime | None = None
    moments: dict[int, datetime | None] = field(default_factory=dict)
    place: str = ""
    all_day: bool = False
    damaged: bool = False


def _read(stream: memoryview, budget: _Budget, depth: int) -> Tnef:
    message = _Message()
    try:
        for level, number, data in attributes(stream):
            if number in (_RENDERING, _TITLE, _DATA, _TRANSPORT, _FILE_PROPS) and level == 2:
                _file_attribute(message, number, data)
            elif level == 1:
                _message_attribute(message, number, data)
    except DamagedError:
        message.damaged = True
    text, links = _text(message, budget)
    if message.damaged:  # what is only named has lost its data
        message.files = [each for each in message.files if each.has_data]
    files = [found for each in message.files if (found := _file(each, budget, depth))]
    return Tnef(
        files=tuple(files),
        body_kinds=_kinds(message),
        text=text,
        links=links,
        is_damaged=message.damaged or any(f.message and f.message.is_damaged for f in files),
        subject=message.texts.get(0x0037, ""),
        sender_name=message.texts.get(0x0C1A, ""),
        sender_address=message.texts.get(0x5D01, "") or message.texts.get(0x0C1F, ""),
        sent_at=message.sent_at,
        meeting=_meeting(message),
    )


def _message_attribute(message: _Message, number: int, data: memoryview) -> None:
    if number == _CODEPAGE and number_of(data):
        message.charset = charset_of(number_of(data))
    elif number == _SUBJECT:
        message.texts.setdefault(0x0037, text_of(data[:4000], message.charset))
    elif number == _CLASS:
        message.kind = text_of(data[:200], message.charset).lower()
    elif number == _BODY:
        message.copy = data[:MAX_BODY]
    elif number == _MESSAGE_PROPS:
        for found in _safely(message, data):
            if found.lid:
                _meeting_property(message, found)
            else:
                _message_property(message, found)


def _meeting_property(message: _Message, found: Property) -> None:
    if found.lid in (_START, _END) and found.kind == TIME:
        message.moments[found.lid] = _moment(found.value)
    elif found.lid == _PLACE and found.kind in (STRING8, UNICODE):
        message.place = _string(found, message.charset)
    elif found.lid == _ALL_DAY:
        message.all_day = number_of(found.value) != 0


def _meeting(message: _Message) -> Meeting | None:
    if not message.kind.startswith((_MEETING, _APPOINTMENT)) or not message.moments:
        return None
    return Meeting(
        kind=message.kind.removeprefix(_MEETING) if message.kind.startswith(_MEETING) else "",
        start=message.moments.get(_START),
        end=message.moments.get(_END),
        place=message.place,
        all_day=message.all_day,
    )


def _safely(message: _Message, data: memoryview) -> Iterable[Property]:
    """Yield properties until one is damaged; the attributes behind it can still be read."""
    try:
        yield from properties(data)
    except DamagedError:
        message.damaged = True


def _message_property(message: _Message, found: Property) -> None:
    kind, number, value = found.kind, found.number, found.value
    if number == 0x1000 and value:
        message.plain, message.plain_is_wide = value[:MAX_BODY], kind == UNICODE
    elif number == 0x1013 and value:
        message.html, message.html_is_wide = value[:MAX_BODY], kind == UNICODE
    elif number == 0x1009 and value:
        message.rtf = value
    elif number == 0x3FDE and kind == LONG:
        message.html_charset = charset_of(number_of(value))
    elif number in (0x0037, 0x0C1A, 0x0C1F, 0x5D01):
        message.texts[number] = _string(found, message.charset, 4000)
    elif kind == TIME and (number == 0x0039 or (number == 0x0E06 and message.sent_at is None)):
        message.sent_at = _moment(value)


def _string(found: Property, charset: str, limit: int = 2000) -> str:
    charset = "utf-16-le" if found.kind == UNICODE else charset
    return text_of(found.value[:limit], charset).strip()


def _moment(value: memoryview) -> datetime | None:
    """Return a moment given in tenths of a microsecond since 1601."""
    if len(value) < 8:
        return None
    (ticks,) = struct.unpack_from("<Q", value)
    try:
        return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None


def _file_attribute(message: _Message, number: int, data: memoryview) -> None:
    if number == _RENDERING or not message.files or message.files[-1].is_full(number):
        message.files.append(_File())
    file = message.files[-1]
    if number in (_TITLE, _TRANSPORT):
        name = text_of(data[:2000], message.charset).strip()
        file.titles.setdefault(1 if number == _TITLE else 5, name)
    elif number == _DATA:
        file.data = data
    elif number == _FILE_PROPS:
        for found in _safely(message, data):
            _file_property(file, found, message.charset)


def _file_property(file: _File, found: Property, charset: str) -> None:
    number = found.number
    if number in _NAMES:
        file.titles[_NAMES[number]] = _string(found, charset)
    elif number == 0x3701 and found.kind == OBJECT:
        file.object = found.value[_IDENTIFIER:]
    elif number == 0x3701 and file.data is None:
        file.data = found.value
    elif number == 0x3705:
        file.method = number_of(found.value)
    elif number == 0x370E:
        file.content_type = _string(found, charset).lower()
    elif number == 0x3712:
        file.content_id = _string(found, charset).strip("<>")


def _file(file: _File, budget: _Budget, depth: int) -> TnefFile | None:
    """Return a file as it was attached; None behind the last that is read."""
    if budget.files <= 0:
        return None
    budget.files -= 1
    name = next((file.titles[rank] for rank in sorted(file.titles) if file.titles[rank]), "")
    data = file.data if file.object is None else file.object
    data = memoryview(b"") if data is None else data
    inner: Tnef | None = None
    if depth and (file.method == _EMBEDDED or file.object is not None) and data[:4] == SIGNATURE:
        inner = _read(data, budget, depth - 1)
    return TnefFile(
        filename=name,
        data=b"" if inner else bytes(data),
        content_type=file.content_type,
        content_id=file.content_id,
        message=inner,
    )


def _kinds(message: _Message) -> tuple[str, ...]:
    found = {"txt": message.plain, "html": message.html, "rtf": message.rtf}
    kinds = tuple(kind for kind, body in found.items() if body is not None)
    return kinds or (() if message.copy is None else ("txt",))


def _text(message: _Message, budget: _Budget) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the body as text with its links: from the plain form, else HTML, else rich text."""
    if message.plain is not None:
        charset = "utf-16-le" if message.plain_is_wide else message.charset
        text = text_of(budget.taken(message.plain), charset)
        if text.strip():
            return text, ()
    if message.html is not None:
        charset = "utf-16-le" if message.html_is_wide else message.html_charset
        text, links = html_to_text(charsets.decode(budget.taken(message.html), charset))
        if text.strip():
            return text, links
    text, links = _rich_text(message, budget)
    if not text.strip() and message.copy is not None:
        return text_of(budget.taken(message.copy), message.charset), ()
    return text, links


def _rich_text(message: _Message, budget: _Budget) -> tuple[str, tuple[tuple[str, str], ...]]:
    if message.rtf is None or budget.rtf <= 0:
        return "", ()
    rtf = unpacked(bytes(message.rtf[: budget.rtf]))
    budget.rtf -= len(rtf)
    content, is_html = rtf_content(rtf)
    return html_to_text(content) if is_html else (content.strip("\n\0"), ())
