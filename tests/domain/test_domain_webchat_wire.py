"""What box and relay say to each other survives the line, and nonsense is refused by name."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain.languages import is_language
from helpdesk_tui.domain.webchat.reading import WireError, is_id, moment_of
from helpdesk_tui.domain.webchat.site_wire import site_json, site_of
from helpdesk_tui.domain.webchat.wire import (
    Author,
    Event,
    EventKind,
    FaqEntry,
    Live,
    News,
    OurMessage,
    Site,
    Visitor,
    WireFile,
    event_of,
    file_of,
    message_json,
    message_of,
    news_json,
    news_of,
)

AT = datetime(2026, 11, 22, 9, 30, 0, 120, tzinfo=UTC)
FILE = WireFile("u_1", "żółw.png", "image/png", 12, "a" * 64)
STARTED = Event(
    1, EventKind.STARTED, AT, "c_1", Visitor("77", "anna@example.com", "Anna"), "pl-PL",
    "Europe/Warsaw", "https://shop.example/cart",
)  # fmt: skip
MESSAGE = Event(
    2, EventKind.MESSAGE, AT, "c_1", client_id="m-1", text="Cześć 👋", files=(FILE,), faq="returns"
)
VOTE = Event(3, EventKind.VOTE, AT, faq="returns", language="pl", helpful=True)
SITE = Site(
    id="shop",
    name="Acme",
    enabled=True,
    login="all",
    origins=("https://shop.example",),
    identity_keys=("k2", "k1"),
    languages=("en", "pl"),
    texts={"pl": {"welcome": "Dzień dobry"}},
    hours=((AT, AT + timedelta(hours=8)),),
    faq=(FaqEntry("returns", "en", "How do I return?", "Like this.", "Orders", "send back"),),
)


def over_the_line(value: object) -> object:
    return json.loads(json.dumps(value))


def test_events_and_what_is_live_arrive_as_they_left() -> None:
    news = News((STARTED, MESSAGE, VOTE), 7, (Live("c_1", online=True, typing=False),))
    assert news_of(over_the_line(news_json(news))) == news


@pytest.mark.parametrize("author", Author)
def test_messages_of_ours_arrive_as_they_left(author: Author) -> None:
    said = OurMessage("c_1", "hd.1.2.abc@shop.example", author, "Anna", "Hej!", AT, (FILE,))
    assert message_of(over_the_line(message_json(said))) == said


def test_a_site_arrives_as_it_left() -> None:
    assert site_of(over_the_line(site_json(SITE))) == SITE


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"kind": "shout"}, "kind"),
        ({"seq": -1}, "seq"),
        ({"seq": True}, "seq"),
        ({"seq": 2**63}, "seq"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2026-11-22T09:30:00"}, "at"),
        ({"conversation": "../x"}, "conversation"),
        ({"client_id": "a b"}, "client_id"),
        ({"text": 5}, "text"),
        ({"text": "x" * 16_001}, "text"),
        ({"files": [{}] * 6}, "files"),
        ({"files": "no"}, "files"),
        ({"files": [{"id": "u", "sha256": "short", "size": 1}]}, "sha256"),
        ({"files": [{"id": "u", "sha256": "a" * 64, "size": 10_000_001}]}, "size"),
        ({"visitor": "me"}, "visitor"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused_by_the_name_of_its_field(
    change: dict[str, object], what: str
) -> None:
    plain = {"seq": 1, "kind": "message", "at": "2026-11-22T09:30:00Z", "conversation": "c"}
    with pytest.raises(WireError) as caught:
        event_of({**plain, **change})
    assert caught.value.values == {"what": what}


@pytest.mark.parametrize("value", [None, [], {"events": []}, {"events": [], "live": {}}])
def test_an_answer_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(WireError):
        news_of(value)


def test_live_states_of_nonsense_ids_are_left_out() -> None:
    said = {"events": [], "live": {"version": 1, "conversations": {"../": {}, "c": "x"}}}
    assert news_of(said).live == (Live("c", online=False, typing=False),)


@pytest.mark.parametrize(
    "change",
    [
        {"enabled": 1},
        {"origins": "https://shop.example"},
        {"identity_keys": [1]},
        {"id": "a/b"},
        {"languages": ["../en"]},
        {"texts": {"en": "no"}},
        {"hours": [["2026-11-22T09:30:00Z"]]},
        {"faq": ["no"]},
        {"faq": [{"key": "only"}]},
    ],
)
def test_a_site_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(WireError):
        site_of({**site_json(replace(SITE)), **change})


def test_a_site_that_is_no_object_is_refused() -> None:
    with pytest.raises(WireError):
        site_of([])


def test_a_message_of_ours_by_nobody_is_refused() -> None:
    plain = message_json(OurMessage("c", "i", Author.AUTO, "", "x", AT))
    with pytest.raises(WireError):
        message_of({**plain, "author": {"kind": "visitor"}})


def test_a_file_needs_its_size() -> None:
    with pytest.raises(WireError):
        file_of({"id": "u", "sha256": "a" * 64})


def test_ids_and_languages_have_a_form() -> None:
    assert is_id("c_Ab-1")
    assert not is_id("")
    assert is_language("pt-BR")
    assert not is_language("e")
    assert moment_of("2026-11-22T10:30:00+01:00").hour == 9
