"""Providers as a relay meets them: they sign what they send, and send it again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.support.relay import Running, running_relay
from tests.support.waiting import PATIENCE

APP_SECRET = "app-secret-of-tests"
AUTH_TOKEN = "auth-token-of-tests"
VERIFY_TOKEN = "verify-token-of-tests"
FORM = "application/x-www-form-urlencoded"


def metas_signature(body: bytes, secret: str = APP_SECRET) -> str:
    """Return the header with which Meta signs a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def twilios_signature(url: str, fields: Mapping[str, str], token: str = AUTH_TOKEN) -> str:
    """Return the header with which Twilio signs a form."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(
        hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()
    ).decode()


def meta_body(text: str) -> bytes:
    """Return a small body as Meta sends it; the text makes it differ from others."""
    said = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [text]}]}
    return json.dumps(said).encode()


class Hooked:
    """A relay with webhooks of both kinds, as providers and the box see it."""

    def __init__(self, relay: Running) -> None:
        self.relay = relay

    def publish(self, hook: str, provider: str, **changes: Any) -> str:
        """Publish a webhook; return its address."""
        secret = APP_SECRET if provider == "meta" else AUTH_TOKEN
        said = {
            "provider": provider,
            "secrets": [secret],
            "verify_tokens": [VERIFY_TOKEN],
            "consumers": ["one"],
            **changes,
        }
        with self.relay.box() as box:
            answer = box.put(f"/box/v1/hooks/{hook}", json=said).raise_for_status()
        return str(answer.json()["url"])

    def meta(self, body: bytes, hook: str = "m", **headers: str) -> httpx.Response:
        """Send a body as Meta does."""
        signed = {"X-Hub-Signature-256": metas_signature(body)}
        return httpx.post(
            f"{self.relay.url}/hooks/{hook}",
            content=body,
            headers={"Content-Type": "application/json", **signed, **headers},
            timeout=PATIENCE,
        )

    def twilio(
        self, fields: Mapping[str, str], hook: str = "t", query: str = "", url: str = "",
        **headers: str,
    ) -> httpx.Response:  # fmt: skip
        """Send a form as Twilio does.

        Args:
            fields: Of the form.
            hook: Id of the webhook.
            query: Of the address, with its question mark.
            url: The address as Twilio called it, where that is another than the relay got.
            headers: Which are added or changed.
        """
        called = f"{self.relay.url}/hooks/{hook}{query}"
        signed = {"X-Twilio-Signature": twilios_signature(url or called, fields)}
        return httpx.post(
            called,
            content=urlencode(fields).encode(),
            headers={"Content-Type": FORM, **signed, **headers},
            timeout=PATIENCE,
        )

    def waiting(self, hook: str = "m", consumer: str = "one", after: int = 0) -> list[Any]:
        """Return what waits for an account."""
        params: dict[str, str | int] = {"consumer": consumer, "after": after, "wait": 0}
        with self.relay.box() as box:
            answer = box.get(f"/box/v1/hooks/{hook}/deliveries", params=params)
        found: list[Any] = answer.raise_for_status().json()["deliveries"]
        return found

    def bodies(self, hook: str = "m", consumer: str = "one") -> list[str]:
        """Return the bodies that wait for an account."""
        return [each["body"] for each in self.waiting(hook, consumer)]

    def acknowledge(self, through: int, hook: str = "m", consumer: str = "one") -> int:
        """Acknowledge as an account; return the status."""
        with self.relay.box() as box:
            said = {"consumer": consumer, "through": through}
            return box.post(f"/box/v1/hooks/{hook}/ack", json=said).status_code

    def health(self, hook: str = "m") -> Any:
        """Return how a webhook fares."""
        with self.relay.box() as box:
            return box.get(f"/box/v1/hooks/{hook}/health").raise_for_status().json()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hooked]:
    """Return a relay with a webhook of each provider."""
    with running_relay(tmp_path_factory.mktemp("relay"), site=None) as relay:
        yield Hooked(relay)


@pytest.fixture
def hooked(shared: Hooked) -> Hooked:
    """Return it with nothing waiting."""
    for hook, provider in (("m", "meta"), ("t", "twilio")):
        shared.publish(hook, provider)
        if waiting := shared.waiting(hook):
            shared.acknowledge(waiting[-1]["seq"], hook)
    return shared
