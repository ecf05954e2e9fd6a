"""The threads that fetch customer context and carry out changes of orders and subscriptions."""
