"""Which web pages may talk to the relay: exact origins, named by the site, no wildcard.

The headers are those of the CORS protocol in WHATWG Fetch.
"""

from __future__ import annotations

from collections.abc import Iterable

from helpdesk_tui.domain.web_addresses import origin_of
from helpdesk_tui.domain.webchat.wire import Site

METHODS = "GET, POST"
HEADERS = "Authorization, Content-Type, Last-Event-ID, X-File-Name, If-None-Match"
EXPOSED = "Retry-After, ETag, Content-Disposition"
_PREFLIGHT_SECONDS = 600


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
