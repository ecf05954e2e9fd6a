"""Trying a key of Klaviyo: whether it is taken, and each right that it should have."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.commerce.klaviyo_profiles import has_predictions
from helpdesk_tui.domain.json_fields import id_at
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError
from helpdesk_tui.sync.providers.klaviyo import calls
from helpdesk_tui.sync.providers.klaviyo.calls import Call
from helpdesk_tui.sync.providers.klaviyo.client import KlaviyoClient
from helpdesk_tui.sync.providers.source import Suspended

_Answer = TypeVar("_Answer")


def check(client: KlaviyoClient) -> tuple[Check, ...]:
    """Return what was tried: the key, one check for each right, and whether there is prediction.

    Every call is one that is made in earnest, so what is missing here is missing there.
    """
    try:
        found = _checks(client)
    except (AuthFailed, Suspended) as error:
        return (_failed("login", error),)
    return (Check("login", ok=True), *found)


def _checks(client: KlaviyoClient) -> list[Check]:
    trial = _Trial()
    trial.of(calls.ACCOUNT, client.account)
    profiles = trial.of(calls.SAMPLE, partial(client.some, calls.SAMPLE, "/api/profiles"))
    some = next(filter(None, (id_at(each, "id") for each in profiles or ())), "")
    for call in (calls.SEGMENTS, calls.LISTS):
        if some:
            trial.of(call, partial(client.groups, some, call))
        else:
            # they are read customer by customer: without any there is nothing to try
            trial.found.append(Check(call.scope, ok=True, values={"unseen": True}))
    for call in (calls.EVENTS, calls.METRICS, calls.CAMPAIGNS):
        trial.of(call, partial(client.some, call, f"/api/{call.name}"))
    if profiles is not None:
        values = {"known": has_predictions(profiles)}
        trial.found.append(Check("predictions", ok=True, values=values))
    return trial.found


class _Trial:
    """How each right fared."""

    def __init__(self) -> None:
        self.found: list[Check] = []

    def of(self, call: Call, ask: Callable[[], _Answer]) -> _Answer | None:
        """Make a call; return what it gave, None if that is refused."""
        try:
            answer = ask()
        except (AuthFailed, Suspended):
            raise
        except ChannelError as error:
            self.found.append(_failed(call.scope, error))
            return None
        self.found.append(Check(call.scope, ok=True))
        return answer


def _failed(name: str, error: ChannelError) -> Check:
    return Check(name, False, error.code, {key: str(each) for key, each in error.values.items()})
