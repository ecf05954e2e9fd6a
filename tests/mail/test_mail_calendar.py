"""Invitations: what, when, where and who, whatever the calendar they come from."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.mail import NoticeKind
from helpdesk_tui.mail.calendar import MAX_ENTRIES, read_calendar
from helpdesk_tui.mail.parse import parse_mail
from tests.support.raw_mails import mail, multipart
from tests.support.waiting import frugal

CUSTOM = """BEGIN:VTIMEZONE
TZID:Customized Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def ics(*lines: str, method: str = "REQUEST", before: str = "", end: str = "\r\n") -> str:
    """Return a calendar with one entry."""
    text = "BEGIN:VCALENDAR\nVERSION:2.0\n" + (f"METHOD:{method}\n" if method else "") + before
    text += "BEGIN:VEVENT\nUID:1\n" + "\n".join(lines) + "\nEND:VEVENT\nEND:VCALENDAR\n"
    return text.replace("\n", end)


def values(*lines: str, **options: str) -> dict[str, str]:
    """Return what is told of one entry."""
    (notice,), _ = read_calendar(ics(*lines, **options).encode())
    assert notice.kind is NoticeKind.INVITATION
    return dict(notice.values)


def test_an_invitation_tells_what_when_where_and_who():
    found = values(
        "SUMMARY:Fitting\\, second", "DTSTART:20261124T130000Z", "DTEND:20261124T140000Z",
        "LOCATION:Shop\\; Main St 1", "ORGANIZER;CN=Anna:mailto:anna@example.org",
        'ATTENDEE;ROLE=REQ-PARTICIPANT;CN="Bo; \'B\'":mailto:bo@example.org',
        "ATTENDEE:MAILTO:cy@example.org", "DESCRIPTION:Bring shoes",
    )  # fmt: skip
    assert found == {
        "method": "request", "summary": "Fitting, second", "start": "2026-11-24T13:00:00+00:00",
        "end": "2026-11-24T14:00:00+00:00", "place": "Shop; Main St 1", "organizer": "Anna",
        "attendees": "Bo; 'B, cy@example.org",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("DTSTART:20260701T100000Z", "2026-07-01T10:00:00+00:00"),
        ("DTSTART;TZID=Europe/Berlin:20260701T100000", "2026-07-01T10:00:00+02:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20261201T100000", "2026-12-01T10:00:00+01:00"),
        ('DTSTART;TZID="Eastern Standard Time":20260701T100000', "2026-07-01T10:00:00-04:00"),
        ("DTSTART;TZID=/example.org/Tz/Asia/Kolkata:20260701T100000", "2026-07-01T10:00:00+05:30"),
        ("DTSTART;TZID=Customized Zone:20260701T100000", "2026-07-01T10:00:00+02:00"),
        ("DTSTART;TZID=Customized Zone:20261201T100000", "2026-12-01T10:00:00+01:00"),
        ("DTSTART;TZID=Customized Zone:20261025T015900", "2026-10-25T01:59:00+02:00"),
        ("DTSTART;TZID=Customized Zone:20261025T030000", "2026-10-25T03:00:00+01:00"),
        ("DTSTART;TZID=(UTC-03:00) Somewhere:20260701T100000", "2026-07-01T10:00:00-03:00"),
        ("DTSTART;TZID=Nowhere/Land:20260701T100000", "2026-07-01T10:00:00"),
        ("DTSTART;TZID=../../etc/passwd:20260701T100000", "2026-07-01T10:00:00"),
        ("DTSTART:20260701T100000+0200", "2026-07-01T10:00:00+02:00"),
        ("DTSTART:2026-07-01T10:00:00", "2026-07-01T10:00:00"),
        ("DTSTART;VALUE=DATE:20260701", "2026-07-01"),
    ],
)
def test_a_time_has_the_offset_of_its_zone_on_that_day(line, start):
    assert values(line, before=CUSTOM)["start"] == start


@pytest.mark.parametrize(
    ("lines", "end", "all_day"),
    [
        (("DTSTART:20260701T100000Z", "DURATION:PT1H30M"), "2026-07-01T11:30:00+00:00", ""),
        (("DTSTART:20260701T100000Z", "DURATION:P1W"), "2026-07-08T10:00:00+00:00", ""),
        (("DTSTART:20260701T100000Z",), "", ""),
        (("DTSTART:20260701", "DTEND:20260702"), "2026-07-01", "yes"),
        (("DTSTART:20260701", "DTEND:20260704"), "2026-07-03", "yes"),
        (("DTSTART:20260701T100000Z", "DTEND:20260601T100000Z"), "", ""),
        (("DTSTART:20260701T100000Z", "DTEND:20260701"), "", ""),
        (("DTSTART:99990701T100000Z", "DURATION:P99999D"), "", ""),
    ],
)
def test_the_end_is_told_or_reckoned(lines, end, all_day):
    found = values(*lines)
    assert (found.get("end", ""), found.get("all_day", "")) == (end, all_day)


@pytest.mark.parametrize(
    ("method", "lines", "expected"),
    [
        ("CANCEL", (), {"method": "cancel"}),
        ("REQUEST", ("STATUS:CANCELLED",), {"method": "cancel"}),
        ("", (), {"method": "publish"}),
        ("<script>", (), {"method": "publish"}),
        ("REPLY", ("ATTENDEE;PARTSTAT=DECLINED;CN=Bo:mailto:b@x.example",),
         {"method": "reply", "answer": "declined", "attendees": "Bo"}),
        ("REQUEST", ("RRULE:FREQ=WEEKLY;COUNT=10",), {"repeats": "weekly"}),
    ],
)  # fmt: skip
def test_the_kind_of_an_entry_is_told(method, lines, expected):
    found = values("SUMMARY:x", *lines, method=method)
    assert expected.items() <= found.items()


