"""How messages of ours find their way, by the kind of channel: mail, chat, or a provider."""
