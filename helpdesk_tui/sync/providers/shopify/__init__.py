"""Shopify: who a customer is, what they ordered, and orders that are edited or cancelled."""
