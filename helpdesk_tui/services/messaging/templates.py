"""The approved templates of accounts: as providers list them, or entered by a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.db import replies as reply_rows
from helpdesk_tui.db.messaging import templates as rows
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import Actor, require_admin
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.messaging.templates import TemplateFound, TemplateRow, has_gaps
from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.messaging.template_text import said_by

if TYPE_CHECKING:
    from helpdesk_tui.domain.messaging.parts import TemplateUse

_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,511}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_MOST_BODY = 1_024
"""Characters of a template's text that providers take."""


class Templates:
    """Reads and keeps templates; every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def of_account(self, account: Account) -> list[TemplateRow]:
        """Return all templates of an account, whatever their state, by name and language."""
        with self._store.read() as connection:
            return rows.load_templates(connection, account.id)

    def of_ticket(self, ticket_id: int) -> list[TemplateRow]:
        """Return the templates that can be sent in a ticket: approved ones of its account.

        Raises:
            NotFound: ``ticket.missing``.
        """
        with self._store.read() as connection:
            target = reply_rows.load_target(connection, ticket_id)
            if target is None:
                raise NotFound("ticket.missing", id=ticket_id)
            if target.account_id is None or not CHANNELS[target.channel].has_templates:
                return []
            found = rows.load_templates(connection, target.account_id)
        return [each for each in found if each.is_approved]

    def text(self, ticket_id: int, use: TemplateUse) -> str:
        """Return what the customer would read.

        Raises:
            NotFound: ``ticket.missing`` or ``template.missing``.
            NotAllowed: ``template.not-here`` or ``template.not-approved``.
            UsageError: ``template.values`` or ``template.bad-value``.
        """
        with self._store.read() as connection:
            target = reply_rows.load_target(connection, ticket_id)
            if target is None:
                raise NotFound("ticket.missing", id=ticket_id)
            return said_by(connection, target, use)

    def synced(self, account: Account, found: Sequence[TemplateFound]) -> None:
        """Keep what the provider lists now; what a person has entered stays, unless listed too."""
        now = self._now()
        with self._store.write(bulk=True) as connection:
            for each in found:
                rows.save_template(connection, account.id, each, now, source="provider")
            rows.delete_gone(connection, account.id, [(each.name, each.language) for each in found])

    def add(self, account: Account, entered: TemplateFound) -> None:
        """Enter a template by hand, where the provider lists none; or mend one that was entered.

        Raises:
            NotAllowed: ``role.admin-needed``, ``template.not-here``, or ``template.in-use`` for
                one that comes from the provider.
            UsageError: ``template.bad-name``, ``template.bad-language`` or ``template.bad-body``.
        """
        require_admin(self._actor)
        checked = _checked(account, entered)
        with self._store.write() as connection:
            known = rows.load_template(connection, account.id, checked.name, checked.language)
            if known is not None and known.source == "provider":
                raise NotAllowed("template.in-use", name=known.name, language=known.language)
            rows.save_template(connection, account.id, checked, self._now(), source="entered")

    def remove(self, account: Account, name: str, language: str = "") -> int:
        """Remove a template that was entered, in one language or all; return how many those were.

        Raises:
            NotAllowed: ``role.admin-needed``, or ``template.in-use`` for the provider's.
            NotFound: ``template.missing``.
        """
        require_admin(self._actor)
        with self._store.write() as connection:
            found = [
                each
                for each in rows.load_templates(connection, account.id)
                if each.name == name and language in ("", each.language)
            ]
            for each in found:
                if each.source == "provider":
                    raise NotAllowed("template.in-use", name=name, language=each.language)
            if not found:
                raise NotFound("template.missing", name=clean(name), language=clean(language))
            return rows.delete_template(connection, account.id, name, language)


def _checked(account: Account, entered: TemplateFound) -> TemplateFound:
    spec = CHANNELS[account.channel]
    if not spec.has_templates:
        raise NotAllowed("template.not-here", channel=spec.label)
    if not _NAME.fullmatch(entered.name):
        raise UsageError("template.bad-name", name=clean(entered.name))
    if not _LANGUAGE.fullmatch(entered.language):
        raise UsageError("template.bad-language", language=clean(entered.language))
    body = clean_lines(entered.body).strip()
    if not 0 < len(body) <= _MOST_BODY or has_gaps(body):
        raise UsageError("template.bad-body", limit=_MOST_BODY)
    return TemplateFound(
        entered.name,
        entered.language,
        "approved",
        body,
        clean(entered.category).strip().lower(),
        clean(entered.provider_id).strip(),
    )
