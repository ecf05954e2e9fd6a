"""Why a message did not arrive."""

from __future__ import annotations

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messaging.state import MessagingInfo
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.errors import SENTENCES, sentence_of
from helpdesk_tui.widgets.words.language import _

_OF_PROVIDERS = ("meta", "twilio", "provider", "reply", "media", "delivery")
"""Beginnings of the codes whose sentences say more than what a provider says."""
_OVER = "reply.window-closed"


def delivery_trouble(code: str, text: str, *, channel: str = "", address: str = "") -> str:
    """Return why a message did not arrive: our words for a provider's number, else its own.

    Args:
        code: The code that stands with the message.
        text: What the other side said.
        channel: The message's.
        address: Whom it was to reach.
    """
    template = SENTENCES.get(code) if code.partition(".")[0] in _OF_PROVIDERS else None
    if template is None:
        return clean(text) or clean(code)
    spec = CHANNELS.get(channel)
    values: dict[str, object] = {"text": text, "address": address}
    if spec is not None:
        values["channel"] = spec.label
        if spec.window is not None:
            length = (spec.human_window or spec.window) if code == _OVER else spec.window
            values["hours"] = int(length.total_seconds()) // 3600
        if spec.human_window is not None:
            values["days"] = spec.human_window.days
    return sentence_of(code, **values)


def unknown_trouble(channel: str) -> str:
    """Return where to look for a message of which nobody knows whether it left."""
    spec = CHANNELS.get(channel)
    if spec is not None and spec.is_messaging:
        return _("the line broke while sending: look at the provider whether it left")
    return _("the line broke while sending: look in the Sent folder")


def dead_end_words(info: MessagingInfo) -> str:
    """Return why a reply would be in vain, as far as the provider has said so; else empty."""
    if not info.dead_end:
        return ""
    return _("the last message did not arrive: {reason}").format(
        reason=delivery_trouble(info.dead_end, "", address=info.address)
    )
