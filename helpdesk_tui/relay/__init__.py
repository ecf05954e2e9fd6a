"""The relay: the small public web service between visitors and the box.

It holds chats and undelivered messages and nothing else of the helpdesk; the box only ever makes
outbound requests to it.
"""
