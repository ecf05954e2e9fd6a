"""The sentences about settings, and about desks that a group shares."""

from __future__ import annotations

from helpdesk_tui.widgets.words.language import N_

TABS = N_(("General", "Email", "WhatsApp", "Instagram", "SMS", "Webchat"))
"""Names of the tabs of the settings, which are drawn as they stand in the settings."""

SETTING_SENTENCES: dict[str, str] = {
    "agent.by-account": N_(
        "on this desk the Unix account says who acts: {account} cannot act as {name}"
    ),
    "agent.no-account": N_(
        "the account {name} is no agent of this desk: an administrator runs helpdesk agent add"
        " {name}"
    ),
    "away.template": N_("{part}: write variables as {{{{ hours.next }}}}"),
    "away.variable": N_("{part} is nothing that this message can say; known are {known}"),
    "hours.bad-date": N_("{part}: write dates with their hours as 2026-12-24 9:00-12:00"),
    "hours.bad-time": N_("{part} is no span of time: write it as 9:00-17:00"),
    "hours.empty-span": N_("{part} ends when it begins: the whole day is 0:00-24:00"),
    "hours.no-day": N_("{part} belongs to no day: write the day before it, as in mon 9:00-17:00"),
    "hours.no-times": N_("{part} has no hours: write them behind it, as in mon-fri 9:00-17:00"),
    "hours.too-long": N_("there are too many parts: {limit} at most"),
    "hours.unknown-day": N_("{part} is no day of the week: write it as mon or mon-fri"),
    "setting.not-a-country": N_("{value} is no country: write it as PL, or US-CA with a region"),
    "team-mail.gave-up": N_("it was tried too often and did not leave"),
    "team-mail.nobody": N_("all of its addresses are read by this desk itself"),
    "warning.free-mail": N_(
        "anybody can have an address at {domain}: mail in its name is often refused, and customers"
        " cannot tell it from a forgery; better take an address of your own domain"
    ),
    "group.unknown": N_("this machine has no group {name}: groupadd {name} makes it"),
    "store.remote-disk": N_(
        "{path} is on a network disk ({kind}): move the store to a disk of this machine"
    ),
    "setting.free-mail": N_(
        "anybody can have an address at {domain}: name your own addresses in own-addresses instead"
    ),
    "setting.not-a-choice": N_("{value} is none of the values there are: {known}"),
    "setting.not-a-domain": N_("{domain} is no domain: write it as shop.example"),
    "setting.not-a-number": N_("{value} is no number from 0 to {largest}"),
    "setting.not-a-server": N_("{server} is no name of a server: write it as mx.shop.example"),
    "setting.not-a-switch": N_("{value} is neither on nor off"),
    "setting.not-a-colour": N_("{value} is no colour: write it as #3355dd"),
    "setting.not-a-language": N_("{value} is no language: write it as pl or pt-BR"),
    "setting.not-https": N_("{value} is no https address; only on this machine it may be http"),
    "setting.not-a-page": N_("{value} is no address of a page: it begins with https://"),
    "setting.not-an-origin": N_(
        "{value} is no address of a shop: write it as https://shop.example"
    ),
    "setting.not-a-time": N_("{value} is no length of time: write 90s, 10m or 1h, at most a week"),
    "setting.not-hours": N_("{value} is no part of the day: write it as 22:00-07:00"),
    "setting.too-many": N_("too many: {largest} at most"),
    "setting.too-long": N_("the text is too long: {limit} characters at most"),
    "setting.unknown": N_("there is no setting {name}; known are {known}"),
    "settings.not-allowed": N_(
        "{name} is a setting of the whole desk: an administrator changes it"
    ),
}
