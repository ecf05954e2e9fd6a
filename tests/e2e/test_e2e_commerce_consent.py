"""What Klaviyo knows of those who text: their consent unlocks the reply, campaigns are named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.services.secrets import variable_of
from tests.support.messaging_world import MessagingWorld, running_messaging
from tests.support.shops.klaviyo import KlaviyoShop, consents
from tests.support.shops.klaviyo_desk import running_klaviyo
from tests.support.waiting import until

pytestmark = [pytest.mark.slow]

CRM = "crm"


@pytest.fixture(scope="module")
def klaviyo() -> Iterator[KlaviyoShop]:
    with running_klaviyo() as (sim, _shops):
        yield sim


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, klaviyo: KlaviyoShop
) -> Iterator[MessagingWorld]:
    with running_messaging(tmp_path_factory.mktemp("consent")) as found:
        with found.desk() as desk:
            desk.sources.add("klaviyo", CRM, {"api": klaviyo.url})
        found.kill_worker()
        found.environ[variable_of(f"source-{CRM}")] = klaviyo.key
        found.start_worker()
        yield found


def test_consent_that_only_klaviyo_knows_unlocks_the_composer(
    world: MessagingWorld, klaviyo: KlaviyoShop
) -> None:
    number = "+15557780001"
    klaviyo.has(phone=number, first_name="Ada", subscriptions=consents(sms="SUBSCRIBED"))
    world.sim.twilio.customer_sends(number, "Is it here yet?")
    ticket = world.ticket_of("Is it here yet?")
    with world.opened(ticket) as anna:
        anna.see("Is it here yet?")
        anna.press("r")
        anna.see(f"{CRM} noted that consent is given")
        anna.see("enter sends")
        anna.type("It leaves today")
        anna.see("│ It leaves today")
        anna.press("enter")
        # the first was ours, sent before anybody had asked Klaviyo
        assert [one.text for one in world.sent(number, 2)][1] == "It leaves today"
    sources = world.rows("SELECT DISTINCT source FROM consent WHERE address = ?", number)
    assert (CRM,) in sources


def test_a_stop_outweighs_what_klaviyo_says(world: MessagingWorld, klaviyo: KlaviyoShop) -> None:
    number = "+15557780002"
    klaviyo.has(phone=number, first_name="Bo", subscriptions=consents(sms="SUBSCRIBED"))
    world.sim.twilio.customer_sends(number, "Hello?")
    ticket = world.ticket_of("Hello?")
    world.sim.twilio.customer_sends(number, "STOP")
    until(lambda: world.rows("SELECT 1 FROM activity WHERE kind = 'keyword.stop'"))
    with world.opened(ticket, size=(180, 50)) as anna:
        anna.see("sms ✓")
        anna.press("r")
        anna.see("has opted out of SMS")


def test_who_answers_a_campaign_is_shown_with_it(
    world: MessagingWorld, klaviyo: KlaviyoShop
) -> None:
    number = "+15557780003"
    person = klaviyo.has(phone=number, first_name="Cy", subscriptions=consents(sms="SUBSCRIBED"))
    at = datetime.now(UTC) - timedelta(hours=2)
    klaviyo.did(person, "Received SMS", at, Campaign_Name="June by text", S_message="01JUNE")
    world.sim.twilio.customer_sends(number, "Is it still on?")
    ticket = world.ticket_of("Is it still on?")
    with world.opened(ticket) as anna:
        anna.see("June by text")
