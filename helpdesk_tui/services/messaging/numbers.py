"""Telephone numbers as people write them, in the one form that stores and providers know."""

from __future__ import annotations

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.messaging.people import is_number
from helpdesk_tui.domain.text import clean, shorten

_LONGEST = 40


def e164(text: str, region: str = "") -> str:
    """Return a number in E.164.

    Args:
        text: As it was written, with its country in front, or a national one with ``region``.
        region: Country of national numbers, such as ``SE``.

    Raises:
        UsageError: ``consent.not-a-number`` unless it can be a number that is dialled.
    """
    import phonenumbers

    written = text.strip().removeprefix("whatsapp:").strip()
    problem = UsageError("consent.not-a-number", address=shorten(clean(written), _LONGEST))
    if len(written) > _LONGEST or (not region and not written.startswith("+")):
        raise problem
    try:
        parsed = phonenumbers.parse(written, region.upper() or None)
    except phonenumbers.NumberParseException:
        raise problem from None
    if not phonenumbers.is_possible_number(parsed):
        raise problem
    found = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    if not is_number(found):
        raise problem
    return found
