"""What every request of a browser shows: its session, its site, and who its visitor is."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from starlette.requests import Request

from helpdesk_tui.domain.webchat.wire import Site
from helpdesk_tui.relay.config import Rate
from helpdesk_tui.relay.core import Relay, relay_of
from helpdesk_tui.relay.origins import allowed
from helpdesk_tui.relay.refusals import Refused, not_found
from helpdesk_tui.relay.store.sessions import KEPT, KEPT_ANONYMOUS, renew, session_of
from helpdesk_tui.relay.values import Session

_RENEWED_EVERY = timedelta(days=1)
_MOST_TOKEN = 4_096


def bearer(request: Request) -> str:
    """Return the token a request shows, or nothing."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    return token if kind.lower() == "bearer" and len(token) <= _MOST_TOKEN else ""


def site_for(request: Request) -> Site:
    """Return the site in the path.

    Raises:
        Refused: 404 for an unknown one, 403 for a page of another origin.
    """
    site = relay_of(request).sites.site(request.path_params["site"])
    if site is None:
        raise not_found()
    _check_origin(request, site)
    return site


async def known_session(request: Request) -> Session | None:
    """Return the session a request shows, or None."""
    relay = relay_of(request)
    token = bearer(request)
    if not token:
        return None
    found = await relay.store.read(partial(session_of, token=token, now=relay.store.now))
    if found is not None and _is_old(found, relay):
        await relay.store.write(partial(renew, session=found))
    return found


async def session_for(request: Request, action: str, rate: Rate) -> Session:
    """Return the session a request must show, and count what it does.

    Raises:
        Refused: 401 ``session.unknown``, 403 for a page of another site, 429.
    """
    relay = relay_of(request)
    found = await known_session(request)
    if found is None:
        raise Refused(401, "session.unknown")
    site = relay.sites.site(found.site)
    if site is None:
        raise Refused(403, "site.off")
    _check_origin(request, site)
    await relay.check_session(action, found.hash, rate)
    return found


async def visitor_for(request: Request, action: str, rate: Rate) -> tuple[Session, int]:
    """Return the session of a visitor whom the shop knows, and the visitor's key.

    Raises:
        Refused: as :func:`session_for`, and 401 ``login.needed``.
    """
    session = await session_for(request, action, rate)
    if session.visitor is None:
        raise Refused(401, "login.needed")
    return session, session.visitor


def check_open(relay: Relay, site_id: str) -> Site:
    """Return a site on which visitors may write.

    Raises:
        Refused: 403 ``site.off``.
    """
    site = relay.sites.site(site_id)
    if site is None or not site.enabled:
        raise Refused(403, "site.off")
    return site


def _is_old(session: Session, relay: Relay) -> bool:
    kept = KEPT if session.visitor is not None else KEPT_ANONYMOUS
    return session.expires < relay.store.now + kept - _RENEWED_EVERY


def _check_origin(request: Request, site: Site) -> None:
    origin = request.headers.get("origin")
    if origin is not None and not allowed(site, origin):
        raise Refused(403, "origin.refused")
