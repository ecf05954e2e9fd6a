"""What an entry of the table of keys is made of: where it works, its heading, its words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.widgets.words.language import N_


class Scope(StrEnum):
    """Where a key works."""

    APP = "app"
    """Everywhere, also while text is being typed."""
    DESK = "desk"
    """In the list, the thread and the sidebar: same letter, same meaning."""
    COMPOSER = "composer"
    """While a reply or a note is being written."""
    INTAKE = "intake"
    """In the list of rejected and unusual mail."""
    ADDRESSES = "addresses"
    """In the list of support addresses."""
    SOURCE = "source"
    """While the source of a message is shown."""
    PICTURES = "pictures"
    """While a picture or all files of a ticket are looked at."""
    DRAFTS = "drafts"
    """In the list of unsent texts."""
    OUTBOX = "outbox"
    """In the list of what still has to leave."""
    MENTIONS = "mentions"
    """In the list of notes that mention this agent."""
    ACTIVITY = "activity"
    """In the list of what happened to a ticket or on the desk."""
    MACROS = "macros"
    """In the list of macros."""
    SETTINGS = "settings"
    """In the settings."""
    FAQ = "faq"
    """In the FAQ."""
    CHANNELS = "channels"
    """In the list of connected channels."""
    SOURCES = "sources"
    """In the list of connected sources of customer data."""
    PROFILE = "profile"
    """On the screen of a customer."""


class Group(StrEnum):
    """The headings of the help screen, in their order there."""

    MOVE = N_("Move")
    GO = N_("Go")
    FIND = N_("Find")
    SELECT = N_("Select")
    ACT = N_("Act")
    CUSTOMER = N_("Customer")
    WRITE = N_("Write")
    APP = N_("App")
    INTAKE = N_("Rejected mail")
    ADDRESSES = N_("Support addresses")
    SOURCE = N_("Source of a message")
    PICTURES = N_("Pictures and files")
    DRAFTS = N_("Drafts")
    OUTBOX = N_("Outbox")
    MENTIONS = N_("Mentions")
    ACTIVITY = N_("Activity")
    MACROS = N_("Macros")
    SETTINGS = N_("Settings")
    FAQ = N_("FAQ")
    CHANNELS = N_("Channels")
    SOURCES = N_("Sources of customer data")
    PROFILE = N_("Profile of a customer")


# nobody compares them: methods that nobody calls would be compiled at each start
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Key:
    """One action that a key starts."""

    id: str
    """``area.verb``: what handlers, the keymap file and the palette know it by."""
    keys: tuple[str, ...]
    word: str
    """Its word in the footer."""
    description: str
    group: Group
    scope: Scope = Scope.DESK
    in_palette: bool = True
    series: str = ""
    """What it is called together with its neighbours: the help shows them in one line."""
