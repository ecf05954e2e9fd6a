"""What the people of the sample desk get again and again, and where to."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from helpdesk_tui.cli.demo.catalogue import Regular
from helpdesk_tui.domain.commerce.facts import PlaceOption, Subscription

_STREETS = (
    "Mill Lane",
    "Canal Street",
    "Harbour Road",
    "Church Walk",
    "Orchard Close",
    "Station Road",
)
_REASONS = ("too much of it", "moving abroad", "trying something else")


def places_of(customer: str, name: str, town: str, dice: random.Random) -> tuple[PlaceOption, ...]:
    """Return where somebody can be sent something: at home, and often at work."""
    home = f"{dice.randint(1, 98)} {dice.choice(_STREETS)}"
    places = [PlaceOption(f"{customer}-home", _lines(name, home, town))]
    if dice.random() < 0.6:
        work = f"{dice.randint(1, 40)} {dice.choice(_STREETS)}, 2nd floor"
        places.append(PlaceOption(f"{customer}-work", _lines(name, work, town)))
    return tuple(places)


def subscriptions_of(
    customer: str,
    chosen: Sequence[Regular],
    places: Sequence[PlaceOption],
    now: datetime,
    dice: random.Random,
    *,
    over: float,
) -> tuple[Subscription, ...]:
    """Return somebody's subscriptions; a share of the second ones is over."""
    home = places[0]
    day = now.date() + timedelta(days=dice.randint(4, 26))
    found = []
    for index, one in enumerate(chosen):
        is_over = index == 1 and dice.random() < over
        # the second one leaves in the same box as the first, so that a skip has to say which
        found.append(
            Subscription(
                id=f"s{customer}{index + 1}",
                product=one.title,
                status="cancelled" if is_over else "active",
                quantity=dice.choice((1, 1, 1, 2)),
                variant=one.variant,
                variant_id=f"{one.title[:2].upper()}-{index + 1}",
                price=one.price,
                currency="EUR",
                every=one.every,
                unit=one.unit,
                next_date=None if is_over else day,
                customer=customer,
                address=home.id,
                address_lines=home.lines,
                started_at=now - timedelta(days=dice.randint(60, 500)),
                cancelled_at=now - timedelta(days=dice.randint(10, 50)) if is_over else None,
                cancel_reason=dice.choice(_REASONS) if is_over else "",
                places=tuple(places[1:]),
            )
        )
    return tuple(found)


def _lines(name: str, street: str, town: str) -> str:
    return "\n".join([line for line in (name, street, town) if line])
