"""The worker process: channels, outbox, timers, lease."""
