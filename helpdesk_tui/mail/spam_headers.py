"""What filters on the way here wrote into the header: that a mail is spam, or nothing."""

from __future__ import annotations

import re

from helpdesk_tui.mail.headers import Headers
from helpdesk_tui.mail.words import raw_text

_FLAGS = (
    b"x-spam-flag",  # SpamAssassin, Amavis and most providers: YES
    b"x-spam-status",  # "Yes, score=9.4 required=5.0 …"
    b"x-spam",  # Rspamd: Yes
    b"x-ses-spam-verdict",  # Amazon SES: FAIL
    b"x-barracuda-spam-flag",
    b"x-dspam-result",  # Spam
    b"x-bogosity",  # bogofilter: "Spam, tests=…"
    b"x-suspected-spam",
)
_YES = re.compile(r"(?:yes|true|spam|fail)\b", re.IGNORECASE)
_RSPAMD = re.compile(r"[^:]{0,40}:\s*True\b")
_EXCHANGE = (b"x-forefront-antispam-report", b"x-microsoft-antispam",
             b"x-ms-exchange-organization-scl")  # fmt: skip
_CATEGORY = re.compile(
    r"(?:^|;)\s*(?:CAT:(?:H?SPM|H?PHSH|HPHISH|MALW|SPOOF)|SFV:SPM)\s*(?=;|$)", re.IGNORECASE
)
_LEVEL = re.compile(r"(?:^|;)\s*(?:(SCL|BCL):)?\s*(-?\d{1,2})\s*(?=;|$)", re.IGNORECASE)
_MOVED_TO_JUNK = {"scl": 5, "bcl": 7}
"""Levels from which Exchange moves mail into the junk folder: spam and bulk complaints."""
_MAX_VALUE = 2000


def says_spam(headers: Headers) -> bool:
    """Tell whether a filter marked the mail as spam; scores without a verdict do not count."""
    if any(_YES.match(_topmost(headers, name)) for name in _FLAGS if name in headers):
        return True
    if b"x-spamd-result" in headers and _RSPAMD.match(_topmost(headers, b"x-spamd-result")):
        return True
    return any(_exchange(_topmost(headers, name)) for name in _EXCHANGE if name in headers)


def _topmost(headers: Headers, name: bytes) -> str:
    """Return the value that the nearest server wrote: those below may be the sender's own."""
    return raw_text(headers.first(name)[:_MAX_VALUE]).strip()


def _exchange(value: str) -> bool:
    if _CATEGORY.search(value):
        return True
    return any(
        int(level) >= _MOVED_TO_JUNK[(name or "scl").lower()]
        for name, level in _LEVEL.findall(value)
    )
