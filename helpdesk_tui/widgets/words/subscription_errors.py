"""Why a subscription cannot be changed, and what to do instead."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import Marked

SUBSCRIPTION_SENTENCES: Marked[Mapping[str, str]] = {
    "action.nothing": "it is like that already: there is nothing to change",
    "action.not-possible": "this source cannot do that",
    "action.target-gone": "it is not there any more, so that nobody can tell whether it was"
    " changed: look in the shop itself",
    "action.third-state": "it is neither as it was nor as it was to be, so that nobody can tell"
    " whether our change came before another one: look in the shop itself",
    "provider.conflict": "another change of it is under way at the shop: it is tried again by"
    " itself",
    "subscription.bad-address": "this is not an address of the customer: choose one of theirs",
    "subscription.bad-date": "{date} cannot be the day of a charge: choose one after today, such"
    " as 2026-06-20",
    "subscription.bad-interval": "{interval} is no interval: take a number of days, weeks or"
    " months",
    "subscription.bad-quantity": "{quantity} is no quantity: take a whole number from 1; to send"
    " nothing any more, cancel it",
    "subscription.long-comments": "the comments are too long: at most {most} characters",
    "subscription.no-charge": "nothing is queued for it, so that nothing can be skipped",
    "subscription.no-reason": "a reason is needed: say why they cancel",
    "subscription.not-active": "it is not active ({status}): reactivate it first",
    "subscription.not-cancelled": "it is not cancelled ({status}): there is nothing to reactivate",
    "subscription.not-in-box": "not in the box that leaves next: {items}",
    "subscription.not-skippable": "the shop lets nobody skip {name}",
    "subscription.not-skipped": "no skip of it can be taken back any more",
    "subscription.not-swappable": "the shop lets nobody swap {name} for another one",
}
"""Sentences of what is refused before anything was asked, and of what cannot be told."""
