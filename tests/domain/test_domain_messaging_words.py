"""Small decisions about messages: how far one has got, which links and names are whose."""

from __future__ import annotations

from itertools import permutations

import pytest

from helpdesk_tui.domain.media.names import agrees, is_made_up, named_type
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.dead_ends import is_dead_end
from helpdesk_tui.domain.messaging.links import links_in, shortened
from helpdesk_tui.domain.messaging.people import key_of, shown_name
from helpdesk_tui.domain.messaging.statuses import furthest, whole
from helpdesk_tui.domain.messaging.templates import filled, has_gaps, places_of


@pytest.mark.parametrize(
    ("told", "reached"),
    [
        ((Delivery.QUEUED,), Delivery.SENT),
        ((Delivery.DELIVERED, Delivery.SENT), Delivery.DELIVERED),
        ((Delivery.READ, Delivery.DELIVERED, Delivery.SENT), Delivery.READ),
        ((Delivery.FAILED, Delivery.SENT), Delivery.FAILED),
        # an early "failed" of a retried part: what has arrived has not failed
        ((Delivery.FAILED, Delivery.DELIVERED), Delivery.DELIVERED),
    ],
)
def test_what_is_told_in_any_order_leads_to_the_same_state(told, reached):
    for order in permutations(told):
        state = Delivery.SENDING
        for each in order:
            state = furthest(state, each)
        assert state is reached


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((), Delivery.QUEUED),
        ((Delivery.READ, Delivery.SENT), Delivery.SENT),
        ((Delivery.READ, Delivery.UNKNOWN), Delivery.UNKNOWN),
        ((Delivery.FAILED, Delivery.UNKNOWN, Delivery.READ), Delivery.FAILED),
    ],
)
def test_a_message_has_got_as_far_as_its_last_part(parts, message):
    assert whole(parts) is message


@pytest.mark.parametrize(
    ("code", "is_end"),
    [("meta.551", True), ("twilio.30005", True), ("meta.130429", False), ("reply.opted-out", False),
     ("twilio.unknown", False)],
)  # fmt: skip
def test_some_refusals_say_that_nothing_ever_arrives_there(code, is_end):
    assert is_dead_end(code) is is_end


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://shop.example/a?b=1.", ["https://shop.example/a?b=1"]),
        ("(https://shop.example/wiki_(x)) and", ["https://shop.example/wiki_(x)"]),
        ("twice https://a.example/x https://a.example/x!", ["https://a.example/x"]),
        ("https://ann:secret@shop.example/ stays", []),
        ("https://... is none", []),
        ("nothing", []),
    ],
)
def test_links_are_found_without_the_signs_around_them(text, links):
    assert links_in(text) == links
    short = dict.fromkeys(links, "s.example/l/Abc")
    assert shortened(text, short) == text.replace(links[0] if links else "\0", "s.example/l/Abc")


def test_a_link_that_is_short_already_stays():
    assert links_in("https://a.example/x", 30) == []


@pytest.mark.parametrize(
    ("channel", "address", "key"),
    [
        ("sms", "+15557770001", ("phone", "+15557770001")),
        ("whatsapp", "+15557770001", ("phone", "+15557770001")),
        ("sms", "24365", ("sms", "24365")),
        ("instagram", "990000000000001", ("instagram", "990000000000001")),
    ],
)
def test_a_number_is_one_person_wherever_it_writes(channel, address, key):
    assert key_of(channel, address) == key


@pytest.mark.parametrize(
    ("known", "shown"),
    [(("Lena", "lena.k", "99"), "Lena"), (("", "lena.k", "99"), "@lena.k"), (("", "", "99"), "99")],
)
def test_people_are_called_by_the_best_that_is_known(known, shown):
    assert shown_name(*known) == shown


@pytest.mark.parametrize(
    ("body", "values", "text", "gaps"),
    [
        ("Hi {{1}}, {{ 2 }}!", ("Ada", "{{1}}"), "Hi Ada, {{1}}!", False),
        ("Hi {{1}} {{3}}", ("a", "b"), "Hi a {{3}}", True),
        ("Hi", (), "Hi", False),
    ],
)
def test_places_of_a_template_are_filled_in_one_go(body, values, text, gaps):
    assert filled(body, values) == text
    assert has_gaps(body) is gaps
    assert places_of(body) == {"Hi": 0}.get(body, 3 if gaps else 2)


@pytest.mark.parametrize(
    ("declared", "found", "agreed"),
    [
        ("", "application/x-dosexec", True),
        ("image/jpeg", "image/png", True),
        ("image/jpeg", "application/x-dosexec", False),
        ("application/pdf", "text/html", False),
        ("audio/ogg", "video/mp4", True),
        ("video/mp4", "application/pdf", False),
        ("text/vcard", "text/plain", True),
        ("application/msword", "image/png", False),
    ],
)
def test_bytes_agree_with_what_they_were_said_to_be_or_not(declared, found, agreed):
    assert agrees(declared, found) is agreed


@pytest.mark.parametrize(
    ("content_type", "name"),
    [("image/png", "image.png"), ("audio/x-odd", "audio"), ("application/x-odd", "file")],
)
def test_a_nameless_file_is_called_after_its_type(content_type, name):
    assert named_type(content_type) == name
    assert is_made_up(name)
    assert not is_made_up("holiday.png")
