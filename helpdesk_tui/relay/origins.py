"""Which web pages may talk to the relay: exact origins, named by the site, no wildcard."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from helpdesk_tui.domain.webchat.wire import Site

METHODS = "GET, POST"
HEADERS = "Authorization, Content-Type, Last-Event-ID, X-File-Name, If-None-Match"
EXPOSED = "Retry-After, ETag, Content-Disposition"
_PREFLIGHT_SECONDS = 600
_MOST = 300
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_PORTS = {"http": 80, "https": 443}


def origin_of(text: str) -> str:
    """Return an origin in the form in which browsers send it, or nothing if it is none.

    A trailing slash and the port that goes without saying are taken away; a path, a user, a
    wildcard and ``null`` make it none.
    """
    if len(text) > _MOST or not text.isascii() or not text.isprintable():
        return ""
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError:
        return ""
    host = parts.netloc.removesuffix(f":{port}") if port is not None else parts.netloc
    if parts.scheme not in _PORTS or parts.path not in ("", "/") or parts.query or parts.fragment:
        return ""
    if not _HOST.fullmatch(host):
        return ""
    return f"{parts.scheme}://{host}" + (
        f":{port}" if port is not None and port != _PORTS[parts.scheme] else ""
    )


def allowed(site: Site, origin: str) -> bool:
    """Tell whether pages of an origin may carry the tab of a site."""
    asked = origin_of(origin)
    # a browser sends it in one form only: anything else is somebody's own making
    return bool(asked) and asked == origin and asked in {origin_of(each) for each in site.origins}


def allowed_by_any(sites: Iterable[Site], origin: str) -> bool:
    """Tell whether pages of an origin may carry the tab of one of the sites.

    That is all that can be told before the session is known: a browser asks whether it may send
    one without sending it.
    """
    return any(allowed(each, origin) for each in sites)


def answer_headers(origin: str | None, *, is_allowed: bool) -> dict[str, str]:
    """Return the headers of every answer of the browser's side, refusals included.

    ``Vary`` stands in all of them: a cache must not give one page the permission of another.
    """
    if not origin or not is_allowed:
        return {"Vary": "Origin"}
    return {
        "Vary": "Origin",
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": EXPOSED,
    }


def preflight_headers(origin: str | None, *, is_allowed: bool) -> dict[str, str]:
    """Return the headers that answer ``OPTIONS``; a foreign page gets no permission at all."""
    found = answer_headers(origin, is_allowed=is_allowed)
    if "Access-Control-Allow-Origin" in found:
        found |= {
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": HEADERS,
            "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
        }
    return found
