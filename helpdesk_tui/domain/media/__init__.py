"""What files of messages are and may be, without looking into any."""
