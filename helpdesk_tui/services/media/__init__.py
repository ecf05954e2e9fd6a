"""Pictures, sound and film of messages: looked at, made smaller, made safe to send."""
