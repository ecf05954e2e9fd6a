"""Which certificates of the world are trusted over HTTPS."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """Return whom we trust, read once: every client would read it anew.

    That takes tens of milliseconds: while an agent waits, or while all that a thread looks after
    stands still.
    """
    return httpx.create_ssl_context(trust_env=False)
