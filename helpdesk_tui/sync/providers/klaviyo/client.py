"""Klaviyo's interface: typed, bounded, within its rates, and read page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx

from helpdesk_tui.domain.commerce.klaviyo_events import Metric, read_campaigns, read_metrics
from helpdesk_tui.domain.json_fields import object_at, objects_at, word_at
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError, Gone, Rejected, Retry
from helpdesk_tui.sync.http import Answer, Web
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.klaviyo import calls
from helpdesk_tui.sync.providers.klaviyo.calls import Call
from helpdesk_tui.sync.providers.source import Suspended

_MEDIA = "application/vnd.api+json"
_MOST = 16_000_000
"""Bytes of one page: what is put into events is of no limit of ours."""
_TRIES = 3
_SHORT = 3.0
"""Seconds up to which a busy provider is waited for; afterwards the section is, not the thread."""
_SCOPE = re.compile(r"\b[a-z]+(?:-[a-z]+)*:(?:read|write|full)\b")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNFIT = re.compile(r'["\\\x00-\x20\x7f]')
_MOST_VALUES = 20
_RETIRED = 410


class KlaviyoClient:
    """One account at Klaviyo; used by one thread at a time, :meth:`close` by any.

    Every call blocks and raises only :class:`ChannelError`.
    """

    def __init__(
        self,
        api: str,
        key: str,
        *,
        paces: Paces,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._api = api.rstrip("/")
        self._paces = paces
        self._web = Web(
            self._api,
            headers={
                "Authorization": f"Klaviyo-API-Key {key}",
                "revision": calls.REVISION,
                "Accept": _MEDIA,
            },
            refused=refused,
            transport=transport,
        )

    def close(self) -> None:
        """Drop the connections; what waits for an answer ends."""
        self._web.close()

    def account(self) -> Mapping[str, Any]:
        """Return the account that the key is of."""
        said = self._get(calls.ACCOUNT, "/api/accounts").object()
        return next(objects_at(said, "data"), {})

    def search(self, name: str, values: Sequence[str]) -> list[Mapping[str, Any]]:
        """Return the profiles whose address, number … is one of some.

        Args:
            name: ``email``, ``phone_number`` or ``external_id``.
            values: What it may be; what cannot stand in a question is left out.
        """
        asked = [each for each in values if each and not _UNFIT.search(each)][:_MOST_VALUES]
        if not asked:
            return []
        quoted = ",".join([f'"{each}"' for each in asked])
        one_of = f"any({name},[{quoted}])" if len(asked) > 1 else f"equals({name},{quoted})"
        answer = self._get(calls.SEARCH, "/api/profiles", {"filter": one_of})
        return list(objects_at(_page(answer), "data"))

    def profile(self, profile: str, call: Call = calls.PROFILE) -> Mapping[str, Any]:
        """Return a profile with what a call asks of it.

        Raises:
            Gone: ``provider.gone``: it was deleted, or merged into another one.
        """
        return object_at(self._get(call, f"/api/profiles/{id_of(profile)}").object(), "data")

    def groups(self, profile: str, call: Call) -> list[Mapping[str, Any]]:
        """Return the segments or lists of a profile; raises as :meth:`profile`."""
        path = f"/api/profiles/{id_of(profile)}/{call.name}"
        return [each for page in self.pages(call, path) for each in objects_at(page, "data")]

    def events(self, profile: str) -> Iterator[Mapping[str, Any]]:
        """Give pages of what a profile did, the newest first."""
        params = {"filter": f'equals(profile_id,"{id_of(profile)}")'}
        return self.pages(calls.EVENTS, "/api/events", params)

    def metrics(self) -> dict[str, Metric]:
        """Return all kinds of event of the account by id."""
        pages = self.pages(calls.METRICS, "/api/metrics")
        return read_metrics(each for page in pages for each in objects_at(page, "data"))

    def campaigns(self) -> dict[str, str]:
        """Return names of the newest campaigns of text messages, by the ids of their messages."""
        found: dict[str, str] = {}
        for page in self.pages(calls.CAMPAIGNS, "/api/campaigns"):
            found |= read_campaigns(page)
        return found

    def some(self, call: Call, path: str, **params: str | int) -> list[Mapping[str, Any]]:
        """Return the first page of a list: whether it may be read at all."""
        return list(objects_at(_page(self._get(call, path, params)), "data"))

    def pages(
        self, call: Call, path: str, params: Mapping[str, str | int] | None = None
    ) -> Iterator[Mapping[str, Any]]:
        """Give the pages of a list, as many as its call allows.

        Every page names the next one. It is asked for as it stands there, but never at another
        host, at another place, or twice.
        """
        seen: set[str] = set()
        answer = self._get(call, path, params or {})
        for number in range(call.pages):
            said = _page(answer)
            yield said
            following = self._following(said, path, answer.status)
            if not following or number + 1 == call.pages:
                return
            if following in seen:
                raise Retry("provider.nonsense", status=answer.status)
            seen.add(following)
            answer = self._asked(call, following, None)

    def _following(self, said: Mapping[str, Any], path: str, status: int) -> str:
        """Return the path of the next page; empty at the end."""
        found = object_at(said, "links").get("next")
        if found is None or found == "":
            return ""
        here = tuple(f"{host}{path}{end}" for host in (self._api, "") for end in ("?", "/?"))
        if not isinstance(found, str) or not found.startswith(here):
            raise Retry("provider.nonsense", status=status)
        return found.removeprefix(self._api)

    def _get(self, call: Call, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        return self._asked(call, path, {**call.params, **(params or {})})

    def _asked(self, call: Call, path: str, params: Mapping[str, str | int] | None) -> Answer:
        """Ask in turn; what is only busy for a moment is asked again."""
        pace = self._paces.windows(call.name, call.limits)
        left = _TRIES
        while True:
            left -= 1
            try:
                with pace.turn(patience=call.patience):
                    answer = self._web.request(
                        "GET", path, params=params or None, repeats=True, most=_MOST
                    )
            except Retry as error:
                if error.code != "provider.busy" or error.after > _SHORT or not left:
                    raise
            except ChannelError as error:
                raise _with_scope(error, call) from error
            else:
                pace.heard(answer.headers)
                return answer


def refused(answer: Answer) -> ChannelError:
    """Return what a refusal means."""
    said = answer.said()
    first = next(objects_at(said, "errors"), {})
    text = word_at(first, "detail") or word_at(first, "title")
    if answer.status == 401:
        return AuthFailed("source.credentials", text=text)
    if answer.status == _RETIRED or (answer.status == 400 and _is_about_revision(first)):
        return Suspended("source.version", version=calls.REVISION, text=text)
    if answer.status == 403:
        return Rejected("source.scope", scope="", text=text)
    if answer.status == 404:
        return Gone("provider.gone")
    return Rejected("source.refused", text=text or f"HTTP {answer.status}")


def id_of(profile: str) -> str:
    """Return an id as part of a question; what is none of theirs is not theirs."""
    if not _ID.fullmatch(profile):
        raise Gone("provider.gone")
    return profile


def _page(answer: Answer) -> Mapping[str, Any]:
    said = answer.object()
    if not isinstance(said.get("data"), list):
        raise Retry("provider.nonsense", status=answer.status)
    return said


def _is_about_revision(error: Mapping[str, Any]) -> bool:
    where = word_at(error, "source", "parameter") + word_at(error, "source", "pointer")
    return "revision" in (where + word_at(error, "detail") + word_at(error, "code")).lower()


def _with_scope(error: ChannelError, call: Call) -> ChannelError:
    """Name the right that a refused call needs, the one it names itself before ours."""
    if error.code != "source.scope":
        return error
    named = _SCOPE.search(str(error.values.get("text", "")))
    return Rejected("source.scope", scope=named[0] if named else call.scope)
