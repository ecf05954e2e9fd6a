"""A group that is one of our own addresses: what people write to it is no mass mail.

A support address may be a group of Google Workspace or a mailing list. Its software writes list
headers into every mail that it passes on, so that a customer's mail looks like one of a list.
"""

from __future__ import annotations

import re
from dataclasses import replace

from helpdesk_tui.domain.mail import Evidence, MailClass, ParsedMail
from helpdesk_tui.domain.own import OwnAddresses

_BY_GROUPS = frozenset(
    ("list-id", "list-post", "list-help", "list-archive", "list-subscribe", "list-unsubscribe",
     "list-owner", "mailing-list", "x-mailing-list", "x-beenthere")
)  # fmt: skip
"""Evidence of a list that the software of a group itself leaves."""
_NAMING = ("mailing-list", "x-mailing-list", "list-post", "x-beenthere")
_ADDRESS = re.compile(r"[^\s<>\"',;:()]{1,100}@[^\s<>\"',;:()?]{1,200}")
_LIST_ID = re.compile(r"<([^<>\s]{1,200})>\s*$")


def as_posted(mail: ParsedMail, own: OwnAddresses) -> ParsedMail:
    """Return a mail as its sender wrote it, where only a group of ours makes it look like bulk."""
    if mail.mail_class is not MailClass.BULK:
        return mail
    for item in mail.evidence:
        if item.code not in _BY_GROUPS and (item.code, item.detail.lower()) != (
            "precedence",
            "list",
        ):
            return mail
    group = next((found for item in mail.evidence if (found := _group(item, own))), "")
    if not group:
        return mail
    evidence = (*mail.evidence, Evidence("own-group", group))
    return replace(mail, mail_class=MailClass.HUMAN, evidence=evidence)


def _group(item: Evidence, own: OwnAddresses) -> str:
    """Return the support address that a list header names, or nothing."""
    if item.code in _NAMING:
        named = (own.support_of(match[0].lower()) for match in _ADDRESS.finditer(item.detail))
        return next((found for found in named if found), "")
    match = _LIST_ID.search(item.detail) if item.code == "list-id" else None
    if match is None:
        return ""
    name = match[1].lower()
    return next((each for each in own.support if each.replace("@", ".") == name), "")
