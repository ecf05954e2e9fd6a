"""What an account at Meta needs now and then: its templates read, its token renewed."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import TypeGuard

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messaging.meta_templates import template_of
from helpdesk_tui.domain.messaging.providers import Carrier
from helpdesk_tui.domain.messaging.templates import TemplateFound
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.messaging.meta import MetaAccount, TokenAge
from helpdesk_tui.services.messaging.templates import Templates
from helpdesk_tui.services.secrets import Place, Secret, Secrets
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.channels.errors import AuthFailed, Rejected
from helpdesk_tui.sync.channels.meta.graph import Graph
from helpdesk_tui.sync.channels.meta.receiver import HookReceiver
from helpdesk_tui.sync.channels.meta.settings import read_settings
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop

log = logging.getLogger(__name__)

_EVERY = 3_600.0
_AGAIN = 300.0
"""Seconds between two looks whether somebody has given a token that is taken."""
_LIVES = timedelta(days=60)
"""How long a token of Instagram Login is good for; Meta says so anew with each one."""
_RENEW_AFTER = timedelta(days=30)
_TEMPLATE_FIELDS = "id,name,language,status,category,components"
_ELSEWHERE = (Place.CREDENTIALS, Place.ENVIRONMENT, Place.COMMAND)
"""Where a secret lies that this program cannot change."""


class UpkeepLoop(Loop):
    """Does for one account, every hour, what is due; its trouble is only logged."""

    def __init__(
        self, receiver: ReceiveLoop, store: Store, password: Password, *, now: Clock = utc_now
    ) -> None:
        super().__init__(f"upkeep {receiver.account.name}")
        self._account = receiver.account
        self._receiver = receiver
        self._store = store
        self._password = password
        self._now = now
        self._graph: Graph | None = None
        self._backoff = Backoff(first=30.0, longest=_EVERY)

    def interrupt(self) -> None:
        """Cut the connection."""
        graph = self._graph
        if graph is not None:
            graph.close()

    def once(self) -> None:
        """Do what is due; raises HelpdeskError."""
        self._keep_up()

    def step(self) -> float:
        """Do what is due; return the seconds until the next look."""
        try:
            self._keep_up()
        except HelpdeskError as error:
            if not self.stopping.is_set():
                log.warning("%s: %s", self.name, error.code)
                self._tell(error)
            return _AGAIN if isinstance(error, AuthFailed) else self._backoff.next()
        self._backoff.clear()
        self._tell(None)
        return _EVERY

    def _tell(self, error: HelpdeskError | None) -> None:
        """Let the account show that its token is refused: the relay alone would not notice."""
        if isinstance(self._receiver, HookReceiver) and (
            error is None or isinstance(error, AuthFailed)
        ):
            self._receiver.token_trouble = error

    def _keep_up(self) -> None:
        settings = read_settings(self._account)
        token = self._password(self._account, "token")
        graph = self._graph = Graph(settings, token)
        try:
            if settings.is_whatsapp:
                found = fetch_templates(graph)
                Templates(self._store, SYSTEM).synced(self._account, found)
            else:
                graph.get(settings.page_id or "me", {"fields": "id"})
            if settings.provider == Carrier.INSTAGRAM_LOGIN:
                self._renew(graph, token)
        finally:
            self._graph = None
            graph.close()

    def _renew(self, graph: Graph, token: str) -> None:
        """Put a new token in place of one that is half way to its end."""
        known, now = MetaAccount(self._store, self._account), self._now()
        age = known.token_age()
        if age is None:
            # nobody knows how old it is: from today on we do
            known.save_token_age(TokenAge(now, now + _LIVES))
            return
        if now - age.since < _RENEW_AFTER:
            return
        root = self._store.paths.root
        if not can_save(root, self._account):
            log.warning("%s: the token ends on %s and lies where it cannot be renewed",
                        self.name, age.until.date())  # fmt: skip
            return
        renewed, lives = fetch_token(graph, token)
        Secrets(root).save(self._account.name, renewed)
        known.save_token_age(TokenAge(now, now + lives))
        log.info("%s: the token was renewed", self.name)


def can_save(root: Path, account: Account) -> bool:
    """Tell whether the token of an account lies where this program may put another one."""
    _unused, place = Secrets(root).find(account.name, account.settings)
    return place not in _ELSEWHERE


def fetch_token(graph: Graph, token: str) -> tuple[Secret, timedelta]:
    """Return a new token and how long it is good for; the old one holds on as well.

    Raises:
        ChannelError: as Meta answers.
    """
    said = graph.refresh(token)
    found, seconds = said.get("access_token"), said.get("expires_in")
    if not isinstance(found, str) or not found or len(found) > 4_000 or not found.isascii():
        raise Rejected("meta.no-token")
    lives = timedelta(seconds=seconds) if _is_span(seconds) else _LIVES
    return Secret(found), lives


def _is_span(seconds: object) -> TypeGuard[int]:
    return isinstance(seconds, int) and 0 < seconds < 10**9


def fetch_templates(graph: Graph) -> list[TemplateFound]:
    """Return the templates of a business account, whatever their state.

    Raises:
        ChannelError: as Meta answers.
    """
    where = f"{graph.settings.waba_id}/message_templates"
    said = graph.objects(where, {"fields": _TEMPLATE_FIELDS, "limit": 100})
    return [found for each in said if (found := template_of(each)) is not None]
