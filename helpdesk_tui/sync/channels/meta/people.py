"""Who writes on Instagram: webhooks name people by an id alone."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.json_fields import id_at, word_at
from helpdesk_tui.domain.messaging.received import Echo, News, Received
from helpdesk_tui.services.messaging.meta import MetaAccount
from helpdesk_tui.sync.channels.meta.graph import Graph
from helpdesk_tui.sync.channels.meta.settings import read_settings
from helpdesk_tui.sync.receiving import Password

log = logging.getLogger(__name__)

_MOST = 5_000


class _LateGraph:
    """A connection that is made when it is needed."""

    def __init__(self, account: Account, password: Password) -> None:
        self._account = account
        self._password = password
        self._graph: Graph | None = None

    def connected(self) -> Graph:
        """Return it; raises HelpdeskError."""
        if self._graph is None:
            token = self._password(self._account, "token")
            self._graph = Graph(read_settings(self._account), token)
        return self._graph

    def close(self) -> None:
        """Drop it."""
        if self._graph is not None:
            self._graph.close()


class People:
    """Asks once for each new person how they call themselves; used by one thread."""

    def __init__(self, account: Account, known: MetaAccount, password: Password) -> None:
        self._account = account
        self._known = known
        self._password = password
        self._asked: dict[str, tuple[str, str]] = {}

    def named(self, news: Iterable[News]) -> list[News]:
        """Return news with the names of people who are new here, as far as Meta tells; blocks.

        A name is no reason to keep a message waiting: trouble leaves it out.
        """
        graph = _LateGraph(self._account, self._password)
        try:
            return [
                self._named(each, graph) if isinstance(each, (Received, Echo)) else each
                for each in news
            ]
        finally:
            graph.close()

    def _named(self, news: Received | Echo, graph: _LateGraph) -> News:
        if news.handle or self._known.has_contact(news.address):
            return news
        if news.address not in self._asked:
            while len(self._asked) >= _MOST:
                self._asked.pop(next(iter(self._asked)))
            self._asked[news.address] = self._ask(news.address, graph)
        name, handle = self._asked[news.address]
        return replace(news, name=name, handle=handle)

    def _ask(self, person: str, graph: _LateGraph) -> tuple[str, str]:
        if not (person.isascii() and person.isalnum()):
            return "", ""
        try:
            said = graph.connected().get(person, {"fields": "name,username"})
        except HelpdeskError as error:
            log.info("account %s: a name cannot be asked for: %s", self._account.name, error.code)
            return "", ""
        return word_at(said, "name"), id_at(said, "username")
