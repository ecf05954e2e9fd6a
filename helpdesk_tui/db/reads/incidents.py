"""What happened to tickets lately, as far as one agent may want to hear of it."""

from __future__ import annotations

import sqlite3

from helpdesk_tui.domain.ringing import MOST, OLD, RINGING_KINDS, VIP_TAG, Incident
from helpdesk_tui.domain.times import span_us

_KINDS = ", ".join(f"'{kind}'" for kind in sorted(RINGING_KINDS))
_SELECT = f"""
    SELECT activity.kind, ticket.id, activity.agent_id, ticket.assignee_id,
           EXISTS (SELECT 1 FROM ticket_tag JOIN tag ON tag.id = ticket_tag.tag_id
                   WHERE ticket_tag.ticket_id = ticket.id AND tag.name = :vip),
           EXISTS (SELECT 1 FROM watch
                   WHERE watch.ticket_id = ticket.id AND watch.agent_id = :agent),
           EXISTS (SELECT 1 FROM mention
                   WHERE mention.message_id = activity.message_id AND mention.agent_id = :agent),
           activity.kind = 'message.unscheduled'
               AND json_extract(activity.after, '$.agent_id') IS :agent,
           coalesce(nullif(ticket.customer_name, ''), ticket.customer_address), ticket.subject
    FROM activity JOIN ticket ON ticket.id = activity.ticket_id
    LEFT JOIN message ON message.id = activity.message_id
    WHERE activity.id BETWEEN :first AND :last AND activity.kind IN ({_KINDS})
      AND ticket.spam = 0
      AND (activity.kind != 'message.received' OR message.received_at > activity.at - :old)
    ORDER BY activity.id DESC LIMIT :most
"""


def load_incidents(
    connection: sqlite3.Connection, first: int, last: int, agent_id: int | None
) -> list[Incident]:
    """Return what some rows of the activity log mean for an agent, oldest first.

    Spam is left out, and so is history that is being fetched. Of many the newest are taken.
    """
    values = {
        "first": first,
        "last": last,
        "agent": agent_id,
        "vip": VIP_TAG,
        "old": span_us(OLD),
        "most": MOST,
    }
    return [
        Incident(
            row[0], row[1], by=row[2], assignee_id=row[3], is_vip=row[4] == 1,
            is_watched=row[5] == 1, is_mentioned=row[6] == 1,
            is_author=row[7] == 1, who=row[8], subject=row[9],
        )
        for row in reversed(connection.execute(_SELECT, values).fetchall())
    ]  # fmt: skip
