"""Recharge: subscriptions of a shop, and what can be changed about them."""
