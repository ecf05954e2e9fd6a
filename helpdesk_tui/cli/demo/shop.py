"""The sample shop's side of the sample desk: whoever wrote has ordered before, and it fits.

The numbers of orders that customers name in their messages are orders of theirs, with the things
they write about; what they have not named is made up around it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from helpdesk_tui.cli.demo.buyers import Buyer, Buying
from helpdesk_tui.cli.demo.catalogue import load_catalogue
from helpdesk_tui.domain.commerce.sample_shop import SampleShop
from helpdesk_tui.domain.history import PastCustomer, PastDesk, PastTicket

CURRENCY = "EUR"
ZONE = "Europe/Warsaw"
_ORDER = re.compile(r"#(\d{4})\b")
_OLDEST = 860
"""Numbers below this one were given before the desk began."""
_NEWEST = 1052
_MODELS = 5
"""One customer in so many has something of everything, an order too that can be changed still."""


@dataclass(slots=True)
class _Known:
    person: PastCustomer
    tickets: list[PastTicket] = field(default_factory=list)


def sample_shop(desk: PastDesk, now: datetime, seed: int = 1) -> SampleShop:
    """Return the shop whose customers the people of a sample desk are."""
    catalogue = load_catalogue()
    taken: set[str] = set()
    buying = Buying(catalogue, now, CURRENCY)
    buyers = []
    for index, known in enumerate(_known(desk, catalogue.strangers)):
        # each by themselves, so that one more of them changes nobody else
        dice = random.Random(f"{seed} {_key(known.person)}")  # noqa: S311 - sample orders
        named = {number: at for number, at in _named(known.tickets) if number not in taken}
        taken |= set(named)
        is_model = index % _MODELS == 0
        buyer = Buyer(f"c{index + 1:03d}", known.person, tuple(known.tickets), dice, is_model)
        buying.name_orders(buyer, named)
        if is_model:
            buying.order_now(buyer)
        buyers.append(buyer)
    _number(buyers)
    customers = tuple([buying.customer(buyer) for buyer in buyers])
    return SampleShop("Acme Outdoor", CURRENCY, ZONE, customers)


def _known(desk: PastDesk, strangers: Container[str]) -> Iterable[_Known]:
    """Return who the shop knows: whoever can be told by something, and sent no spam."""
    found: dict[str, _Known] = {}
    for ticket in desk.tickets:
        key = _key(ticket.customer)
        if key and key not in strangers and not ticket.spam:
            found.setdefault(key, _Known(ticket.customer)).tickets.append(ticket)
    return found.values()


def _key(person: PastCustomer) -> str:
    return person.email or person.phone or person.handle


def _named(tickets: Iterable[PastTicket]) -> list[tuple[str, datetime]]:
    """Return the orders that somebody writes about, with when they did first."""
    found: dict[str, datetime] = {}
    for ticket in tickets:
        first = ticket.messages[0].at
        texts = [ticket.subject, *(one.text for one in ticket.shown)]
        for number in _ORDER.findall("\n".join(texts)):
            found[number] = min(first, found.get(number, first))
    return sorted(found.items())


def _number(buyers: Iterable[Buyer]) -> None:
    """Give the orders that nobody has named their numbers, in the order of time."""
    unnamed = [order for buyer in buyers for order in buyer.orders if not order.number]
    unnamed.sort(key=lambda order: order.at)
    recent = [order for order in unnamed if order.is_new]
    former = [order for order in unnamed if not order.is_new]
    for count, order in enumerate(recent):
        order.number = f"{_NEWEST + 1 + count:04d}"
    for count, order in enumerate(reversed(former)):
        order.number = f"{_OLDEST - 1 - count:04d}"
