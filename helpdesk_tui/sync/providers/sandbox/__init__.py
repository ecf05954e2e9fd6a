"""A shop to try things out in: a file that orders and subscriptions really change in."""
