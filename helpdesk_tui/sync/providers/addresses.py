"""Where the key of a source may be sent."""

from __future__ import annotations

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.web_addresses import is_base, is_safe


def safe_base(url: str) -> str:
    """Return an address that a source is asked at, as it stands.

    Raises:
        UsageError: ``source.bad-url`` for one where others could read along, or that is no base.
    """
    if not is_base(url) or not is_safe(url):
        raise UsageError("source.bad-url", url=clean(url))
    return url
