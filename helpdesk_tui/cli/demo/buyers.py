"""What the people of the sample desk have bought: orders with items, parcels and money."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from helpdesk_tui.cli.demo.catalogue import Catalogue, Product, Regular
from helpdesk_tui.cli.demo.happenings import events_of, profile_of, segments_of, value_of
from helpdesk_tui.cli.demo.regulars import places_of, subscriptions_of
from helpdesk_tui.domain.commerce.facts import Order, OrderItem, Tracking
from helpdesk_tui.domain.commerce.sample_shop import SampleCustomer, with_boxes
from helpdesk_tui.domain.history import PastCustomer, PastTicket
from helpdesk_tui.domain.tickets import Status

_SHIPPING = Decimal("4.90")
_FREE_FROM = Decimal("80")
_OVER = 0.3
"""Share of second subscriptions that were cancelled."""
_DEAR = Decimal("40")
"""Nobody buys two of what costs more."""
_CENT = Decimal("0.01")
_TAX = Decimal("0.23")
_SENT_AFTER, _THERE_AFTER = timedelta(days=2), timedelta(days=5)
_NOTES = (
    "Please leave it with the neighbour on the left.",
    "Gift: no invoice in the parcel, please.",
    "The bell does not work, please call.",
    "Behind the green gate.",
)


@dataclass(slots=True)
class Bought:
    """An order while it is made up."""

    at: datetime
    lines: list[tuple[Product, str, int]]
    """Product, variant, how many."""
    number: str = ""
    is_new: bool = False
    """It has not left yet."""
    is_late: bool = False
    """It is on its way for too long, which somebody has written about."""
    is_refunded: bool = False


@dataclass(slots=True)
class Buyer:
    """Somebody who wrote to the desk, as the shop knows them."""

    id: str
    person: PastCustomer
    tickets: tuple[PastTicket, ...]
    dice: random.Random
    is_model: bool = False
    """They have something of everything: whoever tries the desk out begins with them."""
    orders: list[Bought] = field(default_factory=list)

    @property
    def tags(self) -> set[str]:
        """What their tickets are about."""
        return {tag for ticket in self.tickets for tag in ticket.tags}


class Buying:
    """Makes up what people bought."""

    def __init__(self, catalogue: Catalogue, now: datetime, currency: str) -> None:
        self._catalogue = catalogue
        self._now = now
        self._currency = currency

    def name_orders(self, buyer: Buyer, named: dict[str, datetime]) -> None:
        """Add the orders that somebody writes about, and older ones that nobody mentions."""
        for number, wrote_at in named.items():
            about = next(one for one in buyer.tickets if f"#{number}" in _text(one))
            at = self._before(wrote_at, buyer.dice, 4, 11)
            order = Bought(at, self._lines(buyer.dice, _text(about)), number)
            is_over = about.status is Status.CLOSED
            order.is_late = "shipping" in about.tags and not is_over
            order.is_refunded = "refund" in about.tags and is_over
            buyer.orders.append(order)
        oldest = min([one.at for one in buyer.orders], default=self._now - timedelta(days=20))
        for _ in range(4 if buyer.is_model else buyer.dice.choice((0, 1, 1, 2, 3, 4))):
            oldest = self._before(oldest, buyer.dice, 24, 95)
            buyer.orders.append(Bought(oldest, self._lines(buyer.dice, "")))

    def order_now(self, buyer: Buyer) -> None:
        """Let somebody have an order that can still be changed."""
        at = self._now - timedelta(hours=buyer.dice.randint(3, 20))
        lines = self._lines(buyer.dice, "", at_least=3)
        buyer.orders.append(Bought(at, lines, is_new=True))

    def customer(self, buyer: Buyer) -> SampleCustomer:
        """Return all that the shop knows of somebody."""
        person = buyer.person
        known = self._catalogue.names.get(person.phone or person.handle, "")
        name = person.name if person.email else known or person.name
        places = places_of(buyer.id, name, person.location, buyer.dice)
        made = sorted(buyer.orders, key=lambda one: one.at, reverse=True)
        orders = tuple([self._order(one, buyer, places[0].lines) for one in made])
        subscriptions = subscriptions_of(
            buyer.id, self._regulars(buyer), places, self._now, buyer.dice,
            over=0.0 if buyer.is_model else _OVER,
        )  # fmt: skip
        value = value_of(orders, subscriptions, self._now, self._currency, buyer.dice)
        events = events_of(buyer.id, orders, self._catalogue, person, self._now, buyer.dice)
        customer = SampleCustomer(
            buyer.id,
            emails=(person.email,) if person.email else (),
            phones=_written(person.phone),
            handles=(person.handle,) if person.handle else (),
            profile=profile_of(buyer.id, name, person, orders, self._now),
            segments=segments_of(value, subscriptions, person),
            value=value,
            orders=orders,
            subscriptions=subscriptions,
            events=events,
        )
        return with_boxes(customer)

    def _lines(
        self, dice: random.Random, text: str, *, at_least: int = 1
    ) -> list[tuple[Product, str, int]]:
        """Return what was ordered: first what a text is about."""
        said = text.lower()
        meant = [one for one in self._catalogue.products if any(word in said for word in one.words)]
        others = [one for one in self._catalogue.products if one not in meant[:1]]
        count = max(at_least, dice.choice((1, 1, 2, 2, 3)))
        chosen = [*meant[:1], *dice.sample(others, count)][:count]
        return [(one, _variant(one, said, dice), self._count(one, dice)) for one in chosen]

    def _count(self, product: Product, dice: random.Random) -> int:
        return 1 if product.price > _DEAR else dice.choice((1, 1, 2, 3))

    def _regulars(self, buyer: Buyer) -> tuple[Regular, ...]:
        """Return what somebody gets again and again: whoever writes about one has the first."""
        first, *others = self._catalogue.regulars
        if buyer.is_model:
            return first, others[0]
        wants = "subscription" in buyer.tags
        count = buyer.dice.choice((1, 2, 2)) if wants else buyer.dice.choice((0, 0, 0, 1, 1, 2))
        return (first, *buyer.dice.sample(others, count - 1)) if count else ()

    def _order(self, made: Bought, buyer: Buyer, address: str) -> Order:
        is_sent = not made.is_new
        items = tuple(
            [
                OrderItem(
                    f"{made.number}-{index + 1}", product.title, count, product.price, variant,
                    f"{product.sku}-{variant.split()[0].upper()}", 0 if is_sent else count,
                    is_editable=not is_sent,
                )
                for index, (product, variant, count) in enumerate(made.lines)
            ]
        )  # fmt: skip
        subtotal = sum([(one.price or Decimal(0)) * one.quantity for one in items], Decimal(0))
        shipping = Decimal(0) if subtotal >= _FREE_FROM else _SHIPPING
        total = subtotal + shipping
        parcel = self._parcel(made, buyer) if is_sent else None
        refunded = items[0].price if made.is_refunded else None
        return Order(
            id=f"o{made.number}",
            name=f"#{made.number}",
            created_at=made.at,
            updated_at=made.at + (_SENT_AFTER if is_sent else timedelta()),
            currency=self._currency,
            total=total,
            subtotal=subtotal,
            shipping=shipping,
            tax=(total * _TAX / (1 + _TAX)).quantize(_CENT),
            refunded=refunded,
            outstanding=Decimal(0),
            payment="partially_refunded" if refunded else "paid",
            fulfilment="fulfilled" if is_sent else "unfulfilled",
            items=items,
            parcels=(parcel,) if parcel else (),
            address=address,
            note=buyer.dice.choice(_NOTES) if buyer.dice.random() < 0.2 else "",
            tags=("first-order",) if made is min(buyer.orders, key=lambda one: one.at) else (),
            email=buyer.person.email,
            is_editable=not is_sent,
            not_editable=("it has left the warehouse",) if is_sent else (),
            url=f"https://acme.example/orders/{made.number}",
            admin_url=f"https://acme.example/admin/orders/{made.number}",
        )

    def _parcel(self, made: Bought, buyer: Buyer) -> Tracking:
        company = self._catalogue.carriers.get(buyer.person.timezone, "DHL")
        number = "".join(buyer.dice.choice("0123456789") for _ in range(12))
        there = made.at + _THERE_AFTER
        is_there = there < self._now and not made.is_late
        return Tracking(
            company,
            number,
            f"https://track.example/{number}",
            "delivered" if is_there else "in_transit",
            shipped_at=made.at + _SENT_AFTER,
            delivered_at=there if is_there else None,
            expected_at=None if is_there else max(there, self._now + timedelta(days=1)),
        )

    def _before(self, at: datetime, dice: random.Random, least: int, most: int) -> datetime:
        day = at - timedelta(days=dice.randint(least, most))
        hour, minute = dice.randint(7, 21), dice.randint(0, 59)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _text(ticket: PastTicket) -> str:
    return "\n".join([ticket.subject, *(one.text for one in ticket.shown)])


def _variant(product: Product, said: str, dice: random.Random) -> str:
    """Return what was sent: of what somebody asks for instead, the next smaller one."""
    for smaller, asked in zip(product.variants, product.variants[1:], strict=False):
        if f" {asked.lower()}" in said:
            return smaller
    return dice.choice(product.variants)


def _written(phone: str) -> tuple[str, ...]:
    """Return a number as machines write it, and as people do."""
    return tuple(dict.fromkeys(("".join(phone.split()), phone))) if phone else ()
