"""Under which names the secrets of a chat account are kept, beside the relay's token."""

from __future__ import annotations


def identity_name(account: str) -> str:
    """Return the name of the key that the shop signs its customers with."""
    return f"{account}-identity"


def former_identity_name(account: str) -> str:
    """Return the name of the key before it, which holds on while the shop changes over."""
    return f"{identity_name(account)}-old"
