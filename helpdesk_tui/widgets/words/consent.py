"""The words of consent and of what marketing sent: what is refused, and what an import says."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import Marked

CONSENT_SENTENCES: Marked[Mapping[str, str]] = {
    "consent.channel": "consent is kept for SMS and WhatsApp: {channel} needs none",
    "consent.kind": "{kind} is no kind of consent: marketing or transactional",
    "consent.no-number": "ticket {id} has no number that consent could be noted for",
    "consent.not-a-number": "{address} is no telephone number with its country, such as"
    " +46701112233",
    "consent.not-a-time": "{value} is no moment: write it as 2026-11-22 or 2026-11-22T10:00:00Z",
    "consent.no-source": "say where the consent was given, such as: by phone on Monday, form 17",
    "consent.state": "{state} is not known: given or withdrawn",
    "consent.unknown": "nothing is known of {address}: no consent, and none withdrawn",
    "consent.withdrawn-themselves": "{address} has opted out on {channel}: only their own START"
    " ends that",
    "consent.columns": "the file has no column {column}; the first line names the columns: {known}",
    "consent.not-a-table": "{path} is no table in UTF-8: save it as CSV (UTF-8)",
    "sends.kind": "{kind} is neither campaign nor flow",
    "sends.no-id": "the id of the send is empty",
    "sends.no-name": "the campaign or flow has no name",
    "customer.by-number": "on {channel} the number says whose a ticket is: link the two customers"
    " if they are one person",
    "media.is-here": "file {id} is here already",
    "media.not-remote": "no provider holds file {id} any more",
}
"""Sentences of error codes."""
