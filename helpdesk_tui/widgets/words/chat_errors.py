"""Why something cannot be done in a chat, and what can be done instead."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import Marked

CHAT_SENTENCES: Marked[Mapping[str, str]] = {
    "chat.closing": "this chat is being closed: reopen it first",
    "chat.ended": "this chat has ended, nothing more reaches its visitor: answer in another ticket"
    " of this customer, or wait until they write again",
    "chat.no-hold": "on {channel} nobody sits and waits: write a reply, or snooze the ticket",
    "chat.not-with-responder": "the automatic answer does not talk in this chat",
    "chat.unknown": "the relay does not know this chat any more: answer in another ticket",
    "chat.scheduled-end": "a chat that is closed now cannot be answered later: send it now, or"
    " leave the chat open",
    "attachment.too-many": "{count} files: {channel} takes {limit} in one message, send the others"
    " in the next one",
    "merge.chat": "a chat is one conversation and is not merged: finish it, then answer in the"
    " other ticket",
    "reply.no-chat": "ticket {id} has no conversation behind it: there is nobody to send it to",
    "reply.no-copies": "{channel} goes to the customer alone: take the other recipients out",
    "reply.no-forward": "tickets of {channel} are not forwarded: copy what is needed into a note",
    "reply.too-long": "the text has {length} characters, {channel} takes {limit}: send it in parts",
    "split.chat": "a chat is one conversation and is not split",
    "ticket.chat-ended": "this chat has ended for both sides and stays closed: the visitor may"
    " begin a new one",
}
