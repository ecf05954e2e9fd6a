"""Until when a ticket sleeps: moments in four languages."""
