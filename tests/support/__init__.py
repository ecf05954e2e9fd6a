"""What several tests share: real stores, servers and terminals."""
