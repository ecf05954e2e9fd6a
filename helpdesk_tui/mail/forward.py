"""Forwards made by hand: told by the subject, by a title in the text, or by an enclosed mail."""

from __future__ import annotations

import re
from functools import cache

from helpdesk_tui.domain.mail import Forwarded, MailAttachment, MailClass
from helpdesk_tui.mail import folding_phrases as phrases

_LOOK = 20_000


@cache
def _prefix() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, phrases.FORWARD_PREFIXES), key=len, reverse=True))
    return re.compile(
        rf"\s*(?:\[[^\]]{{0,40}}\]\s*)?(?:{words})(?:\[\d+\])?\s?[:：]", re.IGNORECASE
    )


@cache
def _title() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, phrases.FORWARDED), key=len, reverse=True))
    return re.compile(rf"\n[ \t>]*+(?:[-_=*]{{2,40}}[ \t]*)?(?:{words})[ \t]*(?::|[-_=*]{{2}})",
                      re.IGNORECASE)  # fmt: skip


def is_forward(
    subject: str, text: str, attachments: tuple[MailAttachment, ...], mail_class: MailClass
) -> bool:
    """Tell whether a mail looks like one that a person passed on."""
    if mail_class is MailClass.BOUNCE:
        return False
    if any(attachment.content_type == "message/rfc822" for attachment in attachments):
        return True
    return bool(_prefix().match(subject) or _title().search("\n" + text[:_LOOK]))


def find_forwarded(subject: str, text: str) -> Forwarded | None:
    """Return the mail that a text forwards, or None where it forwards none."""
    return None
