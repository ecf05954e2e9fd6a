"""The webchat channel: a site at a relay, which this side asks and tells."""
