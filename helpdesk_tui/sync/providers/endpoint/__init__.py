"""An endpoint of the shop's own as a source of facts: see docs/admins/own-shop-data.md."""
