"""Why a page of the shop was not read, in words."""

from __future__ import annotations

from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import N_, _

_TROUBLES = N_(
    {
        "elsewhere": "it leads to another site",
        "empty": "there is no text on it",
        "given-up": "its site failed too often, so it was not asked",
        "host-unknown": "there is no host of this name",
        "no-room": "there is too much text already",
        "no-time": "the time for a visit was over",
        "not-a-list": "it is no sitemap",
        "not-text": "it is no page of text",
        "packed": "it comes packed although that was not asked for",
        "redirects": "it leads on and on",
        "refused-private-address": "its host is none of the public network",
        "robots": "robots.txt of its site forbids it",
        "robots-unknown": "robots.txt of its site could not be had",
        "slow": "it takes too long",
        "some-elsewhere": "pages of other sites in it are left out",
        "too-large": "it is larger than 2 MB",
        "too-many": "there are too many pages; the first ones are taken",
        "unreachable": "its site cannot be reached",
    }
)


def page_trouble(code: str) -> str:
    """Return in a few words why a page was not read; nothing where it was."""
    kind, dash, number = code.partition("-")
    if kind == "status" and dash:
        return _("its site answers {status}").format(status=clean(number))
    return _(_TROUBLES[code]) if code in _TROUBLES else clean(code)
