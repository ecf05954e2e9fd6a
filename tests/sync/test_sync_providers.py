"""The simulated providers themselves: what they say fits the vendors' contracts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.support.providers.ear import running_hook
from tests.support.providers.faults import Fault
from tests.support.providers.running import (
    ContractBroken,
    Providers,
    is_validated,
    running_providers,
)
from tests.support.providers.values import SimFile
from tests.support.waiting import PATIENCE, until

ADA = "+15557770001"


@pytest.fixture
def sim() -> Iterator[Providers]:
    with running_providers() as running:
        yield running


@pytest.fixture
def twilio(sim: Providers) -> Iterator[httpx.Client]:
    base = f"{sim.twilio.url}/2010-04-01/Accounts/{sim.twilio.account_sid}"
    auth = (sim.twilio.account_sid, sim.twilio.token)
    with httpx.Client(base_url=base, auth=auth, timeout=PATIENCE) as client:
        yield client


@pytest.fixture
def meta(sim: Providers) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {sim.whatsapp.token}"}
    with httpx.Client(
        base_url=f"{sim.whatsapp.url}/v23.0", headers=headers, timeout=PATIENCE
    ) as client:
        yield client


@pytest.fixture
def direct(sim: Providers) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {sim.instagram.token}"}
    sim.instagram.calls_per_second = 0
    with httpx.Client(
        base_url=f"{sim.instagram.url}/v24.0", headers=headers, timeout=PATIENCE
    ) as client:
        yield client


def test_a_message_is_listed_with_its_file(sim: Providers, twilio: httpx.Client):
    sid = sim.twilio.customer_sends(ADA, "Hello", files=[SimFile(b"picture")])
    since = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT00:00:00Z")
    page = twilio.get("/Messages.json", params={"To": "+15550001111", "DateSent>": since}).json()
    assert [(one["sid"], one["num_media"]) for one in page["messages"]] == [(sid, "1")]
    media = twilio.get(f"/Messages/{sid}/Media.json").json()["media_list"]
    path = media[0]["uri"].removesuffix(".json")
    assert twilio.get(sim.twilio.url + path, follow_redirects=True).content == b"picture"


def test_pages_shift_while_being_read(sim: Providers, twilio: httpx.Client):
    sids = [sim.twilio.customer_sends(ADA, f"{number}") for number in range(4)]

    def meanwhile(page: int) -> None:
        if page == 0:
            sim.twilio.customer_sends(ADA, "meanwhile")

    sim.twilio.between_pages = meanwhile
    first = twilio.get("/Messages.json", params={"PageSize": 2}).json()
    second = twilio.get(sim.twilio.url + first["next_page_uri"]).json()
    seen = [one["sid"] for page in (first, second) for one in page["messages"]]
    assert seen == [sids[3], sids[2], sids[2], sids[1]]


def test_a_sent_message_moves_on(sim: Providers, twilio: httpx.Client):
    sim.twilio.steps = ("sent",)
    form = {"To": ADA, "From": "+15550001111", "Body": "Hi"}
    sid = twilio.post("/Messages.json", data=form).json()["sid"]
    told = [twilio.get(f"/Messages/{sid}.json").json()["status"] for _ in range(3)]
    assert told == ["sent", "delivered", "delivered"]
    assert [one.text for one in sim.sent] == ["Hi"]


def test_nobody_writes_to_whoever_said_stop(sim: Providers, twilio: httpx.Client):
    sim.twilio.customer_sends(ADA, "Stop")
    form = {"To": ADA, "From": "+15550001111", "Body": "Hi"}
    answer = twilio.post("/Messages.json", data=form)
    assert (answer.status_code, answer.json()["code"]) == (400, 21610)
    sim.twilio.customer_sends(ADA, "start")
    assert twilio.post("/Messages.json", data=form).status_code == 201


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.BUSY_UNTIL, Fault.BROKEN])
def test_what_fails_before_is_not_done(sim: Providers, twilio: httpx.Client, fault: Fault):
    sim.faults.next("twilio.send", fault)
    form = {"To": ADA, "From": "+15550001111", "Body": "Hi"}
    assert twilio.post("/Messages.json", data=form).status_code in (429, 500)
    assert sim.sent == []


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.SILENT_AFTER])
def test_what_fails_after_is_done(sim: Providers, twilio: httpx.Client, fault: Fault):
    sim.faults.next("twilio.send", fault)
    form = {"To": ADA, "From": "+15550001111", "Body": "Hi"}
    with pytest.raises(httpx.TransportError):
        twilio.post("/Messages.json", data=form, timeout=0.3)
    until(lambda: sim.sent)
    assert len(sim.sent) == 1


def test_whatsapp_takes_files_and_tells_what_became_of_them(sim: Providers, meta: httpx.Client):
    with running_hook(sim) as bodies:
        sim.whatsapp.customer_sends(ADA, "Hello")
        files = {"file": ("a.png", b"picture", "image/png")}
        form = {"messaging_product": "whatsapp", "type": "image/png"}
        media = meta.post("/900800700600/media", data=form, files=files).json()["id"]
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": ADA.lstrip("+"),
            "type": "image",
            "image": {"id": media, "caption": "look"},
            "biz_opaque_callback_data": "7.0",
        }
        assert meta.post("/900800700600/messages", json=message).is_success
        sim.wait_until_told()
    assert [(one.text, one.files, one.reference) for one in sim.sent] == [
        ("look", (b"picture",), "7.0")
    ]
    statuses = [json.loads(body)["entry"][0]["changes"][0]["value"] for body in bodies][1:]
    assert [one["statuses"][0]["status"] for one in statuses] == ["sent", "delivered"]


def test_the_address_of_a_whatsapp_file_is_over_after_five_minutes(
    sim: Providers, meta: httpx.Client
):
    with running_hook(sim) as bodies:
        sim.whatsapp.customer_sends(ADA, file=SimFile(b"picture"))
        sim.wait_until_told()
    value = json.loads(bodies[0])["entry"][0]["changes"][0]["value"]
    told = meta.get(f"/{value['messages'][0]['image']['id']}").json()
    assert meta.get(told["url"]).content == b"picture"
    sim.whatsapp.expire_urls()
    assert meta.get(told["url"]).status_code == 404


def test_templates_number_and_subscription_are_told(sim: Providers, meta: httpx.Client):
    fields = {"fields": "name,language,status,components"}
    found = meta.get("/200300400500/message_templates", params=fields).json()["data"]
    assert [one["name"] for one in found] == ["order_update", "spring_sale"]
    assert meta.get("/900800700600").json()["verified_name"] == "Acme"
    assert meta.get("/200300400500/subscribed_apps").json()["data"]


def test_instagram_shows_conversations_and_takes_answers(sim: Providers, direct: httpx.Client):
    mid = sim.instagram.customer_sends("990000000000001", "Hi", handle="ada", story="18000")
    listing = {"platform": "instagram", "fields": "id,updated_time", "limit": "50"}
    found = direct.get("/me/conversations", params=listing).json()["data"]
    fields = {"fields": "participants,messages{id,created_time,from,to,message,story}"}
    shown = direct.get(f"/{found[0]['id']}", params=fields).json()["messages"]["data"]
    assert [(one["id"], one["from"]["username"]) for one in shown] == [(mid, "ada")]
    asked = {"recipient": {"id": "990000000000001"}, "message": {"text": "Yes"}}
    assert direct.post("/me/messages", json=asked).is_success
    assert [one.text for one in sim.sent] == ["Yes"]


def test_instagram_counts_calls(sim: Providers, direct: httpx.Client):
    sim.instagram.calls_per_second = 2
    told = [
        direct.get("/me/conversations", params={"platform": "instagram"}).status_code
        for _ in range(3)
    ]
    assert told == [200, 200, 400]
    assert sim.instagram.too_fast == 1


@pytest.mark.skipif(not is_validated(), reason="set HELPDESK_MATERIAL to what holds contracts")
@pytest.mark.parametrize(
    "form", [{"From": "+15550001111", "Body": "nobody"}, {"To": ADA, "Body": "x", "SendAt": "soon"}]
)
def test_a_request_that_the_contract_does_not_know_fails_the_test(form: dict[str, str]):
    running = running_providers()
    sim = running.__enter__()
    base = f"{sim.twilio.url}/2010-04-01/Accounts/{sim.twilio.account_sid}"
    auth = (sim.twilio.account_sid, sim.twilio.token)
    httpx.post(f"{base}/Messages.json", data=form, auth=auth, timeout=PATIENCE)
    with pytest.raises(ContractBroken):
        running.__exit__(None, None, None)


def test_a_path_that_no_provider_has_fails_the_test():
    with pytest.raises(ContractBroken, match="knows nothing"), running_providers() as sim:
        httpx.get(f"{sim.twilio.url}/2010-04-01/Nothing.json", timeout=PATIENCE)


def test_a_hook_gets_duplicates_and_forgeries(sim: Providers):
    with running_hook(sim) as bodies:
        sim.whatsapp.hook.duplicates = 1.0
        sim.whatsapp.hook.forged = 1.0
        sim.whatsapp.customer_sends(ADA, "Hello")
        sim.wait_until_told()
    assert len(bodies) == 4
    assert len(set(bodies)) == 1
    assert sim.whatsapp.hook.forgeries_taken == 2
