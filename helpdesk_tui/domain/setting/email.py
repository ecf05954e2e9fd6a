"""The settings of email: whose mail counts as our own, and what is answered by itself."""

from __future__ import annotations

from helpdesk_tui.domain.auto_answer import (
    ANSWER_OUTSIDE_ONLY,
    ANSWER_PER_HOUR,
    ANSWER_PROVEN_ONLY,
    ANSWER_SUBJECT,
    ANSWER_TEXT,
    DEFAULT_SUBJECT,
    PER_HOUR,
)
from helpdesk_tui.domain.channels import EMAIL
from helpdesk_tui.domain.own import OWN_ADDRESSES, OWN_DOMAINS, TRUSTED_SERVERS
from helpdesk_tui.domain.setting import values as read
from helpdesk_tui.domain.setting.values import Kind, Read, Setting, Value
from helpdesk_tui.domain.verdicts import KEEPS_THANKS, REPLY_PLUS

ADDRESS_TEST_TIMEOUT = "address-test-timeout"
"""Name of the setting that says how long a test mail to a support address is waited for."""


def _email(
    name: str, meaning: str, reader: Read, kind: Kind, default: Value = "", recommended: str = ""
) -> Setting:
    return Setting(name, meaning, reader, default, recommended, kind=kind, group=EMAIL.label)


EMAIL_SETTINGS: tuple[Setting, ...] = (
    _email(
        OWN_ADDRESSES,
        "further addresses of yours: their mail never makes them a customer, no reply goes to them",
        read.addresses,
        Kind.LIST,
        [],
        "old support addresses and role addresses that still send mail",
    ),
    _email(
        OWN_DOMAINS,
        "your domains: everybody writing from them counts as one of you",
        read.domains,
        Kind.LIST,
        [],
        "the domain of your shop; never one where customers have addresses",
    ),
    _email(
        TRUSTED_SERVERS,
        "names of the receiving servers whose Authentication-Results are believed",
        read.servers,
        Kind.LIST,
        [],
        "the first word of that header in mail that your own server received",
    ),
    _email(
        ADDRESS_TEST_TIMEOUT,
        "how long a test mail to a support address may take through the forwarding",
        read.time,
        Kind.TIME,
        "10m",
    ),
    _email(
        REPLY_PLUS,
        "answers go to support+hd.TICKET.KEY@ your domain, so that they find their ticket even"
        " from clients that drop the headers; the mailbox must take such addresses",
        read.switch,
        Kind.SWITCH,
        "off",
        "on, once a test mail to support+test@ your domain arrives",
    ),
    _email(
        KEEPS_THANKS,
        "a mail that only says thank you leaves a closed ticket closed",
        read.switch,
        Kind.SWITCH,
        "off",
    ),
    _email(
        ANSWER_TEXT,
        "what a customer is told at once when a mail made a new ticket; empty: nothing",
        read.lines,
        Kind.LINES,
        "",
        "two sentences: that it arrived, and when somebody answers",
    ),
    _email(
        ANSWER_SUBJECT,
        "subject of that answer; the ticket's number follows it",
        read.text,
        Kind.TEXT,
        DEFAULT_SUBJECT,
    ),
    _email(
        ANSWER_PER_HOUR,
        "automatic answers that one inbox gives in an hour at most",
        read.count,
        Kind.NUMBER,
        str(PER_HOUR),
    ),
    _email(
        ANSWER_OUTSIDE_ONLY,
        "automatic answers go only while nobody is in the office, as office-hours say",
        read.switch,
        Kind.SWITCH,
        "off",
        "on, where answers within office hours come within the hour",
    ),
    _email(
        ANSWER_PROVEN_ONLY,
        "automatic answers go only to senders whom a trusted server vouches for (dmarc=pass),"
        " or who are customers already",
        read.switch,
        Kind.SWITCH,
        "off",
        "on, once trusted-authserv-ids names your server",
    ),
)
