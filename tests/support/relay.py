"""A real relay on a free loopback port in a thread, with a published site and signed visitors."""

from __future__ import annotations

import ipaddress
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from helpdesk_tui.domain.webchat.site_wire import site_json
from helpdesk_tui.domain.webchat.wire import FaqEntry, Site
from helpdesk_tui.relay.app import make_app
from helpdesk_tui.relay.config import Rate, Rates, RelayConfig
from helpdesk_tui.relay.presence import Patience
from helpdesk_tui.relay.serving import RelayServer, listen
from helpdesk_tui.relay.store.store import Store
from tests.support.waiting import PATIENCE

TOKEN = "token-of-the-box-in-tests-0123456789abcdef"
IDENTITY_KEY = "identity-key-of-the-shop-in-tests-0123456789"
ORIGIN = "https://shop.example"
SITE = Site(
    id="shop",
    name="Acme Outdoor",
    enabled=True,
    login="all",
    origins=(ORIGIN,),
    identity_keys=(IDENTITY_KEY,),
    languages=("en",),
    privacy_url="https://shop.example/privacy",
    terms_url="https://shop.example/terms",
    login_url="https://shop.example/login",
    support_address="support@shop.example",
    faq=(
        FaqEntry("returns", "en", "How do I send something back?", "Within 30 days, for free."),
        FaqEntry("parcel", "en", "Where is my parcel?", "The link is in our mail."),
    ),
)
_FREE = Rate(0, 60)
UNLIMITED = Rates(*(_FREE,) * len(fields(Rates)))
"""For tests in which one address is many visitors."""


def relay_config(folder: Path, **changes: Any) -> RelayConfig:
    """Return the settings of a relay of tests: without limits, unless some are named."""
    config = RelayConfig(
        store=folder,
        token=TOKEN,
        port=0,
        rates=UNLIMITED,
        connections=0,
        trusted_proxies=(ipaddress.ip_network("127.0.0.1/32"),),
    )
    return replace(config, **changes)


def signed_token(key: str = IDENTITY_KEY, **changes: Any) -> str:
    """Return a JWT as the shop's server makes it; ``None`` leaves a claim out."""
    now = datetime.now(UTC)
    claims = {
        "sub": "1001",
        "email": "zofia@customer.example",
        "name": "Zofia Nowak",
        "aud": "shop",
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=10)).timestamp()),
        "jti": secrets.token_urlsafe(16),
        **changes,
    }
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "HS256"}, given, OctKey.import_key(key))


@dataclass(frozen=True, slots=True)
class Running:
    """A relay that answers."""

    url: str
    config: RelayConfig
    store: Store
    """Its own; look into it, do not write."""

    def box(self) -> httpx.Client:
        """Return a client with the token of the box."""
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=PATIENCE
        )

    def browser(self, session: str = "", origin: str = ORIGIN) -> httpx.Client:
        """Return a client that asks as a page of the shop does."""
        headers = {"Origin": origin}
        if session:
            headers["Authorization"] = f"Bearer {session}"
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE)

    def publish(self, site: Site = SITE) -> None:
        """Publish a site, as the box does."""
        with self.box() as box:
            box.put("/box/v1/site", json=site_json(site)).raise_for_status()

    def session(self, site: str = "shop", **claims: Any) -> str:
        """Return the session of a newly identified visitor."""
        with self.browser() as browser:
            answer = browser.post(
                f"/v1/sites/{site}/session", json={"token": signed_token(aud=site, **claims)}
            )
            answer.raise_for_status()
            return str(answer.json()["session"])

    def visitor(self, **claims: Any) -> httpx.Client:
        """Return a client of a newly identified visitor."""
        return self.browser(self.session(**claims))


@contextmanager
def running_relay(
    folder: Path,
    *,
    site: Site | None = SITE,
    port: int = 0,
    patience: Patience | None = None,
    **changes: Any,
) -> Iterator[Running]:
    """Run a relay over the store in ``folder``; leaving stops it, entering again restarts it.

    Args:
        folder: Of the relay's store.
        site: Published at once; None publishes nothing.
        port: 0 is a free one; to restart in the same place give that of the one before.
        patience: How long visitors may be away; None: as long as in earnest.
        changes: Other settings than those of :func:`relay_config`.
    """
    config = relay_config(folder, port=port, **changes)
    with listen(config) as listening:
        store = Store(folder)
        server = RelayServer(make_app(store, config, patience=patience), config, listening)
        url = f"http://127.0.0.1:{server.port}"
        thread = threading.Thread(target=server.run, args=([listening],), name="relay")
        thread.start()
        try:
            running = Running(url, config, store)
            # connections wait in the socket until it has started
            with httpx.Client(base_url=url, timeout=PATIENCE) as client:
                client.get("/")
            if site is not None:
                running.publish(site)
            yield running
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            store.close()
            assert not thread.is_alive(), "the relay does not stop"
