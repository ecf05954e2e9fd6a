"""One rig for each channel: a desk with an account, and the customer at the other end."""
