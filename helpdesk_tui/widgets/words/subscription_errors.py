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
    "order.bad-quantity": "{quantity} is no quantity: take a whole number, 0 to take it out",
    "order.item-not-editable": "the shop does not let {item} be changed",
    "order.no-item": "this order has no line {item}",
    "provider.conflict": "another change of it is under way at the shop: it is tried again by"
    " itself",
    "sandbox.broken": "the sample shop cannot be read from {path}: {reason}",
    "source.suspended": "the account at {source} is shut (status {status}): {text}",
    "subscription.bad-address": "this is not an address of the customer: choose one of theirs",
    "subscription.bad-date": "{date} cannot be the day of a charge: choose one after today, such"
    " as 2026-06-20",
    "subscription.bad-interval": "{interval} is no interval: take a number of days, weeks or"
    " months",
    "subscription.bad-quantity": "{quantity} is no quantity: take a whole number from 1; to send"
    " nothing any more, cancel it",
    "subscription.long-comments": "the comments are too long: at most {most} characters",
    "subscription.moves-dates": "days that were moved or skipped by hand are forgotten: the shop"
    " works the next ones out anew",
    "subscription.no-charge": "nothing is queued for it, so that nothing can be skipped",
    "subscription.no-reason": "a reason is needed: say why they cancel",
    "subscription.not-active": "it is not active ({status}): reactivate it first",
    "subscription.not-cancelled": "it is not cancelled ({status}): there is nothing to reactivate",
    "subscription.not-in-box": "not in the box that leaves next: {items}",
    "subscription.not-skippable": "the shop lets nobody skip {name}",
    "subscription.not-skipped": "no skip of it can be taken back any more",
    "subscription.not-swappable": "the shop lets nobody swap {name} for another one",
    "subscription.prepaid": "it is paid in advance: what was paid for is sent all the same",
    "subscription.price-unknown": "the shop works the price of the other variant out once it is"
    " swapped",
}
"""Sentences of what is refused before anything was asked, and of what cannot be told."""
