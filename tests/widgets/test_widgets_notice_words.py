"""How invitations, protection and attached mails are told."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.widgets.thread.layout import BodyCache, LayoutOptions, lay_out
from helpdesk_tui.widgets.words.notices import notice_lines
from tests.support.thread_values import HOSTILE, NOW, is_harmless, message, thread

WARSAW = ZoneInfo("Europe/Warsaw")
BASE = {
    "method": "request", "summary": "Fitting", "start": "2026-11-24T13:00:00+00:00",
    "end": "2026-11-24T14:00:00+00:00", "place": "Shop, Main St 1", "organizer": "Anna",
}  # fmt: skip


def invitation(**changes: str) -> Notice:
    return Notice(NoticeKind.INVITATION, tuple({**BASE, **changes}.items()))


def said(notice: Notice, zone: ZoneInfo | None = WARSAW) -> str:
    return " / ".join(notice_lines(notice, zone, 2026))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Invitation: Fitting · Tue 24 Nov 14:00–15:00 · Shop, Main St 1 · from Anna"),
        ({"method": "cancel", "place": "", "organizer": ""},
         "Cancelled: Fitting · Tue 24 Nov 14:00–15:00"),
        ({"method": "publish", "summary": "", "start": "", "end": "", "place": ""},
         "Appointment: without a title · from Anna"),
        ({"method": "reply", "answer": "declined", "attendees": "Bo", "place": "", "organizer": ""},
         "Bo declines: Fitting · Tue 24 Nov 14:00–15:00"),
        ({"end": "2026-11-25T14:00:00+00:00", "place": "", "organizer": ""},
         "Invitation: Fitting · Tue 24 Nov 14:00 – Wed 25 Nov 15:00"),
        ({"start": "2027-01-02T23:30:00+00:00", "end": "", "place": "", "organizer": ""},
         "Invitation: Fitting · Sun 3 Jan 2027 00:30"),
        ({"start": "2026-11-24", "end": "2026-11-24", "all_day": "yes", "place": "",
          "organizer": ""}, "Invitation: Fitting · Tue 24 Nov, all day"),
        ({"start": "2026-11-24", "end": "2026-11-26", "all_day": "yes", "place": "",
          "organizer": ""}, "Invitation: Fitting · Tue 24 Nov – Thu 26 Nov, all day"),
        ({"start": "2026-11-24T13:00:00", "end": "", "place": "", "organizer": ""},
         "Invitation: Fitting · Tue 24 Nov 13:00 (no time zone given)"),
        ({"repeats": "weekly", "place": "", "organizer": ""},
         "Invitation: Fitting · Tue 24 Nov 14:00–15:00 · every week"),
        ({"start": "no time", "place": "", "organizer": ""}, "Invitation: Fitting"),
        ({"start": "0001-01-01T00:00:00+18:00", "end": "", "place": "", "organizer": ""},
         "Invitation: Fitting · Mon 1 Jan 1 00:00"),
        ({"place": "", "organizer": "A", "attendees": "A, B, C, D, E, F, G, H"},
         "Invitation: Fitting · Tue 24 Nov 14:00–15:00 · from A"
         " / with A, B, C, D, E, F and 2 more"),
    ],
)  # fmt: skip
def test_an_invitation_is_one_sentence_on_the_clock_of_the_agent(changes, sentence):
    assert said(invitation(**changes)) == sentence


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        (NoticeKind.SIGNED, {"scheme": "smime"}, "Signed with S/MIME: the signature is kept"),
        (NoticeKind.SIGNED, {"scheme": "pgp"}, "Signed with OpenPGP"),
        (NoticeKind.ENCRYPTED, {"scheme": "pgp"}, "Encrypted with OpenPGP: it cannot be read here"),
        (NoticeKind.ENCRYPTED, {}, "Encrypted with an unknown scheme"),
        (NoticeKind.EMBEDDED, {"subject": "Old", "sender": "Bo",
                               "date": "2026-11-20T08:30:00+00:00"},
         "Attached mail: Old · from Bo · Fri 20 Nov 09:30"),
        (NoticeKind.EMBEDDED, {}, "Attached mail: without a subject"),
    ],
)  # fmt: skip
def test_protection_and_attached_mails_are_told(kind, values, words):
    assert said(Notice(kind, tuple(values.items()))).startswith(words)


def test_notices_stand_above_the_text_in_the_agents_zone():
    options = LayoutOptions(60, NOW, WARSAW)
    cache = BodyCache()
    shown = thread(message(1, text="Please come", notices=(invitation(),)))
    lines = ["".join(t for t, _ in line.spans) for line in lay_out(shown, options, cache).lines]
    at = next(index for index, line in enumerate(lines) if line.startswith("◷ Invitation: Fitting"))
    assert "14:00–15:00" in " ".join(lines[at : at + 2])
    assert lines.index("Please come") > at
    utc = lay_out(shown, replace(options, zone=ZoneInfo("UTC")), cache).lines
    assert any("13:00–14:00" in "".join(t for t, _ in line.spans) for line in utc)


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_no_notice_reaches_the_terminal_as_anything_but_text(kind):
    names = ("method", "summary", "start", "end", "place", "organizer", "attendees", "scheme",
             "sender", "subject", "date", "answer", "repeats")  # fmt: skip
    notice = Notice(kind, tuple((name, HOSTILE) for name in names))
    drawn = lay_out(thread(message(1, notices=(notice,))), LayoutOptions(40, NOW, WARSAW))
    text = "".join(piece for line in drawn.lines for piece, _ in line.spans)
    assert is_harmless(text)
