"""Customer context and changes of orders and subscriptions: the verbs of the desk."""
