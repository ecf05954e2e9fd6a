"""The approved message that a macro has for WhatsApp: what it sends while the window is shut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db.messaging.templates import load_templates
from helpdesk_tui.db.reads.messaging import load_messaging
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.domain.macros.render import Context, Filled, Hole, render
from helpdesk_tui.domain.macros.text import read
from helpdesk_tui.domain.messaging.parts import TemplateUse
from helpdesk_tui.domain.messaging.templates import TemplateRow, filled
from helpdesk_tui.domain.messaging.windows import lock_of

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.macros import MacroFacts
    from helpdesk_tui.domain.macros.macro import Bodies


@dataclass(frozen=True, slots=True)
class Approved:
    """A template with its places filled in for one ticket."""

    use: TemplateUse
    text: Filled
    """What the customer reads."""


def approved_for(
    connection: sqlite3.Connection,
    bodies: Bodies | None,
    facts: MacroFacts,
    context: Context,
    now: datetime,
) -> Approved | None:
    """Return the template to send in a ticket, or None where a text of one's own is sent.

    Raises:
        NotFound: ``template.missing``: none of this name can be sent there.
        UsageError: ``template.values``.
    """
    spec = CHANNELS[facts.channel]
    wanted = bodies.whatsapp_template if bodies is not None else None
    if wanted is None or bodies is None or not spec.has_templates:
        return None
    info = load_messaging(connection, facts.ticket_id)
    if info is None:
        return None
    lock = lock_of(info, spec, now)
    is_shut = lock is not None and lock.allows_template
    if not is_shut and bodies.for_channel(facts.channel) is not None:
        return None
    row = _row(connection, info.account_id, wanted.name, bodies.language)
    parts = [render(read(each), context) for each in wanted.parameters]
    if len(parts) != row.places:
        raise UsageError("template.values", name=row.name, language=row.language,
                         wanted=row.places, given=len(parts))  # fmt: skip
    values = tuple(" ".join(part.text.split()) for part in parts)
    holes: tuple[Hole, ...] = tuple(hole for part in parts for hole in part.holes)
    return Approved(
        TemplateUse(row.name, row.language, values), Filled(filled(row.body, values), holes)
    )


def _row(connection: sqlite3.Connection, account_id: int, name: str, language: str) -> TemplateRow:
    """Return a template in a language, else in a related one, else the only one there is."""
    found = [
        each
        for each in load_templates(connection, account_id)
        if each.name == name and each.is_approved
    ]
    base = language.partition("_")[0]
    exact = [each for each in found if each.language == language]
    near = [each for each in found if each.language.partition("_")[0] == base]
    chosen = next(iter((*exact, *near)), found[0] if len(found) == 1 else None)
    if chosen is None:
        raise NotFound("template.missing", name=name, language=language)
    return chosen
