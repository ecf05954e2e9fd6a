"""Dialogs about orders and subscriptions: looked at, changed, followed to their end."""
