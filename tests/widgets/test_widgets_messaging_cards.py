"""What messages of SMS, WhatsApp and Instagram carry is told where it stands."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest

from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.messages import (
    AttachmentRow,
    Delivery,
    Direction,
    FileState,
    MessageRow,
    ShortLinkRow,
)
from helpdesk_tui.domain.messaging.state import (
    Attribution,
    ConsentInfo,
    ConsentState,
    MessagingInfo,
)
from helpdesk_tui.domain.pictures import Look, NoPicture, Playtime, Thumbnail
from helpdesk_tui.screens.thread.links import links_of
from helpdesk_tui.widgets.sidebar import SidebarInput, sidebar_rows
from helpdesk_tui.widgets.thread.file_lines import file_lines
from helpdesk_tui.widgets.thread.layout import LayoutOptions, lay_out
from helpdesk_tui.widgets.words.files import playtime_words
from tests.support.thread_values import HOSTILE, NOW, detail, is_harmless, message, row, thread

K = NoticeKind


def shown(one: MessageRow, width: int = 100, **ticket: Any) -> list[str]:
    laid = lay_out(
        thread(one, ticket=detail(**ticket)),
        LayoutOptions(width, NOW, UTC),
    )
    return ["".join(text for text, _ in line.spans) for line in laid.lines]


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        (K.QUOTED, {"id": "3", "author": "Anna", "text": "Which size?"}, "▌ Anna: Which size?"),
        (K.QUOTED, {"id": "", "author": "", "text": ""}, "▌ a message not known here"),
        (K.STORY, {"what": "reply", "link": "https://cdn.example/s.jpg", "id": "1"},
         "◉ answers our story · cdn.example"),
        (K.STORY, {"what": "mention", "link": "", "id": ""}, "◉ mentions us in a story"),
        (K.SHARED, {"link": "https://www.instagram.com/p/1", "title": "Boots"},
         "▤ shares a post · Boots · www.instagram.com"),
        (K.LOCATION, {"name": "Shop", "address": "Main St 1", "latitude": "52.2",
                      "longitude": "21.0"}, "◈ place: Shop · Main St 1 · 52.2, 21.0"),
        (K.CONTACT, {"name": "Bo", "phone": "+48600100200", "email": ""},
         "◍ contact: Bo · +48600100200"),
        (K.UNSENT, {}, "× taken back by its writer: what it said is gone"),
        (K.UNSUPPORTED, {"type": "poll"},
         "▲ something that cannot be shown here (poll): it stands in the app only"),
    ],
)  # fmt: skip
def test_a_card_stands_above_the_text(kind: K, values: dict[str, str], said: str) -> None:
    lines = shown(message(text="Is this it?", notices=(Notice(kind, tuple(values.items())),)))
    place = lines.index(said)
    assert lines.index("Is this it?") == place + 2


def test_a_reaction_stands_below_and_says_whose_it_is() -> None:
    notices = (
        Notice(K.REACTION, (("emoji", "❤️"), ("by", "customer"))),
        Notice(K.REACTION, (("emoji", "👍🏽"), ("by", "us"))),
    )
    lines = shown(message(text="Sent today", notices=notices))
    place = lines.index("Sent today")
    assert [line.strip() for line in lines[place + 2 : place + 4]] == [
        "❤  by the customer",
        "👍 by us",
    ]


@pytest.mark.parametrize("kind", [kind for kind in K if kind.value in (
    "quoted", "story", "shared", "location", "contact", "reaction", "unsupported")])  # fmt: skip
def test_nothing_of_a_card_reaches_the_terminal_as_it_came(kind: K) -> None:
    names = ("id", "author", "text", "what", "link", "title", "name", "address", "latitude",
             "phone", "email", "emoji", "by", "type")  # fmt: skip
    notice = Notice(kind, tuple((name, HOSTILE) for name in names))
    assert all(is_harmless(line) for line in shown(message(notices=(notice,))))


def test_a_message_that_changed_is_drawn_anew() -> None:
    from helpdesk_tui.widgets.thread.layout import BodyCache

    cache, options = BodyCache(), LayoutOptions(100, NOW, UTC)
    before = lay_out(thread(message(text="Secret")), options, cache)
    after = lay_out(
        thread(message(text="", notices=(Notice(K.UNSENT),), flags=("unsent",))), options, cache
    )
    assert "Secret" in str(before.lines)
    assert "Secret" not in str(after.lines)
    assert "taken back" in str(after.lines)


def test_links_of_cards_are_among_the_links() -> None:
    link = "https://www.instagram.com/p/1"
    one = message(text="see", notices=(Notice(K.SHARED, (("link", link), ("title", "x"))),))
    assert [found.address for found in links_of(one)] == [link]


def test_an_answer_from_elsewhere_is_marked() -> None:
    one = message(
        direction=Direction.OUTBOUND, delivery=Delivery.SENT, flags=(Flag.ANSWERED_OUTSIDE,)
    )
    head = next(line for line in shown(one) if "answered outside" in line)
    assert "▲" not in head
    assert sum("answered" in line for line in shown(one)) == 1


def info(**changes: Any) -> MessagingInfo:
    values: dict[str, Any] = {
        "account_id": 1, "account": "sms-pl", "is_enabled": True, "provider": "twilio",
        "address": "+48600100200", "ours": "+48732100200", "heard_at": NOW - timedelta(hours=2),
        "consent": ConsentInfo(ConsentState.GIVEN, "marketing", "keyword", at=NOW),
    }  # fmt: skip
    return MessagingInfo(**{**values, **changes})


SENT = Attribution(5, "campaign", "Autumn sale", "20 % off boots", NOW - timedelta(hours=5), 1)


@pytest.mark.parametrize(
    ("kind", "message_id", "said"),
    [
        ("campaign", 1, "◆ answers the campaign “Autumn sale”"),
        ("flow", 1, "◆ answers the flow “Autumn sale”"),
        ("campaign", 99, "◆ answers “Autumn sale”"),
    ],
)
def test_what_a_message_answers_stands_below_its_head(
    kind: str, message_id: int, said: str
) -> None:
    sent = Attribution(5, kind, "Autumn sale", "", NOW, message_id)
    lines = shown(message(1, attributed_to="Autumn sale"), messaging=info(attribution=sent))
    assert said in lines


def side(channel: str, messaging: MessagingInfo, width: int = 40) -> str:
    ticket = detail(row=row(channel=channel), messaging=messaging)
    rows = sidebar_rows(SidebarInput(ticket, None, width, NOW, UTC))
    return "\n".join(one.text for one in rows)


def test_the_sidebar_tells_consent_window_number_and_campaign() -> None:
    said = side("sms", info(attribution=SENT))
    for piece in ("SMS", "sms-pl", "+48 732 100 200", "given", "by keyword", "marketing",
                  "ANSWERS", "Autumn sale", "20 % off boots"):  # fmt: skip
        assert piece.replace(" ", "") in said.replace(" ", ""), piece


@pytest.mark.parametrize(
    ("channel", "changes", "said"),
    [
        ("sms", {"consent": ConsentInfo(ConsentState.UNKNOWN)}, "✗ no consent known"),
        ("sms", {"consent": ConsentInfo(ConsentState.WITHDRAWN)}, "✗ opted out"),
        ("whatsapp", {"heard_at": NOW - timedelta(hours=2)}, "window 22 h 0 m"),
        ("whatsapp", {"heard_at": NOW - timedelta(days=2)}, "✗ window closed"),
        ("instagram", {"heard_at": None}, "✗ never wrote here"),
        ("instagram", {"is_enabled": False}, "switched off"),
        ("sms", {"dead_end": "twilio.21635"}, "▲ do not arrive"),
    ],
)
def test_the_sidebar_says_why_nothing_may_be_written(
    channel: str, changes: dict[str, Any], said: str
) -> None:
    assert said in side(channel, info(**changes))


def test_an_email_ticket_has_no_such_section() -> None:
    assert "sms-pl" not in side("email", info())


def file(**changes: Any) -> AttachmentRow:
    values: dict[str, Any] = {
        "id": 1, "filename": "voice.ogg", "content_type": "audio/ogg", "size": 9000,
        "sha256": "", "inline": False,
    }  # fmt: skip
    return AttachmentRow(**{**values, **changes})


def lines_of(one: AttachmentRow, look: Look = None, width: int = 60) -> list[str]:
    return ["".join(text for text, _ in line) for line in file_lines(one, width, look)]


def test_a_sound_and_a_film_say_how_long_they_play() -> None:
    assert lines_of(file(), Playtime(42.4)) == ["♪ voice.ogg  9 kB  0:42"]
    film = file(filename="box.mp4", content_type="video/mp4")
    assert lines_of(film, Playtime(65, 640, 480)) == ["▸ box.mp4  9 kB  1:05  640×480"]


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "0:01"), (59.6, "1:00"), (3599, "59:59"), (3725, "1:02:05")]
)
def test_a_time_to_play_is_told_as_players_do(seconds: float, said: str) -> None:
    assert playtime_words(seconds) == said


def test_what_a_look_told_stands_beside_the_name() -> None:
    gif = file(filename="a.gif", content_type="image/gif")
    assert lines_of(gif, Thumbnail(10, 20, 1, 1, b"", moves=True))[0].endswith("10×20  moves")
    pdf = file(filename="a.pdf", content_type="application/pdf")
    assert lines_of(pdf, Thumbnail(0, 0, 1, 1, b"", is_page=True))[0].endswith("first page")
    bad = lines_of(gif, NoPicture("picture.too-large", 60000, 60000))
    assert bad[1] == "  too many pixels to be unpacked here (60,000×60,000)"


@pytest.mark.parametrize("width", [18, 40, 80])
def test_a_file_that_is_not_here_fits_any_width(width: int) -> None:
    lost = file(state=FileState.FAILED, error_code="media.empty", is_remote=True, size=0)
    laid = lines_of(lost, width=width)
    assert all(len(line) <= width + 20 for line in laid)
    assert "could not be fetched" in " ".join(" ".join(laid).split())
    assert "F fetches it again" in " ".join(" ".join(laid).split())


def test_links_that_left_in_short_tell_how_often_they_were_followed():
    links = (
        ShortLinkRow("https://www.shop.example/returns?order=4711", 2, NOW),
        ShortLinkRow("https://shop.example/" + "x" * 300, 0),
    )
    lines = shown(
        message(direction=Direction.OUTBOUND, delivery=Delivery.SENT, channel="sms",
                short_links=links), 80
    )  # fmt: skip
    assert any(line == "↗ 2 clicks · shop.example/returns?order=4711" for line in lines)
    (unfollowed,) = [line for line in lines if line.startswith("↗ no clicks yet · shop.exam")]
    assert len(unfollowed) <= 80
    assert is_harmless("".join(shown(message(short_links=(ShortLinkRow(HOSTILE, 1),)))))
