"""The schema, as SQLModel tables: importing this package registers all of them.

Hot paths never import it; they use hand-written SQL over plain connections (``db/store.py``).
"""

from __future__ import annotations

from sqlalchemy import DefaultClause, literal, text
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

from helpdesk_tui.db.tables.channels import (
    AutoAnswer,
    ChannelAccount,
    Cursor,
    Intake,
    Lease,
    SupportAddress,
)
from helpdesk_tui.db.tables.chats import Chat, Faq, TeamMail
from helpdesk_tui.db.tables.commerce import (
    CustomerEventRow,
    CustomerSection,
    CustomerSegment,
    CustomerValue,
    EventFilter,
    OrderSnapshot,
    ShopAction,
    Source,
    SourceMatch,
    SubscriptionSnapshot,
)
from helpdesk_tui.db.tables.desk import (
    Activity,
    Draft,
    DraftFile,
    Job,
    Macro,
    Mention,
    SavedView,
    SchemaInfo,
    Setting,
    Watch,
)
from helpdesk_tui.db.tables.messages import Attachment, Blob, Message, ThreadRef
from helpdesk_tui.db.tables.messaging import (
    CampaignSend,
    Consent,
    Contact,
    EarlyStatus,
    KeywordAnswer,
    MessagePart,
    ShortLink,
    Template,
)
from helpdesk_tui.db.tables.people import (
    Agent,
    Block,
    Identity,
    Membership,
    Participant,
    Profile,
    Team,
)
from helpdesk_tui.db.tables.tickets import Tag, Ticket, TicketTag, TicketTally

metadata = SQLModel.metadata


def _give_server_defaults() -> None:
    """Let the database fill in what a hand-written INSERT leaves out."""
    for table in metadata.tables.values():
        for column in table.columns:
            default = getattr(column.default, "arg", None)
            if isinstance(default, str | int | bool):
                plain = int(default) if isinstance(default, bool) else default
                shown = literal(plain).compile(
                    dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
                )
                clause = DefaultClause(text(str(shown)))
                clause._set_parent_with_dispatch(column)


_give_server_defaults()

__all__ = [
    "Activity",
    "Agent",
    "Attachment",
    "AutoAnswer",
    "Blob",
    "Block",
    "CampaignSend",
    "ChannelAccount",
    "Chat",
    "Consent",
    "Contact",
    "Cursor",
    "CustomerEventRow",
    "CustomerSection",
    "CustomerSegment",
    "CustomerValue",
    "Draft",
    "DraftFile",
    "EarlyStatus",
    "EventFilter",
    "Faq",
    "Identity",
    "Intake",
    "Job",
    "KeywordAnswer",
    "Lease",
    "Macro",
    "Membership",
    "Mention",
    "Message",
    "MessagePart",
    "OrderSnapshot",
    "Participant",
    "Profile",
    "SavedView",
    "SchemaInfo",
    "Setting",
    "ShopAction",
    "ShortLink",
    "Source",
    "SourceMatch",
    "SubscriptionSnapshot",
    "SupportAddress",
    "Tag",
    "Team",
    "TeamMail",
    "Template",
    "ThreadRef",
    "Ticket",
    "TicketTag",
    "TicketTally",
    "Watch",
    "metadata",
]
