"""All bodies of the vendors' contracts through a real relay, and what proxies make of them."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.material import material
from tests.support.nginx import nginx_before
from tests.support.relay import TOKEN, running_relay
from tests.support.relay_hooks import FORM, Hooked, meta_body, metas_signature, twilios_signature
from tests.support.waiting import PATIENCE

REPLAYED = meta_body("hello")
METAS = ("whatsapp_vendor", "whatsapp_own", "instagram_own")


@pytest.fixture(scope="module")
def hooked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hooked]:
    """Return a relay with a webhook of each provider."""
    with running_relay(tmp_path_factory.mktemp("relay"), site=None) as relay:
        found = Hooked(relay)
        found.publish("m", "meta")
        found.publish("t", "twilio")
        yield found


def payloads(name: str) -> dict[str, Any]:
    """Return bodies by their name, or skip the test."""
    path = material("contracts") / "payloads" / f"{name}_examples.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def take(hooked: Hooked, hook: str) -> list[str]:
    """Return all bodies that wait, acknowledged."""
    found = []
    while part := hooked.waiting(hook):
        found += [each["body"] for each in part]
        hooked.acknowledge(part[-1]["seq"], hook)
    return found


@pytest.mark.parametrize("name", METAS)
@pytest.mark.parametrize("is_ascii", [True, False])
def test_every_body_of_meta_arrives_as_it_was(hooked: Hooked, name: str, *, is_ascii: bool) -> None:
    bodies = [json.dumps(each, ensure_ascii=is_ascii).encode() for each in payloads(name).values()]

    for body in bodies:
        assert hooked.meta(body).status_code == 200

    assert take(hooked, "m") == list(dict.fromkeys(body.decode() for body in bodies))


def test_every_form_of_twilio_arrives_as_it_was(hooked: Hooked) -> None:
    forms = list(payloads("twilio_own").values())

    for form in forms:
        assert hooked.twilio(form, query="?account=us").status_code == 200

    kept = [dict(httpx.QueryParams(each)) for each in take(hooked, "t")]
    assert kept == forms


@pytest.mark.parametrize("name", METAS)
def test_no_body_of_meta_passes_with_a_wrong_signature(hooked: Hooked, name: str) -> None:
    for each in payloads(name).values():
        body = json.dumps(each).encode()
        for wrong in (
            {},
            {"X-Hub-Signature-256": metas_signature(body, "wrong")},
            # as a proxy would send it that writes JSON anew
            {"X-Hub-Signature-256": metas_signature(json.dumps(each, indent=1).encode())},
        ):
            url = f"{hooked.relay.url}/hooks/m"
            assert httpx.post(url, content=body, headers=wrong, timeout=PATIENCE).status_code == 403
    assert take(hooked, "m") == []


def test_no_form_of_twilio_passes_with_a_wrong_signature(hooked: Hooked) -> None:
    url = f"{hooked.relay.url}/hooks/t"
    for form in payloads("twilio_own").values():
        for wrong in ("", twilios_signature(url, form, "wrong"), twilios_signature(url, {})):
            headers = {"X-Twilio-Signature": wrong, "Content-Type": FORM}
            assert httpx.post(url, data=form, headers=headers, timeout=PATIENCE).status_code == 403
    assert take(hooked, "t") == []


def test_a_body_in_pieces_without_a_length_is_the_same_body(hooked: Hooked) -> None:
    body = b'{"object":"instagram","entry":[]}'

    answer = httpx.post(
        f"{hooked.relay.url}/hooks/m",
        content=iter([body[:5], body[5:20], body[20:]]),
        headers={"X-Hub-Signature-256": metas_signature(body)},
        timeout=PATIENCE,
    )

    assert answer.status_code == 200
    assert take(hooked, "m") == [body.decode()]


@pytest.mark.parametrize(
    "arrives", ["?name=J%C3%B8rgen%20B&x=%7E", "?name=J%c3%b8rgen+B&x=~", "?name=J%C3%B8rgen+B&x=~"]
)
def test_a_query_that_a_proxy_wrote_anew_is_the_same_query(hooked: Hooked, arrives: str) -> None:
    signed = f"{hooked.relay.url}/hooks/t?name=J%C3%B8rgen%20B&x=~"
    headers = {"X-Twilio-Signature": twilios_signature(signed, {"a": "b"}), "Content-Type": FORM}

    with httpx.Client(timeout=PATIENCE) as client:
        request = client.build_request(
            "POST", f"{hooked.relay.url}/hooks/t", content=b"a=b", headers=headers
        )
        request.url = request.url.copy_with(query=arrives.removeprefix("?").encode())
        assert client.send(request).status_code == 200
    assert take(hooked, "t") == ["a=b"]


def test_all_of_it_passes_the_proxy_that_we_ship(tmp_path: Path) -> None:
    trusted = (ipaddress.ip_network("127.0.0.1"),)
    relay_at = tmp_path / "relay"
    relay_at.mkdir()
    with running_relay(relay_at, site=None, trusted_proxies=trusted) as relay:
        hooked = Hooked(relay)
        hooked.publish("m", "meta")
        hooked.publish("t", "twilio")
        port = int(relay.url.rpartition(":")[2])
        with nginx_before(port, tmp_path) as (url, files):
            import ssl

            context = ssl.create_default_context(cafile=str(files.ca))
            with httpx.Client(base_url=url, verify=context, timeout=PATIENCE) as world:
                body = '{"text": "zażółć 😀"}'.encode()
                signed = {"X-Hub-Signature-256": metas_signature(body)}
                assert world.post("/hooks/m", content=body, headers=signed).status_code == 200

                form, query = {"Body": "1 + 1 = 2 & so on"}, "?a=b%20c"
                # nginx says that it was called without a port: so is it in earnest
                signature = twilios_signature(f"https://localhost/hooks/t{query}", form)
                headers = {"X-Twilio-Signature": signature, "Content-Type": FORM}
                answer = world.post(f"/hooks/t{query}", data=form, headers=headers)
                assert answer.status_code == 200

                film = bytes(60_000_000)
                put = world.put(
                    f"/box/v1/media/{'x' * 32}",
                    params={"name": "film.mp4", "type": "video/mp4", "seconds": "600"},
                    content=film,
                    headers={"Authorization": f"Bearer {TOKEN}"},
                )
                path = put.raise_for_status().json()["url"].partition("/m/")[2]
                got = world.head(f"/m/{path}")
                assert got.headers["content-type"] == "video/mp4"
                assert got.headers["content-length"] == str(len(film))
                assert len(world.get(f"/m/{path}").content) == len(film)
        assert hooked.bodies("m") == ['{"text": "zażółć 😀"}']
        assert len(hooked.bodies("t")) == 1


def test_a_thousand_replays_after_the_acknowledgement_wait_as_one(hooked: Hooked) -> None:
    hooked.meta(REPLAYED)
    first = hooked.waiting()[0]["seq"]
    with httpx.Client(base_url=hooked.relay.url, timeout=PATIENCE) as provider:
        headers = {"X-Hub-Signature-256": metas_signature(REPLAYED)}
        for _ in range(1_000):
            assert provider.post("/hooks/m", content=REPLAYED, headers=headers).status_code == 200
    assert [each["seq"] for each in hooked.waiting()] == [first]
    take(hooked, "m")


def test_of_a_thousand_forgeries_nothing_is_stored(hooked: Hooked) -> None:
    headers = {"X-Hub-Signature-256": metas_signature(REPLAYED, "guessed")}
    with httpx.Client(base_url=hooked.relay.url, timeout=PATIENCE) as forger:
        for number in range(1_000):
            answer = forger.post("/hooks/m", content=meta_body(str(number)), headers=headers)
            assert answer.status_code == 403
    assert hooked.waiting() == []
