"""What is done to tickets by a key: to one, to many, again, and taken back."""
