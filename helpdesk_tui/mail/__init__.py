"""Raw RFC 5322 bytes to a frozen ParsedMail with evidence, and a reply to bytes. Pure."""
