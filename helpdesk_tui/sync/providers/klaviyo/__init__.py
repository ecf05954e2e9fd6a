"""Klaviyo: who customers are, what they agreed to, what they are worth and what they did."""
