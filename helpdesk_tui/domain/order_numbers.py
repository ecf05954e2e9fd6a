"""Order numbers in what customers write: what tells two mails about one order apart from others."""

from __future__ import annotations

import re

_SCANNED = 4_000
"""Characters of a text that are looked at: who names an order does so early."""
_MOST = 20
_WORDS = (
    "order|bestellung|bestellnummer|auftrag|auftragsnummer|commande|pedido|encomenda|ordine|"
    "zam[oó]wieni[ea]|zam[oó]wienia|beställning|ordernummer|ordrenummer|ordre|bestelling|"
    "bestelnummer|tilaus|objedn[aá]vka|rendel[eé]s|заказ[а-я]*|sipari[sş]|comand[aă]|"
    "invoice|rechnung|facture|factura|fattura|faktura|fatura|parcel|shipment|tracking"
)
_LABEL = r"(?:no|nr|num|number|nummer|num[eé]ro|n[uú]mero|numer|id|code|#|n[°ºo]|№)"
_NUMBER = r"[a-z]{0,4}[-_/]?\d[\da-z]*(?:[-_/]\d[\da-z]*){0,3}"
_NAMED = re.compile(
    rf"\b(?:{_WORDS})\b[\s.:]{{0,3}}(?:{_LABEL}[\s.:]{{0,3}}){{0,2}}#?({_NUMBER})\b",
    re.IGNORECASE,
)
_MARKED = re.compile(rf"(?<![\w\[&/#])#[ ]?({_NUMBER})\b", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
_FEWEST = 3


def order_numbers(subject: str, text: str = "") -> frozenset[str]:
    """Return the order numbers that a mail names, in upper case; years and the like are left out.

    A number counts behind a word such as "order" (in a dozen languages) or behind ``#``; the
    ``[#123]`` of our own subjects does not.
    """
    found: set[str] = set()
    for part in (subject, text[:_SCANNED]):
        if _DIGITS.search(part) is None:
            continue
        for pattern in (_NAMED, _MARKED):
            for match in pattern.finditer(part):
                number = match[1].upper()
                if len(_DIGITS.findall(number)) >= _FEWEST and len(found) < _MOST:
                    found.add(number)
    return frozenset(found)