def test_folded_encoded_and_odd_lines_are_read():
    assert values("SUMMARY:Two", " words")["summary"] == "Twowords"
    assert values("SUMMARY:a", "\tb", end="\n")["summary"] == "ab"
    found = values("SUMMARY;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Caf=E9")
    assert found["summary"] == "Café"
    assert values("item1.SUMMARY:grouped", "no colon", ":", ";x")["summary"] == "grouped"


def test_an_alarm_or_an_exception_is_not_the_entry():
    alarm = ("SUMMARY:real", "BEGIN:VALARM", "DESCRIPTION:alarm", "SUMMARY:no", "END:VALARM")
    assert values(*alarm)["summary"] == "real"
    second = "BEGIN:VEVENT\nUID:1\nSUMMARY:series\nEND:VEVENT\n"
    exception = ics("RECURRENCE-ID:20260701", "SUMMARY:exception", end="\n")
    notices, _ = read_calendar(
        exception.replace("END:VCALENDAR", second + "END:VCALENDAR").encode()
    )
    assert [dict(notice.values)["summary"] for notice in notices] == ["series"]


def test_a_whole_calendar_tells_its_first_entries():
    entries = "".join(f"BEGIN:VEVENT\nUID:{n}\nSUMMARY:{n}\nEND:VEVENT\n" for n in range(1000))
    notices, _ = read_calendar(f"BEGIN:VCALENDAR\n{entries}END:VCALENDAR".encode())
    assert len(notices) == MAX_ENTRIES


def test_an_invitation_beside_a_text_is_told_and_no_file_somebody_sent():
    calendar = (
        f"Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n{ics('SUMMARY:Ü')}"
    )
    parsed = parse_mail(
        multipart("Content-Type: text/plain\r\n\r\nPlease come.", calendar, kind="alternative")
    )
    assert parsed.text.strip() == "Please come."
    assert [dict(notice.values)["summary"] for notice in parsed.notices] == ["Ü"]
    assert [(file.filename, file.inline) for file in parsed.attachments] == [
        ("invitation.ics", True)
    ]


def test_an_invitation_twice_in_one_mail_is_told_once():
    one = f"Content-Type: text/calendar\r\n\r\n{ics('SUMMARY:x')}"
    two = one.replace("text/calendar", 'application/ics; name="invite.ics"')
    parsed = parse_mail(multipart("Content-Type: text/plain\r\n\r\nHi", one, two))
    assert len(parsed.notices) == 1


def test_a_mail_that_is_nothing_but_an_invitation_shows_its_description():
    parsed = parse_mail(mail(ics("SUMMARY:x", "DESCRIPTION:Come\\nsoon"), "text/calendar"))
    assert parsed.text == "Come\nsoon"
    assert len(parsed.notices) == 1


def test_a_calendar_is_in_the_charset_it_names():
    raw = mail(
        ics("SUMMARY:Привет,", "\tмир").encode("cp1251"), "text/calendar; charset=windows-1251"
    )
    assert dict(parse_mail(raw).notices[0].values)["summary"] == "Привет,мир"
    entry = ics("SUMMARY:Привет").encode("cp1251")
    head, tail = multipart(
        "Content-Type: text/plain\r\n\r\nHi", "Content-Type: text/calendar; charset=cp1251\r\n\r\nX"
    ).rsplit(b"X", 1)
    assert dict(parse_mail(head + entry + tail).notices[0].values)["summary"] == "Привет"


def test_what_is_told_is_clean_and_short():
    found = values("SUMMARY:\x1b]0;x\x07\u202ename" + "y" * 5000, "LOCATION:a\\n\\nb")
    assert not set("\x1b\x07\u202e") & set(found["summary"])
    assert len(found["summary"]) <= 300
    assert found["place"] == "a b"


SECONDLY = CUSTOM.replace("FREQ=YEARLY", "FREQ=SECONDLY").replace("1601", "0001")
HOSTILE = {
    "endless zone": ics("DTSTART;TZID=Customized Zone:20260701T100000", before=SECONDLY),
    "many people": ics(*["ATTENDEE:mailto:a@b.example"] * 20_000),
    "deep": "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 40_000,
    "folds": ics("SUMMARY:" + "\r\n " * 150_000),
    "parameters": ics("SUMMARY" + ";a=b" * 100_000 + ":x"),
    "quotes": ics('SUMMARY;a="' + '";b="' * 90_000),
    "one line": "A" * 500_000,
    "zones": CUSTOM * 2_000 + ics("DTSTART;TZID=Customized Zone:20260701T100000"),
    "dates": ics("DTSTART:99999999T999999", "DTEND:00000000", "DURATION:P" + "9" * 5000),
    "offset": ics("DTSTART;TZID=Z:20260101T000000", before=CUSTOM.replace("+0", "+9")),
    "nothing": "",
    "binary": "\x00\x01\xff" * 1000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_calendar_costs_little_and_raises_nothing(name):
    with frugal():
        read_calendar(HOSTILE[name].encode())
