"""A small shop page on loopback that carries the chat tab: the other end of ``helpdesk demo``.

It does what a real shop does: its server knows who is logged in and signs that, and its pages
carry one script line. Nothing else of the relay knows that it is there.
"""

from __future__ import annotations

import asyncio
import html
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_COOKIE = "customer"
_VALID = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who can be logged in here."""

    id: str
    name: str
    email: str


CUSTOMERS = (
    Customer("1001", "Zofia Nowak", "zofia@customer.example"),
    Customer("1002", "Erik Lund", "erik@customer.example"),
)
_GOODS = (
    ("Trail shoe “Halny”", "€ 129", "#7aa26a", "M8 44c10-2 16-14 22-24l8 6c6 5 16 6 22 8v12H8z"),
    ("Rain jacket “Regn”", "€ 189", "#6a86b8", "M20 14l12-6 12 6 12 10-8 8-4-4v24H20V28l-4 4-8-8z"),
    ("Wool socks, 3 pairs", "€ 24", "#b8866a", "M24 8h16v26l10 10c4 4-2 12-8 8L24 40z"),
)
_STYLE = """
:root { color-scheme: light dark; --ink: #20242c; --soft: #6b7280; --paper: #fbfaf7; --card: #fff;
  --line: #e8e5de; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceef2; --soft: #9aa1ad; --paper: #14161a;
  --card: #1c1f25; --line: #2b2f37; } }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink);
  background: var(--paper) }
header, main { max-width: 60rem; margin: 0 auto; padding: 1.25rem }
header { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap }
header b { font-size: 1.25rem; letter-spacing: .02em; margin-right: auto }
a { color: inherit } nav a { margin-left: .9rem; color: var(--soft) }
nav a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none }
h1 { font-size: clamp(1.7rem, 5vw, 2.7rem); line-height: 1.15; margin: 1.4rem 0 .4rem }
p { color: var(--soft); max-width: 36rem }
ul { list-style: none; padding: 0; margin: 2rem 0; display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)) }
li { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.1rem }
svg { width: 100%; height: 8rem; display: block; margin-bottom: .7rem }
li span { color: var(--soft) }
"""


def make_shop(relay: str, site: str, key: str) -> Starlette:
    """Return the shop.

    Args:
        relay: Address of the relay as browsers reach it.
        site: Id of the shop there.
        key: What the shop signs its customers with.
    """

    async def page(request: Request) -> Response:
        asked = request.query_params.get("as")
        if asked is not None:
            back = RedirectResponse("/", status_code=303)
            back.set_cookie(_COOKIE, asked[:20], httponly=True, samesite="lax")
            return back
        known = request.cookies.get(_COOKIE, CUSTOMERS[0].id)
        customer = next((each for each in CUSTOMERS if each.id == known), None)
        token = signed(customer, site, key) if customer is not None else ""
        nonce = secrets.token_urlsafe(16)
        policy = (
            f"default-src 'none'; style-src 'nonce-{nonce}'; script-src {relay};"
            f" connect-src {relay}; img-src blob:; base-uri 'none'; form-action 'none'"
        )
        return HTMLResponse(
            _page(relay, site, customer, token, nonce),
            headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"},
        )

    async def words(request: Request) -> Response:
        return HTMLResponse(
            "<!doctype html><meta charset=utf-8><title>Acme Outdoor</title>"
            "<p>A sample page of a sample shop: nothing is sold, nothing is kept."
        )

    app = Starlette(routes=[Route("/", page), Route("/privacy", words), Route("/terms", words)])
    app.state.closing = asyncio.Event()
    return app


def signed(customer: Customer, site: str, key: str) -> str:
    """Return the token by which the relay believes who a visitor is."""
    now = datetime.now(UTC)
    claims = {
        "sub": customer.id,
        "email": customer.email,
        "name": customer.name,
        "aud": site,
        "iat": int(now.timestamp()),
        "exp": int((now + _VALID).timestamp()),
        "jti": secrets.token_urlsafe(16),
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(key))


def _page(relay: str, site: str, customer: Customer | None, token: str, nonce: str) -> str:
    here = customer.id if customer is not None else "nobody"
    people = "".join(
        f'<a href="/?as={who}"{" aria-current=page" if who == here else ""}>{html.escape(name)}</a>'
        for who, name in (
            *((each.id, each.name) for each in CUSTOMERS),
            ("nobody", "not logged in"),
        )
    )
    goods = "".join(
        f'<li><svg viewBox="0 0 64 56" aria-hidden="true"><path fill="{colour}" d="{shape}"/></svg>'
        f"<b>{html.escape(name)}</b><br><span>{price}</span></li>"
        for name, price, colour, shape in _GOODS
    )
    carried = f' data-token="{html.escape(token)}"' if token else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Acme Outdoor</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<style nonce="{nonce}">{_STYLE}</style></head><body>'
        f"<header><b>Acme Outdoor</b><nav>{people}</nav></header>"
        "<main><h1>Made for weather.</h1><p>A sample shop. Open the chat at the corner and write"
        " as the customer named above; your question appears in the terminal.</p>"
        f"<ul>{goods}</ul></main>"
        f'<script src="{html.escape(relay)}/widget.js" data-site="{html.escape(site)}"{carried}'
        " async></script></body></html>"
    )
