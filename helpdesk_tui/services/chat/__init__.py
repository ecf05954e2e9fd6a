"""Chats: what visitors do comes in, what they are told by themselves, and who answers first."""
