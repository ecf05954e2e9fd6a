"""Who somebody is by what a provider knows them by."""

from __future__ import annotations

import re

Key = tuple[str, str]
"""Kind and value of an identity."""

PHONE, INSTAGRAM, HANDLE = "phone", "instagram", "instagram-handle"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def is_number(address: str) -> bool:
    """Tell whether an address is a whole telephone number in E.164."""
    return _E164.fullmatch(address) is not None


def key_of(channel: str, address: str) -> Key:
    """Return the identity of a customer's address.

    A number is one person on SMS and on WhatsApp. What is no number there (a short code, a
    sender's name, an id in place of a number) says something on that channel only.
    """
    if channel == INSTAGRAM:
        return INSTAGRAM, address
    return (PHONE if is_number(address) else channel), address


def shown_name(name: str, handle: str, address: str) -> str:
    """Return what to call somebody whose profile has no name."""
    return name or (f"@{handle}" if handle else address)
