"""Asking Meta's Graph API; what it refuses is told apart by its numbers alone."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from helpdesk_tui.domain.json_fields import objects_at, word_at
from helpdesk_tui.domain.messaging.meta_codes import (
    BUSY_SECONDS,
    PERSON_SECONDS,
    Meaning,
    code_of,
    error_in,
    meaning_of,
    words_of,
)
from helpdesk_tui.domain.messaging.meta_pages import after_of
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError, Gone, Rejected, Retry
from helpdesk_tui.sync.channels.messaging.provider import TooFast
from helpdesk_tui.sync.channels.meta.settings import MetaSettings
from helpdesk_tui.sync.http import Answer, Params, Web, retry_after

log = logging.getLogger(__name__)

_MOST_PAGES = 50


class Troubled(TooFast):
    """Meta has trouble with one message; that of others may be none."""


class Graph:
    """One account at Meta; used by one thread at a time, :meth:`close` by any.

    Every call blocks and raises only :class:`ChannelError`.
    """

    def __init__(
        self, settings: MetaSettings, token: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.settings = settings
        self._web = Web(
            settings.api,
            headers={"Authorization": f"Bearer {token}"},
            refused=refusal,
            transport=transport,
        )

    def close(self) -> None:
        """Drop the connections; what waits for an answer ends."""
        self._web.close()

    def get(self, path: str, params: Params | None = None) -> Mapping[str, Any]:
        """Return what stands at a path below the version, as an object."""
        where = f"/{self.settings.version}/{path}"
        return self._web.request("GET", where, params=params, repeats=True).object()

    def pages(self, path: str, params: Params) -> Iterator[Mapping[str, Any]]:
        """Give the pages of a list, by cursors: the address of the next one holds the token."""
        after = ""
        for _ in range(_MOST_PAGES):
            page = self.get(path, {**params, **({"after": after} if after else {})})
            yield page
            after = after_of(page)
            if not after:
                return

    def objects(self, path: str, params: Params) -> Iterator[Mapping[str, Any]]:
        """Give the objects of all pages of a list."""
        for page in self.pages(path, params):
            yield from objects_at(page, "data")

    def tell(self, path: str, params: Params | None = None, json: Any = None) -> Mapping[str, Any]:
        """Make a request that does no harm when it is made twice."""
        where = f"/{self.settings.version}/{path}"
        return self._web.request("POST", where, params=params, json=json, repeats=True).object()

    def send(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send a message; never repeated by itself.

        Raises:
            Uncertain: it may have left.
        """
        where = f"{self.settings.node}/messages"
        return self._web.request("POST", where, json=body, repeats=False).object()

    def upload(
        self, edge: str, fields: Mapping[str, str], name: str, content_type: str, data: bytes
    ) -> Mapping[str, Any]:
        """Hand over the bytes of a file; one that is handed over twice only lies there twice."""
        return self._web.request(
            "POST",
            f"{self.settings.node}/{edge}",
            form=fields,
            files={_PLACES[edge]: (name, data, content_type)},
            repeats=True,
            seconds=120.0,
        ).object()

    def refresh(self, token: str) -> Mapping[str, Any]:
        """Return a new token in place of one of Instagram Login."""
        params = {"grant_type": "ig_refresh_token", "access_token": token}
        where = "/refresh_access_token"
        return self._web.request("GET", where, params=params, repeats=True).object()


_PLACES: Mapping[str, str] = {"media": "file", "message_attachments": "filedata"}
"""Which field of an upload holds the bytes, by where it goes."""


def refusal(answer: Answer) -> ChannelError:
    """Return what an answer of the 400s means."""
    error = error_in(answer.said())
    if not error and answer.status == 401:
        return AuthFailed("provider.credentials", status=answer.status)
    if not error:
        return Rejected("provider.refused", status=answer.status)
    return meant(error, after=retry_after(answer.headers))


def meant(error: Mapping[str, Any], *, after: float = 0.0) -> ChannelError:
    """Return what an error of Meta means for us; its own words go along and decide nothing."""
    code, meaning = code_of(error), meaning_of(error)
    values = {
        "number": word_at(error, "code"),
        "text": words_of(error),
        "trace": word_at(error, "fbtrace_id"),
    }
    log.info("meta refuses: %s %s, trace %s", code, values["number"], values["trace"])
    match meaning:
        case Meaning.LOGIN:
            return AuthFailed(code, **values)
        case Meaning.PERSON:
            return TooFast(code, after=max(after, PERSON_SECONDS), **values)
        case Meaning.BUSY:
            return Retry(code, after=max(after, BUSY_SECONDS), **values)
        case Meaning.TROUBLE:
            return Troubled(code, after=max(after, BUSY_SECONDS), **values)
        case Meaning.GONE:
            return Gone(code, **values)
    return Rejected(code, **values)
