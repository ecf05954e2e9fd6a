"""Chats as rows: the conversation behind a ticket, its visitor, its timers, its responder."""
