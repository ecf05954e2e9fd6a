"""Links in a text message: found, and put in short."""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpdesk_tui.domain.messaging.relaying import LINK_LENGTH
from helpdesk_tui.domain.web_addresses import parts_of

CODE_LENGTH = 7
"""Signs of a code: 57^7, some two million millions, so that nobody finds one by trying."""
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
"""Without signs that are mistaken for each other."""
_LINK = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_TAIL = ".,;:!?'\"*_~"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


def links_in(text: str, longer_than: int = 0) -> list[str]:
    """Return the links of a text, each once, that are worth to be put in short.

    Args:
        text: What the customer reads.
        longer_than: Characters of a short one.
    """
    found = [_trimmed(match.group()) for match in _LINK.finditer(text)]
    return [
        each
        for each in dict.fromkeys(found)
        # what the relay would refuse, such as one that holds a password, stays as it is
        if len(each) > longer_than and parts_of(each, LINK_LENGTH) is not None
    ]


def shortened(text: str, short: Mapping[str, str]) -> str:
    """Return a text with links in short, everything else as it is."""

    def put(match: re.Match[str]) -> str:
        link = _trimmed(match.group())
        return short.get(link, link) + match.group()[len(link) :]

    return _LINK.sub(put, text)


def _trimmed(link: str) -> str:
    """Return a link without the signs of the sentence that it stands in."""
    while True:
        # it begins with its scheme, so that something is left always
        last = link[-1]
        opened = _PAIRS.get(last)
        if last not in _TAIL and not (opened and link.count(opened) < link.count(last)):
            return link
        link = link[:-1]
