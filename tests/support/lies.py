"""What must never be found in a store, whatever was done to it."""

from __future__ import annotations

from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.health import store_damage

LIES: dict[str, str] = {
    "a merged ticket holds messages": "SELECT message.id FROM message JOIN ticket"
    " ON ticket.id = ticket_id WHERE merged_into IS NOT NULL",
    "messages are counted wrong": "SELECT id FROM ticket WHERE merged_into IS NULL"
    " AND message_count != (SELECT count(*) FROM message WHERE ticket_id = ticket.id"
    " AND direction != 'note')",
    "the words of the tags are not the tags": "SELECT id FROM ticket WHERE tags != coalesce("
    " (SELECT group_concat(name, ' ') FROM (SELECT name FROM ticket_tag JOIN tag"
    " ON tag.id = tag_id WHERE ticket_id = ticket.id ORDER BY name)), '')",
    "a mention is elsewhere than its note": "SELECT mention.message_id FROM mention LEFT JOIN"
    " message ON message.id = message_id WHERE message.ticket_id IS NOT mention.ticket_id",
    "a draft lies in a merged ticket": "SELECT draft.ticket_id FROM draft JOIN ticket"
    " ON ticket.id = ticket_id WHERE merged_into IS NOT NULL",
    "a ticket sleeps that is not snoozed": "SELECT id FROM ticket WHERE status != 'snoozed'"
    " AND (snoozed_until IS NOT NULL OR snooze_keep)",
    "a ticket is closed without a moment": "SELECT id FROM ticket"
    " WHERE (status = 'closed') != (closed_at IS NOT NULL)",
    "nobody waits in a closed ticket": "SELECT id FROM ticket"
    " WHERE status = 'closed' AND waiting_since IS NOT NULL AND NOT spam",
    "an address is not its customer's": "SELECT ticket.id FROM ticket JOIN identity"
    " ON kind = 'email' AND value = customer_address"
    " WHERE identity.profile_id != ticket.profile_id AND channel = 'email'",
    "a ticket is of a linked profile": "SELECT ticket.id FROM ticket JOIN profile"
    " ON profile.id = profile_id WHERE profile.merged_into IS NOT NULL",
    "a scheduled reply was overtaken": "SELECT reply.id FROM message AS reply JOIN message AS word"
    " ON word.ticket_id = reply.ticket_id AND word.direction = 'inbound' AND word.id > reply.id"
    " AND word.original_ticket_id = reply.original_ticket_id AND word.flags NOT LIKE '%blocked%'"
    " WHERE reply.delivery = 'scheduled'",
    "a team is gone": "SELECT id FROM ticket WHERE team_id IS NOT NULL"
    " AND team_id NOT IN (SELECT id FROM team)",
    "two agents took back the same": "SELECT change_id FROM activity WHERE change_id LIKE '%~%'"
    " AND kind = 'change.undone' GROUP BY change_id, ticket_id"
    " HAVING count(DISTINCT agent_id) > 1",
    "a chat ends that nobody closed": "SELECT ticket_id FROM chat JOIN ticket"
    " ON ticket.id = ticket_id WHERE ended_at IS NULL AND (closing_at IS NOT NULL)"
    " != (status = 'closed' AND instr(flags, 'with-responder') = 0)",
    "what has ended is not final": "SELECT ticket_id FROM chat JOIN ticket ON ticket.id = ticket_id"
    " WHERE (ended_at IS NOT NULL) != (instr(flags, 'chat-ended') > 0)",
    "an ended chat is open": "SELECT id FROM ticket WHERE instr(flags, 'chat-ended')"
    " AND (status != 'closed' OR waiting_since IS NOT NULL)",
    "the responder talks beside an agent": "SELECT id FROM ticket"
    " WHERE instr(flags, 'with-responder') AND status != 'closed'",
    "the responder has what an agent has": "SELECT id FROM ticket JOIN chat"
    " ON chat.ticket_id = ticket.id WHERE ended_at IS NULL AND"
    " (instr(flags, 'by-responder') > 0) != (responder IN ('solved', 'elsewhere'))",
    "the responder does not know whether it talks": "SELECT ticket_id FROM chat JOIN ticket"
    " ON ticket.id = ticket_id WHERE ended_at IS NULL"
    " AND (responder = 'answering') != (instr(flags, 'with-responder') > 0)",
    "a chat is part of another ticket": "SELECT ticket_id FROM chat JOIN ticket"
    " ON ticket.id = ticket_id WHERE merged_into IS NOT NULL",
    "a message of a chat stands elsewhere": "SELECT message.id FROM message JOIN ticket"
    " ON ticket.id = ticket_id WHERE message.channel = 'webchat' AND ticket.channel != 'webchat'",
    "something is to be said in an ended chat": "SELECT message.id FROM message JOIN ticket"
    " ON ticket.id = ticket_id WHERE delivery = 'scheduled' AND instr(ticket.flags, 'chat-ended')",
    "a ticket that reaches nobody": "SELECT id FROM ticket WHERE channel = 'webchat'"
    " AND id NOT IN (SELECT ticket_id FROM chat)",
}
"""What must never be found, and how it is looked for."""
IN_ORDER = ("a draft lies in a merged ticket", "two agents took back the same")
"""What may be so for a while where two agents act in the same moment."""


def lies(desk: Desk) -> list[str]:
    """Return what the store says of itself that is not so."""
    found = [str(each) for each in store_damage(desk.store)]
    with desk.store.write() as connection:
        connection.execute(
            "INSERT INTO message_fts (message_fts, rank) VALUES ('integrity-check', 1)"
        )
        for name, query in LIES.items():
            wrong = connection.execute(query).fetchmany(5)
            found += [f"{name}: {[row[0] for row in wrong]}"] if wrong else []
    return found
