"""What Twilio lists and posts becomes values, whatever is missing or odd in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from helpdesk_tui.domain.mail import NoticeKind
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.follow_up import next_check
from helpdesk_tui.domain.messaging.received import OptOut, Received, StatusNews
from helpdesk_tui.domain.messaging.twilio import (
    is_number,
    listed,
    moment_of,
    news_of,
    opt_out_of,
    posted,
    received,
)
from helpdesk_tui.domain.messaging.twilio_codes import Meaning, meaning_of_code
from tests.support.material import material

NOW = datetime(2026, 5, 28, 12, 0, tzinfo=UTC)
SID = "SM" + "0" * 31 + "1"
OURS = "+15550001111"


def _said(**changes):
    return {
        "sid": SID, "status": "received", "direction": "inbound", "from": "+15557770001",
        "to": OURS, "body": "hi", "num_media": "0", "error_code": None, "error_message": None,
        "date_created": "Thu, 28 May 2026 11:59:00 +0000",
        "date_sent": "Thu, 28 May 2026 11:59:01 +0000",
        "date_updated": "Thu, 28 May 2026 11:59:02 +0000",
    } | changes  # fmt: skip


def _listed(**changes):
    found = listed(_said(**changes), NOW)
    assert found is not None
    return found


def test_numbers_that_are_text_and_moments_of_mail_are_read():
    found = _listed(num_media="2")
    assert found.files == 2
    assert found.at == datetime(2026, 5, 28, 11, 59, 1, tzinfo=UTC)
    news = received(found, answers_keywords=True)
    assert [dict(each.source) for each in news.media] == [
        {"message": SID, "index": "0"},
        {"message": SID, "index": "1"},
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"date_sent": None},
        {"date_sent": "yesterday"},
        {"date_sent": 12, "date_created": []},
        {"num_media": None},
        {"num_media": "many"},
        {"num_media": "99999999999999"},
        {"num_media": "-1"},
        {"body": None},
        {"status": None},
        {"error_code": "x"},
        {"from": None, "to": {}},
    ],
)
def test_an_odd_field_costs_no_message(changes):
    found = _listed(**changes)
    assert found.files <= 10
    assert NOW - timedelta(days=1) <= found.at <= NOW + timedelta(days=1)


@pytest.mark.parametrize("said", [None, [], "x", {}, {"sid": 1}, {"sid": "../../x"}])
def test_what_is_no_message_is_none(said):
    assert listed(said, NOW) is None


def test_a_message_on_its_way_in_is_left_until_it_is_there():
    early = _listed(status="receiving", date_created="Thu, 28 May 2026 11:59:00 +0000")
    assert not early.is_settled(NOW)
    assert early.is_settled(NOW + timedelta(minutes=20))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", Delivery.SENDING),
        ("accepted", Delivery.SENDING),
        ("sent", Delivery.SENT),
        ("delivered", Delivery.DELIVERED),
        ("read", Delivery.READ),
        ("undelivered", Delivery.FAILED),
        ("failed", Delivery.FAILED),
        ("canceled", Delivery.FAILED),
    ],
)
def test_a_state_is_told_in_our_words(status, state):
    news = _listed(direction="outbound-api", status=status, error_code=30007).news
    assert news is not None
    assert (news.state, news.code) == (state, "twilio.30007")


@pytest.mark.parametrize(
    ("text", "opt_out"),
    [
        ("STOP", OptOut.STOP),
        (" stop \n", OptOut.STOP),
        ("Unsubscribe", OptOut.STOP),
        ("please stop the parcel", OptOut.NONE),
        ("start", OptOut.START),
        ("YES", OptOut.NONE),
        ("info", OptOut.HELP),
        ("", OptOut.NONE),
    ],
)
def test_a_whole_word_is_what_the_provider_acts_on(text, opt_out):
    assert opt_out_of(text) is opt_out
    message = _listed(body=text)
    assert received(message, answers_keywords=True).opt_out is opt_out
    assert received(message, answers_keywords=False).opt_out is OptOut.NONE


def _posted(**fields):
    form = {"MessageSid": SID, "From": "+15557770001", "To": OURS, "Body": "hi", "NumMedia": "0"}
    return news_of(posted(urlencode(form | fields)), NOW, ours=OURS, answers_keywords=True)


def test_a_posted_message_has_its_files_by_id():
    url = f"https://api.twilio.com/2010-04-01/Accounts/AC/Messages/{SID}/Media/ME{'0' * 31}2"
    news = _posted(NumMedia="1", MediaUrl0=url, MediaContentType0="image/jpeg")
    assert dict(news.media[0].source) == {"message": SID, "media": "ME" + "0" * 31 + "2"}
    assert news.media[0].content_type == "image/jpeg"


@pytest.mark.parametrize("url", ["https://evil.example/x", "", "file:///etc/passwd"])
def test_an_address_of_elsewhere_is_never_kept(url):
    news = _posted(NumMedia="1", MediaUrl0=url)
    assert dict(news.media[0].source) == {"message": SID, "index": "0"}


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, Received),
        ({"MessageStatus": "delivered", "From": OURS, "To": "+15557770001"}, StatusNews),
        ({"MessageStatus": "delivered", "From": "+15559990000"}, type(None)),
        ({"To": "+15559990000"}, type(None)),
        ({"MessageSid": "x"}, type(None)),
        ({"From": ""}, type(None)),
    ],
)
def test_only_news_of_this_number_count(fields, kind):
    assert type(_posted(**fields)) is kind


def test_whatsapp_adds_name_quote_place_and_reading():
    found = _posted(
        From="whatsapp:+4790000001", To=f"whatsapp:{OURS}", ProfileName="Ada",
        OriginalRepliedMessageSid="SM" + "0" * 31 + "9", Latitude="59.9", Longitude="10.7",
    )  # fmt: skip
    assert (found.address, found.name, found.answers) == (
        "+4790000001",
        "Ada",
        "SM" + "0" * 31 + "9",
    )
    assert found.notices[0].kind is NoticeKind.LOCATION
    read = _posted(MessageStatus="delivered", EventType="READ", From=f"whatsapp:{OURS}")
    assert read.state is Delivery.READ


@pytest.mark.parametrize("body", ["", "&&&", "=", "a" * 10_000, "x=1&" * 500, "\x00", "%ff%fe=%zz"])
def test_any_body_is_read_or_left(body):
    assert news_of(posted(body), NOW, ours=OURS, answers_keywords=True) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("+15550001111", True), ("+46701234567", True), ("15550001111", False), ("+0123456789", False),
     ("+1 555 000", False), ("ACME", False), ("+1555000111122223333", False), ("+١٢٣٤٥٦٧٨", False)],
)  # fmt: skip
def test_a_number_is_one_as_e164_writes_it(text, is_one):
    assert is_number(text) is is_one


def test_a_moment_of_tomorrow_is_none():
    assert moment_of("Thu, 28 May 2099 12:00:00 +0000", NOW) == NOW
    assert moment_of("Thu, 28 May 2026 10:00:00 -0200", NOW) == NOW


def test_it_is_asked_soon_and_then_ever_less_often_for_a_day():
    asked, now = [], NOW
    while (at := next_check(NOW, now, Delivery.SENT)) is not None:
        asked.append(at - NOW)
        now = at
    assert [each.total_seconds() for each in asked[:5]] == [5, 30, 300, 3_600, 7_200]
    assert asked[-1] == timedelta(days=1)
    assert next_check(NOW, NOW, Delivery.DELIVERED) is None
    assert next_check(NOW, NOW, Delivery.DELIVERED, has_read_marks=True) is not None
    assert next_check(NOW, NOW, Delivery.READ, has_read_marks=True) is None


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("twilio.21610", Meaning.OPTED_OUT),
        ("twilio.30006", Meaning.BAD_ADDRESS),
        ("twilio.30034", Meaning.SETUP),
        ("twilio.error", Meaning.REFUSED),
        ("meta.131047", None),
        ("", None),
    ],
)
def test_what_follows_from_an_error_is_known_by_its_code(code, meaning):
    assert meaning_of_code(code) is meaning


def test_the_vendors_way_of_posting_is_understood():
    bodies = json.loads((material("contracts") / "payloads/twilio_own_examples.json").read_text())
    kinds = {}
    for name, fields in bodies.items():
        ours = fields["From" if name.startswith("status") else "To"].removeprefix("whatsapp:")
        news = news_of(posted(urlencode(fields)), NOW, ours=ours, answers_keywords=True)
        kinds[name] = (type(news), getattr(news, "state", None), len(getattr(news, "media", ())))
    assert kinds["mms_two_media_no_text"] == (Received, None, 2)
    assert kinds["status_whatsapp_read"] == (StatusNews, Delivery.READ, 0)
    assert kinds["status_failed_opted_out"] == (StatusNews, Delivery.FAILED, 0)
    assert all(kind is not type(None) for kind, _state, _files in kinds.values())
