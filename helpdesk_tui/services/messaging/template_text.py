"""What a customer reads of a template, and whether it may be sent at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.db.messaging import templates as rows
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.messaging.templates import filled
from helpdesk_tui.domain.text import clean

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.replies import Target
    from helpdesk_tui.domain.messaging.parts import TemplateUse


def said_by(connection: sqlite3.Connection, target: Target, use: TemplateUse) -> str:
    """Return the text of a template with its places filled.

    Raises:
        NotAllowed: ``template.not-here`` on channels without, ``template.not-approved``.
        NotFound: ``template.missing``.
        UsageError: ``template.values`` with the numbers, ``template.empty-value``.
    """
    spec = CHANNELS[target.channel]
    if not spec.has_templates or target.account_id is None:
        raise NotAllowed("template.not-here", channel=spec.label)
    found = rows.load_template(connection, target.account_id, use.name, use.language)
    named = {"name": clean(use.name), "language": clean(use.language)}
    if found is None:
        raise NotFound("template.missing", **named)
    if not found.is_approved:
        raise NotAllowed("template.not-approved", **named, status=found.status)
    if len(use.values) != found.places:
        raise UsageError("template.values", **named, wanted=found.places, given=len(use.values))
    for position, value in enumerate(use.values, 1):
        # providers refuse what would break the text they have approved
        if not value.strip() or any(sign in value for sign in "\n\r\t"):
            raise UsageError("template.bad-value", **named, place=position)
    return filled(found.body, use.values)
