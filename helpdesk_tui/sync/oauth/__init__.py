"""Signing in to mailboxes by OAuth 2 (RFC 6749): the program never sees the password."""
