"""Who a visitor is, as the shop's own server has signed it.

Two forms are understood; docs/admins/webchat-identity.md tells shops how to make them:

* a **JWT** (RFC 7519) of HS256 with ``sub``, ``aud`` (the site), ``iat``, ``exp`` and, if known,
  ``email``, ``name`` and ``jti``; keys, algorithms and claims are checked as RFC 8725 advises;
* a **signed text**: the HMAC-SHA256 (RFC 2104), in hex, of ``v1|SITE|EXPIRES|ID|EMAIL|NAME``. Only
  the name, which stands last, may contain the sign between the parts, so that no two identities
  have the same text.

Whatever is not right in every respect is nobody: an anonymous visitor, and no word about why.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.webchat.wire import Site, Visitor

LEEWAY = timedelta(seconds=60)
"""So far may the clocks of the shop and of the relay be apart."""
LONGEST = timedelta(hours=24)
"""Nothing is believed that would be good for longer."""
KEY_LENGTH = 32
"""Characters of a key at least: a shorter one can be found by trying."""
_MOST_TOKEN = 4_096
_MOST_KEYS = 3
_BETWEEN = "|"
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_SIGNATURE = re.compile(r"[0-9a-fA-F]{64}")
_WHOLE = re.compile(r"[0-9]{1,12}")
_EMAIL = re.compile(r"[^\s<>\"',;:()@|\\]{1,64}@[^\s<>\"',;:()@|\\]{1,189}")
_FAILURES = (JoseError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError,
             RecursionError)  # fmt: skip

type_of_used = Callable[[str, datetime], bool]


def identify(
    site: Site, said: Mapping[str, Any], now: datetime, used: type_of_used
) -> Visitor | None:
    """Return who the shop says a visitor is, or None: anonymous. Raises nothing of its own.

    Args:
        site: The site that is asked; its keys are the newest first.
        said: ``{"token": JWT}`` or ``{"signed": {id, email, name, expires, signature}}``.
        now: An aware instant.
        used: Records that something signed was used, until when that matters, and tells whether it
            was used before. Asked only about what is right in every other respect.
    """
    try:
        found = _of_token(site, said.get("token"), now) or _of_signed(site, said.get("signed"), now)
    except _FAILURES:
        return None
    if found is None:
        return None
    visitor, nonce, until = found
    return None if used(nonce, until) else visitor


def signed_text(site: str, expires: int, visitor: Visitor) -> str:
    """Return the text whose HMAC a shop makes that has no JWT at hand."""
    return _BETWEEN.join(("v1", site, str(expires), visitor.id, visitor.email, visitor.name))


type_of_found = tuple[Visitor, str, datetime] | None


def _of_token(site: Site, token: object, now: datetime) -> type_of_found:
    if not isinstance(token, str) or len(token) > _MOST_TOKEN or not _TOKEN.fullmatch(token):
        return None
    at = int(now.timestamp())
    rules = jwt.JWTClaimsRegistry(
        now=at,
        leeway=int(LEEWAY.total_seconds()),
        aud={"essential": True, "value": site.id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    )
    for key in _keys(site):
        try:
            given = jwt.decode(token, OctKey.import_key(key), algorithms=["HS256"])
        except _FAILURES:
            continue
        rules.validate(given.claims)
        if "crit" in given.header or given.claims["exp"] - given.claims["iat"] > _seconds(LONGEST):
            return None
        visitor = _visitor(*(given.claims.get(each) or "" for each in ("sub", "email", "name")))
        # the signature has more than one spelling, what is signed has one
        nonce = _nonce(token.rpartition(".")[0])
        return None if visitor is None else (visitor, nonce, _until(given.claims["exp"]))
    return None


def _of_signed(site: Site, signed: object, now: datetime) -> type_of_found:
    if not isinstance(signed, Mapping):
        return None
    expires, given = _expires(signed.get("expires")), signed.get("signature")
    raw = tuple(_as_text(signed.get(each, "")) for each in ("id", "email", "name"))
    if not isinstance(given, str) or not _SIGNATURE.fullmatch(given):
        return None
    if not now - LEEWAY < expires <= now + LONGEST + LEEWAY or _BETWEEN in raw[0] + raw[1]:
        return None
    text = signed_text(site.id, int(expires.timestamp()), Visitor(*raw))
    for key in _keys(site):
        made = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        if hmac.compare_digest(made, given.lower()):
            visitor = _visitor(*raw)
            return None if visitor is None else (visitor, _nonce(text), expires + LEEWAY)
    return None


def _keys(site: Site) -> Iterator[bytes]:
    """Return the keys that are keys: an empty or a short one would let anybody in."""
    for key in site.identity_keys[:_MOST_KEYS]:
        if len(key.strip()) >= KEY_LENGTH:
            yield key.encode()


def _visitor(id: object, email: object, name: object) -> Visitor | None:
    """Return what was signed, if it can be somebody; what cannot be an address is left out."""
    if not isinstance(id, str) or not isinstance(email, str) or not isinstance(name, str):
        return None
    if not 0 < len(id) <= 256 or clean(id) != id or not id.strip():
        return None
    is_address = _EMAIL.fullmatch(email) is not None and clean(email) == email
    return Visitor(id, email if is_address else "", clean(name).strip()[:200])


def _as_text(value: object) -> str:
    """Return a part of a signed text; numbers come from shops whose ids are numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        raise TypeError
    text = "" if value is None else str(value)
    if len(text) > _MOST_TOKEN:
        raise ValueError
    return text


def _expires(value: object) -> datetime:
    text = _as_text(value)
    if not _WHOLE.fullmatch(text) or (len(text) > 1 and text.startswith("0")):
        raise ValueError
    return datetime.fromtimestamp(int(text), UTC)


def _until(exp: float) -> datetime:
    return datetime.fromtimestamp(exp, UTC) + LEEWAY


def _seconds(span: timedelta) -> float:
    return span.total_seconds()


def _nonce(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
