"""The customer beside a ticket and on a screen of their own."""
