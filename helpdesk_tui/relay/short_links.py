"""Short links in text messages: they lead to what the box has published, and to nothing else."""

from __future__ import annotations

import logging
import re
import sqlite3
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk_tui.domain.messaging.relaying import LINK_LENGTH, LINKS_LIMIT
from helpdesk_tui.domain.web_addresses import parts_of
from helpdesk_tui.domain.webchat.reading import whole_of
from helpdesk_tui.relay.bodies import patience_for_files, read_object
from helpdesk_tui.relay.box import check_token
from helpdesk_tui.relay.core import Relay, number, relay_of
from helpdesk_tui.relay.proxies import public_base
from helpdesk_tui.relay.refusals import not_found, unreadable
from helpdesk_tui.relay.store import links as store_links

_CODE = re.compile(r"[A-Za-z0-9_-]{4,32}")
_PREVIEWS = re.compile(
    r"(?<!cu)bots?\b|crawl|spider|preview|facebookexternalhit|facebookcatalog|whatsapp/|skypeuri"
    r"|slack-|googleimageproxy|google-safety|safebrowsing|mediapartners|embedly|pinterest/"
    r"|vkshare|validator|scanner|headless|curl/|wget/|python-|go-http-client|okhttp|java/",
    re.IGNORECASE,
)
"""Who looks at a link to show what is behind it, or whether it is harmful: no customer."""

log = logging.getLogger(__name__)


async def put(request: Request) -> Response:
    """``PUT /box/v1/links``: publishes short links."""
    relay = await check_token(request)
    limit, pace = relay.config.site_limit, patience_for_files(relay.config)
    said = await read_object(request, limit, pace)
    found = said.get("links")
    if not isinstance(found, list) or len(found) > LINKS_LIMIT:
        raise unreadable("links")
    links = dict(_link(each) for each in found)
    await relay.store.write(partial(store_links.put_links, links=links))
    return Response(status_code=204)


async def follow(request: Request) -> Response:
    """``GET /l/CODE``: leads on; a person who comes this way is counted."""
    relay = relay_of(request)
    code = request.path_params["code"]
    url = await relay.store.read(partial(store_links.target_of, code=code))
    if not url:
        raise not_found()
    if _is_person(request):
        await _count(relay, request, code)
    return Response(status_code=302, headers={"Location": url})


async def clicks(request: Request) -> Response:
    """``GET /box/v1/clicks``: who followed links since."""
    relay = await check_token(request)
    work = partial(store_links.clicks_after, after=number(request, "after"))
    found, links = await relay.store.read(work)
    return JSONResponse(
        {
            "clicks": [{"seq": seq, "code": code, "at": at} for seq, code, at in found],
            "links": links,
            "base": f"{public_base(request, relay.config)}/l/",
        }
    )


async def acknowledge(request: Request) -> Response:
    """``POST /box/v1/clicks/ack``: the box has stored the clicks up to here."""
    relay = await check_token(request)
    config = relay.config
    said = await read_object(request, config.json_limit, patience_for_files(config))
    through = whole_of(said, "through")
    await relay.store.write(partial(store_links.acknowledge_clicks, through=through))
    return Response(status_code=204)


async def _count(relay: Relay, request: Request, code: str) -> None:
    """Count a click, as far as one address makes a fair number of them."""
    address = str(getattr(request.state, "address", ""))
    key = relay.limits.address_key("click", address)
    if await relay.limits.take(key, relay.config.rates.clicks_address) > 0:
        return
    try:
        await relay.store.write(partial(store_links.add_click, code=code))
    except sqlite3.Error as error:
        # whoever follows a link shall get there, also while the disk is full
        log.warning("a click was not counted: %s", error)


def _is_person(request: Request) -> bool:
    headers = request.headers
    if request.method != "GET":
        return False
    if "prefetch" in headers.get("sec-purpose", headers.get("purpose", "")).lower():
        return False
    agent = headers.get("user-agent", "")
    return bool(agent) and not _PREVIEWS.search(agent)


def _link(value: object) -> tuple[str, str]:
    code, url = (value.get("code"), value.get("url")) if isinstance(value, dict) else (None, None)
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise unreadable("code")
    if not isinstance(url, str) or parts_of(url, LINK_LENGTH) is None:
        raise unreadable("url")
    return code, url
