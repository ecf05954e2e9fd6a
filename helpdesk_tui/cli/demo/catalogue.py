"""What the sample shop sells and whom it writes to, as read from the package."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Product:
    """Something that is sold."""

    title: str
    words: tuple[str, ...]
    """What customers call it, in any language."""
    price: Decimal
    variants: tuple[str, ...]
    sku: str


@dataclass(frozen=True, slots=True)
class Regular:
    """Something that is sent again and again."""

    title: str
    variant: str
    price: Decimal
    every: int
    unit: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """A mail that went to many."""

    name: str
    subject: str
    days: int
    """How long ago."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole shop, its customers apart."""

    products: tuple[Product, ...]
    regulars: tuple[Regular, ...]
    campaigns: tuple[Campaign, ...]
    names: Mapping[str, str]
    """What the shop calls those who are only known by a number or an account."""
    strangers: frozenset[str]
    """Who never bought anything there."""
    carriers: Mapping[str, str]
    """Who brings parcels, by time zone."""


def load_catalogue() -> Catalogue:
    """Read the catalogue from the package."""
    text = files("helpdesk_tui.cli.demo").joinpath("data/shop.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    return Catalogue(
        tuple(
            [
                Product(
                    one["title"], tuple(one["words"]), Decimal(one["price"]),
                    tuple(one["variants"]), one["sku"],
                )
                for one in raw["product"]
            ]
        ),
        tuple(
            [
                Regular(
                    one["title"], one["variant"], Decimal(one["price"]), one["every"], one["unit"]
                )
                for one in raw["subscription"]
            ]
        ),
        tuple([Campaign(one["name"], one["subject"], one["days"]) for one in raw["campaign"]]),
        raw["names"],
        frozenset(raw["strangers"]),
        raw["carriers"],
    )  # fmt: skip
