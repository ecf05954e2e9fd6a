"""What a connected shop knows of customers, as values, and the rules about it."""
