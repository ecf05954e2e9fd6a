"""People as a mail program writes them into the header of a forwarded mail."""

from __future__ import annotations

import re

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.mail.addresses import display_name, valid_addr

_MAX_VALUE = 20_000
_MAX_PEOPLE = 100
_MAILTO = re.compile(r"<mailto:([^<>\s]{1,320})>", re.IGNORECASE)
_BRACKET_MAILTO = re.compile(r"\[mailto:([^\[\]\s]{1,320})\]", re.IGNORECASE)
_MARKDOWN = re.compile(r"\[([^\[\]]{1,320})\]\(mailto:[^()\s]{1,320}\)", re.IGNORECASE)
_LINK_NUMBER = re.compile(r" \[\d{1,3}\](?=[\s>),;]|$)")
_ROUND = re.compile(r"\(\s*<?([^\s<>()@,;]{1,100}@[^\s<>()@,;]{1,200})>?\s*\)")
_SQUARE = re.compile(r"\[\s*([^\s<>\[\]@,;]{1,100}@[^\s<>\[\]@,;]{1,200})\s*\]")
_ANGLE = re.compile(r"<\s*([^<>\s@]{1,100}@[^<>\s@]{1,250})\s*>")
_BARE = re.compile(r"""[^\s<>()\[\],;:"'@]{1,100}@[^\s<>()\[\],;:"'@]{1,250}""")
_QUOTES = "\"'“”„«»‘’` \t\xa0*_"
_SEPARATORS = " \t\xa0,;"


def _plain(value: str) -> str:
    """Return a field with every way of writing an address turned into ``<address>``."""
    value = value[:_MAX_VALUE]
    if "mailto:" in value.lower():
        value = _BRACKET_MAILTO.sub(r"<\1>", _MARKDOWN.sub(r"\1", value))
        stripped = _MAILTO.sub("", value)
        value = stripped if "@" in stripped else _MAILTO.sub(r" <\1>", value)
    value = _LINK_NUMBER.sub("", value)
    return _SQUARE.sub(r"<\1>", _ROUND.sub(r"<\1>", value))


def _name(text: str, addr: str) -> str:
    name = display_name(text.strip(_QUOTES + _SEPARATORS))
    return "" if name.lower() == addr else name


def _bare(text: str) -> list[Address]:
    """Return the people of a piece that has addresses only, with or without names before them."""
    found = []
    for match in _BARE.finditer(text):
        addr = valid_addr(match[0])
        if addr:
            found.append(Address("", addr))
    return found


def people(value: str) -> tuple[Address, ...]:
    """Return everybody of a To or Cc field who has an address.

    Programs put commas into names without quotes, so a name is all that stands between two
    addresses, not what stands between two commas.
    """
    text = _plain(value)
    found: list[Address] = []
    position = 0
    for match in _ANGLE.finditer(text):
        before = text[position : match.start()]
        position = match.end()
        own = before.rstrip(_SEPARATORS)
        # an address with a separator behind it is a person of its own, not part of a name
        cut = max((at.end() for at in _BARE.finditer(own) if own[at.end() :].lstrip(_QUOTES)
                   .startswith((",", ";"))), default=0)  # fmt: skip
        found += _bare(own[:cut])
        addr = valid_addr(match[1])
        if addr:
            found.append(Address(_name(own[cut:], addr), addr))
        if len(found) >= _MAX_PEOPLE:
            return tuple(found[:_MAX_PEOPLE])
    return tuple((found + _bare(text[position:]))[:_MAX_PEOPLE])


def author(value: str) -> Address:
    """Return the person of a From field; an address within their name is none of theirs."""
    text = _plain(value)
    # whoever puts another's address into their own name shall not pass for them: the real one
    # stands last
    match = next(reversed(list(_ANGLE.finditer(text))), None)
    if match:
        addr = valid_addr(match[1])
        return Address(_name(text[: match.start()], addr), addr)
    bare = _BARE.search(text)
    if bare:
        addr = valid_addr(bare[0])
        return Address(_name(text[: bare.start()], addr), addr)
    return Address(_name(text, ""), "")
