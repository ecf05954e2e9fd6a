"""SQL of what connected shops know of customers, and of changes asked of them."""
