"""The desk: one open store, who acts on it, and the services that both share.

Opening it reads one pragma and one row. Each service is imported when it is first used, so that
what a screen does not need is never loaded.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.db.store import SCHEMA_VERSION, Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.services.clock import Clock, local_zone, utc_now
from helpdesk_tui.services.identity import actor_named
from helpdesk_tui.services.team import Team

if TYPE_CHECKING:
    from helpdesk_tui.services.activity import Activity
    from helpdesk_tui.services.addresses import Addresses
    from helpdesk_tui.services.admin import Admin
    from helpdesk_tui.services.attachments import Attachments
    from helpdesk_tui.services.blocks import Blocks
    from helpdesk_tui.services.bulk import Bulk
    from helpdesk_tui.services.changes import ChangeFeed
    from helpdesk_tui.services.commerce.actions import ShopActions
    from helpdesk_tui.services.commerce.context import CustomerContexts
    from helpdesk_tui.services.commerce.event_filters import EventFilters
    from helpdesk_tui.services.commerce.sources import Sources
    from helpdesk_tui.services.commerce.timeline import Timeline
    from helpdesk_tui.services.customers import Customers
    from helpdesk_tui.services.drafts import Drafts
    from helpdesk_tui.services.faq import Faq
    from helpdesk_tui.services.inbox import Inbox
    from helpdesk_tui.services.intake import Intake
    from helpdesk_tui.services.macros.macros import Macros
    from helpdesk_tui.services.media.outgoing import OutgoingMedia
    from helpdesk_tui.services.mentions import Mentions
    from helpdesk_tui.services.merge_reads import MergeReads
    from helpdesk_tui.services.merging import Merging
    from helpdesk_tui.services.messaging.consent import ConsentLog
    from helpdesk_tui.services.messaging.templates import Templates
    from helpdesk_tui.services.original import Originals
    from helpdesk_tui.services.people import People
    from helpdesk_tui.services.presence import Presence, Visitors
    from helpdesk_tui.services.replies import Replies
    from helpdesk_tui.services.ringing import Ringing
    from helpdesk_tui.services.settings import Settings
    from helpdesk_tui.services.tags import Tags
    from helpdesk_tui.services.teams import Teams
    from helpdesk_tui.services.threads import Threads
    from helpdesk_tui.services.thumbnails import Thumbnails
    from helpdesk_tui.services.triage import Triage
    from helpdesk_tui.services.views import Views
    from helpdesk_tui.services.watching import Watching


class Desk:
    """An open store and the services over it, acting as one actor."""

    def __init__(
        self, store: Store, actor: Actor, clock: Clock = utc_now, *, zone: str = "UTC"
    ) -> None:
        self.store = store
        self.actor = actor
        self.clock = clock
        self.zone = zone

    @cached_property
    def inbox(self) -> Inbox:
        """Ticket lists and search."""
        from helpdesk_tui.services.inbox import Inbox

        return Inbox(self.store, self.actor, now=self.clock, zone=self.zone)

    @cached_property
    def intake(self) -> Intake:
        """What was received and made no ticket."""
        from helpdesk_tui.services.intake import Intake

        return Intake(self.store, self.actor, now=self.clock)

    @cached_property
    def activity(self) -> Activity:
        """What happened, and going back on it."""
        from helpdesk_tui.services.activity import Activity

        return Activity(self.store, self.actor, now=self.clock)

    @cached_property
    def customers(self) -> Customers:
        """Whose a ticket is."""
        from helpdesk_tui.services.customers import Customers

        return Customers(self.store, self.actor, now=self.clock)

    @cached_property
    def threads(self) -> Threads:
        """Opened tickets."""
        from helpdesk_tui.services.threads import Threads

        return Threads(self.store, self.actor)

    @cached_property
    def replies(self) -> Replies:
        """Replies and notes."""
        from helpdesk_tui.services.replies import Replies

        return Replies(self.store, self.actor, now=self.clock, macros=lambda: self.macros)

    @cached_property
    def outgoing(self) -> OutgoingMedia:
        """Files and texts on their way out."""
        from helpdesk_tui.services.media.outgoing import OutgoingMedia

        return OutgoingMedia(self.store, self.actor)

    @cached_property
    def consent(self) -> ConsentLog:
        """Who may be written to by SMS and WhatsApp."""
        from helpdesk_tui.services.messaging.consent import ConsentLog

        return ConsentLog(self.store, self.actor, now=self.clock)

    @cached_property
    def templates(self) -> Templates:
        """Approved templates."""
        from helpdesk_tui.services.messaging.templates import Templates

        return Templates(self.store, self.actor, now=self.clock)

    @cached_property
    def drafts(self) -> Drafts:
        """Unsent texts."""
        from helpdesk_tui.services.drafts import Drafts

        return Drafts(self.store, self.actor, now=self.clock)

    @cached_property
    def triage(self) -> Triage:
        """Status, assignee, tags, spam and undo."""
        from helpdesk_tui.services.triage import Triage

        return Triage(self.store, self.actor, now=self.clock)

    @cached_property
    def macros(self) -> Macros:
        """Ready texts with actions."""
        from helpdesk_tui.services.macros.macros import Macros

        return Macros(self.store, self.actor, now=self.clock, zone=self.zone)

    @cached_property
    def faq(self) -> Faq:
        """Questions that customers ask, with their answers."""
        from helpdesk_tui.services.faq import Faq

        return Faq(self.store, self.actor, now=self.clock)

    @cached_property
    def bulk(self) -> Bulk:
        """One action on many tickets."""
        from helpdesk_tui.services.bulk import Bulk

        return Bulk(self)

    @cached_property
    def merging(self) -> Merging:
        """Merge, un-merge and split."""
        from helpdesk_tui.services.merging import Merging

        return Merging(self.store, self.actor, now=self.clock)

    @cached_property
    def merge_reads(self) -> MergeReads:
        """What may be merged, and what was."""
        from helpdesk_tui.services.merge_reads import MergeReads

        return MergeReads(self.store, self.actor)

    @cached_property
    def views(self) -> Views:
        """Saved views."""
        from helpdesk_tui.services.views import Views

        return Views(self.store, self.actor, now=self.clock, zone=self.zone)

    @cached_property
    def attachments(self) -> Attachments:
        """Files of messages."""
        from helpdesk_tui.services.attachments import Attachments

        return Attachments(self.store)

    @cached_property
    def thumbnails(self) -> Thumbnails:
        """Small pictures of attachments."""
        from helpdesk_tui.services.thumbnails import Thumbnails

        return Thumbnails(self.store)

    @cached_property
    def originals(self) -> Originals:
        """Received mails as pages for a browser."""
        from helpdesk_tui.services.original import Originals

        return Originals()

    @cached_property
    def presence(self) -> Presence:
        """Who looks at what, now."""
        from helpdesk_tui.services.presence import Presence

        return Presence(self.store, self.actor, now=self.clock)

    @cached_property
    def visitors(self) -> Visitors:
        """Which visitors of chats are there, and who of them types."""
        from helpdesk_tui.services.presence import Visitors

        return Visitors(self.store, now=self.clock)

    @cached_property
    def changes(self) -> ChangeFeed:
        """What other processes and threads changed."""
        from helpdesk_tui.services.changes import ChangeFeed

        return ChangeFeed(self.store)

    @cached_property
    def ringing(self) -> Ringing:
        """What this agent is told of while the program is open."""
        from helpdesk_tui.services.ringing import Ringing

        return Ringing(self.store, self.actor, now=self.clock, zone=self.zone)

    @cached_property
    def settings(self) -> Settings:
        """Settings of the desk and of this agent."""
        from helpdesk_tui.services.settings import Settings

        return Settings(self.store, self.actor)

    @cached_property
    def team(self) -> Team:
        """The agents."""
        return Team(self.store)

    @cached_property
    def teams(self) -> Teams:
        """Teams, and who is there to take work."""
        from helpdesk_tui.services.teams import Teams

        return Teams(self.store, self.actor, now=self.clock)

    @cached_property
    def watching(self) -> Watching:
        """What this agent watches."""
        from helpdesk_tui.services.watching import Watching

        return Watching(self.store, self.actor, now=self.clock)

    @cached_property
    def mentions(self) -> Mentions:
        """Where this agent was mentioned."""
        from helpdesk_tui.services.mentions import Mentions

        return Mentions(self.store, self.actor, now=self.clock)

    @cached_property
    def blocks(self) -> Blocks:
        """Senders whose mail stays unseen."""
        from helpdesk_tui.services.blocks import Blocks

        return Blocks(self.store, self.actor, now=self.clock)

    @cached_property
    def people(self) -> People:
        """Customers of several profiles that are one person."""
        from helpdesk_tui.services.people import People

        return People(self.store, self.actor, now=self.clock)

    @cached_property
    def tags(self) -> Tags:
        """The tags there are."""
        from helpdesk_tui.services.tags import Tags

        return Tags(self.store)

    @cached_property
    def addresses(self) -> Addresses:
        """Support addresses and the tests of their forwarding."""
        from helpdesk_tui.services.addresses import Addresses

        return Addresses(self.store, self.actor, now=self.clock)

    @cached_property
    def customer_context(self) -> CustomerContexts:
        """What is known of customers."""
        from helpdesk_tui.services.commerce.context import CustomerContexts

        return CustomerContexts(self.store, self.actor, now=self.clock)

    @cached_property
    def shop_actions(self) -> ShopActions:
        """Changes of orders and subscriptions."""
        from helpdesk_tui.services.commerce.actions import ShopActions

        return ShopActions(self.store, self.actor, now=self.clock)

    @cached_property
    def sources(self) -> Sources:
        """Where facts about customers come from."""
        from helpdesk_tui.services.commerce.sources import Sources

        return Sources(self.store, self.actor, now=self.clock)

    @cached_property
    def timeline(self) -> Timeline:
        """What happened between a customer and the shop."""
        from helpdesk_tui.services.commerce.timeline import Timeline

        return Timeline(self.store)

    @cached_property
    def event_filters(self) -> EventFilters:
        """Which events are shown beside tickets."""
        from helpdesk_tui.services.commerce.event_filters import EventFilters

        return EventFilters(self.store, self.actor)

    @cached_property
    def admin(self) -> Admin:
        """Agents, channels and addresses, for administrators."""
        from helpdesk_tui.services.admin import Admin

        return Admin(self.store, self.actor, now=self.clock)

    def close(self) -> None:
        """Leave the others' sight, remove private copies, close the store."""
        if "presence" in self.__dict__:
            self.presence.close()
        if "visitors" in self.__dict__:
            self.visitors.close()
        if "attachments" in self.__dict__:
            self.attachments.close()
        if "originals" in self.__dict__:
            self.originals.close()
        self.store.close()


def open_desk(
    root: Path,
    actor: Actor | None = None,
    *,
    agent: str = "",
    read_only: bool = False,
    clock: Clock = utc_now,
    zone: str = "",
) -> Desk:
    """Open a store that is up to date; never migrates it.

    Args:
        root: the folder of the store.
        actor: who acts; made of ``agent`` where not given.
        agent: the name of the acting agent; empty acts as the system.
        read_only: refuse to write.
        clock: the clock of all services.
        zone: name of the time zone in which the agent's days are counted; this machine's where
            nothing is said.

    Raises:
        NotFound: if there is no store, or no agent of this name.
        NotAllowed: if the agent is no longer active.
        StoreError: if the store has another schema than this program, or cannot be read.
    """
    store = Store(root, read_only=read_only)
    try:
        _check_schema(store)
        return Desk(store, actor or actor_named(store, agent), clock, zone=zone or local_zone())
    except BaseException:
        store.close()
        raise


def _check_schema(store: Store) -> None:
    found = store.schema_version()
    if found == SCHEMA_VERSION:
        return
    code = "store.newer" if found > SCHEMA_VERSION else "store.outdated"
    path = str(store.paths.root)
    raise StoreError(code, path=path, known=SCHEMA_VERSION, found=found)
