"""What orders, subscriptions and changes of them are drawn with."""
